import type { Json, Resource } from "../../facts/graph";
import { shortType } from "../../facts/types";
import { parseUrn } from "../../facts/urn";
import type { Paint } from "../../tool/paint";
import { abbreviated, plural } from "../../tool/text";
import type { FullPlan } from "../plan";
import { type Comparison, isOneStack, type PropertyChange, type ResourceChange, type ServiceEffect, type Warning } from "../update/compare";
import { warningText } from "../update/serving/hazard";
import { comment, folded, type Section } from "./comment";
import { timeText } from "./duration";
import { code, markdown, table } from "./markdown";
import { pictureOfChanges } from "./picture-of-changes";
import { money } from "./report-cost";
import { rulesOf, titled } from "./report-markdown";

/** Values longer than this are cut; the JSON has all of them. */
const LONGEST = 80;
/** Names of one kind in a stage of the order; the JSON has all of them. */
const NAMES = 4;

/** A comparison for a terminal. */
export function compareText(comparison: Comparison, paint: Paint): string {
  const { added, removed, changed, services, warnings, order, time } = comparison;
  const lines = [paint.bold(headline(comparison)), ""];
  for (const one of added) lines.push(`${paint.green("+")} ${label(one)}`);
  for (const one of removed) lines.push(`${paint.red("-")} ${label(one)}${one.stateful ? paint.red("  what it holds is lost") : ""}`);
  for (const one of changed) lines.push(changeLine(one, paint), ...one.properties.map((property) => `    ${propertyText(property)}`));
  if (added.length + removed.length + changed.length > 0) lines.push("");
  lines.push(summary(comparison));
  const part = (title: string, entries: string[]) => {
    if (entries.length > 0) lines.push("", paint.bold(title), ...entries.map((entry) => `  ${entry}`));
  };
  part(
    "Before you deploy",
    warnings.flatMap((one) => [`${paint.red("!")} ${warningText(one)}`, `  ${one.advice}`]),
  );
  if (isUpdate(comparison)) {
    part(
      "Services",
      services.map((one) => serviceText(one, warnings)),
    );
    part(
      "In this order; the steps of a line need not wait for each other",
      order.map((stage, index) => `${index + 1}. ${stageText(stage)}`),
    );
    if (time) part("Time", [timeText(time)]);
  }
  if (isUpdate(comparison) || warnings.length > 0) lines.push("");
  lines.push(...moneyAndTime(comparison), "");
  return lines.join("\n");
}

/** The same as Markdown, for a comment on a pull request, with what the rules say of the plan that is compared. */
export function compareMarkdown(comparison: Comparison, { plan, resources }: Pick<FullPlan, "plan" | "resources">): string {
  const { added, removed, changed, services, warnings, order, time, findings, after } = comparison;
  const figures = [...(isUpdate(comparison) && time ? [timeText(time)] : []), ...moneyAndTime(comparison)];
  const update = isUpdate(comparison);
  const tell = update ? services.filter(({ effect }) => effect !== "stays") : [];
  const head = [
    `### ${markdown(headline(comparison))}`,
    "",
    `**${[summary(comparison).replace(/\.$/, ""), ...verdict(comparison)].map(markdown).join(" · ")}**`,
    "",
    figures.map(markdown).join(" "),
    ...(tell.length > 0 ? ["", ...tell.map((one) => `- ${markdown(serviceText(one, warnings))}`)] : []),
  ];
  const replaced = changed.filter(({ effect }) => effect === "replaced");
  const properties = (one: ResourceChange) => one.properties.map((property) => `  - ${code(propertyText(property))}`);
  const rules = rulesOf({ plan, resources });
  return comment(after, head, [
    {
      title: "Before you deploy",
      lines: table(
        ["before you deploy", "what to do"],
        warnings.map((one) => [`⚠️ ${markdown(warningText(one))}`, markdown(one.advice)]),
      ),
    },
    {
      title: "Replaced",
      lines: table(
        ["replaced", "because of", "what AWS does"],
        replaced.map((one) => [
          `${one.stateful ? "⚠️ " : ""}${code(label(one))}`,
          code(shortPaths(one.replacedBy)),
          markdown(one.replaced ?? ""),
        ]),
      ),
    },
    picture(comparison, resources),
    { title: "New findings", lines: titled("New findings", rules.findings(findings.added)) },
    folded("Findings that are gone", rules.findings(findings.gone), findings.gone.length),
    folded(
      "Changed",
      changed.flatMap((one) => [`- ${code(label(one))}`, ...properties(one)]),
      changed.length,
    ),
    folded(
      "Removed",
      removed.map((one) => `- ${code(label(one))}${one.stateful ? " ⚠️ what it holds is lost" : ""}`),
    ),
    folded(
      "Added",
      added.map((one) => `- ${code(label(one))}`),
    ),
    folded("Order", update ? order.map((stage, index) => `${index + 1}. ${markdown(stageText(stage))}`) : []),
    ...rules.sections,
  ]);
}

