// How long AWS typically takes: estimates in seconds, rounded, of November 2026. No promise: a region's day can double each.
import type { Resource } from "../../../facts/graph";
import { type ByType, COMMAND, ENDPOINT, entryOf } from "../../../facts/types";
import { verbOf } from "../../graph/commands";
import type { Step } from "./order";

interface Duration {
  create?: number;
  update?: number;
  delete?: number;
  /** What the time goes into, where it is worth a word. */
  why?: string;
}

const DURATIONS: ByType<Duration> = {
  "aws:acm/certificate:Certificate": { create: 8 },
  "aws:acm/certificateValidation:CertificateValidation": { create: 90, why: "ACM finds the DNS record" },
  "aws:appautoscaling/target:Target": { create: 2 },
  "aws:autoscaling/group:Group": { create: 75, update: 3, delete: 120, why: "instances start, or end" },
  "aws:ec2/flowLog:FlowLog": { create: 2 },
  "aws:ec2/internetGateway:InternetGateway": { delete: 15 },
  "aws:ec2/launchTemplate:LaunchTemplate": { create: 6 },
  "aws:ec2/natGateway:NatGateway": { create: 110, delete: 50, why: "the gateway becomes available" },
  "aws:ec2/securityGroup:SecurityGroup": { create: 3, delete: 3 },
  "aws:ec2/subnet:Subnet": { create: 11, why: "EC2 takes over its public addresses" },
  "aws:ec2/vpc:Vpc": { create: 13, why: "EC2 takes over its DNS settings" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { create: 70, update: 15, delete: 60, why: "its network interfaces come up" },
  "aws:ecs/capacityProvider:CapacityProvider": { create: 3, update: 10, delete: 25 },
  "aws:ecs/cluster:Cluster": { create: 11, update: 11, delete: 11 },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": { create: 11, update: 11, delete: 11 },
  "aws:ecs/service:Service": { create: 3, update: 3, delete: 60, why: "its tasks finish their requests and stop" },
  "aws:iam/instanceProfile:InstanceProfile": { create: 7 },
  "aws:kms/key:Key": { create: 15, why: "its policy takes hold" },
  "aws:lb/loadBalancer:LoadBalancer": { create: 170, update: 3, delete: 30, why: "the load balancer becomes active" },
  "aws:rds/cluster:Cluster": { create: 90, update: 60, delete: 90 },
  "aws:rds/instance:Instance": { create: 420, update: 60, delete: 300, why: "the database starts" },
  "aws:route53/record:Record": { create: 35, update: 35, delete: 35, why: "the record reaches all name servers" },
  "aws:s3/bucket:Bucket": { create: 3 },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": { create: 30, update: 30, why: "S3 reads its rules back" },
  "aws:sqs/queue:Queue": { create: 26, update: 26, delete: 3, why: "SQS reads its attributes back" },
  "aws:sqs/queuePolicy:QueuePolicy": { create: 26, update: 26, why: "SQS reads its policy back" },
  "docker-build:index:Image": { create: 90, update: 60, why: "the image is built and pushed" },
  "docker:index/registryImage:RegistryImage": { create: 20, why: "the image is pushed" },
  "docker:index/remoteImage:RemoteImage": { create: 20, why: "the image is pulled" },
};
/** What takes no time worth a line: one call. */
const ONE_CALL = 1;
/** What the project's own tool takes: a task of its own that starts, runs a short command and stops; a provider that becomes ACTIVE, or that no task uses any more. */
const COMMANDS: Record<string, number> = {
  run: 60,
  "attach-capacity-provider": 45,
  "detach-capacity-provider": 30,
  deregister: 2,
  wake: 2,
  "copy-image": 30,
};
const WORDS: Record<string, string> = {
  wait: "the rollout",
  run: "the command before the rollout",
  "copy-image": "the image is copied",
  "attach-capacity-provider": "the capacity provider becomes active",
  "detach-capacity-provider": "tasks leave the capacity provider",
};

/** A gateway endpoint is an entry in route tables. */
const GATEWAY_ENDPOINT: Duration = { create: 6, update: 6, delete: 6 };

function typical({ type, inputs }: Resource): Duration | undefined {
  const isGateway = type === ENDPOINT && inputs.vpcEndpointType !== "Interface";
  return isGateway ? GATEWAY_ENDPOINT : entryOf(DURATIONS, type);
}

/** How long a step typically takes. Commands take what they wait for. */
export function durationOf({ kind, resource }: Step, rolloutOf: (command: Resource) => number | undefined): number {
  if (resource.type === COMMAND)
    return kind === "delete" ? (COMMANDS[verbOf(resource.inputs.delete) ?? ""] ?? 0) : commandOf(resource, rolloutOf);
  return typical(resource)?.[kind] ?? ONE_CALL;
}

/** What the time of a step goes into. */
export function reasonOf({ kind, resource }: Step): string | undefined {
  if (resource.type !== COMMAND) return typical(resource)?.why;
  return WORDS[verbOf(kind === "delete" ? resource.inputs.delete : resource.inputs.create) ?? ""];
}

function commandOf(command: Resource, rolloutOf: (command: Resource) => number | undefined): number {
  const verb = verbOf(command.inputs.create);
  if (verb === "wait") return rolloutOf(command) ?? ONE_CALL;
  return (verb === undefined ? undefined : COMMANDS[verb]) ?? 0;
}
