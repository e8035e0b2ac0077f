import assert from "node:assert/strict";
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describeUnless, missing } from "../helpers/left-out";

const HOME = join(__dirname, "..", "..", ".cache", "aws-emulator");
const PROGRAM = join(HOME, "bin", "ministack");

const execute = promisify(execFile);

export async function docker(...args: string[]): Promise<string> {
  return (await execute("docker", args)).stdout.trim();
}

/** Why the emulator's tests cannot run; undefined when they can. */
function whyNot(): string | undefined {
  if (!existsSync(PROGRAM)) return "the AWS emulator is not installed";
  if (spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 }).status !== 0)
    return "no Docker daemon answers";
  return undefined;
}

/** `describe` for tests with real containers. */
export function describeWithEmulator(title: string, body: (this: Mocha.Suite) => void): void {
  const why = whyNot();
  describeUnless(why === undefined ? undefined : missing(why), title, body);
}

/** An AWS emulator that runs ECS tasks as containers of this machine's Docker. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<Emulator> {
    const port = await freePort();
    const child = spawn(PROGRAM, {
      stdio: "ignore",
      env: {
        ...process.env,
        IOT_MTLS_ENABLED: "0",
        GATEWAY_PORT: String(port),
        BIND_HOST: "127.0.0.1",
        MINISTACK_REGION: "us-east-1",
        MINISTACK_ACCOUNT_ID: "111122223333",
      },
    });
    const emulator = new Emulator(child, port);
    for (let tries = 0; !(await emulator.isUp()); tries++) {
      assert.ok(tries < 100 && child.exitCode === null, "the AWS emulator did not start");
      await sleep(200);
    }
    return emulator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private async isUp(): Promise<boolean> {
    return fetch(`${this.url}/_ministack/health`).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** Resets before it stops: the task containers would stay behind otherwise. */
  async stop(): Promise<void> {
    await fetch(`${this.url}/_ministack/reset`, { method: "POST" });
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }

  /** Pushes an image with a shell and `sleep`, made of this machine's own programs, and returns its name. */
  async pushImage(): Promise<string> {
    const image = `127.0.0.1:${this.port}/app:1`;
    const programs = ["/bin/sh", "/bin/sleep"];
    const libraries = programs.flatMap((program) => execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/[^\s()]+/g) ?? []);
    const files = [...new Set([...programs, ...libraries])].map((file) => file.slice(1));
    const tar = execFileSync("tar", ["-ch", "-C", "/", ...files], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync("docker", ["import", "-", image], { input: tar });
    const created = await fetch(this.url, {
      method: "POST",
      headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.CreateRepository", "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ repositoryName: "app" }),
    });
    assert.equal(created.status, 200, await created.text());
    await docker("push", "--quiet", image);
    return image;
  }

  /** Ids of the running containers of a service's tasks, by the text that only their command holds. */
  async containers(marker: string): Promise<string[]> {
    const lines = (await docker("ps", "--no-trunc", "--filter", "label=ministack=ecs", "--format", "{{.ID}} {{.Command}}")).split("\n");
    return lines.filter((line) => line.includes(marker)).map((line) => line.split(" ")[0]!);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
