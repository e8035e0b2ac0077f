// What a workload of Copilot's becomes: a service, or a task that runs on a schedule.
import type { Path } from "../ledger";
import { isMap } from "../values";
import { appImage, containerHealth, imageKey, type Task } from "./container";
import { count, deployment } from "./count";
import { taskFields } from "./task";
import { type Alias, appPort, connections, requests } from "./traffic";
import { scheduleOf } from "./values";

/** What the rest of the stack must have for a service. */
export interface Needs {
  aliases: Alias[];
  isRouted: boolean;
  isListened: boolean;
  hasName: boolean;
}

const NAMED =
  "its name in the VPC stays (A records): in Copilot's namespace, or in a new one of that name; SRV records, which say the port, do not";

/** A load-balanced or a backend service. `http` of a backend service is left where the stack's load balancer is a public one. */
export function service(task: Task, { isRouted }: { isRouted: boolean }): Needs {
  const { manifest, setting, workspace } = task;
  appImage(task, [...setting, "image"]);
  const port = appPort(task);
  const aliases = isRouted ? requests(task) : undefined;
  if (!isRouted && manifest.read(["http"]) !== undefined)
    manifest.leave(
      ["http"],
      "a stack has one load balancer, and this one is public: put the service in a stack of its own (berth adopt --service, loadBalancer.internal: true), or let others call it by its name.",
    );
  const connected = connections(task);
  const hasName = port !== undefined;
  manifest.fields(["image"], {
    port: manifest.into.number([...setting, "port"]),
  });
  if (aliases === undefined) manifest.set([...setting, "route"], false);
  else {
    const at = [...setting, "environment", "COPILOT_LB_DNS"];
    const { outputs = {} } = workspace.deployed ?? {};
    const name = outputs.PublicLoadBalancerDNSName ?? outputs.InternalLoadBalancerDNSName;
    if (name !== undefined) manifest.take(["variables", "COPILOT_LB_DNS"], at, name);
    else manifest.leave(["variables", "COPILOT_LB_DNS"], `where the app reads it, set ${at.join(".")} to the load balancer's DNS name.`);
  }
  if (hasName) manifest.change(["network", "dns"], NAMED, { setting: [...setting, "dns"], value: true });
  health(task);
  count(task);
  deployment(task);
  taskFields(task, ["image", "http", "nlb", "count", "deployment", "platform", "name", "type"]);
  return { aliases: [...(aliases ?? [])], isRouted: aliases !== undefined, isListened: connected !== undefined, hasName };
}

/** The check in the container: that of the manifest, and none without one. */
function health(task: Task): void {
  const { manifest, setting } = task;
  const check = manifest.read(["image", "healthcheck"]);
  if (isMap(check) && Object.keys(check).length > 0) containerHealth(task, ["image", "healthcheck"], setting);
  else manifest.take(["image", "healthcheck"], [...setting, "containerHealthCheck"], false);
}

/** A service that works on a queue, which it always has at Copilot. */
export function worker(task: Task): Needs {
  const { manifest, setting } = task;
  appImage(task, [...setting, "image"]);
  manifest.set([...setting, "route"], false);
  health(task);
  queue(task);
  if (manifest.read(["count", "queue_delay"]) === undefined && isMap(manifest.read(["count"])))
    manifest.set([...setting, "scaling", "messages"], false);
  count(task);
  deployment(task);
  taskFields(task, ["image", "subscribe", "count", "deployment", "platform", "name", "type"]);
  return { aliases: [], isRouted: false, isListened: false, hasName: false };
}

