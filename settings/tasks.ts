// What a stack file says of tasks that run once or on a schedule: the arguments of a scheduled task, whose schedule may be left out.
import { ORIGIN } from "../components/base/origin";
import {
  type ArgumentsOf,
  complaintOf,
  flag,
  type Givens,
  group,
  map,
  optional,
  plain,
  type Rule,
  text,
  where,
} from "../components/base/schema";
import {
  comesAgain,
  noDisk,
  type OnFargate,
  onFargate,
  type ScheduledTaskArgs,
  scheduledTask,
  taskRules,
} from "../components/task/arguments";
import type { Permissions } from "../components/task/permissions";
import { wordComplaint } from "../facts/errors";
import { from } from "./places";
import { sendComplaints, sendsTo } from "./queues";
import { nameComplaint, OF_A_PROGRAM, OF_THE_STACK, ofVolumes } from "./service";
import { imageOf, listed, mainOf, type OfServices, placeOf } from "./services";
import { type SidecarSettings, sidecars } from "./sidecars";

/** What is said of when a task runs. */
export const OF_A_SCHEDULE = ["timezone", "retries", "maximumDelay", "enabled"] as const;

const ofTask = {
  ...plain(scheduledTask, [...OF_THE_STACK, ...OF_A_PROGRAM, "networkMode", "schedule", "compute", "sidecars"]),
  volumes: ofVolumes,
};

/** A task in a stack file: the arguments of a scheduled task, whose schedule may be left out. */
export interface TaskSettings extends Pick<ScheduledTaskArgs, keyof typeof ofTask> {
  /** The service that it belongs to, by name: it has that service's image, and its variables. Defaults to `service`, or to the only one of `services`. */
  service?: string;
  /** What runs it: `fargate`, `ec2` or `managed-instances`. Defaults to what the stack runs on. */
  compute?: ScheduledTaskArgs["compute"];
  /** Services of this stack whose queues it sends to, by name: it has the right to, and `<NAME>_QUEUE_URL` in its environment. Defaults to none. */
  sendsTo?: string[];
  /** Further containers of the task, by name, as a service has them; those of its service are not among them. Defaults to none. */
  sidecars?: Record<string, SidecarSettings>;
  /** When it runs: `cron(0 3 * * ? *)`, `rate(1 hour)`, `at(2030-01-31T12:00:00)`. Defaults to never: `berth run --task NAME` starts it. */
  schedule?: string;
  /**
   * Whether it has its service's `environment`, `secrets`, `secretsKmsKeyArns`, `permissions` and `sendsTo` too. What it says of a variable itself comes first. Defaults to true.
   */
  inherit?: boolean;
}

const taskSettings = {
  ...ofTask,
  service: optional(text(nameComplaint)),
  sendsTo,
  sidecars,
  compute: optional(scheduledTask.compute.wrapped),
  schedule: optional(scheduledTask.schedule),
  inherit: optional(flag(), true),
} satisfies ArgumentsOf<TaskSettings>;

/** The keys of a stack file that say which tasks there are beside the services. */
export const ofTasks = {
  tasks: optional(
    map(
      group(
        taskSettings,
        ...taskRules,
        noDisk,
        // Without a word of its own, a task runs on what the stack runs on.
        ...where<OnFargate, Pick<typeof taskSettings, "compute">>(["compute"], ({ compute }) => compute === "fargate", onFargate),
        {
          about: ["schedule", "timezone"],
          at: "schedule",
          complain: ({ schedule, timezone }) =>
            schedule === undefined ? undefined : comesAgain.complain({ schedule, timezone }, { schedule }),
        },
        {
          about: ["schedule", ...OF_A_SCHEDULE],
          at: "schedule",
          complain: (_, given) => {
            const idle = OF_A_SCHEDULE.filter((key) => given[key] !== undefined);
            return given.schedule === undefined && idle.length > 0
              ? `${idle.join(", ")} belong to a schedule, and there is none; give one, such as "rate(1 day)".`
              : undefined;
          },
        },
      ),
      { name: nameComplaint },
    ),
    {},
  ),
};

export type OfTasks = OfServices & typeof ofTasks;
type Task = Givens<typeof taskSettings>;