/** What changes, where that is drawn: green is new, yellow changes, red and broken is replaced. */
function picture(comparison: Comparison, resources: readonly Resource[]): Section {
  const drawn = isUpdate(comparison) ? pictureOfChanges(comparison, resources) : undefined;
  const summary = "<details><summary>Picture: new is green, changed is yellow, replaced is red</summary>";
  return { title: "Picture", lines: drawn === undefined ? [] : [summary, "", "```mermaid", drawn.trimEnd(), "```", "", "</details>"] };
}

/** What decides whether a change is let through: requests, money, findings. */
function verdict(comparison: Comparison): string[] {
  const { warnings, services, cost, findings } = comparison;
  const counts = severities.flatMap((severity) => {
    const count = findings.added.filter((one) => one.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  return [
    ...(cost.difference === 0 ? [] : [`${cost.difference > 0 ? "+" : ""}${money(cost.difference)} ${cost.currency} a month`]),
    ...requests(warnings, isUpdate(comparison) && services.some(({ effect }) => effect === "rolls")),
    ...(counts.length > 0 ? [`${plural(findings.added.length, "new finding")} (${counts.join(", ")})`] : []),
  ];
}

function requests(warnings: Warning[], rolls: boolean): string[] {
  if (warnings.some(({ kind }) => kind === "traffic")) return ["⚠️ requests fail during the update"];
  if (warnings.length > 0) return [`⚠️ ${plural(warnings.length, "warning")}`];
  return rolls ? ["requests are answered throughout"] : [];
}

const severities = ["critical", "high", "medium", "low"] as const;

/** Whether there is an update to tell of: of two stacks each stays as it is. */
export const isUpdate = ({ before, after, order }: Comparison) => isOneStack({ before, after }) && order.length > 0;

export function headline({ before, after }: Comparison): string {
  if (isOneStack({ before, after })) return `${after.project} / ${after.stack}: what changes`;
  const other = before.project === after.project ? before.stack : `${before.project} / ${before.stack}`;
  return `${after.project} / ${after.stack}, compared with ${other}`;
}

export function summary({ added, removed, changed }: Comparison): string {
  const replaced = changed.filter(({ effect }) => effect === "replaced").length;
  if (added.length + removed.length + changed.length === 0) return "No resource differs.";
  return `${added.length} added, ${removed.length} removed, ${changed.length - replaced} changed, ${replaced} replaced.`;
}

function changeLine(one: ResourceChange, paint: Paint): string {
  if (one.effect === "replaced") {
    const why = `  replaced (${shortPaths(one.replacedBy)}): ${one.replaced ?? ""}`;
    return `${paint.red("±")} ${label(one)}${one.stateful ? paint.red(why) : paint.yellow(why)}`;
  }
  return `${paint.yellow("~")} ${label(one)}${one.effect === "rolls" ? paint.yellow("  starts a deployment") : ""}`;
}

/** The properties without what is deep in them, each once. */
export const shortPaths = (paths: string[]) => [...new Set(paths.map((path) => path.split(/[.[]/)[0]))].join(", ");

export function serviceText({ service, effect, because, followed }: ServiceEffect, warnings: Warning[]): string {
  const { name } = parseUrn(service);
  const fails = warnings.some(({ kind, urn }) => urn === service && kind === "traffic");
  const requests = fails ? "requests fail meanwhile" : "requests are answered throughout";
  switch (effect) {
    case "rolls":
      return `${name}: starts a deployment (${because ?? ""}); ${requests}; ${followed ? "the update waits for it" : "nothing waits for it"}.`;
    case "replaced":
      return `${name}: a new one beside the old one, which then goes.`;
    case "created":
      return `${name}: made.`;
    case "deleted":
      return `${name}: deleted.`;
    default:
      return `${name}: no deployment; ${requests}.`;
  }
}

const VERBS = { create: "make", update: "change", replace: "replace", delete: "delete" };

export function stageText({ steps }: Comparison["order"][number]): string {
  const groups = new Map<string, string[]>();
  for (const { action, urn } of steps) {
    const { type, name } = parseUrn(urn);
    const key = `${VERBS[action]} ${shortType(type)}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups].map(([key, names]) => `${key} ${abbreviated(names, NAMES)}`).join("; ");
}

export function moneyAndTime({ cost, rollout }: Comparison): string[] {
  const sign = cost.difference > 0 ? "+" : "";
  const whose = cost.pricedAs === "" ? "" : ` ${cost.pricedAs}`;
  const idle =
    cost.difference === 0
      ? `Idle cost stays ${money(cost.after)} ${cost.currency} a month${whose}.`
      : `Idle cost ${money(cost.before)} -> ${money(cost.after)} ${cost.currency} a month (${sign}${money(cost.difference)})${whose}.`;
  const seconds = (value: number | null) => (value === null ? "not modeled" : `${value} s`);
  return [idle, ...rollout.map(({ service, before, after }) => `Rollout of ${service} ${seconds(before)} -> ${seconds(after)}.`)];
}

export function label({ type, name }: { type: string; name: string }): string {
  return `${shortType(type)} ${name.replace(/\s+/g, " ")}`;
}

export function propertyText({ path, before, after }: PropertyChange): string {
  if (before === undefined) return `${path}: + ${show(after)}`;
  if (after === undefined) return `${path}: - ${show(before)}`;
  return `${path}: ${show(before)} -> ${show(after)}`;
}

function show(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = (text ?? "").replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
