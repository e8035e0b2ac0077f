// Whatever the settings: a stack that runs is imported whole, and its first update only names what is made anew.
import "../../../components"; // Loaded once, before the recordings, which would load them each time.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isImportable } from "../../../adopt/import/ids";
import { planImport } from "../../../adopt/import/plan-import";
import { UserError } from "../../../facts/errors";
import { loadProject } from "../../../plan/project/project";
import { legalValues, merge } from "../../helpers/any-settings";
import { describedOf } from "../../helpers/in-aws";
import { TEMPLATE } from "../../helpers/places";

const SUBNETS = ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"];
const NETWORK = { existing: { vpcId: "vpc-0a1b2c3d4e5f67890", privateSubnetIds: SUBNETS, publicSubnetIds: SUBNETS } };
/** What stands elsewhere is nobody's to import, and what was adopted before is pinned already. */
const ELSEWHERE = ["network", "platform", "review", "adopted"];

describe("the import of any stack", function () {
  this.timeout(600_000);

  it("names every resource that can be imported, keeps nothing but names, and replaces none", async () => {
    const legal = legalValues().filter(([[top]]) => !ELSEWHERE.includes(String(top)));
    const setting = fc.constantFrom(...legal).chain(([path, values]) => fc.tuple(fc.constant(path), fc.constantFrom(...values)));
    await fc.assert(
      fc.asyncProperty(fc.array(setting, { minLength: 1, maxLength: 4 }), async (drawn) => {
        const settings = { "aws:region": "eu-west-3", network: NETWORK, ...merge(drawn) };
        const project = loadProject({ cwd: TEMPLATE, stack: "dev", settings });
        const described = await describedOf(project).catch((error: unknown) => {
          if (error instanceof UserError) return undefined;
          throw error;
        });
        // Settings that do not go together are drawn again.
        fc.pre(described !== undefined);
        const { file, adopted, left, changed } = await planImport(project, [...described.values()]);
        const ids = new Map(file.resources.map(({ name, id }) => [name, id]));
        for (const [urn, { type, id }] of described)
          if (isImportable(type)) assert.equal(ids.get(urn.split("::").slice(2).join("::")), id, urn);
        assert.deepEqual(left, []);
        for (const [key, inputs] of Object.entries(adopted))
          assert.ok(
            Object.keys(inputs).every((input) => /^(name|bucket|scheduledActionName)$/.test(input)),
            `${key}: ${JSON.stringify(inputs)}`,
          );
        assert.deepEqual(
          changed.filter(({ effect }) => effect === "replaced"),
          [],
        );
      }),
      { numRuns: 8 },
    );
  });
});
