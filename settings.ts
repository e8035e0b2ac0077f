import * as pulumi from "@pulumi/pulumi";
import { type HasOrigin, ORIGIN, type Origin, refusal } from "./components/base/origin";
import { type Complaint, parse, pick, type Values, withDefaults } from "./components/base/schema";
import { ec2Service, fargateService, service } from "./components/service/arguments";
import { placeComplaint, secretGrant } from "./facts/arns";
import { keepSecret } from "./facts/credentials";
import { UserError } from "./facts/errors";
import { OF_THE_STACK } from "./settings/service";
import { type StackSettings, stack as stackGroup } from "./settings/stack";
import { inheriting } from "./settings/tasks";

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
  const elsewhere = keysElsewhere(given);
  if (elsewhere.length > 0) throw refusal(from(), elsewhere);
  return compose(given);
}

/** What is wrong with keys that encrypt what the stack has: each is of the stack's own region. */
function keysElsewhere({ kmsKeyArn, cluster }: StackSettings): Complaint[] {
  const keys: [path: string[], arn: unknown][] = [
    [["kmsKeyArn"], kmsKeyArn],
    [["cluster", "ephemeralStorageKmsKeyArn"], cluster?.ephemeralStorageKmsKeyArn],
  ];
  return keys.flatMap(([path, arn]) => {
    const complaint = typeof arn === "string" ? placeComplaint(arn, stackRegion()) : undefined;
    return complaint === undefined ? [] : [{ path, text: complaint }];
  });
}

/** The region of the stack file; another one may come from the environment. */
function stackRegion(): { region?: string } {
  const region = pulumi.runtime.allConfig()["aws:region"];
  return region === undefined ? {} : { region };
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
 * Encrypted values, which are kept secret in `image.secrets` alone: anything else stands in plain text in the state, and in AWS. Pulumi decrypts them and says
 * only of a whole key (`service`) that something in it was encrypted; the offline plan cannot read them, and marks each.
 */
function unseal(config: Raw): { raw: Raw; sealed: Complaint[] } {
  const sealed = Object.entries(config).flatMap(([key, value]) => {
    const marks = marksIn(value, [key]);
    if (marks.length > 0) return marks.filter(([group, name]) => group !== "image" || name !== "secrets").map(readable);
    const kept = key === "image" && (value as { secrets?: object }).secrets !== undefined;
    if (!isSecret(key) || kept) return [];
    const environments = environmentsIn(key, value);
    return (environments.length > 0 ? environments : [[key]]).map(readable);
  });
  const { image, ...rest } = config;
  return { raw: { ...(unmark(rest) as Raw), ...(image !== undefined && image !== SEALED && { image }) }, sealed };
}

/** What is wrong with an encrypted value, and what to do instead. */
function readable(path: string[]): Complaint {
  const which = path.length > 1 ? "this one" : "one here";
  const instead =
    path.at(-2) === "environment"
      ? keepSecret(path.at(-1)!)
      : "Leave it in plain text, or keep it in Secrets Manager or Parameter Store and give its ARN in secrets.";
  return {
    path,
    text: `encrypted values are kept secret in image.secrets alone; ${which} would stand in plain text in the state and in AWS. ${instead}`,
  };
}

/** Where the marks of encrypted values are. */
function marksIn(value: unknown, path: string[]): string[][] {
  if (value === SEALED) return [path];
  return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, inner]) => marksIn(inner, [...path, key])) : [];
}

/** The variables under a key, where an encrypted value most likely is. */
function environmentsIn(key: string, value: unknown): string[][] {
  const owners =
    key === "tasks" ? Object.entries(value ?? {}).map(([name, its]) => [[key, name], its] as const) : [[[key], value] as const];
  return owners.flatMap(([path, its]) =>
    Object.keys((its as { environment?: object } | null)?.environment ?? {}).map((name) => [...path, "environment", name]),
  );
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
  const { name, formerName, path, host } = stack.service;
  const { image = {} } = given;
  const secrets = image.secrets && Object.fromEntries(Object.entries(image.secrets).map(([id, value]) => [id, pulumi.secret(value)]));
  const context = image.imageUri === undefined ? { context: image.context ?? "./app" } : {};
  return {
    compute,
    name,
    renamed: formerName === undefined ? undefined : { aliases: [{ name: formerName }] },
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
    tasks: Object.entries(given.tasks ?? {}).map(([task, its]) => ({
      name: task,
      compute,
      ...inheriting(its, given.service),
      ...origin(from("tasks", task)),
    })),
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

/** The AWS services that are called before the app does anything: by the ECS agent of an instance, for the secrets of a task, for exec sessions. */
function services({ compute, encryption, kmsKeyArn, network, service, tasks }: StackValues): string[] {
  const all = [service, ...Object.values(tasks)];
  const agent = compute === "fargate" ? [] : ["ecs", "ecs-agent", "ecs-telemetry"];
  const stores = all.flatMap(({ secrets }) =>
    Object.values(secrets).flatMap((arn) => (typeof arn === "string" && secretGrant(arn)?.service) || []),
  );
  const ownKey = encryption === "own" || kmsKeyArn !== undefined;
  const sessions = all.some(({ exec }) => exec) ? ["ssmmessages", ...(ownKey ? ["kms"] : [])] : [];
  return [...new Set([...network.endpointServices, ...agent, ...stores, ...sessions])];
}
