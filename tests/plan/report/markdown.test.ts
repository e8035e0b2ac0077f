import assert from "node:assert/strict";
import { type RecordedResource, UNKNOWN } from "../../../facts/graph";
import { costOf } from "../../../plan/cost/cost";
import { pricesFor } from "../../../plan/cost/prices";
import type { FullPlan } from "../../../plan/plan";
import type { Finding, Undecided } from "../../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS } from "../../../plan/project/assumptions";
import { planMarkdown } from "../../../plan/report/report-markdown";
import { rolloutsOf } from "../../../plan/rollout/rollout";
import { resource, serviceGraph, urn } from "../graphs";
import { BASE, berth, withProject } from "../projects";

const finding: Finding = {
  rule: "r-one",
  severity: "high",
  level: "mandatory",
  urn: urn("aws:ecs/service:Service", "web"),
  message: "a|b is *wrong*; mend it.",
  fix: "x: `y`",
  source: "index.ts:3",
};
const open: Undecided = { rule: "r-two", severity: "low", urn: "", message: "a value is not known before the deploy." };

function full(resources: RecordedResource[], findings: Finding[] = [], undecided: Undecided[] = []): FullPlan {
  const cost = costOf(resources, pricesFor("us-east-1"), "us-east-1", DEFAULT_ASSUMPTIONS);
  const rollout = rolloutsOf(resources, DEFAULT_ASSUMPTIONS);
  const plan = { project: "shop", stack: "dev", resources, cost, rollout, findings, undecided } as unknown as FullPlan["plan"];
  return { plan, resources, outputsBefore: {}, unknownInputs: 0, budget: 10 };
}

describe("the Markdown report", () => {
  it("has the cost part by part, the rollouts, the findings with their fixes, and what is undecided", () => {
    assert.deepEqual(
      planMarkdown(
        full(
          serviceGraph(),
          [finding, { ...finding, rule: "r-two", message: "it is more." }, { ...finding, level: "advisory", urn: "" }],
          [open],
        ),
      ).split("\n"),
      [
        "<!-- berth plan shop/dev -->",
        "### shop / dev",
        "",
        "**3 resources in us-east-1. Monthly idle cost 18.02 USD. That is over the budget of 10.00.**",
        "",
        "- Rollout of web: 390 s",
        "",
        "#### Monthly cost",
        "",
        "| Part | USD | Details |",
        "| --- | --- | --- |",
        "| web ecs.Service | 18.02 | 2 tasks on Fargate (0.25 vCPU, 0.5 GB) |",
        "| **total, idle** | **18.02** |  |",
        "",
        "#### Findings (3, of which 2 fail the plan)",
        "",
        "| Severity | Resource | Problem and fix | Rule |",
        "| --- | --- | --- | --- |",
        "| ❌ high | ecs.Service web<br>` index.ts:3 ` | a\\|b is \\*wrong\\*; mend it. and 1 more<br>`` x: `y` `` | ` r-one `<br>` r-two ` |",
        "| high | <br>` index.ts:3 ` | a\\|b is \\*wrong\\*; mend it.<br>`` x: `y` `` | ` r-one ` |",
        "",
        "#### Undecided (1): a value is not known before the deploy",
        "",
        "| Severity | Resource | What is unknown | Rule |",
        "| --- | --- | --- | --- |",
        "| low |  | a value is not known before the deploy. | ` r-two ` |",
        "",
      ],
    );
  });

  it("says what has no price and no rollout", () => {
    const unknown = serviceGraph("web", { task: { memory: UNKNOWN }, group: { deregistrationDelay: UNKNOWN } });
    const text = planMarkdown(full([...unknown, resource("aws:rds/instance:Instance", "db")]));
    assert.match(text, /^- Rollout of web: unknown: deregistrationDelay of lb\.TargetGroup "web" is not known before the deploy\.$/m);
    assert.match(text, /^- Without a price, and not in the total: rds\.Instance db$/m);
    assert.match(
      text,
      /^- Unknown, and not in the total: ecs\.Service web: memory of ecs\.TaskDefinition "web" is not known before the deploy\.$/m,
    );
    assert.doesNotMatch(text, /Findings|Undecided/);
  });

  it("is what --markdown alone prints, and ends a comparison with the findings", () =>
    withProject(
      {
        ...BASE,
        "Pulumi.prod.yaml": "config:\n  aws:region: eu-west-1\n",
        "index.ts": 'import * as ecs from "@pulumi/aws/ecs"; new ecs.Cluster("apps");',
      },
      (cwd) => {
        const alone = berth("plan", "--cwd", cwd, "--markdown");
        assert.deepEqual([alone.status, ...alone.stdout.split("\n").slice(0, 2)], [0, "<!-- berth plan shop/dev -->", "### shop / dev"]);
        const compared = berth("plan", "--cwd", cwd, "--markdown", "--against-stack", "prod");
        assert.match(
          compared.stdout,
          /^<!-- berth plan shop\/dev -->\n### shop \/ dev, compared with prod$[\s\S]*^#### Findings \(\d+, of which 0 fail the plan\)$/m,
        );
        const text = berth("plan", "--cwd", cwd, "--against-stack", "prod");
        assert.match(
          text.stdout,
          /^Advice: what a stack for production sets\n {2}medium {2}ecs\.Cluster apps: Container Insights is not set; /m,
        );
        const json = JSON.parse(berth("plan", "--cwd", cwd, "--against-stack", "prod", "--json").stdout) as {
          findings: Finding[];
          newFindings: Finding[];
          goneFindings: Finding[];
        };
        assert.deepEqual([json.newFindings, json.goneFindings], [[], []]);
        assert.ok(json.findings.some(({ rule }) => rule === "ecs-cluster-container-insights"));
      },
    )).timeout(60_000);
});
