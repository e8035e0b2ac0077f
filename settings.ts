import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { secretGrant } from "./components/arns";
import { isCidr, overlaps, vpcComplaint } from "./components/cidr";
import { credentialComplaint, keepSecret } from "./components/credentials";
import { domainComplaint } from "./components/domain";
import { InputError } from "./components/errors";
import { fargateComplaint, parseCpu, parseMemory } from "./components/sizes";
import { flag, group, integer, list, map, offOr, oneOf, oneOfNumbers, scalar, size, text, together } from "./settings/checks";

const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const days = () => oneOfNumbers(LOG_DAYS, "days");
const o = v.optional;

const cidr = (given: string) =>
  isCidr(given) ? undefined : `${JSON.stringify(given)} is not an IPv4 range; write one like "10.0.0.0/16".`;
const domain = () => text(domainComplaint);
const pattern = (regex: RegExp, what: string, example: string) =>
  text((given) => (regex.test(given) ? undefined : `${JSON.stringify(given)} is not ${what}; write one like "${example}".`));
const arn = (service: string, example: string) => pattern(new RegExp(`^arn:[a-z-]+:${service}:`), "an ARN of that kind", example);
const variable = (name: string) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : `${JSON.stringify(name)} is not a name for an environment variable; allowed are letters, digits and "_".`;
const firstOf = (values: Record<string, string>, complain: (name: string, value: string) => string | undefined) =>
  Object.entries(values)
    .map(([name, value]) => complain(name, value))
    .find((complaint) => complaint !== undefined);
const unfit = ({ cpu = 256, memory = 512 }: { cpu?: number; memory?: number }, key: "cpu" | "memory") => {
  const complaint = fargateComplaint({ cpu, memory });
  return complaint?.argument === key ? complaint.text : undefined;
};
const nameComplaint = (given: string) => {
  const nearestName =
    given
      .replace(/[^A-Za-z0-9-]+/g, "-")
      .replace(/^[^A-Za-z]+/, "")
      .slice(0, 24)
      .replace(/-+$/, "") || "web";
  return `${JSON.stringify(given)} does not fit into AWS's names; allowed are 1 to 24 letters, digits and "-", a letter first; the nearest is "${nearestName}".`;
};
const complaintOf = (check: () => unknown) => {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^[^:]+: /, "");
  }
};

const tags = map(
  scalar((value) => (value.length <= 256 ? undefined : `the value has ${value.length} characters; AWS takes 256.`)),
  (key) =>
    key.length > 128
      ? `the tag ${JSON.stringify(`${key.slice(0, 20)}…`)} has ${key.length} characters; AWS takes 128.`
      : key.toLowerCase().startsWith("aws:")
        ? `the tag ${JSON.stringify(key)} begins with "aws:", which AWS keeps for itself.`
        : undefined,
);

