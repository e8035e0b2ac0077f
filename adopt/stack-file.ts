// The files that an adoption writes. None that exists is overwritten, and where one cannot be written, none is.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { UserError } from "../facts/errors";
import { KEYS } from "../settings/complaints";

/** A file to be written: its name in the folder of the project, and what is in it. */
export interface File {
  name: string;
  text: string;
}

/** A stack file with these settings. */
export function stackFile(stack: string, region: string | undefined, settings: Record<string, unknown>): File {
  const order = ([a]: [string, unknown], [b]: [string, unknown]) => KEYS.indexOf(a) - KEYS.indexOf(b);
  const config = { ...(region !== undefined && { "aws:region": region }), ...Object.fromEntries(Object.entries(settings).sort(order)) };
  return {
    name: `Pulumi.${stack}.yaml`,
    text: `# yaml-language-server: $schema=settings/stack.schema.json\n${stringify({ config }, { lineWidth: 0 })}`,
  };
}

/** Throws where one of the files stands there already. */
export function refuseExisting(root: string, files: readonly string[]): void {
  const there = files.filter((name) => existsSync(join(root, name)));
  if (there.length === 0) return;
  throw new UserError(
    `${there.join(" and ")} exist${there.length === 1 ? "s" : ""} already, and nothing was written: no file is overwritten.`,
    ["Choose another stack with --stack, or move the file away."],
  );
}

export function writeAll(root: string, files: readonly File[]): void {
  refuseExisting(
    root,
    files.map(({ name }) => name),
  );
  for (const { name, text } of files) writeFileSync(join(root, name), text, { flag: "wx" });
}
