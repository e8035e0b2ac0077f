// The component library: import it from another Pulumi program, `import { Network, Cluster, FargateService } from "berth/components"`.
export { Cluster, type ClusterArgs } from "./cluster";
export type { ComponentArgs, Transform } from "./component";
export type { ContainerArgs, ContainerHealthCheck } from "./containers";
export { InputError } from "./errors";
export { ExistingNetwork, type ExistingNetworkArgs } from "./existing-network";
export { type FargateCapacity, FargateService, type FargateServiceArgs } from "./fargate-service";
export type { Statement } from "./iam";
export { AppImage, type AppImageArgs, type Architecture, type ContainerImage } from "./image";
export { LoadBalancer, type LoadBalancerArgs, type Route, type RouteArgs } from "./load-balancer";
export type { Location } from "./location";
export { LogBucket, type LogBucketArgs } from "./log-bucket";
export { MirroredImage, type MirroredImageArgs } from "./mirrored-image";
export { Network, type NetworkArgs, type NetworkLike } from "./network";
export type { RouteConditions } from "./priorities";
export type { ScalingArgs } from "./scaling";
export { EcsService, type HealthCheck, type ServiceArgs } from "./service";
export { type SidecarArgs, Task, type TaskArgs } from "./task";
