import * as assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, describe, it } from "mocha";
import { type Run, runProgram } from "../../bench/runner";
import { loadProject } from "../../plan/project/project";
import { TEMPLATE } from "../helpers/places";

const stacks = readdirSync(TEMPLATE).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);

/** Type and name say which resources there are; their order is the scheduler's. */
function resourcesOf(run: Run): string[] {
  return run.graph.resources.map(({ type, name }) => `${type} ${name}`).sort();
}

describe("index.ts under Pulumi's real runner", () => {
  const runs = new Map<string, { up: Run; preview: Run }>();

  before("all at once: a run mostly waits for one core", async () => {
    await Promise.all(
      stacks.map(async (stack) => {
        const project = loadProject({ cwd: TEMPLATE, stack });
        const [up, preview] = await Promise.all([runProgram(project, { dryRun: false }), runProgram(project, { dryRun: true })]);
        runs.set(stack, { up, preview });
      }),
    );
  });

  it("runs dev and prod among others", () => {
    assert.deepEqual(
      ["dev", "prod"].filter((stack) => !stacks.includes(stack)),
      [],
    );
  });

  for (const stack of stacks) {
    describe(`stack ${stack}`, () => {
      for (const mode of ["up", "preview"] as const) {
        it(`${mode} ends well, with a service among its resources and no URN twice`, () => {
          const { exitCode, messages, graph } = runs.get(stack)![mode];
          assert.equal(exitCode, 0, messages.join("\n"));
          assert.equal(graph.resources.filter(({ type }) => type === "aws:ecs/service:Service").length, 1);
          assert.equal(new Set(graph.resources.map(({ urn }) => urn)).size, graph.resources.length);
        });
      }

      it("registers the same resources whether AWS's values are known or not", () => {
        const { up, preview } = runs.get(stack)!;
        assert.deepEqual(resourcesOf(preview), resourcesOf(up));
      });
    });
  }
});
