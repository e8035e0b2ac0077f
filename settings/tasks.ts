import * as v from "valibot";
import { nextTimes } from "../facts/schedules";
import { flag, group, integer, map, oneOf, text, together } from "./checks";
import { container, execNeedsWriting, plainEnvironment } from "./container";
import { complaintOf, o } from "./values";

const task = group({
  ...container,
  compute: o(oneOf("fargate", "ec2", "managed-instances")),
  capacity: o(oneOf("onDemand", "mixed", "spot")),
  schedule: o(text()),
  timezone: o(text()),
  retries: o(integer(0, 185)),
  maximumDelay: o(integer(1, 1440, " minutes")),
  enabled: o(flag()),
});
type Task = v.InferOutput<typeof task>;

const OF_A_SCHEDULE = ["timezone", "retries", "maximumDelay", "enabled"] as const;

const checkedTask = v.pipe(
  task,
  plainEnvironment<Task>(),
  execNeedsWriting<Task>(),
  together<Task>(["schedule", "timezone"], "schedule", ({ schedule, timezone = "UTC" }) =>
    schedule === undefined ? undefined : complaintOf(() => nextTimes(schedule, timezone, new Date())),
  ),
  together<Task>(["schedule", ...OF_A_SCHEDULE], "schedule", (given) => {
    const idle = OF_A_SCHEDULE.filter((key) => given[key] !== undefined);
    return given.schedule === undefined && idle.length > 0
      ? `${idle.join(", ")} belong to a schedule, and there is none; give one, such as "rate(1 day)".`
      : undefined;
  }),
);

/** Tasks that run once or on a schedule, by name. */
export const tasks = map(checkedTask, (name) =>
  /^[A-Za-z]([A-Za-z0-9-]{0,22}[A-Za-z0-9])?$/.test(name)
    ? undefined
    : `${JSON.stringify(name)} cannot name a task; allowed are 1 to 24 letters, digits and "-", a letter first.`,
);
