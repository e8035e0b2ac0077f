// Where the output of a task's containers goes: CloudWatch Logs, or whatever another log driver hands it to.
import * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { credentialComplaint } from "../../facts/credentials";
import { wordComplaint } from "../../facts/errors";
import { parseMemory } from "../../facts/sizes";
import type { Refuse } from "../base/origin";
import {
  type ArgumentsOf,
  type Deeper,
  group,
  groupOr,
  input,
  map,
  oneOf,
  optional,
  pattern,
  type Rule,
  scalar,
  size,
  text,
  type Values,
} from "../base/schema";
import { destinationComplaints, type FireLensArgs, firelens, type Routed, routeOptions } from "./firelens";
import { byName } from "./part";
import { type Secret, secret } from "./secrets";

/** The log drivers of the three launch choices; on EC2 those that the agent of Amazon Linux offers by itself. */
const DRIVERS = {
  FARGATE: ["awslogs", "firelens", "splunk"],
  EC2: ["awslogs", "firelens", "fluentd", "json-file", "syslog"],
  MANAGED_INSTANCES: ["awslogs", "firelens", "json-file", "splunk"],
} as const;
export type LogDriver = (typeof DRIVERS)[keyof typeof DRIVERS][number];
const LAUNCH = { FARGATE: "Fargate", EC2: "EC2", MANAGED_INSTANCES: "Managed Instances" } as const;

/** Where the output of a task's containers goes (`logConfiguration`). */
export interface LoggingArgs {
  /**
   * What takes the output (`logDriver`): `awslogs` is CloudWatch Logs, `firelens` a router beside the app (`awsfirelens`). `splunk` is there on Fargate and Managed Instances, `json-file` on instances, `fluentd`
   * and `syslog` on EC2 with Amazon Linux. `berth logs` and a failed deploy's last lines need `awslogs`, or `firelens` to `cloudwatch`. Defaults to `awslogs`, and with `firelens` to that.
   */
  driver?: LogDriver;
  /** A router beside the app, and where it sends the output: a ready destination by its name, or with its settings. Defaults to none. */
  firelens?: FireLensArgs | NonNullable<FireLensArgs["to"]>;
  /**
   * What happens where output comes faster than it goes out (`mode`): `non-blocking` keeps it in a buffer and drops what the buffer cannot hold, `blocking`
   * loses nothing and lets the app wait, which fails its health check in the end. Defaults to `non-blocking`.
   */
  mode?: "non-blocking" | "blocking";
  /** The buffer of each container (`max-buffer-size`), part of the task's memory: `"25 MB"` or 25. Only with `non-blocking`. Defaults to room for 25 MB. */
  maxBufferSize?: string | number;
  /** A regular expression that the first line of an entry matches (`awslogs-multiline-pattern`), such as `^\d{4}-`. Only with `awslogs`. Defaults to none: each line is one. */
  multilinePattern?: string;
  /** The time that the first line of an entry has, as `strftime` writes it (`awslogs-datetime-format`). Only with `awslogs`. Defaults to none. */
  datetimeFormat?: string;
  /**
   * Metrics that count what a filter pattern of CloudWatch Logs finds in the task's log group, by name (`LogMetricFilter`): `{ errors: "?ERROR ?Exception" }`
   * counts in `<service>-errors` of the namespace `<project>/<stack>`. Only where the output goes to CloudWatch. Defaults to none. Cost: 0.30 USD a month each.
   */
  metricFilters?: Record<string, string>;
  /** Options of another driver than `awslogs`, by its own names (`options`): `{ splunk-url: "https://..." }`. With `firelens` those of Fluent Bit's output, over its own. Defaults to none. */
  options?: Record<string, pulumi.Input<string>>;
  /** Options whose values come from Secrets Manager or Parameter Store, as those of `secrets` do (`secretOptions[].valueFrom`): `{ splunk-token: prod/splunk:token }`. Defaults to none. */
  secretOptions?: Record<string, Secret>;
}

/** What is wrong with an option's value, which the task definition shows; undefined if nothing is. */
const shownOption = (name: string, why: string) =>
  `${why}, and a task definition shows its options to everyone who may read it. Store it in Secrets Manager or as a SecureString parameter and give its ARN: secretOptions: { ${name}: "arn:..." }.`;
function optionComplaint(name: string, value: string): string | undefined {
  // ECS writes each option into a line of the router's configuration; what stands behind a line break would be an option, or an output, of its own.
  if (/[\r\n]/.test(name + value)) return "it has a line break, and an option is one line; leave it out.";
  const complaint = credentialComplaint(name, value);
  return complaint && shownOption(name, complaint);
}

const { takes: FILTER } = LIMITS["aws:cloudwatch/logMetricFilter:LogMetricFilter"];

