// Values that nobody can know before the deploy. A recording holds `[unknown]` in their place; whoever needs one must not go on with a default.
import { UNKNOWN } from "./graph";

/** The resource that a value belongs to. */
export interface Owner {
  urn: string;
  type: string;
  name: string;
}

/** Thrown where a computation reads a value that is not known before the deploy. */
export class UnknownValue extends Error {
  constructor(
    /** Where the value stands: `containerDefinitions[web].user`. */
    readonly path: string,
    readonly owner?: Owner,
  ) {
    super(`${path} is not known before the deploy`);
  }
}

/** The value, in which to read a part that is unknown throws an UnknownValue that names it. */
export function guarded<V>(value: V, owner?: Owner, path = ""): V {
  if (value === UNKNOWN) throw new UnknownValue(path, owner);
  if (isWatched(value) || !holdsUnknown(value)) return value;
  return watched(value as V & object, owner, path);
}

const proxies = new WeakSet<object>();

function isWatched(value: unknown): boolean {
  return typeof value === "object" && value !== null && proxies.has(value);
}

function watched<V extends object>(value: V, owner: Owner | undefined, path: string): V {
  const proxy = new Proxy(value, {
    get: (target, key) => {
      const part: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return part;
      return guarded(part, owner, Array.isArray(target) ? `${path}[${nameIn(part) ?? key}]` : path === "" ? key : `${path}.${key}`);
    },
  });
  proxies.add(proxy);
  return proxy;
}

/** What people call an element of a list by: `environment[DB_HOST]`. */
function nameIn(element: unknown): string | undefined {
  const name = typeof element === "object" && element !== null && "name" in element ? element.name : undefined;
  return typeof name === "string" && name !== UNKNOWN ? name : undefined;
}

function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (value === null || typeof value !== "object") return false;
  for (const key in value) if (holdsUnknown((value as Record<string, unknown>)[key])) return true;
  return false;
}
