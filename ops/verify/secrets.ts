// Whether the secrets and parameters that tasks name are there, with the keys of their JSON, and may be read, and those that the program
// looks up. No value is printed.
import type { DescribeSecretResponse } from "@aws-sdk/client-secrets-manager";
import type { ParameterMetadata } from "@aws-sdk/client-ssm";
import { orMeant } from "../../facts/errors";
import { type Resource, UNKNOWN } from "../../facts/graph";
import { type ResourceType, TASK_DEFINITIONS } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { containersIn, isNameOf, type PlannedStack, textOf } from "./planned-stack";
import { mayDo } from "./rights";
import { type Answer, asked, type Finding, lookedUp, notPermitted, unlessFound, type Verification } from "./verification";

/** What a stack makes that a variable can be read from. */
const OWN: ResourceType[] = ["aws:secretsmanager/secret:Secret", "aws:ssm/parameter:Parameter"];

/** A variable, or an option of a log driver, and where its value is read. */
interface Variable {
  /** Absent where the program itself reads the value, as for the client secret of a sign-in. */
  task?: Resource;
  /** `web: DATABASE_URL` */
  at: string;
  service: "secretsmanager" | "ssm";
  arn: string;
  name: string;
  key?: string;
  stage?: string;
  version?: string;
}

/** What AWS says of one. */
interface Found {
  variable: Variable;
  secret?: Answer<DescribeSecretResponse | undefined>;
  parameter?: Answer<ParameterMetadata | undefined>;
  /** The keys of its JSON; undefined for a text that is none. Absent where nobody asks for a key. */
  keys?: Answer<string[] | undefined>;
  mayRead?: Answer<boolean | undefined>;
  mayDecrypt?: Answer<boolean | undefined>;
  /** Names like it, where it is missing. */
  others: string[];
}

interface Pair {
  name: string;
  valueFrom: string;
}

/** What the tasks of a stack read that the stack does not make itself. */
function variablesIn(stack: PlannedStack): Variable[] {
  return stack.ofType(...TASK_DEFINITIONS).flatMap((task) => {
    const own = OWN.flatMap((type) => stack.sources(task, "containerDefinitions", type));
    return containersIn(task).flatMap(({ secrets, logConfiguration, repositoryCredentials }) => {
      const { secretOptions } = (logConfiguration ?? {}) as { secretOptions?: Pair[] };
      const login = (repositoryCredentials as { credentialsParameter: string } | undefined)?.credentialsParameter;
      const pairs = [
        ...((secrets as Pair[] | undefined) ?? []),
        ...(secretOptions ?? []),
        ...(login === undefined ? [] : [{ name: "the registry's credentials", valueFrom: login }]),
      ];
      return pairs
        .filter(({ valueFrom }) => valueFrom !== UNKNOWN)
        .map(({ name, valueFrom }) => ({ task, at: `${task.name}: ${name}`, ...read(valueFrom) }))
        .filter(({ name }) => !own.some((one) => isNameOf(one, name)));
    });
  });
}

function read(valueFrom: string): Pick<Variable, "service" | "arn" | "name" | "key" | "stage" | "version"> {
  const words = valueFrom.split(":");
  if (words[2] !== "secretsmanager") {
    const name =
      words.length > 1
        ? words
            .slice(5)
            .join(":")
            .replace(/^parameter/, "")
        : valueFrom;
    return { service: "ssm", arn: valueFrom, name };
  }
  const [key, stage, version] = words.slice(7);
  return {
    service: "secretsmanager",
    arn: words.slice(0, 7).join(":"),
    name: words[6]!.replace(/-[A-Za-z0-9]{6}$/, ""),
    ...(key && { key }),
    ...(stage && { stage }),
    ...(version && { version }),
  };
}

/** What the program looks up by name or ARN. Which key of the JSON it takes, the graph does not say: a preview does, which reads the value. */
function lookupsIn(stack: PlannedStack): Variable[] {
  const at = "a lookup of the program";
  return stack.graph.invokes.flatMap(({ token, args }): Variable[] => {
    const [secret, parameter] = [textOf(args, "secretId"), textOf(args, "name")];
    if (token === "aws:secretsmanager/getSecretVersion:getSecretVersion" && secret !== undefined) {
      const [stage, version] = [textOf(args, "versionStage"), textOf(args, "versionId")];
      const its = secret.startsWith("arn:") ? read(secret) : { service: "secretsmanager" as const, arn: secret, name: secret };
      return [{ at, ...its, ...(stage && { stage }), ...(version && { version }) }];
    }
    if (token !== "aws:ssm/getParameter:getParameter" || parameter === undefined) return [];
    const its = parameter.startsWith("arn:")
      ? read(parameter)
      : { service: "ssm" as const, arn: parameter, name: parameter.split(":")[0]! };
    // What AWS publishes for all, or refers to elsewhere, is no parameter of the account: none may be called so.
    return /^\/?aws\//.test(its.name) ? [] : [{ at, ...its }];
  });
}

