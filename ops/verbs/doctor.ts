import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError, wordComplaint } from "../../facts/errors";
import { jsonText } from "../../tool/printable";
import { type Check, failed, renderChecks } from "../check";
import { type PlannedService, plannedServices } from "../container/planned";
import { IN_CONTAINER, trials } from "../container/trial";
import type { Io } from "../io";
import type { Aws } from "../stack/aws";
import { connect, DEFAULT_STACK, type LocationOptions, run } from "../stack/locate";
import { readPlan } from "../stack/plan";
import { type Quota, quotaUse, requestIncrease } from "../stack/quota";

export interface DoctorOptions extends LocationOptions {
  json?: boolean;
  /** False: the image is neither built nor started. */
  container?: boolean;
  /** Variables for the container, in place of secrets. */
  envFile?: string;
}

/** Account quotas that a first deployment runs into. Codes as Service Quotas names them. */
const QUOTAS: Quota[] = [
  { service: "fargate", code: "L-3032A538", name: "Fargate On-Demand vCPUs" },
  { service: "vpc", code: "L-F678F1CE", name: "VPCs per region" },
  { service: "ec2", code: "L-0263D0A3", name: "Elastic IPs" },
  { service: "elasticloadbalancing", code: "L-53DA6B97", name: "Application Load Balancers" },
];

/** Checks everything around a deployment; 1 if something that every deployment needs is missing. */
export async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const local = Promise.all([node(), pulumi(io), docker(io), platforms(io), plugin(io)]);
  const tools = await local;
  const hasDocker = tools.some(({ name, result }) => name === "Docker" && result === "ok");
  const checks = [...tools, ...(await cloud(connect(options, io))), ...(await inContainer(options, hasDocker, io))];
  if (options.json) io.out(`${jsonText(checks, 2)}\n`);
  else io.out(`${renderChecks(checks, io.color.out).join("\n")}\n`);
  return checks.some((check) => check.result === "fail") ? 1 : 0;
}

/** Builds and starts what the stack's services run, where a project lies here. */
async function inContainer(options: DoctorOptions, hasDocker: boolean, io: Io): Promise<Check[]> {
  if (options.container === false || !["yaml", "yml"].some((end) => existsSync(join(io.cwd, `Pulumi.${end}`)))) return [];
  const name = IN_CONTAINER;
  if (!hasDocker) return [{ name, result: "warn", detail: "not tried: there is no Docker" }];
  const stack = options.stack ?? DEFAULT_STACK;
  const resources = await readPlan({ stack }, io).then(
    (plan) => plan.resources,
    (error: unknown) => failed(name, error),
  );
  if (!Array.isArray(resources)) return [resources];
  const planned = plannedServices(resources);
  const services = options.cluster ? planned : chosen(planned, options.service);
  if (services.length === 0) return [{ name, result: "ok", detail: `the stack ${stack} builds no image for a service` }];
  return trials(services, { root: io.cwd, envFile: options.envFile, signal: io.interruption() }, io);
}

/** The service that is named, or all. */
function chosen(planned: PlannedService[], name: string | undefined): PlannedService[] {
  const found = planned.filter((service) => name === undefined || service.name === name);
  if (found.length > 0 || planned.length === 0) return found;
  const names = planned.map((service) => service.name);
  throw new UserError(`--service: ${wordComplaint(name, names, "a service whose image the stack builds")}`);
}

async function node(): Promise<Check> {
  const version = process.versions.node;
  const good = Number(version.split(".")[0]) >= 20;
  return {
    name: "Node.js",
    result: good ? "ok" : "fail",
    detail: version,
    ...(!good && { fix: "Install Node.js 20 or later: https://nodejs.org" }),
  };
}

async function pulumi(io: Io): Promise<Check> {
  const { error, stdout } = await run("pulumi", ["version"], io);
  if (!error) return { name: "Pulumi CLI", result: "ok", detail: stdout.trim() };
  return {
    name: "Pulumi CLI",
    result: "fail",
    detail: "not found",
    fix: "Install it: https://www.pulumi.com/docs/install/ (`npm run plan` works without)",
  };
}

