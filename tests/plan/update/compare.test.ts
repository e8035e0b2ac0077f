import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, NO_OPTIONS, type RecordedResource } from "../../../facts/graph";
import { costOf } from "../../../plan/cost/cost";
import { pricesFor } from "../../../plan/cost/prices";
import { makePlan } from "../../../plan/plan";
import type { Plan } from "../../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS } from "../../../plan/project/assumptions";
import { compareMarkdown, compareText } from "../../../plan/report/report-compare";
import { rolloutsOf } from "../../../plan/rollout/rollout";
import { type Comparison, compare, endangersState } from "../../../plan/update/compare";
import { firstDeploy } from "../../../plan/update/order/time";
import { readPlanFile } from "../../../plan/update/plan-file";
import { paintFor } from "../../../tool/paint";
import { made, resource, SERVICE, serviceGraph, urn } from "../graphs";
import { BASE, berth, messageOf, withProject } from "../projects";

function planOf(resources: RecordedResource[], stack = "dev", region = "us-east-1"): Plan {
  const text = JSON.stringify(resources).replaceAll("urn:pulumi:dev::", `urn:pulumi:${stack}::`);
  const own = JSON.parse(text) as RecordedResource[];
  const rollout = rolloutsOf(own, DEFAULT_ASSUMPTIONS);
  return {
    project: "shop",
    stack,
    resources: own,
    invokes: [],
    outputs: {},
    messages: [],
    cost: costOf(own, pricesFor(region), region, DEFAULT_ASSUMPTIONS),
    rollout,
    time: { firstDeploy: firstDeploy(own, rollout) },
    findings: [],
    undecided: [],
  };
}

const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const logs = (inputs: JsonObject) => [resource(GROUP, "web", inputs)];
const changes = ({ changed }: Comparison) =>
  changed.map(({ name, replaced, properties }) => [name, replaced, ...properties.map(({ path, before, after }) => [path, before, after])]);

