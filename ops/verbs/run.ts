import { setTimeout as sleep } from "node:timers/promises";
import type {
  CapacityProviderStrategyItem,
  NetworkConfiguration,
  RunTaskCommandInput,
  Service,
  Task,
  TaskDefinition,
  TaskVolumeConfiguration,
} from "@aws-sdk/client-ecs";
import { clusterName, revisionName, shortTaskId, taskId } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { paintFor } from "../../tool/paint";
import { capacityOf } from "../diagnosis/cause-words";
import { loggedElsewhere, logSource, StreamReader, streamOf } from "../diagnosis/container-logs";
import { diagnose, logOf } from "../diagnosis/diagnose";
import { type Evidence, mainContainer } from "../diagnosis/evidence";
import { Observer } from "../follow/observe";
import type { Io } from "../io";
import { renderDiagnosis } from "../render";
import { connect, type LocationOptions, locate, readOutputs, required, type StackOutputs, type TaskSettings } from "../stack/locate";
import { Renewal } from "../stack/renewal";
import { revisionArn } from "./wait";

export interface RunOptions extends LocationOptions {
  /** Name of a one-off task of the stack. */
  task?: string;
  taskDefinition?: string;
  subnets?: string[];
  securityGroups?: string[];
  assignPublicIp?: boolean;
  capacityProviderStrategy?: CapacityProviderStrategyItem[];
  volumes?: TaskVolumeConfiguration[];
  container?: string;
  /** Minutes after which the task is stopped; none when left out. */
  timeout?: number;
  every: number;
}

/** AWS allows letters, digits, hyphens, underscores and slashes here. */
const STARTED_BY = "berth-run";
/** Exit status after Ctrl-C and after the timeout, as shells and `timeout` have it. */
const INTERRUPTED = 130;
const TIMED_OUT = 124;

/** Starts a one-off task, follows its log and returns its exit code. Ctrl-C stops the task. */
export async function runOneOff(command: string[], options: RunOptions, io: Io): Promise<number> {
  const { observer, service, arn, settings } = await target(options, io);
  const definition = await observer.taskDefinition(arn);
  if (!definition) throw new UserError(`The task definition ${revisionName(arn)} no longer exists.`);
  const container = chooseContainer(definition, service, options.container);
  const interrupt = io.interruption();
  const task = await start(observer, io, request(command, settings, { service, definition, arn, container: container.name! }));
  return new OneOff(observer, io, options, definition, container.name!, task, interrupt).follow();
}

interface Target {
  observer: Observer;
  /** The service whose settings the task gets, where it gets any. */
  service?: Service;
  arn: string;
  settings: RunOptions;
}

/** A task of the stack (`--task`), one named by cluster and task definition, or one with the settings of a service. */
async function target(options: RunOptions, io: Io): Promise<Target> {
  if (options.task) {
    const outputs = await readOutputs(options, io);
    const cluster = required(outputs, "cluster", options);
    const settings = { ...options, ...taskSettings(options.task, outputs), cluster };
    return { observer: new Observer(connect(options, io, outputs), cluster, ""), arn: settings.taskDefinition, settings };
  }
  if (options.cluster && options.taskDefinition && !options.service) {
    const observer = new Observer(connect(options, io), options.cluster, "");
    return { observer, arn: await revisionArn(observer, options.taskDefinition), settings: options };
  }
  const { observer } = await locate(options, io);
  const service = await observer.service();
  return { observer, service, arn: await revisionArn(observer, options.taskDefinition ?? service.taskDefinition!), settings: options };
}

function taskSettings(name: string, { oneOffTasks = {} }: StackOutputs): TaskSettings {
  if (Object.hasOwn(oneOffTasks, name)) return oneOffTasks[name]!;
  throw new UserError(`The stack has no task ${name}; it has: ${Object.keys(oneOffTasks).join(", ") || "none"}.`, [
    "The stack's output oneOffTasks names them; a task that was just added is there after `pulumi up`.",
  ]);
}

function chooseContainer(definition: TaskDefinition, service: Service | undefined, requested: string | undefined) {
  const all = definition.containerDefinitions ?? [];
  const chosen = requested ? all.find((container) => container.name === requested) : mainContainer(definition, service);
  if (chosen) return chosen;
  throw new UserError(
    `There is no container ${requested} in ${revisionName(definition.taskDefinitionArn)}; it has: ${all.map(({ name }) => name).join(", ")}.`,
  );
}

