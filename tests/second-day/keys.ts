import type { Described } from "../../components/base/schema";
import { fileSystemSettings } from "../../components/files/file-system";
import { healthCheck } from "../../components/service/health-check";
import { image } from "../../settings/image";
import { service } from "../../settings/service";
import { stack } from "../../settings/stack";

/** What `services`, ports, sidecars, redirects and fixed answers take as `service` does is changed there, by the same code. */
const SAME = new Set<Described>([...Object.values(service.entries), ...Object.values(healthCheck.entries)]);

/** Every key of a stack file with its schema: `service.scaling.min`, `tasks.<name>.schedule`. */
export const KEYS: ReadonlyMap<string, Described> = new Map(below(stack, "").sort(([a], [b]) => (a < b ? -1 : 1)));

function below(schema: Described, path: string): [key: string, schema: Described][] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const { facts } = "wrapped" in schema ? (schema.wrapped as Described) : schema;
  switch (facts.kind) {
    case "group":
      if (facts.entries === image.entries && path !== "image") return [[path, schema]];
      if (facts.entries === fileSystemSettings.entries && !path.startsWith("fileSystems")) return [[path, schema]];
      return Object.entries(facts.entries).flatMap(([key, entry]) =>
        /^services\.|^service\.ports\.|\.sidecars\.|^loadBalancer\.re/.test(path) && SAME.has(entry) ? [] : below(entry, at(key)),
      );
    case "map":
      // A task has sidecars and volumes as a service has them.
      if (path === "tasks.<name>.sidecars" || path === "tasks.<name>.volumes") return [[path, schema]];
      return facts.item.facts.kind === "group" ? below(facts.item, at("<name>")) : [[path, schema]];
    case "either": {
      const groups = facts.choices.filter((choice) => choice.facts.kind === "group");
      return groups.length > 0 ? groups.flatMap((choice) => below(choice, path)) : [[path, schema]];
    }
    default:
      return [[path, schema]];
  }
}
