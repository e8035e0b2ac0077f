// Who reaches a service: users by the load balancer, other services by its name.
import { probeOf } from "../../facts/image-commands";
import type { Path } from "../ledger";
import { each, type Field, type Handlers } from "./field";
import { spokenAt } from "./known";
import type { Publication } from "./ports";
import { isRouted, type One, ownPort } from "./shape";
import { at, type Work } from "./work";

/** `ports`, `expose`, `labels`, `links` and `depends_on`, and the names by which services call each other. */
export function translateTraffic(work: Work): void {
  const { one, ledger } = work;
  if (one.kind === "service") {
    const port = ownPort(one);
    if (port !== undefined) ledger.set(at(work, "port"), port);
    if (one.rule) for (const key of ["host", "path"] as const) if (one.rule[key]) ledger.set(at(work, key), one.rule[key]);
    if (one.routed && one.at[0] !== "service") ledger.set(at(work, "path"), "/*");
    if (isRouted(one)) chooseHealthCheck(work);
    if (!one.routed && !one.rule && one.at[0] === "service") ledger.set(["service", "route"], false);
    if (one.called) connect(one.called, work);
  }
  for (const publication of one.ports) published(publication, work);
  for (const field of one.field.get("ports")?.items() ?? []) {
    if (!field.isMap && !one.ports.some((other) => other.field === field))
      field.leave("It is no single port: name those that users need, one by one.");
  }
  for (const field of one.field.get("expose")?.items() ?? []) exposed(field, work);
  labels(one.field.get("labels"), work);
  dependencies(work);
}

/** What the load balancer asks: the path that the container's check asks, or any answer. */
function chooseHealthCheck({ one, ledger }: Work): void {
  const probe = checkedPath(one);
  if (probe !== undefined) ledger.set([...one.at, "healthCheck", "path"], probe);
  else if (!one.origin?.facts?.healthCheck?.value) {
    ledger.set([...one.at, "healthCheck", "path"], "/");
    ledger.set([...one.at, "healthCheck", "matcher"], "200-499");
  }
}

/** The path that the health check of the container asks for by HTTP, the container's variables put in. */
function checkedPath({ field, main, rule, variables }: One): string | undefined {
  const test = field.get("healthcheck")?.get("test");
  const inserted = (all: string, variable: string) => variables.filter(({ name }) => name === variable).at(-1)?.value ?? all;
  const words = test?.oneOrMore().map(({ text = "" }) => text.replace(/\$\{?([A-Za-z_]\w*)\}?/g, inserted)) ?? [];
  const probe = probeOf({ form: words[0] === "CMD" ? "exec" : "shell", words });
  return probe && (probe.port === undefined || probe.port === (main?.target ?? rule?.port)) ? probe.path : undefined;
}

/** Callers find it under the name and the port that they have used so far. */
function connect({ host, name, port, protocol }: NonNullable<One["called"]>, work: Work): void {
  const { one, ledger } = work;
  const own = ownPort(one);
  if (own !== port) {
    const todo = `${host} is called at port ${port}, and its route goes to ${own}: a service has one port that others call. Let it listen on one port, or make two services of it.`;
    one.field.file.source.leave([...one.field.path, "connect"], todo);
    return;
  }
  const settings = {
    ...(name !== one.word && { name }),
    ...(protocol === "http" ? port !== 80 && { port } : { protocol, ...(protocol === "grpc" && { port }) }),
  };
  ledger.set(at(work, "connect"), Object.keys(settings).length > 0 ? settings : true);
}

const PORT: Handlers<undefined> = {
  published: (field) => field.same("Told with its target."),
  protocol: (field) => field.same("Told with its target."),
  host_ip: (field) => field.same("Told with its target."),
  name: (field) => field.same("A port has the name of its service."),
  app_protocol: (field) => field.same("It decides what connect speaks."),
  mode: (field) => field.same("Requests are spread over the tasks."),
};

function published(publication: Publication, work: Work): void {
  const { field } = publication;
  tellPort(publication, field.isMap ? field.get("target")! : field, work);
  if (field.isMap) each(field, PORT, undefined);
}

const HTTP = "Users come by port 80 of the load balancer, and 443 once there is a loadBalancer.domain";

