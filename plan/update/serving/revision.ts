import type { Json, JsonObject } from "../../../facts/graph";
import { CLUSTER_CAPACITY_PROVIDERS, COMMAND, ENDPOINT, LISTENER, ROUTE, ROUTE_TABLE_ASSOCIATION } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import { number, object, objects, text } from "../../graph/query";
import { namedIn } from "../order/physical";
import { lets } from "./security-groups";
import { named, type Thing, type World } from "./world";

/** A revision of a service: what its tasks need, and where requests reach them. */
export class Revision {
  readonly taskDefinition: Thing | undefined;
  readonly groups: string[];
  readonly subnets: string[];
  /** Each target group that its tasks may be in, with the port that they answer on, and the rules whose weights ECS keeps. */
  readonly targets: { groups: string[]; port: number; rules: string[] }[];

  constructor(
    world: World,
    readonly service: Thing,
  ) {
    const network = object(service.inputs.networkConfiguration);
    this.taskDefinition = world.get(named(service, "taskDefinition"));
    this.subnets = namedIn(network.subnets);
    const own = namedIn(network.securityGroups);
    this.groups = own.length > 0 ? own : instanceGroups(world, service);
    this.targets = objects(service.inputs.loadBalancers).map((one) => {
      const more = object(one.advancedConfiguration);
      const rule = (key: string) => namedIn(more[key]).filter((id) => world.get(id)?.type !== LISTENER);
      return {
        groups: [...namedIn(one.targetGroupArn), ...namedIn(more.alternateTargetGroupArn)],
        port: number(one.containerPort) ?? 0,
        rules: [...rule("productionListenerRule"), ...rule("testListenerRule")],
      };
    });
  }

  /** Whether two sets of tasks take turns, so that either group may be the one that serves. */
  get takesTurns(): boolean {
    return this.targets.some(({ groups }) => groups.length > 1);
  }

  /** The target group that the tasks are in, if they are on that side. */
  side(side: 0 | 1): Set<string> {
    return new Set(this.targets.flatMap(({ groups }) => groups[Math.min(side, groups.length - 1)] ?? []));
  }

  get strategies(): string[] {
    return objects(this.service.inputs.capacityProviderStrategies).map(({ capacityProvider }) => text(capacityProvider) ?? "");
  }

  get roles(): string[] {
    const task = this.taskDefinition?.inputs ?? {};
    const traffic = objects(this.service.inputs.loadBalancers).map(({ advancedConfiguration }) => object(advancedConfiguration).roleArn);
    return [task.executionRoleArn, task.taskRoleArn, ...traffic].flatMap((value) => namedIn(value));
  }

  /** What keeps its tasks from starting, by what is lacking. */
  lacks(world: World): Map<string, string> {
    const lacking = new Map<string, string>();
    for (const id of [...namedIn(this.service.inputs as Json), ...namedIn((this.taskDefinition?.inputs ?? {}) as Json)]) {
      // An alarm ends a rollout; no task needs it. A revision that is deregistered still runs.
      if (!world.get(id) && !/:(MetricAlarm|TaskDefinition)::/.test(id)) lacking.set(id, `${shortId(id)} is not there`);
    }
    for (const provider of this.strategies) {
      const ids = namedIn(provider);
      if (!this.isAttached(world, provider))
        lacking.set(`provider ${provider}`, `its cluster has no capacity provider ${ids[0] ? shortId(ids[0]) : provider}`);
      for (const id of ids) {
        const group = namedIn(world.get(id)?.inputs.autoScalingGroupProvider)[0];
        if (group !== undefined && !world.get(group)) lacking.set(group, `${shortId(group)} is not there`);
      }
    }
    for (const subnet of this.subnets) {
      const missing = this.unreachable(world, subnet);
      if (world.get(subnet) && missing.length > 0)
        lacking.set(`way out of ${subnet}`, `${shortId(subnet)} has no way to ${missing.join(", ")}`);
    }
    for (const group of this.groups) {
      if (world.get(group) && !lets(world, "egress", group, [], 443)) lacking.set(`egress ${group}`, `${shortId(group)} lets nothing out`);
    }
    return lacking;
  }

