import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../facts/errors";

/** The settings of the AWS provider that the tool can be given, by the variable that carries each. */
const CARRIED = { profile: "BERTH_PROFILE", assumeRoles: "BERTH_ASSUME_ROLES", endpoints: "BERTH_ENDPOINTS" };

/** Those that it cannot be given: they would stand in the state in plain text, or mean another file on another machine. And what both can read instead. */
const INSTEAD = {
  accessKey: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use a profile",
  secretKey: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or use a profile",
  token: "set AWS_SESSION_TOKEN in the environment, or use a profile",
  assumeRoleWithWebIdentity: "set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE in the environment",
  sharedConfigFiles: "set AWS_CONFIG_FILE in the environment",
  sharedCredentialsFiles: "set AWS_SHARED_CREDENTIALS_FILE in the environment",
};

const WHY = "berth runs beside the AWS provider in the update and cannot be given it";

/** Any resource type of ECS: what matters is the package. */
const OF_AWS = "aws:ecs/service:Service";

/**
 * The identity that a component's AWS provider works with, as variables of the tool: of the provider that the program gave it, or of the stack's `aws:`
 * settings, wherever they come from. Throws a UserError, before anything exists, for what the tool cannot be given.
 */
export function providerIdentity(component: pulumi.Resource): Record<string, pulumi.Input<string>> {
  const provider = component.getProvider(OF_AWS);
  return provider ? identityOf(provider) : configuredIdentity();
}

/** The default provider's: the settings as the program sees them, be they from the stack file, an environment of Pulumi ESC or the Automation API. */
function configuredIdentity(): Record<string, string> {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  const config = pulumi.runtime.allConfig();
  for (const [key, instead] of Object.entries(INSTEAD)) if (config[`aws:${key}`]) refuse(`aws:${key}`, `${WHY}; ${instead}.`);
  const identity: Record<string, string> = {};
  for (const [key, variable] of Object.entries(CARRIED)) {
    // A single role has a key of its own.
    const found = [`aws:${key}`, `aws:${key.replace("Roles", "Role")}`].find((name) => config[name]);
    if (found === undefined) continue;
    if (isConfigSecret(found)) refuseSecret(found);
    identity[variable] = config[found]!;
  }
  return identity;
}

/** That of a provider of the program's own. Its inputs are its outputs too, structures as JSON. */
function identityOf(provider: pulumi.ProviderResource): Record<string, pulumi.Input<string>> {
  const settings = provider as unknown as Record<string, unknown>;
  const checked = Promise.all(
    Object.entries(INSTEAD).map(async ([key, instead]) => {
      if (isSet((await read(settings[key])).value)) refuse(`provider.${key}`, `${WHY}; ${instead}.`);
    }),
  );
  const carried = Object.entries(CARRIED).map(([key, variable]) => [variable, pulumi.output(carry(key, settings[key], checked))] as const);
  // An undefined value is left out of what is sent.
  return Object.fromEntries(carried) as Record<string, pulumi.Output<string>>;
}

async function carry(key: string, setting: unknown, checked: Promise<unknown>): Promise<string | undefined> {
  await checked;
  const { value, isSecret } = await read(setting);
  if (!isSet(value)) return undefined;
  if (isSecret) refuseSecret(`provider.${key}`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A setting's value. What is not set counts as unknown in a preview, and would look like a change of every command. */
async function read(setting: unknown): Promise<{ value: unknown; isSecret: boolean }> {
  const output = pulumi.output(setting) as unknown as {
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    promise(): Promise<unknown>;
  };
  const [isKnown, isSecret] = await Promise.all([output.isKnown, output.isSecret]);
  return { value: isKnown ? await output.promise() : undefined, isSecret };
}

const isSet = (value: unknown) => value !== undefined && value !== null && value !== "" && value !== "[]" && value !== "null";

function refuseSecret(key: string): never {
  refuse(key, "it is a secret, and berth would get it in plain text; give it in plain text, or set AWS_PROFILE in the environment.");
}

function refuse(key: string, complaint: string): never {
  throw new UserError(`${key}: ${complaint}`);
}
