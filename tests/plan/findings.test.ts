import assert from "node:assert/strict";
import { type RecordedResource, UNKNOWN } from "../../facts/graph";
import { costOf } from "../../plan/cost/cost";
import { pricesFor } from "../../plan/cost/prices";
import { atLeast, findingsOf } from "../../plan/findings";
import type { Finding, Plan } from "../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS, planSettings } from "../../plan/project/assumptions";
import { controlsText } from "../../plan/report/controls";
import { findingGroups } from "../../plan/report/groups";
import { adviceLines, findingLines, undecidedLines } from "../../plan/report/report-findings";
import { paintFor } from "../../tool/paint";
import { resource, STACK, serviceGraph, urn } from "./graphs";
import { messageOf } from "./projects";

const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:lb/targetGroup:TargetGroup";

function judge(resources: RecordedResource[], options: { budget?: number; policy?: string } = {}) {
  const cost = costOf(resources, pricesFor("us-east-1"), "us-east-1", DEFAULT_ASSUMPTIONS);
  return findingsOf(resources, [], { cost, budget: options.budget, policy: options.policy });
}
const find = (...args: Parameters<typeof judge>) => judge(...args).findings;

const of = (rule: string, resources: RecordedResource[], options?: Parameters<typeof find>[1]) =>
  find(resources, options).filter((finding) => finding.rule === rule);
const STACK_RESOURCE = resource("pulumi:pulumi:Stack", "shop-dev", {}, {}, { urn: STACK, parent: null, custom: false });

/** A service in a subnet that leads nowhere. */
function cutOff(): RecordedResource[] {
  const [task, group, own] = serviceGraph("web");
  const table = "aws:ec2/routeTable:RouteTable";
  return [
    resource(SUBNET, "a", { cidrBlock: "10.0.0.0/24" }),
    resource(table, "a"),
    resource(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "a",
      {},
      { subnetId: [urn(SUBNET, "a")], routeTableId: [urn(table, "a")] },
    ),
    task!,
    group!,
    {
      ...own!,
      inputs: { ...own!.inputs, networkConfiguration: { subnets: ["subnet-a"] } },
      propertyDependencies: { ...own!.propertyDependencies, networkConfiguration: [urn(SUBNET, "a")] },
    },
  ];
}

