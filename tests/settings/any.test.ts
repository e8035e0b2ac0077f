// Whatever stands in a stack file, a plan or an error that speaks to the user comes of it. The keys are those of the schema.
import "../../components"; // Loaded once, before the recordings, which would load them each time.
import assert from "node:assert/strict";
import { join } from "node:path";
import * as fc from "fast-check";
import { record } from "../../plan/record/record";
import { legalValues, merge, type Path, settingPaths, taken, VALUES } from "../helpers/any-settings";
import { TEMPLATE } from "../helpers/places";
import { configOf } from "../helpers/settings";

describe("any settings", function () {
  // Each setting with each value is a minute's work.
  this.timeout(600_000);
  let paths: Path[];
  /** By setting, the values that it takes by itself. */
  let legal: [Path, unknown[]][];

  before(() => {
    paths = settingPaths();
    legal = legalValues();
  });

  it("are known to this test, each with legal values and with illegal ones", () => {
    assert.ok(paths.length > 60, `only ${paths.length} settings`);
    for (const [path, values] of legal) {
      assert.ok(values.length > 0, `no value of this test is legal for ${path.join(".")}`);
      assert.ok(values.length < VALUES.length, `${path.join(".")} takes anything`);
    }
  });

  it("are taken or refused, whatever the values", () => {
    const setting = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...VALUES));
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 12 }), (settings) => {
        taken(merge(settings));
      }),
      { numRuns: 400 },
    );
  });

  it("are taken or refused, whatever the shape", () => {
    const tops = [...new Set(paths.map(([top]) => top))];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...(tops as string[]), "banana"), fc.jsonValue(), { maxKeys: 4 }), (config) => {
        taken(config);
      }),
      { numRuns: 200 },
    );
  });

  it("that are taken give a plan or an error of the user's, never a crash", async () => {
    const setting = fc.constantFrom(...legal).chain(([path, values]) => fc.tuple(fc.constant(path), fc.constantFrom(...values)));
    await fc.assert(
      fc.asyncProperty(fc.array(setting, { minLength: 1, maxLength: 5 }), async (settings) => {
        const config = configOf({ "aws:region": "eu-west-3", ...merge(settings) });
        const project = {
          name: "berth",
          stack: "dev",
          root: TEMPLATE,
          main: join(TEMPLATE, "index.ts"),
          config,
          secretKeys: [],
          notes: [],
        };
        try {
          const { known } = await record(project);
          assert.ok(known.resources.some(({ type }) => type === "aws:ecs/service:Service"));
        } catch (error) {
          assert.doesNotMatch((error as Error).message, /^The program|\n\s+at /);
          assert.equal((error as Error).name, "UserError");
        }
      }),
      { numRuns: 4 },
    );
  });
});
