// What the environment says of the whole stack: network, cluster and load balancer, and what its workloads say together.
import type { Path } from "../ledger";
import { isMap } from "../values";
import type { Task } from "./container";
import { existing } from "./existing";
import type { Manifest } from "./manifest";
import type { Deployed } from "./stacks";
import { platformOf } from "./task";
import { asRange } from "./traffic";
import type { Needs } from "./workloads";

/** What the stack is made for. */
export interface Stack {
  tasks: readonly Task[];
  needs: readonly Needs[];
  /** Whether the load balancer is one inside the network. */
  isInternal: boolean;
}

/** Translates the manifest of the environment, which may be absent, and what goes with the stack. */
export function environment(manifest: Manifest, stack: Stack, deployed: Deployed | undefined): void {
  const { tasks, needs, isInternal } = stack;
  const isRouted = needs.some((one) => one.isRouted);
  architecture(manifest, tasks);
  if (deployed) {
    placed(tasks, true);
    existing(manifest, stack, deployed);
    return;
  }
  network(manifest, tasks);
  cluster(manifest, needs, tasks);
  if (isRouted) loadBalancer(manifest, needs, isInternal);
  manifest.fields([], {
    name: manifest.text((at) => manifest.same(at, "the stack is the environment's")),
    type: manifest.text((at) => manifest.same(at, "the stack is the environment's")),
    network: (at) => manifest.fields(at, { vpc: () => undefined }),
    observability: (at) => manifest.fields(at, { container_insights: () => undefined }),
    http: (at) => {
      const idle = "no workload that is taken over has a route by it.";
      const none = (of: string) => (field: Path) =>
        isRouted && isInternal === (of === "private") ? undefined : manifest.leave(field, `a load balancer of its own: ${idle}`);
      manifest.fields(at, { public: none("public"), private: none("private") });
    },
    cdn: (at) =>
      manifest.leave(at, "CloudFront is no part of a stack: it stays as it is, or is an aws.cloudfront.Distribution in index.ts."),
  });
}

function architecture(environment: Manifest, tasks: readonly Task[]): void {
  const arms = tasks.filter((task) => platformOf(task)?.architecture === "arm64");
  const isArm = arms.length > 0;
  if (isArm) environment.set(["architecture"], "arm64");
  for (const task of tasks) {
    const platform = platformOf(task);
    const path: Path = ["platform"];
    const fits = (platform?.architecture === "arm64") === isArm;
    if (!fits)
      task.manifest.leave(
        path,
        "a stack has one architecture, arm64 here: build the image for it, or take the workload into another stack.",
      );
    else if (isMap(task.manifest.read(path)))
      task.manifest.fields(path, {
        osfamily: (at) => task.manifest.same(at, "Linux"),
        architecture: (at) => task.manifest.take(at, ["architecture"], isArm ? "arm64" : "x86_64"),
      });
    else if (platform) task.manifest.take(path, ["architecture"], isArm ? "arm64" : "x86_64");
  }
}

const PLACEMENT: Path = ["network", "vpc", "placement"];

/** Where the stack's tasks run: where one does so in private subnets, all do. */
function placed(tasks: readonly Task[], isImported: boolean): void {
  const where = (task: Task) => task.manifest.read(PLACEMENT);
  const isPrivate = tasks.some((task) => where(task) === "private");
  const setting: [Path, string] = isImported
    ? [["network", "existing", "tasks"], isPrivate ? "private" : "public"]
    : [["network", "nat"], isPrivate ? "perZone" : "none"];
  for (const task of tasks) {
    const { manifest } = task;
    const value = where(task) ?? "public";
    if (isMap(value)) {
      const subnets = (at: Path) =>
        manifest.leave(at, "name the subnets in network.existing (publicSubnetIds, privateSubnetIds), which holds for the whole stack.");
      manifest.fields(PLACEMENT, {
        subnets: (at, given) => (isMap(given) ? manifest.fields(at, { from_tags: subnets }) : subnets(at)),
      });
    } else if (value === "private" || (value === "public" && !isPrivate)) manifest.take(PLACEMENT, ...setting);
    else if (value === "public")
      manifest.change(PLACEMENT, "the tasks run in private subnets, because others of the stack do", {
        keep: "a stack of its own (berth adopt --service)",
      });
    else manifest.leave(PLACEMENT, "Copilot takes public or private here.");
  }
}

function network(manifest: Manifest, tasks: readonly Task[]): void {
  const vpc: Path = ["network", "vpc"];
  const ids = (kind: string) => {
    const subnets = manifest.read([...vpc, "subnets", kind]);
    return Array.isArray(subnets) ? subnets.flatMap((one) => (isMap(one) && typeof one.id === "string" ? [one.id] : [])) : [];
  };
  const isImported = manifest.read([...vpc, "id"]) !== undefined;
  placed(tasks, isImported);
  const existing: Path = ["network", "existing"];
  if (!isImported && manifest.read([...vpc, "flow_logs"]) === undefined)
    manifest.take([...vpc, "flow_logs"], ["network", "flowLogs"], false);
  const subnets = (kind: "public" | "private") => (at: Path) => {
    const divided = (field: Path) => manifest.change(field, "a new network divides its range by itself, and what is there stays as it is");
    const setting = [...existing, `${kind}SubnetIds`];
    manifest.items(at, (one) =>
      manifest.fields(one, { id: (field) => manifest.take(field, setting, ids(kind)), cidr: divided, az: divided }),
    );
  };
  const rules = (at: Path) =>
    manifest.leave(at, "these are rules of the environment's group, which stays as it is; a service is let in by allowFrom in index.ts.");
  manifest.fields(vpc, {
    id: manifest.into.text([...existing, "vpcId"]),
    cidr: manifest.into.text(["network", "cidrBlock"]),
    subnets: (at) => manifest.fields(at, { public: subnets("public"), private: subnets("private") }),
    security_group: (at) => manifest.fields(at, { ingress: rules, egress: rules }),
    flow_logs: (at, value) => {
      const days = manifest.into.number(["network", "flowLogs"]);
      if (isImported) return manifest.leave(at, "flow logs are of the network, which stays as it is.");
      if (isMap(value)) return manifest.fields(at, { retention: days });
      return manifest.flag((field, on) => manifest.take(field, ["network", "flowLogs"], on ? 14 : false))(at, value);
    },
  });
}

