import { UserError } from "./errors";
// Reading names that AWS gives things. No Pulumi here.

/** The repository of an ECR image, as ARN parts; undefined for an image of another registry. */
export function ecrRepository(image: string): { accountId: string; region: string; name: string } | undefined {
  const found = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image);
  return found ? { accountId: found[1]!, region: found[2]!, name: found[3]! } : undefined;
}

/** What the ARN of a secret grants: `action` on `resource`, and the service it is in. */
export interface SecretGrant {
  service: "secretsmanager" | "ssm";
  action: "secretsmanager:GetSecretValue" | "ssm:GetParameters";
  /** The ARN that IAM knows: without the JSON key, version stage and version id that ECS lets follow a secret's ARN. */
  resource: string;
}

/** Reads the ARN of a Secrets Manager secret or an SSM parameter. Throws a UserError for anything else; the value itself is not shown. */
export function secretGrant(name: string, arn: string, key = "secrets"): SecretGrant {
  // A pattern would grant more than one secret, and ECS takes none.
  const parts = /[*?]/.test(arn) ? [] : arn.split(":");
  if (parts[0] === "arn" && parts[2] === "secretsmanager" && parts[5] === "secret" && parts[6]) {
    return { service: "secretsmanager", action: "secretsmanager:GetSecretValue", resource: parts.slice(0, 7).join(":") };
  }
  if (parts[0] === "arn" && parts[2] === "ssm" && parts[5]?.startsWith("parameter/")) {
    return { service: "ssm", action: "ssm:GetParameters", resource: arn };
  }
  throw new UserError(
    `${key}.${name}: this is not the ARN of a secret; allowed are Secrets Manager (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>) and Parameter Store (arn:aws:ssm:<region>:<account>:parameter/<name>).`,
  );
}
