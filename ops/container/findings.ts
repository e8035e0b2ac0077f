// What a container that was tried says of itself, and which setting answers it. Pure.
import { posix } from "node:path";
import { codeRanges } from "../../facts/listeners";
import type { ContainerDefinition, TaskDefinition } from "./docker-run";
import type { PlannedService } from "./planned";

/** How a container ended, or that it runs. */
export interface ContainerState {
  Running: boolean;
  ExitCode: number;
  OOMKilled: boolean;
  Error?: string;
}

interface Symptom {
  pattern: RegExp;
  fix(found: RegExpExecArray, service: PlannedService): string;
}

const PATH = String.raw`['"\x60]?(\/[^\s'"\x60,:;)\]]+)`;
const SYMPTOMS: Symptom[] = [
  {
    pattern: /exec format error/i,
    fix: () => "The image is for another CPU: set architecture to the one that it is built for, or build it for this one.",
  },
  {
    pattern: /executable file not found|no such file or directory: unknown/i,
    fix: () => "The image has no such program: correct CMD or ENTRYPOINT in the Dockerfile, or service.command.",
  },
  {
    pattern: /exec.*operation not permitted|operation not permitted: unknown/i,
    fix: () =>
      "The program has file capabilities and starts with none: add `RUN setcap -r <program>` to the Dockerfile, or set service.dropCapabilities: [].",
  },
  {
    pattern:
      /(?:bind|listen)[^\n]*(?:permission denied|EACCES)|EACCES[^\n]*(?:bind|listen|port)|permission denied[^\n]*(?:make_sock|bind)/i,
    fix: () => "A port below 1024 needs root: make the app listen on another one and set service.port to it.",
  },
  {
    pattern: new RegExp(`(?:${PATH}[^\n]*)?(?:read-only file system|EROFS)(?:[^\n]*?${PATH})?`, "i"),
    fix: ([whole, before, after], { container }) => {
      const file = before ?? after;
      // A folder that it makes is the volume itself.
      const folder = file && (/mkdir/i.test(whole) || posix.dirname(file) === "/" ? file : posix.dirname(file));
      const paths = folder && `[${[...writable(container), folder].join(", ")}]`;
      return `It writes to the root file system, which is read-only: ${paths ? `set service.writablePaths: ${paths}` : "name the folder in service.writablePaths"}, or service.readonlyRootFilesystem: false.`;
    },
  },
  {
    pattern: new RegExp(`(?:${PATH}[^\n]*)?(?:permission denied|EACCES)(?:[^\n]*?${PATH})?`, "i"),
    fix: ([, before, after], { container }) => {
      const file = before ?? after;
      const volume = file && writable(container).find((folder) => file === folder || file.startsWith(`${folder}/`));
      if (volume) return `${volume} belongs to root: add \`VOLUME ${volume}\` to the Dockerfile.`;
      return `User ${container.user ?? "of the image"} may not use ${file ?? "a file"}: let everybody read it in the Dockerfile (chmod a+rX), or set service.user.`;
    },
  },
];

const writable = (container: ContainerDefinition) =>
  ((container.mountPoints ?? []) as { containerPath: string }[]).map(({ containerPath }) => containerPath);

/** What to change, by what the container wrote and how it ended. */
export function remedy(log: string, state: ContainerState, service: PlannedService): string {
  if (state.OOMKilled) return `It needs more than ${memoryOf(service.task)}: set service.memory to more.`;
  for (const { pattern, fix } of SYMPTOMS) {
    const found = pattern.exec(`${state.Error ?? ""}\n${log}`);
    if (found) return fix(found, service);
  }
  const secrets = secretsOf(service.container);
  if (secrets.length > 0) return `It had no ${secrets.join(", ")}: give values for the trial with --env-file FILE.`;
  return "Its last lines say why; --env-file FILE gives it variables.";
}

export const secretsOf = (container: ContainerDefinition) => ((container.secrets ?? []) as { name: string }[]).map(({ name }) => name);
const memoryOf = ({ memory }: TaskDefinition) => `${memory} MB`;

/** A port that something listens on, and whether only the container itself reaches it. */
export interface Listener {
  port: number;
  onlyLoopback: boolean;
}

/** The listening sockets in `/proc/net/tcp` and `tcp6`. */
export function listenersIn(table: string): Listener[] {
  return [...table.matchAll(/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A /gim)].map(([, address = "", port = ""]) => ({
    port: Number.parseInt(port, 16),
    // 127.0.0.1, and ::1, whose words are in the machine's own order.
    onlyLoopback: /^[0-9A-F]{6}7F$/i.test(address) || /^0{24}01000000$/.test(address),
  }));
}

/** What to change where nobody answers on the service's port, by what the app listens on. */
export function portRemedy(listeners: readonly Listener[], port: number): string | undefined {
  const own = listeners.filter((one) => one.port === port);
  if (own.length > 0) {
    return own.every(({ onlyLoopback }) => onlyLoopback) ? "It listens on 127.0.0.1 alone: make it listen on 0.0.0.0." : undefined;
  }
  const others = [...new Set(listeners.filter(({ onlyLoopback }) => !onlyLoopback).map((one) => one.port))];
  if (others.length === 0) return undefined;
  return `It listens on ${others.join(", ")} and not on ${port}: set service.port: ${others[0]}, or make it listen on $PORT.`;
}

/** Whether a status is one that the load balancer takes for healthy: `200`, `200-299`, `200,301`. */
export function matches(status: number, matcher: string): boolean {
  return codeRanges(matcher).some(([low, high]) => status >= low && status <= high);
}
