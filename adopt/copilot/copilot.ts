// From a folder of AWS Copilot's manifests to the settings of a stack, for one environment.
import { UserError } from "../../facts/errors";
import type { Context } from "../command";
import { Ledger } from "../ledger";
import type { Adoption } from "../report";
import { isMap } from "../values";
import { others } from "./addons";
import type { Task } from "./container";
import { environment } from "./environment";
import { Manifest } from "./manifest";
import { checkOf, runbook } from "./runbook";
import { prioritiesOf, readRunning } from "./running";
import { platformOf } from "./task";
import { appRunner, job, type Needs, service, worker } from "./workloads";
import { readWorkspace, type Workload, type Workspace } from "./workspace";

/** Reads the workspace, and with what CloudFormation says of the environment what runs there, and makes a stack of it. */
export async function translateManifests(
  folder: string,
  of: { env?: string | undefined; stacks?: string | undefined },
  context: Context,
  read = readRunning,
): Promise<Adoption> {
  const workspace = readWorkspace(folder, { ...of, only: context.services });
  const ledger = translated(workspace, context);
  const { app, env, deployed, workloads } = workspace;
  const services = workloads.filter(({ type }) => !/^(Scheduled|Static|Request)/.test(type)).map(({ name }) => name);
  const described = deployed ? await read(deployed, `${app}-${env}`, services) : [];
  for (const [name, priority] of prioritiesOf(described))
    if (ledger.get(["services", name, "path"]) !== undefined) ledger.set(["services", name, "priority"], priority);
  const { before, later } = runbook(workspace, ledger, context.stack, described.length > 0);
  return {
    ledger,
    ...(deployed && { region: deployed.region }),
    described,
    check: checkOf(workspace, context.stack),
    before,
    steps: [],
    later,
  };
}

const NONE: Needs = { aliases: [], isRouted: false, isListened: false, hasName: false };

/** The settings of a workspace, and the account of its fields. */
export function translated(workspace: Workspace, context: Context): Ledger {
  const ledger = new Ledger();
  const taken = workspace.workloads.filter(({ type }) => type !== "Static Site");
  const tasks = taken.map((workload) => taskOf(ledger, workload, workspace, context));
  for (const workload of workspace.workloads)
    if (workload.type === "Static Site")
      ledger
        .source(workload.file, workload.content)
        .leave(
          [],
          "files for browsers are no containers: keep them in S3 behind CloudFront, by aws.s3.Bucket and aws.cloudfront.Distribution in index.ts.",
        );
  const typeOf = (task: Task) => taken[tasks.indexOf(task)]!.type;
  const isPublic = tasks.some((task) => /^(Load|Request)/.test(typeOf(task)) && task.manifest.read(["http"]) !== false);
  const runs = tasks.filter((task) => typeOf(task) !== "Scheduled Job");
  const needs = tasks.map((task): Needs => {
    switch (typeOf(task)) {
      case "Worker Service":
        return worker(task);
      case "Request-Driven Web Service":
        return appRunner(task);
      case "Backend Service":
        return service(task, { isRouted: !isPublic && task.manifest.read(["http"]) !== undefined });
      case "Scheduled Job":
        job(task, runs);
        return NONE;
      default:
        return service(task, { isRouted: true });
    }
  });
  calls(tasks);
  const of = workspace.environment ?? { file: `copilot/environments/${workspace.env}/manifest.yml`, content: {} };
  const manifest = new Manifest(ledger, of.file, of.content, workspace);
  if (!workspace.environment) manifest.same([], "there is none: the environment is as Copilot makes it");
  environment(manifest, { tasks, needs, isInternal: !isPublic }, workspace.deployed);
  others(ledger, workspace);
  return ledger;
}

function taskOf(ledger: Ledger, workload: Workload, workspace: Workspace, { root, region }: Context): Task {
  const manifest = new Manifest(ledger, workload.file, workload.content, workspace);
  const setting = [workload.type === "Scheduled Job" ? "tasks" : "services", workload.name];
  const place = workspace.deployed?.region ?? region;
  const task: Task = { manifest, workload: workload.name, setting, workspace, root, ...(place !== undefined && { region: place }) };
  const platform = platformOf(task);
  if (platform && platform.system !== "linux")
    throw new UserError(`${workload.file}: ${platform.system} containers cannot be taken over: Berth runs Linux ones.`);
  manifest.fields([], {
    name: manifest.text((at) => manifest.take(at, setting, {})),
    type: manifest.text((at) => manifest.same(at, "a service has what its settings say, and a job is one of tasks")),
  });
  return task;
}

/** Whoever has Service Connect calls all others that have a name there, as at Copilot. */
function calls(tasks: readonly Task[]): void {
  const isConnected = ({ manifest }: Task) => {
    const connect = manifest.read(["network", "connect"]);
    return connect === true || isMap(connect);
  };
  const connected = tasks.filter((task) => task.setting[0] === "services" && isConnected(task));
  const named = connected.filter(({ manifest }) => manifest.read(["image", "port"]) !== undefined);
  for (const task of connected) {
    const others = named.filter((one) => one !== task).map(({ workload }) => workload);
    if (others.length > 0) task.manifest.take(["network", "connect"], [...task.setting, "calls"], others);
  }
}
