import type { Described } from "../../components/base/schema";
import { stack } from "../../settings/stack";

/** Every key of a stack file, by the schemas that read it: `service.scaling.min`, `tasks.<name>.schedule`. */
export function keys(): string[] {
  return [...new Set(below(stack, ""))].sort();
}

function below(schema: Described, path: string): string[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const { facts } = "wrapped" in schema ? (schema.wrapped as Described) : schema;
  switch (facts.kind) {
    case "group":
      return Object.entries(facts.entries).flatMap(([key, entry]) => below(entry, at(key)));
    case "map":
      return facts.item.facts.kind === "group" ? below(facts.item, at("<name>")) : [path];
    case "either": {
      const groups = facts.choices.filter((choice) => choice.facts.kind === "group");
      return groups.length > 0 ? groups.flatMap((choice) => below(choice, path)) : [path];
    }
    default:
      return [path];
  }
}
