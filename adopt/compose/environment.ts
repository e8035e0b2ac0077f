// Variables and credentials: what is plain goes into the stack file, what is a credential gets a name in Parameter Store, and its value goes nowhere.
import { credentialComplaint, looksSecret, secretName } from "../../facts/credentials";
import { variableComplaint, variableWord } from "../../facts/names";
import type { Step } from "../report";
import type { Field, Handlers } from "./field";
import { hostsOf, mention, type One, renamed, type Variable } from "./shape";
import { at, type Credential, type Work } from "./work";

/** The variables of `env_file` and `environment`; of one that is there twice the last holds. */
export function translateVariables(work: Work): void {
  const { variables } = work.one;
  const files = filesOf(work);
  for (const [i, variable] of variables.entries()) {
    if (variables.some(({ name }, j) => j > i && name === variable.name))
      variable.field.same(`A later ${variable.name} stands in its place.`);
    else translate(variable, files, work);
  }
}

function translate({ name, value = "", field }: Variable, files: Map<string, string>, work: Work): void {
  const { one, shape } = work;
  const file = files.get(value);
  const complaint = variableComplaint(name);
  const other = inheritedFrom(one)
    ?.variables.filter((of) => of.name === name)
    .at(-1);
  const elsewhere = shape.ones.find((of) => of.kind === "elsewhere" && hostsOf(of).some((host) => mention(value, host, name)));
  if (complaint) field.leave(complaint);
  else if (file !== undefined) field.change(`Secrets are no files on ECS: the app reads its value from ${file}.`);
  else if (other && other.value === value) field.same(`It is a variable of ${one.owner!.name}, whose variables it has.`);
  else if (one.kind === "preDeploy") field.leave(`The command runs with the variables of ${one.owner!.name}: add it there.`);
  else if (isCredential(name, value, field.used)) {
    const why = `A credential${elsewhere ? `, which names ${elsewhere.name}: its new value names what you have in its place` : ""}.`;
    work.credentials.push({ variable: name, identity: `${name}=${value}`, one, fields: [field], why });
  } else if (field.text === undefined && field.file.variables[name] === undefined) {
    field.leave(
      `${name} has no value here: Compose takes it from the environment of whoever starts it. Write it into ${one.at.join(".")}.environment.`,
    );
  } else if (elsewhere)
    field.leave(
      `It names ${elsewhere.name}, which is not in the stack: set ${at(work, "environment", name).join(".")} to where ${elsewhere.known!.instead} is.`,
    );
  else plain(field, name, value, work);
}

/** A variable, with the names by which other services are called now. */
function plain(field: Field, name: string, given: string, work: Work): void {
  const setting = at(work, "environment", name);
  let value = given;
  for (const other of work.one.calls) {
    for (const host of hostsOf(other)) if (mention(given, host, name)) value = renamed(value, host, other.called?.name ?? host);
  }
  if (value === given) field.take(setting, value);
  else field.change("A service is called by one name, which can be in DNS.", { setting, value });
}

/** Tasks and commands before the deploy have the variables of their service. */
const inheritedFrom = ({ owner }: One) => owner;

const isCredential = (name: string, value: string, used: readonly string[]) =>
  credentialComplaint(name, value) !== undefined ||
  (value === "" && used.length > 0 && secretName(name) !== undefined) ||
  used.some((variable) => secretName(variable) !== undefined && (value === "" || looksSecret(variable, value)));

/** Where Compose puts a secret, and the variable that gets it instead. */
function filesOf({ one }: Work): Map<string, string> {
  const secrets = one.field.get("secrets")?.items() ?? [];
  return new Map(
    secrets.flatMap((field) => {
      const source = field.text ?? field.get("source")?.text;
      if (source === undefined) return [];
      const target = field.get("target")?.text ?? source;
      const path = target.startsWith("/") ? target : `/run/secrets/${target}`;
      return [[path, variableOf(one, path, source)] as const];
    }),
  );
}

/** The variable for a secret: `DB_PASSWORD` where `DB_PASSWORD_FILE` names its file, and else its own name. */
function variableOf({ variables }: One, path: string, source: string): string {
  const pointer = variables.find(({ name, value }) => value === path && name.endsWith("_FILE"));
  return pointer ? pointer.name.slice(0, -"_FILE".length) : variableWord(source.replace(/[^A-Za-z0-9_-]/g, "_"));
}

/** `secrets` of a service. */
export function translateSecrets(work: Work): void {
  const files = [...filesOf(work)];
  for (const field of work.one.field.get("secrets")?.items() ?? []) {
    const source = field.text ?? field.get("source")?.text;
    if (source === undefined) continue;
    const target = field.get("target");
    const path = target?.text?.startsWith("/") ? target.text : `/run/secrets/${target?.text ?? source}`;
    const variable = files.find(([one]) => one === path)![1];
    const why = `Secrets are no files on ECS: the app gets it as the variable ${variable}, and ${path} is not there.`;
    const named = field.isMap ? field.get("source")! : field;
    if (work.one.kind === "preDeploy") named.leave(`The command runs with the secrets of ${work.one.owner!.name}: add it there.`);
    else work.credentials.push({ variable, identity: `secret ${source}`, one: work.one, fields: [named], why });
    target?.same("There is no file.");
    for (const key of ["uid", "gid", "mode"]) field.get(key)?.same("There is no file, so it belongs to nobody.");
  }
}

/** Names the credentials in Parameter Store, each once, and says how to store them. */
export function nameCredentials(credentials: readonly Credential[], project: string, stack: string, region: string | undefined): Step[] {
  const names = new Map<string, string>();
  for (const { variable, identity, one } of credentials) {
    const differs = credentials.some((other) => other.variable === variable && other.identity !== identity);
    if (!names.has(identity)) names.set(identity, `/${[project, stack, ...(differs ? [one.word] : []), variable].join("/")}`);
  }
  for (const { variable, identity, one, fields, why } of credentials) {
    const name = names.get(identity)!;
    const keep = `Store its value as ${name}; it costs nothing there.`;
    for (const field of fields) field.change(why, { setting: [...one.at, "secrets", variable], value: name, keep });
  }
  if (names.size === 0) return [];
  const where = region === undefined ? "" : ` --region ${region}`;
  return [
    {
      title: "Store the credentials",
      text: "Each in Parameter Store, in the stack's region, before the first deploy. Type or paste the value after the command; it is on no screen and in no file.",
      commands: [...names.values()].map(
        (name) => `read -rs VALUE && aws ssm put-parameter --type SecureString --name ${name} --value "$VALUE"${where}`,
      ),
      check: [`npx berth verify --stack ${stack}`],
      rollback: [...names.values()].map((name) => `aws ssm delete-parameter --name ${name}${where}`),
    },
  ];
}

const SECRET: Handlers<string> = {
  file: (field, why) => field.change(why),
  environment: (field, why) => field.change(why),
  external: (field, why) => field.change(why),
  name: (field, why) => field.change(why),
  driver: (field, why) => field.change(why),
  driver_opts: (field, why) => field.change(why),
  template_driver: (field, why) => field.change(why),
  labels: (field) => field.same("Labels of Docker's own; the parameter needs none."),
};
export const topLevelSecret: Handlers<undefined> = Object.fromEntries(
  Object.entries(SECRET).map(([key, handle]) => [
    key,
    (field) => handle(field, "Its value is stored in Parameter Store, and read from there when a task starts."),
  ]),
);
