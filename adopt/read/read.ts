// Reads services that run, with all that belongs to them: few calls, none of which changes anything.
import {
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
} from "@aws-sdk/client-application-auto-scaling";
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import type { Service } from "@aws-sdk/client-ecs";
import { paginateListTasks } from "@aws-sdk/client-ecs";
import type { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { paginateDescribeListeners, paginateDescribeRules } from "@aws-sdk/client-elastic-load-balancing-v2";
import { nameOf } from "../../facts/arns";
import { imageComplaint } from "../../facts/images";
import type { Providers } from "../ecs/capacity";
import { servicesOf, type TaggedTask, taskDefinitionOf } from "../ecs/documents";
import { logGroupOf } from "../ecs/logs";
import { refuse } from "../ecs/refusals";
import type { ScalingOf } from "../ecs/scaling";
import type { Known } from "../ecs/service";
import { appOf } from "../ecs/task";
import type { Leading, Targets } from "../ecs/traffic";
import { Asking, paged } from "./asking";
import type { Clients } from "./clients";
import { findServices } from "./find";
import { statementsOf } from "./rights";

/** A service that was read. */
export type Read = Known & { service: Service };

/** What was read, and the actions that the caller has no permission for. */
export interface Reading {
  services: Read[];
  denied: string[];
}

export async function readServices(clients: Clients, cluster: string, names: readonly string[]): Promise<Reading> {
  const asking = new Asking();
  const found = await findServices(clients, cluster, names);
  const tasks = await Promise.all(found.map(({ taskDefinition }) => readTask(clients, taskDefinition!)));
  // Before anything else is asked: what cannot be adopted needs no permissions.
  for (const [i, service] of found.entries()) refuse(service.serviceName!, tasks[i]!, service);
  const balancers = await readBalancers(clients, asking, found);
  const providers = await readProviders(clients, asking, found);
  const services = await Promise.all(
    found.map(async (one, i): Promise<Read> => {
      const task = tasks[i]!;
      const service = servicesOf(one)[0]!;
      const [vpcId, scaling, digest, statements, logGroup] = await Promise.all([
        readVpc(clients, asking, service),
        readScaling(clients, asking, service),
        readDigest(clients, asking, task, service),
        task.taskRoleArn === undefined ? undefined : statementsOf(clients.iam, asking, task.taskRoleArn),
        readLogGroup(clients, asking, task, service),
      ]);
      return {
        task,
        service,
        providers,
        ...balancers,
        ...(vpcId !== undefined && { vpcId }),
        ...(scaling && { scaling }),
        ...(digest !== undefined && { digest }),
        ...(statements && { statements }),
        ...(logGroup && { logGroup }),
      };
    }),
  );
  return { services, denied: [...asking.denied].sort() };
}

async function readTask({ ecs }: Clients, taskDefinition: string): Promise<TaggedTask> {
  const { $metadata: _, ...answer } = await ecs.describeTaskDefinition({ taskDefinition, include: ["TAGS"] });
  return taskDefinitionOf(answer)!;
}

async function readVpc({ ec2 }: Clients, asking: Asking, { networkConfiguration }: Service): Promise<string | undefined> {
  const [first] = networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
  if (first === undefined) return undefined;
  const answer = await asking.about("ec2:DescribeSubnets", () => ec2.describeSubnets({ SubnetIds: [first] }));
  return answer?.Subnets?.[0]?.VpcId;
}

/** Capacity providers by what is behind them. */
async function readProviders({ ecs }: Clients, asking: Asking, services: readonly Service[]): Promise<Providers> {
  const all = services.flatMap(({ capacityProviderStrategy = [] }) =>
    capacityProviderStrategy.map(({ capacityProvider = "" }) => capacityProvider),
  );
  const names = [...new Set(all)].filter((name) => !name.startsWith("FARGATE"));
  if (names.length === 0) return {};
  const answer = await asking.about("ecs:DescribeCapacityProviders", () => ecs.describeCapacityProviders({ capacityProviders: names }));
  const kinds = (answer?.capacityProviders ?? []).map(
    ({ name = "", managedInstancesProvider: its }) => [name, its ? "managed-instances" : "ec2"] as const,
  );
  return Object.fromEntries(kinds);
}

/** Target groups with their attributes, and the rules that lead to them. */
async function readBalancers(clients: Clients, asking: Asking, services: readonly Service[]): Promise<Pick<Known, "targets" | "rules">> {
  const { elbv2 } = clients;
  const named = services.flatMap(({ loadBalancers = [] }) =>
    loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration: two }) => [targetGroupArn, two?.alternateTargetGroupArn]),
  );
  const arns = [...new Set(named)].filter((arn) => arn !== undefined);
  if (arns.length === 0) return {};
  const answer = await asking.about("elasticloadbalancing:DescribeTargetGroups", () =>
    elbv2.describeTargetGroups({ TargetGroupArns: arns }),
  );
  const groups = answer?.TargetGroups ?? [];
  const targets = new Map<string, Targets>();
  for (const group of groups) {
    const TargetGroupArn = group.TargetGroupArn!;
    const its = await asking.about("elasticloadbalancing:DescribeTargetGroupAttributes", () =>
      elbv2.describeTargetGroupAttributes({ TargetGroupArn }),
    );
    const attributes = (its?.Attributes ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);
    targets.set(TargetGroupArn, { group, attributes: Object.fromEntries(attributes) });
  }
  const leading = await readRules(clients, asking, [...new Set(groups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))]);
  const rules = new Map(arns.map((arn) => [arn, leading.filter(({ rule }) => leadsTo(rule, arn))]));
  return answer ? { targets, rules } : {};
}