function queue(task: Task): void {
  const { manifest, setting } = task;
  const at = [...setting, "queue"];
  const path: Path = ["subscribe", "queue"];
  manifest.set(at, {});
  if (manifest.read([...path, "timeout"]) === undefined) manifest.take([...path, "timeout"], [...at, "visibilityTimeout"], 30);
  if (manifest.read([...path, "dead_letter", "tries"]) === undefined)
    manifest.change([...path, "dead_letter"], "a message that is received 1000 times moves to a dead-letter queue, and there was none", {
      setting: [...at, "maxReceiveCount"],
      value: 1000,
      keep: "maxReceiveCount: 3, the default, finds what cannot be worked on sooner",
    });
  manifest.leave(
    ["variables", "COPILOT_QUEUE_URI"],
    `the app finds the queue in QUEUE_URL: read that, or set ${[...setting, "environment", "COPILOT_QUEUE_URI"].join(".")} as the steps say.`,
  );
  manifest.fields(["subscribe"], {
    queue: (field) => manifest.fields(field, queueFields(task, at)),
    topics: (field) => manifest.items(field, (at) => topic(task, at)),
  });
}

function queueFields({ manifest }: Task, at: Path) {
  const noSetting = (what: string) => (field: Path) =>
    manifest.leave(
      field,
      `${what} is one of the queue itself: it stays with Copilot's queue (queue.arn), and a new one is an aws.sqs.Queue in index.ts.`,
    );
  return {
    timeout: manifest.into.duration([...at, "visibilityTimeout"]),
    retention: manifest.duration((field, seconds) => {
      const days = Math.max(1, Math.ceil(seconds / 86_400));
      if (days * 86_400 === seconds) manifest.take(field, [...at, "messageRetention"], days);
      else manifest.change(field, "whole days, and one at least", { setting: [...at, "messageRetention"], value: days });
    }),
    delay: manifest.duration((field, seconds) => (seconds === 0 ? manifest.same(field, "none anyway") : noSetting("a delay")(field))),
    dead_letter: (field: Path) => manifest.fields(field, { tries: manifest.into.number([...at, "maxReceiveCount"]) }),
    fifo: (field: Path, value: unknown) => {
      if (!isMap(value)) return manifest.into.on([...at, "fifo"])(field, value);
      manifest.set([...at, "fifo"], true);
      const mode = noSetting("the mode of FIFO");
      return manifest.fields(field, {
        content_based_deduplication: mode,
        deduplication_scope: mode,
        throughput_limit: mode,
        high_throughput: mode,
      });
    },
  };
}

/** A subscription stays in AWS: Berth makes none. */
function topic({ manifest, setting }: Task, path: Path): void {
  const queue = [...setting, "queue", "arn"].join(".");
  const todo = `keep Copilot's queue (${queue}), and the subscription with it; for a new queue make an aws.sns.TopicSubscription in index.ts.`;
  const stays = (at: Path) => manifest.leave(at, todo);
  const own = (at: Path) =>
    manifest.leave(
      at,
      "a service has one queue: work on this one in a service of its own, or name it in permissions.read and read it beside the other.",
    );
  const ofQueue = Object.fromEntries(["retention", "delay", "timeout", "dead_letter", "fifo"].map((key) => [key, own]));
  manifest.fields(path, {
    name: stays,
    service: stays,
    filter_policy: stays,
    queue: (at, value) => (isMap(value) ? manifest.fields(at, ofQueue) : own(at)),
  });
}

/** A service that lends a task its image, and runs no task itself. */
export const carrierOf = (name: string): string => `${name.slice(0, 18).replace(/-+$/, "")}-image`;

