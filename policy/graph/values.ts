import { SECRET } from "../../facts/graph";
import { parseJson } from "./json";
import type { AnyResource } from "./types";
import { decide, indices, undecidable } from "./undecided";

/**
 * Calls with each value at a place of a resource's inputs, and with that place written out: `conditions[].hostHeader.values[]` is `conditions[0].hostHeader.values[1]`.
 * `$` opens a text that is JSON. A value that is not known yet, or secret, hides none of the others.
 */
export function eachValue(resource: AnyResource, place: string, check: (value: unknown, at: string) => void): void {
  const steps = place.match(/[^.[\]$]+|\[\d*\]|\$/g) ?? [];
  const walk = (value: unknown, at: string, [step, ...rest]: string[]): void => {
    if (value === undefined || value === null) return;
    if (step === undefined) {
      if (value === SECRET) undecidable(`${at} is a secret`);
      check(value, at);
    } else if (step === "$") walk(parseJson(value, at, resource), at, rest);
    else if (step === "[]") {
      const list = Array.isArray(value) ? value : [];
      for (const i of indices(list)) decide(() => walk(list[i], `${at}[${i}]`, rest));
    } else {
      const key = step.startsWith("[") ? step.slice(1, -1) : step;
      if (typeof value !== "object" || !Object.hasOwn(value, key)) return;
      walk((value as Record<string, unknown>)[key], step.startsWith("[") ? `${at}${step}` : at === "" ? key : `${at}.${key}`, rest);
    }
  };
  decide(() => walk(resource.props, "", steps));
}
