import * as pulumi from "@pulumi/pulumi";
import { ORIGIN, refusal } from "./components/base/origin";
import { type Complaint, parse, type Values, withDefaults } from "./components/base/schema";
import type { Secret } from "./components/task/secrets";
import { placeComplaint } from "./facts/arns";
import { keepSecret } from "./facts/credentials";
import { UserError } from "./facts/errors";
import { endpointOf } from "./facts/permissions";
import { namedSecret } from "./facts/secrets";
import { alarmsOf } from "./settings/alarms";
import { daemonsOf } from "./settings/daemons";
import { existingOf, keyOf } from "./settings/elsewhere";
import { fileSystemsOf, withProtection } from "./settings/file-systems";
import { hasOwnSource } from "./settings/image";
import { instancesOf, someInstances } from "./settings/instances";
import { from, ofCluster } from "./settings/places";
import { queuesOf } from "./settings/queues";
import { asReview } from "./settings/review";
import { formerNames, imagesOf, isConnected, isReached, listed, mainOf, placeOf, servicesOf } from "./settings/services";
import { imagesBeside } from "./settings/sidecars";
import { type StackSettings, stack as stackGroup } from "./settings/stack";
import { tasksOf } from "./settings/tasks";

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
function keysElsewhere(given: StackSettings): Complaint[] {
  const { kmsKeyArn, cluster } = given;
  const keys: [path: string[], arn: unknown][] = [
    [["kmsKeyArn"], kmsKeyArn],
    [["cluster", "ephemeralStorageKmsKeyArn"], cluster?.ephemeralStorageKmsKeyArn],
    // That of a queue that stands is where the queue is.
    ...listed(given).flatMap((one): [string[], unknown][] =>
      one.given.queue?.arn === undefined ? [[[...placeOf(one), "queue", "kmsKeyArn"], one.given.queue?.kmsKeyArn]] : [],
    ),
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
    const checked = parse(stackGroup, raw);
    const meant = checked.given && asReview(checked.given);
    return { ...(meant === checked.given ? checked : parse(stackGroup, meant)), sealed };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${from().whose}: a setting is nested too deeply to be read; none is more than a few levels deep.`);
  }
}

/** A stack's settings, checked and typed. */
export type Settings = ReturnType<typeof readSettings>;

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
 * Encrypted values, which are kept secret in `image.secrets`, as the `value` of a variable in `secrets` and in `signIn.clientSecret` alone: anything else stands in plain text in the
 * state, and in AWS. Pulumi decrypts them and says only of a whole key (`service`) that something in it was encrypted; the offline plan cannot read them, and
 * marks each.
 */
function unseal(config: Raw): { raw: Raw; sealed: Complaint[] } {
  const sealed = Object.entries(config).flatMap(([key, value]) => {
    const marks = marksIn(value, [key]);
    const given = valuesIn(value, [key]).filter((path) => !marks.some((mark) => String(mark) === String(path)));
    if (marks.length > 0) return [...marks.filter((path) => !isKept(path)).map(readable), ...given.map(unencrypted)];
    if (!isSecret(key)) return given.map(unencrypted);
    if (hasKept(value, [key])) return [];
    const environments = environmentsIn(key, value);
    return (environments.length > 0 ? environments : [[key]]).map(readable);
  });
  return { raw: unmark(config, []) as Raw, sealed };
}

/** Whether a path is that of a secret of an image's build: of the stack's image, or of a service's own. */
const isBuildSecret = (path: string[]) => /^(services\n.*\n)?image\nsecrets(\n|$)/.test(path.join("\n"));

/** Whether a path is that of a value that is stored in Secrets Manager. */
const isStored = (path: string[]) =>
  /^(service|(services|tasks|daemons)\n[^\n]*)((\nsidecars\n[^\n]*)?\nsecrets|\nlogging\nsecretOptions)\n[^\n]*\nvalue$/.test(
    path.join("\n"),
  );
/** Whether a path is that of the address that messages are sent to. */
const isEndpoint = (path: string[]) => path.join("\n") === "notify\nhttpsEndpoint";
/** Whether a path is that of the secret with which a load balancer asks an identity provider who somebody is. */
const isClientSecret = (path: string[]) => /^(service|services\n[^\n]*)(\nports\n[^\n]*)?\nsignIn\nclientSecret$/.test(path.join("\n"));
/** Whether a path is that of a value that must be encrypted, because it is somebody's to keep secret. */
const isOnlyEncrypted = (path: string[]) => isStored(path) || isClientSecret(path) || isEndpoint(path);
const isKept = (path: string[]) => isBuildSecret(path) || isOnlyEncrypted(path);

const hasKept = (value: unknown, path: string[]): boolean =>
  (isKept(path) && !(isClientSecret(path) && typeof value === "object")) ||
  entriesOf(value).some(([key, inner]) => hasKept(inner, [...path, key]));

/** Where the values are that are to be kept secret, beside those of an image's build. */
const valuesIn = (value: unknown, path: string[]): string[][] =>
  isOnlyEncrypted(path)
    ? typeof value === "string" && value !== ""
      ? [path]
      : []
    : entriesOf(value).flatMap(([key, inner]) => valuesIn(inner, [...path, key]));

/** What is wrong with a value that stands in the stack file for everyone to read. */
const unencrypted = (path: string[]): Complaint => ({
  path,
  text: `it is in plain text; encrypt it: pulumi config set --secret --path ${path.join(".")}.`,
});

/** The entries of an object; anything else has none. */
const entriesOf = (value: unknown): [key: string, inner: unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

/** What is wrong with an encrypted value, and what to do instead. */
function readable(path: string[]): Complaint {
  const which = path.length > 1 ? "this one" : "one here";
  const instead =
    path.at(-2) === "environment"
      ? keepSecret(path.at(-1)!)
      : "Leave it in plain text, or keep it in Secrets Manager or Parameter Store and name it in secrets.";
  return {
    path,
    text: `encrypted values are kept secret in image.secrets, as value in secrets, in signIn.clientSecret and in notify.httpsEndpoint alone; ${which} would stand in plain text in the state and in AWS. ${instead}`,
  };
}

/** Where the marks of encrypted values are. */
function marksIn(value: unknown, path: string[]): string[][] {
  return value === SEALED ? [path] : entriesOf(value).flatMap(([key, inner]) => marksIn(inner, [...path, key]));
}

/** The variables under a key, where an encrypted value most likely is. */
function environmentsIn(key: string, value: unknown): string[][] {
  const owners: [path: string[], its: unknown][] = ["tasks", "services", "daemons"].includes(key)
    ? entriesOf(value).map(([name, its]) => [[key, name], its])
    : [[[key], value]];
  return owners.flatMap(([path, its]) =>
    entriesOf((its as { environment?: unknown } | null)?.environment).map(([name]) => [...path, "environment", name]),
  );
}

/** Whether Pulumi holds a key of this project as a secret. The SDK has the question, but not in its declared interface. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** The value without the marks in it, but those of what is kept secret, which stand for it. */
function unmark(value: unknown, path: string[]): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== SEALED).map((item) => unmark(item, path));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => inner !== SEALED || isKept([...path, key]));
  return Object.fromEntries(kept.map(([key, inner]) => [key, unmark(inner, [...path, key])]));
}

/** The settings as the components take them: words that stand for several arguments are spelled out, and what all components take stands apart. */
function compose(given: StackSettings) {
  const stack = withDefaults(stackGroup, given);
  const { encryption, kmsKeyArn, permissionsBoundary, architecture, deletionProtection, tags } = stack;
  const network = given.network ?? {};
  const services = servicesOf(given).map((service) => withProtection(service, deletionProtection));
  const routed = listed(given).some(isReached);
  const { existingLoadBalancer, ...existing } = existingOf(given);
  const { mirrors, external } = imagesBeside([
    ...listed(given).map((one) => ({ ...one.given, name: one.name, formerNames: formerNames(one), place: from(...placeOf(one)) })),
    ...Object.entries(given.tasks ?? {}).map(([name, task]) => ({ ...task, name, formerNames: [], place: from("tasks", name) })),
  ]);
  return {
    platform: given.platform,
    encryption,
    common: { tags, ...(kmsKeyArn !== undefined && { kmsKeyArn }), ...(permissionsBoundary !== undefined && { permissionsBoundary }) },
    ...existing,
    existingLoadBalancer: routed ? existingLoadBalancer : undefined,
    existingKey: encryption === "platform" ? keyOf(given) : undefined,
    network: {
      ...network,
      ...(network.endpoints === "private" && { endpointServices: awsServices(stack, given) }),
      [ORIGIN]: from("network"),
    },
    cluster: { ...given.cluster, ...instancesOf(given), [ORIGIN]: ofCluster() },
    images: [...imagesOf(given), ...external].map(({ secrets, ...image }) => ({
      ...(image.repositoryUrl === undefined && { forceDelete: !deletionProtection }),
      ...image,
      ...(!hasOwnSource(image) && { context: "./app" }),
      ...(secrets && { secrets: Object.fromEntries(Object.entries(secrets).map(([id, value]) => [id, pulumi.secret(value)])) }),
      architecture,
    })),
    /** Images of sidecars that are copied into ECR. */
    mirrors: mirrors.map((image) => ({ ...image, architecture, forceDelete: !deletionProtection })),
    loadBalancer: routed
      ? { deletionProtection, forceDestroyLogs: !deletionProtection, ...given.loadBalancer, [ORIGIN]: from("loadBalancer") }
      : undefined,
    networkLoadBalancer: listed(given).some(isConnected)
      ? { deletionProtection, ...given.networkLoadBalancer, [ORIGIN]: from("networkLoadBalancer") }
      : undefined,
    services,
    /** The service that is meant where none is named, if one can be. */
    main: mainOf(given)?.name,
    /** Whether there are services by name. */
    byName: Object.keys(given.services ?? {}).length > 0,
    queues: queuesOf(
      listed(given).map((one) => ({ ...one, place: placeOf(one), formerNames: formerNames(one) })),
      deletionProtection,
    ),
    tasks: tasksOf(given).map((task) => withProtection(task, deletionProtection)),
    daemons: daemonsOf(given, given.architecture),
    fileSystems: fileSystemsOf(given, deletionProtection),
    ...alarmsOf(given),
    ...(given.adopted && { adopted: { ...given.adopted, [ORIGIN]: from() } }),
  };
}

/** The service that a secret is in. */
function storeOf(given: Secret): string | undefined {
  if (typeof given === "object" && "value" in given) return "secretsmanager";
  const text = typeof given === "object" && "secret" in given ? given.secret : given;
  return typeof text === "string" ? namedSecret(text)?.service : undefined;
}

/** The AWS services that are called by the ECS agent of an instance, for the secrets of a task, for exec sessions, and by the app as far as its permissions say. */
function awsServices({ encryption, kmsKeyArn, network, tasks, daemons }: StackValues, given: StackSettings): string[] {
  const all = [...listed(given).map((one) => one.given), ...Object.values(tasks)];
  const agent = someInstances(given) ? ["ecs", "ecs-agent", "ecs-telemetry"] : [];
  const stores = [
    ...all.flatMap(({ secrets, sidecars = {}, logging }) => [
      secrets,
      ...Object.values(sidecars).map((its) => its.secrets),
      logging?.secretOptions,
    ]),
    ...Object.values(daemons).map(({ secrets }) => secrets),
  ]
    .flatMap((some) => Object.values(some ?? {}))
    .flatMap((given) => storeOf(given) ?? []);
  const beside = all.flatMap(({ sidecars = {} }) => Object.values(sidecars));
  const images = [given.image, ...Object.values(given.services ?? {}).map(({ image }) => image), ...beside];
  const traced = all.some(({ telemetry }) => telemetry !== undefined);
  const measured = all.some(({ telemetry: its }) => (typeof its === "object" ? its.collector : its) === "cloudwatch");
  const firehose = all.some(({ logging }) => typeof logging?.firelens === "object" && logging.firelens.to === "firehose");
  const ownKey = encryption === "own" || kmsKeyArn !== undefined;
  const sessions = all.some(({ exec }) => exec) ? ["ssmmessages", ...(ownKey ? ["kms"] : [])] : [];
  const used = [...all, ...Object.values(daemons)].flatMap(({ permissions = {} }) =>
    Array.isArray(permissions) ? [] : [...(permissions.read ?? []), ...(permissions.write ?? [])],
  );
  const queues = listed(given).some((one) => one.given.queue) ? ["sqs"] : [];
  const calls = used.flatMap((arn) => (typeof arn === "string" && endpointOf(arn)) || []);
  return [
    ...new Set([
      ...network.endpointServices,
      ...agent,
      ...stores,
      ...(images.some((image) => image?.registryCredentials !== undefined) ? ["secretsmanager"] : []),
      ...(firehose ? ["kinesis-firehose"] : []),
      ...(traced ? ["xray"] : []),
      ...(measured ? ["monitoring"] : []),
      ...sessions,
      ...queues,
      ...calls,
    ]),
  ];
}
