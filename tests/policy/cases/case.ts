import type { Node } from "../graphs";
import type { World } from "../world";

/** Changes a world that keeps every rule. */
export type Change = (w: World) => void;

/** How one rule is tested. That the untouched world keeps it, and that a world without its resources is none of its business, is tested for every rule. */
export interface Case {
  /** By what is wrong: the change that breaks the rule, and what each of its findings says. */
  breaks: Record<string, [change: Change, ...messages: string[]]>;
  /** Changes that keep the rule, and leave it something to look at. */
  keeps?: Record<string, Change>;
  /** Changes after which the rule has nothing to look at. */
  ignores?: Record<string, Change>;
  /** Breaks that a preview of new resources leaves undecided, because what the rule reads is not known yet: all, or by name what it still finds. */
  inPreview?: "undecided" | Record<string, string[]>;
}
export type Cases = Record<string, Case>;

/** Sets inputs; `undefined` takes one away. */
export function set(node: Node, inputs: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(inputs)) {
    if (value === undefined) delete node.inputs[key];
    else node.inputs[key] = value;
  }
}

/** Takes parts out of the world. */
export function drop(w: World, ...parts: (keyof World)[]): void {
  for (const part of parts) delete (w as Partial<World>)[part];
}

/** Puts resources into the world. */
export function add(w: World, ...nodes: Node[]): void {
  for (const n of nodes) Object.assign(w, { [`${n.type}::${n.name}`]: n });
}
