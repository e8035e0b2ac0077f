import { shortType } from "../../facts/types";
import { explain, tryTo } from "../../policy/graph/undecided";

/** Computes what is known, and writes down what is left out because a value is not known before the deploy. */
export class Known {
  /** The resource, and the value that is unknown. */
  readonly missing: string[] = [];

  /** The amounts that belong to a resource; none where one of the values that they need is unknown. */
  of<V>(about: { urn: string; type: string; name: string }, amounts: () => V[]): V[] {
    const result = tryTo(amounts);
    if ("value" in result) return result.value;
    const what = `${shortType(about.type)} ${about.name}: ${explain(result.unknown, about)}`;
    if (!this.missing.includes(what)) this.missing.push(what);
    return [];
  }
}
