// What is deployed, as a plan: a state has what AWS answered, and the plan's own words for it are put in its place.
import { runtime } from "@pulumi/pulumi";
import {
  type Json,
  type JsonObject,
  NO_OPTIONS,
  type RecordedResource,
  type Resource,
  type ResourceOptions,
  textsIn,
} from "../../facts/graph";
import { ACCOUNT, MADE_UP } from "../../facts/made-up";
import { STACK_REFERENCE, STASH } from "../../facts/types";
import { parseUrn } from "../../facts/urn";
import type { State, StateResource } from "../../tool/state-file";
import { abbreviated, plural } from "../../tool/text";
import { planOf } from "../plan";
import type { Message, Plan } from "../plan-json";
import type { Project } from "../project/project";
import { answer } from "../record/lookups";
import { computeState } from "../record/mocks";
import type { Answered } from "../record/monitor";
import type { Recording } from "../record/record";
import { type Location, locationIn, locationOf } from "../record/region";
import { plain, plainObject, UNKNOWN_ON_THE_WIRE } from "../record/wire";
import { unpack } from "./diff";
import { matchResources } from "./order/match";
import { mapTexts, type Name, replacer } from "./order/physical";

const isReference = ({ type }: { type: string }) => type === STACK_REFERENCE;

/** The provider that Pulumi adds where the program names none. */
const DEFAULT_PROVIDER = /::pulumi:providers:[^:]+::default(_|::|$)/;

/** What is deployed of a stack. */
export class Deployed {
  /** What AWS answered, for the program that is planned. */
  readonly answered: Answered;
  private readonly resources: Map<string, StateResource>;
  private readonly place: Location;
  private readonly secrets = new Set<string>();
  private readonly positions: Map<string, number>;
  /** Which resource has an id. */
  private readonly owners: Map<string, string>;

  private readonly pending: number;

  constructor(
    { resources, pending }: State,
    private readonly project: Project,
  ) {
    this.pending = pending;
    this.resources = new Map(resources.filter(({ urn }) => !DEFAULT_PROVIDER.test(urn)).map((one) => [one.urn, one]));
    this.positions = new Map([...this.resources.keys()].map((urn, position) => [urn, position]));
    const [region, account] = whereIs(resources);
    this.place = locationIn(region ?? locationOf(project).region);
    const made = [...this.resources.values()].filter(({ custom }) => custom);
    // Several may have the same id, such as a bucket and its policy: it is the first one's.
    this.owners = new Map(made.map(({ urn, id }): [string, string] => [id, urn]).reverse());
    this.answered = {
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
      exports: new Map(
        made.filter(isReference).map(({ id, outputs }) => [id, readableSecrets((outputs.outputs ?? {}) as Json) as JsonObject]),
      ),
      resources: new Map(made.map(({ urn, id, outputs }) => [urn, { id, outputs: readableSecrets(outputs as JsonObject) as JsonObject }])),
    };
  }

  /** What the program left for its next run. */
  get stashes(): Resource[] {
    return [...this.resources.values()].filter(({ type }) => type === STASH).map((one) => this.asRecorded(one));
  }

  /** The plan that would have deployed it. */
  plan(recording: Recording): Plan {
    const { project, place, secrets } = this;
    const graph = { resources: this.graph(recording), invokes: [], outputs: {} };
    return planOf({ project, place, known: graph, unknown: graph, messages: [], secrets }).plan;
  }

  /** Its resources in the plan's words. A state has not all options of a resource: the rest is as in the program. */
  graph({ known: { resources: now } }: Recording): RecordedResource[] {
    const state = [...this.resources.values()];
    const same = matchResources(
      state.map((one) => this.asRecorded(one)),
      now,
    );
    const options = new Map([...same].map(([one, old]) => [old.urn, one.options]));
    const before = state.map((one) => this.asRecorded(one, options.get(one.urn)));
    return this.inPlansWords(before);
  }

