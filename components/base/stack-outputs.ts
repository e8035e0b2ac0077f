// What another stack has made, read from its outputs: `vpcId`, `clusterArn`, `listenerArn` and their like, each for itself or all of them in the output
// `platform`, as a stack of Berth exports them. They are the arguments that `Network.existing`, `Cluster.existing` and `LoadBalancer.existing` take.
import * as pulumi from "@pulumi/pulumi";
import type { Refuse } from "./origin";
import { pattern, type Rule } from "./schema";

/** The full name of a stack. */
export const stackReference = () => pattern(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, "the full name of a stack", "organization/network/prod");

/** The ids come from one place: they are given, or a stack exports them. `needed` tells which of them cannot be missing. */
export const oneSource = <E extends Record<K | "stack", unknown>, K extends string>(ids: readonly K[], needed: K): Rule<E> => ({
  about: [...ids, "stack"],
  at: "stack",
  complain: (_, all) => {
    const given = all as Partial<Record<K | "stack", unknown>>;
    if (given.stack !== undefined) return besideStack(ids, given);
    return given[needed] === undefined ? [{ at: needed, text: "it is missing; give it, or a stack that exports it." }] : undefined;
  },
});

/** What is wrong with ids that are given beside a stack; undefined if none are. */
export function besideStack<K extends string>(ids: readonly K[], given: Partial<Record<K, unknown>>): string | undefined {
  const both = ids.find((key) => given[key] !== undefined);
  return both && `stack and ${both} are both given; the ids come from one of them.`;
}

/** The outputs of a stack. */
export class StackOutputs {
  private readonly reference: pulumi.StackReference;

  constructor(
    private readonly stack: string,
    parent: pulumi.Resource,
    private readonly refuse: Refuse,
  ) {
    this.reference = new pulumi.StackReference(stack, {}, { parent });
  }

  /** An output that there must be. */
  get<T>(output: string): pulumi.Output<T> {
    return this.find<T>(output).apply(
      (value) => value ?? this.refuse("stack", `${this.stack} has no output ${output}; export it there, or give the ids here.`),
    ) as pulumi.Output<T>;
  }

  /** An output that there may be. */
  find<T>(output: string): pulumi.Output<T | undefined> {
    const outputs = pulumi.all([this.reference.getOutput(output), this.reference.getOutput("platform")]);
    return outputs.apply(
      ([own, platform]: unknown[]) => own ?? (platform as Record<string, unknown> | undefined)?.[output],
    ) as pulumi.Output<T | undefined>;
  }
}
