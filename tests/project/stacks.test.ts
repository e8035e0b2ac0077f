// The stacks of this project: each can be planned, and breaks no rule that its stack file does not relax. Their names are those of the files Pulumi.<stack>.yaml.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";
import { stacks } from "./project";

interface Outcome {
  status: number;
  said: string;
}

function plan(stack: string): Promise<Outcome> {
  const command = [join(REPOSITORY, "bin", "berth.js"), "plan", "--stack", stack];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: REPOSITORY }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

describe("the stacks of this project", () => {
  let plans: Map<string, Outcome>;
  before(async () => {
    plans = new Map(await Promise.all(stacks.map(async (stack) => [stack, await plan(stack)] as const)));
  });

  it("are there", () => assert.ok(stacks.length > 0, "there is no Pulumi.<stack>.yaml"));

  for (const stack of stacks)
    it(`${stack} can be planned, and breaks no rule`, () => {
      const { status, said } = plans.get(stack)!;
      assert.equal(status, 0, said);
    });
});
