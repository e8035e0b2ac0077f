// Three releases in a row of a service whose two target groups take turns. ECS moves the weights of the listener rule at each, and leaves them there.
import assert from "node:assert/strict";
import type { JsonObject, Resource } from "../../facts/graph";
import { LISTENER_RULE, SERVICE, TARGET_GROUP } from "../../facts/types";
import { locationIn } from "../../plan/record/region";
import { hazardsOf } from "../../plan/update/serving/hazards";
import { Revision } from "../../plan/update/serving/revision";
import { routesTo } from "../../plan/update/serving/traffic";
import { Update } from "../../plan/update/serving/update";
import type { World } from "../../plan/update/serving/world";
import { deploy, REGION } from "../helpers/deploy";
import { makeService } from "../helpers/variants";

type Side = 0 | 1;
const other = (side: Side): Side => (side === 0 ? 1 : 0);

const release = async (strategy: "blueGreen" | "canary" | "linear", version: string) =>
  (
    await deploy(() =>
      makeService("FargateService", { rollout: { strategy, testHeader: { "x-preview": "yes" } }, environment: { VERSION: version } }),
    )
  ).resources;

/** Inputs of a rule whose weights ECS has moved. */
function moved(inputs: JsonObject, side: Side): JsonObject {
  const [action] = inputs.actions as { type: string; forward: { targetGroups: { arn: string }[] } }[];
  const targetGroups = action!.forward.targetGroups.map(({ arn }, i) => ({ arn, weight: i === side ? 100 : 0 }));
  return { ...inputs, actions: [{ type: "forward", forward: { targetGroups } }] };
}

/** The state of a stack after a refresh. */
const live = (resources: Resource[], side: Side) =>
  resources.map((resource) => (resource.type === LISTENER_RULE ? { ...resource, inputs: moved(resource.inputs, side) } : resource));

/** How many routes lead to a revision whose tasks are on a side, by the weights that the rules really have. */
const routes = (world: World, revision: Revision, side: Side) => routesTo({ world, revision, side, moved: [], others: new Set() }).length;

for (const strategy of ["blueGreen", "canary", "linear"] as const) {
  describe(`three ${strategy} releases in a row`, () => {
    it("end with the traffic on the new revision each time, and no update moves it back", async () => {
      let side: Side = 0;
      let before = await release(strategy, "0");
      for (const version of ["1", "2", "3"]) {
        const after = await release(strategy, version);
        const update: Update = new Update(live(before, side), after, locationIn(REGION));
        const service = after.find(({ type }) => type === SERVICE)!;
        const touched = update.changes.map(({ resource }) => resource.type);
        assert.deepEqual([touched.includes(LISTENER_RULE), touched.includes(TARGET_GROUP)], [false, false]);
        assert.deepEqual(hazardsOf(update), []);
        assert.equal(update.deploymentOf(service), "taskDefinition");
        assert.ok(update.followerOf(service));

        const old = new Revision(update.start, update.was(update.formerOf(service)!));
        assert.deepEqual([routes(update.end, old, side), routes(update.end, old, other(side))], [1, 0], "until ECS moves it");
        side = other(side);
        const rules = update.end.ofType(LISTENER_RULE).map((rule) => ({ ...rule, inputs: moved(rule.inputs, side) }));
        const served = update.end.with(rules);
        const fresh = new Revision(served, update.is(service));
        assert.deepEqual([routes(served, fresh, side), routes(served, fresh, other(side))], [1, 0], "when ECS has moved it");
        before = after;
      }
    });
  });
}
