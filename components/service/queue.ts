// A service that works on a queue: how the number of its tasks follows, and what does not go together.
import type { Refuse } from "../base/origin";
import type { ServiceArgs } from "./arguments";
import type { ServiceValues } from "./decide";
import { countsTasks } from "./metrics";

/** Messages for each task, where nothing is said of them. */
const MESSAGES = 10;

/** The arguments of a service, which follows its queue unless something else is said of its number of tasks. */
export function scaledByQueue(args: ServiceArgs & { daemon?: boolean }): ServiceArgs {
  const { queue, daemon, desiredCount, scaling = {} } = args;
  // What is no group is refused when the arguments are checked.
  if (queue === undefined || daemon || desiredCount !== undefined || typeof scaling !== "object") return args;
  return { ...args, scaling: { messages: MESSAGES, ...scaling } };
}

/** Refuses what does not go with the queue of a service, or without one. */
export function checkQueue({ cluster, queue, scaling, stopTimeout }: ServiceValues, refuse: Refuse): void {
  const messages = scaling?.messages ?? false;
  const counting = Object.entries(scaling?.metrics ?? {}).find(([, its]) => countsTasks(its));
  if (messages !== false && queue === undefined)
    refuse("scaling.messages", "messages are counted of a queue, and this service has none; give it one (queue), or use cpu or memory.");
  if ((messages !== false || counting) && cluster.countsTasks === false)
    refuse(
      messages === false ? ["scaling", "metrics", counting![0], "expression"] : "scaling.messages",
      `Container Insights counts the tasks, and the cluster has it off; set containerInsights (cluster.containerInsights) to enabled, or ${messages === false ? "leave tasks out" : "messages: false"}.`,
    );
  const visible = queue?.visibilityTimeout;
  if (visible !== undefined && visible < stopTimeout)
    refuse(
      "queue.visibilityTimeout",
      `${visible} is less than stopTimeout (${stopTimeout} seconds), in which a task that stops still works on its message while another one gets it; the nearest is ${stopTimeout}.`,
    );
}
