import * as v from "valibot";
import { UserError } from "../../facts/errors";
import type { Json, JsonObject } from "../../facts/graph";
import { parseUrn, STACK_TYPE } from "../../facts/urn";
import { readJsonFile } from "../../tool/json-file";

/** What another stack exports: what a reference to it answers in a plan. */
export interface Platform {
  /** Where it is written. */
  file: string;
  /** `project/stack`, where the file says whose outputs these are. */
  name?: string;
  outputs: JsonObject;
}

const record = v.record(v.string(), v.unknown());
const PLAN = v.looseObject({ project: v.string(), stack: v.string(), resources: v.array(v.unknown()), outputs: record });
const EXPORT = v.looseObject({
  deployment: v.looseObject({ resources: v.array(v.looseObject({ urn: v.string(), type: v.string(), outputs: v.optional(record) })) }),
});

/** Reads what `berth plan --json`, `pulumi stack export` or `pulumi stack output --json` wrote of another stack. */
export function readPlatform(file: string): Platform {
  const how = "write it with pulumi stack output --json, pulumi stack export or berth plan --json in the project of the platform";
  const value = readJsonFile(file, how);
  if (v.is(PLAN, value)) return { file, name: `${value.project}/${value.stack}`, outputs: value.outputs as JsonObject };
  if (v.is(EXPORT, value)) {
    const stack = value.deployment.resources.find(({ type }) => type === STACK_TYPE);
    if (!stack)
      throw new UserError(`${file} is the export of a stack that has never been deployed, so it exports nothing: deploy it first.`);
    const { project, stack: name } = parseUrn(stack.urn);
    return { file, name: `${project}/${name}`, outputs: (stack.outputs ?? {}) as JsonObject };
  }
  if (!v.is(record, value) || Array.isArray(value)) throw new UserError(`${file} holds no outputs of a stack: ${how}.`);
  return { file, outputs: value as Record<string, Json> };
}

/** Whether these are the outputs of the stack of that name (`organization/project/stack`). */
export const isOf = ({ name }: Platform, reference: string): boolean => name === undefined || reference.endsWith(`/${name}`);
