// A stack file: which key holds the arguments of which component, what the whole stack has, and what goes together across the groups.
import type { StackAlarms } from "../components/alarms/arguments";
import { type Adopted, adoptedSchema } from "../components/base/adopted";
import { common, kmsKeyArn, policyArn } from "../components/base/arguments";
import { type ArgumentsOf, flag, group, oneOf, optional, other } from "../components/base/schema";
import type { FileSystemSettings } from "../components/files/file-system";
import type { Architecture } from "../facts/instances";
import { alarmsRules, type NotifySettings, ofAlarms } from "./alarms";
import { type DaemonSettings, daemonsRules, ofDaemons } from "./daemons";
import { type ClusterSettings, type LoadBalancerSettings, type NetworkLoadBalancerSettings, ofPlatform, platformRules } from "./elsewhere";
import { fileSystemRules, ofFileSystems } from "./file-systems";
import type { ImageSettings } from "./image";
import { type Ec2Settings, instancesRules, type ManagedInstancesSettings, ofInstances, someInstances } from "./instances";
import type { NetworkSettings } from "./network";
import { ofReview, type ReviewSettings, reviewRule } from "./review";
import type { ServiceSettings } from "./service";
import { type Compute, isConnected, isReached, listed, type OneServiceSettings, ofServices, servicesRules } from "./services";
import { ofTasks, type TaskSettings, tasksRules } from "./tasks";

/** A stack file. */
export interface StackSettings {
  /** What runs the tasks: Fargate, EC2 instances of the stack's own, or instances that ECS manages. Defaults to `fargate`. */
  compute?: Compute;
  /** CPU architecture of image, tasks and instances. Defaults to `x86_64`. Cost: `arm64` (Graviton) is about a fifth cheaper. */
  architecture?: Architecture;
  /** Whether load balancer, image repositories, file systems and log bucket resist a destroy. Defaults to true. */
  deletionProtection?: boolean;
  /** Tags for everything, beside `Project` and `Stack`. Defaults to none. */
  tags?: Record<string, string>;
  /** `own` makes a KMS key of the stack's own for what it stores, `platform` uses that of `platform`, `aws` leaves it to AWS's keys, or `kmsKeyArn`. Defaults to `aws`. Cost: an own key is 1 USD a month. */
  encryption?: "aws" | "own" | "platform";
  /** ARN of a KMS key to encrypt what the stack stores with. Defaults to AWS's own keys. */
  kmsKeyArn?: string;
  /** ARN of the policy that no role of the stack can exceed. Defaults to none. */
  permissionsBoundary?: string;
  /** A stack (`organization/project/stack`) whose network, cluster and load balancer are used, in place of own ones. Defaults to none. */
  platform?: string;
  /** The network that everything stands in: a new VPC, or one that exists. */
  network?: NetworkSettings;
  /** The image of the app: built from a folder, or one that exists. It is made where a service has no other. */
  image?: ImageSettings;
  /** The ECS cluster: a new one, or one that exists. */
  cluster?: ClusterSettings;
  /** The cluster's EC2 instances, with `compute: ec2`. */
  ec2?: Ec2Settings;
  /** The instances that ECS manages, with `compute: managed-instances`. */
  managedInstances?: ManagedInstancesSettings;
  /** The Application Load Balancer in front of the services; there is none where no service has a route. */
  loadBalancer?: LoadBalancerSettings;
  /** The Network Load Balancer in front of services and ports that speak TCP, TLS or UDP; there is none where nothing has a `listener`. */
  networkLoadBalancer?: NetworkLoadBalancerSettings;
  /** The service that runs the app. Defaults to one with the defaults below, unless there are `services`. */
  service?: ServiceSettings;
  /**
   * Services by name, in place of `service` or beside it. Each takes what `service` takes; one that names no route is a worker. See
   * [several services](services.md). Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   services:
   *     web:
   *       path: /*
   *     api:
   *       path: /api/*
   *       image:
   *         context: ./api
   *     mails:
   *       command: [node, mails.js]
   * ```
   */
  services?: Record<string, OneServiceSettings>;
  /**
   * Tasks beside a service, with its image, by name: each runs on a schedule, or when `berth run --task NAME` starts it. Defaults to none.
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
  /**
   * Agents that run once on each managed instance, before any other task of it, by name. Changing one replaces the instances, a share at a time. See
   * [instances](ec2.md). Defaults to none. Cost: what they take of the instances.
   *
   * @example
   * ```yaml
   * config:
   *   compute: managed-instances
   *   network: { nat: single }
   *   daemons:
   *     agent:
   *       image: public.ecr.aws/datadog/agent:7.70.0
   *       user: "0"
   * ```
   */
  daemons?: Record<string, DaemonSettings>;
  /** File systems (EFS) that several services and tasks share, by name: a volume with `efs: NAME` is one. Defaults to none. Cost: 0.30 USD per GB and month. */
  fileSystems?: Record<string, FileSystemSettings>;
  /**
   * Who is told when a deployment, a scheduled task or an alarm fails: `emails`, `slack`, `httpsEndpoint`, or a topic that exists. See [alarms](alarms.md).
   * Defaults to nobody. Cost: 1 USD a month for the topic's key, unless the stack has one (`encryption: own`).
   *
   * @example
   * ```yaml
   * config:
   *   notify:
   *     emails: [oncall@example.org]
   * ```
   */
  notify?: NotifySettings;
  /**
   * What rings: `true` for what matters, `false` for nothing, or when each alarm rings. Defaults to true where there is `notify`, else to false. Cost: 0.10 USD a
   * month for each metric that an alarm reads; about 1 USD for a service with a route.
   */
  alarms?: boolean | StackAlarms;
  /**
   * Review stacks: stacks of this file for single pull requests, on the load balancer and the cluster of another stack. See [review stacks](review.md). Defaults
   * to none.
   *
   * @example
   * ```yaml
   * config:
   *   review:
   *     platform: organization/platform/dev
   *     domain: preview.example.com
   * ```
   */
  review?: ReviewSettings;
  /**
   * What was in AWS before the stack and is kept as it is: by type and name of the resource in the program, the inputs that AWS cannot change, so that another
   * value would replace it. `berth adopt` writes them. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   adopted:
   *     ecs.Service web:
   *       name: shop-prod-web
   *     ec2.SecurityGroup public:
   *       name: shop-prod-load-balancer
   *       description: the load balancer
   * ```
   */
  adopted?: Adopted;
  /** Use of a month, for the costs that `berth plan` prints. Defaults to the numbers below. */
  assumptions?: unknown;
  /** The most that the idle stack may cost a month, in USD; `berth plan` fails above it. Defaults to no limit. */
  budget?: unknown;
  /** Which rules fail `berth plan`, and what is excepted from them: see [the rules](../policy/README.md). Defaults to advice only. */
  policy?: unknown;
}

