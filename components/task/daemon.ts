// A daemon of Managed Instances: an agent that ECS starts once on each instance, before any other task.
import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, integer, omit, optional, other } from "../base/schema";
import { type TaskArgs, type TaskTransform, task } from "./arguments";
import { oneValue } from "./container-arguments";
import type { NamedContainer } from "./containers";
import { onManagedInstances } from "./launch";
import { AnyTask, type Compatibility, family } from "./task";
import { hostVolumes, type VolumeArgs } from "./volume-arguments";

/** What a daemon has not: nobody calls it, its network and its instances are ECS's own, and it is one container. */
const OF_A_TASK = [
  "port",
  "gpu",
  "sharedMemorySize",
  "tmpfs",
  "dockerLabels",
  "extraHosts",
  "dnsServers",
  "dnsSearchDomains",
  "dependsOn",
  "startTimeout",
  "essential",
  "sidecars",
  "ephemeralStorage",
  "logging",
  "telemetry",
  "securityGroups",
  "egress",
  "sendsTo",
  "exec",
] as const;

/** Arguments of {@link Daemon}. */
export interface DaemonArgs extends Omit<TaskArgs, (typeof OF_A_TASK)[number] | "volumes" | "transform"> {
  /** Volumes (`volumes`), by name: empty ones, or folders of the instance (`hostPath`); `mounts` says where the container sees them. Defaults to none. */
  volumes?: Record<string, Pick<VolumeArgs, "hostPath">>;
  /**
   * Percent of the instances that a new revision drains and replaces at a time (`deploymentConfiguration.drainPercent`), 1 to 100. Defaults to 25. Their tasks
   * move to new instances each time.
   */
  drainPercent?: number;
  /** Minutes to wait after each step of a rollout (`deploymentConfiguration.bakeTimeInMinutes`), 0 to 1440. Defaults to 0. */
  bakeTime?: number;
  /** Changes to what the daemon makes. */
  transform?: Omit<TaskTransform, "taskDefinition" | "metricFilter" | "fileSystem"> & {
    daemonTaskDefinition?: Transform<aws.ecs.DaemonTaskDefinitionArgs>;
    daemon?: Transform<aws.ecs.DaemonArgs>;
  };
}

export const daemon = {
  ...omit(task, ...OF_A_TASK, "volumes", "transform"),
  volumes: hostVolumes,
  drainPercent: optional(integer(1, 100, "percent"), 25),
  bakeTime: optional(integer(0, 1440, "minutes"), 0),
  transform: optional(other<NonNullable<DaemonArgs["transform"]>>()),
} satisfies ArgumentsOf<DaemonArgs>;

const SCHEMA = group(daemon, oneValue);

/** One task on each managed instance of a cluster: an agent that collects, scans or protects. ECS starts it before all others on an instance. */
export class Daemon extends Component<typeof daemon> {
  readonly task: DaemonTask;
  readonly daemon: aws.ecs.Daemon;

  constructor(name: string, args: DaemonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("Daemon", name, SCHEMA, args, opts);
    const { cluster, drainPercent, bakeTime, transform, ...own } = this.args;
    const request = { name, task: { ...this.args, sidecars: {} }, maxTasks: 1, secondSet: false, refuse: this.refuse };
    const { requires, networkMode } = onManagedInstances(cluster, request);
    const where = { requires, networkMode, daemon: true };
    const its = { ...own, cluster, ...(transform && { transform }), ...this.common };
    this.task = new DaemonTask(name, its, where, undefined, { parent: this });
    this.daemon = this.make(
      aws.ecs.Daemon,
      "",
      {
        clusterArn: cluster.arn,
        capacityProviderArns: [cluster.managedGroup(this.refuse).providerArn],
        daemonTaskDefinitionArn: this.task.taskDefinition.arn,
        deploymentConfiguration: { drainPercent, bakeTimeInMinutes: bakeTime },
        tags: this.tags,
      },
      transform?.daemon,
      { dependsOn: [...cluster.network.ready, ...cluster.ready, ...this.task.ready] },
    );
    this.registerOutputs({ daemon: this.daemon.arn });
  }
}

type Definition = aws.types.input.ecs.DaemonTaskDefinitionContainerDefinition;

/** The parts of a daemon's task. */
export class DaemonTask extends AnyTask<aws.ecs.DaemonTaskDefinition> {
  /** A replaced revision goes when the daemon has the new one: AWS lets the instances that still have it go on. */
  protected override register(definitions: NamedContainer[], volumes: aws.types.input.ecs.TaskDefinitionVolume[], _: Compatibility) {
    const { daemonTaskDefinition } = (this.args.transform ?? {}) as NonNullable<DaemonArgs["transform"]>;
    const definition = this.make(
      aws.ecs.DaemonTaskDefinition,
      "",
      {
        family: family(this.label),
        cpu: String(this.size.cpu),
        memory: String(this.size.memory),
        executionRoleArn: this.executionRole.arn,
        taskRoleArn: this.taskRole.arn,
        containerDefinitions: definitions.map(inWords),
        volumes: volumes.map(({ name, hostPath }) => ({ name, ...(hostPath !== undefined && { hosts: [{ sourcePath: hostPath }] }) })),
        tags: this.tags,
      },
      daemonTaskDefinition,
    );
    return { definition, ready: [] };
  }
}

/** A definition in the provider's words: those of a daemon are no text, and its lists are called by more than one. */
function inWords(made: NamedContainer): Definition {
  const { command, entryPoint, environment, healthCheck, linuxParameters, portMappings: _, volumesFrom: __, ...same } = made;
  const { capabilities, initProcessEnabled } = linuxParameters ?? {};
  const { command: check, ...times } = healthCheck ?? {};
  return {
    ...same,
    ...(command && { commands: command }),
    ...(entryPoint && { entryPoints: entryPoint }),
    environments: environment,
    ...(check && { healthCheck: { ...times, commands: check } }),
    linuxParameters: { initProcessEnabled, ...(capabilities && { capabilities: { adds: capabilities.add, drops: capabilities.drop } }) },
  } as Definition;
}
