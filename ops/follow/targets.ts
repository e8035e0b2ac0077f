import type { Task } from "@aws-sdk/client-ecs";
import { belongsTo, type Rollout } from "./deployment";
import type { Observation, TargetGroupHealth } from "./observe";

/** The target groups with the targets of one rollout's tasks only: the health of the others says nothing about it. */
export function targetsOf({ running, stopped, targetGroups }: Observation, rollout: Rollout): TargetGroupHealth[] {
  const [ours, others] = [running.filter((task) => belongsTo(task, rollout)), running.filter((task) => !belongsTo(task, rollout))];
  // Tasks that share the address of their instance cannot be distinguished by it.
  if (ours.length > 0 && addressesOf(ours).size === 0) return targetGroups;
  const addresses = addressesOf([...ours, ...stopped.filter((task) => belongsTo(task, rollout))]);
  // An address is reused after its task has ended.
  for (const taken of addressesOf(others)) addresses.delete(taken);
  return targetGroups.map((group) => ({ ...group, targets: group.targets.filter(({ Target }) => addresses.has(Target?.Id ?? "")) }));
}

export function isUnhealthy({ targets }: TargetGroupHealth): boolean {
  return targets.some(({ TargetHealth }) => TargetHealth?.State === "unhealthy");
}

/** The targets' health as one phrase; undefined where there are none. */
export function describeTargets(groups: TargetGroupHealth[]): string | undefined {
  const targets = groups.flatMap((group) => group.targets);
  if (targets.length === 0) return undefined;
  const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
  const bad = targets.find(({ TargetHealth }) => TargetHealth?.State === "unhealthy")?.TargetHealth;
  return `targets: ${healthy} of ${targets.length} healthy${bad ? ` (${bad.Description ?? bad.Reason})` : ""}`;
}

function addressesOf(tasks: Task[]): Set<string> {
  const details = tasks.flatMap((task) => task.attachments ?? []).flatMap((attachment) => attachment.details ?? []);
  return new Set(details.filter(({ name }) => name === "privateIPv4Address").map(({ value }) => value ?? ""));
}
