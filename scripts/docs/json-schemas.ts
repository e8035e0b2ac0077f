// The JSON schemas of what `berth plan --json` prints, from the types that it is written by.
import path from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { ROOT } from "./comments";

const PRINTED = {
  "plan/plan.schema.json": { type: "PlanJson", from: "plan/plan-json.ts" },
  "plan/comparison.schema.json": { type: "ComparisonJson", from: "plan/update/compare.ts" },
};

/** Of one type, with its comments as descriptions. A reader passes over what it does not know: a later berth prints more. */
function schemaOf({ type, from }: { type: string; from: string }): string {
  const generator = createGenerator({
    path: path.join(ROOT, from),
    tsconfig: path.join(ROOT, "tsconfig.json"),
    type,
    additionalProperties: true,
    skipTypeCheck: true,
    expose: "none",
    topRef: false,
    encodeRefs: false,
  });
  const schema = generator.createSchema(type);
  // What refers to itself has a definition, which the generator calls by its place in the source: any line above it would be another name.
  const [json = "", ...others] = Object.keys(schema.definitions ?? {});
  if (others.length > 0) throw new Error(`${from} has further types that refer to themselves, which need names too: ${others.join(", ")}.`);
  return `${JSON.stringify(schema, undefined, 2).replaceAll(json, "Json")}\n`;
}

export const printedSchemas = Object.entries(PRINTED).map(([file, of]) => ({ file, make: () => schemaOf(of) }));