describe("comparing plans", () => {
  it("of one and the same stack finds nothing", () => {
    const plan = planOf(serviceGraph());
    const comparison = compare(plan, plan);
    assert.deepEqual(
      [comparison.added, comparison.removed, comparison.changed, comparison.rollout, comparison.cost.difference],
      [[], [], [], [], 0],
    );
    assert.equal(
      compareText(comparison, paintFor(false)),
      "shop / dev: what changes\n\nNo resource differs.\nIdle cost stays 18.02 USD a month.\n",
    );
  });

  it("finds what is added, removed and changed, property by property", () => {
    const comparison = compare(
      planOf([...logs({ retentionInDays: 7, tags: { a: "1", b: "2" } }), resource("aws:kms/key:Key", "old")]),
      planOf([...logs({ retentionInDays: 30, tags: { a: "1", c: "3" } }), resource("aws:sns/topic:Topic", "new")]),
    );
    assert.deepEqual(comparison.added, [{ urn: urn("aws:sns/topic:Topic", "new"), type: "aws:sns/topic:Topic", name: "new" }]);
    assert.deepEqual(comparison.removed, [{ urn: urn("aws:kms/key:Key", "old"), type: "aws:kms/key:Key", name: "old", stateful: true }]);
    assert.deepEqual(changes(comparison), [
      ["web", undefined, ["retentionInDays", 7, 30], ["tags.b", "2", undefined], ["tags.c", undefined, "3"]],
    ]);
    assert.deepEqual(comparison.cost, { before: 1, after: 0, difference: -1, currency: "USD", pricedAs: "" });
  });

  it("reads JSON in strings", () => {
    const task = (memory: number) => serviceGraph("web", { container: { memory, environment: [{ name: "A", value: "1" }] } });
    const [change] = compare(planOf(task(128)), planOf(task(256))).changed;
    assert.deepEqual(change!.properties, [{ path: "containerDefinitions[0].memory", before: 128, after: 256 }]);
    assert.equal(change!.replaced, "a new revision is registered and rolled out");
  });

  it("tells a replacement from a change in place, and a dangerous one from a harmless one", () => {
    const renamed = compare(planOf(logs({ name: "a" })), planOf(logs({ name: "b" })));
    assert.deepEqual(changes(renamed), [["web", "the logs in it are deleted", ["name", "a", "b"]]]);
    const task = compare(planOf(serviceGraph()), planOf(serviceGraph("web", { task: { memory: "1024" } })));
    assert.deepEqual(
      [endangersState(renamed), endangersState(task), endangersState(compare(planOf(logs({})), planOf([])))],
      [true, false, true],
    );
  });

  it("follows a replacement to what is bound to it", () => {
    const balancer = (internal: boolean) => {
      const public_ = resource(BALANCER, "public", { internal });
      const http = resource(LISTENER, "http", { port: 80, loadBalancerArn: made(public_, "arn") }, { loadBalancerArn: [public_.urn] });
      const rule = resource("aws:lb/listenerRule:ListenerRule", "web", { listenerArn: made(http, "arn") }, { listenerArn: [http.urn] });
      const aliases = [{ name: made(public_, "dnsName"), evaluateTargetHealth: true }];
      return [public_, http, rule, resource("aws:route53/record:Record", "alias", { aliases }, { aliases: [public_.urn] })];
    };
    const comparison = compare(planOf(balancer(false)), planOf(balancer(true)));
    assert.deepEqual(changes(comparison), [
      ["public", "its DNS name changes", ["internal", false, true]],
      ["http", "the port does not answer in between", ["loadBalancerArn", "<public>", "<public, replaced>"]],
      ["web", "a new rule takes over, then the old one goes", ["listenerArn", "<http>", "<http, replaced>"]],
      ["alias", undefined, ["aliases[0].name", "<public>", "<public, replaced>"]],
    ]);
    assert.deepEqual(
      comparison.changed.map(({ effect, replacedBy }) => [effect, replacedBy]),
      [
        ["replaced", ["internal"]],
        ["replaced", ["loadBalancerArn"]],
        ["replaced", ["listenerArn"]],
        ["in place", []],
      ],
    );
  });

  it("tells what is ignored from what is not", () => {
    const count = (desiredCount: number, ignoreChanges: string[]) =>
      serviceGraph("web", { service: { desiredCount } }).map((one) => ({ ...one, options: { ...one.options, ignoreChanges } }));
    assert.deepEqual(compare(planOf(count(2, ["desiredCount"])), planOf(count(4, ["desiredCount"]))).changed, []);
    assert.deepEqual(changes(compare(planOf(count(2, [])), planOf(count(4, [])))), [["web", undefined, ["desiredCount", 2, 4]]]);
  });

  it("says of each service whether it starts a deployment, and whether the update waits for it", () => {
    const follower = (task: string) =>
      resource(
        "command:local:Command",
        "web-rollout",
        { create: 'node "bin/berth.js" wait', environment: { task } },
        {},
        { dependencies: [urn(SERVICE, "web")] },
      );
    const graph = (memory: string, follows: boolean, more = {}) => [
      ...serviceGraph("web", { task: { memory }, service: more }),
      ...(follows ? [follower(memory)] : []),
    ];
    const effects = (before: RecordedResource[], after: RecordedResource[]) =>
      compare(planOf(before), planOf(after)).services.map(({ service: _, ...effect }) => effect);
    assert.deepEqual(effects(graph("512", true), graph("1024", true)), [{ effect: "rolls", because: "taskDefinition", followed: true }]);
    assert.deepEqual(effects(graph("512", false), graph("1024", false)), [{ effect: "rolls", because: "taskDefinition", followed: false }]);
    assert.deepEqual(effects(graph("512", true), graph("512", true)), [{ effect: "stays" }]);
    assert.deepEqual(effects(graph("512", true), graph("512", true, { healthCheckGracePeriodSeconds: 90 })), [{ effect: "in place" }]);
    assert.deepEqual(effects(graph("512", true), graph("512", true, { cluster: "another" })), [{ effect: "replaced" }]);
    assert.deepEqual(effects([], graph("512", true)), [{ effect: "created" }]);
    assert.deepEqual(effects(graph("512", true), []), [{ effect: "deleted" }]);
  });

  it("of another region replaces what is in one", () => {
    const graph = [...logs({}), resource("aws:iam/role:Role", "web"), resource(BALANCER, "public", { region: "us-west-2" })];
    const { changed } = compare(planOf(graph), planOf(graph, "dev", "eu-west-1"));
    assert.deepEqual(
      changed.map(({ name, effect, replacedBy, properties }) => [name, effect, replacedBy, properties]),
      [["web", "replaced", ["region"], [{ path: "region", before: "us-east-1", after: "eu-west-1" }]]],
    );
    assert.equal(changed[0]!.type, GROUP);
  });

  it("knows a resource by its alias", () => {
    const renamed = resource(GROUP, "api", { retentionInDays: 7 }, {}, { options: { ...NO_OPTIONS, aliases: [urn(GROUP, "web")] } });
    const comparison = compare(planOf(logs({ retentionInDays: 7 })), planOf([renamed]));
    assert.deepEqual([comparison.added, comparison.removed, comparison.changed], [[], [], []]);
  });

  it("of two stacks passes over what follows from the stack's name, replaces nothing, and calls resources by name", async () => {
    const program = `
      import * as aws from "@pulumi/aws";
      import * as pulumi from "@pulumi/pulumi";
      const zones = new pulumi.Config().requireNumber("zones");
      const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16", tags: { stack: pulumi.getStack(), size: zones > 1 ? "big" : "small" } });
      const subnets = Array.from({ length: zones }, (_, n) => new aws.ec2.Subnet("sub-" + n, { vpcId: vpc.id, cidrBlock: "10.0." + n + ".0/24" }));
      const lb = new aws.lb.LoadBalancer("public", { subnets: subnets.map(({ id }) => id), internal: zones > 1, name: pulumi.getStack() + "-public" });
      new aws.lb.Listener("http", { loadBalancerArn: lb.arn, port: 80, defaultActions: [] });
    `;
    await withProject(
      { ...BASE, "Pulumi.dev.yaml": "config: { zones: 1 }", "Pulumi.prod.yaml": "config: { zones: 2 }", "index.ts": program },
      async (cwd) => {
        const comparison = compare((await makePlan({ cwd })).plan, (await makePlan({ cwd, stack: "prod" })).plan);
        assert.deepEqual(
          comparison.added.map(({ name }) => name),
          ["sub-1"],
        );
        assert.deepEqual(changes(comparison), [
          ["net", undefined, ["tags.size", "small", "big"]],
          ["public", undefined, ["internal", false, true], ["subnets", ["<sub-0>"], ["<sub-0>", "<sub-1>"]]],
        ]);
      },
    );
  });

  it("compares how long rollouts take", () => {
    const slow = serviceGraph("web", { group: { deregistrationDelay: 300 } });
    const fast = serviceGraph("web", { group: { deregistrationDelay: 10 } });
    assert.deepEqual(compare(planOf(slow), planOf(fast)).rollout, [{ service: "web", before: 390, after: 100 }]);
    assert.deepEqual(compare(planOf([]), planOf(fast)).rollout, [{ service: "web", before: null, after: 100 }]);
  });
});