async function readRules({ elbv2 }: Clients, asking: Asking, balancers: readonly string[]): Promise<Leading[]> {
  const listeners: Listener[] = [];
  for (const LoadBalancerArn of balancers) {
    const its = await asking.about("elasticloadbalancing:DescribeListeners", () =>
      paged(paginateDescribeListeners({ client: elbv2 }, { LoadBalancerArn }), ({ Listeners }) => Listeners),
    );
    listeners.push(...(its ?? []));
  }
  const all: Leading[] = [];
  for (const listener of listeners) {
    const { ListenerArn } = listener;
    const rules = await asking.about("elasticloadbalancing:DescribeRules", () =>
      paged(paginateDescribeRules({ client: elbv2 }, { ListenerArn }), ({ Rules }) => Rules),
    );
    all.push(...(rules ?? []).map((rule) => ({ rule, listener })));
  }
  return all;
}

const leadsTo = ({ Actions = [] }: Rule, arn: string) =>
  Actions.some(
    ({ TargetGroupArn, ForwardConfig }) =>
      TargetGroupArn === arn || (ForwardConfig?.TargetGroups ?? []).some((one) => one.TargetGroupArn === arn),
  );

async function readScaling(
  { autoScaling: client }: Clients,
  asking: Asking,
  { clusterArn = "", serviceName }: Service,
): Promise<ScalingOf | undefined> {
  const ResourceId = `service/${nameOf(clusterArn)}/${serviceName}`;
  const of = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
  const targets = await asking.about("application-autoscaling:DescribeScalableTargets", () =>
    paged(paginateDescribeScalableTargets({ client }, { ...of, ResourceIds: [ResourceId] }), ({ ScalableTargets }) => ScalableTargets),
  );
  const [target] = targets ?? [];
  if (!target) return undefined;
  const policies = await asking.about("application-autoscaling:DescribeScalingPolicies", () =>
    paged(paginateDescribeScalingPolicies({ client }, { ...of, ResourceId }), ({ ScalingPolicies }) => ScalingPolicies),
  );
  const actions = await asking.about("application-autoscaling:DescribeScheduledActions", () =>
    paged(paginateDescribeScheduledActions({ client }, { ...of, ResourceId }), ({ ScheduledActions }) => ScheduledActions),
  );
  return { target, policies: policies ?? [], actions: actions ?? [] };
}

/** The digest of the app's image that runs, where its tag moves. */
async function readDigest(
  { ecs }: Clients,
  asking: Asking,
  task: TaggedTask,
  { clusterArn, serviceName, loadBalancers = [] }: Service,
): Promise<string | undefined> {
  const app = appOf(task, loadBalancers[0]?.containerName);
  const { image = "" } = task.containerDefinitions?.find(({ name }) => name === app) ?? {};
  if (imageComplaint(image) === undefined) return undefined;
  const of = { cluster: clusterArn, serviceName, desiredStatus: "RUNNING" as const };
  const tasks = await asking.about("ecs:ListTasks", () => paged(paginateListTasks({ client: ecs }, of), ({ taskArns }) => taskArns));
  if (!tasks || tasks.length === 0) return undefined;
  const answer = await asking.about("ecs:DescribeTasks", () => ecs.describeTasks({ cluster: clusterArn, tasks: tasks.slice(0, 100) }));
  const running = (answer?.tasks ?? []).filter(({ taskDefinitionArn }) => taskDefinitionArn === task.taskDefinitionArn);
  const digests = new Set(
    running.flatMap(({ containers = [] }) => containers.filter(({ name }) => name === app).map(({ imageDigest }) => imageDigest)),
  );
  const [digest, another] = digests;
  // Tasks that run two images are in the midst of something.
  if (digest === undefined || another !== undefined) return undefined;
  return `${image.replace(/:[^/:]*$/, "")}@${digest}`;
}

async function readLogGroup(
  { logs }: Clients,
  asking: Asking,
  task: TaggedTask,
  { loadBalancers = [] }: Service,
): Promise<LogGroup | undefined> {
  const app = appOf(task, loadBalancers[0]?.containerName);
  const name = logGroupOf(task.containerDefinitions?.find((one) => one.name === app) ?? {});
  if (name === undefined) return undefined;
  const answer = await asking.about("logs:DescribeLogGroups", () => logs.describeLogGroups({ logGroupNamePrefix: name }));
  return answer?.logGroups?.find(({ logGroupName }) => logGroupName === name);
}
