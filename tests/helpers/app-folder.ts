// Folders with a Dockerfile and what lies beside it, each gone after the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

/** A folder with these files, by their paths. */
export function appFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "berth-app-"));
  made.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Removes the folders that were made. */
export function removeAppFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
