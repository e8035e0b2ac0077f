// The component library: what a program of your own composes (see examples/).

export { UserError } from "../facts/errors";
export type { Architecture } from "../facts/instances";
export type { SleepArgs } from "../facts/sleep";
export { lightenSdk } from "../sdk/lighten";
export { Alarms } from "./alarms/alarms";
export type { AlarmsArgs, OwnAlarms, ServiceAlarms, StackAlarms } from "./alarms/arguments";
export { Notifications, type NotificationsArgs, type SlackArgs } from "./alarms/notifications";
export { type Adopted, keepAdopted } from "./base/adopted";
export type { ComponentArgs } from "./base/arguments";
export type { Transform } from "./base/component";
export { EncryptionKey, type EncryptionKeyArgs, ExistingKey, type ExistingKeyArgs } from "./base/encryption-key";
export type { Statement } from "./base/iam";
export type { Location } from "./base/location";
export { ExistingQueue, type ExistingQueueArgs, Queue, type QueueArgs, type QueueLike } from "./base/queue";
export { Cluster, type ClusterArgs } from "./cluster/cluster";
export type { ClusterLike } from "./cluster/cluster-like";
export { Ec2Capacity, type Ec2CapacityArgs } from "./cluster/ec2-capacity";
export { ExistingCluster, type ExistingClusterArgs } from "./cluster/existing-cluster";
export { ManagedInstancesCapacity, type ManagedInstancesCapacityArgs } from "./cluster/managed-instances";
export { FileSystem, type FileSystemArgs, type FileSystemSettings } from "./files/file-system";
export { AppImage, type AppImageArgs, type ContainerImage } from "./image/image";
export { MirroredImage, type MirroredImageArgs } from "./image/mirrored-image";
export type { AnswersArgs, RedirectArgs, ResponseArgs } from "./load-balancer/answers";
export type { RouteConditions } from "./load-balancer/conditions";
export { ExistingLoadBalancer, type ExistingLoadBalancerArgs } from "./load-balancer/existing-load-balancer";
export { LoadBalancer, type LoadBalancerArgs } from "./load-balancer/load-balancer";
export type { LoadBalancerLike } from "./load-balancer/load-balancer-like";
export { LogBucket, type LogBucketArgs } from "./load-balancer/log-bucket";
export type { NetworkListener, NetworkListenerArgs } from "./load-balancer/network-listener";
export { NetworkLoadBalancer, type NetworkLoadBalancerArgs } from "./load-balancer/network-load-balancer";
export type { Route, RouteArgs } from "./load-balancer/route";
export type { SignInArgs } from "./load-balancer/sign-in";
export { type WafArgs, WebAcl, type WebAclArgs } from "./load-balancer/web-acl";
export { ExistingNetwork, type ExistingNetworkArgs } from "./network/existing-network";
export { Network, type NetworkArgs } from "./network/network";
export type { NetworkLike } from "./network/network-like";
export type {
  Ec2ServiceArgs,
  FargateServiceArgs,
  ManagedInstancesServiceArgs,
  ScalingArgs,
  ServiceArgs,
} from "./service/arguments";
export type { ConnectArgs, ConnectProtocol, ConnectTls, Endpoint } from "./service/connect";
export { Ec2Service } from "./service/ec2-service";
export { FargateService } from "./service/fargate-service";
export type { HealthCheck } from "./service/health-check";
export { ManagedInstancesService } from "./service/managed-instances-service";
export { Naming } from "./service/naming";
export type { OtherGroup } from "./service/neighbors";
export { NetworkTraffic } from "./service/network-traffic";
export type { PortArgs } from "./service/ports";
export type {
  BlueGreenRollout,
  CanaryRollout,
  LifecycleHook,
  LinearRollout,
  RollingRollout,
  Rollout,
  RolloutAlarms,
} from "./service/rollout";
export { EcsService } from "./service/service";
export { Traffic } from "./service/traffic";
export type { OneOffTaskArgs, ScheduledTaskArgs, TaskArgs } from "./task/arguments";
export type { ContainerArgs, ContainerHealthCheck, SidecarArgs } from "./task/container-arguments";
export { Daemon, type DaemonArgs } from "./task/daemon";
export type { EbsArgs } from "./task/ebs";
export type { EgressArgs } from "./task/egress";
export { OneOffTask, type RunSettings } from "./task/one-off-task";
export type { Permissions } from "./task/permissions";
export type { Ec2Placement, FargateCapacity, GroupShare } from "./task/placement";
export { ScheduledTask } from "./task/scheduled-task";
export { Task } from "./task/task";
export type { MountArgs, VolumeArgs } from "./task/volume-arguments";