  /** What the program registered when it was given AWS's answers, in the plan's words. */
  recording(recording: Recording): Recording {
    const { known, place } = recording;
    const lookedUp = known.invokes.flatMap(({ token, args }) => textsIn(inventedIn(answer(token, args, place))));
    const told = [this.answered.account, place.region];
    const invented = new Set(lookedUp.filter((text) => text.length > 3 && !told.includes(text)));
    const open = new Set<string>();
    const settle = (one: RecordedResource): RecordedResource => {
      const deployed = this.resources.get(one.urn);
      if (!deployed) return one;
      const was = asked(deployed);
      const onTaken = (key: string) => () => void open.add(`${key} of ${one.type.split(":").pop()} ${one.name}`);
      const inputs = Object.entries(one.inputs).map(([key, value]) => [key, settled(value, was[key], invented, onTaken(key))]);
      return { ...one, inputs: Object.fromEntries(inputs) as JsonObject };
    };
    const resources = this.inPlansWords(known.resources.map(settle));
    const messages = [
      ...(open.size === 0 ? [] : [lookupsMessage([...open])]),
      ...(this.pending === 0 ? [] : [interruptedMessage(this.pending)]),
    ];
    return { ...recording, known: { ...known, resources }, messages: [...recording.messages, ...messages] };
  }

  private asRecorded(one: StateResource, options: ResourceOptions = NO_OPTIONS): RecordedResource {
    const { urn, type, custom, external, provider, deletedWith, protect, retainOnDelete, replacementTrigger } = one;
    const hide = (text: string) => void this.secrets.add(text);
    return {
      urn,
      type,
      name: parseUrn(urn).name,
      parent: one.parent || null,
      ...(provider && !DEFAULT_PROVIDER.test(provider) && { provider }),
      inputs: plainObject(asked(one), hide),
      dependencies: [...new Set(one.dependencies)].sort(),
      propertyDependencies: this.dependenciesOf(one),
      options: {
        ...options,
        protect,
        retainOnDelete,
        deletedWith: deletedWith || null,
        ...(replacementTrigger !== undefined && { replacementTrigger: plain(replacementTrigger as Json, hide) }),
      },
      custom,
      read: external,
    };
  }

  /** What each input names; a state leaves it out for what a remote component has made. */
  private dependenciesOf({ urn, inputs, propertyDependencies }: StateResource): Record<string, string[]> {
    // A resource names only what was there before it: a state has them in that order.
    const isEarlier = (other: string) => this.positions.get(other)! < this.positions.get(urn)!;
    const named = (value: Json) => textsIn(value).flatMap((text) => this.owners.get(text) ?? []);
    const all = Object.entries(inputs as JsonObject).map(([key, value]): [string, string[]] => {
      const told = propertyDependencies[key] ?? [];
      return [key, [...new Set(told.length > 0 ? told : named(value).filter(isEarlier))].sort()];
    });
    return Object.fromEntries(all.filter(([, urns]) => urns.length > 0));
  }

  /** Resources with the ids, ARNs and names that a plan makes up for them, in place of AWS's. */
  private inPlansWords(resources: RecordedResource[]): RecordedResource[] {
    const { account = ACCOUNT } = this.answered;
    const real = ({ urn, type, name, inputs }: RecordedResource): JsonObject => {
      const deployed = this.resources.get(urn);
      if (deployed) return { ...(deployed.outputs as JsonObject), ...inputs, id: deployed.id };
      // The recording has made it up, with what is real of the others.
      const { id, state } = computeState({ urn, type, name, inputs, place: { ...this.place, account } });
      return { ...state, ...inputs, id };
    };
    const words = new Words(resources, real, this.place);
    words.names.push([account, ACCOUNT]);
    return resources.map((one) => words.translated(one));
  }
}

/** Puts the plan's own words for ids, ARNs and names in the place of AWS's. */
class Words {
  /** What may stand anywhere. */
  readonly names: Name[] = [];
  private readonly resources: Map<string, RecordedResource>;
  private readonly positions: Map<string, number>;
  private readonly namesByUrn = new Map<string, Name[]>();
  private readonly done = new Map<string, RecordedResource>();

  constructor(
    resources: RecordedResource[],
    private readonly real: (resource: RecordedResource) => JsonObject,
    private readonly place: Location,
  ) {
    this.resources = new Map(resources.map((one) => [one.urn, one]));
    this.positions = new Map(resources.map(({ urn }, position) => [urn, position]));
  }

  translated(resource: RecordedResource): RecordedResource {
    const known = this.done.get(resource.urn);
    if (known) return known;
    const { propertyDependencies, dependencies, options } = resource;
    const inputs = Object.entries(resource.inputs).map(([key, value]) => [key, this.words(propertyDependencies[key] ?? [], value)]);
    const { replacementTrigger } = options;
    const trigger = replacementTrigger !== undefined && { replacementTrigger: this.words(dependencies, replacementTrigger) };
    const made = { ...resource, inputs: Object.fromEntries(inputs) as JsonObject, options: { ...options, ...trigger } };
    this.done.set(resource.urn, made);
    return made;
  }

