// The volumes of a task.
import type { Refuse } from "../base/origin";
import { type Container, type TaskPart, unique } from "./part";
import type { Compatibility } from "./task";
import { type Volumes, volumeName } from "./volume-arguments";

/** An empty volume for each writable path; two containers with the same path share it. */
export const scratchPart = (containers: Container[]): TaskPart => ({
  volumes: unique(containers.flatMap(({ args }) => args.writablePaths)).map((path) => ({ name: volumeName(path) })),
});

const NO_HOST = {
  FARGATE: "a task on Fargate has no instance",
  MANAGED_INSTANCES: "ECS hands out no folder of the instances that it manages",
};

/** The volumes that the task's containers name. */
export function volumesPart(volumes: Volumes, { requires }: Compatibility, refuse: Refuse): TaskPart {
  return {
    volumes: Object.entries(volumes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { hostPath }]) => {
        if (hostPath !== undefined && requires !== "EC2")
          refuse(["volumes", name, "hostPath"], `${NO_HOST[requires]}; use compute: ec2, or leave it out for an empty volume.`);
        return { name, ...(hostPath !== undefined && { hostPath }) };
      }),
  };
}
