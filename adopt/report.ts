// The report of an adoption, for a person: what was taken over, what is different on purpose, what is left to do, and the steps. No value of a field is in it.
import { table } from "../plan/report/markdown";
import { plural } from "../tool/text";
import type { Described } from "./import/described";
import { type Ledger, type Left, type Path, showField } from "./ledger";

/** A step of the way from what runs to the stack. */
export interface Step {
  title: string;
  /** What it does, and why. */
  text?: string;
  /** Commands, a line each. */
  commands?: string[];
  /** How to see that it worked. */
  check?: string[];
  /** How to go back from here. */
  rollback?: string[];
}

/** What an adoption found and made. */
export interface Adoption {
  ledger: Ledger;
  /** The region of the stack, where what was read says it. */
  region?: string;
  /** What AWS has that the stack takes over: the import file and its steps are made of it. */
  described?: Described[];
  /** The command that says how far the steps of an import are. */
  check?: string;
  /** What to do before an import: the first steps. */
  before?: Step[];
  /** What to do, in order. */
  steps: Step[];
  /** What can be done once it is a stack: the last steps. */
  later?: Step[];
  /** Resources for `pulumi import --file`, where there are any. */
  importFile?: object;
}

const code = (text: string) => `\`${text.replaceAll("`", "'")}\``;
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** Translators write `that of the service`, or a whole sentence, which stays as it is. */
const sentence = (text: string) => (text === "" || /[.?]$/.test(text) ? text : `${text.replace(/^[a-z]+(?=[ ,]|$)/, capital)}.`);
const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);
const field = ({ source, path }: { source: string; path: Path }) => [source, path.length === 0 ? "" : code(showField(path))];

/** A table of plain cells, or the sentence where there is none. */
const tableOr = (head: string[], rows: string[][], none: string): string[] =>
  rows.length === 0
    ? [none]
    : table(
        head,
        rows.map((cells) => cells.map(cell)),
      );

const fenced = (lines: string[] | undefined, label?: string) =>
  lines && lines.length > 0 ? ["", ...(label ? [label, ""] : []), "```sh", ...lines, "```"] : [];

function stepLines({ title, text, commands, check, rollback }: Step, index: number): string[] {
  return [
    "",
    `### ${index + 1}. ${title}`,
    ...(text ? ["", text] : []),
    ...fenced(commands),
    ...fenced(check, "To see that it worked:"),
    ...fenced(rollback, "To go back from here:"),
  ];
}

/** The whole report, in Markdown. */
export function reportOf({ ledger: { taken, changed, left }, steps }: Adoption, from: string, stack: string): string {
  return [
    `# From ${from} to Pulumi.${stack}.yaml`,
    "",
    countsOf({ taken, changed, left }),
    "",
    "## Not expressible",
    "",
    ...tableOr(
      ["Where", "Field", "What to do"],
      left.map((entry) => [...field(entry), sentence(entry.todo)]),
      "Nothing: every field has its place.",
    ),
    "",
    "## Changed on purpose",
    "",
    ...tableOr(
      ["Where", "Field", "What is different, and why", "To keep it"],
      changed.map((entry) => [...field(entry), sentence(entry.why), sentence(entry.keep ?? "")]),
      "Nothing.",
    ),
    "",
    "## Taken over",
    "",
    ...tableOr(
      ["Where", "Field", "Setting"],
      taken.map((entry) => [...field(entry), entry.setting ? code(showField(entry.setting)) : sentence(entry.why ?? "")]),
      "Nothing.",
    ),
    ...(steps.length > 0 ? ["", "## Steps", ...steps.flatMap(stepLines)] : []),
    "",
  ].join("\n");
}

/** What is left of a field, on one line. */
export const leftLine = ({ path, todo }: Left): string => {
  const name = showField(path);
  return todo.startsWith(name) ? todo : `${name}: ${todo}`;
};

/** `41 fields are taken over, 3 are changed on purpose, and 2 have no setting.` */
export function countsOf({ taken, changed, left }: Pick<Ledger, "taken" | "changed" | "left">): string {
  const is = (count: number) => (count === 1 ? "is" : "are");
  const has = left.length === 1 ? "has" : "have";
  return `${plural(taken.length, "field")} ${is(taken.length)} taken over, ${changed.length} ${is(changed.length)} changed on purpose, and ${left.length} ${has} no setting.`;
}
