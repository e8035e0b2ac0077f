// `berth adopt check`: how far the runbook is. AWS, the state and the stack file are only read.
import { paginateDescribeStacks, type Stack } from "@aws-sdk/client-cloudformation";
import { paginateListServices } from "@aws-sdk/client-ecs";
import { nameOf, readArn } from "../../facts/arns";
import { listed, orMeant, UserError } from "../../facts/errors";
import { loadProject, type Project } from "../../plan/project/project";
import { printable } from "../../tool/printable";
import { readState } from "../../tool/state-file";
import { abbreviated } from "../../tool/text";
import { fateIn } from "../copilot/retain";
import { servicesIn } from "../copilot/running";
import { readWorkspace } from "../copilot/workspace";
import { Asking, paged } from "../read/asking";
import { type Clients, clientsIn } from "../read/clients";
import { findServices } from "../read/find";
import { isMap } from "../values";
import { type Finding, findingsOf, type Seen, type ServiceSeen, type StackSeen, serviceIn } from "./steps";

export interface CheckFlags {
  cwd: string;
  copilot?: string;
  env?: string;
  cluster?: string;
  service: string[];
  stack?: string;
  region?: string;
}

/** What there is to say, and the exit status: 1 where something contradicts. */
export async function check(flags: CheckFlags): Promise<{ text: string; status: 0 | 1 }> {
  const { copilot, env, cluster, service, region } = flags;
  if ((copilot === undefined) === (cluster === undefined))
    throw new UserError("What is checked is not named: give --copilot DIR --env NAME, or --cluster NAME --service NAME.");
  const project = loadProject({ cwd: flags.cwd, stack: flags.stack ?? env ?? "prod" });
  const clients = clientsIn(region ?? (cluster === undefined ? undefined : readArn(cluster)?.region));
  const asking = new Asking();
  const settings = settingsOf(project);
  const state = stateOf(project);
  const of =
    copilot === undefined
      ? await readLive(clients, asking, cluster!, service)
      : await readCopilot(clients, asking, readWorkspace(copilot, { env, only: service }), service, state);
  const findings = findingsOf({ stack: project.stack, settings, state, ...of });
  return { text: textOf(findings, [...asking.denied].sort()), status: findings.some(({ wrong }) => wrong.length > 0) ? 1 : 0 };
}

/** The state; nothing where the stack is not made yet; a sentence where it cannot be read. */
function stateOf(project: Project): Seen["state"] {
  try {
    return readState(undefined, project).resources;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return /no stack named/.test(error.message) ? [] : error.message.replace(/, or name a file.*$|\. Mend it.*$/s, "");
  }
}

/** The settings of services and tasks, by their paths. */
function settingsOf({ name, config }: Project): Seen["settings"] {
  return Object.fromEntries(
    ["services", "tasks"].flatMap((kind) => {
      const all: unknown = JSON.parse(config[`${name}:${kind}`] ?? "{}");
      return Object.entries(isMap(all) ? all : {}).flatMap(([key, its]): [string, object][] =>
        isMap(its) ? [[`${kind}.${key}`, its]] : [],
      );
    }),
  );
}

async function readLive(clients: Clients, asking: Asking, cluster: string, names: string[]): Promise<Pick<Seen, "services">> {
  if (names.length === 0) throw new UserError("--service is missing: name a service of the cluster, or several, each with --service.");
  const found = await asking.about("ecs:DescribeServices", () => findServices(clients, cluster, names));
  return found ? { services: found.map((service) => ({ name: service.serviceName!, service })) } : {};
}

type Found = Pick<Seen, "stacks" | "runners" | "hasJobs" | "services">;

