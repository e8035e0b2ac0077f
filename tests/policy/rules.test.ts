import assert from "node:assert/strict";
import { graphOf } from "../../policy/engine/define";
import { type Outcome, runPolicies } from "../../policy/engine/run";
import { toPolicyResources } from "../../policy/graph/recorded";
import { rules } from "../../policy/rules";
import { balancerCases } from "./cases/balancers";
import { capacityCases } from "./cases/capacity";
import type { Case, Cases, Change } from "./cases/case";
import { identityCases } from "./cases/identity";
import { imageCases } from "./cases/images";
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
};

/** What one rule finds in the changed world, and how many resources it looked at. */
function apply(name: string, change: Change, mode: Mode): Outcome & { messages: string[]; subjects: number } {
  const w = world();
  change(w);
  const stack = record(nodesOf(w), mode, lookups);
  const rule = rules.find((r) => r.name === name)!;
  const outcome = runPolicies(stack, {}, new Date(), [rule]);
  const graph = graphOf(toPolicyResources(stack.resources), { invokes: stack.invokes });
  return { ...outcome, messages: outcome.findings.map((f) => f.message), subjects: rule.subjects(graph).length };
}

function assertMessages(messages: string[], expected: readonly string[]) {
  assert.equal(messages.length, expected.length, `${messages.length} findings instead of ${expected.length}:\n${messages.join("\n")}`);
  for (const [i, text] of expected.entries()) assert.ok(messages[i].includes(text), `"${messages[i]}" does not say "${text}"`);
}

/** Rules about what the world, which is good, does not have: their cases bring it. */
const onlyWhenChanged: Record<string, true> = {
  "autoscaling-group-capacity-rebalance": true,
  "autoscaling-group-elb-health": true,
  "ec2-launch-template-bridge-ingress": true,
};

const unchanged: Change = () => undefined;

for (const rule of rules) {
  const { breaks = {}, keeps = {}, ignores = {}, inPreview = {} } = (cases[rule.name] ?? {}) as Partial<Case>;

  describe(rule.name, () => {
    it("has cases that break it", () => assert.ok(Object.keys(breaks).length > 0));

    for (const [what, [change, ...expected]] of Object.entries(breaks)) {
      it(`finds: ${what}`, () => {
        const { messages, findings } = apply(rule.name, change, "known");
        assertMessages(messages, expected);
        assert.ok(findings.every((f) => f.urn.startsWith("urn:pulumi:prod::shop::") && f.severity === rule.severity && f.fix === rule.fix));
      });

      const still = inPreview === "undecided" ? [] : inPreview[what];
      it(`${still ? "leaves undecided" : "finds"} in a preview: ${what}`, () => {
        const { messages, undecided } = apply(rule.name, change, "unknown");
        assertMessages(messages, still ?? expected);
        if (still) assert.deepEqual(undecided, [rule.name]);
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
