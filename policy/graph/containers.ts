import type * as aws from "@pulumi/aws";
import type { Unwrap } from "@pulumi/pulumi";
import { parseCpu, parseMemory } from "../../facts/sizes";
import { parseJson } from "./json";
import type { Resource } from "./types";
import { each, undecidable } from "./undecided";

type TaskDefinition = Resource<"aws:ecs/taskDefinition:TaskDefinition">;
/** One element of `containerDefinitions`; in another program's JSON anything may be missing. */
export type Container = Partial<Unwrap<aws.ecs.ContainerDefinition>>;

/** The container definitions of a task definition. */
export function containers(task: TaskDefinition): Container[] {
  const parsed = parseJson(task.props.containerDefinitions, "containerDefinitions", task);
  if (!Array.isArray(parsed)) undecidable("containerDefinitions is not a list");
  return parsed.filter((c) => c !== null && typeof c === "object") as Container[];
}

/** Checks each container by itself; `label` names it in a message. */
export function eachContainer(task: TaskDefinition, check: (container: Container, label: string) => void): void {
  each(containers(task), (c, i) => check(c, `container ${c.name ? `"${c.name}"` : i + 1}`));
}

/** Checks the containers of Linux tasks: users, capabilities and the root file system are Linux's. */
export function eachLinuxContainer(task: TaskDefinition, check: (container: Container, label: string) => void): void {
  if (!task.props.runtimePlatform?.operatingSystemFamily?.startsWith("WINDOWS")) eachContainer(task, check);
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

export function isFargate(task: TaskDefinition): boolean {
  return task.props.requiresCompatibilities?.includes("FARGATE") ?? false;
}
