import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import type { Ec2CapacityArgs } from "./components/cluster/ec2-capacity";
import { secretGrant } from "./facts/arns";
import { keepSecret } from "./facts/credentials";
import { UserError } from "./facts/errors";
import { fargateComplaint } from "./facts/sizes";
import { cluster, ec2, managedInstances } from "./settings/capacity";
import { flag, group, oneOf, together } from "./settings/checks";
import { image } from "./settings/image";
import { loadBalancer } from "./settings/load-balancer";
import { network } from "./settings/network";
import { service } from "./settings/service";
import { tasks } from "./settings/tasks";
import { arn, o, tags } from "./settings/values";

type Given = v.InferOutput<typeof groups>;

/** Fargate sells fixed sizes; on instances any size goes. */
const unfit = ({ compute, service: { cpu = 256, memory = 512 } }: Given, key: "cpu" | "memory") => {
  const complaint = compute === "fargate" ? fargateComplaint({ cpu, memory }) : undefined;
  return complaint?.argument === key ? complaint.text : undefined;
};

const groups = group({
  compute: o(oneOf("fargate", "ec2", "managed-instances"), "fargate"),
  architecture: o(oneOf("x86_64", "arm64"), "x86_64"),
  deletionProtection: o(flag(), true),
  tags: o(tags, {}),
  encryption: o(oneOf("aws", "own"), "aws"),
  kmsKeyArn: o(arn("kms", "arn:aws:kms:eu-west-1:111122223333:key/…")),
  permissionsBoundary: o(arn("iam", "arn:aws:iam::111122223333:policy/boundary")),
  network: o(network, {}),
  image: o(image, {}),
  cluster: o(cluster, {}),
  ec2: o(ec2, {}),
  managedInstances: o(managedInstances, {}),
  loadBalancer: o(loadBalancer, {}),
  service: o(service, {}),
  tasks: o(tasks, {}),
  // Of the plan, which reads and checks them; the program has no use for them.
  assumptions: o(v.unknown()),
  budget: o(v.unknown()),
  policy: o(v.unknown()),
});

const INSTANCES_ONLY = {
  networkMode: "tasks on Fargate always have a network interface of their own",
  gpu: "Fargate has no GPUs",
  daemon: "Fargate has no instances to run one task on each",
};

const schema = v.pipe(
  groups,
  together<Given>(["compute", "service.cpu", "service.memory"], "service.cpu", (given) => unfit(given, "cpu")),
  together<Given>(["compute", "service.cpu", "service.memory"], "service.memory", (given) => unfit(given, "memory")),
  ...Object.entries(INSTANCES_ONLY).map(([key, why]) =>
    together<Given>(["compute", `service.${key}`], `service.${key}`, ({ compute, service: given }) => {
      const value = given[key as keyof typeof INSTANCES_ONLY];
      return compute !== "ec2" && value !== undefined && value !== false && value !== "awsvpc"
        ? `${why}${compute === "fargate" ? "" : " (nor has compute: managed-instances this choice)"}; set compute: ec2, or leave it out.`
        : undefined;
    }),
  ),
  together<Given>(["compute", "tasks"], "tasks", ({ compute, tasks }) => {
    const wrong = Object.entries(tasks).flatMap(([name, { compute: own = compute, cpu = 256, memory = 512 }]) => {
      const complaint = own === "fargate" ? fargateComplaint({ cpu, memory }) : undefined;
      return complaint ? [`${name}.${complaint.argument}: ${complaint.text}`] : [];
    });
    return wrong[0];
  }),
  together<Given>(["service.name", "tasks"], "tasks", ({ service: { name = "web" }, tasks }) =>
    name in tasks ? `${name}: the service has that name, and its revisions would be counted with the task's; choose another.` : undefined,
  ),
  together<Given>(["encryption", "kmsKeyArn"], "kmsKeyArn", ({ encryption, kmsKeyArn }) =>
    encryption === "own" && kmsKeyArn !== undefined
      ? "a key of the stack's own is made (encryption: own), and another is named here; leave out one of them."
      : undefined,
  ),
  together<Given>(["compute", "service.capacity"], "service.capacity", ({ compute, service: { capacity } }) =>
    compute === "managed-instances" && capacity === "mixed"
      ? "ECS buys managed instances of one kind; allowed are onDemand, spot."
      : undefined,
  ),
  together<Given>(["compute", "network"], "network.nat", ({ compute, network: { nat, endpoints = "none", existing } }) =>
    compute !== "fargate" && nat === "none" && endpoints === "none" && !existing
      ? `instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: ${compute} set nat to single or perZone, or endpoints to private.`
      : undefined,
  ),
);

/** What stands in the configuration, by key without the project's name. */
type Raw = Record<string, unknown>;

/** What is wrong, and with which setting. */
interface Complaint {
  at: string;
  text: string;
}

/** What the offline plan puts in place of a value that only Pulumi can decrypt. */
const SEALED = "[secret]";

/** The settings of this stack: its configuration, checked as a whole. Throws one UserError that names everything that is wrong. */
export function readSettings() {
  const { result, sealed } = check();
  const issues = (result.issues ?? []).map((issue) => ({ at: path(issue), text: issue.message }));
  // A password in the environment is one mistake, and the first complaint has said what to do.
  const further = issues.filter(({ at }) => !sealed.some((complaint) => complaint.at.startsWith(`${at}.`)));
  const complaints = [...sealed, ...further].map(({ at, text }) => `${at}: ${text}`);
  if (!result.success || complaints.length > 0) {
    throw new UserError(
      `Pulumi.${pulumi.getStack()}.yaml: ${complaints.length === 1 ? "one setting is" : `${complaints.length} settings are`} wrong\n${complaints.map((c) => `  ${short(c)}`).join("\n")}`,
    );
  }
  return compose(result.output);
}

