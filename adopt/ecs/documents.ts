// What AWS printed of a service and a task definition, read as the SDK has it: unwrapped, in its letters, without what is empty.
import type { Service, Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { type Fields, isMap } from "../values";

/** Maps whose keys are the user's own words. */
const OWN_KEYS = ["options", "dockerLabels", "driverOpts", "labels"];

/** Names begin with a small letter, as the CLI prints them; templates and other tools write a capital one. */
function inSmallLetters(value: unknown, isOwn = false): unknown {
  if (Array.isArray(value)) return value.map((one) => inSmallLetters(one));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const small = isOwn ? key : key.charAt(0).toLowerCase() + key.slice(1);
      return [small, inSmallLetters(inner, OWN_KEYS.includes(small))];
    }),
  );
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0);

/** Without what says nothing: null, empty lists and empty maps. */
export function withoutEmpty<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => withoutEmpty(one)) as T;
  if (!isMap(value) || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner))) as T;
}

/** A task definition with the tags that stand beside it in AWS's answer. */
export type TaggedTask = TaskDefinition & { tags?: Tag[] };

const plain = (document: unknown) => withoutEmpty(inSmallLetters(JSON.parse(JSON.stringify(document)))) as Fields;

/** A task definition, bare or as `describe-task-definition` answers, with the tags beside it. */
export function taskDefinitionOf(document: unknown): TaggedTask | undefined {
  const { taskDefinition: its, tags, ...bare } = isMap(document) ? plain(document) : {};
  const found = isMap(its) ? { ...its, ...(tags !== undefined && { tags }) } : { ...bare, ...(tags !== undefined && { tags }) };
  return Array.isArray((found as Fields).containerDefinitions) ? (found as TaggedTask) : undefined;
}

/** The services of an answer of `describe-services`, or one service by itself. */
export function servicesOf(document: unknown): Service[] {
  const read = isMap(document) ? plain(document) : {};
  const all = Array.isArray(read.services) ? read.services : [read.service ?? read];
  return all.filter(
    (one): one is Fields => isMap(one) && (one.serviceName ?? one.loadBalancers ?? one.desiredCount) !== undefined,
  ) as Service[];
}
