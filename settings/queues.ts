// What a stack file says of queues: that which a service works on, made for it or there already, and who sends to it.
import { kmsKeyArn } from "../components/base/arguments";
import { ORIGIN } from "../components/base/origin";
import { type ExistingQueueArgs, type NewQueueSettings, queueArn, queueSettings } from "../components/base/queue";
import { type ArgumentsOf, type Deeper, type Givens, group, list, optional, type Rule, text } from "../components/base/schema";
import { wordComplaint } from "../facts/errors";
import { aliases, from } from "./places";

/** The queue of a service in a stack file: a new one, or one that is there already. */
export interface QueueSettings extends NewQueueSettings {
  /** ARN of a queue that is there already, in place of a new one. Defaults to a new one. */
  arn?: string;
  /** ARN of the KMS key that its messages are encrypted with (`kmsMasterKeyId`). Defaults to that of the stack, and with `arn` to a key of AWS's own. */
  kmsKeyArn?: Extract<ExistingQueueArgs["kmsKeyArn"], string>;
}

const ofQueue = {
  ...queueSettings,
  arn: optional(queueArn()),
  kmsKeyArn: optional(kmsKeyArn()),
} satisfies ArgumentsOf<QueueSettings>;

const oneKind: Rule<typeof ofQueue> = {
  about: ["arn"],
  at: "arn",
  complain: ({ arn }, given) => {
    const chosen = Object.keys(given).filter((key) => key !== "arn" && key !== "kmsKeyArn");
    return arn !== undefined && chosen.length > 0
      ? `the queue is there already, so ${chosen.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  },
};

export const queue = optional(group(ofQueue, oneKind));
/** The services whose queues something sends to, by name. */
export const sendsTo = optional(list(text()), []);

interface Named {
  name: string;
  given: { queue?: Givens<typeof ofQueue> };
}
/** Who may send to the queue of a service, and where that stands. */
interface Sender {
  place: readonly string[];
  sendsTo?: readonly string[];
}

/** What is wrong with the names of the services whose queues others send to. */
export function sendComplaints(services: readonly Named[], senders: readonly Sender[]): Deeper[] {
  const workers = services.filter(({ given }) => given.queue).map(({ name }) => name);
  const complaint = (name: string) => {
    if (workers.includes(name)) return undefined;
    if (services.some((one) => one.name === name))
      return `${name} has no queue; add queue: {} to it${workers.length > 0 ? `, or name one of ${workers.join(", ")}` : ""}.`;
    return workers.length > 0
      ? wordComplaint(name, workers, "a service with a queue")
      : "no service of the stack has a queue; add queue: {} to the one that works on it.";
  };
  return senders.flatMap(({ place, sendsTo = [] }) =>
    sendsTo.flatMap((name, i) => {
      const text = complaint(name);
      return text === undefined ? [] : [{ at: [...place, "sendsTo", String(i)].join("."), text }];
    }),
  );
}

/** The queues of the services, as components take them: new ones, and those that are there already. */
export const queuesOf = (services: readonly (Named & { place: readonly string[]; formerNames: string[] })[], deletionProtection: boolean) =>
  services.flatMap(({ name, given: { queue }, place, formerNames }) => {
    if (!queue) return [];
    const { arn, kmsKeyArn, ...settings } = queue;
    const its = { ...(kmsKeyArn !== undefined && { kmsKeyArn }), [ORIGIN]: from(...place, "queue") };
    const existing = arn === undefined ? undefined : { arn, ...its };
    return [{ name, renamed: aliases(formerNames), existing, made: { deletionProtection, ...settings, ...its } }];
  });
