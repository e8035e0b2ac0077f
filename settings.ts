import * as pulumi from "@pulumi/pulumi";
import { type HasOrigin, ORIGIN, type Origin, refusal } from "./components/base/origin";
import { type Complaint, parse, pick, type Values, withDefaults } from "./components/base/schema";
import { ec2Service, fargateService, service } from "./components/service/arguments";
import { secretGrant } from "./facts/arns";
import { keepSecret } from "./facts/credentials";
import { UserError } from "./facts/errors";
import { OF_THE_STACK } from "./settings/service";
import { type StackSettings, stack as stackGroup } from "./settings/stack";

type StackValues = Values<typeof stackGroup.entries>;

/** What stands in the configuration, by key without the project's name. */
type Raw = Record<string, unknown>;

/** What the offline plan puts in place of a value that only Pulumi can decrypt. */
const SEALED = "[secret]";

/** The settings of this stack: its configuration, checked as a whole. Throws one UserError that names everything that is wrong. */
export function readSettings() {
  const { given, complaints, sealed } = check();
  // A password in the environment is one mistake, and the first complaint has said what to do.
  const further = complaints.filter(({ path }) => !sealed.some((one) => path.every((key, i) => one.path[i] === key)));
  if (given === undefined || sealed.length > 0) throw refusal(from(), [...sealed, ...further]);
  return compose(given);
}

function check() {
  try {
    const { raw, sealed } = unseal(configuration());
    return { ...parse(stackGroup, raw), sealed };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${from().whose}: a setting is nested too deeply to be read; none is more than a few levels deep.`);
  }
}

/** A stack's settings, checked and typed. */
export type Settings = ReturnType<typeof readSettings>;

/** The stack file as the origin of arguments: what stands under `group`, or for the whole stack. */
const from = (...group: string[]): Origin => ({
  whose: `Pulumi.${pulumi.getStack()}.yaml`,
  noun: "setting",
  at: (path) => {
    // The image is called what the service is.
    if (group[0] === "image" && path[0] === "name") return ["service", ...path];
    return OF_THE_STACK.some((key) => key === path[0]) ? path : [...group, ...path];
  },
});

/** The cluster's groups of instances stand in the stack file by themselves. */
function ofCluster(): Origin {
  const own = from("cluster");
  const at: Origin["at"] = (path) => {
    if (path[0] === "ec2") return [path[0], ...path.slice(2)];
    return path[0] === "managedInstances" ? path : own.at(path);
  };
  return { ...own, at };
}

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
    { key: "service", at: ["service"], owner: config.service as HasEnvironment },
    ...Object.entries((config.tasks ?? {}) as Raw).map(([name, owner]) => ({
      key: "tasks",
      at: ["tasks", name],
      owner: owner as HasEnvironment,
    })),
  ];
  const sealed = owners.flatMap(({ key, at, owner }) => {
    const unreadable = isSecret(key) && !JSON.stringify(config[key]).includes(SEALED);
    return Object.entries(owner?.environment ?? {})
      .filter(([, value]) => unreadable || value === SEALED)
      .map(([name]) => ({
        path: [...at, "environment", name],
        text: `nothing under ${key} may be encrypted while it has an environment, which everyone sees who may read the task. ${keepSecret(name)}`,
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

/** What a service on it takes of the settings. */
const SERVICE = { fargate: fargateService, ec2: ec2Service, "managed-instances": service };

/** The settings as the components take them: words that stand for several arguments are spelled out, and what all components take stands apart. */
function compose(given: StackSettings) {
  const stack = withDefaults(stackGroup, given);
  const { compute, encryption, kmsKeyArn, permissionsBoundary, architecture, deletionProtection, tags } = stack;
  const { existing, ...network } = given.network ?? {};
  const { name, path, host } = stack.service;
  const { image = {} } = given;
  const secrets = image.secrets && Object.fromEntries(Object.entries(image.secrets).map(([id, value]) => [id, pulumi.secret(value)]));
  const context = image.imageUri === undefined ? { context: image.context ?? "./app" } : {};
  return {
    compute,
    name,
    encryption,
    common: { tags, ...(kmsKeyArn !== undefined && { kmsKeyArn }), ...(permissionsBoundary !== undefined && { permissionsBoundary }) },
    existingNetwork: existing && { ...existing, ...origin(from("network", "existing")) },
    network: {
      ...network,
      ...(network.endpoints === "private" && { endpointServices: services(stack) }),
      ...origin(from("network")),
    },
    cluster: { ...given.cluster, ...instances(stack, given), ...origin(ofCluster()) },
    image: { forceDelete: !deletionProtection, ...image, ...context, ...(secrets && { secrets }), architecture, ...origin(from("image")) },
    loadBalancer: { deletionProtection, forceDestroyLogs: !deletionProtection, ...given.loadBalancer, ...origin(from("loadBalancer")) },
    route: { path, ...(host !== undefined && { host }), ...origin(from("service")) },
    service: { ...pick(given.service ?? {}, SERVICE[compute]), ...origin(from("service")) },
    tasks: Object.entries(given.tasks ?? {}).map(([task, its]) => ({ name: task, compute, ...its, ...origin(from("tasks", task)) })),
  };
}

/** What tells a component that these arguments stand in the stack file. */
const origin = (place: Origin): HasOrigin => ({ [ORIGIN]: place });

/** Share of Spot instances that a word stands for, as the same word does on Fargate. */
const SPOT_PERCENT = { onDemand: 0, mixed: 75, spot: 100 };

/** The instances that the cluster needs beside Fargate. */
function instances({ compute, architecture }: StackValues, { ec2, managedInstances, service: { capacity, sleep } = {} }: StackSettings) {
  if (compute === "ec2") {
    const instanceTypes = architecture === "arm64" ? ["t4g.medium"] : ["t3.medium"];
    const words = { ...(capacity && { spotPercent: SPOT_PERCENT[capacity] }), ...(sleep && { sleep }) };
    return { ec2: { ec2: { instanceTypes, ...words, ...ec2 } } };
  }
  if (compute === "fargate") return {};
  return { managedInstances: { ...(capacity === "spot" && { capacity }), ...managedInstances, architecture } };
}

/** The AWS services that are called before the app does anything: by the ECS agent of an instance, for the task's secrets, for exec sessions. */
function services({ compute, network, service: { secrets, exec } }: StackValues): string[] {
  const agent = compute === "fargate" ? [] : ["ecs", "ecs-agent", "ecs-telemetry"];
  const stores = Object.values(secrets).flatMap((arn) => (typeof arn === "string" && secretGrant(arn)?.service) || []);
  return [...new Set([...network.endpointServices, ...agent, ...stores, ...(exec ? ["ssmmessages"] : [])])];
}
