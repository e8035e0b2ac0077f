import assert from "node:assert/strict";
import { join } from "node:path";
import "../../components";
import "../../settings";
import { loadProject, type ProjectOptions } from "../../plan/project/project";
import { recordKnown } from "../../plan/record/record";
import { hazardsOf } from "../../plan/update/serving/hazards";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { recorded, recordedExamples, updateOf } from "../helpers/recorded";

const stack = (name: string, config: string[] = []): ProjectOptions => ({ cwd: TEMPLATE, stack: name, config, configPath: true });

/** What an earlier version made, by the name of its recording. */
const STACKS: [name: string, options: ProjectOptions][] = [
  ["dev", stack("dev")],
  ["prod", stack("prod")],
  ["prod | encryption=own", stack("prod", ["encryption=own"])],
  ["ec2", stack("ec2")],
  ["managed", stack("ec2", ["compute=managed-instances"])],
  ["dev | service.rollout=blueGreen", stack("dev", ["service.rollout=blueGreen"])],
  ["dev | tasks.report, scheduled", stack("dev", ['tasks={"report":{"command":["node","report.js"],"schedule":"rate(1 day)"}}'])],
  ...recordedExamples().map((name): [string, ProjectOptions] => [name, { cwd: join(REPOSITORY, name) }]),
];

describe("a new version of Berth, taken into use by a stack that an earlier one made", function () {
  this.timeout(30_000);
  for (const [name, options] of STACKS) {
    it(`${name}: replaces nothing that serves or holds data, and interrupts nothing`, async () => {
      const { resources } = await recordKnown(loadProject(options));
      const hazards = hazardsOf(updateOf(recorded(name), resources));
      assert.deepEqual(
        hazards.map(({ kind, what, text }) => `${kind}: ${what}: ${text}`),
        [],
      );
    });
  }
});
