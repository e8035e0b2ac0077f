// A compose file as a stack: its settings, the account of every field, and what is to be done besides.
import { relative, resolve } from "node:path";
import { UserError } from "../../facts/errors";
import { findProjectFile } from "../../plan/project/project";
import { readYamlMap } from "../../plan/project/yaml";
import type { Context } from "../command";
import { Ledger } from "../ledger";
import type { Adoption, Step } from "../report";
import { nameCredentials, topLevelSecret } from "./environment";
import { each, type Field, type Handlers } from "./field";
import { Reader } from "./read";
import { translatePreDeploy, translateService } from "./service";
import { hostsOf, mention, type One, type Shape, shapeOf } from "./shape";
import { translateTopLevelVolume } from "./volumes";
import type { Credential } from "./work";

/** Reads a compose file, and makes a stack of it. */
export function adoptCompose(path: string, { root, services, stack, region }: Context): Adoption {
  const ledger = new Ledger();
  const reader = new Reader(ledger, root);
  reader.include(resolve(path));
  const project = reader.extend();
  const file = relative(root, resolve(path));
  if (project.services.size === 0) throw new UserError(`${file} has no services, so there is nothing to run.`);
  const shape = shapeOf(project, services, root, ledger);
  if (!shape.ones.some(({ kind }) => kind === "service")) throw new UserError(nothingToRun(file, shape.ones));
  const credentials: Credential[] = [];
  // What a service shares with a task or a command is written first.
  for (const kind of ["service", "preDeploy", "task"] as const) {
    for (const one of shape.ones.filter((other) => other.kind === kind)) {
      const work = { one, shape, project, root, ledger, credentials };
      if (kind === "preDeploy") translatePreDeploy(work);
      else translateService(work);
    }
  }
  for (const one of shape.ones) leftOut(one, shape);
  for (const [key, field] of project.volumes) translateTopLevelVolume(key, field, { shape, ledger });
  for (const field of project.networks.values()) network(field);
  for (const field of project.secrets.values()) each(field, topLevelSecret, undefined);
  for (const field of project.configs.values()) each(field, CONFIG, undefined);
  for (const field of project.models.values()) each(field, MODEL, undefined);
  for (const field of project.others) other(field);
  const steps = [...managedSteps(shape), ...nameCredentials(credentials, projectName(root), stack, region), ...planSteps(stack)];
  return { ledger, steps };
}

const projectName = (root: string) => String(readYamlMap(findProjectFile(root)).get("name"));

function nothingToRun(file: string, ones: readonly One[]): string {
  const reasons = ones.map(({ name, known, reason }) =>
    known ? `${name} is ${known.what}, for which AWS has ${known.instead}` : `${name}: ${reason}`,
  );
  return `${file} has no service that ECS would run: ${reasons.join("; ").replace(/\.$/, "")}.`;
}

/** A service that is not in the stack, with all that is said of it. */
function leftOut({ kind, field, known, reason }: One, shape: Shape): void {
  if (kind === "elsewhere") {
    const users = pointers(field.key, shape);
    const where = users.length > 0 ? ` What points to it: ${users.join(", ")}.` : "";
    field.leave(`${field.key} is ${known!.what}, and not run as a service: use ${known!.instead}.${where}`);
  } else if (kind === "none") field.leave(reason!);
}

/** The variables that name a service which is not in the stack. */
function pointers(name: string, { ones, named }: Shape): string[] {
  const hosts = hostsOf(named(name)!);
  return ones.flatMap((one) =>
    one.variables
      .filter(({ name: variable, value = "" }) => hosts.some((host) => mention(value, host, variable)))
      .map((variable) => `${variable.name} of ${one.name}`),
  );
}

const NETWORK: Handlers<undefined> = {
  name: (field) => field.same("The network is the stack's own VPC, or one that exists: network.existing."),
  driver: (field) => field.same("The network is a VPC."),
  attachable: (field) => field.same("Tasks of the stack are in it."),
  enable_ipv4: (field) => field.same("A VPC has addresses of IPv4."),
  enable_ipv6: (field) => field.leave("Set network.ipv6: true."),
  driver_opts: (field) => field.leave("The network is a VPC; see network in the settings."),
  ipam: (field) => field.leave("The addresses are those of network.cidrBlock."),
  external: (field) => field.leave("A VPC that exists is network.existing, or the network of another stack: platform."),
  internal: (field) => field.leave("A network without a way to the internet is network: { nat: none, endpoints: private }."),
  labels: (field) => field.leave("Tags of what AWS has are the stack's `tags`."),
};
function network(field: Field): void {
  if (field.entries().length === 0) field.same("All services are in one network (VPC), and reach those that they call.");
  else each(field, NETWORK, undefined);
}

const BY_FILE = "There are no files beside the image: COPY it in the Dockerfile, or hand it over as a variable.";
const CONFIG: Handlers<undefined> = Object.fromEntries(
  ["name", "content", "environment", "file", "external", "labels", "template_driver"].map((key) => [
    key,
    (field: Field) => field.leave(BY_FILE),
  ]),
);
const BEDROCK = "There is no model runner: use a model of Amazon Bedrock, by permissions.";
const MODEL: Handlers<undefined> = Object.fromEntries(
  ["name", "model", "context_size", "runtime_flags"].map((key) => [key, (field: Field) => field.leave(BEDROCK)]),
);

function other(field: Field): void {
  if (field.key === "version") field.same("Compose does not read it any more.");
  else if (field.key === "name") field.same("Names begin with those of the Pulumi project and the stack.");
  else if (field.key.startsWith("x-")) field.same("An extension: what the services take of it is told of them.");
}

function managedSteps({ ones }: Shape): Step[] {
  const managed = ones.filter(({ kind }) => kind === "elsewhere");
  if (managed.length === 0) return [];
  return [
    {
      title: "Create what is not run as a service",
      text: [
        ...managed.map(
          ({ name, known }) => `- ${name} is ${known!.what}: ${known!.instead}${known!.port === undefined ? "" : `, port ${known!.port}`}.`,
        ),
        "",
        "Create it in the stack's network, with a security group of its own; a group that it lets in is one of `securityGroups` of each service that connects.",
      ].join("\n"),
    },
  ];
}

const planSteps = (stack: string): Step[] => [
  {
    title: "Plan and deploy",
    commands: [`npx berth plan --stack ${stack}`, `pulumi stack init ${stack}`, `pulumi up --stack ${stack}`],
    check: [`npx berth status --stack ${stack}`],
    rollback: [`pulumi destroy --stack ${stack}`],
  },
];
