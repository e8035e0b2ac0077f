import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentArgs, type Transform } from "./component";
import type { Location } from "./location";
import type { NetworkLike } from "./network";

/** Arguments of {@link Cluster}. */
export interface ClusterArgs extends ComponentArgs {
  /** The network that the tasks run in. */
  network: NetworkLike;
  /**
   * CloudWatch Container Insights (`settings.containerInsights`). `enhanced` adds metrics per task and container. Defaults to `enhanced`.
   * Cost: a few USD a month per service; `disabled` costs nothing.
   */
  containerInsights?: "enhanced" | "enabled" | "disabled";
  /** Days to keep what is typed in `ecs execute-command` sessions. Defaults to 90. */
  execLogRetentionInDays?: number;
  /** Changes to what the component makes. */
  transform?: {
    cluster?: Transform<aws.ecs.ClusterArgs>;
    capacityProviders?: Transform<aws.ecs.ClusterCapacityProvidersArgs>;
    execLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  };
}

/** An ECS cluster on Fargate and Fargate Spot, with Container Insights and a log of exec sessions. */
export class Cluster extends Component {
  readonly network: NetworkLike;
  readonly location: Location;
  readonly cluster: aws.ecs.Cluster;
  readonly capacityProviders: aws.ecs.ClusterCapacityProviders;
  readonly execLogGroup: aws.cloudwatch.LogGroup;
  readonly arn: pulumi.Output<string>;
  /** The cluster's name (`clusterName`). */
  readonly clusterName: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Cluster", name, args, opts);
    this.network = args.network;
    this.location = args.network.location;
    this.execLogGroup = this.make(
      aws.cloudwatch.LogGroup,
      "exec",
      { retentionInDays: args.execLogRetentionInDays ?? 90, tags: this.tags },
      args.transform?.execLogGroup,
    );
    this.cluster = this.make(
      aws.ecs.Cluster,
      "",
      {
        settings: [{ name: "containerInsights", value: args.containerInsights ?? "enhanced" }],
        configuration: {
          executeCommandConfiguration: { logging: "OVERRIDE", logConfiguration: { cloudWatchLogGroupName: this.execLogGroup.name } },
        },
        tags: this.tags,
      },
      args.transform?.cluster,
    );
    this.capacityProviders = this.make(
      aws.ecs.ClusterCapacityProviders,
      "",
      {
        clusterName: this.cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
      },
      args.transform?.capacityProviders,
    );
    this.arn = this.cluster.arn;
    this.clusterName = this.cluster.name;
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }
}
