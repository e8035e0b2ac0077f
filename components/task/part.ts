// What a task is put together from: containers, and parts, each of which brings what one feature needs of the task.
import type * as pulumi from "@pulumi/pulumi";
import type * as aws from "../base/aws";
import type { Statement } from "../base/iam";
import type { ContainerImage } from "../image/image";
import type { ContainerDefinition } from "./container-arguments";
import type { ContainerValues } from "./containers";
import type { Share } from "./share";

/** A container under way: its name, where it stands in the arguments, what is said of it, its image. */
export interface Container {
  key: string;
  at: string[];
  args: ContainerValues;
  /** What it has of the task's CPU and memory. Defaults to no share of its own. */
  share?: Share;
  image: ContainerImage | pulumi.Input<string>;
  /** What Berth adds to the definition of a container of its own, whose output goes to CloudWatch, wherever that of the others goes. */
  own?: Pick<ContainerDefinition, "firelensConfiguration">;
  /** The ports that such a container listens on within the task. Defaults to none. */
  listens?: readonly number[];
}

/** The ports that a container takes of the network of its task. */
export const takes = ({ listens, args: { port } }: Container): readonly number[] => listens ?? (port === undefined ? [] : [port]);

/** What a part needs of one of the task's two roles. */
export interface Rights {
  statements: Statement[];
  /** What is granted for the user's sake: other values are a new policy beside the old one. Defaults to none: the rights never change. */
  named?: object[];
}

/** A security group, by itself or by its id, that lets the tasks in on a port. */
export interface Reach {
  group: aws.ec2.SecurityGroup | pulumi.Input<string>;
  port: number;
}

/** What one feature adds to a task; it has a file of its own. */
export interface TaskPart {
  /** What ECS may do to start the task: the execution role. */
  executionRights?: Rights;
  /** What the app may do: the task role. */
  taskRights?: Rights;
  volumes?: aws.types.input.ecs.TaskDefinitionVolume[];
  /** Security groups that the tasks reach, which whoever makes the group of the tasks opens. */
  reaches?: Reach[];
  /** What must exist before a task starts, and must outlive it. */
  ready?: pulumi.Resource[];
}

/** Entries in the order of their names, which no refresh changes. */
export const byName = <T>(entries: Record<string, T>) => Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));

export const unique = <T>(items: T[]) => [...new Set(items)];

/** The rights of all parts in one of the roles. */
export const rightsOf = (parts: TaskPart[], role: "executionRights" | "taskRights"): Required<Rights> => ({
  statements: parts.flatMap((part) => part[role]?.statements ?? []),
  named: parts.flatMap((part) => part[role]?.named ?? []),
});
