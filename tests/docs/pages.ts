// What the documentation consists of, for the tests that hold it to the code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";

export interface Page {
  /** Path from the repository's root. */
  file: string;
  text: string;
}

/** A fenced block of code, and where it begins. */
export interface Block {
  file: string;
  line: number;
  code: string;
}

const folder = (name: string) =>
  readdirSync(join(REPOSITORY, name), { recursive: true, encoding: "utf8" }).flatMap((file) =>
    file.endsWith(".md") ? [join(name, file)] : [],
  );

export const pages: Page[] = ["README.md", ...folder("docs").sort(), ...folder("examples").sort()].map((file) => ({
  file,
  text: readFileSync(join(REPOSITORY, file), "utf8"),
}));

/** Every block of code in a language. */
export function blocks(language: string): Block[] {
  return pages.flatMap(({ file, text }) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map((found) => ({
      file,
      line: text.slice(0, found.index).split("\n").length,
      code: found[1] ?? "",
    })),
  );
}
