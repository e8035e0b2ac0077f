// npm run docs: writes what is made from the sources. `-- --check` ends with 1 where a file is not what it would write (.ci/run and the tests do that).
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./docs/comments";
import { printedSchemas } from "./docs/json-schemas";
import { limitsPage } from "./docs/limits-page";
import { documents } from "./docs/rules";
import { settingsPage } from "./docs/settings-page";
import { planSchema, stackSchema } from "./docs/stack-schema";

/** The files that are made, whole or in part. */
export const FILES: { file: string; make: () => string }[] = [
  { file: "docs/settings.md", make: settingsPage },
  { file: "settings/stack.schema.json", make: stackSchema },
  { file: "plan/stack.schema.json", make: planSchema },
  ...printedSchemas,
  { file: "docs/limits.md", make: limitsPage },
  ...documents().map(({ file, text }) => ({ file: path.relative(ROOT, file), make: () => text })),
];

/** The files that are not what they should be, with what they should be. */
export const stale = () =>
  FILES.map(({ file, make }) => ({ file, text: make() })).filter(({ file, text }) => {
    const at = path.join(ROOT, file);
    return !existsSync(at) || readFileSync(at, "utf8") !== text;
  });

if (require.main === module) {
  const check = process.argv.includes("--check");
  const found = stale();
  for (const { file, text } of found) {
    if (!check) writeFileSync(path.join(ROOT, file), text);
    console.log(check ? `${file} is stale; npm run docs writes it again.` : `${file} is written.`);
  }
  if (found.length === 0) console.log("All generated files are up to date.");
  if (check && found.length > 0) process.exitCode = 1;
}