describe("a comparison written down", () => {
  const comparison = compare(
    planOf([...logs({ name: "a|b", retentionInDays: 7 }), resource(BALANCER, "gone")]),
    planOf([...logs({ name: "`c`", retentionInDays: 7 }), resource("aws:sns/topic:Topic", "new")]),
  );

  it("as text", () => {
    assert.equal(
      compareText(comparison, paintFor(false)),
      [
        "shop / dev: what changes",
        "",
        "+ sns.Topic new",
        "- lb.LoadBalancer gone  what it holds is lost",
        "± cloudwatch.LogGroup web  replaced (name): the logs in it are deleted",
        "    name: a|b -> `c`",
        "",
        "1 added, 1 removed, 0 changed, 1 replaced.",
        "",
        "Before you deploy",
        "  ! LogGroup web: name makes a new one.",
        "    Export what you need of its logs first.",
        "  ! LoadBalancer gone: it is deleted with what it holds.",
        "    Keep a copy of what you need from it first.",
        "",
        "In this order; the steps of a line need not wait for each other",
        "  1. replace cloudwatch.LogGroup web; make sns.Topic new",
        "  2. delete cloudwatch.LogGroup web; delete lb.LoadBalancer gone",
        "",
        "Time",
        "  about 31 s; it waits for: delete lb.LoadBalancer (gone, 30 s).",
        "",
        "Idle cost 16.43 -> 0.00 USD a month (-16.43).",
        "",
      ].join("\n"),
    );
  });

  it("as Markdown, with nothing in it that Markdown would take for its own", () => {
    assert.equal(
      compareMarkdown(comparison, { plan: planOf([]), resources: [] }),
      [
        "<!-- berth plan shop/dev -->",
        "### shop / dev: what changes",
        "",
        "**1 added, 1 removed, 0 changed, 1 replaced · -16.43 USD a month · ⚠️ 2 warnings**",
        "",
        "about 31 s; it waits for: delete lb.LoadBalancer (gone, 30 s). Idle cost 16.43 -\\> 0.00 USD a month (-16.43).",
        "",
        "| before you deploy | what to do |",
        "| --- | --- |",
        "| ⚠️ LogGroup web: name makes a new one. | Export what you need of its logs first. |",
        "| ⚠️ LoadBalancer gone: it is deleted with what it holds. | Keep a copy of what you need from it first. |",
        "",
        "| replaced | because of | what AWS does |",
        "| --- | --- | --- |",
        "| ⚠️ ` cloudwatch.LogGroup web ` | ` name ` | the logs in it are deleted |",
        "",
        "<details><summary>Changed (1)</summary>",
        "",
        "- ` cloudwatch.LogGroup web `",
        "  - `` name: a\\|b -> `c` ``",
        "",
        "</details>",
        "",
        "<details><summary>Removed (1)</summary>",
        "",
        "- ` lb.LoadBalancer gone ` ⚠️ what it holds is lost",
        "",
        "</details>",
        "",
        "<details><summary>Added (1)</summary>",
        "",
        "- ` sns.Topic new `",
        "",
        "</details>",
        "",
        "<details><summary>Order (2)</summary>",
        "",
        "1. replace cloudwatch.LogGroup web; make sns.Topic new",
        "2. delete cloudwatch.LogGroup web; delete lb.LoadBalancer gone",
        "",
        "</details>",
        "",
      ].join("\n"),
    );
  });
});

