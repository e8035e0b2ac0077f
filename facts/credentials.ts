// What must not stand in a container's plain environment: it shows in the console, in CloudTrail and in every DescribeTaskDefinition. No Pulumi here.

const TELLTALE = [
  "password",
  "passwd",
  "secret",
  "private_key",
  "token",
  "api_key",
  "apikey",
  "aws_access_key_id",
  "aws_secret_access_key",
  "ecs_engine_auth_data",
  "credential",
];
// Where the secret is, not the secret: DB_SECRET_NAME, PRIVATE_KEY_FILE, TOKEN_URL.
const HARMLESS_NAME = /^(token_type|version)|(?<!aws_access_key)_(arn|name|id|path|file|url)$/;
// A name in place of a value (an ARN), a switch or a short number is no credential, whatever it is called: TOKEN_LIFETIME_SECONDS=3600.
const HARMLESS_VALUE = /^(arn:[\w-]+:.*|true|false|\d{1,6}|)$/;
const CREDENTIAL_VALUE = [/(AKIA|ASIA)[0-9A-Z]{16}/, /-----BEGIN/, /:\/\/[^/\s:@]*:[^/\s@]+@/];

/** Why this environment variable looks like a credential; undefined if it does not. The value never appears in the text. */
export function credentialComplaint(name: string, value: string): string | undefined {
  const low = name.toLowerCase();
  if (CREDENTIAL_VALUE.some((pattern) => pattern.test(value))) return "its value has the form of a credential";
  if (HARMLESS_NAME.test(low) || HARMLESS_VALUE.test(value)) return undefined;
  const word = TELLTALE.find((telltale) => low.includes(telltale));
  return word && `its name says it holds a ${word.replaceAll("_", " ")}`;
}

/** What to do instead, for messages. */
export const keepSecret = (name: string) =>
  `Store it in Secrets Manager or as a SecureString parameter and give its ARN: secrets: { ${name}: "arn:..." }; ECS then hands it to the container as the same variable.`;
