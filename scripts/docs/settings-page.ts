// docs/settings.md: every key of a stack file with its meaning, what it takes, its default and its cost.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Arguments, Described, Facts } from "../../components/base/schema";
import { stack } from "../../settings/stack";
import { type Comment, commentsOf, ROOT } from "./comments";
import { assumptionRows } from "./plan-keys";

const FILE = "docs/settings.md";
const MARK = "<!-- Generated from here on: npm run docs -->\n";

interface Row {
  key: string;
  comment: Comment;
  argument: Described;
}

const code = (text: string) => `\`${text}\``;
const words = (values: readonly unknown[]) => values.map((value) => code(String(value))).join(", ");
/** The first and the last of a long row of numbers. */
const some = (values: readonly unknown[]) =>
  values.length > 8 ? `${words(values.slice(0, 5))} … ${words(values.slice(-1))}` : words(values);

/** The groups at the top of a stack file, by their entries: what has the same entries elsewhere is described there. */
const TOP = new Map(
  Object.entries(stack.entries as Arguments).flatMap(([key, { facts }]) => (facts.kind === "group" ? [[facts.entries, key]] : [])),
);

/** What an argument takes. */
function allowed(facts: Facts): string {
  switch (facts.kind) {
    case "number":
      return `${facts.low} to ${facts.high}${facts.unit && ` ${facts.unit}`}${facts.step === undefined || facts.step === 1 ? "" : ` in steps of ${facts.step}`}`;
    case "choice":
      return `${some(facts.values)}${facts.unit && ` ${facts.unit}`}`;
    case "flag":
      return words([true, false]);
    case "text":
    case "scalar":
      return facts.example === undefined ? "text" : `such as ${code(facts.example)}`;
    case "size":
      return facts.example.replace(/"([^"]*)"/g, code("$1"));
    case "list":
      return `list: ${allowed(facts.item.facts)}`;
    case "map": {
      const item = allowed(facts.item.facts);
      return item === "" ? "by name" : `by name: ${item}${alsoOf(facts.item.facts)}`;
    }
    case "group":
      return TOP.has(facts.entries) ? `keys of ${code(TOP.get(facts.entries)!)}` : "keys below";
    case "either":
      return facts.choices.map((choice) => allowed(choice.facts)).join(", or ");
    case "other":
      return "";
  }
}

const NAMED = ".<name>";
const service: Arguments = (stack.entries.service.wrapped.facts as Extract<Facts, { kind: "group" }>).entries;

/** What a group has in common with a service, and is described there: it is a container, or it answers requests. */
function alsoOf(facts: Facts): string {
  if (facts.kind !== "group" || !Object.entries(facts.entries).some(([key, its]) => its === service[key])) return "";
  return `, and ${"essential" in facts.entries ? "those of a container" : "the conditions and the priority"} of \`service\``;
}

/** The groups within an argument, and how their keys are reached. */
function within(facts: Facts): { suffix: string; entries: Arguments }[] {
  if (facts.kind === "group") return TOP.has(facts.entries) ? [] : [{ suffix: "", entries: facts.entries }];
  if (facts.kind === "list") return within(facts.item.facts).map(({ suffix, entries }) => ({ suffix: `[]${suffix}`, entries }));
  if (facts.kind === "either") {
    // What stands for a group that holds it is described there.
    const held = facts.choices.flatMap((choice) => (choice.facts.kind === "group" ? Object.values(choice.facts.entries) : []));
    return facts.choices.filter((choice) => !held.includes(choice)).flatMap((choice) => within(choice.facts));
  }
  if (facts.kind === "map") return within(facts.item.facts).map(({ entries }) => ({ suffix: NAMED, entries }));
  return [];
}

