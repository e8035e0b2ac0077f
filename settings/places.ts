// Where in the stack file the arguments of a component stand, for what is said of them.
import * as pulumi from "@pulumi/pulumi";
import type { Origin } from "../components/base/origin";
import { OF_THE_STACK } from "./service";

const whose = () => ({ whose: `Pulumi.${pulumi.getStack()}.yaml`, noun: "setting" as const });
const ofTheStack = ([key]: readonly string[]) => OF_THE_STACK.some((one) => one === key);

/** The stack file as the origin of arguments: what stands under `group`, or for the whole stack. */
export const from = (...group: string[]): Origin => ({ ...whose(), at: (path) => (ofTheStack(path) ? path : [...group, ...path]) });

/** An origin whose component is called what stands elsewhere in the stack file. */
export const named = (origin: Origin, name: readonly string[]): Origin => ({
  ...origin,
  at: (path) => (path[0] === "name" ? name : origin.at(path)),
});

/** The cluster's groups of instances stand in the stack file by themselves. */
export function ofCluster(): Origin {
  const own = from("cluster");
  const at: Origin["at"] = (path) => {
    if (path[0] === "ec2") return [path[0], ...path.slice(2)];
    return path[0] === "managedInstances" ? path : own.at(path);
  };
  return { ...own, at };
}

/** What a resource was called before, for Pulumi to know it again. */
export const aliases = (names: string[]) => (names.length === 0 ? undefined : { aliases: names.map((name) => ({ name })) });