function check() {
  try {
    const { raw, sealed } = unseal(configuration());
    return { result: v.safeParse(schema, raw), sealed };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `Pulumi.${pulumi.getStack()}.yaml: a setting is nested too deeply to be read; none is more than a few levels deep.`,
    );
  }
}

/** A complaint without the middle of what was given, where that is no setting but a file. */
const short = (complaint: string) => (complaint.length > 2000 ? `${complaint.slice(0, 300)} … ${complaint.slice(-700)}` : complaint);

/** A stack's settings, checked and typed. */
export type Settings = ReturnType<typeof readSettings>;

const path = (issue: v.BaseIssue<unknown>) => (issue.path ?? []).map(({ key }) => String(key)).join(".");

/** All keys of this project. Objects and lists reach a program as JSON. */
function configuration(): Raw {
  const own = `${pulumi.getProject()}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(own));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(own.length), parsed(value)]));
}

/** A list or an object where the text is one; what is no JSON stays text, and the check of its key refuses it. */
function parsed(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

/**
 * Encrypted values. Pulumi decrypts them and says only of a whole key (`service`) that something in it was encrypted; the offline plan cannot read them and
 * marks each. An encrypted value in the environment is refused either way; where one must have a form that a mark has not, the plan goes on with the default.
 */
function unseal(config: Raw): { raw: Raw; sealed: Complaint[] } {
  type HasEnvironment = { environment?: Raw } | undefined;
  const owners = [
    { key: "service", at: "service", owner: config.service as HasEnvironment },
    ...Object.entries((config.tasks ?? {}) as Raw).map(([name, owner]) => ({
      key: "tasks",
      at: `tasks.${name}`,
      owner: owner as HasEnvironment,
    })),
  ];
  const sealed = owners.flatMap(({ key, at, owner }) => {
    const unreadable = isSecret(key) && !JSON.stringify(config[key]).includes(SEALED);
    return Object.entries(owner?.environment ?? {})
      .filter(([, value]) => unreadable || value === SEALED)
      .map(([name]) => ({
        at: `${at}.environment.${name}`,
        text: `nothing under ${key} may be encrypted while it has an environment, which everyone sees who may look at the task. ${keepSecret(name)}`,
      }));
  });
  const { image, ...rest } = config;
  return { raw: { ...(unmark(rest) as Raw), ...(image !== undefined && image !== SEALED && { image }) }, sealed };
}

/** Whether Pulumi holds a key of this project as a secret. The SDK has the question, but not in its declared interface. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** The value without the marks in it. */
function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== SEALED).map(unmark);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== SEALED)
      .map(([key, inner]) => [key, unmark(inner)]),
  );
}

/** The settings as the components take them: words that stand for several arguments are spelled out, and what all components take stands apart. */
function compose(given: v.InferOutput<typeof schema>) {
  const { tags, compute, architecture, deletionProtection, network, image, loadBalancer, cluster, service, tasks } = given;
  const { existing, ...newNetwork } = network;
  const { name = "web", path = "/*", host, ...rest } = service;
  const secrets = image.secrets && Object.fromEntries(Object.entries(image.secrets).map(([id, value]) => [id, pulumi.secret(value)]));
  const context = image.imageUri === undefined ? { context: image.context ?? "./app" } : {};
  const { encryption, kmsKeyArn, permissionsBoundary } = given;
  return {
    compute,
    name,
    encryption,
    common: { tags, ...(kmsKeyArn !== undefined && { kmsKeyArn }), ...(permissionsBoundary !== undefined && { permissionsBoundary }) },
    existingNetwork: existing,
    network: { ...newNetwork, ...(newNetwork.endpoints === "private" && { endpointServices: services(given) }) },
    cluster: { ...cluster, ...instances(given) },
    image: { forceDelete: !deletionProtection, ...image, ...context, ...(secrets && { secrets }), architecture },
    loadBalancer: { deletionProtection, forceDestroyLogs: !deletionProtection, ...loadBalancer },
    route: { path, ...(host !== undefined && { host }) },
    service: rest,
    tasks: Object.entries(tasks).map(([task, its]) => ({ name: task, compute, ...its })),
  };
}

/** Share of Spot instances that a word stands for, as the same word does on Fargate. */
const SPOT_PERCENT = { onDemand: 0, mixed: 75, spot: 100 };

/** The instances that the cluster needs beside Fargate. */
function instances({ compute, architecture, ec2, managedInstances, service: { sleep, capacity } }: Given) {
  if (compute === "ec2") {
    const instanceTypes = architecture === "arm64" ? ["t4g.medium"] : ["t3.medium"];
    const words = { ...(capacity && { spotPercent: SPOT_PERCENT[capacity] }), ...(sleep && { sleep }) };
    return { ec2: { ec2: { instanceTypes, ...words, ...ec2 } as Ec2CapacityArgs } };
  }
  if (compute === "fargate") return {};
  return { managedInstances: { ...(capacity === "spot" && { capacity }), ...managedInstances, architecture } };
}

/** The AWS services that are called before the app does anything: by the ECS agent of an instance, for the task's secrets, for exec sessions. */
function services({ compute, network, service: { secrets = {}, exec } }: Given): string[] {
  const agent = compute === "fargate" ? [] : ["ecs", "ecs-agent", "ecs-telemetry"];
  const stores = Object.entries(secrets).map(([secret, arn]) => secretGrant(secret, arn).service);
  return [...new Set([...(network.endpointServices ?? []), ...agent, ...stores, ...(exec ? ["ssmmessages"] : [])])];
}
