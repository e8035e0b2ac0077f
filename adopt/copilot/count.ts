// How many tasks a service has, on what, and how a new revision takes over: `count` and `deployment` of a manifest.
import type { Path } from "../ledger";
import { isMap } from "../values";
import type { Task } from "./container";
import { rangeOf, secondsOf } from "./values";

/** `count`: a number, tasks on Spot, or a range and what keeps the number in it. */
export function count(task: Task) {
  const { manifest, setting } = task;
  const value = manifest.read(["count"]);
  const spot = manifest.read(["count", "spot"]);
  if (value === undefined) return manifest.take(["count"], [...setting, "desiredCount"], 1);
  if (!isMap(value)) return manifest.into.number([...setting, "desiredCount"])(["count"], value);
  const scaling = [...setting, "scaling"];
  const metrics = ["cpu_percentage", "memory_percentage", "requests", "response_time", "queue_delay"].filter(
    (key) => manifest.read(["count", key]) !== undefined,
  );
  const scales = spot === undefined;
  if (scales) {
    manifest.set([...scaling, "scaleInCooldown"], 120);
    if (!metrics.includes("cpu_percentage")) manifest.set([...scaling, "cpu"], false);
    if (!metrics.includes("memory_percentage")) manifest.set([...scaling, "memory"], false);
  }
  const cooldowns = (at: Path) => cooldown(task, at, metrics.length);
  /** A metric's value, or the value with a cooldown of its own. */
  const metric = (use: (at: Path, value: unknown) => void) => (at: Path, given: unknown) =>
    isMap(given) ? manifest.fields(at, { value: use, cooldown: cooldowns }) : use(at, given);
  manifest.fields(["count"], {
    spot: manifest.number((at, tasks) => {
      manifest.set([...setting, "desiredCount"], tasks);
      manifest.take(at, [...setting, "capacity"], "spot");
    }),
    range: (at, given) => range(task, at, given),
    cooldown: (at) =>
      manifest.fields(at, {
        in: manifest.into.duration([...scaling, "scaleInCooldown"]),
        out: manifest.into.duration([...scaling, "scaleOutCooldown"]),
      }),
    cpu_percentage: metric(manifest.into.number([...scaling, "cpu"])),
    memory_percentage: metric(manifest.into.number([...scaling, "memory"])),
    requests: metric(manifest.into.number([...scaling, "requests"])),
    response_time: metric((at) =>
      manifest.leave(
        at,
        `name the metric in ${[...scaling, "metrics"].join(".")}: TargetResponseTime of AWS/ApplicationELB, with the LoadBalancer and the TargetGroup as they are called once they are there.`,
      ),
    ),
    queue_delay: (at) => queueDelay(task, at, cooldowns),
  });
}

function range(task: Task, path: Path, value: unknown) {
  const { manifest, setting } = task;
  const scaling = [...setting, "scaling"];
  const bounds = rangeOf(value);
  if (bounds) {
    manifest.set([...scaling, "max"], bounds.max);
    return manifest.take(path, [...scaling, "min"], bounds.min);
  }
  manifest.fields(path, {
    min: manifest.into.number([...scaling, "min"]),
    max: manifest.into.number([...scaling, "max"]),
    spot_from: manifest.number((at, from) => {
      const all = from <= 1 || from < Number(manifest.read([...path, "min"]));
      if (all) return manifest.take(at, [...setting, "capacity"], "spot");
      return manifest.change(at, "the first two tasks are on demand, and three of four further ones on Spot", {
        setting: [...setting, "capacity"],
        value: "mixed",
        keep: "capacity: spot or onDemand for all, or capacityProviderStrategies by transform",
      });
    }),
  });
}

/** A metric's own cooldown is the service's where there is no other metric. */
function cooldown(task: Task, path: Path, metrics: number): void {
  const { manifest, setting } = task;
  const one = (key: string) =>
    manifest.duration((at, seconds) =>
      metrics === 1
        ? manifest.take(at, [...setting, "scaling", key], seconds)
        : manifest.leave(
            at,
            "one cooldown holds for all metrics of a service (scaleInCooldown, scaleOutCooldown); change that of the policy by transform.",
          ),
    );
  manifest.fields(path, { in: one("scaleInCooldown"), out: one("scaleOutCooldown") });
}

/** Messages for each task: how long one may wait over how long one takes. */
function queueDelay(task: Task, path: Path, cooldowns: (at: Path) => void): void {
  const { manifest, setting } = task;
  const [wait, work] = ["acceptable_latency", "msg_processing_time"].map((key) => secondsOf(manifest.read([...path, key])));
  const messages = wait && work ? Math.floor(wait / work) : undefined;
  const use = (at: Path) =>
    messages === undefined
      ? manifest.leave(at, "Copilot takes two durations here: say in scaling.messages how many messages a task may have.")
      : manifest.take(at, [...setting, "scaling", "messages"], messages);
  manifest.fields(path, { acceptable_latency: use, msg_processing_time: use, cooldown: cooldowns });
}

/** `deployment` */
export function deployment(task: Task): void {
  const { manifest, setting } = task;
  const rollout = [...setting, "rollout"];
  const rolling = (key: string, value: unknown) => {
    manifest.set([...rollout, "strategy"], "rolling");
    manifest.set([...rollout, key], value);
  };
  manifest.fields(["deployment"], {
    rolling: manifest.text((at, how) => {
      if (how === "default") return manifest.same(at, "as a rolling deployment does");
      if (how !== "recreate") return manifest.leave(at, "Copilot takes default or recreate here.");
      rolling("maximumPercent", 100);
      rolling("minimumHealthyPercent", 0);
      return manifest.take(at, [...rollout, "minimumHealthyPercent"], 0);
    }),
    rollback_alarms: (at, value) => {
      const own = (what: string) => (field: Path) =>
        manifest.leave(
          field,
          `Copilot made the alarm: make one in index.ts (${what}), and name it in ${[...rollout, "alarms", "alarmNames"].join(".")}.`,
        );
      if (isMap(value))
        return manifest.fields(at, {
          cpu_utilization: own("CPUUtilization of AWS/ECS"),
          memory_utilization: own("MemoryUtilization of AWS/ECS"),
          messages_delayed: own("ApproximateNumberOfMessagesDelayed of AWS/SQS"),
        });
      return manifest.texts((field, names) => {
        rolling("alarms", { alarmNames: names });
        manifest.take(field, [...rollout, "alarms", "alarmNames"], names);
      })(at, value);
    },
  });
}