  /** Whether the cluster takes a provider: by its list, or by a command that attaches it. A list that is made elsewhere is not known, and believed. */
  private isAttached(world: World, provider: string): boolean {
    const cluster = named(this.service, "cluster");
    const lists = world.ofType(CLUSTER_CAPACITY_PROVIDERS).filter((one) => cluster === undefined || named(one, "clusterName") === cluster);
    if (lists.length === 0 || lists.some(({ inputs }) => (inputs.capacityProviders as Json[] | undefined)?.includes(provider))) return true;
    const attaching = world.ofType(COMMAND).filter(({ inputs }) => verbOf(inputs.create) === "attach-capacity-provider");
    return attaching.some(({ inputs }) => object(inputs.environment).BERTH_CAPACITY_PROVIDER === provider);
  }

  /** The AWS services that a task calls before the app does anything, and cannot reach from a subnet. */
  private unreachable(world: World, subnet: string): string[] {
    const tables = world.naming(ROUTE_TABLE_ASSOCIATION, "subnetId", subnet).flatMap(({ inputs }) => namedIn(inputs.routeTableId));
    if (tables.length === 0) return [];
    const out = world.ofType(ROUTE).some(({ inputs }) => {
      const to = namedIn([inputs.natGatewayId ?? null, inputs.gatewayId ?? null]);
      const leads = inputs.destinationCidrBlock === "0.0.0.0/0" && namedIn(inputs.routeTableId).some((table) => tables.includes(table));
      return leads && to.every((id) => world.get(id) !== undefined);
    });
    if (out) return [];
    const there = new Set(
      world
        .ofType(ENDPOINT)
        .filter(
          ({ inputs }) => inputs.vpcEndpointType === "Interface" || namedIn(inputs.routeTableIds).some((table) => tables.includes(table)),
        )
        .map(({ inputs }) => (text(inputs.serviceName) ?? "").split(".").slice(3).join(".")),
    );
    return this.calls.filter((service) => !there.has(service));
  }

  private get calls(): string[] {
    const containers = containersOf(this.taskDefinition);
    const images = containers.some(({ image }) => /\.ecr\.|Repository::/.test(text(image) ?? "")) ? ["ecr.api", "ecr.dkr", "s3"] : [];
    const logs = containers.some(({ logConfiguration }) => object(logConfiguration).logDriver === "awslogs") ? ["logs"] : [];
    const variables = containers.flatMap(({ environment }) => objects(environment).map(({ name }) => name));
    const agent = variables.includes("CW_CONFIG_CONTENT");
    const observed = [...(agent || variables.includes("AOT_CONFIG_CONTENT") ? ["xray"] : []), ...(agent ? ["monitoring"] : [])];
    const firehose = containers.some(({ logConfiguration }) => object(object(logConfiguration).options).Name === "kinesis_firehose");
    const stores = containers.flatMap(({ secrets, logConfiguration }) =>
      [...objects(secrets), ...objects(object(logConfiguration).secretOptions)].map(({ valueFrom }) => text(valueFrom) ?? ""),
    );
    const store = stores.flatMap((arn) => (arn.includes(":secretsmanager:") ? ["secretsmanager"] : arn.includes(":ssm:") ? ["ssm"] : []));
    return [...new Set([...images, ...logs, ...(firehose ? ["kinesis-firehose"] : []), ...observed, ...store])];
  }
}

/** The containers of a task definition. */
export function containersOf(taskDefinition: Thing | undefined): JsonObject[] {
  const given = taskDefinition?.inputs.containerDefinitions;
  try {
    return objects(typeof given === "string" ? (JSON.parse(given) as Json) : (given ?? []));
  } catch {
    return [];
  }
}

/** In bridge mode requests reach the instances, by the group of their launch template. */
function instanceGroups(world: World, service: Thing): string[] {
  return objects(service.inputs.capacityProviderStrategies).flatMap(({ capacityProvider }) => {
    const provider = world.get(namedIn(capacityProvider)[0]);
    const group = world.get(namedIn(provider?.inputs.autoScalingGroupProvider)[0]);
    const templates = namedIn([group?.inputs.launchTemplate ?? null, group?.inputs.mixedInstancesPolicy ?? null]);
    return templates.flatMap((id) => namedIn(world.get(id)?.inputs.vpcSecurityGroupIds));
  });
}

/** `Role web-execution`, from an id. */
export const shortId = (id: string): string => {
  const [type = "", ...name] = id.split("::");
  return `${type.split(":").pop() ?? ""} ${name.join("::")}`;
};
