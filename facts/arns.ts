// Reading names that AWS gives things. No Pulumi here.
import { partitionOf } from "./regions";

/** The repository of an ECR image, as ARN parts; undefined for an image of another registry. */
export function ecrRepository(image: string): { accountId: string; region: string; name: string } | undefined {
  // Of every partition; with IPv6, the host is `<account>.dkr-ecr.<region>.on.aws`.
  const found = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d)\.[a-z.]+\/([^:@]+)/.exec(image);
  return found ? { accountId: found[1]!, region: found[2]!, name: found[3]! } : undefined;
}

/** What is to be read of a secret, and the service it is in. */
export interface SecretGrant {
  service: "secretsmanager" | "ssm";
  /** The ARN that IAM knows: without the JSON key, version stage and version id that ECS lets follow a secret's ARN. */
  resource: string;
}

/** IAM compares with the whole ARN of a secret, six random characters at its end included; ECS takes one without them. */
export const wholeSecretArn = (arn: string) => (/-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-??????`);

/** Reads the ARN of a Secrets Manager secret or an SSM parameter; undefined for anything else. */
export function secretGrant(arn: string): SecretGrant | undefined {
  // A pattern would grant more than one secret, and ECS takes none.
  const parts = /[*?]/.test(arn) ? [] : arn.split(":");
  if (parts[0] === "arn" && parts[2] === "secretsmanager" && parts[5] === "secret" && parts[6]) {
    return { service: "secretsmanager", resource: wholeSecretArn(parts.slice(0, 7).join(":")) };
  }
  if (parts[0] === "arn" && parts[2] === "ssm" && parts[5]?.startsWith("parameter/")) {
    return { service: "ssm", resource: arn };
  }
  return undefined;
}

/** The parts of an ARN that say where a resource is, and its last part; undefined for a plain name. */
export function readArn(text: string): { region: string; accountId: string; name: string } | undefined {
  const [arn, , , region, accountId, resource] = text.split(":");
  return arn === "arn" && resource ? { region: region!, accountId: accountId!, name: nameOf(text) } : undefined;
}

/** What is wrong with where an ARN is, for what takes its own region's and account's only; undefined if nothing is, or that is not known. */
export function placeComplaint(arn: string, own: { region?: string; accountId?: string }): string | undefined {
  const its = readArn(arn);
  // IAM's are of no region.
  if (its?.region && own.region !== undefined && its.region !== own.region)
    return `${arn} is in ${its.region}; allowed: ${own.region}, where the stack is.`;
  return its?.accountId && own.accountId !== undefined && its.accountId !== own.accountId
    ? `${arn} belongs to account ${its.accountId}; allowed: ${own.accountId}, which the stack is deployed to.`
    : undefined;
}

/** What comes after an ARN's last slash: the name of a cluster or capacity provider, the id of a task. A plain name stays as it is. */
export function nameOf(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}

/** `arn:…:cluster/apps` -> `apps`. */
export function clusterName(cluster: string | undefined): string {
  return nameOf(cluster ?? "(unknown)");
}

/** `arn:…:task-definition/web:7` -> `web:7`; a name without ARN stays as it is. */
export function revisionName(taskDefinition: string | undefined): string {
  return nameOf(taskDefinition ?? "(none)");
}

/** `web:7` -> `web`. */
export function familyOf(taskDefinition: string): string {
  return revisionName(taskDefinition).replace(/:\d+$/, "");
}

/** `web:7` -> 7. */
export function revisionNumber(taskDefinition: string): number {
  return Number(taskDefinition.split(":").pop());
}

/** The last part of a task's ARN: what its log stream is named after. */
export function taskId(taskArn: string | undefined): string {
  return nameOf(taskArn ?? "(unknown)");
}

/** The first 8 characters of a task's id, as the ECS console shortens it. */
export function shortTaskId(taskArn: string | undefined): string {
  return taskId(taskArn).slice(0, 8);
}

/** `arn:…:targetgroup/web-blue/0123` -> `web-blue`. */
export function targetGroupName(arn: string | undefined): string {
  return arn?.split(":targetgroup/")[1]?.split("/")[0] ?? arn ?? "(unknown)";
}

/** The ARN of a queue. */
export const QUEUE_ARN = /^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,75}(\.fifo|[A-Za-z0-9_-]{0,5})$/;

/** `arn:…:jobs` -> `jobs`. */
export const queueName = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

/** The URL of a queue, by which an app knows it. */
export function queueUrl(arn: string): string {
  const [, , , region = "", accountId, name] = arn.split(":");
  return `https://sqs.${region}.${partitionOf(region).dnsSuffix}/${accountId}/${name}`;
}
