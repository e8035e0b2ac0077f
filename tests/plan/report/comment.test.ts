import assert from "node:assert/strict";
import type { Finding, Plan } from "../../../plan/plan-json";
import { comment, folded } from "../../../plan/report/comment";
import { compareMarkdown } from "../../../plan/report/report-compare";
import { type Comparison, compare } from "../../../plan/update/compare";
import { resource, urn } from "../graphs";

const STACK = { project: "shop", stack: "dev" };
const long = (title: string, length: number) => ({ title, lines: ["x".repeat(length)] });

describe("a comment on a pull request", () => {
  it("begins with its mark, and has what there is to say", () => {
    const text = comment(STACK, ["### shop"], [folded("Added", ["- a", "- b"]), folded("Removed", [])]);
    const list = ["<details><summary>Added (2)</summary>", "", "- a", "- b", "", "</details>"];
    assert.equal(text, ["<!-- berth plan shop/dev -->", "### shop", "", ...list, ""].join("\n"));
  });

  it("has a mark that no name ends", () => {
    const [mark] = comment({ project: "a --> <b>", stack: "x\ny" }, [], []).split("\n");
    assert.equal(mark, "<!-- berth plan a_--___b_/x_y -->");
  });

  it("leaves out what GitHub has no room for, by name, and no more than that", () => {
    const sections = [long("One", 40_000), long("Two", 40_000), long("Three", 20_000), long("Four", 20_000)];
    const text = comment(STACK, ["### shop"], sections);
    assert.ok(Buffer.byteLength(text) <= 65_536);
    assert.match(text, /\n\nToo long for a comment, and left out: Two, Four\. `--json` and `--html` have all of it\.\n$/);
    assert.deepEqual(
      text
        .split("\n")
        .map(({ length }) => length)
        .filter((length) => length > 1_000),
      [40_000, 20_000],
    );
    // A letter of several bytes counts as such.
    assert.match(comment(STACK, [], [{ title: "Wide", lines: ["ä".repeat(33_000)] }]), /left out: Wide\./);
  });
});

const SERVICE = resource("aws:ecs/service:Service", "web", { desiredCount: 1 });
const finding = (rule: string, severity: Finding["severity"], of = SERVICE.urn): Finding => ({
  rule,
  severity,
  level: "advisory",
  urn: of,
  message: `${rule} is broken.`,
  fix: `mend ${rule}`,
});
const prices = { region: "us-east-1", date: "2026-11-01", borrowed: [] };
const planWith = (monthlyIdle: number, findings: Finding[], resources = [SERVICE]) =>
  ({
    ...STACK,
    resources,
    rollout: [],
    findings,
    undecided: [],
    cost: { region: "us-east-1", currency: "USD", monthlyIdle, prices },
  }) as unknown as Plan;

describe("the Markdown of a comparison", () => {
  const before = planWith(10, [finding("old", "high"), finding("both", "low"), finding("budget", "low", "")]);
  const after = planWith(12.5, [
    finding("both", "low"),
    finding("one", "high"),
    finding("two", "high"),
    finding("three", "medium"),
    finding("budget", "low", ""),
  ]);
  const told = (more: Partial<Comparison> = {}) => {
    const text = compareMarkdown({ ...compare(before, after), ...more }, { plan: after, resources: [] });
    return { text, headline: text.split("\n")[3] };
  };

  it("says in one line what decides: resources, money, requests and new findings by severity", () => {
    assert.equal(told().headline, "**No resource differs · +2.50 USD a month · 3 new findings (2 high, 1 medium)**");
    const order = [{ steps: [{ action: "update" as const, urn: SERVICE.urn }] }] as Comparison["order"];
    const services: Comparison["services"] = [{ service: SERVICE.urn, effect: "rolls", because: "x", followed: true }];
    const findings = { added: [], gone: [] };
    const cost = { ...compare(before, after).cost, difference: 0 };
    const headline = (more: Partial<Comparison>) => told({ order, services, findings, cost, ...more }).headline;
    assert.equal(headline({}), "**No resource differs · requests are answered throughout**");
    const warning = { kind: "kept" as const, urn: urn("a:b:C", "c"), what: "C c", text: "it stays", advice: "Do." };
    assert.equal(headline({ warnings: [warning] }), "**No resource differs · ⚠️ 1 warning**");
    assert.equal(
      headline({ warnings: [warning, { ...warning, kind: "traffic" }] }),
      "**No resource differs · ⚠️ requests fail during the update**",
    );
    assert.equal(headline({ services: [] }), "**No resource differs**");
  });

  it("has the new findings as a table, and those that are gone folded up", () => {
    const { text } = told();
    assert.match(
      text,
      /\n#### New findings\n\n\| Severity [^#]*` one `[^#]*\n\n<details><summary>Findings that are gone \(1\)<\/summary>\n\n\| Severity .*\n.*\n.*` old `/,
    );
    const [, news] = /#### New findings\n([\s\S]*?)<details>/.exec(text)!;
    assert.doesNotMatch(news!, /` both `|` budget `/);
  });

  it("says nothing of services that stay as they are", () => {
    const services: Comparison["services"] = [{ service: SERVICE.urn, effect: "stays" }];
    const order = [{ steps: [] }] as unknown as Comparison["order"];
    assert.doesNotMatch(told({ services, order }).text, /web:/);
  });
});
