import type { JsonObject } from "../../facts/graph";
import type { ResourceType } from "../../facts/types";
import { importId, isImportable } from "./ids";

/**
 * A resource as AWS describes it, in Pulumi's names: what whoever reads AWS hands over. What it says of inputs is what the provider would read: each property
 * that AWS answers, defaults too (what is empty, `false` or zero may be left out); documents (policies) as JSON text; ids and ARNs of other resources as AWS
 * has them, so that a resource can be found by what refers to it: a task definition and a VPC are described for that alone.
 */
export interface Described {
  type: ResourceType;
  /** What `pulumi import` takes. Empty for what is not imported: a task definition, a network. */
  id: string;
  inputs: JsonObject;
  /** What AWS computed, and others name it by: `arn`, `id`, `dnsName`. */
  outputs: JsonObject;
  /** What the program calls it, where the reader knows: `web` of a service `web`. Most are found by what refers to them. */
  name?: string;
}

/** A described resource with its id, from the table of ids. Throws where an input or output is missing that the id is made of. */
export function describe(type: ResourceType, inputs: JsonObject, outputs: JsonObject = {}, name?: string): Described {
  const id = isImportable(type) ? importId(type, inputs, outputs) : "";
  return { type, id, inputs, outputs, ...(name !== undefined && { name }) };
}