/** The RunTask request: what is given goes before what the service has. Pure. */
export function request(
  command: string[],
  options: RunOptions,
  { service, definition, arn, container }: { service?: Service; definition: TaskDefinition; arn: string; container: string },
): RunTaskCommandInput {
  const strategy = options.capacityProviderStrategy ?? service?.capacityProviderStrategy;
  const network = networkOf(options) ?? service?.networkConfiguration;
  const hasNetwork = (network?.awsvpcConfiguration?.subnets?.length ?? 0) > 0;
  const volumes = options.volumes ?? volumesOf(service, definition);
  return {
    cluster: options.cluster ?? service?.clusterArn,
    taskDefinition: arn,
    count: 1,
    startedBy: STARTED_BY,
    propagateTags: "TASK_DEFINITION",
    ...(volumes.length > 0 && { volumeConfigurations: volumes }),
    ...(hasNetwork && { networkConfiguration: network }),
    ...(strategy?.length ? { capacityProviderStrategy: strategy } : { ...(service?.launchType && { launchType: service.launchType }) }),
    ...(service?.platformVersion && { platformVersion: service.platformVersion }),
    ...(command.length > 0 && { overrides: { containerOverrides: [{ name: container, command }] } }),
  };
}

/** The volumes that ECS makes for the service's tasks, where the revision has them: one task's own, which goes with it. */
function volumesOf(service: Service | undefined, definition: TaskDefinition): TaskVolumeConfiguration[] {
  const asked = definition.volumes?.filter(({ configuredAtLaunch }) => configuredAtLaunch).map(({ name }) => name) ?? [];
  const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
  return (primary?.volumeConfigurations ?? [])
    .filter(({ name }) => asked.includes(name))
    .map(({ name, managedEBSVolume }) => ({
      name,
      managedEBSVolume: managedEBSVolume && {
        ...managedEBSVolume,
        // There is no service whose tags it could have.
        tagSpecifications: managedEBSVolume.tagSpecifications?.map((its) => ({
          ...its,
          ...(its.propagateTags === "SERVICE" && { propagateTags: "TASK_DEFINITION" as const }),
        })),
        terminationPolicy: { deleteOnTermination: true },
      },
    }));
}

