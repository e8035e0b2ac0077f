import assert from "node:assert/strict";
import { type Json, type JsonObject, UNKNOWN } from "../../facts/graph";
import { graphOf } from "../../policy/engine/define";
import { type Outcome, runPolicies } from "../../policy/engine/run";
import { type RecordedStack, toPolicyResources } from "../../policy/graph/recorded";
import { rules } from "../../policy/rules";
import { balancerCases } from "./cases/balancers";
import { capacityCases } from "./cases/capacity";
import type { Case, Cases, Change } from "./cases/case";
import { costCases, deployCases } from "./cases/deploy";
import { identityCases } from "./cases/identity";
import { imageCases } from "./cases/images";
import { limitCases } from "./cases/limits";
import { networkCases } from "./cases/network";
import { serviceCases } from "./cases/services";
import { storageCases } from "./cases/storage";
import { taskCases } from "./cases/tasks";
import { type Mode, record } from "./graphs";
import { lookups, nodesOf, world } from "./world";

const cases: Cases = {
  ...taskCases,
  ...serviceCases,
  ...capacityCases,
  ...imageCases,
  ...balancerCases,
  ...networkCases,
  ...identityCases,
  ...storageCases,
  ...deployCases,
  ...limitCases,
  ...costCases,
};

function stackOf(change: Change, mode: Mode = "known"): RecordedStack {
  const w = world();
  change(w);
  return { ...record(nodesOf(w), mode, lookups), ...w.recording };
}

/** What one rule finds in the changed world, and how many resources it looked at. */
function apply(name: string, change: Change, mode: Mode): Outcome & { messages: string[]; subjects: number } {
  const stack = stackOf(change, mode);
  const rule = rules.find((r) => r.name === name)!;
  const outcome = runPolicies(stack, {}, new Date(), [rule]);
  const graph = graphOf(toPolicyResources(stack.resources), stack);
  return { ...outcome, messages: outcome.findings.map((f) => f.message), subjects: rule.subjects(graph).length };
}

function assertMessages(messages: string[], expected: readonly string[]) {
  assert.equal(messages.length, expected.length, `${messages.length} findings instead of ${expected.length}:\n${messages.join("\n")}`);
  for (const [i, text] of expected.entries()) assert.ok(messages[i]!.includes(text), `"${messages[i]}" does not say "${text}"`);
}

/** Rules about what the world, which is good, does not have: their cases bring it. */
const onlyWhenChanged: Record<string, true> = {
  "autoscaling-group-capacity-rebalance": true,
  "autoscaling-group-elb-health": true,
  "ec2-launch-template-bridge-ingress": true,
  "plan-blue-green-parts": true,
  "plan-bridge-ports": true,
  "plan-grpc-listener": true,
  "plan-health-check-port": true,
};

const unchanged: Change = () => undefined;

const whole = new Map(stackOf(unchanged).resources.map((r) => [r.urn, JSON.stringify(r.inputs)]));

/** The inputs with one value unknown, for every value in them; a document in JSON keeps its structure. */
function withOneUnknown(inputs: JsonObject): JsonObject[] {
  const opened = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, documentIn(value) ?? value]));
  return pathsIn(opened).map((path) => {
    const copy = structuredClone(opened);
    let target: JsonObject = copy;
    for (const key of path.slice(0, -1)) target = target[key] as JsonObject;
    target[path.at(-1)!] = UNKNOWN;
    const closed = Object.entries(copy).map(([key, value]) => [
      key,
      documentIn(inputs[key]!) && value !== UNKNOWN ? JSON.stringify(value) : value,
    ]);
    return Object.fromEntries(closed) as JsonObject;
  });
}

function documentIn(value: Json): Json | undefined {
  return typeof value === "string" && /^(\{|\[[^s])/.test(value) ? (JSON.parse(value) as Json) : undefined;
}

function pathsIn(value: Json): string[][] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => [[key], ...pathsIn(part).map((path) => [key, ...path])]);
}

for (const rule of rules) {
  const { breaks = {}, keeps = {}, ignores = {}, inPreview = {} } = (cases[rule.name] ?? {}) as Partial<Case>;

  describe(rule.name, () => {
    it("has cases that break it", () => assert.ok(Object.keys(breaks).length > 0));

    for (const [what, [change, ...expected]] of Object.entries(breaks)) {
      it(`finds: ${what}`, () => {
        const { messages, findings } = apply(rule.name, change, "known");
        assertMessages(messages, expected);
        for (const { urn, severity, fix } of findings) {
          assert.match(urn, rule.category === "cost" ? /^$/ : /^urn:pulumi:prod::shop::/);
          assert.deepEqual([severity, fix !== ""], [rule.severity, true]);
        }
      });

      const still = inPreview === "undecided" ? [] : inPreview[what];
      it(`${still ? "leaves undecided" : "finds"} in a preview: ${what}`, () => {
        const { messages, undecided } = apply(rule.name, change, "unknown");
        assertMessages(messages, still ?? expected);
        if (still) assert.ok(undecided.length > 0, "nothing is said to be undecided");
      });
    }

    for (const [what, [change, ...expected]] of Object.entries(breaks)) {
      it(`never passes over what is not known: ${what}`, () => {
        const stack = stackOf(change);
        for (const changed of stack.resources) {
          if (JSON.stringify(changed.inputs) === whole.get(changed.urn)) continue;
          for (const inputs of withOneUnknown(changed.inputs)) {
            const resources = stack.resources.map((r) => (r === changed ? { ...changed, inputs } : r));
            const { findings, undecided } = runPolicies({ ...stack, resources }, {}, new Date(), [rule]);
            assert.ok(findings.length <= expected.length, `an unknown value adds a finding: ${JSON.stringify(inputs)}`);
            assert.ok(
              findings.length === expected.length || undecided.length > 0,
              `neither found nor undecided with ${JSON.stringify(inputs)}`,
            );
          }
        }
      });
    }

    for (const [what, change] of Object.entries({ "the stack that keeps every rule": unchanged, ...keeps })) {
      it(`is kept by: ${what}`, () => {
        const { messages, undecided, subjects } = apply(rule.name, change, "known");
        assertMessages(messages, []);
        assert.deepEqual(undecided, []);
        if (!rule.forbids && (change !== unchanged || !(rule.name in onlyWhenChanged)))
          assert.ok(subjects > 0, "the rule looked at nothing");
        assertMessages(apply(rule.name, change, "unknown").messages, []);
      });
    }

    for (const [what, change] of Object.entries(ignores)) {
      it(`is not about: ${what}`, () => {
        for (const mode of ["known", "unknown"] as const) {
          const { messages, subjects } = apply(rule.name, change, mode);
          assertMessages(messages, []);
          if (mode === "known") assert.equal(subjects, 0);
        }
      });
    }
  });
}

describe("the cases", () => {
  it("are about rules that exist", () => {
    const names = rules.map((r) => r.name);
    assert.deepEqual(
      Object.keys(cases).filter((name) => !names.includes(name)),
      [],
    );
  });
});
