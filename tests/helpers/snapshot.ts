import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Holds a text to the one in a file. UPDATE_SNAPSHOTS=1 writes the file again: look at the difference. */
export function assertSnapshot(file: string, text: string, what: string): void {
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing; UPDATE_SNAPSHOTS=1 writes it`);
  assert.equal(text, readFileSync(file, "utf8"), `${what} has changed; if that was meant, UPDATE_SNAPSHOTS=1 renews ${file}`);
}
