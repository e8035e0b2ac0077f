// Builds a service's image and starts it on this machine as ECS would: the planned user, file system, memory, CPU, capabilities and init process. Asks its
// health as the load balancer does, stops it, and says what to change. Programs are started without a shell.
import { randomBytes } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { request as requestByTls } from "node:https";
import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../facts/errors";
import { type Check, failed } from "../check";
import type { Io } from "../io";
import { run } from "../stack/locate";
import { dockerBuildArguments } from "./build";
import { dockerRunArguments } from "./docker-run";
import { type ContainerState, listenersIn, matches, portRemedy, remedy, secretsOf } from "./findings";
import type { PlannedHealth, PlannedService } from "./planned";

export interface TrialOptions {
  /** The project's folder. */
  root: string;
  /** File with variables for the container. */
  envFile?: string | undefined;
  /** Ends the trial. */
  signal: AbortSignal;
}

/** What was seen of one service; every container and image of the trial is gone afterwards. */
export async function trial(service: PlannedService, options: TrialOptions, io: Io): Promise<Check[]> {
  const tag = `berth-doctor/${service.name.toLowerCase()}:${randomBytes(4).toString("hex")}`;
  const docker = (...args: string[]) =>
    run("docker", args, Object.assign(Object.create(io) as Io, { env: { ...io.env, DOCKER_BUILDKIT: "1" } }), options.root);
  try {
    return await new Trial(service, options, docker, tag).checks();
  } finally {
    await docker("rm", "--force", "--volumes", nameOf(tag));
    await docker("image", "rm", tag);
  }
}

/** The same of several, one after the other. What cannot be tried is a failure. */
export async function trials(services: readonly PlannedService[], options: TrialOptions, io: Io): Promise<Check[]> {
  const checks: Check[] = [];
  for (const service of services) {
    const seen = await trial(service, options, io).catch((error) => [failed(IN_CONTAINER, error)]);
    checks.push(...seen.map((check) => ({ ...check, name: services.length > 1 ? `${service.name}: ${check.name}` : check.name })));
  }
  return checks;
}

export const IN_CONTAINER = "The app in a container";

/** Prints the sockets of the container with what every shell has. */
const SOCKETS = 'for f in /proc/net/tcp /proc/net/tcp6; do while read -r line; do echo "$line"; done < $f; done';

type Docker = (...args: string[]) => ReturnType<typeof run>;
const nameOf = (tag: string) => tag.replace(/[^a-z0-9-]+/g, "-");
const ok = (name: string, detail: string): Check => ({ name, result: "ok", detail });
/** A failure, and what a rollout of the same would fail by. */
const fail = (name: string, detail: string, fix: string, cause?: string): Check => ({
  name,
  result: "fail",
  detail,
  fix,
  ...(cause && { cause }),
});
/** A sentence with the last lines of a log below it. */
const above = (sentence: string, log: string, count: number) =>
  [sentence, ...log.trim().split("\n").slice(-count)].filter((line) => line !== "").join("\n      ");
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

class Trial {
  private readonly container: string;

  constructor(
    private readonly service: PlannedService,
    private readonly options: TrialOptions,
    private readonly docker: Docker,
    private readonly tag: string,
  ) {
    this.container = nameOf(tag);
  }

  async checks(): Promise<Check[]> {
    const { name, image } = this.service;
    const title = `Image of ${name}`;
    const secrets = Object.keys(image.secrets ?? {});
    if (secrets.length > 0)
      return [{ name: title, result: "warn", detail: `not built here: only Pulumi can decrypt image.secrets (${secrets.join(", ")})` }];
    const built = await this.docker(...dockerBuildArguments({ ...image, tag: this.tag }, this.options.root));
    if (built.error) return [fail(title, above("does not build", built.stderr, 8), "Correct the Dockerfile, or what it needs.")];
    return [ok(title, `builds from ${image.dockerfile?.location ?? image.context.location}`), ...(await this.start())];
  }

  private async start(): Promise<Check[]> {
    const { container, task } = this.service;
    const { envFile, root } = this.options;
    const secrets = secretsOf(container);
    const volumes = await this.docker("image", "inspect", "--format", "{{json .Config.Volumes}}", this.tag);
    const { secrets: _, ...known } = container;
    const started = await this.docker(
      ...dockerRunArguments(task, known, {
        name: this.container,
        image: this.tag,
        imageVolumes: Object.keys((JSON.parse(volumes.stdout) ?? {}) as object),
        ...(envFile !== undefined && { envFile: resolve(root, envFile) }),
      }),
    );
    const note: Check[] =
      secrets.length > 0 && envFile === undefined
        ? [
            {
              name: "Secrets",
              result: "warn",
              detail: `the container had no ${secrets.join(", ")}`,
              fix: "Give values for the trial: --env-file FILE",
            },
          ]
        : [];
    if (started.error) {
      const state = { Running: false, ExitCode: 0, OOMKilled: false, Error: started.stderr };
      return [...note, fail("Start", above("", started.stderr, 3), remedy("", state, this.service), "command-not-startable")];
    }
    const healthy = await this.health();
    if (healthy.some(({ result }) => result === "fail")) return [...note, ...healthy];
    return [...note, ...healthy, ...(await this.ownCheck()), await this.stop()];
  }

