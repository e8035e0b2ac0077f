// Another stack as far as its rules on a shared listener go: from its plan, or from what Pulumi has deployed of it.
import * as v from "valibot";
import { UserError } from "../../facts/errors";
import type { JsonObject } from "../../facts/graph";
import { parseUrn } from "../../facts/urn";
import { readJsonFile } from "../../tool/json-file";
import type { Stack } from "./shared-listeners";

const resource = v.looseObject({
  urn: v.pipe(v.string(), v.regex(/^urn:pulumi:[^:]+::[^:]+::[^:]+(:[^:]+)*::./s)),
  type: v.string(),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  propertyDependencies: v.optional(v.record(v.string(), v.nullable(v.array(v.string()))), {}),
});
const PLAN = v.looseObject({ project: v.string(), stack: v.string(), resources: v.array(resource) });
const EXPORT = v.looseObject({ deployment: v.looseObject({ resources: v.array(resource) }) });

/** Reads what `berth plan --json` or `pulumi stack export` wrote of another stack. */
export function readBeside(file: string): Stack {
  const how = "write it with berth plan --json or pulumi stack export in the project of the other stack";
  const value = readJsonFile(file, how);
  const plan = v.safeParse(PLAN, value);
  if (plan.success) return stackOf(plan.output.project, plan.output.stack, plan.output.resources);
  const { success, output } = v.safeParse(EXPORT, value);
  const [first] = success ? output.deployment.resources : [];
  if (!success || !first) throw new UserError(`${file} has no resources of a stack: ${how}.`);
  const { project, stack } = parseUrn(first.urn);
  return stackOf(project, stack, output.deployment.resources);
}

const stackOf = (project: string, stack: string, resources: v.InferOutput<typeof resource>[]): Stack => ({
  project,
  stack,
  resources: resources.map(({ urn, type, inputs, propertyDependencies }) => ({
    urn,
    type,
    name: parseUrn(urn).name,
    inputs: inputs as JsonObject,
    propertyDependencies: Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns ?? []])),
  })),
});