function rowsOf(entries: Arguments, comment: Comment["within"], prefix: string): Row[] {
  return Object.entries(entries).flatMap(([name, argument]) => {
    const key = `${prefix}${name}`;
    const found = comment(name);
    if (!found) throw new Error(`${key} has no comment`);
    const inner = within(argument.facts).flatMap(({ suffix, entries: all }) => {
      // What a service says of its requests is described there.
      const own = suffix === NAMED ? Object.entries(all).filter(([each, its]) => its !== service[each]) : Object.entries(all);
      return rowsOf(Object.fromEntries(own), found.within, `${key}${suffix}.`);
    });
    return [{ key, comment: found, argument }, ...inner];
  });
}

function byDefault({ comment, argument }: Row): string {
  if (!("optional" in argument)) return "must be given";
  return comment.byDefault ?? "";
}

const cell = (text: string) => text.replaceAll("|", "\\|");
const table = (rows: string[][]) =>
  ["| key | meaning | takes | default | cost |", "|---|---|---|---|---|", ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`)].join(
    "\n",
  );
const line = (row: Row) => [code(row.key), row.comment.meaning, allowed(row.argument.facts), byDefault(row), row.comment.cost ?? ""];

/** The keys of services and tasks by name: those that `service` has too are not said again. */
function namedSection(key: "services" | "tasks", service: Arguments): string {
  const { meaning, examples, within } = commentsOf("StackSettings")(key)!;
  const { entries } = (stack.entries[key].facts as Extract<Facts, { kind: "map" }>).item.facts as Extract<Facts, { kind: "group" }>;
  const shared = Object.keys(entries).filter((name) => entries[name] === service[name]);
  const own = Object.fromEntries(Object.entries(entries).filter(([name]) => !shared.includes(name)));
  const missing = Object.keys(service).filter((name) => !shared.includes(name));
  const [same, meant] =
    missing.length === 1
      ? [code(`${key}.<name>.…`), `As for \`service\`, all but ${code(missing[0]!)}.`]
      : [shared.map((name) => code(`${key}.<name>.${name}`)).join(", "), "As for `service`."];
  const rows = [...rowsOf(own, within, `${key}.<name>.`).map(line), [same, meant, "", "", ""]];
  return [`## ${key === "services" ? "Several services" : "Tasks"}`, meaning, table(rows), ...examples].join("\n\n");
}

const TITLES: Record<string, string> = {
  network: "Network",
  image: "Image",
  cluster: "Cluster",
  ec2: "EC2 instances",
  managedInstances: "Managed instances",
  loadBalancer: "Load balancer",
  networkLoadBalancer: "Network load balancer",
  service: "Service",
  notify: "Notifications",
  review: "Review stacks",
};

export function settingsPage(): string {
  const comment = commentsOf("StackSettings");
  const entries: Arguments = stack.entries;
  const groupOf = (key: string) => (entries[key]!.facts as Extract<Facts, { kind: "group" }>).entries;
  const single = Object.keys(entries).filter((key) => !(key in TITLES) && key !== "services" && key !== "tasks");
  const top = rowsOf(Object.fromEntries(single.map((key) => [key, entries[key]!])), comment, "");
  const sections = Object.entries(TITLES).map(([key, title]) => {
    const found = comment(key)!;
    return `## ${title}\n\n${found.meaning}\n\n${table(rowsOf(groupOf(key), found.within, `${key}.`).map(line))}`;
  });
  return [
    handWritten(),
    MARK,
    `## The stack\n\n${table([["`aws:region`", "Region that the stack is deployed to.", "such as `eu-west-1`", "must be given", ""], ...top.map(line), ...assumptionRows()])}`,
    ...sections,
    namedSection("services", groupOf("service")),
    namedSection("tasks", groupOf("service")),
  ]
    .join("\n\n")
    .replace(`${MARK}\n\n`, MARK)
    .concat("\n");
}

/** What stands above the generated part. */
const handWritten = () => readFileSync(path.join(ROOT, FILE), "utf8").split(MARK)[0]!.trimEnd();