/** A job. `services` are the tasks of the stack that have images. */
export function job(task: Task, services: readonly Task[]): void {
  const { manifest, setting, workload } = task;
  const lender = services.find((one) => imageKey(one) === imageKey(task));
  if (lender) {
    appImage(task, [...lender.setting, "image"]);
    manifest.set([...setting, "service"], lender.setting[1]);
  } else {
    const name = carrierOf(workload);
    const carrier: Path = ["services", name];
    appImage(task, [...carrier, "image"]);
    manifest.set([...carrier, "route"], false);
    manifest.change(["image"], "a task has the image of a service: this one has it, and runs no task itself, so it costs nothing", {
      setting: [...carrier, "desiredCount"],
      value: 0,
    });
    manifest.set([...setting, "service"], name);
  }
  manifest.set([...setting, "inherit"], false);
  manifest.fields(["on"], {
    schedule: manifest.text((at, given) => {
      if (given === "none") return manifest.same(at, "without a schedule, berth run --task starts it");
      const schedule = scheduleOf(given);
      return schedule === undefined
        ? manifest.leave(at, `write it to ${[...setting, "schedule"].join(".")} as rate(...) or cron(...).`)
        : manifest.take(at, [...setting, "schedule"], schedule);
    }),
  });
  const fails = "a run that failed is not started again; let the command try again, or start it with berth run";
  manifest.fields([], {
    retries: manifest.number((at) =>
      manifest.change(at, fails, { keep: "retries, which repeats a start that AWS refused, is another thing" }),
    ),
    timeout: manifest.duration((at) => manifest.leave(at, "nothing ends a run from outside: begin the command with timeout SECONDS.")),
  });
  manifest.fields(["image"], {
    port: manifest.number((at) => manifest.same(at, "a job is not asked anything")),
    healthcheck: (at) => manifest.leave(at, "a task on a schedule has no check of its own; its exit code says how it went."),
  });
  taskFields(task, ["image", "on", "retries", "timeout", "platform", "name", "type"]);
  if (manifest.read(["count"]) !== undefined) manifest.same(["count"], "a job runs one task");
}

/** A service of App Runner. */
export function appRunner(task: Task): Needs {
  const { manifest, setting } = task;
  appImage(task, [...setting, "image"]);
  health(task);
  const port = appPort(task);
  manifest.set([...setting, "path"], "/*");
  for (const [key, value] of [
    ["cpu", 1024],
    ["memory", 2048],
  ] as const)
    if (manifest.read([key]) === undefined) manifest.take([key], [...setting, key], value);
  manifest.fields(["image"], { port: manifest.into.number([...setting, "port"]) });
  if (port === undefined) manifest.leave(["image", "port"], `say the app's port in ${[...setting, "port"].join(".")}.`);
  const aliases: Alias[] = [];
  const check = [...setting, "healthCheck"];
  const nearer = (key: string, least: number) => (at: Path, value: number) =>
    value >= least
      ? manifest.take(at, [...check, key], value)
      : manifest.change(at, `${least} is the least that a load balancer takes`, { setting: [...check, key], value: least });
  if (manifest.read(["http", "healthcheck"]) === undefined) manifest.take(["http", "healthcheck"], [...check, "path"], "/");
  manifest.fields(["http"], {
    alias: manifest.text((at, name) => {
      aliases.push({ name });
      manifest.take(at, [...setting, "host"], name);
    }),
    private: (at) =>
      manifest.leave(
        at,
        "put the service in a stack of its own with loadBalancer.internal: true, or let others call it by its name (connect).",
      ),
    healthcheck: (at, value) => {
      if (!isMap(value)) return manifest.into.text([...check, "path"])(at, value);
      return manifest.fields(at, {
        path: manifest.into.text([...check, "path"]),
        healthy_threshold: manifest.number(nearer("healthyThreshold", 2)),
        unhealthy_threshold: manifest.number(nearer("unhealthyThreshold", 2)),
        interval: manifest.duration(nearer("interval", 5)),
        timeout: manifest.duration(nearer("timeout", 2)),
      });
    },
  });
  manifest.fields([], {
    count: (at) =>
      manifest.leave(
        at,
        `App Runner's configuration says how many tasks run: say in ${[...setting, "scaling"].join(".")} from how many to how many.`,
      ),
    tags: (at) => manifest.leave(at, "tags are the whole stack's (tags)."),
  });
  manifest.change(
    ["type"],
    "App Runner becomes a service of ECS behind the stack's load balancer: a new one beside it, which the domain then leads to",
  );
  taskFields(task, ["image", "http", "count", "tags", "platform", "name", "type"]);
  return { aliases, isRouted: true, isListened: false, hasName: false };
}
