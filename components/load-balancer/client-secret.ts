// The secret with which a load balancer asks an identity provider who somebody is, named where it is kept. AWS takes its value alone.
import * as pulumi from "@pulumi/pulumi";
import { listed, wordComplaint } from "../../facts/errors";
import { isTold } from "../../facts/made-up";
import { namedSecret, secretComplaint } from "../../facts/secrets";
import * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, group, optional, pattern, text, type Values } from "../base/schema";

/** A secret in Secrets Manager or Parameter Store. */
export interface ClientSecretReference {
  /** Its name or its ARN. Required; no default. */
  secret: string;
  /** The key of its JSON whose value is meant. Defaults to none: the whole text. */
  key?: string;
}

const entries = {
  secret: text(secretComplaint, "prod/sign-in"),
  key: optional(pattern(/^[^:\s]+$/, "a key of JSON", "clientSecret")),
} satisfies ArgumentsOf<ClientSecretReference>;
export const clientSecretReference = group(entries, {
  about: ["secret", "key"],
  at: "key",
  complain: ({ secret, key }) =>
    key !== undefined && isParameter(secret)
      ? "a parameter has no keys; leave it out, and let its value be the client's secret."
      : undefined,
});
type Reference = Values<typeof entries>;

const isParameter = (secret: string) => namedSecret(secret)?.service === "ssm";

/** Reads the secrets of sign-in, each once for a load balancer, however many routes name it. */
export class ClientSecrets {
  private readonly read = new Map<string, pulumi.Output<string>>();

  constructor(private readonly parent: pulumi.Resource) {}

  /** Its value, which stays secret. */
  valueOf(reference: Reference, refuse: Refuse): pulumi.Output<string> {
    const id = `${reference.secret} ${reference.key ?? ""}`;
    const known = this.read.get(id);
    if (known) return known;
    const value = pulumi.secret(this.ask(reference, refuse));
    this.read.set(id, value);
    return value;
  }

  private ask(reference: Reference, refuse: Refuse): pulumi.Output<string> {
    const { secret } = reference;
    const options = { parent: this.parent };
    if (isParameter(secret)) return aws.ssm.getParameterOutput({ name: secret, withDecryption: true }, options).value;
    return aws.secretsmanager
      .getSecretVersionOutput({ secretId: secret }, options)
      .apply((found) => (isTold(found, "secretString") ? meant(found.secretString, reference, refuse) : found.secretString));
  }
}

/** What is meant of a secret's text. No message shows a value. */
export function meant(stored: string, { secret, key }: Reference, refuse: Refuse): string {
  const json = jsonIn(stored);
  const keys = Object.keys(json ?? {});
  if (key === undefined)
    return json === undefined
      ? stored
      : refuse("signIn.clientSecret.key", `it is missing, and the secret "${secret}" is JSON; name one of its keys: ${listed(keys)}.`);
  if (json === undefined) return refuse("signIn.clientSecret.key", `the secret "${secret}" is no JSON and has no keys; leave it out.`);
  const value = Object.hasOwn(json, key) ? json[key] : undefined;
  if (typeof value !== "string" || value === "")
    return refuse("signIn.clientSecret.key", wordComplaint(key, keys, `a key with a text in the secret "${secret}"`));
  return value;
}

function jsonIn(stored: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(stored);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
