// What a task does with queues: it works on one, and sends to others. Each is told to it by a variable, and its rights are no more than that takes.
import type * as pulumi from "@pulumi/pulumi";
import { variableWord } from "../../facts/names";
import type { QueueLike } from "../base/queue";
import { type TaskPart, unique } from "./part";
import type { PermissionValues } from "./permissions";

/** The queues of a task. */
export interface Queues {
  /** The one that it works on. */
  worksOn?: QueueLike;
  sendsTo: readonly QueueLike[];
}

/** Where the queues are: `QUEUE_URL` of the task's own, `<NAME>_QUEUE_URL` of the others. */
export const queueVariables = ({ worksOn, sendsTo }: Queues): Record<string, pulumi.Output<string>> => ({
  ...(worksOn && { QUEUE_URL: worksOn.url }),
  ...Object.fromEntries(sendsTo.map(({ label, url }) => [`${variableWord(label)}_QUEUE_URL`, url])),
});

const arnsOf = (queues: readonly QueueLike[]) =>
  unique(queues.flatMap(({ arn, keyArn }): pulumi.Input<string>[] => [arn, ...(keyArn === undefined ? [] : [keyArn])]));

/** The permissions of a task with what its queues take: to receive and delete, or to send, and to use the keys that messages are encrypted with. */
export const withQueueRights = ({ read, write, statements }: PermissionValues, { worksOn, sendsTo }: Queues): PermissionValues => ({
  read: [...read, ...arnsOf(worksOn ? [worksOn] : [])],
  write: [...write, ...arnsOf(sendsTo)],
  statements,
});

/** Other queues are other rights, beside those that the revision before needs. */
export const queuesPart = ({ worksOn, sendsTo }: Queues): TaskPart => ({
  taskRights: {
    statements: [],
    named: [...(worksOn ? [worksOn] : []), ...sendsTo].map(({ identity, keyArn }) => ({
      ...identity,
      ...(keyArn !== undefined && { keyArn }),
    })),
  },
});
