// What a stack file says of tasks that run once or on a schedule: the arguments of a scheduled task, whose schedule may be left out.
import { type ArgumentsOf, flag, type Givens, group, map, optional, plain, where } from "../components/base/schema";
import {
  comesAgain,
  type OnFargate,
  onFargate,
  type ScheduledTaskArgs,
  scheduledTask,
  singleTaskRules,
} from "../components/task/arguments";
import { nameComplaint, OF_A_PROGRAM, OF_THE_STACK } from "./service";

const OF_A_SCHEDULE = ["timezone", "retries", "maximumDelay", "enabled"] as const;

const ofTask = plain(scheduledTask, [...OF_THE_STACK, ...OF_A_PROGRAM, "networkMode", "schedule", "compute"]);

/** A task in a stack file: the arguments of a scheduled task, whose schedule may be left out. */
export interface TaskSettings extends Pick<ScheduledTaskArgs, keyof typeof ofTask> {
  /** What runs it: `fargate`, `ec2` or `managed-instances`. Defaults to what the stack runs on. */
  compute?: ScheduledTaskArgs["compute"];
  /** When it runs: `cron(0 3 * * ? *)`, `rate(1 hour)`, `at(2030-01-31T12:00:00)`. Defaults to never: `berth run --task NAME` starts it. */
  schedule?: string;
  /**
   * Whether it has the service's `environment`, `secrets` and `secretsKmsKeyArns` too. What it says of a variable itself comes first. Defaults to true.
   */
  inherit?: boolean;
}

const taskSettings = {
  ...ofTask,
  compute: optional(scheduledTask.compute.wrapped),
  schedule: optional(scheduledTask.schedule),
  inherit: optional(flag(), true),
} satisfies ArgumentsOf<TaskSettings>;

/** Tasks by name. */
export const tasks = map(
  group(
    taskSettings,
    ...singleTaskRules,
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
);

type Variables = Pick<Givens<typeof taskSettings>, "environment" | "secrets" | "secretsKmsKeyArns">;

/** A task with the service's variables beside its own, unless it wants none: it runs the same app. */
export function inheriting({ inherit = true, ...task }: Givens<typeof taskSettings>, service: Variables = {}) {
  if (!inherit) return task;
  const own = { ...task.environment, ...task.secrets };
  const added = <T>(key: "environment" | "secrets", given: Record<string, T> = {}, its: Record<string, T> = {}) => {
    const all = { ...Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(own, name))), ...its };
    return Object.keys(all).length > 0 && { [key]: all };
  };
  const keys = [...new Set([...(service.secretsKmsKeyArns ?? []), ...(task.secretsKmsKeyArns ?? [])])];
  return {
    ...task,
    ...added("environment", service.environment, task.environment),
    ...added("secrets", service.secrets, task.secrets),
    ...(keys.length > 0 && { secretsKmsKeyArns: keys }),
  };
}
