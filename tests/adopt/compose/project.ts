import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { stringify } from "yaml";
import { adoptCompose } from "../../../adopt/compose/translate";
import { type Ledger, showField } from "../../../adopt/ledger";
import { type Adoption, reportOf } from "../../../adopt/report";
import { complaintsOf } from "../../../settings/complaints";

export const ROOT = join(__dirname, "..", "..", "..");
export const CORPUS = join(__dirname, "corpus");

/** A Pulumi project of the template's program. */
export const pulumiProject = (root: string): Record<string, string> => ({
  "Pulumi.yaml": stringify({
    name: "shop",
    main: "index.ts",
    runtime: { name: "nodejs", options: { tsconfig: join(ROOT, "tsconfig.json") } },
  }),
  "index.ts": `import template = require(${JSON.stringify(relative(root, join(ROOT, "index")))});\n\nexport = template;\n`,
});

/** A folder with these files, which is deleted again. */
export function within<T>(files: Record<string, string>, work: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "compose-"));
  try {
    for (const [name, text] of Object.entries({ ...pulumiProject(root), ...files })) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

export interface Adopted extends Adoption {
  settings: Ledger["settings"];
  report: string;
  /** What became of a field: the texts of its entries. */
  told(path: string): string[];
}

/** What becomes of a compose file, a text or a document, with files beside it. */
export function adopted(compose: unknown, files: Record<string, string> = {}, services: string[] = []): Adopted {
  const text = typeof compose === "string" ? compose : stringify(compose);
  return within({ "compose.yaml": text, ...files }, (root) => {
    const adoption = adoptCompose(join(root, "compose.yaml"), { root, services, stack: "prod", region: "eu-west-1" });
    const { ledger } = adoption;
    ledger.close(complaintsOf);
    const entries = [
      ...ledger.taken.map((one) => ({ ...one, text: one.setting ? `= ${showField(one.setting)}` : one.why! })),
      ...ledger.changed.map((one) => ({ ...one, text: one.why })),
      ...ledger.left.map((one) => ({ ...one, text: one.todo })),
    ];
    return {
      ...adoption,
      settings: ledger.settings,
      report: reportOf(adoption, "compose.yaml", "prod"),
      told: (path) => entries.filter((one) => showField(one.path) === path).map((one) => one.text),
    };
  });
}

/** The settings of the one service that these fields make. */
export const serviceWith = (fields: object, files: Record<string, string> = {}): Record<string, unknown> =>
  adopted({ services: { web: { image: "acme/web:1.0", ...fields } } }, files).settings.service as Record<string, unknown>;
