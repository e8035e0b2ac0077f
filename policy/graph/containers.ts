import type * as aws from "@pulumi/aws";
import type { Unwrap } from "@pulumi/pulumi";
import { parseCpu, parseMemory } from "../../facts/sizes";
import { DAEMON_TASK_DEFINITION, type TASK_DEFINITION } from "../../facts/types";
import { parseJson } from "./json";
import type { Resource } from "./types";
import { each, undecidable } from "./undecided";

type TaskDefinition = Resource<typeof TASK_DEFINITION>;
type DaemonTaskDefinition = Resource<typeof DAEMON_TASK_DEFINITION>;
type AnyDefinition = TaskDefinition | DaemonTaskDefinition;
/** One element of `containerDefinitions`; in another program's JSON anything may be missing. */
export type Container = Partial<Unwrap<aws.ecs.ContainerDefinition>>;

/** The container definitions of a task definition. */
export function containers(task: AnyDefinition): Container[] {
  if (task.type === DAEMON_TASK_DEFINITION) return (task.props.containerDefinitions ?? []).map(asContainer);
  const parsed = parseJson(task.props.containerDefinitions, "containerDefinitions", task);
  if (!Array.isArray(parsed)) undecidable("containerDefinitions is not a list");
  return parsed.filter((c) => c !== null && typeof c === "object") as Container[];
}

type DaemonContainer = NonNullable<DaemonTaskDefinition["props"]["containerDefinitions"]>[number];

/** The definition of a daemon's container in the words of all others. What nobody asks for is not read: it may be unknown. */
const asContainer = (own: DaemonContainer): Container =>
  reading(own, {
    command: () => own.commands,
    entryPoint: () => own.entryPoints,
    environment: () => own.environments,
    linuxParameters: () => {
      const { linuxParameters: its } = own;
      return its && reading(its, { capabilities: () => ({ add: its.capabilities?.adds ?? [], drop: its.capabilities?.drops ?? [] }) });
    },
  });

const reading = (its: object, words: Record<string, () => unknown>): object =>
  Object.create(its, Object.fromEntries(Object.entries(words).map(([key, get]) => [key, { get, enumerable: true }]))) as object;

/** Checks each container by itself; `label` names it in a message. */
export function eachContainer(task: AnyDefinition, check: (container: Container, label: string) => void): void {
  each(containers(task), (c, i) => check(c, `container ${c.name ? `"${c.name}"` : i + 1}`));
}

/** Checks the containers of Linux tasks: users, capabilities and the root file system are Linux's. */
export function eachLinuxContainer(task: AnyDefinition, check: (container: Container, label: string) => void): void {
  const platform = "runtimePlatform" in task.props ? task.props.runtimePlatform : undefined;
  if (!platform?.operatingSystemFamily?.startsWith("WINDOWS")) eachContainer(task, check);
}

/** The CPU units and MiB of a task: its own, or what its containers ask for. */
export function sizeOf(task: TaskDefinition): { cpu: number; memory: number } {
  const sum = (key: "cpu" | "memory") =>
    containers(task).reduce((total, c) => total + (c[key] ?? (key === "memory" ? c.memoryReservation : 0) ?? 0), 0);
  const { cpu, memory } = task.props;
  return {
    cpu: (cpu === undefined ? undefined : parseCpu(cpu)) ?? sum("cpu"),
    memory: (memory === undefined ? undefined : parseMemory(memory)) ?? sum("memory"),
  };
}

/** The services that plugins of Fluent Bit send logs to. */
export const FLUENT_BIT_TO: Record<string, string> = {
  cloudwatch: "logs",
  cloudwatch_logs: "logs",
  firehose: "kinesis-firehose",
  kinesis_firehose: "kinesis-firehose",
  kinesis: "kinesis-streams",
  kinesis_streams: "kinesis-streams",
  s3: "s3",
};

/** The configurations of AWS's collectors (AWS Distro for OpenTelemetry, CloudWatch agent), and by which word each sends traces and metrics to a service. */
const COLLECTORS: Record<string, { xray: string; monitoring?: string }> = {
  AOT_CONFIG_CONTENT: { xray: "awsxray" },
  CW_CONFIG_CONTENT: { xray: '"traces_collected"', monitoring: '"metrics":' },
};
const collectorOf = ({ environment = [] }: Container) =>
  environment.find(({ name }) => name !== undefined && Object.hasOwn(COLLECTORS, name));

/** Whether a collector sends traces (`xray`) or metrics (`monitoring`) to that service of AWS. */
export function collectsFor(service: "xray" | "monitoring", container: Container): boolean {
  const its = collectorOf(container);
  const word = its && COLLECTORS[its.name!]![service];
  return word !== undefined && (its!.value?.includes(word) ?? false);
}

/** Whether what the app writes goes to CloudWatch. What a router or a collector writes itself is next to nothing. */
export function logsInCloudWatch(task: TaskDefinition): boolean {
  const written = containers(task).flatMap((one) => {
    const isHelper = one.firelensConfiguration !== undefined || collectorOf(one) !== undefined;
    return one.logConfiguration && !isHelper ? [one.logConfiguration] : [];
  });
  const isThere = ({ logDriver, options = {} }: NonNullable<Container["logConfiguration"]>) =>
    logDriver === "awslogs" || (logDriver === "awsfirelens" && FLUENT_BIT_TO[options.Name ?? ""] === "logs");
  // A container that says nothing of it has the default of its program's author.
  return written.length === 0 || written.some(isThere);
}

export function isFargate(task: AnyDefinition): boolean {
  return "requiresCompatibilities" in task.props && (task.props.requiresCompatibilities?.includes("FARGATE") ?? false);
}
