// A stack file: which key holds the arguments of which component, what the whole stack has, and what goes together across the groups.
import { common, kmsKeyArn, policyArn } from "../components/base/arguments";
import { type ArgumentsOf, flag, group, lifted, oneOf, optional, other, plain, type Rule } from "../components/base/schema";
import { type ClusterArgs, cluster } from "../components/cluster/cluster";
import { type Ec2CapacityArgs, ec2Capacity, ec2Rules } from "../components/cluster/ec2-capacity";
import { type ManagedInstancesCapacityArgs, managedInstances, oneArchitecture } from "../components/cluster/managed-instances";
import { type AppImageArgs, appImage, cacheOfAnother, oneSource } from "../components/image/image";
import { type LoadBalancerArgs, loadBalancer, loadBalancerRules } from "../components/load-balancer/load-balancer";
import { type OnFargate, onFargate } from "../components/task/arguments";
import type { Architecture } from "../facts/instances";
import { type NetworkSettings, network } from "./network";
import { OF_THE_STACK, type ServiceSettings, service } from "./service";
import { type TaskSettings, tasks } from "./tasks";

const clusterSettings = plain(cluster, [...OF_THE_STACK, "ec2", "managedInstances"]);
// The words of the whole stack decide these: compute, sleep, architecture.
const ofEc2 = plain(ec2Capacity, ["instanceTypes", "sleep"]);
const managedSettings = plain(managedInstances, OF_THE_STACK);
const ofImage = plain(appImage, OF_THE_STACK);
const loadBalancerSettings = plain(loadBalancer, OF_THE_STACK);

/** The app's image in a stack file. */
export interface ImageSettings extends Omit<Pick<AppImageArgs, keyof typeof ofImage>, "context"> {
  /** Folder to build (`context.location`). Defaults to `./app`, unless `imageUri` is given. */
  context?: string;
}
const imageSettings = { ...ofImage, context: ofImage.context } satisfies ArgumentsOf<ImageSettings>;

/** The cluster's EC2 instances in a stack file. */
export interface Ec2Settings extends Pick<Ec2CapacityArgs, keyof typeof ofEc2> {
  /** Instance types, all of one architecture; the first is preferred. A type that is sold out is replaced by the next. Defaults to `[t3.medium]`, or `[t4g.medium]` for arm64. */
  instanceTypes?: string[];
}
const ec2Settings = { ...ofEc2, instanceTypes: optional(ec2Capacity.instanceTypes) } satisfies ArgumentsOf<Ec2Settings>;

/** A stack file. */
export interface StackSettings {
  /** What runs the tasks: Fargate, EC2 instances of the stack's own, or instances that ECS manages. Defaults to `fargate`. */
  compute?: "fargate" | "ec2" | "managed-instances";
  /** CPU architecture of image, tasks and instances. Defaults to `x86_64`. Cost: `arm64` (Graviton) is about a fifth cheaper. */
  architecture?: Architecture;
  /** Whether load balancer, image repositories and log bucket resist a destroy. Defaults to true. */
  deletionProtection?: boolean;
  /** Tags for everything, beside `Project` and `Stack`. Defaults to none. */
  tags?: Record<string, string>;
  /** `own` makes a KMS key of the stack's own for what it stores; `aws` leaves it to AWS's keys, or `kmsKeyArn`. Defaults to `aws`. Cost: an own key is 1 USD a month. */
  encryption?: "aws" | "own";
  /** ARN of a KMS key to encrypt what the stack stores with. Defaults to AWS's own keys. */
  kmsKeyArn?: string;
  /** ARN of the policy that no role of the stack can exceed. Defaults to none. */
  permissionsBoundary?: string;
  /** The network that everything stands in: a new VPC, or one that exists. */
  network?: NetworkSettings;
  /** The image of the app: built from a folder, or one that exists. */
  image?: ImageSettings;
  /** The ECS cluster. */
  cluster?: Pick<ClusterArgs, keyof typeof clusterSettings>;
  /** The cluster's EC2 instances, with `compute: ec2`. */
  ec2?: Ec2Settings;
  /** The instances that ECS manages, with `compute: managed-instances`. */
  managedInstances?: Pick<ManagedInstancesCapacityArgs, keyof typeof managedSettings>;
  /** The Application Load Balancer in front of the service. */
  loadBalancer?: Pick<LoadBalancerArgs, keyof typeof loadBalancerSettings>;
  /** The service that runs the app. */
  service?: ServiceSettings;
  /**
   * Tasks beside the service, with its image, by name: each runs on a schedule, or when `berth run --task NAME` starts it. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   tasks:
   *     report:
   *       command: [node, report.js]
   *       schedule: cron(0 3 * * ? *)
   *       timezone: Europe/Berlin
   *     import:
   *       command: [node, import.js]
   *       cpu: 1 vCPU
   *       memory: 2 GB
   * ```
   */
  tasks?: Record<string, TaskSettings>;
  /** Use of a month, for the costs that `berth plan` prints. Defaults to the numbers below. */
  assumptions?: unknown;
  /** The most that the idle stack may cost a month, in USD; `berth plan` fails above it. Defaults to no limit. */
  budget?: unknown;
  /** Which rules fail `berth plan`, and what is excepted from them: see [the rules](../policy/README.md). Defaults to advice only. */
  policy?: unknown;
}