/** The service that a task belongs to. */
const serviceOf = ({ service }: Task, given: Givens<OfServices>) =>
  service === undefined ? mainOf(given) : listed(given).find(({ name }) => name === service);

export const tasksRules: Rule<OfTasks>[] = [
  {
    about: ["service", "services", "tasks"],
    at: "services",
    complain: (_, given) =>
      sendComplaints(listed(given), [
        ...listed(given).map((one) => ({ place: placeOf(one), ...one.given })),
        ...Object.entries(given.tasks ?? {}).map(([name, task]) => ({ place: ["tasks", name], ...task })),
      ]),
  },
  {
    about: ["compute", "tasks"],
    at: "tasks",
    complain: ({ compute, tasks }, given) =>
      Object.entries(tasks)
        .filter(([name]) => compute === "fargate" && given.tasks?.[name]?.compute === undefined)
        .flatMap(([name, task]) => onFargate.flatMap((rule) => complaintOf(rule, `tasks.${name}`, task, {}))),
  },
  {
    about: ["service.name", "services", "tasks"],
    at: "tasks",
    complain: (_, given) =>
      listed(given)
        .filter(({ name }) => Object.hasOwn(given.tasks ?? {}, name))
        .map(({ name, single }) => ({
          at: `tasks.${name}`,
          text: `${single ? "the" : "a"} service has that name, and its revisions would be counted with the task's; choose another.`,
        })),
  },
  {
    about: ["service.name", "services", "tasks"],
    at: "tasks",
    complain: (_, given) =>
      Object.entries(given.tasks ?? {}).flatMap(([name, task]) => {
        if (serviceOf(task, given)) return [];
        const names = listed(given).map((one) => one.name);
        const text =
          task.service === undefined
            ? `it is missing, and there are several services; name the one whose image and variables the task has: ${names.join(", ")}.`
            : wordComplaint(task.service, names, "a service of this stack");
        return [{ at: `tasks.${name}.service`, text }];
      }),
  },
];

/** The tasks as components take them, each with the name of its image. */
export const tasksOf = (given: Givens<OfTasks>) =>
  Object.entries(given.tasks ?? {}).map(([name, { service: _, ...task }]) => {
    const service = serviceOf(given.tasks![name]!, given)!;
    return {
      name,
      image: imageOf(service, given),
      compute: given.compute ?? "fargate",
      ...inheriting(task, service.given),
      [ORIGIN]: from("tasks", name),
    };
  });

type OfTheApp = Pick<Task, "environment" | "secrets" | "secretsKmsKeyArns" | "permissions" | "sendsTo">;

/** A task with its service's variables and rights beside its own, unless it wants none: it runs the same app. */
function inheriting({ inherit = true, ...task }: Task, service: OfTheApp) {
  if (!inherit) return task;
  const own = { ...task.environment, ...task.secrets };
  const added = <T>(key: "environment" | "secrets", given: Record<string, T> = {}, its: Record<string, T> = {}) => {
    const all = { ...Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(own, name))), ...its };
    return Object.keys(all).length > 0 && { [key]: all };
  };
  const keys = [...new Set([...(service.secretsKmsKeyArns ?? []), ...(task.secretsKmsKeyArns ?? [])])];
  const queues = [...new Set([...(service.sendsTo ?? []), ...(task.sendsTo ?? [])])];
  return {
    ...task,
    ...added("environment", service.environment, task.environment),
    ...added("secrets", service.secrets, task.secrets),
    ...(keys.length > 0 && { secretsKmsKeyArns: keys }),
    ...(queues.length > 0 && { sendsTo: queues }),
    ...((service.permissions ?? task.permissions) !== undefined && { permissions: together(service.permissions, task.permissions) }),
  };
}

/** What one or the other grants. */
function together(...both: OfTheApp["permissions"][]): Permissions {
  const all = both.map((given = {}) => (Array.isArray(given) ? { statements: given } : given));
  const unique = (key: "read" | "write") => [...new Set(all.flatMap((its) => its[key] ?? []))];
  return { read: unique("read"), write: unique("write"), statements: all.flatMap(({ statements = [] }) => statements) };
}