describe("findings", () => {
  it("about security only advise until the stack says policy; what AWS refuses fails the plan, until the stack says otherwise", () => {
    const levels = (policy?: string) =>
      ["ecs-service-circuit-breaker", "plan-way-to-registry"].map((rule) => of(rule, cutOff(), { policy })[0]?.level);
    assert.deepEqual(
      [
        levels(),
        levels("{}"),
        levels('{"enforce":false}'),
        levels('{"levels":{"ecs-service-circuit-breaker":"off","plan-way-to-registry":"advisory"}}'),
      ],
      [
        ["advisory", "mandatory"],
        ["mandatory", "mandatory"],
        ["advisory", "advisory"],
        [undefined, "advisory"],
      ],
    );
  });

  it("of every rule can be excepted", () => {
    const exception = { rule: "plan-way-to-registry", resource: "web", reason: "it is for a test" };
    assert.deepEqual(of("plan-way-to-registry", cutOff(), { policy: JSON.stringify({ exceptions: [exception] }) }), []);
  });

  it("refuse a policy that is not a map, and report what is wrong in one", async () => {
    assert.match(
      await messageOf(() => find([], { policy: "strict" })),
      /^policy: "strict" is not a map; give one with levels, parameters and exceptions, or \{\} to enforce the rules as they are\.$/,
    );
    assert.match(await messageOf(() => find([], { policy: '{"levels":{"no-such-rule":"off"}}' })), /"no-such-rule" is not a rule/);
  });

  it("fail a stack that is over its budget, and name the best saving", () => {
    const graph = [STACK_RESOURCE, ...serviceGraph("web", { task: { runtimePlatform: { cpuArchitecture: "ARM64" } } })];
    const [finding] = of("plan-budget", graph, { budget: 10 });
    assert.deepEqual(
      [finding!.level, finding!.urn, finding!.message],
      ["mandatory", "", "the monthly idle cost is 14.42 USD, 4.42 over the budget of 10.00; raise the budget, or make the stack smaller."],
    );
    assert.match(finding!.fix, /^web: all tasks but one on Spot \(/);
    assert.deepEqual(of("plan-budget", graph, { budget: 14.42 }), []);
  });

  it("do not keep to a budget what is not known in full", () => {
    const graph = [STACK_RESOURCE, ...serviceGraph("web", { task: { memory: UNKNOWN } })];
    const { findings, undecided } = judge(graph, { budget: 10 });
    assert.deepEqual(
      [findings.filter(({ rule }) => rule === "plan-budget"), undecided.filter(({ rule }) => rule === "plan-budget")],
      [
        [],
        [
          {
            rule: "plan-budget",
            severity: "high",
            urn: "",
            message: 'the cost is not known in full: ecs.Service web: memory of ecs.TaskDefinition "web" is not known before the deploy.',
          },
        ],
      ],
    );
  });

  it("come worst first, with the line of the program", () => {
    const [first] = find(cutOff().map((one) => ({ ...one, source: "index.ts:7" })));
    assert.deepEqual(
      [first!.rule, first!.level, first!.severity, first!.source],
      ["plan-way-to-registry", "mandatory", "critical", "index.ts:7"],
    );
    const levels = find(cutOff()).map(({ level }) => level);
    assert.deepEqual(levels, [...levels].sort().reverse());
  });

  it("are at least as severe as a threshold, or not", () => {
    const [finding] = find(cutOff());
    assert.deepEqual(
      [atLeast({ ...finding!, severity: "high" }, "medium"), atLeast({ ...finding!, severity: "low" }, "medium")],
      [true, false],
    );
  });

  it("read as a line each, with the fix", () => {
    const one: Finding = {
      rule: "r",
      severity: "high",
      level: "mandatory",
      urn: urn(GROUP, "web"),
      message: "it is wrong.",
      fix: "do it",
      source: "index.ts:3",
    };
    const resources = [STACK_RESOURCE, resource(GROUP, "web")];
    const { source: _, ...placeless } = one;
    assert.deepEqual(findingLines([one, { ...placeless, level: "advisory", urn: STACK }], resources, paintFor(false)), [
      "high, fails the plan  lb.TargetGroup web: it is wrong. (r)",
      "  fix near index.ts:3: do it",
      "high  it is wrong. (r)",
      "  fix: do it",
    ]);
  });

  const high: Finding = { rule: "r", severity: "high", level: "advisory", urn: "", message: "it is wrong.", fix: "do it" };

  it("that one change ends stand together: three of them, and how many more", () => {
    const lines = findingLines([...Array<Finding>(5).fill(high), { ...high, rule: "s", fix: "do that" }], [], paintFor(false));
    assert.deepEqual(lines, [
      ...Array<string>(3).fill("high  it is wrong. (r)"),
      "and 2 more that the same change ends; --json and --html show all",
      "  fix: do it",
      "high  it is wrong. (s)",
      "  fix: do that",
    ]);
  });

  it("that the same change of several components ends name the components", () => {
    const on = (...names: string[]) => names.map((name) => ({ ...high, fix: `Set forceDelete: false on AppImage "${name}".` }));
    const fixes = (findings: Finding[]) => findingGroups(findings).map(({ fix }) => fix);
    assert.deepEqual(fixes(on("a", "a")), ['Set forceDelete: false on AppImage "a".']);
    assert.deepEqual(fixes(on("a", "b")), ['Set forceDelete: false on AppImage "a", "b".']);
    assert.deepEqual(fixes(on("a", "b", "c", "d", "e")), ['Set forceDelete: false on AppImage "a", "b", "c" and 2 more.']);
    const other = { ...high, fix: 'Set nat: "perZone" on Network "a".' };
    const enforced = { ...on("b")[0]!, level: "mandatory" as const };
    assert.deepEqual(fixes([...on("a"), other, enforced]), [
      'Set forceDelete: false on AppImage "a".',
      'Set nat: "perZone" on Network "a".',
      'Set forceDelete: false on AppImage "b".',
    ]);
    const inFile = ["a", "b"].map((name) => ({
      ...high,
      fix: `Set network.nat: perZone in the stack file (argument nat of Network "${name}").`,
    }));
    assert.deepEqual(fixes(inFile), ['Set network.nat: perZone in the stack file (argument nat of Network "a", "b").']);
  });

  it("that only advise and are not grave are a line each, apart from the others", () => {
    const advice: Finding = { ...high, severity: "medium", fix: 'Set nat: "perZone" on Network "net".', source: "index.ts:4" };
    const own: Finding = { ...high, severity: "low", urn: urn(GROUP, "web"), rule: "s", fix: "tags: {}" };
    const enforced: Finding = { ...advice, level: "mandatory" };
    const resources = [resource(GROUP, "web")];
    const all = [enforced, high, advice, own];
    assert.deepEqual(adviceLines(all, resources, paintFor(false)), [
      'medium  Set nat: "perZone" on Network "net". (r, index.ts:4)',
      "low  lb.TargetGroup web: it is wrong. tags: {} (s)",
    ]);
    assert.deepEqual(findingLines(all, resources, paintFor(false)), [
      "medium, fails the plan  it is wrong. (r)",
      '  fix near index.ts:4: Set nat: "perZone" on Network "net".',
      "high  it is wrong. (r)",
      "  fix: do it",
    ]);
  });

  it("that cannot be decided are named with what is unknown", () => {
    const { undecided } = judge(serviceGraph("web", { container: { user: UNKNOWN } }));
    const [first] = undecided.filter(({ rule }) => rule === "ecs-task-definition-non-root-user");
    assert.deepEqual(undecidedLines([first!], serviceGraph("web"), paintFor(false)), [
      "medium  ecs.TaskDefinition web: containerDefinitions[web].user is not known before the deploy. (ecs-task-definition-non-root-user)",
    ]);
  });

  it("tell auditors how each control stands", () => {
    const plan = { resources: [resource("aws:ecs/cluster:Cluster", "apps")], invokes: [] } as unknown as Plan;
    const insights = (policy?: string) =>
      (JSON.parse(controlsText(plan, policy, "json")) as { id: string; status: string }[]).find(({ id }) => id === "CL-01")?.status;
    const exception = { rule: "ecs-cluster-container-insights", resource: "apps", reason: "it is for a test" };
    assert.deepEqual([insights(), insights(JSON.stringify({ exceptions: [exception] }))], ["open", "excepted"]);
    assert.match(controlsText(plan, undefined, "csv"), /^"Control",/);
  });

  it("take their settings from the stack", () => {
    assert.equal(planSettings({ name: "web", config: { "web:policy": "{}" } }).policy, "{}");
  });
});
