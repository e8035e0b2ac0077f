import * as pulumi from "@pulumi/pulumi";

/** Checks a value: at once where it is plain, so that the mistake is found where it is made; as soon as it is known where another stack exports it. */
export function onceKnown<T extends string | boolean>(value: T | pulumi.Output<T>, check: (value: T) => void): void {
  if (pulumi.Output.isInstance(value)) value.apply(check);
  else check(value);
}
