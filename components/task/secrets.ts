// The secrets of a task: those that its containers get as variables, and those that log drivers get; how they are named, where ECS finds them, and what it
// needs to read them.
import * as pulumi from "@pulumi/pulumi";
import type { SecretGrant } from "../../facts/arns";
import { NOT_A_SECRET, namedSecret, secretComplaint, secretText, textComplaint } from "../../facts/secrets";
import type { Location } from "../base/location";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, group, input, inputOr, optional, pattern, text } from "../base/schema";
import { type Container, type TaskPart, unique } from "./part";

/** A secret in Secrets Manager or Parameter Store, and what of it. */
export interface SecretReference {
  /** Its name or its ARN (`valueFrom`). */
  secret: pulumi.Input<string>;
  /** The key of its JSON whose value is meant (`json-key`). Defaults to none: the whole text. */
  key?: string;
  /** The version with this staging label (`version-stage`), such as `AWSPREVIOUS`. Defaults to `AWSCURRENT`. */
  versionStage?: string;
  /** The version with this id (`version-id`). Defaults to none. */
  versionId?: pulumi.Input<string>;
}

/** A value that the component stores in Secrets Manager. */
export interface SecretValue {
  /** The value: a Pulumi secret, in a stack file an encrypted value. Another one is rolled out. Cost: 0.40 USD a month. */
  value: pulumi.Input<string>;
}

/** Where a variable's value comes from: a name or an ARN, one with a key of its JSON and a version, or the value itself. */
export type Secret = pulumi.Input<string> | SecretReference | SecretValue;

const reference = group(
  {
    secret: input(text(secretComplaint, "prod/db")),
    key: optional(pattern(/^[^:\s]+$/, "a key of JSON", "password")),
    versionStage: optional(pattern(/^[\w/+=.@-]{1,256}$/, "a staging label", "AWSPREVIOUS")),
    versionId: optional(input(pattern(/^[A-Za-z0-9-]{32,64}$/, "the id of a version", "9d4cb84b-ad69-40c0-a0ab-cead36b967e8"))),
  } satisfies ArgumentsOf<SecretReference>,
  {
    about: ["secret", "key", "versionStage", "versionId"],
    at: "secret",
    complain: ({ secret, key, versionStage, versionId = "" }) =>
      typeof secret === "string" && typeof versionId === "string"
        ? secretComplaint(secretText(secret, key, versionStage, versionId))
        : undefined,
  },
);
const value = group({ value: input(text()) } satisfies ArgumentsOf<SecretValue>);
export const secret = () => inputOr(text(textComplaint, "prod/db:password"), reference, value);

/** Secrets by name, and where they stand in the arguments. */
export interface NamedSecrets {
  at: string[];
  secrets: Record<string, GivenSecret>;
}
type GivenSecret = Container["args"]["secrets"][string];

/** One of them, and where ECS finds its value. */
export interface FoundSecret {
  at: string[];
  name: string;
  valueFrom: pulumi.Input<string>;
  grant: pulumi.Input<SecretGrant>;
  /** Whether the component stores it. */
  isStored: boolean;
}

/** A value that is stored. */
export interface Stored {
  secret: pulumi.Output<string>;
  versionId: pulumi.Output<string>;
}

/** What finding secrets takes: the stack's place, a store for values, and whom to tell what is wrong. */
interface Finder {
  location: Location;
  store(at: string[], name: string, value: pulumi.Input<string>): Stored;
  refuse: Refuse;
}

export const findSecrets = (named: NamedSecrets[], finder: Finder): FoundSecret[] =>
  named.flatMap(({ at, secrets }) => Object.entries(secrets).map(([name, given]) => ({ at, name, ...find(at, name, given, finder) })));

function find(at: string[], name: string, given: GivenSecret, { location, store, refuse }: Finder) {
  if (isValue(given)) {
    const { secret, versionId } = store(at, name, given.value);
    return {
      valueFrom: pulumi.all([secret, versionId]).apply(([arn, id]) => secretText(arn, "", "", id)),
      grant: secret.apply((arn) => ({ service: "secretsmanager" as const, resource: arn })),
      isStored: true,
    };
  }
  const text = isReference(given) ? textOf(given) : pulumi.output(given);
  const complain = isReference(given) ? secretComplaint : textComplaint;
  const { partition, region, accountId } = location;
  const found = pulumi.all([text, pulumi.isSecret(text), { partition, region, accountId }]).apply(([named, isSecret, place]) => {
    const hidden = isSecret && !named.startsWith("arn:") && IS_A_VALUE;
    const complaint = hidden || complain(named);
    const read = complaint === undefined ? namedSecret(named) : undefined;
    if (!read) return refuse([...at, name], complaint ?? NOT_A_SECRET);
    return { valueFrom: read.valueFrom(place), grant: { service: read.service, resource: read.resource(place) } };
  });
  // What names a secret is none itself.
  const plain = pulumi.unsecret(found);
  return { valueFrom: plain.apply((its) => its.valueFrom), grant: plain.apply((its) => its.grant), isStored: false };
}

const IS_A_VALUE = "it is a Pulumi secret; give it as { value: ... }, and it is stored in Secrets Manager.";
const isGroup = (given: GivenSecret) => typeof given === "object" && !pulumi.Output.isInstance(given);
const isValue = (given: GivenSecret): given is SecretValue => isGroup(given) && "value" in (given as object);
const isReference = (given: GivenSecret): given is SecretReference => isGroup(given) && "secret" in (given as object);
const textOf = ({ secret, key, versionStage, versionId }: SecretReference) =>
  pulumi.all([secret, versionId]).apply(([text, id]) => secretText(text, key, versionStage, id));

/** The keys of what a task reads as it starts: those that are named, and the one that what the component stores is encrypted with. */
export interface Keys {
  secretsKmsKeyArns: pulumi.Input<string>[];
  kmsKeyArn?: pulumi.Input<string>;
}

/** Read these secrets, and decrypt them with these keys: nothing else. */
export function secretsPart(given: NamedSecrets[], found: FoundSecret[], { secretsKmsKeyArns, kmsKeyArn }: Keys): TaskPart {
  const own = kmsKeyArn !== undefined && found.some(({ isStored }) => isStored) ? [kmsKeyArn] : [];
  const kmsKeyArns = [...secretsKmsKeyArns, ...own];
  const grants = found.map(({ grant }) => grant);
  const secretsIn = (service: string) =>
    pulumi.all(grants).apply((all) => unique(all.filter((grant) => grant.service === service).map((grant) => grant.resource)));
  const statements =
    grants.length > 0
      ? [
          { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: secretsIn("secretsmanager") },
          { sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: secretsIn("ssm") },
          { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: kmsKeyArns },
        ]
      : [];
  // A value is part of no name.
  const names = (secrets: NamedSecrets["secrets"]) =>
    Object.fromEntries(Object.entries(secrets).map(([name, its]) => [name, isValue(its) ? "value" : its]));
  const named = [
    ...given.map(({ secrets }) => names(secrets)).filter((secrets) => Object.keys(secrets).length > 0),
    ...(kmsKeyArns.length > 0 ? [kmsKeyArns] : []),
  ];
  return { executionRights: { statements, named } };
}

/** What ECS is told of the secrets that stand there. */
export const valuesFrom = (found: FoundSecret[], at: string[]): Record<string, pulumi.Input<string>> =>
  Object.fromEntries(found.flatMap((one) => (String(one.at) === String(at) ? [[one.name, one.valueFrom]] : [])));
