import assert from "node:assert/strict";
import type { RecordedResource } from "../../../facts/graph";
import { costOf } from "../../../plan/cost/cost";
import { pricesFor } from "../../../plan/cost/prices";
import type { FullPlan } from "../../../plan/plan";
import type { Finding, Message, Undecided } from "../../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS } from "../../../plan/project/assumptions";
import { report } from "../../../plan/report/report";
import { summary } from "../../../plan/report/report-summary";
import { rolloutsOf } from "../../../plan/rollout/rollout";
import { firstDeploy } from "../../../plan/update/order/time";
import { STACK, serviceGraph, urn } from "../graphs";
import { BASE, berth, withProject } from "../projects";

const OPTIONS = { color: false, width: 120 };

function full(
  resources: RecordedResource[],
  more: { findings?: Finding[]; undecided?: Undecided[]; messages?: Message[]; region?: string; budget?: number } = {},
): FullPlan {
  const { findings = [], undecided = [], messages = [], region = "us-east-1", budget } = more;
  const cost = costOf(resources, pricesFor(region), region, DEFAULT_ASSUMPTIONS);
  const rollout = rolloutsOf(resources, DEFAULT_ASSUMPTIONS);
  const time = { firstDeploy: firstDeploy(resources, rollout) };
  const plan = { project: "shop", stack: "dev", resources, invokes: [], outputs: {}, cost, rollout, time, findings, undecided, messages };
  return { plan, resources, outputsBefore: {}, unknownInputs: 0, budget };
}

/** A service in a component of its own. */
function component(name: string, given: Parameters<typeof serviceGraph>[1] = {}): RecordedResource[] {
  const top = urn("berth:index:FargateService", name);
  const own = { urn: top, type: "berth:index:FargateService", name, parent: STACK, custom: false };
  const [first, ...rest] = serviceGraph(name, given);
  return [
    { ...first!, ...own, inputs: {}, dependencies: [], propertyDependencies: {} },
    ...[first!, ...rest].map((one) => ({ ...one, parent: top })),
  ];
}

const fifty = Array.from({ length: 50 }, (_, index) => component(`service-${index}`)).flat();

