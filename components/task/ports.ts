// The ports of a task's containers: what is spoken on each, its name, and what AWS is told. Pure.

/** What is spoken on a port. */
export type Spoken = "http" | "http2" | "grpc" | "https" | "tcp" | "tls" | "udp";

/** What AWS has a word for (`appProtocol`); all else is TCP to it. */
const APP_PROTOCOLS: readonly Spoken[] = ["http", "http2", "grpc"];
const isAppProtocol = (protocol: Spoken) => APP_PROTOCOLS.includes(protocol);

/** A port that a container listens on. */
export interface ContainerPort {
  /** Its name, which no other port of the task has (`portMappings[].name`): Service Connect finds it by that. */
  name: string;
  port: number;
  protocol: Spoken;
}

/** A further port of a task, and the container that listens there. */
export interface FurtherPort extends ContainerPort {
  container: string;
}

/** The name of the app's own port. */
export const portName = (protocol: Spoken) => (isAppProtocol(protocol) ? "http" : protocol);

/** The names that the app's own port can have, which no other takes. */
export const OWN_NAMES: readonly string[] = ["http", "https", "tcp", "tls", "udp"];

/** The name of a sidecar's own port: its own in small letters, which is all that AWS takes. */
export const sidecarPortName = (sidecar: string) => sidecar.toLowerCase();

/** The ports of a container: its own, and of the further ones those on which it listens, by name. Another way to the same port is no other port. */
export function portsOf(container: string, own: ContainerPort | undefined, further: readonly FurtherPort[]): ContainerPort[] {
  const its = further.filter((one) => one.container === container).sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = [...(own ? [own] : []), ...its];
  return all
    .filter(({ port }, i) => all.findIndex((one) => one.port === port) === i)
    .map(({ name, port, protocol }) => ({ name, port, protocol }));
}

/** What AWS is told of a port. */
export const portMapping = ({ name, port, protocol }: ContainerPort, dynamicPort: boolean) => ({
  name,
  containerPort: port,
  hostPort: dynamicPort ? 0 : port,
  protocol: protocol === "udp" ? "udp" : "tcp",
  ...(isAppProtocol(protocol) && { appProtocol: protocol }),
});
