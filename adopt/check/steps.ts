// What is done of a runbook, by what AWS, the state and the stack file say. Nothing is asked here.
import type { Service } from "@aws-sdk/client-ecs";
import { nameOf } from "../../facts/arns";
import { SERVICE } from "../../facts/types";
import { parseUrn } from "../../facts/urn";
import type { StateResource } from "../../tool/state-file";
import { abbreviated, plural } from "../../tool/text";
import { TITLES } from "../titles";

/** A stack of CloudFormation of a workload. */
export interface StackSeen {
  name: string;
  workload: string;
  /** Absent where there is no such stack. */
  status?: string;
  /** Of its template; absent where that could not be read. */
  resources?: { count: number; gone: string[] };
}

/** A service of the stack. */
export interface ServiceSeen {
  /** Its name in the stack. */
  name: string;
  /** As ECS describes it; absent where ECS has none. */
  service?: Service;
}

export interface Seen {
  /** The Pulumi stack. */
  stack: string;
  /** Absent where the services are no app of Copilot's, or where CloudFormation could not be asked. */
  stacks?: StackSeen[];
  /** Stacks of App Runner. */
  runners?: StackSeen[];
  /** Whether jobs had schedules. */
  hasJobs?: boolean;
  /** Absent where ECS could not be asked. */
  services?: ServiceSeen[];
  /** What is deployed of the Pulumi stack, or why it could not be read. */
  state: StateResource[] | string;
  /** The settings of the services and tasks, by their paths. */
  settings: Record<string, object>;
}

/** A step, whether it is done, and what shows it. */
export interface Finding {
  title: string;
  /** Undefined where it could not be seen. */
  isDone: boolean | undefined;
  saw: string[];
  /** What a later step needed and has not got, or what is broken. */
  wrong: string[];
}

const finding = (title: string, isDone: boolean | undefined, saw: string[], wrong: string[] = []): Finding => ({
  title,
  isDone,
  saw,
  wrong,
});

const isLeaving = ({ status }: StackSeen) => status === undefined || status.startsWith("DELETE_");
const statusOf = ({ name, status }: StackSeen) => (status === undefined ? `there is no stack ${name}` : `${name} is ${status}`);

/** The steps of which something can be said, in the order of the runbook. */
export function findingsOf(seen: Seen): Finding[] {
  const { stacks, runners = [], hasJobs, settings } = seen;
  const imported = importStep(seen);
  return [
    ...(stacks ? [quietStep(stacks), retainStep(stacks)] : []),
    ...namedStep(seen, TITLES.queues, unnamedQueues(settings), hasQueues(settings)),
    ...namedStep(seen, TITLES.files, unnamedFiles(settings), hasFiles(settings)),
    ...(hasJobs ? [finding(TITLES.jobs, undefined, ["the report has the command that shows it"])] : []),
    imported,
    finding(TITLES.preview, undefined, [`pulumi preview --stack ${seen.stack} shows it`]),
    updateStep(seen),
    ...(stacks ? [deleteStep(seen, stacks)] : []),
    ...(runners.length > 0
      ? [
          finding(
            TITLES.runners,
            runners.every(({ status }) => status === undefined),
            runners.map(statusOf),
          ),
        ]
      : []),
  ];
}

function quietStep(stacks: StackSeen[]): Finding {
  const busy = stacks.filter((one) => !isLeaving(one) && !/(?<!_IN_PROGRESS)_COMPLETE$/.test(one.status!));
  const none = `${stacks.length === 1 ? "the stack is not" : `none of ${plural(stacks.length, "stack")} is`} being changed`;
  return finding(TITLES.quiet, busy.length === 0, busy.length === 0 ? [none] : busy.map(statusOf));
}

function retainStep(stacks: StackSeen[]): Finding {
  const there = stacks.filter(({ status }) => status !== undefined);
  const gone = there.flatMap((one) => (one.resources && one.resources.gone.length > 0 ? [{ ...one, ...one.resources }] : []));
  const unread = there.filter(({ resources }) => !resources);
  const saw = [
    ...gone.map((one) => lost(one)),
    ...unread.map(({ name }) => `the template of ${name} could not be read`),
    ...(there.length === 0 ? ["no stack is left"] : []),
  ];
  const kept = there.length - gone.length - unread.length;
  return finding(
    TITLES.retain,
    gone.length > 0 ? false : unread.length > 0 ? undefined : true,
    [...(kept > 0 ? [`${plural(kept, "stack")} would delete nothing`] : []), ...saw],
    gone.filter(isLeaving).map((one) => `${statusOf(one)}, and ${lost(one)}.`),
  );
}

const lost = ({ name, count, gone }: { name: string; count: number; gone: string[] }) =>
  `${gone.length} of ${plural(count, "resource")} of ${name} ${gone.length === 1 ? "is" : "are"} not retained: ${abbreviated(gone)}`;

type Volumes = Record<string, { efs?: unknown }>;
const keyed = (settings: Seen["settings"], key: string) =>
  Object.entries(settings).flatMap(([path, its]) => (key in its ? [[path, (its as Record<string, unknown>)[key] as object] as const] : []));
