import type { RecordedResource } from "../../facts/graph";
import { COMMAND, STACK_REFERENCE, shortType } from "../../facts/types";
import type { Paint } from "../../tool/paint";
import { abbreviated } from "../../tool/text";
import { by } from "./groups";

/** By stack that the program refers to: which resources take a value from there, and for which inputs. */
export function leaningLines(resources: readonly RecordedResource[], paint: Paint): string[] {
  const references = resources.filter(({ type }) => type === STACK_REFERENCE);
  return by(references, ({ name }) => name).flatMap((stack) => {
    const urns = new Set(stack.map(({ urn }) => urn));
    const leaning = resources.flatMap(({ type, name, propertyDependencies }) => {
      const inputs = Object.keys(propertyDependencies).filter((key) => propertyDependencies[key]!.some((urn) => urns.has(urn)));
      return inputs.length > 0 && type !== COMMAND ? [{ name, what: shortType(type), inputs: inputs.join(", ") }] : [];
    });
    const lines = by(leaning, ({ what, inputs }) => `${what} ${inputs}`).map(
      (group) => `  ${group[0].what}  ${abbreviated(group.map(({ name }) => name))} ${paint.dim(`(${group[0].inputs})`)}`,
    );
    return [stack[0].name, ...lines];
  });
}
