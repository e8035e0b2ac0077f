// What a stack file says of tasks that run once or on a schedule: the arguments of a scheduled task, whose schedule may be left out.
import { group, map, optional, plain, where } from "../components/base/schema";
import { comesAgain, type OnFargate, onFargate, scheduledTask, singleTaskRules } from "../components/task/arguments";
import { nameComplaint, OF_A_PROGRAM, OF_THE_STACK } from "./service";

const OF_A_SCHEDULE = ["timezone", "retries", "maximumDelay", "enabled"] as const;

export const taskSettings = {
  ...plain(scheduledTask, [...OF_THE_STACK, ...OF_A_PROGRAM, "networkMode", "schedule"]),
  schedule: optional(scheduledTask.schedule),
};

/** Tasks by name. */
export const tasks = map(
  group(
    taskSettings,
    ...singleTaskRules,
    // Without a word of its own, a task runs on what the stack runs on.
    ...where<OnFargate, Pick<typeof taskSettings, "compute">>(["compute"], (_, { compute }) => compute === "fargate", onFargate),
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
