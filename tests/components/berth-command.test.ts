import assert from "node:assert/strict";
import { onChange, onDestroy } from "../../components/berth-command";
import { deploy } from "../helpers/deploy";

describe("a command of the tool in an update", () => {
  it("is a constant script, and settings reach it as variables", async () => {
    let commands: unknown[] = [];
    await deploy(() => {
      commands = [onChange("run", { BERTH_COMMAND: "; reboot", BERTH_NONE: undefined }), onDestroy("deregister", { BERTH_FAMILY: "web" })];
    });
    assert.deepEqual(commands, [
      { create: 'node "bin/berth.js" run', environment: { BERTH_STACK: "test", BERTH_COMMAND: "; reboot" } },
      { delete: 'node "bin/berth.js" deregister', environment: { BERTH_STACK: "test", BERTH_FAMILY: "web" } },
    ]);
  });
});
