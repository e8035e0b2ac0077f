import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../facts/errors";
import type * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type Ec2Placement, type FargateCapacity, type Launch, onEc2, onFargate, onManagedInstances } from "./launch";
import { Task, type TaskArgs, type TaskTransform } from "./task";

/** Arguments of {@link OneOffTask}. */
export interface OneOffTaskArgs extends Omit<TaskArgs, "transform" | "port" | "containerHealthCheck">, Omit<Ec2Placement, "daemon"> {
  /** What runs it. Defaults to `fargate`, whatever the services of the cluster run on. */
  compute?: "fargate" | "ec2" | "managed-instances";
  /** What it runs on, on Fargate. Defaults to `onDemand`: nobody likes a migration that is taken away half-way. */
  capacity?: FargateCapacity;
  /** Changes to what the task makes. */
  transform?: TaskTransform & {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  };
}

/** How a task is started by hand: the stack output that `berth run --task NAME` reads. */
export interface RunSettings {
  taskDefinition: string;
  subnets: string[];
  securityGroups: string[];
  assignPublicIp: boolean;
  capacityProviderStrategy: { capacityProvider: string; base?: number; weight?: number }[];
}

/** A task that runs to its end when someone starts it (`berth run --task NAME`): a migration, an import. Nothing of it runs by itself, and nothing is paid till then. */
export class OneOffTask extends Component {
  readonly task: Task;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly egress: aws.vpc.SecurityGroupEgressRule;
  /** Where it runs. */
  readonly launch: Launch;
  readonly taskDefinition: pulumi.Output<string>;
  /** What `berth run` needs to start it; export it. */
  readonly runSettings: pulumi.Output<RunSettings>;

  constructor(
    readonly name: string,
    args: OneOffTaskArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("OneOffTask", name, args, opts);
    this.launch = place(name, args);
    this.task = new Task(name, { ...args, ...this.common }, this.launch, undefined, { parent: this });
    this.taskDefinition = this.task.taskDefinition.arn;
    this.securityGroup = this.makeClosedGroup(args.cluster.network.vpcId, `Task ${name}: nothing comes in`, args.transform?.securityGroup);
    this.egress = this.allowAllEgress(this.securityGroup, "Whatever the task calls", args.transform?.egress);
    this.runSettings = pulumi.output({
      taskDefinition: this.taskDefinition,
      subnets: args.cluster.network.taskSubnetIds,
      securityGroups: [this.securityGroup.id],
      assignPublicIp: this.launch.assignPublicIp,
      capacityProviderStrategy: this.launch.capacityProviderStrategies as RunSettings["capacityProviderStrategy"],
    });
    this.registerOutputs({ taskDefinition: this.taskDefinition });
  }
}

function place(name: string, args: OneOffTaskArgs): Launch {
  if (args.networkMode === "bridge")
    refuse("networkMode", "a task that runs once has no requests to take; leave networkMode out, it runs in awsvpc mode.");
  // Its one run is beside the services, not part of their rollouts.
  const request = { name, task: args, maxTasks: 1, secondSet: false };
  if (args.compute === "ec2") return onEc2(args.cluster, args, request);
  if (args.compute === "managed-instances") return onManagedInstances(args.cluster, request);
  return onFargate(args.cluster, args.capacity);
}
