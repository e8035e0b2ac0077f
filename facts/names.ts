// Physical names, where AWS's own rules leave no choice but to write one. No Pulumi here.
import { createHash } from "node:crypto";
import { type ByType, entryOf } from "./types";

/** The parts joined by "-"; shortened with a hash of the whole where that is longer than `max`, so that two long names stay two. */
export function physicalName(parts: string[], max: number): string {
  const whole = parts.join("-");
  if (whole.length <= max) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${whole.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/**
 * A name for what belongs to one stack of one project, in letters that AWS takes everywhere. `shop` with the stack `api-dev` and `shop-api` with `dev` would
 * run together into one; where a hyphen or a dot makes that possible, a hash keeps them apart.
 */
export function stackName(project: string, stack: string, name: string, max: number, prefix: string[] = []): string {
  const ambiguous = /[-.]/.test(`${project}${stack}`);
  const hash = createHash("sha256")
    .update(JSON.stringify([project, stack, name]))
    .digest("hex")
    .slice(0, 8);
  return physicalName([...prefix, project, stack, name, ...(ambiguous ? [hash] : [])], max).replace(/[^A-Za-z0-9_-]/g, "-");
}

/** What the name of a task's secret begins with; the rest is made up, because a deleted secret keeps its name for days. */
export const secretPrefix = (...parts: [project: string, stack: string, task: string, variable: string]): string =>
  `${parts.map((part) => part.replace(/[^\w+=.@-]/g, "-")).join("/")}-`;

/** What AWS takes of a name: its most characters, and its letters where a component's own name can have wrong ones. */
interface NameRule {
  most: number;
  /** The input that holds the name. */
  key: "name" | "bucket";
  letters?: RegExp;
  words?: string;
}

const HYPHENS = { letters: /^[A-Za-z0-9-]+$/, words: "letters, digits and hyphens" };

/** By type. Pulumi makes small letters of a name where AWS wants them. */
export const NAMES: ByType<NameRule> = {
  "aws:lb/loadBalancer:LoadBalancer": { most: 32, key: "name", ...HYPHENS },
  "aws:lb/targetGroup:TargetGroup": { most: 32, key: "name", ...HYPHENS },
  "aws:lb/trustStore:TrustStore": { most: 32, key: "name", ...HYPHENS },
  "aws:iam/role:Role": { most: 64, key: "name", letters: /^[\w+=,.@-]+$/, words: "letters, digits and _+=,.@-" },
  "aws:s3/bucket:Bucket": { most: 63, key: "bucket", letters: /^[A-Za-z0-9.-]+$/, words: "letters, digits, dots and hyphens" },
  "aws:scheduler/schedule:Schedule": { most: 64, key: "name", letters: /^[\w.-]+$/, words: "letters, digits and _.-" },
  "aws:appautoscaling/policy:Policy": { most: 256, key: "name" },
  "aws:autoscaling/group:Group": { most: 255, key: "name" },
  "aws:cloudwatch/eventRule:EventRule": { most: 64, key: "name", letters: /^[\w.-]+$/, words: "letters, digits and _.-" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { most: 255, key: "name" },
  "aws:ec2/launchTemplate:LaunchTemplate": { most: 128, key: "name" },
  "aws:ec2/securityGroup:SecurityGroup": { most: 255, key: "name" },
  "aws:ecs/capacityProvider:CapacityProvider": { most: 255, key: "name" },
  "aws:iam/instanceProfile:InstanceProfile": { most: 128, key: "name" },
  "aws:iam/rolePolicy:RolePolicy": { most: 128, key: "name" },
  "aws:sns/topic:Topic": { most: 256, key: "name", letters: /^[\w-]+$/, words: "letters, digits, hyphens and _" },
  "aws:sqs/queue:Queue": { most: 80, key: "name" },
  "aws:ecs/cluster:Cluster": { most: 255, key: "name" },
  "aws:ecs/daemon:Daemon": { most: 255, key: "name", letters: /^[\w-]+$/, words: "letters, digits, hyphens and _" },
  "aws:ecs/service:Service": { most: 255, key: "name" },
  "aws:ecr/repository:Repository": {
    most: 256,
    key: "name",
    letters: /^[a-z0-9][a-z0-9._/-]*$/,
    words: "small letters, digits and ._-/, a letter or a digit first",
  },
  "aws:cloudwatch/logGroup:LogGroup": { most: 512, key: "name" },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": { most: 512, key: "name" },
  "aws:secretsmanager/secret:Secret": { most: 512, key: "name", letters: /^[\w/+=.@-]+$/, words: "letters, digits and /_+=.@-" },
  "aws:servicediscovery/httpNamespace:HttpNamespace": { most: 1024, key: "name" },
  "aws:wafv2/webAcl:WebAcl": { most: 128, key: "name", letters: /^[\w-]+$/, words: "letters, digits, hyphens and underscores" },
};

/** What Pulumi adds to a resource's name where the program gives none: a hyphen and seven digits. */
export const ADDED = 8;

/** What is wrong with a resource's name, which AWS will see with what Pulumi adds; undefined if nothing is, or if the arguments hold the whole name. */
export function nameComplaint(type: string | undefined, name: string, args: object): string | undefined {
  const rule = entryOf(NAMES, type ?? "");
  if (!rule || rule.key in args || `${rule.key}Prefix` in args) return undefined;
  const kind = type!.split(":").pop()!;
  const room = rule.most - ADDED;
  if (name.length > room) return `${JSON.stringify(name)} has ${name.length} characters; the name of a ${kind} has room for ${room}.`;
  return (rule.letters?.test(name) ?? true) ? undefined : `${JSON.stringify(name)} cannot name a ${kind}; allowed: ${rule.words}.`;
}

/** A name as the word that variables begin with: `NIGHT_JOBS` of `night-jobs`. */
export const variableWord = (name: string): string => name.replaceAll("-", "_").replace(/^\d/, "_$&").toUpperCase();

/** What is wrong with the name of an environment variable or a build argument; undefined if nothing is. */
export const variableComplaint = (name: string): string | undefined =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : `${JSON.stringify(name)} is not a name for an environment variable; allowed: letters, digits and "_", no digit first.`;