function networkOf({ subnets, securityGroups, assignPublicIp }: RunOptions): NetworkConfiguration | undefined {
  if (!subnets) return undefined;
  return {
    awsvpcConfiguration: { subnets, ...(securityGroups && { securityGroups }), assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED" },
  };
}

async function start(observer: Observer, io: Io, input: RunTaskCommandInput): Promise<Task> {
  const ecs = observer.aws.ecs();
  const { tasks, failures } = await ecs.runTask(input);
  const task = tasks?.[0];
  if (task) {
    io.err(`Task ${shortTaskId(task.taskArn)} of ${revisionName(input.taskDefinition)} started.\n`);
    return task;
  }
  const reason = failures?.map((failure) => [failure.reason, failure.detail].filter(Boolean).join(": ")).join("; ") || "no reason given";
  const { sentence, advice } = capacityOf(reason);
  throw new UserError(`ECS did not start the task (${reason}). ${sentence}`, advice);
}

const LOG = "the container's log";

class OneOff {
  private readonly started = performance.now();
  private readonly log: StreamReader | undefined;
  private stopping: number | undefined;
  /** Whether the rest of the task was stopped, because the container that is meant has ended. */
  private isOver = false;
  private shown = "";
  private logIsMissing = false;

  constructor(
    private readonly observer: Observer,
    private readonly io: Io,
    private readonly options: RunOptions,
    private readonly definition: TaskDefinition,
    private readonly container: string,
    private task: Task,
    private readonly interrupt: AbortSignal,
  ) {
    const its = definition.containerDefinitions?.find(({ name }) => name === container);
    const source = logSource(its);
    this.log = source && new StreamReader(observer.aws, source.group, streamOf(source, task.taskArn));
    const where = its && loggedElsewhere(its);
    const none = `The container ${container} does not log to CloudWatch by awslogs, so its output is not shown here.`;
    if (!this.log) io.err(`${where ?? none}\n`);
  }

  async follow(): Promise<number> {
    const pause = this.options.every * 1000;
    const again = `aws ecs describe-tasks --cluster ${clusterName(this.task.clusterArn)} --tasks ${taskId(this.task.taskArn)}`;
    const renewal = new Renewal(this.observer.aws, { name: `the task ${shortTaskId(this.task.taskArn)}`, again });
    while (this.task.lastStatus !== "STOPPED") {
      await renewal.attempt(async () => {
        await this.printLog();
        await this.stopIfDue();
        await this.stopWhenEnded();
      });
      // Once the stop is requested, the signal says nothing new.
      await sleep(pause, undefined, this.stopping === undefined ? { signal: this.interrupt } : {}).catch(() => undefined);
      await renewal.attempt(() => this.refresh());
    }
    // CloudWatch shows the last lines a moment after the container ended.
    await this.printLog();
    await sleep(Math.min(pause, 2000));
    await this.printLog();
    return this.end();
  }

  private async refresh(): Promise<void> {
    const ecs = this.observer.aws.ecs();
    const { tasks } = await ecs.describeTasks({ cluster: this.task.clusterArn, tasks: [this.task.taskArn!] });
    this.task = tasks?.[0] ?? this.task;
    const status = this.task.lastStatus ?? "";
    if (status === this.shown) return;
    this.shown = status;
    this.io.err(`${status.toLowerCase()}\n`);
  }

  private async stopIfDue(): Promise<void> {
    if (this.stopping !== undefined) return;
    const late = this.options.timeout !== undefined && performance.now() - this.started > this.options.timeout * 60_000;
    if (!late && !this.interrupt.aborted) return;
    this.stopping = late ? TIMED_OUT : INTERRUPTED;
    const reason = late ? `berth run: not finished within ${this.options.timeout} minutes` : "berth run: interrupted";
    this.io.err(
      `Stopping the task: ${late ? `it did not finish within ${this.options.timeout} minutes` : "interrupted"}. A second Ctrl-C exits without waiting.\n`,
    );
    const ecs = this.observer.aws.ecs();
    await ecs.stopTask({ cluster: this.task.clusterArn, task: this.task.taskArn, reason });
  }

  /** ECS goes on with a task whose container has ended, if that is not essential. */
  private async stopWhenEnded(): Promise<void> {
    const its = this.definition.containerDefinitions?.find(({ name }) => name === this.container);
    const hasEnded = this.task.containers?.some(({ name, lastStatus }) => name === this.container && lastStatus === "STOPPED");
    if (this.isOver || its?.essential !== false || !hasEnded) return;
    this.isOver = true;
    const reason = `berth run: the container ${this.container} has ended`;
    await this.observer.aws.ecs().stopTask({ cluster: this.task.clusterArn, task: this.task.taskArn, reason });
  }

  private async printLog(): Promise<void> {
    const { observer, io, log } = this;
    if (!log) return;
    const lines = await observer.ifPermitted(LOG, () => log.next(), undefined);
    for (const line of lines ?? []) io.out(`${line.text}\n`);
    if (lines || this.logIsMissing) return;
    this.logIsMissing = true;
    io.err(`Not permitted to read ${LOG} (${observer.unread.get(LOG)}); continuing without it.\n`);
  }

  private async end(): Promise<number> {
    if (this.stopping !== undefined) return this.stopping;
    const ended = this.task.containers?.find(({ name }) => name === this.container);
    if (ended?.exitCode === 0) return 0;
    const evidence: Evidence = { taskDefinition: this.definition, failedTasks: [this.task], events: [], targetGroups: [], log: [] };
    // The log of this container was shown already; that of another one, which brought the task down, was not.
    const blamed = { ...evidence, log: await logOf(this.observer, this.task, evidence) };
    const diagnosis = diagnose(blamed);
    const lines = diagnosis.log.container === this.container ? [] : diagnosis.log.lines;
    this.io.err(`${renderDiagnosis({ ...diagnosis, log: { ...diagnosis.log, lines } }, paintFor(this.io.color.err)).join("\n")}\n`);
    return ended?.exitCode ?? 1;
  }
}
