// The linter keeps imports between rooms one-way. Here: that its rule fires for each forbidden arrow, and stays silent for those that design.md allows.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ESLint, type Linter } from "eslint";
import tseslint from "typescript-eslint";
import { REPOSITORY } from "../helpers/places";

const foldersIn = (path: string) =>
  readdirSync(join(REPOSITORY, path), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe("the rule for imports between rooms", () => {
  let linter: ESLint;
  before(async () => {
    const { arrows } = (await import(pathToFileURL(join(REPOSITORY, "eslint.config.mjs")).href)) as { arrows: Linter.Config[] };
    const parser = tseslint.parser as Linter.Parser;
    linter = new ESLint({
      cwd: REPOSITORY,
      overrideConfigFile: true,
      overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parser } }, ...arrows],
    });
  });

  async function complaints(filePath: string, code: string): Promise<string[]> {
    const [result] = await linter.lintText(code, { filePath: join(REPOSITORY, filePath) });
    return result!.messages.map(({ message }) => message);
  }

  const FORBIDDEN: [file: string, code: string][] = [
    ["facts/sizes.ts", 'import { UserError } from "../tool/errors";'],
    ["facts/data/x.ts", 'export * from "../../components";'],
    ["tool/printable.ts", 'import type { Plan } from "../plan/plan";'],
    ["sdk/lighten.ts", 'import { Network } from "../components/network/network";'],
    ["ops/cli.ts", 'import { lightenSdk } from "../sdk/lighten";'],
    ["components/index.ts", 'import { plan } from "../plan/plan";'],
    ["components/task/task.ts", 'import { readSettings } from "../../settings";'],
    ["components/task/task.ts", 'import { service } from "../../settings/service";'],
    ["components/task/task.ts", 'import { rules } from "../../policy/rules";'],
    ["components/task/task.ts", 'const { run } = await import("../../ops/cli");'],
    ["components/task/task.ts", 'const cli = require("../../ops/cli");'],
    ["components/task/task.ts", 'type Plan = import("../../plan/plan").Plan;'],
    ["components/task/task.ts", 'import { web } from "../../index";'],
    ["components/task/task.ts", 'import { deploy } from "../../tests/helpers/deploy";'],
    ["components/base/component.ts", 'import { Network } from "../network/network";'],
    ["components/cluster/cluster.ts", 'import { FargateService } from "../service/fargate-service";'],
    ["settings/network.ts", 'import { record } from "../plan/record/record";'],
    ["settings.ts", 'import { rules } from "./policy/rules";'],
    ["index.ts", 'import { record } from "./plan/record/record";'],
    ["policy/rules/index.ts", 'import { Network } from "../../components";'],
    ["policy/rules/security/x.ts", 'import { planOf } from "../../../plan/plan";'],
    ["plan/record/mocks.ts", 'import { Network } from "../../components/network/network";'],
    ["plan/plan.ts", 'import { register } from "../ops/cli";'],
    ["ops/verbs/run.ts", 'import { readSettings } from "../../settings";'],
    ["ops/cli.ts", 'import { register } from "../plan/cli";'],
    ["adopt/ledger.ts", 'import { parse } from "../components/base/schema";'],
    ["plan/plan.ts", 'import { Ledger } from "../adopt/ledger";'],
    ["settings/stack.ts", 'import { Ledger } from "../adopt/ledger";'],
  ];
  for (const [file, code] of FORBIDDEN)
    it(`refuses in ${file}: ${code}`, async () => assert.match((await complaints(file, code)).join("\n"), /may import/));

  const ALLOWED: [file: string, code: string][] = [
    ["index.ts", 'import { readSettings } from "./settings"; import { Network } from "./components/network/network";'],
    [
      "settings.ts",
      'import { service } from "./settings/service"; import type { A } from "./components"; import { b } from "./facts/arns";',
    ],
    ["components/service/service.ts", 'import { Task } from "../task/task"; import { arn } from "../../facts/arns";'],
    ["components/network/network.ts", 'import { Component } from "../base/component";'],
    [
      "policy/rules/security/x.ts",
      'import { define } from "../../engine/define"; import { graph } from "../../graph/graph"; import "../index";',
    ],
    [
      "plan/update/compare.ts",
      'import { rules } from "../../policy/rules"; import { printable } from "../../tool/printable"; import "../plan";',
    ],
    [
      "ops/verbs/run.ts",
      'import { io } from "../io"; import { locate } from "../stack/locate"; import { printable } from "../../tool/printable";',
    ],
    ["adopt/command.ts", 'import { complaintsOf } from "../settings/complaints"; import { planOf } from "../plan/plan";'],
    ["bin/cli.ts", 'import { register } from "../ops/cli"; import { planOf } from "../plan/plan";'],
    ["tests/helpers/deploy.ts", 'import { record } from "../../plan/record/record"; import { Network } from "../../components";'],
  ];
  for (const [file, code] of ALLOWED) it(`takes in ${file}: ${code}`, async () => assert.deepEqual(await complaints(file, code), []));

  it("knows every folder of components/", async () => {
    // What stands last may import all the others; each of them is refused it.
    for (const room of foldersIn("components").filter((name) => name !== "alarms"))
      assert.equal((await complaints(`components/${room}/x.ts`, 'import "../alarms/alarms";')).length, 1, room);
  });
});

it("index.ts shows the architecture in less than a hundred lines; what grows beyond belongs to a component, or to settings/parts.ts", () => {
  assert.ok(readFileSync(join(REPOSITORY, "index.ts"), "utf8").trimEnd().split("\n").length < 100);
});
