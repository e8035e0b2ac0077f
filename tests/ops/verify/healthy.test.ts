// No false alarm: in an account where all is well, nothing is found for any stack or example, deployed or not.
import assert from "node:assert/strict";
import type { RecordedResource } from "../../../facts/graph";
import type { StateResource } from "../../../tool/state-file";
import { everyGraph } from "../../helpers/every-graph";
import { documented } from "../permissions";
import { deployed, found } from "./graph";

/** What the programs of the template and the examples look up. */
const INVOKES = [{ token: "aws:route53/getZone:getZone", args: { name: "example.com" } }];
const hasRecords = (resources: RecordedResource[]) => resources.some(({ type }) => type === "aws:route53/record:Record");

describe("berth verify in an account where all is well", function () {
  this.timeout(120_000);

  it("finds nothing for any stack or example: before its first deploy, when it is deployed, and when nobody knows", async () => {
    const { optional } = documented().get("verify")!;
    for (const resources of await everyGraph()) {
      const states: (StateResource[] | undefined)[] = [[], resources.map((one, i) => deployed(one, `id-${i}`)), undefined];
      for (const state of states) {
        const { checks, calls } = await found({ resources, invokes: hasRecords(resources) ? INVOKES : [], state });
        const where = resources[0]!.urn;
        assert.deepEqual(checks, [], where);
        const unknown = calls.map(({ action }) => action).filter((action) => !action.startsWith("sts:") && !optional.includes(action));
        assert.deepEqual(unknown, [], where);
      }
    }
  });
});