describe("the summary", () => {
  const finding: Finding = { rule: "r", severity: "high", level: "mandatory", urn: urn("x", "web"), message: "it is wrong.", fix: "do it" };

  it("says how much, what it costs, how long it takes, and what to fix first", () => {
    const findings: Finding[] = [
      finding,
      { ...finding, rule: "s" },
      { ...finding, level: "advisory", fix: 'Set domain: "x" on LoadBalancer "public".' },
      { ...finding, level: "advisory", severity: "medium", fix: "that" },
    ];
    const text = summary(
      full(component("web"), {
        findings,
        undecided: [{ rule: "u", severity: "low", urn: "", message: "m" }],
        messages: [
          { severity: "warning", text: "careful" },
          { severity: "info", text: "not here" },
        ],
        budget: 10,
      }),
      OPTIONS,
    );
    assert.deepEqual(text.split("\n"), [
      "shop / dev in us-east-1, planned offline",
      "3 resources in 1 component; the first deploy takes about 4 s",
      "",
      "18.02 USD a month idle, over the budget of 10.00",
      "   18.02  web FargateService  2 tasks on Fargate (0.25 vCPU, 0.5 GB)",
      "",
      "Rollout of web: 390 s, back in 390 s",
      "",
      "1 change needed, or the plan fails, 1 change recommended, 1 for production",
      "  high  it is wrong.",
      '  high  Set domain: "x" on LoadBalancer "public".',
      "1 check undecided: a value is not known before the deploy",
      "warning: careful",
      "",
    ]);
  });

  it("says what only production needs as a number", () => {
    const lines = summary(full(component("web"), { findings: [{ ...finding, level: "advisory", severity: "low" }] }), OPTIONS).split("\n");
    assert.deepEqual(lines.slice(-2), ["1 change for production", ""]);
  });

  it("fits one screen with fifty services, and says of a sum whose prices it is made of", () => {
    const lines = summary(
      full([...fifty, ...component("large", { task: { cpu: "1024", memory: "2048" } })], { region: "sa-east-1" }),
      OPTIONS,
    ).split("\n");
    assert.ok(lines.length <= 24, `${lines.length} lines`);
    assert.ok(lines.includes("973.08 USD a month idle (priced as us-east-1)"), lines.join("\n"));
    assert.ok(
      lines.includes(
        "  901.00  service-0, service-1, service-2 and 47 more FargateService  2 tasks on Fargate (0.25 vCPU, 0.5 GB), 18.02 each",
      ),
    );
    assert.ok(lines.includes("Rollout of service-0, service-1, service-2 and 48 more: 390 s, back in 390 s"));
    assert.ok(lines.includes("No findings."));
  });

  it("counts what it does not show, and cuts what is too wide", () => {
    const many = Array.from({ length: 9 }, (_, index) => component(`web-${index}`, { service: { desiredCount: index + 1 } })).flat();
    const findings = Array.from({ length: 9 }, (_, index) => ({
      ...finding,
      fix: `fix ${index}`,
      message: `${"long ".repeat(20)}${index}`,
    }));
    const lines = summary(full(many, { findings }), { color: false, width: 60 }).split("\n");
    assert.ok(lines.includes("          and 3 more parts"));
    assert.ok(lines.includes("  and 3 more; without --summary the plan says all"));
    assert.ok(lines.every((line) => line.length <= 60));
    assert.ok(lines.some((line) => line.endsWith("long…") || line.endsWith("…")));
  });

  it("is printed by berth plan --summary, by itself", () =>
    withProject({ ...BASE, "index.ts": "export const a = 1;" }, (cwd) => {
      const { status, stdout } = berth("plan", "--cwd", cwd, "--summary");
      assert.match(
        stdout,
        /^shop \/ dev in eu-west-1, planned offline\n0 resources in 0 components; the first deploy takes about \d+ s\n\n0\.00 USD a month idle\n/,
      );
      assert.equal(status, 0);
      assert.match(berth("plan", "--cwd", cwd, "--summary", "--json").stderr, /option '--summary' cannot be used with option '--json'/);
    }));
});

describe("the report of fifty services", () => {
  const text = report(full(fifty), OPTIONS);
  it("says what is the same of all of them once", () => {
    const lines = text.split("\n");
    assert.ok(lines.length < 40, `${lines.length} lines`);
    assert.ok(lines.includes("service-0, service-1, service-2 and 47 more FargateService"));
    assert.equal(lines.filter((line) => line.includes("ecs.TaskDefinition") && line.includes("─")).length, 1);
    assert.ok(lines.some((line) => line.startsWith("  service-0, service-1, service-2 and 47 more: 390 s rolling")));
    const spot = lines.find((line) => line.includes("on Spot"));
    const outputs = { services: { a: "x".repeat(200) }, url: "y".repeat(160) };
    const many = full(fifty, { messages: ["a.port", "b.port"].map((key) => ({ severity: "info" as const, text: `${key}: 8000.` })) });
    const said = report({ ...many, plan: { ...many.plan, outputs } }, OPTIONS);
    assert.ok(said.includes(`\n  services  {"a":"${"x".repeat(153)}…\n`), "a long output is cut");
    assert.ok(said.includes(`\n  url       ${"y".repeat(160)}\n`));
    assert.ok(said.includes("\n  note: a.port, b.port: 8000.\n"));
    assert.match(spot ?? "", /could save 315\.50 {2}service-0: all tasks but one on Spot, and 49 more like it \(an estimate/);
  });

  it("says apart what is not the same", () => {
    const other = component("other", { container: { name: "other" } }).filter(({ type }) => type !== "aws:lb/targetGroup:TargetGroup");
    const lines = report(full([...component("a"), ...component("b"), ...other]), OPTIONS).split("\n");
    assert.ok(lines.includes("a, b FargateService"));
    assert.ok(lines.includes("other FargateService"));
  });
});
