// What a task may be told of where it runs: what Fargate is bought as, and the groups and instances of EC2.
import { twiceComplaint } from "../../facts/errors";
import type * as aws from "../base/aws";
import { type ArgumentsOf, flag, group, integer, list, oneOf, optional, other, type Rule, text } from "../base/schema";

/** What Fargate may be bought as. */
export type FargateCapacity = "onDemand" | "mixed" | "spot";

/** The share of a service's tasks that runs on one of the cluster's groups. */
export interface GroupShare {
  /** The group's name. */
  group: string;
  /** Tasks that run on this group before any other's, 0 to 100000 (`base`). Only one group has some. Defaults to 0. */
  base?: number;
  /** Part of the further tasks, 0 to 1000 (`weight`). Defaults to 1. */
  weight?: number;
}

/** What is chosen on EC2. */
export interface Ec2Placement {
  /** The cluster's groups to run on, by name; several with a `weight` each share the tasks (say, one on demand and one of Spot instances). Defaults to the first. */
  groups?: GroupShare[];
  /**
   * How tasks are reached (`networkMode`). `awsvpc`: each task has a network interface and a security group of its own. `bridge`: tasks share the instance's,
   * on ports that Docker chooses; more of them fit on an instance, and they start a little sooner. Defaults to `awsvpc`.
   */
  networkMode?: "awsvpc" | "bridge";
  /** Where tasks are placed (`orderedPlacementStrategies`). Defaults to: spread over zones, then fill up instances by memory. */
  placementStrategies?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[];
  /** Where tasks may be placed (`placementConstraints`). Defaults to anywhere. */
  placementConstraints?: aws.types.input.ecs.ServicePlacementConstraint[];
  /** Run one task on each instance (`schedulingStrategy: DAEMON`), in place of a number of tasks. Defaults to false. */
  daemon?: boolean;
}

const SPREAD: Ec2Placement["placementStrategies"] = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "binpack", field: "memory" },
];

export const placement = {
  groups: optional(
    list(
      group({
        group: text(),
        base: optional(integer(0, 100_000, "tasks"), 0),
        weight: optional(integer(0, 1000), 1),
      } satisfies ArgumentsOf<GroupShare>),
      1,
    ),
  ),
  networkMode: optional(oneOf("awsvpc", "bridge"), "awsvpc"),
  placementStrategies: optional(other<aws.types.input.ecs.ServiceOrderedPlacementStrategy[]>(), SPREAD),
  placementConstraints: optional(other<aws.types.input.ecs.ServicePlacementConstraint[]>()),
  daemon: optional(flag(), false),
} satisfies ArgumentsOf<Ec2Placement>;

/** What AWS refuses in a capacity provider strategy. */
export const shares: Rule<Pick<typeof placement, "groups" | "networkMode">> = {
  about: ["groups", "networkMode"],
  at: "groups",
  complain: ({ groups = [], networkMode }) => {
    const repeated = twiceComplaint(
      groups.map(({ group }) => group),
      "group",
    );
    if (repeated) return repeated;
    if (groups.length > 0 && !groups.some(({ weight }) => weight > 0))
      return "no group has a weight above 0, so no task would run; give one at least weight: 1.";
    const based = groups.filter(({ base }) => base > 0).map(({ group }) => group);
    if (based.length > 1) return `${based.join(" and ")} have a base each; AWS takes one: leave out the others.`;
    if (networkMode === "bridge" && groups.length > 1)
      return "in bridge mode a service runs on one group, because its requests come to that group's instances; name one, or use awsvpc.";
    return undefined;
  },
};

export const capacity = () => oneOf("onDemand", "mixed", "spot");
