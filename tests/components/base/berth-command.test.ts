import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onChange, onDestroy } from "../../../components/base/berth-command";
import { deploy } from "../../helpers/deploy";
import { REPOSITORY } from "../../helpers/places";

describe("a command of the tool in an update", () => {
  it("is a constant script, and settings reach it as variables", async () => {
    let commands: unknown[] = [];
    await deploy(() => {
      commands = [onChange("run", { BERTH_COMMAND: "; reboot", BERTH_NONE: undefined }), onDestroy("deregister", { BERTH_FAMILY: "web" })];
    });
    assert.deepEqual(commands, [
      { create: 'node "../../../bin/berth.js" run', environment: { BERTH_STACK: "test", BERTH_COMMAND: "; reboot" } },
      { delete: 'node "../../../bin/berth.js" deregister', environment: { BERTH_STACK: "test", BERTH_FAMILY: "web" } },
    ]);
  });

  it("calls the tool by the project's link to it, whatever version the link leads to", async () => {
    const project = mkdtempSync(join(tmpdir(), "berth-link-"));
    mkdirSync(join(project, "node_modules"));
    mkdirSync(join(project, "program"));
    symlinkSync(REPOSITORY, join(project, "node_modules", "berth"));
    const scripts: unknown[] = [];
    try {
      await deploy(() => {
        for (const folder of [project, join(project, "program")]) {
          process.chdir(folder);
          scripts.push(onChange("wait", {}).create);
        }
      });
    } finally {
      rmSync(project, { recursive: true });
    }
    const expected = ['node "node_modules/berth/bin/berth.js" wait', 'node "../node_modules/berth/bin/berth.js" wait'];
    assert.deepEqual(scripts.slice(0, 2), expected);
  });
});
