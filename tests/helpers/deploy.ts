// Runs a piece of a program on the plan's own recorder, as the stacks are run: once with everything known, once as in a preview of a new stack.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { JsonObject, RecordedResource } from "../../facts/graph";
import { type Recording, record } from "../../plan/record/record";
import { TEMPLATE } from "./places";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-3";

export interface DeployOptions {
  /** The program's settings by full key. Default: none but the region. */
  config?: Record<string, string>;
  /** Full keys whose values Pulumi holds as secrets. */
  secretKeys?: string[];
  /** Default: `shop`. */
  project?: string;
  /** Default: `test`. */
  stack?: string;
  region?: string;
  /** Whether what `program` makes is exported: its `shared`. */
  outputs?: boolean;
  /** What the stacks export that the program refers to. Default: nobody knows. */
  platform?: JsonObject;
}

let current: () => unknown = () => undefined;

/** What the program of this moment does. */
export const fragment = () => current();

/** Records what `program` makes. The recorder itself fails for what differs between the two modes and for components without outputs. */
export async function deploy(program: () => unknown, options: DeployOptions = {}): Promise<Deployed> {
  const { config = {}, secretKeys = [], project = "shop", stack = "test", region = REGION, platform } = options;
  // What a function exports (an object of Outputs) is no business of a test: it reads resources.
  current = async () => {
    const made = await program();
    return options.outputs ? { shared: (made as { shared: object }).shared } : {};
  };
  const main = join(__dirname, "program");
  const settings = { "aws:region": region, ...config };
  const exported = platform && { platform: { file: "platform.json", outputs: platform } };
  return new Deployed(await record({ name: project, stack, root: TEMPLATE, main, config: settings, secretKeys, notes: [], ...exported }));
}

/** The message with which `program` is refused. */
export async function refusal(program: () => unknown, options: DeployOptions = {}): Promise<string> {
  try {
    await deploy(program, options);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("nothing was refused");
}

/** Questions to a recording. */
export class Deployed {
  readonly resources: RecordedResource[];
  private readonly byUrn: Map<string, RecordedResource>;

  constructor(readonly recording: Recording) {
    this.resources = recording.known.resources;
    this.byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
  }

  /** All of a type, whole (`aws:ec2/vpc:Vpc`) or by its last part (`FlowLog`). */
  all(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type || resource.type.endsWith(`:${type}`));
  }

  /** The only one of a type, or of a type and a name. */
  one(type: string, name?: string): RecordedResource {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    assert.equal(found.length, 1, `${found.length} of ${type} ${name ?? ""}: ${found.map((resource) => resource.name).join(", ")}`);
    return found[0]!;
  }

  inputs(type: string, name?: string): JsonObject {
    return this.one(type, name).inputs;
  }

  /** The names of a type, sorted. */
  names(type: string): string[] {
    return this.all(type)
      .map((resource) => resource.name)
      .sort();
  }

  get(urn: string): RecordedResource {
    const found = this.byUrn.get(urn);
    assert.ok(found, `${urn} is not in the graph`);
    return found;
  }

  /** Which resources a property was taken from: `LogGroup web`. */
  sourcesOf(resource: RecordedResource, property: string): string[] {
    const sources = (resource.propertyDependencies[property] ?? []).map((urn) => this.get(urn)).filter(({ custom }) => custom);
    return sources.map(({ type, name }) => `${type.split(":").pop()} ${name}`);
  }

  /** Everything that outlives `resource` in a destroy. */
  outlives(resource: RecordedResource): Set<RecordedResource> {
    const reached = new Set<RecordedResource>();
    const visit = (each: RecordedResource) => {
      for (const needed of this.neededBy(each)) {
        if (reached.has(needed)) continue;
        reached.add(needed);
        visit(needed);
      }
    };
    visit(resource);
    return reached;
  }

  /**
   * What a resource needs by itself, as Pulumi's engine sees it: its parent, its dependencies, and for one that is a component all that was in it when the
   * resource was registered.
   */
  private neededBy(resource: RecordedResource): RecordedResource[] {
    const before = this.resources.slice(0, this.resources.indexOf(resource));
    const inside = (urn: string): RecordedResource[] =>
      before.filter(({ parent }) => parent === urn).flatMap((child) => [child, ...inside(child.urn)]);
    const dependencies = resource.dependencies.map((urn) => this.get(urn));
    const parent = resource.parent === null ? [] : [this.get(resource.parent)].filter(({ custom }) => custom);
    return [...parent, ...dependencies, ...dependencies.flatMap(({ urn, custom }) => (custom ? [] : inside(urn)))];
  }
}

/** A policy document, read. */
export interface PolicyDocument {
  Version: string;
  Statement: Record<string, unknown>[];
}

export const policyOf = (resource: RecordedResource, key = "policy") => JSON.parse(String(resource.inputs[key])) as PolicyDocument;

/** Holds a role to one trust: that of an AWS service, for what belongs to this account in this region (`arn:aws:<source>:...`), or without conditions. */
export function assertTrust(role: RecordedResource, service: string, source?: string): void {
  assert.deepEqual(policyOf(role, "assumeRolePolicy").Statement, [
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(source !== undefined && {
        Condition: {
          StringEquals: { "aws:SourceAccount": ACCOUNT },
          ArnLike: { "aws:SourceArn": `arn:aws:${source}:${REGION}:${ACCOUNT}:*` },
        },
      }),
    },
  ]);
}
