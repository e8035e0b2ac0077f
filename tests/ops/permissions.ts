import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCS = join(__dirname, "..", "..", "docs");

/** What a command is documented to need, and what it works without. */
export interface Permissions {
  needed: string[];
  optional: string[];
}

/** The table in docs/ci.md, by command. */
export function documented(): Map<string, Permissions> {
  const table = new Map<string, Permissions>();
  const { section } = /^## What berth may do\n(?<section>[\s\S]*?)^## /m.exec(readFileSync(join(DOCS, "ci.md"), "utf8"))!.groups!;
  for (const [, command, needed, optional] of section!.matchAll(/^\| `([a-z-]+)` \| (.*?) \| ?(.*?) ?\|$/gm)) {
    table.set(command!, { needed: actionsIn(needed!, table), optional: actionsIn(optional!, table) });
  }
  return table;
}

const actionsOf = (text: string) => [...text.matchAll(/`([a-z0-9-]+:[A-Za-z]+)`/g)].map(([, action]) => action!);

/** The actions of a cell; `those of X but Y` are X's without Y. */
function actionsIn(cell: string, table: Map<string, Permissions>): string[] {
  const [, command, except = ""] = /those of `([a-z-]+)`(?: but ([^;]*))?/.exec(cell) ?? [];
  const own = actionsOf(cell).filter((action) => !actionsOf(except).includes(action));
  if (command === undefined) return own;
  return [...own, ...table.get(command)!.optional.filter((action) => !actionsOf(except).includes(action))];
}

/** The actions of a policy that the documentation gives to a pipeline. */
export function policyActions(policy = "berth-policy.json"): string[] {
  const { Statement } = JSON.parse(readFileSync(join(DOCS, "ci", policy), "utf8")) as { Statement: { Action: string[] }[] };
  return Statement.flatMap(({ Action }) => Action);
}

const TABLE = documented();

/** Fails for a call that docs/ci.md does not have for the command. Anybody may ask STS who they are, and roles are assumed as the settings say. */
export function assertDocumented(command: string, actions: string[]): void {
  const { needed, optional } = TABLE.get(command) ?? { needed: [], optional: [] };
  const unknown = actions.filter((action) => !action.startsWith("sts:") && ![...needed, ...optional].includes(action));
  assert.deepEqual([...new Set(unknown)], [], `docs/ci.md does not say that berth ${command} calls these`);
}