const network = v.pipe(
  group({
    cidrBlock: o(text(vpcComplaint)),
    avoidCidrBlocks: o(list(text(cidr))),
    zones: o(integer(2, 3)),
    nat: o(oneOf("none", "single", "perZone")),
    endpoints: o(oneOf("none", "private")),
    endpointServices: o(list(pattern(/^[a-z0-9.-]+$/, "the name of an AWS service", "secretsmanager"))),
    flowLogs: o(offOr(days())),
    existing: o(
      group({
        vpcId: o(pattern(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC", "vpc-0a1b2c3d4e5f67890")),
        publicSubnetIds: o(list(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890"))),
        privateSubnetIds: o(list(pattern(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f67890"))),
        stack: o(pattern(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, "the full name of a stack", "organization/network/prod")),
        tasks: o(oneOf("private", "public")),
      }),
    ),
  }),
  together(["cidrBlock", "avoidCidrBlocks"], "cidrBlock", ({ cidrBlock = "10.0.0.0/16", avoidCidrBlocks = [] }) => {
    const other = avoidCidrBlocks.find((range) => overlaps(cidrBlock, range));
    return other && `${cidrBlock} overlaps ${other}, which avoidCidrBlocks names; choose another range.`;
  }),
  together(["endpoints", "endpointServices"], "endpointServices", ({ endpoints = "none", endpointServices = [] }) =>
    endpoints === "none" && endpointServices.length > 0
      ? 'services are named, but endpoints is "none"; set endpoints: private, or leave endpointServices out.'
      : undefined,
  ),
  together([], "existing", (given) => {
    const others = Object.keys(given).filter((key) => key !== "existing");
    return given.existing && others.length > 0
      ? `the network is there already, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  }),
);

const image = v.pipe(
  group({
    context: o(text()),
    dockerfile: o(text()),
    target: o(text()),
    buildArgs: o(map(scalar(), variable)),
    secrets: o(map(text())),
    cache: o(flag()),
    keep: o(integer(10, 1000, " images")),
    forceDelete: o(flag()),
    kmsKeyArn: o(arn("kms", "arn:aws:kms:eu-west-1:111122223333:key/…")),
    imageUri: o(text()),
  }),
  together(["context", "imageUri"], "imageUri", ({ context, imageUri }) =>
    context !== undefined && imageUri !== undefined
      ? "context and imageUri are both given; an image is either built here or taken as it is."
      : undefined,
  ),
  together(["buildArgs"], "buildArgs", ({ buildArgs = {} }) =>
    firstOf(buildArgs, (name, value) => {
      const complaint = credentialComplaint(name, value);
      return (
        complaint &&
        `build arguments stay in the image's history, and ${name} must not: ${complaint}. Pass it by image.secrets and read it with RUN --mount=type=secret,id=${name}.`
      );
    }),
  ),
);

const loadBalancer = group({
  domain: o(domain()),
  hostedZone: o(domain()),
  certificateArn: o(arn("acm", "arn:aws:acm:eu-west-1:111122223333:certificate/…")),
  requireHttps: o(flag()),
  sslPolicy: o(pattern(/^ELBSecurityPolicy-/, "a TLS policy", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")),
  internal: o(flag()),
  allowedCidrBlocks: o(list(text(cidr))),
  idleTimeout: o(integer(1, 4000, " seconds")),
  deletionProtection: o(flag()),
  accessLogs: o(offOr(integer(30, 400, " days"))),
  forceDestroyLogs: o(flag()),
});

const containerHealthCheck = group({
  command: list(text()),
  interval: o(integer(5, 300, " seconds")),
  timeout: o(integer(2, 60, " seconds")),
  retries: o(integer(1, 10)),
  startPeriod: o(integer(0, 300, " seconds")),
});

const service = v.pipe(
  group({
    name: o(text((given) => (/^[A-Za-z]([A-Za-z0-9-]{0,22}[A-Za-z0-9])?$/.test(given) ? undefined : nameComplaint(given)))),
    cpu: o(size(parseCpu, '"0.25 vCPU" or 256 (1024 units are one vCPU)')),
    memory: o(size(parseMemory, '"512 MB", "1 GB" or 512 (MiB)')),
    ephemeralStorage: o(integer(21, 200, " GiB")),
    port: o(integer(1, 65535)),
    path: o(pattern(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/, "a path pattern", "/*")),
    host: o(pattern(/^[A-Za-z0-9.*?-]{1,128}$/, "a host pattern", "*.example.com")),
    command: o(list(text())),
    entryPoint: o(list(text())),
    environment: o(map(scalar(), variable)),
    secrets: o(
      map(
        text((given) => complaintOf(() => secretGrant("", given))),
        variable,
      ),
    ),
    secretsKmsKeyArns: o(list(arn("kms", "arn:aws:kms:eu-west-1:111122223333:key/…"))),
    capacity: o(oneOf("onDemand", "mixed", "spot")),
    desiredCount: o(integer(0, 5000, " tasks")),
    scaling: o(
      v.pipe(
        group({
          min: o(integer(0, 5000, " tasks")),
          max: o(integer(1, 5000, " tasks")),
          cpu: o(offOr(integer(1, 100, " percent"))),
          memory: o(offOr(integer(1, 100, " percent"))),
          requests: o(integer(1, 1_000_000, " requests per task and minute")),
          scaleOutCooldown: o(integer(0, 3600, " seconds")),
          scaleInCooldown: o(integer(0, 3600, " seconds")),
        }),
        together(["min", "max"], "min", ({ min = 2, max = Math.max(10, min) }) =>
          min > max ? `${min} is above scaling.max (${max}); the nearest is ${max}.` : undefined,
        ),
      ),
    ),
    healthCheck: o(
      v.pipe(
        group({
          path: o(pattern(/^\/[A-Za-z0-9_\-./~%?&=+]*$/, "a path", "/health")),
          matcher: o(pattern(/^[2-4]\d\d(?:[-,][2-4]\d\d)*$/, "a list of status codes", "200-299")),
          interval: o(integer(5, 300, " seconds")),
          timeout: o(integer(2, 120, " seconds")),
          healthyThreshold: o(integer(2, 10)),
          unhealthyThreshold: o(integer(2, 10)),
          gracePeriod: o(integer(10, 600, " seconds")),
        }),
        together(["timeout", "interval"], "timeout", ({ timeout = 5, interval = 10 }) =>
          timeout >= interval
            ? `${timeout} is not less than healthCheck.interval (${interval}); the nearest is ${interval - 1}.`
            : undefined,
        ),
      ),
    ),
    containerHealthCheck: o(v.lazy((given) => (given === false ? v.literal(false) : containerHealthCheck))),
    deregistrationDelay: o(integer(0, 3600, " seconds")),
    stopTimeout: o(integer(2, 120, " seconds")),
    user: o(pattern(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$/, "a user", "1000:1000")),
    readonlyRootFilesystem: o(flag()),
    writablePaths: o(list(pattern(/^\/[^:]+$/, "an absolute path", "/tmp"))),
    dropCapabilities: o(list(pattern(/^[A-Z_]+$/, "a Linux capability", "ALL"))),
    initProcess: o(flag()),
    logRetentionInDays: o(days()),
    exec: o(flag()),
    redeploy: o(scalar()),
  }),
  together(["cpu", "memory"], "cpu", (given) => unfit(given, "cpu")),
  together(["cpu", "memory"], "memory", (given) => unfit(given, "memory")),
  together(["environment"], "environment", ({ environment = {} }) =>
    firstOf(environment, (name, value) => {
      const complaint = credentialComplaint(name, value);
      return complaint && `${name} must not stand here in plain: ${complaint}. ${keepSecret(name)}`;
    }),
  ),
  together(["exec", "readonlyRootFilesystem"], "exec", ({ exec, readonlyRootFilesystem }) =>
    exec && readonlyRootFilesystem !== false
      ? "ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off."
      : undefined,
  ),
  together(["desiredCount", "scaling"], "desiredCount", ({ desiredCount, scaling }) =>
    desiredCount !== undefined && scaling
      ? "desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out."
      : undefined,
  ),
);

const cluster = group({ containerInsights: o(oneOf("enhanced", "enabled", "disabled")), execLogRetentionInDays: o(days()) });

const schema = group({
  compute: o(oneOf("fargate"), "fargate"),
  architecture: o(oneOf("x86_64", "arm64"), "x86_64"),
  deletionProtection: o(flag(), true),
  tags: o(tags, {}),
  network: o(network, {}),
  image: o(image, {}),
  cluster: o(cluster, {}),
  loadBalancer: o(loadBalancer, {}),
  service: o(service, {}),
});

/** What stands in the configuration, by key without the project's name. */
type Raw = Record<string, unknown>;

/** What the offline plan puts in place of a value that only Pulumi can decrypt. */
const SEALED = "[secret]";

/** The settings of this stack: its configuration, checked as a whole. Throws one InputError that names everything that is wrong. */
export function readSettings() {
  const { raw, sealed } = unseal(configuration());
  const result = v.safeParse(schema, raw);
  const complaints = [...sealed, ...(result.issues ?? []).map((issue) => `${path(issue)}: ${issue.message}`)];
  if (!result.success || complaints.length > 0) {
    throw new InputError(
      `Pulumi.${pulumi.getStack()}.yaml: ${complaints.length === 1 ? "one setting is" : `${complaints.length} settings are`} wrong\n${complaints.map((c) => `  ${c}`).join("\n")}`,
    );
  }
  return compose(result.output);
}

/** A stack's settings, checked and typed. */
export type Settings = ReturnType<typeof readSettings>;

const path = (issue: v.BaseIssue<unknown>) => (issue.path ?? []).map(({ key }) => String(key)).join(".");

/** All keys of this project. Objects and lists reach a program as JSON. */
function configuration(): Raw {
  const own = `${pulumi.getProject()}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(own));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(own.length), /^\s*[[{]/.test(value) ? JSON.parse(value) : value]));
}

/**
 * Encrypted values. Pulumi decrypts them and says only of a whole key (`service`) that something in it was encrypted; the offline plan cannot read them and
 * marks each. An encrypted value in the environment is refused either way; where one must have a form that a mark has not, the plan goes on with the default.
 */
function unseal(config: Raw): { raw: Raw; sealed: string[] } {
  const environment = Object.entries((config.service as { environment?: Raw } | undefined)?.environment ?? {});
  const marked = environment.filter(([, value]) => value === SEALED);
  const unreadable = isSecret("service") && !JSON.stringify(config.service).includes(SEALED) ? environment : [];
  const sealed = [...marked, ...unreadable].map(
    ([name]) =>
      `service.environment.${name}: nothing under service may be encrypted while it has an environment, which everyone sees who may look at the task. ${keepSecret(name)}`,
  );
  const { image, ...rest } = config;
  return { raw: { ...(unmark(rest) as Raw), ...(image !== undefined && { image }) }, sealed };
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

/** The settings as the components take them: words that stand for several arguments are spelled out, and each group has the tags. */
function compose(given: v.InferOutput<typeof schema>) {
  const { tags, deletionProtection, network, image, loadBalancer, cluster, service } = given;
  const { existing, ...newNetwork } = network;
  const { name = "web", path = "/*", host, ...rest } = service;
  const secrets = image.secrets && Object.fromEntries(Object.entries(image.secrets).map(([id, value]) => [id, pulumi.secret(value)]));
  const context = image.imageUri === undefined ? { context: image.context ?? "./app" } : {};
  return {
    compute: given.compute,
    name,
    existingNetwork: existing,
    network: {
      ...newNetwork,
      ...(newNetwork.endpoints === "private" && { endpointServices: services(newNetwork.endpointServices, rest) }),
      tags,
    },
    cluster: { ...cluster, tags },
    image: { forceDelete: !deletionProtection, ...image, ...context, ...(secrets && { secrets }), architecture: given.architecture, tags },
    loadBalancer: { deletionProtection, forceDestroyLogs: !deletionProtection, ...loadBalancer, tags },
    route: { path, ...(host !== undefined && { host }) },
    service: { ...rest, tags },
  };
}

/** The AWS services that tasks call before the app does anything: where its secrets are, and the channel of exec sessions. */
function services(named: string[] = [], { secrets = {}, exec }: v.InferOutput<typeof schema>["service"]): string[] {
  const stores = Object.entries(secrets).map(([secret, arnOfSecret]) => secretGrant(secret, arnOfSecret).service);
  return [...new Set([...named, ...stores, ...(exec ? ["ssmmessages"] : [])])];
}
