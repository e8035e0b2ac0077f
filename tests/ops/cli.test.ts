import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { register } from "../../ops/cli";
import { assertSnapshot } from "../helpers/snapshot";

describe("the commands of berth", () => {
  const program = new Command("berth");
  register(program);

  it("have the names, options, variables, defaults and help that they had", () => {
    const text = program.commands.map((command) => {
      const arguments_ = command.registeredArguments.map(
        (argument) => `  ${argument.name()}${argument.variadic ? "..." : ""}  ${argument.description}`,
      );
      const options = command.options.map(({ flags, description, envVar, defaultValue, mandatory, hidden, argChoices }) => {
        const notes = [
          envVar,
          defaultValue !== undefined && `default ${JSON.stringify(defaultValue)}`,
          argChoices?.join("|"),
          mandatory && "mandatory",
          hidden && "hidden",
        ];
        return `  ${flags}  ${description}  [${notes.filter(Boolean).join(", ")}]`;
      });
      return [`${command.name()}: ${command.summary()}`, `  ${command.description()}`, ...arguments_, ...options, ""].join("\n");
    });
    assertSnapshot(join(__dirname, "cli.txt"), text.join("\n"), "the command line");
  });

  it("read the variables that docs/operate.md names, and no others", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "operate.md"), "utf8");
    const { table } = /^## In CI\n(?<table>[\s\S]*?)^## /m.exec(page)!.groups!;
    const documented = new Set([...table!.matchAll(/`(BERTH_[A-Z_]+)`/g)].map(([, name]) => name!));
    const read = program.commands.flatMap((command) => command.options).map(({ envVar }) => envVar);
    // The command of `run` is no option.
    assert.deepEqual([...documented].sort(), [...new Set([...read, "BERTH_COMMAND"])].filter((name) => name !== undefined).sort());
  });
});
