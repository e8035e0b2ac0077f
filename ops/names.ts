/** `arn:…:task-definition/web:7` -> `web:7`; a name without ARN stays as it is. */
export function revisionName(taskDefinition: string | undefined): string {
  return taskDefinition?.split("/").pop() ?? "(none)";
}

/** `web:7` -> `web`. */
export function familyOf(taskDefinition: string): string {
  return revisionName(taskDefinition).replace(/:\d+$/, "");
}

/** The last part of a task's ARN: what its log stream is named after. */
export function taskId(taskArn: string | undefined): string {
  return taskArn?.split("/").pop() ?? "(unknown)";
}

/** Enough of a task's id to recognise it in a list, as the ECS console shortens it. */
export function shortTaskId(taskArn: string | undefined): string {
  return taskId(taskArn).slice(0, 8);
}

/** `arn:…:targetgroup/web-blue/0123` -> `web-blue`. */
export function targetGroupName(arn: string | undefined): string {
  return arn?.split(":targetgroup/")[1]?.split("/")[0] ?? arn ?? "(unknown)";
}

/** `1 task`, `3 tasks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `45 s`, `3 min 05 s`, `2 h 10 min`: how long something took, for a person. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