async function find(stack: PlannedStack, aws: Aws, variable: Variable): Promise<Found> {
  return variable.service === "ssm" ? findParameter(stack, aws, variable) : findSecret(stack, aws, variable);
}

async function findSecret(stack: PlannedStack, aws: Aws, variable: Variable): Promise<Found> {
  const secret = await lookedUp(aws.secrets().describeSecret({ SecretId: variable.arn }), "ResourceNotFoundException");
  const its = "value" in secret ? secret.value : undefined;
  const key = its?.KmsKeyId === undefined ? undefined : keyArn(its.KmsKeyId, stack);
  const isThere = its && !its.DeletedDate;
  return {
    variable,
    secret,
    ...(await rightsOf(stack, aws, variable, "secretsmanager:GetSecretValue", its?.ARN ?? variable.arn, key)),
    ...(isThere && variable.key !== undefined && { keys: await asked(keysOf(aws, variable)) }),
    others: "value" in secret && !its ? await secretNames(aws) : [],
  };
}

/** Whether the role of its task may read it, and use its key. What the program looks up is read by who deploys, and by no role. */
async function rightsOf(
  stack: PlannedStack,
  aws: Aws,
  { task }: Variable,
  action: string,
  resource: string,
  key: string | undefined,
): Promise<Pick<Found, "mayRead" | "mayDecrypt">> {
  if (!task) return {};
  const mayRead = await mayDo(stack, aws, task, action, resource);
  return { mayRead, ...(key && { mayDecrypt: await mayDo(stack, aws, task, "kms:Decrypt", key) }) };
}

