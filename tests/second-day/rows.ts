// The rows of the matrix: those of settings.ts, and one made from the schema for each further key of the stack file.
import type { Described } from "../../components/base/schema";
import { sampleOf } from "../helpers/facts";
import { KEYS } from "./keys";
import { type Row, WRITTEN } from "./settings";

/** Another legal value than the default. */
function otherValue(schema: Described): unknown {
  const { facts, byDefault } = schema as Described & { byDefault?: unknown };
  const values =
    facts.kind === "number"
      ? [facts.low, facts.high]
      : facts.kind === "choice"
        ? facts.values
        : facts.kind === "flag"
          ? [true, false]
          : [sampleOf(schema)];
  return values.find((value) => value !== byDefault);
}

/** A key as the schema has it: `tasks.report.cpu` is `tasks.<name>.cpu`. */
export const keyOf = (key: string) =>
  key
    .replace(
      /^(tasks|services|service\.sidecars|service\.ports|loadBalancer\.redirects|loadBalancer\.responses|loadBalancer\.domains)\.(report|api|proxy|admin|www|old|shop)\b/,
      "$1.<name>",
    )
    .replace(/^(service\.scaling\.metrics)\.orders\b/, "$1.<name>")
    .replace(/(\.metrics\.<name>\.of)\.open\b/, "$1.<name>")
    .replace(/^daemons\.agent\b/, "daemons.<name>")
    .replace(/(\.volumes|^fileSystems)\.data\b/, "$1.<name>");

/** The row of a key that none is written for: unset, and another value than the default. */
export function rowOf(key: string, schema: Described): Row {
  const [group, name, ...rest] = key.split(".");
  if (key.startsWith("service.sidecars.<name>.")) {
    const at = key.replace("<name>", "proxy");
    return { key: at, to: { [at]: otherValue(schema) }, from: { "service.sidecars": { proxy: { image: "proxy:1" } } } };
  }
  if (group === "daemons" && name === "<name>") {
    const at = ["daemons", "agent", ...rest].join(".");
    return { key: at, to: { [at]: otherValue(schema) }, from: { daemons: { agent: { image: "agent:1" } } }, on: ["managed"] };
  }
  if (group !== "tasks" || name !== "<name>") return { key, to: { [key]: otherValue(schema) } };
  const at = ["tasks", "report", ...rest].join(".");
  return { key: at, to: { [at]: otherValue(schema) }, from: { tasks: { report: { command: ["node"], schedule: "rate(1 day)" } } } };
}

const written = new Set(WRITTEN.map(({ key }) => keyOf(key)));

export const ROWS: readonly Row[] = [...WRITTEN, ...[...KEYS].flatMap(([key, schema]) => (written.has(key) ? [] : [rowOf(key, schema)]))];