const ofLogging = {
  driver: optional(oneOf("awslogs", "firelens", "splunk", "fluentd", "json-file", "syslog"), ({ firelens }: { firelens?: unknown }) =>
    firelens === undefined ? "awslogs" : "firelens",
  ),
  firelens: optional(groupOr("to", firelens)),
  mode: optional(oneOf("non-blocking", "blocking"), "non-blocking"),
  maxBufferSize: optional(size(parseMemory, "a size", '"25 MB" or 25 (MiB)')),
  multilinePattern: optional(text()),
  datetimeFormat: optional(pattern(/%[A-Za-z]/, "a time as strftime writes it", "%Y-%m-%d %H:%M:%S")),
  metricFilters: optional(
    map(
      text((given) => FILTER.pattern.complaint(given)),
      {
        name: (name) =>
          /^[A-Za-z][\w-]{0,63}$/.test(name) ? undefined : `${JSON.stringify(name)} cannot name a metric; write one like "errors".`,
      },
    ),
    {},
  ),
  options: optional(
    map(input(scalar()), { entry: (name, value) => (typeof value === "string" ? optionComplaint(name, value) : undefined) }),
    {},
  ),
  secretOptions: optional(map(secret()), {}),
} satisfies ArgumentsOf<LoggingArgs>;

type OfLogging = typeof ofLogging;
const RULES: Rule<OfLogging>[] = [
  {
    about: ["multilinePattern", "datetimeFormat"],
    at: "multilinePattern",
    complain: ({ multilinePattern, datetimeFormat }) =>
      multilinePattern !== undefined && datetimeFormat !== undefined
        ? "datetimeFormat says the same of an entry's first line, and AWS takes one of them; leave out the other."
        : undefined,
  },
  {
    about: ["mode", "maxBufferSize"],
    at: "maxBufferSize",
    complain: ({ mode, maxBufferSize }) =>
      mode === "blocking" && maxBufferSize !== undefined ? "with mode: blocking there is no buffer; leave one of them out." : undefined,
  },
  ...(["multilinePattern", "datetimeFormat"] as const).map(
    (at): Rule<OfLogging> => ({
      about: ["driver", at],
      at,
      complain: ({ driver, [at]: given }) =>
        driver !== "awslogs" && given !== undefined
          ? `${driver} takes each line for itself; leave it out, or use driver: awslogs.`
          : undefined,
    }),
  ),
  ...(["options", "secretOptions"] as const).map(
    (at): Rule<OfLogging> => ({
      about: ["driver", at],
      at,
      complain: ({ driver, [at]: given }) =>
        driver === "awslogs" && Object.keys(given).length > 0
          ? "awslogs has an argument for each of its options (mode, maxBufferSize, multilinePattern, datetimeFormat); use those, or name another driver."
          : undefined,
    }),
  ),
  {
    about: ["driver", "firelens"],
    at: "firelens",
    complain: ({ driver, firelens }) =>
      firelens && driver !== "firelens" ? `driver is ${driver}, which needs no router; leave out one of them.` : undefined,
  },
  {
    about: ["driver", "mode", "maxBufferSize"],
    at: "driver",
    complain: ({ driver, mode, maxBufferSize }) =>
      driver === "firelens" && (mode === "blocking" || maxBufferSize !== undefined)
        ? "mode and maxBufferSize are not firelens's; leave them out, or set options: { log-driver-buffer-limit: LINES }."
        : undefined,
  },
  {
    about: ["driver", "firelens", "options"],
    at: "options",
    complain: ({ driver, firelens, options }) => {
      if (driver !== "firelens") return undefined;
      const named = Object.hasOwn(options, "Name");
      if (firelens?.to !== undefined)
        return named ? `firelens.to says where the output goes (${firelens.to}); leave out Name, or to.` : undefined;
      return named
        ? undefined
        : 'FireLens needs a destination; add firelens: { to: datadog }, or options: { Name: "..." } with a plugin of Fluent Bit.';
    },
  },
  { about: ["firelens"], at: "firelens", complain: ({ firelens }) => firelens && destinationComplaints(firelens) },
  {
    about: ["firelens", "secretOptions"],
    at: "secretOptions",
    complain: ({ firelens, secretOptions }) =>
      firelens?.to === "datadog" && !Object.hasOwn(secretOptions, "apikey")
        ? 'datadog needs a key; add secretOptions: { apikey: "arn:..." }.'
        : undefined,
  },
  {
    about: ["driver", "firelens", "metricFilters"],
    at: "metricFilters",
    complain: ({ driver, firelens, metricFilters }) => {
      if (Object.keys(metricFilters).length === 0 || driver === "awslogs" || firelens?.to === "cloudwatch") return undefined;
      return `they read the task's log group, and with ${firelens?.to ?? driver} the app writes nothing there; leave them out, or use awslogs.`;
    },
  },
  {
    about: ["options", "secretOptions"],
    at: "secretOptions",
    complain: ({ options, secretOptions }) =>
      Object.keys(secretOptions)
        .filter((name) => Object.hasOwn(options, name))
        .map((name) => ({ at: `secretOptions.${name}`, text: "options has one of that name, too; leave out one of them." })),
  },
  {
    about: ["driver", "options", "secretOptions"],
    at: "driver",
    complain: ({ driver, options, secretOptions }) => {
      if (driver !== "splunk") return undefined;
      if (!Object.hasOwn(options, "splunk-url")) return 'splunk needs an address; add options: { splunk-url: "https://..." }.';
      return Object.hasOwn(secretOptions, "splunk-token")
        ? undefined
        : 'splunk needs a token; add secretOptions: { splunk-token: "arn:..." }.';
    },
  },
];
export const logging = group(ofLogging, ...RULES);
export type LoggingValues = Values<OfLogging>;