async function readCopilot(
  clients: Clients,
  asking: Asking,
  { app, env, workloads }: ReturnType<typeof readWorkspace>,
  named: string[],
  state: Seen["state"],
): Promise<Found> {
  const environment = `${app}-${env}`;
  const client = clients.cloudFormation;
  const all = await asking.about("cloudformation:DescribeStacks", () =>
    paged(paginateDescribeStacks({ client }, {}), ({ Stacks }) => Stacks),
  );
  if (!all) return {};
  const cluster = clusterOf(all, environment);
  const of = (type: RegExp) => workloads.filter((one) => type.test(one.type)).map(({ name }) => name);
  const read = (names: string[]) => Promise.all(names.map((name) => readStack(clients, asking, all, environment, name)));
  const stacks = await read(of(/^(?!Static|Request)/));
  const services = await readServices(clients, asking, cluster, environment, of(/^(Load|Backend|Worker)/), state);
  for (const { name, workload, status } of stacks)
    if (named.includes(workload) && status === undefined && services && !services.some((one) => one.name === workload))
      throw noStack(
        name,
        all.filter(({ StackName }) => StackName?.startsWith(`${environment}-`)),
      );
  const jobs = of(/^Scheduled/);
  return {
    stacks,
    runners: await read(of(/^Request/)),
    hasJobs: stacks.some(({ workload, status }) => status !== undefined && jobs.includes(workload)),
    ...(services && { services }),
  };
}

function clusterOf(all: Stack[], environment: string): string {
  const found = all.find(({ StackName }) => StackName === environment);
  if (!found) throw noStack(environment, all);
  const cluster = found.Outputs?.find(({ OutputKey }) => OutputKey === "ClusterId")?.OutputValue;
  if (cluster === undefined)
    throw new UserError(`The stack ${environment} has no output ClusterId, which Copilot's environments have: give another --env.`);
  return cluster;
}

/** `all`: the stacks that could be meant. */
function noStack(name: string, all: Stack[]): UserError {
  const names = all.map(({ StackName = "" }) => StackName).sort();
  const shown = names.length === 0 ? "none" : abbreviated(names, 10);
  return new UserError(`There is no stack ${JSON.stringify(name)} of CloudFormation; there are ${shown}${orMeant(name, names)}`);
}

async function readStack(
  { cloudFormation }: Clients,
  asking: Asking,
  all: Stack[],
  environment: string,
  workload: string,
): Promise<StackSeen> {
  const name = `${environment}-${workload}`;
  const status = all.find(({ StackName }) => StackName === name)?.StackStatus;
  if (status === undefined) return { name, workload };
  const answer = await asking.about("cloudformation:GetTemplate", () => cloudFormation.getTemplate({ StackName: name }));
  return { name, workload, status, ...(answer?.TemplateBody !== undefined && { resources: fateIn(answer.TemplateBody, name) }) };
}

/** The services that Copilot made, and those that the state has and ECS has not. */
async function readServices(
  clients: Clients,
  asking: Asking,
  cluster: string,
  environment: string,
  workloads: string[],
  state: Seen["state"],
): Promise<ServiceSeen[] | undefined> {
  const { ecs: client } = clients;
  const arns = await asking.about("ecs:ListServices", () =>
    paged(paginateListServices({ client }, { cluster, maxResults: 100 }), ({ serviceArns }) => serviceArns),
  );
  if (!arns) return undefined;
  const found = servicesIn(arns.map(nameOf), environment, workloads);
  const names = found.map(({ service }) => service);
  const described = await asking.about("ecs:DescribeServices", () => findServices(clients, cluster, names));
  if (!described) return undefined;
  const there = found.map(({ workload }, i): ServiceSeen => ({ name: workload, service: described[i]! }));
  const lost = workloads.filter((name) => !found.some(({ workload }) => workload === name) && serviceIn(state, name));
  return [...there, ...lost.map((name) => ({ name }))];
}

function textOf(findings: Finding[], denied: string[]): string {
  const next = findings.findIndex(({ isDone }) => isDone === false);
  const word = ({ isDone }: Finding, i: number) => (isDone === undefined ? "not seen" : isDone ? "done" : i === next ? "next" : "not yet");
  const wrong = findings.flatMap((one) => one.wrong);
  const lines = [
    ...findings.flatMap((one, i) => [`${word(one, i).padEnd(8)}  ${one.title}`, ...one.saw.map((text) => `          ${text}`)]),
    ...(wrong.length > 0 ? ["", "Wrong:", ...wrong.map((text) => `  - ${text}`)] : []),
    ...(denied.length > 0 ? ["", `You have no permission for ${listed(denied)}: what depends on it was not seen.`] : []),
  ];
  return `${lines.map((line) => printable(line)).join("\n")}\n`;
}
