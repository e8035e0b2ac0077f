import assert from "node:assert/strict";
import { catalogue } from "../../../policy/controls/catalogue";
import {
  type ControlStatus,
  controlsReport,
  controlsToCsv,
  controlsToJson,
  controlsToMarkdown,
  notShown,
  rulesFor,
} from "../../../policy/controls/controls";
import type { PolicyConfig } from "../../../policy/engine/config";
import { runPolicies } from "../../../policy/engine/run";
import { rules } from "../../../policy/rules";
import { drop, set } from "../cases/case";
import { type Mode, record } from "../graphs";
import { lookups, nodesOf, type World, world } from "../world";

function reportOf(
  change: (w: World) => void = () => undefined,
  config: PolicyConfig = {},
  mode: Mode = "known",
): Map<string, ControlStatus> {
  const w = world();
  change(w);
  const stack = record(nodesOf(w), mode, lookups);
  return new Map(controlsReport(stack, runPolicies(stack, config, new Date("2027-01-01"))).map((s) => [s.control.id, s]));
}

const status = (report: Map<string, ControlStatus>, id: string) => [report.get(id)?.status, report.get(id)?.detail];

describe("the catalogue", () => {
  it("has controls with ids of their own", () => assert.equal(new Set(catalogue.map((c) => c.id)).size, catalogue.length));

  it("gives each a severity, a title and the standards' ids", () => {
    for (const c of catalogue) {
      assert.ok(["low", "medium", "high", "critical"].includes(c.severity), c.id);
      assert.ok(c.title.length > 0, c.id);
      assert.ok(c.sources.every((s) => /^[\w-]+:\S+$/.test(s)) && c.sources.length > 0, `${c.id}: ${c.sources.join(", ")}`);
    }
  });

  it("reads a row", () =>
    assert.deepEqual(
      catalogue.find((c) => c.id === "CP-02"),
      {
        id: "CP-02",
        title: "ASG scale-in protection accompanies managed termination protection",
        severity: "medium",
        sources: ["AWS-ECS-docs:managed-termination-protection"],
        variant: "ec2",
        conditional: true,
      },
    ));

  it("is shown by rules, or says why not", () => {
    for (const c of catalogue) assert.notEqual(rulesFor(c.id).length > 0, c.id in notShown, c.id);
  });
});

describe("the rules", () => {
  it("take severity and standards from their controls", () => {
    const rule = rules.find((r) => r.name === "ec2-launch-template-imdsv2");
    assert.deepEqual([rule?.severity, rule?.enforcementLevel], ["high", "mandatory"]);
    assert.deepEqual(rule?.standards.slice(0, 2), ["FSBP:EC2.170", "FSBP:EC2.8"]);
  });

  it("have names of their own, in kebab-case", () => {
    assert.equal(new Set(rules.map((r) => r.name)).size, rules.length);
    for (const r of rules) assert.match(r.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
  });

  it("say what holds, why, and how", () => {
    for (const r of rules) for (const text of [r.description, r.reason, r.fix]) assert.ok(text.length > 10, r.name);
  });
});

describe("controlsReport", () => {
  it("says what holds, and of how many resources", () => assert.deepEqual(status(reportOf(), "SVC-04"), ["holds", "2 resources"]));

  it("says what is open, and where", () => {
    const report = reportOf((w) => set(w.service, { desiredCount: 1 }));
    assert.deepEqual(status(report, "SVC-07"), ["open", "web: desiredCount is 1; set it to 2 or more."]);
    assert.equal([...report.values()].filter((s) => s.status === "open").length, 1);
  });

  it("counts a rule that is switched off as open", () =>
    assert.deepEqual(status(reportOf(undefined, { levels: { "ec2-vpc-dns": "off" } }), "VPC-13"), ["open", "switched off: ec2-vpc-dns"]));

  it("says what is excepted, and why", () => {
    const exceptions = [{ rule: "ecs-service-two-tasks", resource: "web", reason: "It is down at night." }];
    const report = reportOf((w) => set(w.service, { desiredCount: 1 }), { exceptions });
    assert.deepEqual(status(report, "SVC-07"), ["excepted", "web: It is down at night."]);
  });

  it("says what does not apply", () =>
    assert.deepEqual(
      status(
        reportOf((w) => drop(w, "webAcl")),
        "WAF-01",
      ),
      ["does not apply", ""],
    ));

  it("holds what is about things that are not there", () => assert.deepEqual(status(reportOf(), "IAM-10"), ["holds", ""]));

  it("does not claim to know what it does not", () =>
    assert.deepEqual(status(reportOf(undefined, {}, "unknown"), "TD-02"), [
      "undecided",
      "web: containerDefinitions is not known before the deploy. batch: containerDefinitions is not known before the deploy.",
    ]));

  it("says what no rule can show", () => assert.deepEqual(status(reportOf(), "GEN-02"), ["not shown", notShown["GEN-02"]]));
});

describe("the report for auditors", () => {
  const report: ControlStatus[] = [
    {
      control: { id: "A-1", title: 'Say "yes"', severity: "low", sources: ["X:1", "Y:2"], conditional: false },
      rules: ["r"],
      status: "open",
      detail: "a|b\n<img>",
    },
    {
      control: { id: "A-2", title: "=cmd()", severity: "high", sources: ["X:2"], conditional: true },
      rules: [],
      status: "holds",
      detail: "",
    },
  ];

  it("is a table in Markdown that no text breaks", () =>
    assert.deepEqual(controlsToMarkdown(report).split("\n"), [
      "| Control | Severity | Title | Standards | Status | Detail | Rules |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      '| A-1 | low | Say "yes" | X:1, Y:2 | open | a\\|b &lt;img> | r |',
      "| A-2 | high | =cmd() | X:2 | holds |  |  |",
      "",
    ]));

  it("is CSV in which nothing is a formula", () =>
    assert.deepEqual(controlsToCsv(report).split("\r\n"), [
      '"Control","Severity","Title","Standards","Status","Detail","Rules"',
      '"A-1","low","Say ""yes""","X:1, Y:2","open","a|b\n<img>","r"',
      `"A-2","high","'=cmd()","X:2","holds","",""`,
      "",
    ]));

  it("is JSON", () =>
    assert.deepEqual(JSON.parse(controlsToJson(report))[1], {
      id: "A-2",
      title: "=cmd()",
      severity: "high",
      sources: ["X:2"],
      conditional: true,
      status: "holds",
      detail: "",
      rules: [],
    }));
});
