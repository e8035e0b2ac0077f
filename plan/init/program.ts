// The program of a repository that uses Berth as a package: one service of the app, with what was decided as its components' arguments. Pure.
import type { Decision } from "./decide";

/** `index.ts`, in the words of docs/package.md. */
export function programOf(packageName: string, service: string, decisions: readonly Decision[]): string {
  const args = argumentsOf(decisions);
  const image = {
    context: "./app",
    ...(args.image as object),
    ...(args.architecture !== undefined && { architecture: args.architecture }),
  };
  const own = Object.entries((args.service ?? {}) as object).map(([key, value]) => `, ${key}: ${literal(value)}`);
  return `import { AppImage, Cluster, FargateService, LoadBalancer, Network } from ${JSON.stringify(packageName)};

const network = new Network("net");
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network });
const image = new AppImage(${JSON.stringify(service)}, ${literal(image)});
const web = new FargateService(${JSON.stringify(service)}, { cluster: apps, image, route: lb.route({ path: "/*" })${own.join("")} });

// \`berth status\`, \`logs\`, \`run\` and the other commands read these.
export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
`;
}

/** The decisions as one object: `service.healthCheck.path` is `{ service: { healthCheck: { path } } }`. */
function argumentsOf(decisions: readonly Decision[]): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const { path, value } of decisions) {
    if (value === undefined) continue;
    let group = all;
    for (const key of path.slice(0, -1)) {
      group[key] ??= {};
      group = group[key] as Record<string, unknown>;
    }
    group[path.at(-1)!] = value;
  }
  return all;
}

/** A value as a person would write it in TypeScript. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${literal(inner)}`)
    .join(", ")} }`;
}
