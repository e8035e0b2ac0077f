// Writes docs/changes.md: what each setting does to a live stack, from the tests of the second day.
//   node -r ts-node/register/transpile-only scripts/changes-page.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { changesPage } from "../tests/second-day/page";

const file = join(__dirname, "..", "docs", "changes.md");
void changesPage().then((page) => writeFileSync(file, page));