  /** Asks until the app answers as it should, or ends, or has had the time that a task has. */
  private async health(): Promise<Check[]> {
    const { health, gracePeriod } = this.service;
    const since = performance.now();
    const patience = (health ? gracePeriod : 5) * 1000;
    const port = health && (await this.publishedPort(health.port));
    const name = health ? "Health" : "Start";
    for (let said: string; ; await sleep(100)) {
      if (this.options.signal.aborted) throw new UserError("Interrupted.");
      const state = await this.state();
      if (!state.Running) {
        const log = await this.log();
        const how = state.OOMKilled ? "was killed: out of memory" : `ended with exit code ${state.ExitCode}`;
        const cause = state.OOMKilled ? "out-of-memory" : "crash-on-start";
        return [fail(name, above(`the app ${how} after ${seconds(since)}`, log, 8), remedy(log, state, this.service), cause)];
      }
      if (health) {
        const answer = port === undefined ? undefined : await ask(health, port);
        const asked = `${health.protocol === "GRPC" ? "gRPC" : `GET ${health.path}`}${health.tls ? " by HTTPS" : ""} on port ${health.port}`;
        if (answer !== undefined && (answer === "open" || matches(answer, health.matcher)))
          return [ok(name, `${asked}: ${answer} after ${seconds(since)}`)];
        said = answer === undefined ? `${asked}: no answer` : `${asked}: ${answer}, where ${health.matcher} is healthy`;
        if (performance.now() - since > patience) return [await this.unhealthy(health, said, typeof answer === "number")];
      } else if (performance.now() - since > patience) return [ok(name, `runs for ${seconds(since)}`)];
    }
  }

  private async unhealthy(health: PlannedHealth, said: string, answered: boolean): Promise<Check> {
    const tables = await this.docker("exec", this.container, "/bin/sh", "-c", SOCKETS);
    const log = await this.log();
    const fix =
      (answered ? `Let the app answer ${health.matcher} there, or set service.healthCheck.path to a path where it does.` : undefined) ??
      portRemedy(listenersIn(tables.stdout), health.port) ??
      remedy(log, await this.state(), this.service);
    return fail("Health", above(`${said} within ${this.service.gracePeriod} s`, log, 5), fix, "target-health-check");
  }

  /** The check that ECS runs in the container. */
  private async ownCheck(): Promise<Check[]> {
    const check = this.service.container.healthCheck;
    if (!check) return [];
    const [kind, ...words] = check.command;
    const command = kind === "CMD-SHELL" ? ["/bin/sh", "-c", words.join(" ")] : words;
    const { error, stdout, stderr } = await this.docker("exec", this.container, ...command);
    const name = "Health check in the container";
    if (!error) return [ok(name, "passes")];
    return [
      fail(
        name,
        above("", stderr || stdout || "fails", 3),
        "Set service.containerHealthCheck to a command that the image has, or to false: the load balancer's check still decides.",
        "container-health-check",
      ),
    ];
  }

  /** SIGTERM, or the image's own stop signal, and SIGKILL after the container's stop timeout: what ECS does. */
  private async stop(): Promise<Check> {
    const timeout = this.service.container.stopTimeout ?? 30;
    const since = performance.now();
    await this.docker("stop", this.container);
    const took = seconds(since);
    const { ExitCode: code } = await this.state();
    if (code === 137) {
      return fail(
        "Stop",
        `ignores the stop signal, and is killed after ${timeout} s`,
        'Write CMD as a list (["program", "argument"]) and end on SIGTERM when the requests in flight are done; service.stopTimeout gives it more time.',
      );
    }
    if (code !== 0) {
      return {
        name: "Stop",
        result: "warn",
        detail: `exit code ${code} after ${took}`,
        fix: "ECS counts it as a failed task: handle SIGTERM, and end with 0.",
      };
    }
    return ok("Stop", `exit code 0 after ${took}`);
  }

  private async publishedPort(port: number): Promise<number | undefined> {
    const { stdout } = await this.docker("port", this.container, `${port}/tcp`);
    const found = /127\.0\.0\.1:(\d+)/.exec(stdout)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  private async state(): Promise<ContainerState> {
    const { stdout } = await this.docker("inspect", "--format", "{{json .State}}", this.container);
    return JSON.parse(stdout) as ContainerState;
  }

  private async log(): Promise<string> {
    const { stdout, stderr } = await this.docker("logs", "--tail", "50", this.container);
    return `${stdout}\n${stderr}`.trim();
  }
}

/** The status of one request as the load balancer makes it, by an address that the app does not know as its own; for gRPC whether the port is open. */
function ask({ protocol, path, port: own, tls }: PlannedHealth, port: number): Promise<number | "open" | undefined> {
  return new Promise((answer) => {
    const failed = () => answer(undefined);
    if (protocol !== "HTTP1") {
      const socket = connect({ host: "127.0.0.1", port, timeout: 5000 }, () => {
        // Docker's proxy takes a connection before it knows whether the container does.
        setTimeout(() => {
          answer(socket.destroyed ? undefined : "open");
          socket.destroy();
        }, 200);
      });
      for (const event of ["error", "timeout", "close"]) socket.on(event, failed);
      return;
    }
    const headers = { Host: `10.0.0.10:${own}`, "User-Agent": "ELB-HealthChecker/2.0", Connection: "close" };
    const asked = { host: "127.0.0.1", port, path, headers, timeout: 5000 };
    const answered = (response: IncomingMessage) => {
      response.resume();
      answer(response.statusCode);
    };
    // As the load balancer does, which verifies no certificate of a task.
    const sent = tls ? requestByTls({ ...asked, rejectUnauthorized: false }, answered) : request(asked, answered);
    sent
      .on("error", failed)
      .on("timeout", () => sent.destroy())
      .end();
  });
}