async function docker(io: Io): Promise<Check> {
  const { error, stdout, stderr } = await run("docker", ["version", "--format", "{{.Server.Version}}"], io);
  if (!error) return { name: "Docker", result: "ok", detail: `engine ${stdout.trim()}` };
  if (error.code === "ENOENT")
    return {
      name: "Docker",
      result: "fail",
      detail: "not found",
      fix: "Install Docker with buildx: it builds the image during `pulumi up`",
    };
  return {
    name: "Docker",
    result: "fail",
    detail: stderr.trim().split("\n")[0] || "no daemon",
    fix: "Start the Docker daemon, and check that you may use it",
  };
}

/** Whether images for both architectures can be built here: the other one needs emulation. */
async function platforms(io: Io): Promise<Check> {
  const { error, stdout } = await run("docker", ["buildx", "inspect"], io);
  const name = "Image platforms";
  if (error)
    return { name, result: "warn", detail: "docker buildx is not available", fix: "Install the buildx plugin: images are built with it" };
  const found = [...new Set(/Platforms:\s*(.*)/.exec(stdout)?.[1]?.match(/linux\/(?:amd64|arm64)\b/g) ?? [])];
  const missing = ["linux/amd64", "linux/arm64"].filter((platform) => !found.includes(platform));
  if (missing.length === 0) return { name, result: "ok", detail: found.join(", ") };
  return {
    name,
    result: "warn",
    detail: `${found.join(", ") || "unknown"}; no emulation of ${missing.join(", ")}`,
    fix: `For a service of that architecture: docker run --privileged --rm tonistiigi/binfmt --install ${missing.map((platform) => platform.split("/")[1]).join(",")}`,
  };
}

async function plugin(io: Io): Promise<Check> {
  const { error, stdout } = await run("session-manager-plugin", ["--version"], io);
  if (!error) return { name: "Session Manager plugin", result: "ok", detail: stdout.trim() };
  return {
    name: "Session Manager plugin",
    result: "warn",
    detail: "not found; only `npx berth exec` needs it",
    fix: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
  };
}

async function cloud(aws: Aws): Promise<Check[]> {
  const region = await attempt("AWS region", async () => ({ name: "AWS region", result: "ok", detail: await aws.region() }));
  if (region.result === "fail") return [region];
  const account = await attempt("AWS credentials", async () => {
    const identity = await aws.sts().getCallerIdentity({});
    return { name: "AWS credentials", result: "ok", detail: `account ${identity.Account}, ${identity.Arn}` };
  });
  if (account.result === "fail") return [region, account];
  const ecs = attempt("Amazon ECS", async () => {
    const { clusterArns = [] } = await aws.ecs().listClusters({});
    return { name: "Amazon ECS", result: "ok", detail: `reachable, ${clusterArns.length} clusters` };
  });
  return [region, account, ...(await Promise.all([ecs, ...QUOTAS.map((each) => quota(aws, each))]))];
}

async function quota(aws: Aws, { service, code, name }: Quota): Promise<Check> {
  const title = `Quota ${name}`;
  const check = await attempt(title, async () => {
    const { limit, used } = await quotaUse(aws, { service, code });
    if (used === undefined) return { name: title, result: "ok", detail: `limit ${limit}; AWS does not measure the use` };
    if (used < limit) return { name: title, result: "ok", detail: `${used} of ${limit} in use` };
    return {
      name: title,
      result: "fail",
      detail: `${used} of ${limit} in use: none left`,
      fix: requestIncrease({ service, code }),
    };
  });
  // Not to be allowed to read quotas stops no deployment.
  return check.result === "fail" && check.detail.startsWith("AWS ") ? { ...check, result: "warn" } : check;
}

async function attempt(name: string, check: () => Promise<Check>): Promise<Check> {
  return check().catch((error: unknown) => failed(name, error));
}
