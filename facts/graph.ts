// The recorded resource graph: what a program registers. The planner writes it; the policy rules, the models and the reports read it. No Pulumi here.

/** A JSON value. Secrets are already `[secret]`; what only AWS knows is a made-up but realistic value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** What stands for a secret in everything that is printed. */
export const SECRET = "[secret]";
/** What stands for a value that nobody can know before the deploy. */
export const UNKNOWN = "[unknown]";

/** Pulumi's resource options, in Pulumi's names, as the program gave them. */
export interface ResourceOptions {
  protect: boolean;
  ignoreChanges: string[];
  retainOnDelete: boolean;
  /** Null where the program leaves the choice to the provider. */
  deleteBeforeReplace: boolean | null;
  replaceOnChanges: string[];
  /** A value whose change makes a new resource; absent where the program gives none. */
  replacementTrigger?: Json;
  /** URNs of the resources whose replacement replaces this one too; absent where there is none. */
  replaceWith?: string[];
  /** URN of the resource whose deletion deletes this one too. */
  deletedWith: string | null;
  customTimeouts: { create?: string; update?: string; delete?: string };
  /** The URNs this resource had before. */
  aliases: string[];
}

/** Those of a resource that the program gives none. */
export const NO_OPTIONS: ResourceOptions = {
  protect: false,
  ignoreChanges: [],
  retainOnDelete: false,
  deleteBeforeReplace: null,
  replaceOnChanges: [],
  deletedWith: null,
  customTimeouts: {},
  aliases: [],
};

/** A resource as the program registers it. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; null for the stack itself. */
  parent: string | null;
  /** `<urn>::<id>` of an explicit provider; absent for the default one. */
  provider?: string;
  inputs: JsonObject;
  /** URNs of every resource it waits for, sorted. */
  dependencies: string[];
  /** The same by input property. */
  propertyDependencies: Record<string, string[]>;
  options: ResourceOptions;
}

/** A resource with what the readers of the graph need and the JSON leaves out. */
export interface RecordedResource extends Resource {
  /** False for a component. */
  custom: boolean;
  /** Where the program made it, relative to the project: `components/service/service.ts:19`. */
  source?: string;
  /** True if it is only read (`X.get(...)`), not made by this stack. */
  read: boolean;
}

export interface Invoke {
  token: string;
  args: JsonObject;
}

/** What one run of the program registered. */
export interface Graph {
  resources: RecordedResource[];
  invokes: Invoke[];
  outputs: JsonObject;
}

/** The same value with the keys of every object in order, so that equal values have equal bytes. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

/** All texts in a value, keys apart. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}
