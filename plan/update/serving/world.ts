import type { Json, JsonObject, Resource } from "../../../facts/graph";
import { isMap, pathParts } from "../diff";
import { namedIn, type PhysicalNames } from "../order/physical";

/** A resource as it is at one moment of an update. */
export interface Thing {
  id: string;
  type: string;
  name: string;
  /** Its inputs, in which others are named as `⟦id⟧.what`. */
  inputs: JsonObject;
}

export const TYPES = {
  service: "aws:ecs/service:Service",
  cluster: "aws:ecs/cluster:Cluster",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  provider: "aws:ecs/capacityProvider:CapacityProvider",
  association: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  group: "aws:autoscaling/group:Group",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  listener: "aws:lb/listener:Listener",
  rule: "aws:lb/listenerRule:ListenerRule",
  targets: "aws:lb/targetGroup:TargetGroup",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:ec2/routeTable:RouteTable",
  tableOf: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  route: "aws:ec2/route:Route",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  policy: "aws:iam/policy:Policy",
  command: "command:local:Command",
  scalingTarget: "aws:appautoscaling/target:Target",
  scheduledAction: "aws:appautoscaling/scheduledAction:ScheduledAction",
} as const;

/** What exists at one moment, by id. */
export class World {
  private byType?: Map<string, Thing[]>;

  private constructor(private readonly things: Map<string, Thing>) {}

  static of(things: Thing[]): World {
    return new World(new Map(things.map((thing) => [thing.id, thing])));
  }

  get(id: string | undefined): Thing | undefined {
    return id === undefined ? undefined : this.things.get(id);
  }

  ofType(type: string): Thing[] {
    this.byType ??= grouped(this.things.values());
    return this.byType.get(type) ?? [];
  }

  /** Those of a type of which a property names a thing. */
  naming(type: string, property: string, id: string): Thing[] {
    return this.ofType(type).filter((thing) => allNamed(thing, property).includes(id));
  }

  with(put: Thing[], gone: string[] = []): World {
    const things = new Map(this.things);
    for (const id of gone) things.delete(id);
    for (const thing of put) things.set(thing.id, thing);
    return new World(things);
  }
}

function grouped(things: Iterable<Thing>): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const group = groups.get(thing.type);
    if (group) group.push(thing);
    else groups.set(thing.type, [thing]);
  }
  return groups;
}

export const thingOf = (id: string, resource: Resource, names: PhysicalNames): Thing => ({
  id,
  type: resource.type,
  name: resource.name,
  inputs: names.inputs(resource),
});

const known = new WeakMap<Thing, Map<string, string[]>>();

/** All that a property names. */
export function allNamed(thing: Thing, property: string): string[] {
  const properties = known.get(thing) ?? new Map<string, string[]>();
  known.set(thing, properties);
  const found = properties.get(property) ?? namedIn(thing.inputs[property]);
  properties.set(property, found);
  return found;
}

/** The first thing that a property names. */
export const named = (thing: Thing, property: string): string | undefined => allNamed(thing, property)[0];

/** Inputs after an update in place: what is ignored stays as it was. */
export function keepIgnored(now: JsonObject, was: JsonObject, ignored: string[]): JsonObject {
  return ignored.reduce((inputs, path) => copyAt(inputs, was, pathParts(path)), now);
}

function copyAt(into: JsonObject, from: Json | undefined, [part, ...rest]: string[]): JsonObject {
  if (part === undefined) return into;
  const was = isMap(from) ? from[part] : undefined;
  const inner = into[part];
  if (rest.length > 0 && isMap(inner)) return { ...into, [part]: copyAt(inner, was, rest) };
  const { [part]: _, ...others } = into;
  return was === undefined ? others : { ...others, [part]: was };
}
