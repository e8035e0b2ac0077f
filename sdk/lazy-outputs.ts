import { Output } from "@pulumi/pulumi";
import { isGrpcError } from "@pulumi/pulumi/errors";

/** How the SDK settles an output once the answer to the registration is there. */
type Resolver = (value: unknown, isKnown: boolean, isSecret: boolean, dependencies?: unknown[], error?: Error) => void;

interface Settled {
  value: unknown;
  isKnown: boolean;
  isSecret: boolean;
  dependencies: unknown[];
}

/** The SDK's constructor, which its types do not show. */
type NewOutput = new (
  resource: object,
  value: Promise<unknown>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  dependencies: Promise<unknown[]>,
) => Output<unknown>;

/** The SDK sets these two itself. */
const OWN = ["id", "urn"];

/**
 * Does what the SDK's `transferProperties` does: gives a resource an output for each property, and returns what settles them. The SDK makes two dozen
 * promises for each; here an output makes them when it is first used, which for most of them is never.
 */
export function lazyOutputs(resource: Record<string, unknown>, label: string, properties: object): Record<string, Resolver> {
  const resolvers: Record<string, Resolver> = {};
  for (const key of Object.keys(properties)) {
    if (OWN.includes(key)) continue;
    if (Object.hasOwn(resource, key)) throw new Error(`Property '${key}' is already initialized on target '${label}`);
    const lazy = new Lazy(resource);
    resource[key] = new Proxy(lazy, FORWARD);
    resolvers[key] = (value, isKnown, isSecret, dependencies = [], error) => {
      // An engine that goes away has said why; what is left waits until the process ends.
      if (!error || !isGrpcError(error)) lazy.settle(error ?? { value, isKnown, isSecret, dependencies });
    };
  }
  return resolvers;
}

class Lazy {
  private output: Output<unknown> | undefined;
  private outcome: Settled | Error | undefined;
  private listener: ((outcome: Settled | Error) => void) | undefined;

  constructor(private readonly resource: object) {}

  settle(outcome: Settled | Error): void {
    this.outcome = outcome;
    this.listener?.(outcome);
  }

  /** The output itself, from its first use on. */
  get made(): Output<unknown> {
    this.output ??= this.make();
    return this.output;
  }

  private make(): Output<unknown> {
    const outcome = new Promise<Settled>((resolve, reject) => {
      this.listener = (given) => (given instanceof Error ? reject(given) : resolve(given));
      if (this.outcome) this.listener(this.outcome);
    });
    return new (Output as unknown as NewOutput)(
      this.resource,
      outcome.then(({ value }) => value),
      outcome.then(({ isKnown }) => isKnown),
      outcome.then(({ isSecret }) => isSecret),
      outcome.then(({ dependencies }) => dependencies),
    );
  }
}

/** Whatever is asked of a lazy output, the output answers. That it is one, which the SDK asks most, is known without it. */
const FORWARD: ProxyHandler<Lazy> = {
  get: (lazy, key) => key === "__pulumiOutput" || (Reflect.get(lazy.made, key) as unknown),
  set: ({ made }, key, value) => Reflect.set(made, key, value),
  has: ({ made }, key) => Reflect.has(made, key),
  deleteProperty: ({ made }, key) => Reflect.deleteProperty(made, key),
  ownKeys: ({ made }) => Reflect.ownKeys(made),
  getOwnPropertyDescriptor: ({ made }, key) => Reflect.getOwnPropertyDescriptor(made, key),
  getPrototypeOf: ({ made }) => Reflect.getPrototypeOf(made),
};
