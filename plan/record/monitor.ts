import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { runtime } from "@pulumi/pulumi";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import {
  ReadResourceResponse,
  RegisterPackageResponse,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
  TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb";
import type { StackTrace } from "@pulumi/pulumi/proto/source_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UserError } from "../../facts/errors";
import { type Graph, type Invoke, type Json, type JsonObject, type RecordedResource, SECRET } from "../../facts/graph";
import { STACK_REFERENCE, STASH } from "../../facts/types";
import { makeUrn, stackUrn } from "../../facts/urn";
import { isOf } from "../project/platform";
import type { Project } from "../project/project";
import { type Child, expandVpc, refsIn, resolveRefs } from "./awsx-vpc";
import { answer } from "./lookups";
import { computeState } from "./mocks";
import type { Location } from "./region";
import { type Registration, Transforms } from "./transforms";
import { objectOf, optionsOf, plainObject, plainOptions, resourceReference, UNKNOWN_ON_THE_WIRE, unwrapSecret } from "./wire";

type Reply<T> = (error: Error | null, response?: T) => void;

/** What AWS answered to an earlier update. */
export interface Answered {
  account?: string;
  region?: string;
  /** By URN. */
  resources: ReadonlyMap<string, { id: string; outputs: JsonObject }>;
  /** What the stacks exported that the program refers to, by their full names. */
  exports?: ReadonlyMap<string, JsonObject>;
}

export interface MonitorOptions {
  project: Project;
  place: Location;
  /** False: whatever AWS computes stays unknown, as in a preview of a new stack. */
  known: boolean;
  /** What each Stash of an earlier update keeps, by its URN. */
  stashed?: ReadonlyMap<string, Json>;
  /** Known of what is deployed. */
  answered?: Answered;
}

interface Registered {
  urn: string;
  /** Undefined while unknown. */
  id: string | undefined;
  state: JsonObject;
}

/** What awsx passes to its children besides their own inputs. */
const REMOTE_VPC = "awsx:ec2:Vpc";

/**
 * Stands in for Pulumi's engine, in this very process: the SDK believes it is connected, and every request it makes is recorded here and answered
 * with what AWS would say.
 */
export class Monitor {
  /** Counts what happens, so that a watcher can see when nothing does any more. */
  activity = 0;
  /** The first mistake found while answering; it explains the failures that follow from it. */
  failure: Error | undefined;
  /** Texts that must not be printed. */
  readonly secrets = new Set<string>();
  /** What the program should be told about the plan's limits. */
  readonly notes: string[] = [];
  private readonly resources = new Map<string, RecordedResource>();
  private readonly registered = new Map<string, Registered>();
  private readonly transforms = new Transforms(this);
  private readonly ownTransforms = new Map<string, Callback[]>();
  private readonly outputs = new Map<string, JsonObject>();
  private readonly remote = new Set<string>();
  private readonly invokes: Invoke[] = [];
  private readonly files = new Map<string, string | undefined>();

  constructor(private readonly options: MonitorOptions) {
    const { config, secretKeys } = options.project;
    for (const key of secretKeys) this.secrets.add(config[key] ?? "");
  }

  get known(): boolean {
    return this.options.known;
  }

  /** What the SDK must use to call the program's transforms. */
  get callbacks(): unknown {
    return this.transforms.callbacks;
  }

  /** Everything recorded so far, in the order of registration. */
  graph(stackUrn: string): Graph {
    return { resources: [...this.resources.values()], invokes: this.invokes, outputs: this.plain(this.outputs.get(stackUrn) ?? {}) };
  }

  /** The components of the program whose constructors registered no outputs. */
  withoutOutputs(): RecordedResource[] {
    const components = [...this.resources.values()].filter(({ urn, custom }) => !custom && !this.remote.has(urn));
    return components.filter(({ urn }) => Object.keys(this.outputs.get(urn) ?? {}).length === 0);
  }

  // What the SDK calls, under the names of the protocol.

  supportsFeature(request: proto.SupportsFeatureRequest, reply: Reply<SupportsFeatureResponse>): void {
    // Without "outputValues" inputs arrive as plain values; nothing here runs transforms of invokes.
    const response = new SupportsFeatureResponse();
    response.setHassupport(!["outputValues", "invokeTransforms"].includes(request.getId()));
    reply(null, response);
  }

  registerResource(request: RegisterResourceRequest, reply: Reply<RegisterResourceResponse>): void {
    this.respond(reply, async () => {
      const registration: Registration = {
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        custom: request.getCustom(),
        inputs: objectOf(request.getObject()),
        options: optionsOf(request),
        propertyDependencies: propertyDependenciesOf(request),
        source: this.source(request.getParent(), request.getStacktrace()),
      };
      const made = await this.register(registration, request.getTransformsList());
      const response = new RegisterResourceResponse();
      response.setUrn(made.urn);
      response.setId(made.id ?? "");
      if (request.getRemote()) await this.expand(made, request, response);
      else response.setObject(Struct.fromJavaScript(made.state));
      return response;
    });
  }

  readResource(request: proto.ReadResourceRequest, reply: Reply<ReadResourceResponse>): void {
    this.respond(reply, async () => {
      const options = new TransformResourceOptions();
      options.setDependsOnList(request.getDependenciesList());
      options.setProvider(request.getProvider());
      const [type, name, inputs] = [request.getType(), request.getName(), objectOf(request.getProperties())];
      const source = this.source(request.getParent(), request.getStacktrace());
      const registration = { type, name, parent: request.getParent(), custom: true, inputs, options, propertyDependencies: {}, source };
      const made = this.add(registration, request.getId());
      const response = new ReadResourceResponse();
      response.setUrn(made.urn);
      // SDKs since 3.256 take the id from the answer, where it is a field.
      (response as { setId?(id: string): unknown }).setId?.(request.getId());
      response.setProperties(Struct.fromJavaScript(made.state));
      return response;
    });
  }

  registerResourceOutputs(request: proto.RegisterResourceOutputsRequest, reply: Reply<Empty>): void {
    this.respond(reply, async () => {
      this.outputs.set(request.getUrn(), objectOf(request.getOutputs()));
      return new Empty();
    });
  }

  invoke(request: proto.ResourceInvokeRequest, reply: Reply<InvokeResponse>): void {
    this.respond(reply, async () => {
      const [token, args] = [request.getTok(), objectOf(request.getArgs())];
      const response = new InvokeResponse();
      if (token === "pulumi:pulumi:getResource") {
        const urn = args.urn as string;
        const made = this.registered.get(urn);
        if (!made) throw new UserError(`The program refers to ${urn}, which it does not make.`);
        response.setReturn(Struct.fromJavaScript({ urn: made.urn, id: made.id ?? "", state: made.state }));
      } else {
        this.invokes.push({ token, args: this.plain(args) });
        response.setReturn(Struct.fromJavaScript(answer(token, args, this.options.place)));
      }
      return response;
    });
  }

  call(request: proto.ResourceCallRequest, reply: Reply<never>): void {
    this.respond(reply, () =>
      Promise.reject(
        new UserError(`The program calls ${request.getTok()}, a method of a remote component, which the offline plan cannot run.`),
      ),
    );
  }

  registerPackage(_: proto.RegisterPackageRequest, reply: Reply<RegisterPackageResponse>): void {
    const response = new RegisterPackageResponse();
    response.setRef("planned");
    reply(null, response);
  }

  registerStackTransform(callback: Callback, reply: Reply<Empty>): void {
    this.transforms.ofStack.push(callback);
    reply(null, new Empty());
  }

  registerResourceHook(_: proto.RegisterResourceHookRequest, reply: Reply<Empty>): void {
    reply(null, new Empty());
  }

  registerErrorHook(_: proto.RegisterErrorHookRequest, reply: Reply<Empty>): void {
    reply(null, new Empty());
  }

  // How it answers.

  private respond<T>(reply: Reply<T>, work: () => Promise<T>): void {
    this.activity++;
    work().then(
      (response) => {
        this.activity++;
        reply(null, response);
      },
      (error: Error) => {
        this.activity++;
        this.failure ??= error;
        reply(Object.assign(error, { details: error.message }));
      },
    );
  }

  private async register(given: Registration, own: Callback[]): Promise<Registered> {
    const made = this.add(await this.transforms.run(given, [...own, ...this.inherited(given.parent)]));
    this.ownTransforms.set(made.urn, own);
    return made;
  }

  /** The transforms of a parent and of its parents, from the inside out. */
  private inherited(parent: string): Callback[] {
    const above = this.resources.get(parent);
    return above ? [...(this.ownTransforms.get(parent) ?? []), ...this.inherited(above.parent ?? "")] : [];
  }

  private add(registration: Registration, readId?: string): Registered {
    const { type, name, parent, custom, inputs, options, source } = registration;
    const { project, place, known } = this.options;
    const urn = makeUrn(project.stack, project.name, parent, type, name);
    const before = this.resources.get(urn);
    if (before) {
      const where = [before.source, source].filter(Boolean).join(" and ");
      throw new UserError(
        `Two resources have the same name: "${name}" of type ${type}${where ? ` (${where})` : ""}. Give one of them another name.`,
      );
    }
    this.resources.set(urn, {
      urn,
      type,
      name,
      parent: parent || null,
      ...(options.getProvider() ? { provider: options.getProvider() } : {}),
      inputs: this.plain(inputs),
      dependencies: [...new Set(options.getDependsOnList())].sort(),
      propertyDependencies: sortedDependencies(registration.propertyDependencies),
      options: plainOptions(options, { urn, parent, type, name }, (text) => this.secrets.add(text)),
      custom,
      source,
      read: readId !== undefined,
    });
    const computed = custom && known && type !== STACK_REFERENCE ? computeState({ urn, type, name, inputs, place }) : undefined;
    const answered = computed && this.options.answered?.resources.get(urn);
    const state = answered ? { ...computed.state, ...answered.outputs, ...inputs } : (computed?.state ?? (custom ? inputs : {}));
    const kept = type === STASH && { output: this.options.stashed?.get(urn) ?? inputs.input ?? null };
    const exported = type === STACK_REFERENCE && this.exportedBy(readId ?? name);
    const made = { urn, id: readId ?? answered?.id ?? computed?.id, state: { ...state, ...kept, ...exported } };
    this.registered.set(urn, made);
    return made;
  }

  /** What a stack exports that the program refers to. A preview knows it; a plan knows what it is given. */
  private exportedBy(stack: string): JsonObject {
    const { platform } = this.options.project;
    if (!platform || !isOf(platform, stack)) {
      const then = this.options.answered?.exports?.get(stack);
      if (then) {
        this.notes.push(`what ${stack} exports is read from the state: it is what the last update found.`);
        return { outputs: withoutSecrets(then) };
      }
      this.notes.push(
        `what ${stack} exports is unknown here; pulumi preview reads it, and berth plan with --platform FILE: what pulumi stack output --json wrote there.`,
      );
      return {};
    }
    this.notes.push(`what ${stack} exports is read from ${platform.file}.`);
    return { outputs: withoutSecrets(platform.outputs) };
  }

  /** Makes the children of a remote component and answers with its outputs. */
  private async expand(made: Registered, request: RegisterResourceRequest, response: RegisterResourceResponse): Promise<void> {
    this.remote.add(made.urn);
    const component = this.resources.get(made.urn);
    if (component?.type !== REMOTE_VPC) {
      this.notes.push(`${component?.type} "${component?.name}" is made by a plugin: what it consists of is not in this plan.`);
      response.setObject(Struct.fromJavaScript({}));
      return;
    }
    const inputs = settledInputs(component.name, objectOf(request.getObject()));
    const zones = answer("aws:index/getAvailabilityZones:getAvailabilityZones", { region: inputs.region ?? null }, this.options.place)
      .names as string[];
    const expansion = expandVpc(component.name, inputs, zones);
    // As soon as what they refer to is there, and side by side: each may have transforms to wait for.
    const begun = new Map<string, Promise<Registered>>();
    for (const child of expansion.children) begun.set(child.key, this.addChild(child, made, begun, component, request));
    const children = await settled(begun);
    const get = (key: string): Registered => children.get(key) ?? made;
    const reference = (key: string) => resourceReference(get(key).urn, get(key).id);
    const state: JsonObject = {};
    const dependencies = (property: string, keys: string[]) => {
      response.getPropertydependenciesMap().set(property, urnsMessage(keys.map((key) => get(key).urn)));
    };
    for (const [property, keys] of Object.entries(expansion.resources)) {
      state[property] = Array.isArray(keys) ? keys.map(reference) : reference(keys);
      dependencies(property, [keys].flat());
    }
    for (const [property, value] of Object.entries(expansion.outputs)) {
      state[property] = resolveRefs(value, (ref) => propertyOf(get(ref.child), ref.property));
      dependencies(property, refsIn(value));
    }
    response.setObject(Struct.fromJavaScript(state));
  }

  private async addChild(
    child: Child,
    owner: Registered,
    begun: ReadonlyMap<string, Promise<Registered>>,
    component: RecordedResource,
    request: RegisterResourceRequest,
  ): Promise<Registered> {
    const needed = new Set([child.parent ?? "", ...child.dependsOn, ...refsIn(child.inputs)]);
    const there = await settled(new Map([...begun].filter(([key]) => needed.has(key))));
    const parent = (there.get(child.parent ?? "") ?? owner).urn;
    const urnOf = (key: string) => there.get(key)?.urn ?? parent;
    const inherited = Object.entries(component.propertyDependencies).flatMap(([key, urns]) =>
      child.inherits === true || child.inherits.includes(key) ? urns : [],
    );
    const propertyDependencies = Object.fromEntries(Object.entries(child.inputs).map(([key, value]) => [key, refsIn(value).map(urnOf)]));
    const options = new TransformResourceOptions();
    options.setDependsOnList([...child.dependsOn.map(urnOf), ...Object.values(propertyDependencies).flat(), ...inherited]);
    options.setProvider(request.getProvidersMap().get("aws") ?? "");
    const inputs = resolveRefs(child.inputs, (ref) => propertyOf(there.get(ref.child), ref.property)) as JsonObject;
    return this.register(
      { type: child.type, name: child.name, parent, custom: true, inputs, options, propertyDependencies, source: component.source },
      [],
    );
  }

  private plain(value: JsonObject): JsonObject {
    return plainObject(value, (text) => this.secrets.add(text));
  }

  /**
   * `components/service/service.ts:19`, relative to the project. For a child that is where its component makes it; for what the program makes itself, the
   * program's own line, however many constructors and helpers lie in between.
   */
  private source(parent: string, trace: StackTrace | undefined): string | undefined {
    const { project } = this.options;
    const frames = [...(trace?.getFramesList() ?? [])];
    if (parent === stackUrn(project.stack, project.name)) frames.reverse();
    for (const frame of frames) {
      const position = frame.getPc();
      const file = position && this.fileOf(position.getUri());
      if (file) return `${file}:${position.getLine()}`;
    }
    return undefined;
  }

  /** A file of the project, relative to it; undefined for libraries and for the planner's own files, which lie in the project that it comes with. */
  private fileOf(uri: string): string | undefined {
    if (!this.files.has(uri)) this.files.set(uri, sourceFile(uri, this.options.project.root));
    return this.files.get(uri);
  }
}

/** The folders of the planner's own files, and of what loads them. */
const PLANNER = [dirname(__dirname), join(__dirname, "..", "..", "bin")].map((folder) => folder + sep);

function sourceFile(uri: string, root: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  const file = fileURLToPath(uri);
  if (PLANNER.some((folder) => file.startsWith(folder))) return undefined;
  const path = relative(root, file).replaceAll("\\", "/");
  return path.includes("node_modules/") ? undefined : path;
}

/** Outputs of an export without what is encrypted in them. */
function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== "object") return value;
  if (runtime.specialSigKey in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

async function settled<T>(begun: ReadonlyMap<string, Promise<T>>): Promise<Map<string, T>> {
  return new Map(await Promise.all([...begun].map(async ([key, value]) => [key, await value] as const)));
}

function propertyOf(made: Registered | undefined, property: string): Json {
  const value = property === "id" ? made?.id : made?.state[property];
  return value ?? UNKNOWN_ON_THE_WIRE;
}

/** The plugin needs to know these; a secret among them (a tag, say) is as good as any other value. */
function settledInputs(name: string, inputs: JsonObject): JsonObject {
  const settled = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, unwrapSecret(value)]));
  const unknown = ["numberOfAvailabilityZones", "availabilityZoneNames", "cidrBlock", "subnetSpecs", "natGateways"].find((key) =>
    JSON.stringify(settled[key])?.includes(UNKNOWN_ON_THE_WIRE),
  );
  if (unknown)
    throw new UserError(
      `awsx.ec2.Vpc "${name}": ${unknown} decides which resources exist, so it must be a plain value and not one that is known only after the deploy.`,
    );
  return settled;
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, key) => {
    dependencies[key] = urns.getUrnsList();
  });
  return dependencies;
}

function sortedDependencies(given: Record<string, string[]>): Record<string, string[]> {
  const kept = Object.entries(given).filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, urns]) => [key, [...new Set(urns)].sort()]));
}

function urnsMessage(urns: string[]): RegisterResourceResponse.PropertyDependencies {
  const message = new RegisterResourceResponse.PropertyDependencies();
  message.setUrnsList(urns);
  return message;
}
