// How a secret is named: in Secrets Manager or Parameter Store, by its name or ARN, with a key of its JSON and a version. No Pulumi here.
import { type SecretGrant, secretGrant } from "./arns";
import { credentialIn } from "./credentials";

/** Where the stack is: what names it writes no ARN has to say. */
export interface Place {
  partition: string;
  region: string;
  accountId: string;
}

/** A secret that is named, once it is known where. */
export interface NamedSecret {
  service: SecretGrant["service"];
  /** What ECS reads. */
  valueFrom(place: Place): string;
  /** What IAM is asked for. */
  resource(place: Place): string;
}

/** What is wrong with anything else; the value itself is not shown. */
export const NOT_A_SECRET =
  "this is neither the name nor the ARN of a secret; allowed: prod/db or prod/db:password (Secrets Manager), /prod/db/password (Parameter Store), an ARN of either, { secret: NAME } for a name without a slash, or { value: ... } for the value itself, encrypted.";

/** Names as the two services take them; AWS's own parameters have ARNs without an account. */
const SECRET = /^[\w/+=.@-]{1,512}$/;
const PARAMETER = /^\/(?!aws\/|ssm\/)[\w./-]{1,1010}$/;

interface Parts {
  service: SecretGrant["service"];
  arn(place: Place): string;
  resource(place: Place): string;
  /** Key of the JSON, staging label and id of the version, as far as they are said. */
  rest: string[];
  /** Whether its name ends as an ARN does that is whole. */
  looksWhole?: boolean;
}

function partsOf(given: string): Parts | undefined {
  if (credentialIn(given) !== undefined) return undefined;
  if (given.startsWith("arn:")) {
    const grant = secretGrant(given);
    if (!grant) return undefined;
    const words = grant.service === "ssm" ? [given] : given.split(":");
    return { service: grant.service, arn: () => words.slice(0, 7).join(":"), resource: () => grant.resource, rest: words.slice(7) };
  }
  const [name = "", ...rest] = given.split(":");
  const arn = (service: string, resource: string) => (place: Place) =>
    `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}`;
  if (name.startsWith("/")) {
    if (!PARAMETER.test(name)) return undefined;
    const parameter = arn("ssm", `parameter${name}`);
    return { service: "ssm", arn: parameter, resource: parameter, rest };
  }
  if (!SECRET.test(name)) return undefined;
  // ECS takes an ARN without the six characters at its end, IAM compares with the whole.
  const [partial, whole] = [arn("secretsmanager", `secret:${name}`), arn("secretsmanager", `secret:${name}-??????`)];
  return { service: "secretsmanager", arn: partial, resource: whole, rest, looksWhole: /-[A-Za-z0-9]{6}$/.test(name) };
}

/** What is wrong with the name or ARN of a secret, and what may follow it; undefined if nothing is. */
export function secretComplaint(given: string): string | undefined {
  const parts = partsOf(given);
  if (!parts) return NOT_A_SECRET;
  const [key, stage, id, ...more] = parts.rest;
  if (more.length > 0) return "after the secret come the key of its JSON, the stage and the id of a version, and nothing else.";
  if (stage && id) return "AWS takes a version by its stage or by its id; leave out one of them.";
  if (parts.service === "ssm" && (key || stage || id)) return "a parameter has no keys and versions for ECS; name it alone.";
  return parts.looksWhole
    ? "this name ends with a hyphen and six characters, which Secrets Manager takes for the end of a whole ARN; give its ARN."
    : undefined;
}

/** The same for a text that stands alone: a word could be the value itself. */
export const textComplaint = (given: string): string | undefined => (/[/:]/.test(given) ? secretComplaint(given) : NOT_A_SECRET);

/** The text that names a secret with a key of its JSON, and a version. */
export const secretText = (secret: string, key = "", versionStage = "", versionId = ""): string =>
  key || versionStage || versionId ? [secret, key, versionStage, versionId].join(":") : secret;

/** A secret by its text, about which nothing is wrong. */
export function namedSecret(given: string): NamedSecret | undefined {
  const parts = partsOf(given);
  if (!parts) return undefined;
  const { service, arn, resource, rest } = parts;
  const [key = "", stage = "", id = ""] = rest;
  return { service, resource, valueFrom: (place) => secretText(arn(place), key, stage, id) };
}
