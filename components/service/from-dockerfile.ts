// What a service takes from its image's Dockerfile where its arguments say nothing: the port and the path of the health check; and where both say
// something, whether they agree. Pure.
import { baseImage } from "../../facts/base-images";
import type { ImageFacts, Said } from "../../facts/dockerfile";
import type { Remark } from "../base/component";
import { type ReadDockerfile, readOf } from "../image/image";
import { isRoot } from "../task/image-remarks";
import type { ServiceArgs } from "./arguments";

/** A port, and which line of the Dockerfile says so. */
type Port = Said<number> & { from: string };

/** The arguments with what the Dockerfile says, and what is to be said of it. */
export function withDockerfile(args: ServiceArgs): { args: ServiceArgs; remarks: Remark[] } {
  const dockerfile = readOf(args.image);
  // Without a route or a name nobody asks it anything. What is no group is refused when the arguments are checked.
  if (!dockerfile || !(args.route || args.connect) || typeof (args.healthCheck ?? {}) !== "object") return { args, remarks: [] };
  const port = readPort(dockerfile, args);
  const path = readPath(dockerfile, args, port.value);
  return {
    args: {
      ...args,
      ...(port.value !== undefined && { port: port.value }),
      ...(path.value !== undefined && { healthCheck: { ...args.healthCheck, path: path.value } }),
    },
    remarks: [...port.remarks, ...path.remarks, ...lowPortRemarks(args, port.value), ...protocolRemarks(dockerfile)],
  };
}

interface Reading<T> {
  value?: T;
  remarks: Remark[];
}

function readPort({ path, facts }: ReadDockerfile, { port: given }: ServiceArgs): Reading<number> {
  const said = portOf(facts);
  if (said === undefined) return { remarks: [] };
  const place = `${path}:${said.line}`;
  if (given === undefined) {
    return said.value === undefined
      ? {
          remarks: [
            { severity: "warning", at: "port", text: `8000, its default, because ${place} does not say which: ${said.unclear}; set port.` },
          ],
        }
      : { value: said.value, remarks: [{ severity: "info", at: "port", text: `${said.value}, from ${said.from} (${place}).` }] };
  }
  const ports = facts.ports.map(({ value }) => value);
  if (said.value === undefined || said.value === given || ports.includes(given)) return { remarks: [] };
  const text = `${given}, and ${said.from} (${place}) says ${said.value}; set port: ${said.value}, or make the app listen on ${given}, which PORT tells it.`;
  return { remarks: [{ severity: "warning", at: "port", text }] };
}

/** The one port that the Dockerfile names: by EXPOSE, else by PORT, by the health check, or as the base image is known to. */
function portOf(facts: ImageFacts): Port | undefined {
  const { ports, environment, healthCheck, base } = facts;
  const variable = environment.get("PORT");
  const own = variable && (/^\d+$/.test(variable.value ?? "") ? Number(variable.value) : undefined);
  const asked = healthCheck?.value ? healthCheck.value.probe?.port : undefined;
  const exposed = new Set(ports.map(({ value }) => value));
  const [first] = ports;
  if (first && exposed.size === 1 && first.value !== undefined) {
    return own !== undefined && own !== first.value
      ? { line: first.line, unclear: `it exposes ${first.value} and sets PORT=${own}`, from: "EXPOSE" }
      : { ...first, from: "EXPOSE" };
  }
  if (first) {
    // Of several ports, PORT or the health check names the one that answers.
    const chosen = [own, asked].find((port) => port !== undefined && exposed.has(port));
    if (chosen !== undefined) return { line: first.line, value: chosen, from: chosen === own ? "PORT" : "HEALTHCHECK" };
    const unclear = ports.find((port) => port.unclear !== undefined)?.unclear ?? `it exposes ${[...exposed].join(", ")}`;
    return { line: first.line, unclear, from: "EXPOSE" };
  }
  if (own !== undefined) return { line: variable!.line, value: own, from: "PORT" };
  if (asked !== undefined) return { line: healthCheck!.line, value: asked, from: "HEALTHCHECK" };
  const { port } = baseImage(base.value ?? "");
  return port === undefined ? undefined : { line: base.line, value: port, from: `its base image ${base.value}` };
}

function readPath(
  { path, facts }: ReadDockerfile,
  { port: given, healthCheck, protocol }: ServiceArgs,
  taken: number | undefined,
): Reading<string> {
  const probe = facts.healthCheck?.value ? facts.healthCheck.value.probe : undefined;
  const port = healthCheck?.port ?? given ?? taken;
  // A check of another port asks something else, and one of gRPC asks a method.
  if (!probe || protocol === "grpc" || (probe.port !== undefined && probe.port !== port)) return { remarks: [] };
  const place = `HEALTHCHECK (${path}:${facts.healthCheck!.line})`;
  if (healthCheck?.path === undefined)
    return { value: probe.path, remarks: [{ severity: "info", at: "healthCheck.path", text: `${probe.path}, from ${place}.` }] };
  if (healthCheck.path === probe.path) return { remarks: [] };
  const text = `${healthCheck.path}, and ${place} asks ${probe.path}; use the one that says whether the app can take requests.`;
  return { remarks: [{ severity: "warning", at: "healthCheck.path", text }] };
}

function lowPortRemarks({ port: given, user, dropCapabilities }: ServiceArgs, taken: number | undefined): Remark[] {
  const port = given ?? taken;
  if (port === undefined || port >= 1024 || isRoot(user ?? "") || dropCapabilities !== undefined) return [];
  const text = `${port} is below 1024, which only root may open, and the task's user is not root; make the app listen on another, such as 8080.`;
  return [{ severity: "warning", at: "port", text }];
}

function protocolRemarks({ path, facts }: ReadDockerfile): Remark[] {
  const { base } = facts;
  // Another command may start a web server beside it.
  if (!baseImage(base.value ?? "").fastCgi || facts.command || facts.entryPoint) return [];
  const text = `${base.value} (${path}:${base.line}) answers FastCGI, and the load balancer asks over HTTP; build upon an image with a web server in it, such as php:8-apache or dunglas/frankenphp.`;
  return [{ severity: "warning", at: "port", text }];
}
