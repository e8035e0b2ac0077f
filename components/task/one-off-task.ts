import * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { group, pick } from "../base/schema";
import { type OneOffTaskArgs, oneOffRules, oneOffTask, task } from "./arguments";
import { waysOut } from "./egress";
import { type Launch, onEc2, onFargate, onManagedInstances } from "./launch";
import type { Reach } from "./part";
import { Task } from "./task";

/** How a task is started by hand: the stack output that `berth run --task NAME` reads. */
export interface RunSettings {
  taskDefinition: string;
  subnets: string[];
  securityGroups: string[];
  assignPublicIp: boolean;
  capacityProviderStrategy: { capacityProvider: string; base?: number; weight?: number }[];
}

const SCHEMA = group(oneOffTask, ...oneOffRules);

/** A task that runs to its end when someone starts it (`berth run --task NAME`): a migration, an import. Nothing of it runs by itself, and nothing is paid till then. */
export class OneOffTask extends Component<typeof oneOffTask> {
  readonly task: Task;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly egress: aws.vpc.SecurityGroupEgressRule[];
  /** The rules by which it reaches the file systems of its volumes. */
  readonly rules: pulumi.Resource[];
  /** Ids of all groups that the task is in. */
  readonly securityGroups: pulumi.Input<string>[];
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
    super("OneOffTask", name, SCHEMA, args, pulumi.mergeOptions({ aliases: formerly(name, opts) }, opts));
    this.launch = this.place();
    this.task = new Task(name, { ...pick(this.args, task), ...this.common }, this.launch, undefined, { parent: this });
    this.taskDefinition = this.task.taskDefinition.arn;
    this.securityGroup = this.makeClosedGroup(
      this.args.cluster.network.vpcId,
      `Task ${name}: nothing comes in`,
      this.args.transform?.securityGroup,
    );
    this.securityGroups = [this.securityGroup.id, ...this.args.securityGroups];
    this.egress = this.letOut();
    this.rules = this.task.reaches.flatMap((reach, i) => this.open(reach, i === 0 ? "" : `-${i + 1}`));
    this.runSettings = pulumi.output({
      taskDefinition: this.taskDefinition,
      subnets: this.args.cluster.network.taskSubnetIds,
      securityGroups: this.securityGroups,
      assignPublicIp: this.launch.assignPublicIp,
      capacityProviderStrategy: this.launch.capacityProviderStrategies as RunSettings["capacityProviderStrategy"],
    });
    this.registerOutputs({ taskDefinition: this.taskDefinition });
  }

  /** Lets the task call what it wants, or what is named. */
  private letOut(): aws.vpc.SecurityGroupEgressRule[] {
    const { cluster, egress, transform } = this.args;
    const isChanged = transform?.egress !== undefined;
    const ways = waysOut("Whatever the task calls", { ...(egress && { egress }), hasIpv6: cluster.network.ipv6 !== undefined, isChanged });
    return this.allowEgress(this.securityGroup, ways, transform?.egress);
  }

  /** Lets the task in where it reaches something, and out to it where not everything may go out anyway. */
  private open({ group, port }: Reach, suffix: string): pulumi.Resource[] {
    const { egress: ways, transform } = this.args;
    const [inside, outside] = [group instanceof aws.ec2.SecurityGroup ? group.id : group, this.securityGroup.id];
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port, description: `Requests of task ${this.name}`, tags: this.tags };
    const name = `to-${port}${suffix}`;
    const ingress = { ...rule, securityGroupId: inside, referencedSecurityGroupId: outside };
    const egress = { ...rule, securityGroupId: outside, referencedSecurityGroupId: inside };
    return [
      this.make(aws.vpc.SecurityGroupIngressRule, name, ingress, transform?.neighborIngress),
      ...((ways ?? transform?.egress) ? [this.make(aws.vpc.SecurityGroupEgressRule, name, egress, transform?.neighborEgress)] : []),
    ];
  }

  private place(): Launch {
    const { args } = this;
    // Its one run is beside the services, not part of their rollouts.
    const request = { name: this.name, task: args, maxTasks: 1, secondSet: false, refuse: this.refuse };
    if (args.compute === "ec2") return onEc2(args.cluster, args, request);
    if (args.compute === "managed-instances") return onManagedInstances(args.cluster, request);
    return onFargate(args.cluster, args.capacity);
  }
}

/** A task that loses its schedule was part of a ScheduledTask of its name; with one, it is again. The same resources either way, and so the same revisions. */
const formerly = (name: string, opts: pulumi.ComponentResourceOptions = {}): pulumi.Input<pulumi.Alias>[] =>
  opts.aliases ? [] : [{ parent: pulumi.createUrn(name, "berth:index:ScheduledTask", opts.parent) }];
