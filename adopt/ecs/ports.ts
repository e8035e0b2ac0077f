// The ports of a task's containers as settings: the app's own, those of sidecars, and further ones.
import type { ContainerDefinition, PortMapping, Service } from "@aws-sdk/client-ecs";
import type { Path } from "../ledger";
import type { TaggedTask } from "./documents";
import type { Part } from "./part";

/** A port of a container. */
interface Key {
  container: string;
  port: number;
}

/** Which setting each port is. */
export interface Ports {
  /** The app's own port, if it listens on any. */
  own?: number;
  /** Further ports, by the name that they have in the settings. */
  further: ReadonlyMap<string, Key>;
}

/** Names that no further port can have. */
const TAKEN = ["http", "https", "tcp", "tls", "udp", "green", "production", "test", "maintenance"];
const NAME = /^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/;

/** The app's port is the first that requests come to, or the first that it names; of a sidecar, one without requests is its own. */
export function portsOf({ containerDefinitions = [] }: TaggedTask, { loadBalancers = [] }: Service, app: string): Ports {
  const balanced = loadBalancers.map(({ containerName = "", containerPort = 0 }) => ({ container: containerName, port: containerPort }));
  const listens = containerDefinitions.flatMap(({ name = "", portMappings = [], firelensConfiguration }) =>
    firelensConfiguration
      ? []
      : portMappings
          .filter(({ containerPort }) => containerPort !== undefined)
          .map((one) => ({ container: name, port: one.containerPort!, mapping: one })),
  );
  const of = (key: Key) => (other: Key) => other.container === key.container && other.port === key.port;
  const own = balanced.find(({ container }) => container === app)?.port ?? listens.find(({ container }) => container === app)?.port;
  const further = new Map<string, Key>();
  const add = (key: Key, given?: string) => {
    const name = given !== undefined && NAME.test(given) && !TAKEN.includes(given) && !further.has(given) ? given : `port-${key.port}`;
    further.set(further.has(name) ? `${name}-${further.size + 1}` : name, key);
  };
  let ownIsBalanced = false;
  for (const key of balanced) {
    const isOwn = key.container === app && key.port === own && !ownIsBalanced;
    if (isOwn) ownIsBalanced = true;
    else add(key, listens.find(of(key))?.mapping.name);
  }
  for (const { mapping, ...key } of listens) {
    const isOwn =
      key.container === app ? key.port === own : listens.find(({ container }) => container === key.container)!.port === key.port;
    if (!isOwn && ![...further.values()].some(of(key))) add(key, mapping.name);
  }
  return { ...(own !== undefined && { own }), further };
}

/** The ports of a container. The app's settings stand at `part.to`; a sidecar's own port at `sidecar`. */
export function translatePorts(part: Part<ContainerDefinition>, { own, further }: Ports, app: string, sidecar?: Path): void {
  const { name = "" } = part.value;
  for (const [i, one] of part.each("portMappings").entries()) {
    const { containerPort, containerPortRange } = one.value;
    if (containerPortRange !== undefined || containerPort === undefined) {
      one.leave("Berth opens single ports: name each that is used in ports.");
      continue;
    }
    const key = [...further].find(([, its]) => its.container === name && its.port === containerPort);
    if (name === app && containerPort === own) one.take("port", containerPort);
    else if (sidecar && i === 0) one.take([...sidecar, "port"], containerPort);
    else if (key) takeFurther(one, key, app);
    else one.same("another entry names the port");
  }
}

function takeFurther(part: Part<PortMapping>, [name, { container, port }]: [string, Key], app: string): void {
  const protocol = part.value.protocol === "udp" ? "udp" : part.value.appProtocol;
  const to = [...part.to, "ports", name];
  part.take(to, {
    port,
    ...(container !== app && { container }),
    ...(protocol !== undefined && protocol !== "http" && { protocol }),
  });
}
