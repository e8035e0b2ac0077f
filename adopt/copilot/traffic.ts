// How requests and connections come to a service: `http` and `nlb` of a manifest, each rule and listener a route of its own.
import type { Path } from "../ledger";
import { isMap } from "../values";
import type { Task } from "./container";
import { textOf } from "./values";

/** A name that users call, and the zone that its record is in, where the manifest says. */
export interface Alias {
  name: string;
  zone?: string;
}

/** Where requests go: to the app at its own port, or to another. */
interface Target {
  container?: string;
  port: number;
}

const portOf = (value: unknown): number | undefined => {
  const [, number] = /^(\d+)(\/\w+)?$/.exec(textOf(value) ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
};

/** The port of the app's container. */
export const appPort = ({ manifest }: Task): number | undefined => portOf(manifest.read(["image", "port"]));

function targetOf(task: Task, rule: Path, otherwise?: number): Target {
  const { manifest, workload } = task;
  const named = manifest.read([...rule, "target_container"]) ?? manifest.read([...rule, "targetContainer"]);
  const given = portOf(manifest.read([...rule, "target_port"])) ?? otherwise;
  const port = (container: string) => portOf(manifest.read(["sidecars", container, "port"]));
  // A port alone may be a sidecar's.
  const container =
    named === undefined ? manifest.keys(["sidecars"]).find((name) => given !== undefined && port(name) === given) : textOf(named);
  const isApp = container === undefined || container === workload;
  const at = given ?? (isApp ? appPort(task) : port(container)) ?? 80;
  return isApp ? { port: at } : { container, port: at };
}

/** What is taken of a rule of the listener, whose settings stand under `setting`. */
function rule(task: Task, path: Path, setting: Path, { container, port }: Target, others: string[] = []): Alias[] {
  const { manifest } = task;
  const toContainer = manifest.text((at) =>
    container === undefined ? manifest.same(at, "the app's own container") : manifest.take(at, [...setting, "container"], container),
  );
  const aliases: Alias[] = [];
  const zone = manifest.read([...path, "hosted_zone"]);
  if (manifest.read([...path, "path"]) === undefined) manifest.set([...setting, "path"], "/*");
  if (port === 443 && manifest.read([...path, "version"]) === undefined) manifest.set([...setting, "protocol"], "https");
  if (manifest.read([...path, "deregistration_delay"]) === undefined)
    manifest.take([...path, "deregistration_delay"], [...setting, "deregistrationDelay"], 60);
  if (manifest.read([...path, "healthcheck"]) === undefined) healthCheck(task, [...path, "healthcheck"], setting);
  manifest.fields(path, {
    path: manifest.text((at, value) => manifest.take(at, [...setting, "path"], patterns(value))),
    alias: (at, value) => aliases.push(...hosts(task, at, value, setting, typeof zone === "string" ? zone : undefined)),
    hosted_zone: zoneOf(task),
    version: manifest.text((at, value) =>
      value === "http1" ? manifest.same(at, "as the load balancer speaks anyway") : manifest.take(at, [...setting, "protocol"], value),
    ),
    healthcheck: (at) => healthCheck(task, at, setting),
    stickiness: manifest.into.on([...setting, "stickiness"]),
    deregistration_delay: manifest.into.duration([...setting, "deregistrationDelay"]),
    allowed_source_ips: manifest.texts((at, value) => manifest.take(at, [...setting, "sourceRanges"], value.map(asRange))),
    redirect_to_https: manifest.flag((at, value) =>
      value
        ? manifest.same(at, "requests by HTTP are sent to HTTPS anyway")
        : manifest.leave(
            at,
            "where there is HTTPS, requests by HTTP are sent there; a service that must answer them needs a listener of its own.",
          ),
    ),
    target_container: toContainer,
    targetContainer: toContainer,
    target_port: manifest.into.number([...setting, "port"]),
    ...Object.fromEntries(others.map((key) => [key, () => undefined])),
  });
  return aliases;
}

/** The zone of a name, whose record is there where the environment runs. */
const zoneOf = ({ manifest, workspace }: Task) =>
  manifest.text((at, value) =>
    workspace.deployed ? manifest.same(at, "the record stays as it is") : manifest.take(at, ["loadBalancer", "hostedZone"], value),
  );

/** An address as a range of one. */
export const asRange = (address: string) => (address.includes("/") ? address : `${address}/32`);

/** A path and what lies below it. */
function patterns(given: string): string | string[] {
  const path = `/${given.replace(/^\//, "")}`;
  return path === "/" ? "/*" : [path, `${path}/*`];
}

/** The hosts of `alias`: one, several, or each with the zone of its record. */
function hosts(task: Task, path: Path, value: unknown, setting: Path, zone?: string): Alias[] {
  const { manifest } = task;
  const given = Array.isArray(value) ? value : [value];
  const found: Alias[] = [];
  for (const one of given) {
    if (typeof one === "string") found.push({ name: one, ...(zone !== undefined && { zone }) });
    else if (isMap(one) && typeof one.name === "string")
      found.push({ name: one.name, ...(typeof one.hosted_zone === "string" ? { zone: one.hosted_zone } : zone !== undefined && { zone }) });
  }
  const names = found.map(({ name }) => name);
  if (names.length === 0) {
    manifest.leave(path, "Copilot takes names here, and this is something else.");
    return [];
  }
  const host = names.length === 1 ? names[0] : names;
  if (!given.some(isMap)) manifest.take(path, [...setting, "host"], host);
  for (const [i, one] of given.entries()) {
    if (!isMap(one)) continue;
    manifest.fields([...path, i], {
      name: (at) => manifest.take(at, [...setting, "host"], host),
      hosted_zone: zoneOf(task),
    });
  }
  return found;
}

/** What Copilot asks of a target group where the manifest says nothing. */
const HEALTH = { path: "/", interval: 30, timeout: 5, healthy_threshold: 5, unhealthy_threshold: 2 };
const NAMES: Record<string, string> = { healthy_threshold: "healthyThreshold", unhealthy_threshold: "unhealthyThreshold" };

function healthCheck(task: Task, path: Path, setting: Path) {
  const { manifest } = task;
  const at = [...setting, "healthCheck"];
  const value = manifest.read(path);
  const given = isMap(value) ? manifest.keys(path) : typeof value === "string" ? ["path"] : [];
  for (const [key, standard] of Object.entries(HEALTH))
    if (!given.includes(key))
      manifest.take(isMap(value) || value === undefined ? [...path, key] : path, [...at, NAMES[key] ?? key], standard);
  if (value === undefined) return;
  if (typeof value === "string") return manifest.take(path, [...at, "path"], value);
  const number = (key: string) => manifest.into.number([...at, key]);
  const seconds = (key: string) => manifest.into.duration([...at, key]);
  manifest.fields(path, {
    path: manifest.into.text([...at, "path"]),
    port: manifest.number((field, its) => {
      manifest.take(field, [...at, "port"], its);
      if (its === 443) manifest.set([...at, "protocol"], "https");
    }),
    success_codes: manifest.into.text([...at, "matcher"]),
    healthy_threshold: number("healthyThreshold"),
    unhealthy_threshold: number("unhealthyThreshold"),
    interval: seconds("interval"),
    timeout: seconds("timeout"),
    // The service has one, whichever of its ports is asked.
    grace_period: manifest.into.duration([...task.setting, "healthCheck", "gracePeriod"]),
  });
}

/** `http`: whether there is a route, and its rules. */
export function requests(task: Task, path: Path = ["http"]): Alias[] | undefined {
  const { manifest, setting } = task;
  const value = manifest.read(path);
  if (value === undefined) return undefined;
  if (!isMap(value)) {
    manifest.flag((at, on) => (on ? manifest.leave(at, "Copilot takes false or a map here.") : manifest.same(at, "no route")))(path, value);
    return undefined;
  }
  const rules: [string, Path][] = [["http", path]];
  manifest.items([...path, "additional_rules"], (at, _, i) => rules.push([`rule-${i + 1}`, at]));
  manifest.fields(path, {
    alb: (at) =>
      manifest.leave(at, "name its listener in loadBalancer.existing.listenerArn: it stays as it is, and gets the service's rule."),
  });
  return rules.flatMap(([name, at], i) => {
    const target = targetOf(task, at);
    const isOwn = i === 0 && target.container === undefined && target.port === (appPort(task) ?? 80);
    const under = isOwn ? setting : [...setting, "ports", name];
    manifest.set([...under, "port"], target.port);
    if (target.container !== undefined) manifest.set([...under, "container"], target.container);
    return rule(task, at, under, target, i === 0 ? ["alb", "additional_rules"] : []);
  });
}

/** `nlb`: its listeners, each a port of the service. */
export function connections(task: Task): Alias[] | undefined {
  const { manifest } = task;
  if (manifest.read(["nlb"]) === undefined) return undefined;
  const aliases: Alias[] = [];
  listener(task, ["nlb"], "nlb", {
    alias: (path, value) => {
      const names = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
      aliases.push(...names.map((name) => ({ name })));
      manifest.take(path, ["networkLoadBalancer", "domain"], names.length === 1 ? names[0] : names);
    },
    additional_listeners: (path) => manifest.items(path, (at, _, i) => listener(task, at, `nlb-${i + 1}`, {})),
  });
  return aliases;
}

function listener(task: Task, path: Path, name: string, more: Record<string, (path: Path, value: unknown) => void>) {
  const { manifest, setting } = task;
  const [, port = "", protocol = "tcp"] = /^(\d+)(?:\/(tcp|udp|tls))?$/.exec(String(manifest.read([...path, "port"]))) ?? [];
  if (port === "") return manifest.leave(path, "port is missing, or is none that Copilot takes, such as 443/tls.");
  const under = [...setting, "ports", name];
  const named = manifest.read([...path, "target_container"]);
  const target = targetOf(task, path, named === undefined ? Number(port) : undefined);
  manifest.set([...under, "port"], target.port);
  if (target.container !== undefined) manifest.set([...under, "container"], target.container);
  // TLS ends at the load balancer, so the tasks speak TCP.
  manifest.set([...under, "protocol"], protocol === "udp" ? "udp" : "tcp");
  const health = [...under, "healthCheck"];
  const standard: Record<string, number> = { interval: 30, timeout: 10, healthyThreshold: 3, unhealthyThreshold: 3 };
  for (const [key, value] of Object.entries(standard)) manifest.set([...health, key], value);
  if (manifest.read([...path, "deregistration_delay"]) === undefined)
    manifest.take([...path, "deregistration_delay"], [...under, "deregistrationDelay"], 60);
  const number = (key: string) => manifest.into.number([...health, key]);
  const seconds = (key: string) => manifest.into.duration([...health, key]);
  manifest.fields(path, {
    port: (at) => manifest.take(at, [...under, "listener"], { port: Number(port), ...(protocol !== "tcp" && { protocol }) }),
    healthcheck: (at) =>
      manifest.fields(at, {
        port: number("port"),
        healthy_threshold: number("healthyThreshold"),
        unhealthy_threshold: number("unhealthyThreshold"),
        interval: seconds("interval"),
        timeout: seconds("timeout"),
        grace_period: manifest.into.duration([...setting, "healthCheck", "gracePeriod"]),
      }),
    target_container: manifest.text((at, value) =>
      target.container === undefined ? manifest.same(at, "the app's own container") : manifest.take(at, [...under, "container"], value),
    ),
    target_port: manifest.into.number([...under, "port"]),
    ssl_policy: manifest.into.text(["networkLoadBalancer", "sslPolicy"]),
    stickiness: manifest.flag((at, value) =>
      value
        ? manifest.leave(at, "set stickiness of the target group with transform: by address, source_ip.")
        : manifest.same(at, "off anyway"),
    ),
    deregistration_delay: manifest.into.duration([...under, "deregistrationDelay"]),
    ...more,
  });
}
