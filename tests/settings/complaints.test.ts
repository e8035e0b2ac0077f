import assert from "node:assert/strict";
import { defaultOf } from "../../settings/complaints";

describe("the default of a setting", () => {
  const rows: [setting: string, byDefault: unknown][] = [
    ["deletionProtection", true],
    ["service.healthCheck.interval", 10],
    ["services.web.healthCheck.interval", 10],
    ["service.ports.admin.deregistrationDelay", 15],
    ["service.sidecars.agent.essential", true],
    ["services.web.sidecars.agent.dropCapabilities", ["ALL"]],
    // A word stands for the group: `rollout: canary`.
    ["service.rollout.canaryPercent", 10],
    // Other settings decide it.
    ["service.rollout.maximumPercent", undefined],
    ["service.command", undefined],
    ["service", {}],
    ["service.nothing", undefined],
    ["service.cpu.nothing", undefined],
    ["nothing.at.all", undefined],
  ];
  for (const [setting, byDefault] of rows)
    it(`is ${JSON.stringify(byDefault)} of ${setting}`, () => assert.deepEqual(defaultOf(setting.split(".")), byDefault));
});