export const stackSettings = {
  compute: ofServices.compute,
  architecture: optional(oneOf("x86_64", "arm64"), "x86_64"),
  deletionProtection: optional(flag(), true),
  tags: common.tags,
  encryption: optional(oneOf("aws", "own", "platform"), "aws"),
  kmsKeyArn: optional(kmsKeyArn()),
  permissionsBoundary: optional(policyArn()),
  platform: ofPlatform.platform,
  network: ofPlatform.network,
  image: ofServices.image,
  cluster: ofPlatform.cluster,
  ec2: ofInstances.ec2,
  managedInstances: ofInstances.managedInstances,
  loadBalancer: ofPlatform.loadBalancer,
  networkLoadBalancer: ofPlatform.networkLoadBalancer,
  service: ofServices.service,
  services: ofServices.services,
  tasks: ofTasks.tasks,
  daemons: ofDaemons.daemons,
  fileSystems: ofFileSystems.fileSystems,
  notify: ofAlarms.notify,
  alarms: ofAlarms.alarms,
  ...ofReview,
  adopted: optional(adoptedSchema),
  // Of the plan, which reads and checks them; the program has no use for them.
  assumptions: optional(other<unknown>()),
  budget: optional(other<unknown>()),
  policy: optional(other<unknown>()),
} satisfies ArgumentsOf<StackSettings>;

/** What a stack file holds. */
export const stack = group(
  stackSettings,
  ...servicesRules,
  ...tasksRules,
  ...daemonsRules,
  ...fileSystemRules,
  ...instancesRules,
  ...platformRules,
  ...alarmsRules,
  reviewRule,
  {
    about: ["encryption", "kmsKeyArn"],
    at: "kmsKeyArn",
    complain: ({ encryption, kmsKeyArn }) =>
      encryption !== "aws" && kmsKeyArn !== undefined
        ? `${encryption === "own" ? "a key of the stack's own is made" : "the platform's key is used"} (encryption: ${encryption}), and another is named here; leave out one of them.`
        : undefined,
  },
  {
    about: ["encryption", "platform"],
    at: "encryption",
    complain: ({ encryption, platform }) =>
      encryption === "platform" && platform === undefined
        ? "there is no platform whose key could be used; name its stack in platform, or choose own."
        : undefined,
  },
  {
    about: ["loadBalancer", "service", "services"],
    at: "loadBalancer",
    complain: (_, given) =>
      Object.keys(given.loadBalancer ?? {}).length > 0 && !listed(given).some(isReached)
        ? "no service has a route, so there is no load balancer; leave it out, or give a service its path."
        : undefined,
  },
  {
    about: ["networkLoadBalancer", "service", "services"],
    at: "networkLoadBalancer",
    complain: (_, given) =>
      Object.keys(given.networkLoadBalancer ?? {}).length > 0 && !listed(given).some(isConnected)
        ? "no service has a listener, so there is no network load balancer; leave it out, or set service.protocol to tcp, tls or udp."
        : undefined,
  },
  {
    about: ["compute", "services", "tasks", "network"],
    at: "network.nat",
    complain: ({ network: { nat, endpoints, existing } }, given) => {
      const compute = someInstances(given);
      return compute && nat === "none" && endpoints === "none" && !existing
        ? `instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: ${compute} set nat to single or perZone, or endpoints to private.`
        : undefined;
    },
  },
);