function tellPort({ target, protocol, isLocal, published }: Publication, field: Field, work: Work): void {
  const { one } = work;
  const setting = at(work, "port");
  const spoken = spokenAt(target);
  if (one.kind === "task") field.leave("Nobody reaches a task; make it a service where others come in.");
  else if (target === one.main?.target && one.routed) {
    const health =
      checkedPath(one) === undefined && !one.origin?.facts?.healthCheck?.value
        ? " Any answer below 500 at / means healthy; better: a healthCheck.path that says so."
        : "";
    const local = isLocal ? " It was published on your machine only, and the internet reaches the load balancer." : "";
    const keep = isLocal ? "loadBalancer.allowedCidrBlocks, or loadBalancer.internal: true." : "";
    field.change(`${HTTP}${published === undefined || published === 80 ? "" : `, not by ${published}`}.${local}${health}`, {
      setting,
      ...(keep && { keep }),
    });
  } else if (target === one.main?.target && one.rule) field.change(`${HTTP}, by the host and the path that its labels say.`, { setting });
  else if (target === one.main?.target) {
    field.leave(
      `Which requests of users it gets is not said: set ${at(work, "path").join(".")} or host, or leave it to the services that call it.`,
    );
  } else if (protocol === "udp") field.leave(`UDP comes in by the network load balancer: ${one.at.join(".")}.protocol: udp and listener.`);
  else if (target === 443)
    field.change("HTTPS ends at the load balancer: set loadBalancer.domain.", { keep: "protocol: https, and the port." });
  else if (spoken !== undefined)
    field.leave(
      `It speaks ${spoken}, which comes in by the network load balancer: protocol: tcp and listener. Leave it closed where only your machine used it.`,
    );
  else
    field.leave(
      `A second port has a route of its own: ${at(work, "ports", `p${target}`).join(".")} with port: ${target} and a path or a host.`,
    );
}

function exposed(field: Field, work: Work): void {
  const port = Number((field.text ?? "").split("/")[0]);
  if (work.one.kind === "service" && work.ledger.get(at(work, "port")) === port) field.take(at(work, "port"), port);
  else field.same("A port is open to those that call the service, and to nobody else.");
}

/** Labels are Docker's; those of Traefik say which requests a service gets. */
function labels(field: Field | undefined, work: Work): void {
  for (const { name, value = "", field: one } of field?.named() ?? []) {
    if (!/^traefik\./.test(name)) one.take(at(work, "dockerLabels", name), value);
    else if (work.one.rule?.fields.includes(one)) {
      const key = work.one.rule.host === undefined ? "path" : "host";
      one.take(/\.port$/.test(name) ? at(work, "port") : at(work, key), /\.port$/.test(name) ? work.one.rule.port : work.one.rule[key]);
    } else one.leave("There is no Traefik: the load balancer has host, path, redirects and certificates (loadBalancer, service).");
  }
}

/** What a service is started after, and what it is linked to. */
function dependencies(work: Work): void {
  const { one, shape, ledger } = work;
  const called = [...one.calls].filter(hasName).map(({ word }) => word);
  if (one.kind === "service" && called.length > 0) ledger.set(at(work, "calls"), called);
  for (const { name, field } of one.field.get("depends_on")?.named() ?? []) {
    const other = shape.named(name);
    if (!field.isMap) depends(field, other, work);
    field.get("condition") && depends(field.get("condition")!, other, work);
    field.get("required")?.same("What is not there is not waited for.");
    const isOn = field.get("restart")?.flag;
    if (isOn) field.get("restart")!.leave(`${one.name} is not restarted with ${name}: it has to connect again.`);
    else field.get("restart")?.same("It is not restarted with it.");
  }
  for (const field of one.field.get("links")?.items() ?? []) depends(field, shape.named((field.text ?? "").split(":")[0]!), work);
}

/** Whether a service has a name that others call it by. */
const hasName = (other: One) => other.called !== undefined && ownPort(other) === other.called.port;

function depends(field: Field, other: One | undefined, work: Work): void {
  const { one } = work;
  const setting: Path = at(work, "calls");
  if (other === undefined) field.leave("The compose file has no service of that name.");
  else if (other.kind === "elsewhere") field.change(`${other.name} is not in the stack: it is there before it.`);
  else if (other.kind === "preDeploy") field.change(`It runs before each deploy of ${other.owner!.name} (preDeploy).`);
  else if (other.kind === "task") field.change(`It is a task of the stack; run it before: berth run --task ${other.word}.`);
  else if (other.kind === "none") field.change(`${other.name} is not in the stack.`);
  else if (one.kind === "service" && one.calls.has(other) && hasName(other)) field.take(setting, work.ledger.get(setting));
  else field.change(`The services of a stack are deployed side by side: ${one.name} tries again until ${other.name} is there.`);
}