export const stackSettings = {
  compute: optional(oneOf("fargate", "ec2", "managed-instances"), "fargate"),
  architecture: optional(oneOf("x86_64", "arm64"), "x86_64"),
  deletionProtection: optional(flag(), true),
  tags: common.tags,
  encryption: optional(oneOf("aws", "own"), "aws"),
  kmsKeyArn: optional(kmsKeyArn()),
  permissionsBoundary: optional(policyArn()),
  network: optional(network, {}),
  image: optional(group(imageSettings, oneSource, cacheOfAnother), {}),
  cluster: optional(group(clusterSettings), {}),
  ec2: optional(group(ec2Settings, ...ec2Rules), {}),
  managedInstances: optional(group(managedSettings), {}),
  loadBalancer: optional(group(loadBalancerSettings, ...loadBalancerRules), {}),
  service: optional(service, {}),
  tasks: optional(tasks, {}),
  // Of the plan, which reads and checks them; the program has no use for them.
  assumptions: optional(other<unknown>()),
  budget: optional(other<unknown>()),
  policy: optional(other<unknown>()),
} satisfies ArgumentsOf<StackSettings>;

type Stack = typeof stackSettings;
const onInstances: Rule<Stack>[] = Object.entries({
  networkMode: [
    "tasks on Fargate always have a network interface of their own",
    "tasks on Managed Instances have a network interface of their own here",
  ],
  daemon: [
    "Fargate has no instances to run one task on each",
    "a service has no daemons on Managed Instances, where they are a resource of their own (aws.ecs.Daemon), which a program can create beside it",
  ],
} as const).map(([key, [why, managed]]) => ({
  about: ["compute", `service.${key}`],
  at: `service.${key}`,
  complain: ({ compute }, { service = {} }) => {
    const value = service[key as "networkMode" | "daemon"];
    return compute !== "ec2" && value !== undefined && value !== false && value !== "awsvpc"
      ? `${compute === "fargate" ? why : managed}; set compute: ec2, or leave it out.`
      : undefined;
  },
}));

/** What a stack file holds. */
export const stack = group(
  stackSettings,
  ...lifted<Stack, OnFargate>("service", onFargate, ["compute"], ({ compute }) => compute === "fargate"),
  ...onInstances,
  {
    about: ["compute", "tasks"],
    at: "tasks",
    complain: ({ compute, tasks }, given) =>
      Object.entries(tasks)
        .filter(([name]) => compute === "fargate" && given.tasks?.[name]?.compute === undefined)
        .flatMap(([name, task]) =>
          onFargate.flatMap((rule) => {
            const text = rule.complain(task, {});
            return typeof text === "string" ? [{ at: `tasks.${name}.${rule.at}`, text }] : [];
          }),
        ),
  },
  {
    about: ["service.name", "tasks"],
    at: "tasks",
    complain: ({ service: { name }, tasks }) =>
      Object.hasOwn(tasks, name)
        ? [{ at: `tasks.${name}`, text: "the service has that name, and its revisions would be counted with the task's; choose another." }]
        : undefined,
  },
  {
    about: ["encryption", "kmsKeyArn"],
    at: "kmsKeyArn",
    complain: ({ encryption, kmsKeyArn }) =>
      encryption === "own" && kmsKeyArn !== undefined
        ? "a key of the stack's own is made (encryption: own), and another is named here; leave out one of them."
        : undefined,
  },
  {
    about: ["compute", "service.capacity"],
    at: "service.capacity",
    complain: ({ compute, service: { capacity } }) =>
      compute === "managed-instances" && capacity === "mixed"
        ? "ECS buys managed instances of one kind; allowed: onDemand, spot."
        : undefined,
  },
  {
    about: ["architecture", "compute", "managedInstances.instanceTypes"],
    at: "managedInstances.instanceTypes",
    complain: ({ architecture, compute, managedInstances: { instanceTypes = [] } }) =>
      compute === "managed-instances" ? oneArchitecture.complain({ architecture, instanceTypes }, {}) : undefined,
  },
  {
    about: ["compute", "network"],
    at: "network.nat",
    complain: ({ compute, network: { nat, endpoints, existing } }) =>
      compute !== "fargate" && nat === "none" && endpoints === "none" && !existing
        ? `instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: ${compute} set nat to single or perZone, or endpoints to private.`
        : undefined,
  },
);
