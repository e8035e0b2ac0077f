import type { Task } from "@aws-sdk/client-ecs";
import { duration, plural } from "../../tool/text";
import { type Evidence, failedContainer } from "./evidence";

/** Services that a task calls before its container runs, by the host or the words in the error. */
const STARTUP_SERVICES = [
  { pattern: /docker\.io|docker\.com/, name: "Docker Hub", endpoints: "none exists for Docker Hub" },
  { pattern: /secretsmanager|secrets manager|\basm\b/i, name: "Secrets Manager", endpoints: "secretsmanager" },
  { pattern: /\bssm\b|parameter store/i, name: "the Parameter Store (SSM)", endpoints: "ssm" },
  { pattern: /logs\.|logger|logging|log stream/i, name: "CloudWatch Logs", endpoints: "logs" },
  { pattern: /\becr\b|registry|CannotPull/i, name: "the image registry (ECR)", endpoints: "ecr.api, ecr.dkr and s3" },
];

const unknownService = { name: "a service that it needs to start", endpoints: "ecr.api, ecr.dkr, s3, logs" };

/** The service that could not be reached, and the VPC endpoints that lead to it. */
export function startupService(text: string): { name: string; endpoints: string } {
  return STARTUP_SERVICES.find(({ pattern }) => pattern.test(text)) ?? unknownService;
}

export function imageOf({ taskDefinition, failedTasks }: Evidence): string {
  const name = failedContainer(failedTasks[0])?.name;
  const definitions = taskDefinition?.containerDefinitions ?? [];
  return (definitions.find((definition) => definition.name === name) ?? definitions[0])?.image ?? "of the task definition";
}

export function arnIn(text: string): string {
  const arn = /arn:aws[\w-]*:(?:secretsmanager|ssm):[^\s,'"|]+/.exec(text)?.[0];
  return arn ? `: ${arn.replace(/[.:)]+$/, "")}` : "";
}

export function nameOf(task: Task | undefined): string {
  return failedContainer(task)?.name ?? "of the task";
}

export function memoryOf(memory: string | undefined): string {
  return memory ? ` (the task has ${memory} MiB)` : "";
}

export function healthCommandOf(taskDefinition: Evidence["taskDefinition"]): string | undefined {
  const check = taskDefinition?.containerDefinitions?.find((definition) => definition.healthCheck)?.healthCheck;
  return check && `\`${(check.command ?? []).filter((word) => word !== "CMD-SHELL" && word !== "CMD").join(" ")}\``;
}

export function crashSentence(task: Task | undefined, count: number): string {
  const container = failedContainer(task);
  const times = count > 1 ? ` (${plural(count, "task")} so far)` : "";
  const started = task?.startedAt ?? task?.createdAt;
  const stopped = task?.executionStoppedAt ?? task?.stoppingAt ?? task?.stoppedAt;
  const after = started && stopped ? ` after ${duration((stopped.getTime() - started.getTime()) / 1000)}` : "";
  if (container?.exitCode === 0)
    return `The container ${container.name} exited with code 0${after}${times}; a service's container has to keep running.`;
  if (container?.exitCode === undefined) return `An essential container exited${after}${times}.`;
  return `The container ${container.name} crashed: exit code ${container.exitCode}${meaningOf(container.exitCode)}${after}${times}.`;
}

function meaningOf(exitCode: number): string {
  const known: Record<number, string> = {
    126: "the command is not executable",
    127: "the command was not found",
    134: "aborted",
    137: "killed, most often for memory",
    139: "segmentation fault",
    143: "terminated",
  };
  return known[exitCode] ? ` (${known[exitCode]})` : "";
}

export function crashAdvice(exitCode: number | undefined): string[] {
  const steps = ["The log lines say why. Likely causes: a missing environment variable or secret, or a database that cannot be reached."];
  if (exitCode === 137) steps.unshift("Look at the service's memory metric; raise the memory if it reached the limit.");
  if (exitCode === 0)
    return [
      "A job that ends belongs in a one-off task (`npx berth run -- COMMAND`) or a scheduled task; a service needs a process that stays in the foreground.",
    ];
  return [...steps, "Run the same image locally: `docker run --rm -e NAME=VALUE IMAGE`."];
}

export function capacityOf(text: string): { sentence: string; advice: string[] } {
  const zoneAndSize = "Raise the maximum size of the Auto Scaling group, or choose a larger instance type or a smaller task.";
  if (/RESOURCE:ENI|network interface/i.test(text)) {
    return {
      sentence: "The instances have no free network interface (ENI) for another task.",
      advice: ["Turn on awsvpcTrunking for the account before the instances start, choose a larger instance type, or add instances."],
    };
  }
  if (/No Container Instances were found/i.test(text)) {
    return {
      sentence: "The cluster has no instance to run the task on.",
      advice: [
        "Check that the Auto Scaling group started instances and that they joined the cluster (ECS_CLUSTER, network path to ECS, instance role).",
      ],
    };
  }
  if (/capacity is unavailable/i.test(text)) {
    return {
      sentence: "AWS has no capacity for this task at the moment.",
      advice: ["Use more availability zones, FARGATE beside FARGATE_SPOT, or another size; otherwise try again later."],
    };
  }
  if (/AGENT|not (?:active|connected)/.test(text)) {
    return {
      sentence: "The ECS agent of the instances is not connected.",
      advice: ["Check the instances' network path to ECS and their role, or replace them."],
    };
  }
  const short = /insufficient (memory|CPU units)/i.exec(text)?.[1] ?? (/RESOURCE:(\w+)/.exec(text)?.[1] ?? "").toLowerCase();
  if (short) return { sentence: `No instance of the cluster has enough ${short} left for the task.`, advice: [zoneAndSize] };
  return {
    sentence: "No instance of the cluster meets the task's requirements.",
    advice: [zoneAndSize, "Placement constraints and the CPU architecture must match the instances too."],
  };
}
