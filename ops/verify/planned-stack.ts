// A stack as it is planned, beside what is deployed of it. Pure.
import { type JsonObject, type Resource, UNKNOWN } from "../../facts/graph";
import type { Place } from "../../facts/secrets";
import type { ResourceType } from "../../facts/types";
import type { StateResource } from "../../tool/state-file";
import type { ContainerDefinition } from "../container/docker-run";
import type { PlannedGraph } from "../stack/plan";

const OF_AWS = /[$:]pulumi:providers:aws::/;

export class PlannedStack {
  private readonly byUrn: Map<string, Resource>;
  private readonly state: Map<string, StateResource>;

  constructor(
    readonly graph: PlannedGraph,
    readonly place: Place,
    /** What is deployed; undefined where that is not known. */
    state?: readonly StateResource[],
  ) {
    this.byUrn = new Map(graph.resources.map((one) => [one.urn, one]));
    this.elsewhere = graph.resources.filter(({ provider }) => provider !== undefined && OF_AWS.test(provider));
    this.resources = graph.resources.filter((one) => !this.elsewhere.includes(one));
    this.state = new Map((state ?? []).map((one) => [one.urn, one]));
    this.isStateKnown = state !== undefined;
  }

  /** What is where the credentials lead to. */
  readonly resources: readonly Resource[];
  /** What a provider of the program's own makes: in another account or region, perhaps. */
  readonly elsewhere: readonly Resource[];

  /** Whether it is known what the stack has already. */
  readonly isStateKnown: boolean;

  ofType(...types: ResourceType[]): Resource[] {
    return this.resources.filter((one) => types.some((type) => one.type === type));
  }

  /** The resources of a type that an input takes its value from. */
  sources(resource: Resource, property: string, type: ResourceType): Resource[] {
    return (resource.propertyDependencies[property] ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []).filter((one) => one.type === type);
  }

  /** Whether an input is a plain value: neither another resource's, nor one that only the deploy brings. */
  isGiven(resource: Resource, property: string): boolean {
    const value = resource.inputs[property];
    return value !== undefined && !(resource.propertyDependencies[property]?.length ?? 0) && !JSON.stringify(value).includes(UNKNOWN);
  }

  /** What is deployed of a resource, under its name or one that it had before. */
  deployed({ urn, options }: Resource): StateResource | undefined {
    return [urn, ...options.aliases].map((name) => this.state.get(name)).find((one) => one !== undefined);
  }

  /** The resources of a type that the update creates, as far as that is known. */
  created(type: ResourceType): Resource[] {
    return this.ofType(type).filter((one) => !this.deployed(one));
  }
}

/** Whether a name in AWS is a planned resource's: given, begun by its inputs, or made by Pulumi of its own. */
export function isNameOf({ inputs, name: own }: Resource, name: string): boolean {
  const [given, prefix] = [textOf(inputs, "name"), textOf(inputs, "namePrefix")];
  if (given !== undefined) return name === given;
  return prefix === undefined ? /-[0-9a-f]{7}$/.test(name) && name.slice(0, -8) === own : name.startsWith(prefix);
}

/** The containers of a planned task definition; none where only the deploy brings them. */
export function containersIn({ inputs }: Resource): ContainerDefinition[] {
  const definitions = inputs.containerDefinitions;
  // A daemon's are no text.
  if (Array.isArray(definitions)) return definitions as unknown as ContainerDefinition[];
  return typeof definitions === "string" && definitions.startsWith("[") ? (JSON.parse(definitions) as ContainerDefinition[]) : [];
}

export const textOf = (inputs: JsonObject, key: string): string | undefined => {
  const value = inputs[key];
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
};

export const numberOf = (inputs: JsonObject, key: string, otherwise: number): number => {
  const value = inputs[key];
  return typeof value === "number" ? value : otherwise;
};
