import "../../components"; // Loaded once, before the recordings, which would load them each time.
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { Deployed } from "./deploy";
import { TEMPLATE } from "./places";

/** A variant of prod that serves several tests: without NAT, its tasks reach AWS by endpoints; a destroy may take everything; and it has a tag of its own. */
export const PRIVATE_AND_UNPROTECTED = ["tags.team=red", "network.nat=none", "network.endpoints=private", "deletionProtection=false"];

const recorded = new Map<string, Promise<Deployed>>();

/** A stack of the template, recorded once for all tests that ask. `config` is laid over its file, as `--config-path` does. */
export function stack(name: string, config: string[] = []): Promise<Deployed> {
  const key = [name, ...config].join(" ");
  const known = recorded.get(key) ?? recordStack(name, config);
  recorded.set(key, known);
  return known;
}

/** The same, but recorded again. */
export async function recordStack(name: string, config: string[] = []): Promise<Deployed> {
  return new Deployed(await record(loadProject({ cwd: TEMPLATE, stack: name, config, configPath: true })));
}
