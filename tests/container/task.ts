// One container, started and stopped as ECS would start and stop the task.
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { dockerRunArguments, type RunOptions } from "../../ops/container/docker-run";
import { type ContainerState, containerName, docker, inspectImage, stateOf } from "./docker";
import type { PlannedService } from "./planned";

/** An image and the plan that it has to live with. */
export interface Subject {
  image: string;
  planned: PlannedService;
}

export interface Task {
  name: string;
  /** Where it answers, on loopback. */
  url: string;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Polls until `probe` gives something; fails with `what` after `seconds`. */
export async function eventually<T>(what: string, seconds: number, probe: () => Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + seconds * 1000; ; await sleep(50)) {
    const found = await probe().catch(() => undefined);
    if (found) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s.`);
  }
}

/** Starts a task; `hosts` are names that it finds at an address, as a proxy in the task has it find those of other services. */
export async function startTask(
  { image, planned }: Subject,
  purpose: string,
  more: Partial<RunOptions> = {},
  hosts: Record<string, string> = {},
): Promise<Task> {
  const imageVolumes = Object.keys((await inspectImage(image)).Config.Volumes ?? {});
  const name = containerName(purpose);
  const port = more.network === "host" ? (more.environment?.PORT ?? String(await freePort())) : undefined;
  const environment = { ...more.environment, ...(port && { PORT: port }) };
  const [run, ...options] = dockerRunArguments(planned.task, planned.container, { ...more, name, image, imageVolumes, environment });
  await docker(run!, ...Object.entries(hosts).map(([host, address]) => `--add-host=${host}:${address}`), ...options);
  const published = port ?? (await docker("port", name)).stdout.match(/127\.0\.0\.1:(\d+)/)?.[1];
  return { name, url: `http://127.0.0.1:${published}` };
}

/** The status of one request on a connection of its own, which is not kept: the load balancer has none open either when a task gets SIGTERM. */
export const statusOf = async (url: string): Promise<number> => (await fetch(url, { headers: { Connection: "close" } })).status;

/** Waits for what the load balancer waits for; fails with the container's own words. */
export async function answers({ name, url }: Task, path = "/health"): Promise<void> {
  await eventually(`${url}${path} answers 200`, 20, async () => (await statusOf(url + path)) === 200).catch(async (error: Error) => {
    const { stdout, stderr } = await docker("logs", name);
    throw new Error(`${error.message} The container wrote:\n${stdout}\n${stderr}`);
  });
}

export interface Stop {
  state: ContainerState;
  seconds: number;
}

/** SIGTERM, and SIGKILL after the container's own stop timeout: what ECS does. */
export async function stopTask({ name }: Task): Promise<Stop> {
  const start = performance.now();
  await docker("stop", name);
  return { seconds: (performance.now() - start) / 1000, state: await stateOf(name) };
}

/** What a stop must look like; a message says what was wrong with it. */
export function faultOfStop({ state, seconds }: Stop, stopTimeout: number): string | undefined {
  if (state.OOMKilled) return "killed: out of memory";
  if (state.ExitCode === 137) return `ignored SIGTERM for ${stopTimeout} s and was killed (exit code 137)`;
  if (state.ExitCode !== 0) return `exit code ${state.ExitCode} instead of 0`;
  if (seconds >= stopTimeout) return `took ${seconds.toFixed(1)} s to stop; stopTimeout is ${stopTimeout} s`;
  return undefined;
}

/** The lines that a container wrote to stdout, as JSON. */
export async function logsOf({ name }: Task): Promise<Record<string, unknown>[]> {
  return (await docker("logs", name)).stdout.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What a POSIX shell script prints in the container; it can rely on builtins alone. */
export const inContainer = async ({ name }: Task, script: string): Promise<string> =>
  (await docker("exec", name, "/bin/sh", "-c", script)).stdout;

/** The most memory the container ever had, in MiB; of either version of cgroups. */
export async function memoryPeak(task: Task): Promise<number> {
  const files = "/sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes";
  return Number(await inContainer(task, `for f in ${files}; do if [ -r $f ]; then read -r n < $f; echo $n; fi; done`)) / 2 ** 20;
}
