// The Docker of this machine: which client builds with BuildKit, whether a daemon answers, and the containers that a test started.
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { describeUnless, missing } from "../helpers/left-out";

const answers = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });

/** The first client on the PATH that can build with BuildKit: from release 23 on it needs the buildx plugin for that. */
function findClient(): string | undefined {
  const clients = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "docker"));
  return clients.filter(existsSync).find((client) => {
    const major = Number(answers(client, "version", "--format", "{{.Client.Version}}").stdout.split(".")[0]);
    return (major > 0 && major < 23) || answers(client, "buildx", "version").status === 0;
  });
}

const client = findClient();

/** The environment in which `docker` is that client. */
export const environment = () => ({ ...process.env, PATH: [dirname(client ?? ""), process.env.PATH].join(delimiter) });

/** Why there is no Docker to test with; undefined when there is. */
export function whyNoDocker(): string | undefined {
  if (!client) return "no docker client that builds with BuildKit is on the PATH";
  const daemon = answers(client, "version", "--format", "{{.Server.Version}}");
  return daemon.status === 0 ? undefined : "no Docker daemon answers";
}

const has = (program: string) => (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** `describe` for tests that need Docker and `programs`. */
export function describeWithDocker(title: string, programs: string[], body: (this: Mocha.Suite) => void) {
  const program = programs.find((each) => !has(each));
  const why = whyNoDocker() ?? (program && `${program} is not installed`);
  return describeUnless(why === undefined ? undefined : missing(why), title, body);
}

const execute = promisify(execFile);

/** Runs docker; an error carries what docker said. */
export async function docker(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, DOCKER_BUILDKIT: "1" };
  const { stdout, stderr } = await execute(client!, args, { env, maxBuffer: 256 * 1024 * 1024 });
  return { stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

export interface ContainerState {
  Running: boolean;
  ExitCode: number;
  OOMKilled: boolean;
  Health?: { Status: string; Log: { Output: string }[] };
}

export const stateOf = async (container: string): Promise<ContainerState> =>
  JSON.parse((await docker("inspect", "--format", "{{json .State}}", container)).stdout);

export interface Image {
  Id: string;
  Size: number;
  RootFS: { Layers: string[] };
  Config: { Volumes: Record<string, object> | null };
}

export const inspectImage = async (image: string): Promise<Image> =>
  JSON.parse((await docker("image", "inspect", "--format", "{{json .}}", image)).stdout);

const started: string[] = [];

/** A name for a container that `removeContainers` will take away. */
export function containerName(purpose: string): string {
  const name = `berth-test-${process.pid}-${started.length}-${purpose}`;
  started.push(name);
  return name;
}

/** Ends and removes every container that this process started, with its volumes. */
export async function removeContainers() {
  await Promise.all(started.splice(0).map((name) => docker("rm", "--force", "--volumes", name).catch(() => undefined)));
}
