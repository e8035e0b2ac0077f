// In which order the containers of a task start and stop, and whether ECS starts one again that has ended.
import { LIMITS } from "../../facts/aws-limits";
import { wordComplaint } from "../../facts/errors";
import { type ArgumentsOf, type Complaint, flagOr, group, integer, list, map, oneOf, optional, type Values, within } from "../base/schema";
import type { ContainerValues } from "./containers";

/** What a container waits for: that another one has started, has ended, has ended with 0, or is healthy. */
export type StartCondition = "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";

/** When ECS starts a container again without the task (`restartPolicy`). */
export interface RestartPolicyArgs {
  /** Exit codes after which the container is not started again (`ignoredExitCodes`), at most 50. Defaults to none. */
  ignoredExitCodes?: number[];
  /** Seconds that the container must have run before it is started again (`restartAttemptPeriod`), 60 to 1800. Defaults to 300. */
  restartAttemptPeriod?: number;
}

/** When a container starts. */
export interface OrderArgs {
  /**
   * Containers of the task that this one waits for, each with what it waits for (`dependsOn`): `START`, `COMPLETE` (it has ended), `SUCCESS` (it has ended
   * with 0) or `HEALTHY` (its health check has passed). They stop in the reverse order. Defaults to none.
   *
   * @example { migrate: "SUCCESS", proxy: "HEALTHY" }
   */
  dependsOn?: Record<string, StartCondition>;
  /**
   * Seconds in which this container must be what others wait for, or the task is given up (`startTimeout`), 2 to 3600; at most 120 on Fargate. Defaults to
   * no limit.
   */
  startTimeout?: number;
  /**
   * Whether ECS starts this container again when it ends, and leaves the others of the task alone: `true`, or when (`restartPolicy`). Defaults to false: where
   * it is essential, the task ends with it and a service starts another.
   */
  restartPolicy?: boolean | RestartPolicyArgs;
}

const { takes } = LIMITS["aws:ecs/taskDefinition:TaskDefinition"];
const MOST_EXIT_CODES = 50;

const restartPolicy = group({
  ignoredExitCodes: optional(
    list(integer(0, 255), 0, (codes) =>
      codes.length > MOST_EXIT_CODES ? `${codes.length} exit codes; allowed: at most ${MOST_EXIT_CODES}.` : undefined,
    ),
    [],
  ),
  restartAttemptPeriod: optional(within(takes["containerDefinitions$[].restartPolicy.restartAttemptPeriod"]), 300),
} satisfies ArgumentsOf<RestartPolicyArgs>);

export const order = {
  dependsOn: optional(map(oneOf("START", "COMPLETE", "SUCCESS", "HEALTHY")), {}),
  startTimeout: optional(integer(2, 3600, "seconds")),
  restartPolicy: optional(flagOr(restartPolicy), false),
} satisfies ArgumentsOf<OrderArgs>;

/** The part of a container's definition that is about its order. */
export const orderDefinition = ({ dependsOn, startTimeout, restartPolicy }: Values<typeof order>) => ({
  ...(Object.keys(dependsOn).length > 0 && {
    dependsOn: Object.keys(dependsOn)
      .sort()
      .map((containerName) => ({ containerName, condition: dependsOn[containerName]! })),
  }),
  ...(startTimeout !== undefined && { startTimeout }),
  ...(restartPolicy && {
    restartPolicy: {
      enabled: true,
      ...(restartPolicy.ignoredExitCodes.length > 0 && { ignoredExitCodes: restartPolicy.ignoredExitCodes }),
      restartAttemptPeriod: restartPolicy.restartAttemptPeriod,
    },
  }),
});

/** A container among those of its task. */
export interface Ordered {
  key: string;
  /** Where it stands in the arguments. */
  at: string[];
  args: Pick<ContainerValues, "dependsOn" | "essential" | "containerHealthCheck">;
}

/** What is wrong with the order of a task's containers: AWS refuses the task, or it would never start. */
export function orderComplaints(containers: readonly Ordered[]): Complaint[] {
  const complaints = containers.flatMap((one) =>
    Object.entries(one.args.dependsOn).flatMap(([name, condition]) => {
      const text = waitComplaint(one, name, condition, containers);
      return text === undefined ? [] : [{ path: [...one.at, "dependsOn", name], text }];
    }),
  );
  if (containers.every(({ args }) => !args.essential))
    complaints.push({ path: ["essential"], text: "no container is essential, and a task ends with one that is; set it to true here." });
  if (complaints.length > 0) return complaints;
  const [first, ...rest] = circleIn(containers);
  if (first === undefined) return [];
  const { at } = containers.find(({ key }) => key === first)!;
  const text = `${first} waits for ${[...rest, first].join(", which waits for ")}, so none of them would start; leave one of these out.`;
  return [{ path: [...at, "dependsOn", rest[0]!], text }];
}

function waitComplaint(one: Ordered, name: string, condition: StartCondition, all: readonly Ordered[]): string | undefined {
  const others = all.filter(({ key }) => key !== one.key).map(({ key }) => key);
  if (name === one.key) return `a container cannot wait for itself; allowed: ${others.join(", ") || "none, it is the only one"}.`;
  const other = all.find(({ key }) => key === name);
  if (!other)
    return others.length === 0 ? "the task has no other container; leave it out." : wordComplaint(name, others, "a container of the task");
  if (condition === "HEALTHY" && !other.args.containerHealthCheck)
    return `${name} has no health check to wait for; give it a containerHealthCheck, or wait for START.`;
  return (condition === "COMPLETE" || condition === "SUCCESS") && other.args.essential
    ? `${name} is essential, so the task ends with it and nothing is left to wait; set essential: false for it, or wait for START or HEALTHY.`
    : undefined;
}

/** Containers that wait for each other in a circle, by name; none if there is no circle. */
function circleIn(containers: readonly Ordered[]): string[] {
  const waitsFor = new Map(containers.map(({ key, args }) => [key, Object.keys(args.dependsOn)]));
  const free = new Set<string>();
  const follow = (key: string, path: string[]): string[] => {
    if (path.includes(key)) return path.slice(path.indexOf(key));
    if (free.has(key)) return [];
    for (const next of waitsFor.get(key)!) {
      const circle = follow(next, [...path, key]);
      if (circle.length > 0) return circle;
    }
    free.add(key);
    return [];
  };
  for (const { key } of containers) {
    const circle = follow(key, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
