// All settings of a stack file, and values that some of them take: for properties that hold whatever the settings.
import assert from "node:assert/strict";
import * as v from "valibot";
import type { Described } from "../../components/base/schema";
import { UserError } from "../../facts/errors";
import { service } from "../../settings/service";
import { stack } from "../../settings/stack";
import { type Config, settingsOf } from "./settings";

export type Path = string[];

/** Some settings are of instances alone. */
const ON_INSTANCES: Config = { compute: "ec2" };
/** Others are of a service that speaks no HTTP, of an image from elsewhere, or of a load balancer with a name. */
const BESIDE: [Path, unknown][] = [
  [["service", "protocol"], "tcp"],
  [["image", "imageUri"], "ghcr.io/acme/web:1.0"],
  [["loadBalancer", "domain"], "example.com"],
];

const at = (path: Path, value: unknown): Config => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Config;

/** What one of `services` takes as `service` does, and means something else beside others. */
const BESIDE_OTHERS = ["path", "host", "route", "formerName", "capacity", "sleep", "networkMode", "secrets", "rollout"];
const isAsInService = (key: string) => Object.hasOwn(service.entries, key) && !BESIDE_OTHERS.includes(key);

/** A setting by its place, and what it takes whatever else is set. */
interface Leaf {
  path: Path;
  argument: Described;
}

/** All settings: what stands below a group, a group within a group included, unless a group may not be empty; of several services, those of one. */
function leaves(argument: Described, path: Path = []): Leaf[] {
  const { facts } = argument;
  if (facts.kind === "map" && path[0] === "services") return leaves(facts.item, [...path, "api"]);
  if (facts.kind !== "group" || !v.is(argument, {})) return [{ path, argument }];
  const keys = Object.keys(facts.entries).filter((key) => path[0] !== "services" || path.length !== 2 || !isAsInService(key));
  return keys.flatMap((key) => leaves(facts.entries[key]!, [...path, key]));
}

/** The values that schemas name themselves: choices and examples. */
const named = ({ facts }: Described): unknown[] => {
  if (facts.kind === "choice") return [...facts.values];
  if (facts.kind === "group") return Object.values(facts.entries).flatMap(named);
  if (facts.kind === "either") return facts.choices.flatMap(named);
  if (facts.kind === "list" || facts.kind === "map") return named(facts.item);
  return "example" in facts && facts.example !== undefined ? [facts.example] : [];
};

export const VALUES: unknown[] = [
  ...new Set(named(stack)),
  ...[
    null,
    true,
    false,
    "true",
    "",
    " ",
    "[secret]",
    "[",
    "{}",
    -1,
    0,
    0.5,
    1,
    2,
    3,
    5,
    10,
    20,
    30,
    60,
    90,
    100,
    256,
    512,
    1024,
    8000,
    70000,
    1e21,
  ],
  ...["2", "30", "0x10", "1e3", "NaN", "x", "a b", "ü", "a".repeat(300), "../..", "/", "/*", "/health", "*", "?", "$(id)", "'; rm -rf /"],
  ...[
    "none",
    "single",
    "perZone",
    "private",
    "public",
    "enhanced",
    "disabled",
    "spot",
    "mixed",
    "onDemand",
    "arm64",
    "x86_64",
    ["arm64", "x86_64"],
    ["210987654321"],
    "fargate",
    "ec2",
    "own",
    "http2",
  ],
  ...[
    "0.5 vCPU",
    "1 GB",
    "4 GB",
    "10.0.0.0/16",
    "10.0.0.0/23",
    "10.0.0.0/8",
    "192.168.4.0/24",
    "app.example.com",
    "example.com",
    "localhost",
  ],
  ...[
    "vpc-0a1b2c3d4e5f67890",
    "organization/network/prod",
    "200-299",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "1000:1000",
    "./app",
    "./nowhere",
  ],
  ...[
    "arn:aws:acm:eu-west-1:111122223333:certificate/x",
    "arn:aws:kms:eu-west-1:111122223333:key/x",
    "arn:aws:iam::111122223333:policy/x",
    "repo/web:1.0",
    "repo/web:latest",
  ],
  ...["m7g.large", "t3.small", "al2023", "20:00", "07:00", "Europe/Berlin"],
  ...[
    [],
    ["x"],
    ["sqs"],
    ["CMD", "true"],
    [1],
    [null],
    [[]],
    ["10.0.0.0/8"],
    ["GET"],
    ["10.0.0.2"],
    ["SYS_PTRACE"],
    ["/tmp", "/var/x"],
    ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"],
    ["t3.small"],
  ],
  ...[
    { emails: ["oncall@example.org"] },
    {},
    { a: 1 },
    { A: "b" },
    { PASSWORD: "x" },
    { "a-b": {} },
    { __proto__: null },
    { A: "arn:aws:ssm:eu-west-3:123456789012:parameter/x" },
    { userPoolArn: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/x", userPoolDomain: "x", clientId: "x" },
    { min: 1 },
    { min: 1, max: 8 },
    { min: 2048, max: 32768 },
    { vpcId: "vpc-0a1b2c3d4e5f67890" },
    { command: ["CMD", "true"] },
    { stack: "organization/network/prod" },
    { stop: "20:00", start: "07:00" },
    { domain: "preview.example.com", platform: "organization/platform/dev", sleep: false },
    { mode: "passthrough" },
    { nofile: 100_000 },
    { "net.core.somaxconn": "1024" },
    { "/cache": "16 MB" },
    { cache: "10.0.0.5" },
  ],
];

/** True if the settings are taken, false if they are refused; throws what is neither. */
export function taken(config: Config): boolean {
  try {
    settingsOf(config);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assert.match(error.message, /^Pulumi\.dev\.yaml: (\d+ settings are wrong\n {2})?\S/);
    return false;
  }
}

/** One object of settings at several places; a later one wins. */
export function merge(settings: [Path, unknown][]): Config {
  const config: Config = {};
  for (const [path, value] of settings) {
    let place: Config = config;
    for (const key of path.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Config;
    }
    place[path[path.length - 1]!] = value;
  }
  return config;
}

/** All settings but those that the plan reads and checks. */
const settings = (): Leaf[] => leaves(stack).filter(({ path: [key] }) => !["assumptions", "budget", "policy"].includes(String(key)));
export const settingPaths = (): Path[] => settings().map(({ path }) => path);

/** By setting, those of some values that it takes by itself. What its own schema refuses is refused, whatever stands beside it; at the top all is text at first. */
export const legalValues = (values: readonly unknown[] = VALUES): [Path, unknown[]][] =>
  settings().map(({ path, argument }) => [
    path,
    values.filter((value) => {
      const isTaken = taken(at(path, value));
      if (path.length === 1 || v.is(argument, JSON.parse(JSON.stringify(value))))
        return isTaken || taken({ ...ON_INSTANCES, ...at(path, value) }) || BESIDE.some((one) => taken(merge([one, [path, value]])));
      assert.ok(!isTaken, `${path.join(".")} takes ${JSON.stringify(value)}, which its schema refuses`);
      return false;
    }),
  ]);
