/** Pulumi's URNs, as the engine forms them. */

export const STACK_TYPE = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  /** The types from the outermost component to the resource, joined by `$`. */
  qualifiedType: string;
  type: string;
  name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [, , rest] = urn.match(/^(urn:pulumi:)(.*)$/s) ?? [];
  const [stack = "", project = "", qualifiedType = "", ...name] = (rest ?? "").split("::");
  if (name.length === 0) throw new Error(`${urn} is no URN`);
  return { stack, project, qualifiedType, type: qualifiedType.split("$").pop() ?? qualifiedType, name: name.join("::") };
}

/** The URN of a resource; the stack itself, as a parent, leaves no trace in it. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent === "" ? STACK_TYPE : parseUrn(parent).qualifiedType;
  const qualified = above === STACK_TYPE ? type : `${above}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

export function stackUrn(stack: string, project: string): string {
  return makeUrn(stack, project, "", STACK_TYPE, `${project}-${stack}`);
}
