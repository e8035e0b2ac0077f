// The volumes of a task.
import { volumeName } from "./container-arguments";
import { type Container, type TaskPart, unique } from "./part";

/** An empty volume for each writable path; two containers with the same path share it. */
export const scratchPart = (containers: Container[]): TaskPart => ({
  volumes: unique(containers.flatMap(({ args }) => args.writablePaths)).map((path) => ({ name: volumeName(path) })),
});
