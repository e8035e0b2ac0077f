// Published ports of a compose file, short and long.
import type { Field } from "./field";

/** A port of a container that its machine publishes. */
export interface Publication {
  field: Field;
  target: number;
  published?: number;
  protocol: string;
  /** What is spoken there, where the file says so. */
  application?: string;
  /** Whether only the machine itself reaches it. */
  isLocal: boolean;
}

const LOCAL = /^(127\.|localhost$|\[?::1\]?$)/;
const port = (text: string | undefined) =>
  text !== undefined && /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535 ? Number(text) : undefined;

/** The ports that can be understood; ranges are not among them. */
export const portsOf = (ports: Field | undefined): Publication[] => (ports?.items() ?? []).flatMap((field) => publication(field) ?? []);

function publication(field: Field): Publication | undefined {
  if (!field.isMap) return short(field);
  const target = port(field.get("target")?.text);
  if (target === undefined) return undefined;
  const published = port(field.get("published")?.text);
  const application = field.get("app_protocol")?.text;
  return {
    field,
    target,
    ...(published !== undefined && { published }),
    protocol: field.get("protocol")?.text ?? "tcp",
    ...(application !== undefined && { application }),
    isLocal: LOCAL.test(field.get("host_ip")?.text ?? ""),
  };
}

/** `[HOST:][PUBLISHED:]TARGET[/PROTOCOL]` */
function short(field: Field): Publication | undefined {
  const [, host, published, inner, protocol = "tcp"] =
    /^(?:(\[[^\]]*\]|[^:[\]]+):)?(?:(\d*):)?(\d+)(?:\/(\w+))?$/.exec(shortText(field.text)) ?? [];
  const target = port(inner);
  if (target === undefined) return undefined;
  const outer = port(published);
  return { field, target, ...(outer !== undefined && { published: outer }), protocol, isLocal: LOCAL.test(host ?? "") };
}

/** `8080:80` with an empty host in front, so that its parts are told by their number. */
const shortText = (text = "") => (/^\d+:\d+(\/\w+)?$/.test(text) ? `0.0.0.0:${text}` : text);