  /** A value that may name these resources. */
  private words(urns: string[], value: Json): Json {
    const inOrder = [...urns].sort((a, b) => (this.positions.get(a) ?? 0) - (this.positions.get(b) ?? 0));
    const names = [...inOrder.flatMap((urn) => this.namesOf(urn)), ...this.names];
    return mapTexts(value, replacer(names));
  }

  private namesOf(urn: string): Name[] {
    const known = this.namesByUrn.get(urn);
    if (known) return known;
    const resource = this.resources.get(urn);
    // What another stack exports is what that stack's resources are called: no words of this plan.
    const names = resource?.custom && !isReference(resource) ? this.compute(resource) : [];
    this.namesByUrn.set(urn, names);
    return names;
  }

  private compute(resource: RecordedResource): Name[] {
    const { urn, type, name } = resource;
    const { inputs } = this.translated(resource);
    const { id, state } = computeState({ urn, type, name, inputs, place: this.place });
    return paired(this.real(resource), { ...state, ...inputs, id });
  }
}

/** The texts of two values that stand at the same place and differ. */
function paired(real: Json | undefined, madeUp: Json | undefined): Name[] {
  if (typeof real === "string" && typeof madeUp === "string") return real.length > 3 && real !== madeUp ? [[real, madeUp]] : [];
  if (typeof real !== "object" || typeof madeUp !== "object" || real === null || madeUp === null) return [];
  return Object.entries(madeUp).flatMap(([key, value]) => paired((real as JsonObject)[key], value as Json));
}

/** What an answer to a lookup has that is made up. */
function inventedIn(answered: JsonObject): Json {
  const keys = answered[MADE_UP] as string[];
  return Object.fromEntries(keys.map((key) => [key, answered[key] ?? null]));
}

/** A value with what is deployed in place of what the plan has invented in it, where the two differ. */
function settled(value: Json, deployed: Json | undefined, invented: Set<string>, onTaken: () => void): Json {
  const inside = unpack(value);
  if (inside !== value) return JSON.stringify(settled(inside, unpack(deployed), invented, onTaken));
  if (typeof value === "string") {
    if (deployed === undefined || value === deployed || ![...invented].some((text) => text.length > 3 && value.includes(text)))
      return value;
    onTaken();
    return deployed;
  }
  if (value === null || typeof value !== "object") return value;
  const there = (deployed ?? {}) as JsonObject;
  if (Array.isArray(value)) return value.map((item, i) => settled(item, there[i], invented, onTaken));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settled(item, there[key], invented, onTaken)]));
}

const lookupsMessage = (open: string[]): Message => ({
  severity: "info",
  text: `not compared, because they come from lookups, which pulumi preview makes: ${abbreviated(open, 5)}.`,
});

const interruptedMessage = (pending: number): Message => ({
  severity: "warning",
  text: `an update was interrupted with ${plural(pending, "operation")} under way, so what is deployed may be more than the state says: run pulumi refresh first.`,
});

/** What the program asked for: without what the provider filled in, which it notes in `__defaults`, and what Pulumi notes. */
const asked = ({ inputs }: StateResource): JsonObject => withoutDefaults(inputs as JsonObject) as JsonObject;

function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (value === null || typeof value !== "object") return value;
  const filled = new Set(Array.isArray(value.__defaults) ? value.__defaults : []);
  const entries = Object.entries(value).filter(([key]) => !filled.has(key) && !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutDefaults(item)]));
}

/** Region and account of a stack: its provider's, and those in its ARNs. */
function whereIs(resources: StateResource[]): [region: string | undefined, account: string | undefined] {
  const provider = resources.find(({ urn, type }) => type === "pulumi:providers:aws" && DEFAULT_PROVIDER.test(urn));
  const found = resources.flatMap(({ outputs }) => /^arn:[^:]+:[^:]+:([^:]+):(\d{12}):/.exec(String(outputs.arn)) ?? []);
  const [, region, account] = found;
  return [typeof provider?.inputs.region === "string" ? provider.inputs.region : region, account];
}

/** Outputs whose encrypted values are unknown, and secret all the same. */
function readableSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(readableSecrets);
  if (value === null || typeof value !== "object") return value;
  if (value[runtime.specialSigKey] === runtime.specialSecretSig)
    return { [runtime.specialSigKey]: runtime.specialSecretSig, value: value.value ?? UNKNOWN_ON_THE_WIRE };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readableSecrets(item)]));
}