const volumesIn = (settings: Seen["settings"]) =>
  keyed(settings, "volumes").flatMap(([path, all]) =>
    Object.entries(all as Volumes).flatMap(([name, { efs }]) => (efs === undefined ? [] : [{ path, at: `${path}.volumes.${name}`, efs }])),
  );
const hasQueues = (settings: Seen["settings"]) => keyed(settings, "queue").length > 0;
const hasFiles = (settings: Seen["settings"]) => volumesIn(settings).length > 0;
const unnamedQueues = (settings: Seen["settings"]) =>
  keyed(settings, "queue").flatMap(([path, queue]) => ("arn" in queue ? [] : [{ path, at: `${path}.queue`, key: "arn" }]));
const unnamedFiles = (settings: Seen["settings"]) =>
  volumesIn(settings).flatMap(({ path, at, efs }) => (typeof efs === "string" ? [] : [{ path, at, key: "efs" }]));

/** A step that writes to the stack file what Copilot's stacks have. */
function namedStep(seen: Seen, title: string, unnamed: { path: string; at: string; key: string }[], isAny: boolean): Finding[] {
  if (!isAny || !seen.stacks) return [];
  const late = unnamed.filter(({ path }) => seen.services?.some((one) => path === `services.${one.name}` && isUpdated(seen, one)));
  return [
    finding(
      title,
      unnamed.length === 0,
      unnamed.length === 0 ? ["the stack file names what is there"] : unnamed.map(({ at, key }) => `${at} has no ${key} of what is there`),
      late.map(({ at }) => `${seen.stack} is updated, and ${at} was not named before: the stack has a new one.`),
    ),
  ];
}

/** The service of a state: by its name in AWS where ECS has it, else by its name in the stack. */
export function serviceIn(state: Seen["state"], name: string, service?: Service): StateResource | undefined {
  if (typeof state === "string") return undefined;
  const all = state.filter(({ type, external }) => type === SERVICE && !external);
  return all.find(({ urn, outputs }) => (service ? outputs.name === service.serviceName : parseUrn(urn).name === name));
}

/** Whether the service runs a revision that the stack registered. */
function isUpdated({ state }: Seen, { service }: ServiceSeen): boolean {
  if (typeof state === "string" || !service) return false;
  return state.some(
    ({ type, outputs }) =>
      type === "aws:ecs/taskDefinition:TaskDefinition" && outputs.arn === service.taskDefinition && outputs.arn !== undefined,
  );
}

const NO_ECS = "ECS could not be asked";

function importStep(seen: Seen): Finding {
  const { state, services, stack } = seen;
  if (typeof state === "string") return finding(TITLES.import, undefined, [state]);
  if (!services) return finding(TITLES.import, undefined, [NO_ECS]);
  if (services.length === 0) return finding(TITLES.import, undefined, ["none of the services is there"]);
  const isIn = (one: ServiceSeen) => serviceIn(state, one.name, one.service) !== undefined;
  return finding(
    TITLES.import,
    services.every(isIn),
    services.map((one) => `${one.name} is ${isIn(one) ? "" : "not "}in the state of ${stack}`),
  );
}

function updateStep(seen: Seen): Finding {
  const { state, services, stack } = seen;
  if (!services) return finding(TITLES.update, undefined, [NO_ECS]);
  const running = services.filter(({ service }) => service);
  const wrong = [
    ...running.flatMap(unsteady),
    ...services.flatMap((one) => (one.service ? [] : [`ECS has no service ${one.name} any more.`])),
  ];
  if (typeof state === "string" || running.length === 0) return finding(TITLES.update, undefined, [], wrong);
  const saw = running.map((one) => {
    const revision = nameOf(one.service!.taskDefinition ?? "");
    return `${one.name} runs ${revision}, which ${stack} ${isUpdated(seen, one) ? "registered" : "did not register"}`;
  });
  return finding(
    TITLES.update,
    running.every((one) => isUpdated(seen, one)),
    saw,
    wrong,
  );
}

/** What keeps a service from being steady. */
function unsteady({ name, service }: ServiceSeen): string[] {
  const { runningCount = 0, desiredCount = 0, deployments = [] } = service!;
  const [failed] = deployments.filter(({ rolloutState }) => rolloutState === "FAILED");
  const why = [
    ...(runningCount === desiredCount ? [] : [`${runningCount} of ${plural(desiredCount, "task")} run`]),
    ...(deployments.length > 1 ? [`${deployments.length} deployments are there`] : []),
    ...(failed ? ["a deployment failed"] : []),
  ];
  return why.length === 0 ? [] : [`${name} is not steady: ${why.join(", ")}.`];
}

function deleteStep(seen: Seen, stacks: StackSeen[]): Finding {
  const { services, state, stack } = seen;
  const wrong = stacks.filter(isLeaving).flatMap((one) => {
    const its = services?.find(({ name }) => name === one.workload);
    if (!its?.service || typeof state === "string") return [];
    if (!serviceIn(state, its.name, its.service)) return [`${statusOf(one)}, and ${stack} has not imported ${its.name}.`];
    return isUpdated(seen, its) ? [] : [`${statusOf(one)}, and ${stack} has not updated ${its.name}.`];
  });
  return finding(
    TITLES.delete,
    stacks.every(({ status }) => status === undefined),
    stacks.map(statusOf),
    wrong,
  );
}
