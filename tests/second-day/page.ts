// docs/changes.md: what each setting does to a live stack, from the matrix.

import { SERVICE } from "../../facts/types";
import type { Hazard } from "../../plan/update/serving/hazard";
import { type Exception, UNAVOIDABLE } from "./exceptions";
import { ROWS } from "./rows";
import type { Row, STACKS, StackName } from "./settings";
import { journeysOf, type Met, metBy } from "./updates";

/** The row that an exception is about. */
export const applies = ({ change }: Exception, row: string) => row === change || row.startsWith(`${change} (`);
export const nameOf = ({ key, label }: Row) => `${key}${label ? ` (${label})` : ""}`;

/** Whether an exception is about a hazard of its row. */
export const covers = ({ kinds, about }: Exception, { kind, what, text }: Hazard) =>
  kinds.includes(kind) && (about?.test(`${what}: ${text}`) ?? true);

interface Effect {
  update: string;
  requests: string;
  data: string;
}

/** The page, once all is recorded. */
export async function changesPage(): Promise<string> {
  const parts = new Map<string, string[]>();
  for (const row of ROWS) {
    const lines = await linesOf(row);
    const part = TITLES[row.key.split(".")[0] ?? ""] ?? "The stack";
    parts.set(part, [...(parts.get(part) ?? []), ...lines]);
  }
  const head = "| setting | changed to | the update | requests | data |\n|---|---|---|---|---|";
  return [INTRODUCTION, ...[...parts].map(([title, lines]) => `## ${title}\n\n${head}\n${lines.join("\n")}`)].join("\n\n").concat("\n");
}

const TITLES: Record<string, string> = {
  network: "Network",
  image: "Image",
  cluster: "Cluster and capacity",
  ec2: "Cluster and capacity",
  managedInstances: "Cluster and capacity",
  loadBalancer: "Load balancer",
  service: "Service",
  services: "Several services",
  tasks: "Tasks",
  daemons: "Daemons",
};

const INTRODUCTION = `# What a change does to a live stack

Made by the tests of the second day: each setting is changed on the stacks dev, prod, ec2 and on managed instances, and the update is worked out by the rules of Pulumi's engine and the provider. \`berth plan --against before.json\` says the same of your own stack and your own change.

- **the update**: *nothing* differs; *in place*: AWS changes what there is; *deployment*: the service starts new tasks, and the update waits until they serve; *replaces*: something is replaced.
- **requests**: whether they are answered throughout.
- **data**: what goes.`;

async function linesOf(row: Row): Promise<string[]> {
  const effects = new Map<string, StackName[]>();
  const journeys = journeysOf(row);
  for (const journey of journeys.filter(({ name }) => name === nameOf(row))) {
    const met = await metBy(journey);
    const back = journeys.find(({ name, stack }) => name === `${nameOf(row)}, back` && stack === journey.stack);
    const metBack = back && (await metBy(back));
    if (typeof met === "string" || !metBack || typeof metBack === "string") {
      if (row.refused) effects.set(refused(met), [...(effects.get(refused(met)) ?? []), journey.stack]);
      continue;
    }
    const { update, requests, data } = effectOf(met, metBack, nameOf(row));
    const cells = `${update} | ${requests} | ${data}`;
    effects.set(cells, [...(effects.get(cells) ?? []), journey.stack]);
  }
  const name = `\`${row.key.replace("tasks.report", "tasks.<name>")}\`${row.label ? `, ${row.label}` : ""}`;
  const isEverywhere = effects.size === 1;
  return [...effects].map(
    ([cells, stacks]) =>
      `| ${name}${isEverywhere ? "" : ` (${stacks.map((stack) => WORDS[stack]).join(", ")})`} | ${changedTo(row)} | ${cells} |`,
  );
}

const WORDS: Record<keyof typeof STACKS, string> = { dev: "dev", prod: "prod", ec2: "ec2", managed: "managed instances" };

function changedTo({ key, to }: Row): string {
  const value = to[key];
  if (value === undefined) return "left out";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `\`${text.length > 40 ? `${text.slice(0, 37)}…` : text}\``;
}

/** In the program's words, without whose and which argument it is. */
const refused = (met: Met | string) => `refused: ${String(met).replace(/^.*?: [\w.]+: /, "")} | answered | kept`;

function effectOf({ update, hazards }: Met, back: Met, row: string): Effect {
  const rolls = update.after.some((resource) => resource.type === SERVICE && update.deploymentOf(resource) !== undefined);
  const replaced = named(hazards, "replaced");
  const refused = hazards.find(({ kind }) => kind === "refused");
  const parts = [
    ...(refused ? [`refused: ${refused.text}`] : []),
    ...(rolls ? ["deployment"] : []),
    ...(replaced.length > 0 ? [`replaces ${replaced.join(", ")}`] : []),
  ];
  const reasons = UNAVOIDABLE.filter((one) => applies(one, row) && hazards.some((hazard) => covers(one, hazard)));
  const because = [...new Set(reasons.map((one) => one.because))].join(" ");
  const what = update.changes.length === 0 ? "nothing" : parts.length === 0 ? "in place" : parts.join("; ");
  const gone = [...new Set([...named(hazards, "removed"), ...replaced.filter((word) => HELD.has(word))])];
  return {
    update: `${what}${because ? `. ${because}` : ""}`,
    requests: fails(hazards) ? "**fail meanwhile**" : fails(back.hazards) ? "answered; **fail on the way back**" : "answered",
    data: gone.length > 0 ? `goes: ${gone.join(", ")}` : "kept",
  };
}

/** What goes with its resource even where another one comes. */
const HELD = new Set(["bucket", "log group", "public address", "repository"]);

const fails = (hazards: Hazard[]) => hazards.some(({ kind }) => kind === "traffic");

/** `LoadBalancer public` as `load balancer`, each once. */
const named = (hazards: Hazard[], kind: Hazard["kind"]) => [
  ...new Set(
    hazards
      .filter((one) => one.kind === kind)
      .map(({ what }) => (what.split(" ")[0] ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase())
      .map((word) => (word === "eip" ? "public address" : word)),
  ),
];