/** The ARN of a key of one's own; an alias names one that only KMS knows. */
function keyArn(key: string, { place }: PlannedStack): string | undefined {
  if (/alias\//.test(key)) return undefined;
  return key.startsWith("arn:") ? key : `arn:${place.partition}:kms:${place.region}:${place.accountId}:key/${key}`;
}

async function keysOf(aws: Aws, { arn, stage, version }: Variable): Promise<string[] | undefined> {
  const { SecretString = "" } = await aws
    .secrets()
    .getSecretValue({ SecretId: arn, ...(stage && { VersionStage: stage }), ...(version && { VersionId: version }) });
  try {
    const value: unknown = JSON.parse(SecretString);
    return typeof value === "object" && value !== null ? Object.keys(value) : undefined;
  } catch {
    return undefined;
  }
}

async function secretNames(aws: Aws): Promise<string[]> {
  const listed = await asked(aws.secrets().listSecrets({ MaxResults: 100 }));
  return "value" in listed ? (listed.value.SecretList ?? []).flatMap(({ Name }) => Name ?? []) : [];
}

async function findParameter(stack: PlannedStack, aws: Aws, variable: Variable): Promise<Found> {
  // The ARN of a parameter does not say whether its name begins with a slash.
  const names = [...new Set([variable.name, variable.name.replace(/^\//, "")])];
  const described = await asked(aws.ssm().describeParameters({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: names }] }));
  const parameter: Found["parameter"] = "value" in described ? { value: described.value.Parameters?.[0] } : described;
  const its = "value" in parameter ? parameter.value : undefined;
  const key = its?.Type === "SecureString" && its.KeyId ? keyArn(its.KeyId, stack) : undefined;
  return {
    variable,
    parameter,
    ...(await rightsOf(stack, aws, variable, "ssm:GetParameters", variable.arn, key)),
    others: "value" in parameter && !its ? await parameterNames(aws) : [],
  };
}

async function parameterNames(aws: Aws): Promise<string[]> {
  const listed = await asked(aws.ssm().describeParameters({ MaxResults: 50 }));
  return "value" in listed ? (listed.value.Parameters ?? []).flatMap(({ Name }) => Name ?? []) : [];
}

function judge(found: Found, region: string): Finding[] {
  const { variable, secret, parameter, mayRead, mayDecrypt } = found;
  const { at, name } = variable;
  const what = variable.service === "ssm" ? "parameter" : "secret";
  const answer = (secret ?? parameter)!;
  if ("denied" in answer) return [notPermitted(`${at}: ${what} ${name}`, answer.denied)];
  if (!answer.value) return [missing(found, what, region)];
  const findings = secret && "value" in secret ? judgeSecret(found, secret.value!) : [];
  for (const [allowed, action] of [
    [mayRead, "read it"],
    [mayDecrypt, "decrypt it with its key"],
  ] as const) {
    if (!allowed) continue;
    if ("denied" in allowed) findings.push(notPermitted(`${at}: whether its role may ${action}`, allowed.denied));
    else if (allowed.value === false) findings.push(notReadable(found, what, action));
  }
  return findings;
}

/** By what a rollout would fail; where a lookup of the program fails, none begins. */
const causeOf = ({ task }: Variable): Pick<Finding, "cause"> => (task ? { cause: "secret-missing" } : {});

function missing({ variable, others }: Found, what: string, region: string): Finding {
  const { at, name } = variable;
  return {
    result: "fail",
    ...causeOf(variable),
    detail: `${at}: there is no ${what} "${name}" in ${region}${orMeant(name, others)}`,
    fix: `Create the ${what}, or correct its name in the settings.`,
  };
}

function notReadable({ variable: { at, name }, secret }: Found, what: string, action: string): Finding {
  const key = secret && "value" in secret ? secret.value?.KmsKeyId : undefined;
  return {
    result: "fail",
    cause: "secret-not-permitted",
    detail: `${at}: the execution role reads the ${what} "${name}", and may not ${action}${key && action !== "read it" ? ` (${key})` : ""}.`,
    fix:
      action === "read it"
        ? "Allow secretsmanager:GetSecretValue (ssm:GetParameters for a parameter) on it in the execution role."
        : "Add the key's ARN to service.secretsKmsKeyArns.",
  };
}

function judgeSecret({ variable, keys }: Found, secret: DescribeSecretResponse): Finding[] {
  const { at, name, key, stage, version } = variable;
  const fail = (detail: string, fix: string): Finding => ({ result: "fail", ...causeOf(variable), detail: `${at}: ${detail}`, fix });
  if (secret.DeletedDate)
    return [fail(`the secret "${name}" is scheduled for deletion.`, `Restore it: aws secretsmanager restore-secret --secret-id ${name}`)];
  const versions = Object.entries(secret.VersionIdsToStages ?? {});
  if (version !== undefined && !versions.some(([id]) => id === version))
    return [fail(`the secret "${name}" has no version ${version}.`, "Name a version that it has, or none for the current one.")];
  if (!versions.some(([, stages]) => stages.includes(stage ?? "AWSCURRENT")) && version === undefined)
    return [fail(`the secret "${name}" has no version with the stage ${stage ?? "AWSCURRENT"}.`, "Store a value in it.")];
  if (key === undefined || !keys) return [];
  if ("denied" in keys) return [notPermitted(`${at}: whether the secret "${name}" has the key ${key}`, keys.denied)];
  if (keys.value?.includes(key)) return [];
  const said = keys.value ? "has no key" : "is no JSON, and has no key";
  return [
    fail(
      `the secret "${name}" ${said} "${key}"${orMeant(key, keys.value ?? [])}`,
      "Add the key to its JSON, or correct it in the settings.",
    ),
  ];
}

/** What is found of some, or that all is well with them; nothing where there are none. */
function report(found: Found[], region: string, fine: string): Finding[] {
  if (found.length === 0) return [];
  const names = new Set(found.map(({ variable }) => variable.name));
  return unlessFound(
    found.flatMap((one) => judge(one, region)),
    `${[...names].join(", ")}: there${fine}`,
  );
}

export const secrets: Verification<Found[]> = {
  name: "Secrets",
  read(stack, aws) {
    const variables = [...variablesIn(stack), ...lookupsIn(stack)];
    return variables.length === 0 ? undefined : Promise.all(variables.map((one) => find(stack, aws, one)));
  },
  judge(stack, found) {
    const { region } = stack.place;
    const isOfTask = ({ variable }: Found) => variable.task !== undefined;
    return [
      ...report(found.filter(isOfTask), region, ", and the tasks may read them"),
      ...report(
        found.filter((one) => !isOfTask(one)),
        region,
        ", for the program to look up",
      ),
    ];
  },
};
