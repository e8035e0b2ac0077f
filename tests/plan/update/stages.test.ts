import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Step, UpdateOrder } from "../../../plan/update/order/order";
import { stagesOf } from "../../../plan/update/order/stages";

const step = (name: string, kind: Step["kind"] = "create", action = "create") =>
  ({ kind, change: { action }, resource: { urn: name } }) as unknown as Step;

/** Steps in an order in which each stands behind what it waits for. */
const order = (steps: Step[], over: (step: Step) => Step[]) =>
  ({ inOrder: () => steps, over: (one: Step) => new Set(over(one)) }) as unknown as UpdateOrder;

describe("the stages of an update", () => {
  it("are none where nothing changes", () => assert.deepEqual(stagesOf(order([], () => [])), []));

  it("have each step in the first stage in which all that it waits for is over", () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(graph, (waits) => {
        const steps = waits.map((_, i) => step(String(i)));
        const before = (one: Step) => {
          const i = steps.indexOf(one);
          return i === 0 ? [] : waits[i]!.map((n) => steps[n % i]!);
        };
        const stages = stagesOf(order(steps, before));
        const stageOf = (one: Step) => stages.findIndex((stage) => stage.steps.some(({ urn }) => urn === one.resource.urn));
        for (const one of steps) assert.equal(stageOf(one), Math.max(-1, ...before(one).map(stageOf)) + 1);
        assert.equal(stages.flatMap((stage) => stage.steps).length, steps.length);
      }),
    );
  });

  it("call the making of what takes another's place a replacement, and its end a deletion", () => {
    const made = step("a", "create", "replace");
    const gone = step("a", "delete", "replace");
    const stages = stagesOf(order([made, gone, step("b", "update", "update")], (one) => (one === gone ? [made] : [])));
    assert.deepEqual(
      stages.map(({ steps }) => steps.map(({ action, urn }) => `${action} ${urn}`)),
      [["replace a", "update b"], ["delete a"]],
    );
  });
});
