import assert from "node:assert/strict";
import { Stage } from "./stage";

describe("berth completion", () => {
  const stage = Stage.use();
  it("knows every verb and option", async () => {
    const { out } = await stage.run(["completion", "bash"]);
    for (const verb of ["wait", "status", "logs", "exec", "run", "rollback", "open", "doctor"])
      assert.match(out, new RegExp(`^ {4}${verb}\\) words="--stack `, "m"));
    assert.match((await stage.run(["completion", "zsh"])).out, /^autoload -U \+X bashcompinit/);
    assert.match(
      (await stage.run(["completion", "fish"])).out,
      /^complete -c berth -f -n __fish_use_subcommand -a wait -d 'follow a rollout to its end'$/m,
    );
  });

  it("knows no other shell", async () => {
    const { status, err } = await stage.run(["completion", "tcsh"]);
    assert.equal(status, 1);
    assert.match(err, /"tcsh" is not a supported shell; allowed: bash, zsh, fish\./);
  });
});