function cluster(manifest: Manifest, needs: readonly Needs[], tasks: readonly Task[]): void {
  const at: Path = ["observability", "container_insights"];
  const byMessages = tasks.some((task) => task.manifest.read(["count", "queue_delay"]) !== undefined);
  const setting = ["cluster", "containerInsights"];
  const take = manifest.flag((field, on) => manifest.take(field, setting, on ? "enabled" : "disabled"));
  if (byMessages && manifest.read(at) !== true)
    manifest.change(at, "Container Insights counts the tasks, over which messages are spread", { setting, value: "enabled" });
  else take(at, manifest.read(at) ?? false);
  if (needs.some((one) => one.hasName)) manifest.set(["cluster", "dnsNamespace"], manifest.namespace);
}

function loadBalancer(manifest: Manifest, needs: readonly Needs[], isInternal: boolean): void {
  const at: Path = ["http", isInternal ? "private" : "public"];
  const setting = ["loadBalancer"];
  if (isInternal) manifest.set([...setting, "internal"], true);
  if (manifest.read([...at, "access_logs"]) === undefined) manifest.take([...at, "access_logs"], [...setting, "accessLogs"], false);
  const isImported = manifest.read(["network", "vpc", "id"]) !== undefined;
  const range = isImported ? undefined : [manifest.read(["network", "vpc", "cidr"]) ?? "10.0.0.0/16"];
  if (isInternal && range) manifest.set([...setting, "allowedCidrBlocks"], range);
  domains(manifest, needs, manifest.read([...at, "certificates", 0]) !== undefined);
  const oldGroups = (use: Record<string, (path: Path, value: unknown) => void>) => (field: Path) =>
    manifest.fields(field, { ingress: (its) => manifest.fields(its, use) });
  const fromCdn = manifest.flag((field, on) =>
    on ? manifest.take(field, [...setting, "allowedPrefixLists"], ["cloudfront"]) : manifest.same(field, "anybody"),
  );
  const fromVpc = manifest.flag((field, on) =>
    on && range
      ? manifest.take(field, [...setting, "allowedCidrBlocks"], range)
      : manifest.same(field, "an internal load balancer is reached from inside the network"),
  );
  manifest.fields(at, {
    certificates: (field) =>
      manifest.items(field, (at, arn, i) =>
        manifest.take(
          at,
          i === 0 ? [...setting, "certificateArn"] : [...setting, "domains", `certificate-${i + 1}`, "certificateArn"],
          arn,
        ),
      ),
    access_logs: (field, value) => {
      const why = "a bucket of the load balancer's own, kept for 90 days";
      const log = (its: Path) => manifest.change(its, why, { setting: [...setting, "accessLogs"], value: 90 });
      if (isMap(value))
        return manifest.fields(field, {
          bucket_name: log,
          prefix: (its) => manifest.same(its, "the logs have a bucket of their own"),
        });
      return manifest.flag((its, on) => (on ? log(its) : manifest.take(its, [...setting, "accessLogs"], false)))(field, value);
    },
    ssl_policy: manifest.into.text([...setting, "sslPolicy"]),
    subnets: (field) => manifest.leave(field, "an internal load balancer is in the private subnets (network.existing.privateSubnetIds)."),
    ingress: (field) =>
      manifest.fields(field, {
        cdn: fromCdn,
        vpc: fromVpc,
        source_ips: manifest.texts((its, ranges) => manifest.take(its, [...setting, "allowedCidrBlocks"], ranges.map(asRange))),
      }),
    security_groups: oldGroups({
      restrict_to: (its) => manifest.fields(its, { cdn: fromCdn }),
      from_vpc: fromVpc,
    }),
  });
}

/** The names of all services: in one zone, or each zone's by itself. Without a zone to write to, a certificate that is there is all. */
function domains(manifest: Manifest, needs: readonly Needs[], hasCertificate: boolean): void {
  const aliases = needs.flatMap((one) => one.aliases);
  const zones = [...new Set(aliases.map(({ zone }) => zone))].filter((zone) => zone !== undefined || !hasCertificate);
  for (const [i, zone] of zones.entries()) {
    const names = [...new Set(aliases.filter((one) => one.zone === zone).map(({ name }) => name))];
    const at: Path = i === 0 ? ["loadBalancer"] : ["loadBalancer", "domains", `zone-${i + 1}`];
    manifest.set([...at, "domain"], names.length === 1 ? names[0] : names);
    // A name such as example.com is in its own zone; app.example.com is looked for in example.com.
    const apex = names.find((name) => name.split(".").length === 2);
    if (zone !== undefined || apex !== undefined) manifest.set([...at, "hostedZone"], zone ?? apex);
  }
}