/** What logs take of a task's memory and leave nothing of it. */
export function memoryComplaints({ maxBufferSize = 0, firelens }: LoggingValues, memory: number): Deeper[] {
  const nothing = `leaves nothing of the task's ${memory} MB; make it smaller, or give the task more memory.`;
  return [
    ...(maxBufferSize >= memory ? [{ at: "logging.maxBufferSize", text: `a buffer of ${maxBufferSize} MB ${nothing}` }] : []),
    ...(firelens && firelens.memory >= memory
      ? [{ at: "logging.firelens.memory", text: `${firelens.memory} MB for the router ${nothing}` }]
      : []),
  ];
}

/** A log group, as a container is told of it. */
export interface LogTarget {
  group: pulumi.Input<string>;
  region: pulumi.Input<string>;
}

/** Where a container's output goes (`logConfiguration`). */
export interface LogConfiguration {
  logDriver: string;
  options: Record<string, pulumi.Input<string>>;
  secretOptions?: { name: string; valueFrom: pulumi.Input<string> }[];
}

/** MiB that CloudWatch may be behind. */
const BUFFER = 25;

/** Into CloudWatch Logs: streams `prefix/container/task`. */
export const awslogs = (
  { group: name, region }: LogTarget,
  prefix: string,
  { mode, maxBufferSize = BUFFER, multilinePattern, datetimeFormat }: Partial<LoggingValues> = {},
): LogConfiguration => ({
  logDriver: "awslogs",
  options: {
    "awslogs-group": name,
    "awslogs-region": region,
    "awslogs-stream-prefix": prefix,
    ...(multilinePattern !== undefined && { "awslogs-multiline-pattern": multilinePattern }),
    ...(datetimeFormat !== undefined && { "awslogs-datetime-format": datetimeFormat }),
    ...buffered(mode, maxBufferSize),
  },
});

/** Written out: the account can change the default, and blocking stalls the app where what takes its output is slow. */
const buffered = (mode: LoggingValues["mode"] = "non-blocking", maxBufferSize = BUFFER) => ({
  mode,
  ...(mode === "non-blocking" && { "max-buffer-size": `${maxBufferSize}m` }),
});

/** Where the output of a task's containers goes, by the container's name. Refuses a driver that the launch choice has not. */
export function logsOf(
  its: LoggingValues,
  secretOptions: Record<string, pulumi.Input<string>>,
  routed: Routed,
  requires: keyof typeof DRIVERS,
  refuse: Refuse,
): (container: string) => LogConfiguration {
  const { driver, options } = its;
  const target = { group: routed.logGroup.name, region: routed.cluster.location.region };
  const known: readonly LogDriver[] = DRIVERS[requires];
  if (!known.includes(driver)) refuse(["logging", "driver"], wordComplaint(driver, known, `a log driver on ${LAUNCH[requires]}`));
  if (driver === "awslogs") return (container) => awslogs(target, container, its);
  const plain = byName(options).map(([name, value]) => [name, plainOption(name, value, refuse)] as const);
  const secrets = byName(secretOptions).map(([name, valueFrom]) => ({ name, valueFrom }));
  const before = (of: string) => {
    if (driver !== "firelens") return buffered(its.mode, its.maxBufferSize);
    return its.firelens ? routeOptions(its.firelens, routed, of) : {};
  };
  return (of) => ({
    logDriver: driver === "firelens" ? "awsfirelens" : driver,
    options: { ...before(of), ...Object.fromEntries(plain) },
    ...(secrets.length > 0 && { secretOptions: secrets }),
  });
}

/** An option's value, if it may be seen by whoever can describe the task. */
function plainOption(name: string, value: pulumi.Input<string>, refuse: Refuse): pulumi.Input<string> {
  if (typeof value === "string") return value;
  const output = pulumi.output(value);
  return pulumi.all([output, pulumi.isSecret(output)]).apply(([known, secret]) => {
    const complaint = secret ? shownOption(name, "it is a Pulumi secret") : optionComplaint(name, known);
    return complaint === undefined ? known : refuse(["logging", "options", name], complaint);
  });
}