describe("a plan file", () => {
  it("that cannot be used is one sentence", () =>
    withProject(
      {
        "text.json": "no",
        "other.json": "{}",
        "export.json": '{"version":3,"deployment":{"manifest":{},"resources":[]}}',
        "half.json": '{"project":"a","stack":"b","cost":{"monthlyIdle":1},"rollout":[],"resources":[{"urn":"x"}]}',
      },
      async (dir) => {
        const message = (name: string) => messageOf(() => readPlanFile(join(dir, name)));
        assert.match(await message("none.json"), /none\.json cannot be read \(ENOENT\): name a file that berth plan --json wrote\.$/);
        assert.match(await message("text.json"), /text\.json is not JSON: write a plan with berth plan --json > /);
        assert.match(
          await message("export.json"),
          /export\.json is a state that pulumi stack export wrote, not a plan: compare with it by --deployed .*export\.json\.$/,
        );
        assert.match(await message("other.json"), /other\.json is JSON, but not a plan: write one with berth plan --json > /);
        assert.match(await message("half.json"), /half\.json is damaged at resources\.0\.urn: write it again with berth plan --json > /);
      },
    ));

  it("brings back to the program what it left in a Stash", () =>
    withProject(
      {
        ...BASE,
        "index.ts": `
          import * as pulumi from "@pulumi/pulumi";
          const range = new pulumi.Stash("range", { input: new pulumi.Config().require("range") });
          range.output.apply((made) => { if (made !== "10.1.0.0/16") throw new Error("it was made with " + made); });
        `,
      },
      (cwd) => {
        const file = join(cwd, "plan.json");
        const plan = (range: string, ...more: string[]) => berth("plan", "--cwd", cwd, "--config", `range=${range}`, ...more);
        const { status, stdout } = plan("10.1.0.0/16", "--json");
        assert.equal(status, 0);
        writeFileSync(file, stdout);
        assert.equal(plan("10.1.0.0/16", "--against", file).status, 0);
        writeFileSync(file, stdout.replaceAll("10.1.0.0/16", "10.9.0.0/16"));
        const { status: refused, stderr } = plan("10.1.0.0/16", "--against", file);
        assert.equal(refused, 2);
        assert.match(stderr, /it was made with 10\.9\.0\.0\/16/);
      },
    ));

  it("is what berth plan --against takes; --fail-on-stateful ends with 1", () =>
    withProject(
      { ...BASE, "index.ts": `import * as aws from "@pulumi/aws"; new aws.cloudwatch.LogGroup("web", { name: "b" });` },
      (cwd) => {
        const file = join(cwd, "plan.json");
        writeFileSync(file, JSON.stringify(planOf(logs({ name: "a" }), "dev", "eu-west-1")));
        const { status, stdout } = berth("plan", "--cwd", cwd, "--against", file, "--fail-on-stateful", "--json");
        const comparison = JSON.parse(stdout) as Comparison;
        assert.deepEqual([status, changes(comparison)], [1, [["web", "the logs in it are deleted", ["name", "a", "b"]]]]);
      },
    ));
});
