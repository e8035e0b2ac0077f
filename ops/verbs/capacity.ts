import { setTimeout as sleep } from "node:timers/promises";
import type { CapacityProvider, ECS, Service, Task } from "@aws-sdk/client-ecs";
import { clusterName, nameOf } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { abbreviated, duration, plural } from "../../tool/text";
import type { Io } from "../io";
import { connect, type LocationOptions } from "../stack/locate";
import { Renewal } from "../stack/renewal";

export interface CapacityOptions extends LocationOptions {
  /** Names or ARNs. */
  capacityProvider: string[];
  /** Minutes. */
  timeout: number;
  /** Seconds between two polls. */
  every: number;
}

/** What a poll found: nothing when the wait is over, else what it waits for. */
type Poll = (ecs: ECS, options: CapacityOptions) => Promise<string | undefined>;

/**
 * Adds the capacity providers to those of the cluster, once they are ACTIVE: one for Managed Instances is PROVISIONING for a while after it was created, and a
 * cluster refuses it until then.
 */
export async function attach(options: CapacityOptions, io: Io): Promise<number> {
  const names = options.capacityProvider.map(nameOf);
  const change = new ClusterChange((held) => [...held, ...names.filter((name) => !held.includes(name))]);
  const step: Poll = async (ecs, given) => (await pendingProviders(ecs, given)) ?? change.step(ecs, given);
  return poll(options, io, step, notActive);
}

/** Removes the capacity providers from those of the cluster, once no service and no task uses them: a cluster gives up nothing that is in use. */
export async function detach(options: CapacityOptions, io: Io): Promise<number> {
  const names = options.capacityProvider.map(nameOf);
  const change = new ClusterChange((held) => held.filter((name) => !names.includes(name)));
  const step: Poll = async (ecs, given) => (await usesOfProviders(ecs, given)) ?? change.step(ecs, given);
  return poll(options, io, step, notReleased);
}

type TimedOut = (waiting: string, options: CapacityOptions) => UserError;

const notActive: TimedOut = (waiting, { timeout }) =>
  new UserError(`${waiting} after ${timeout} minutes.`, [
    "The infrastructure role must allow ECS to assume it, with AmazonECSInfrastructureRolePolicyForManagedInstances; then run `pulumi up` again.",
  ]);

const notReleased: TimedOut = (waiting, { cluster, timeout }) =>
  new UserError(`${waiting} after ${timeout} minutes, so the cluster ${clusterName(cluster)} cannot give it up.`, [
    "Stop these tasks, or move these services to other capacity (`capacityProviderStrategy`), and run `pulumi up` again.",
    "A rollout that still runs keeps its old tasks: `npx berth status` shows it.",
  ]);

/** What AWS refuses while the cluster changes, or while a task that has just stopped still counts. */
const BUSY = ["UpdateInProgressException", "ResourceInUseException"];

/** A change of the list of a cluster's capacity providers. AWS knows only the whole list, so it is read, changed and written. */
class ClusterChange {
  private written = false;

  constructor(private readonly change: (held: string[]) => string[]) {}

  /** One step of the change; what it still waits for, if anything. */
  async step(ecs: ECS, { cluster }: CapacityOptions): Promise<string | undefined> {
    const { clusters = [] } = await ecs.describeClusters({ clusters: [cluster!], include: ["ATTACHMENTS"] });
    const found = clusters.find(({ status }) => status === "ACTIVE");
    // A cluster that is gone holds nothing any more.
    if (!found) return undefined;
    const { attachmentsStatus, capacityProviders: held = [], defaultCapacityProviderStrategy: strategy = [] } = found;
    const waiting = `The cluster ${clusterName(cluster)} is updating its capacity providers`;
    if (attachmentsStatus === "UPDATE_IN_PROGRESS") return waiting;
    const capacityProviders = this.change(held);
    const failed = attachmentsStatus === "UPDATE_FAILED";
    if (capacityProviders.join() === held.join() && !failed) return undefined;
    if (failed && this.written) {
      const reasons = (found.attachments ?? []).filter(({ status }) => status === "FAILED").flatMap(({ details = [] }) => details);
      const reason = reasons.map(({ name, value }) => `${name}: ${value}`).join(", ") || "AWS gives no reason";
      throw new UserError(`The cluster ${clusterName(cluster)} could not change its capacity providers (${reason}).`);
    }
    const defaultCapacityProviderStrategy = strategy.filter(({ capacityProvider }) => capacityProviders.includes(capacityProvider!));
    try {
      await ecs.putClusterCapacityProviders({ cluster, capacityProviders, defaultCapacityProviderStrategy });
      this.written = true;
      return waiting;
    } catch (error) {
      const { name, message } = error as Error;
      if (BUSY.includes(name)) return message;
      throw error;
    }
  }
}

async function poll(options: CapacityOptions, io: Io, look: Poll, timedOut: TimedOut): Promise<number> {
  if (!options.cluster) throw new UserError("--cluster is missing: name the cluster of the capacity providers.");
  const aws = connect(options, io);
  const started = performance.now();
  const interrupt = io.interruption();
  const names = options.capacityProvider.map(nameOf).join(", ");
  const renewal = new Renewal(aws, { name: names, again: "pulumi up" });
  let shown: string | undefined;
  while (!interrupt.aborted) {
    const found = await renewal.attempt(async () => ({ waiting: await look(aws.ecs(), options) }));
    const seconds = (performance.now() - started) / 1000;
    if (found && found.waiting === undefined) {
      io.out(`${names}: ready after ${duration(seconds)}.\n`);
      return 0;
    }
    const waiting = found?.waiting ?? shown ?? names;
    if (seconds > options.timeout * 60) throw timedOut(waiting, options);
    if (waiting !== shown) io.err(`${waiting}\n`);
    shown = waiting;
    await sleep(options.every * 1000, undefined, { signal: interrupt }).catch(() => undefined);
  }
  return 130;
}

/** Without the cluster: AWS would leave out what the cluster has not taken yet. */
async function pendingProviders(ecs: ECS, { capacityProvider: names }: CapacityOptions): Promise<string | undefined> {
  const { capacityProviders = [] } = await ecs.describeCapacityProviders({ capacityProviders: names });
  const states = names.map(nameOf).map((name) => {
    const provider = capacityProviders.find((found) => found.name === name);
    if (provider) refuseFailed(provider);
    return { name, status: provider?.status ?? "not visible yet" };
  });
  const pending = states.filter(({ status }) => status !== "ACTIVE");
  if (pending.length === 0) return undefined;
  return pending.map(({ name, status }) => `The capacity provider ${name} is ${status}, not ACTIVE`).join("; ");
}

/** A provider that AWS gave up on never becomes ACTIVE. */
function refuseFailed({ name, status, updateStatus, updateStatusReason }: CapacityProvider): void {
  const failed = updateStatus?.endsWith("_FAILED") || status === "INACTIVE" || status === "DEPROVISIONING";
  if (status === "ACTIVE" || !failed) return;
  throw new UserError(
    `The capacity provider ${name} is ${status} (${updateStatus ?? "no update"}): ${updateStatusReason ?? "AWS gives no reason"}`,
    [
      "The infrastructure role must allow ECS to assume it, with AmazonECSInfrastructureRolePolicyForManagedInstances; the instance profile and subnets must exist.",
      "`pulumi up --replace URN` of the capacity provider creates it again.",
    ],
  );
}

/** Names that AWS returns at a time. */
const SERVICES_AT_ONCE = 10;

async function usesOfProviders(ecs: ECS, { cluster, capacityProvider }: CapacityOptions): Promise<string | undefined> {
  const [services, tasks] = await Promise.all([servicesOf(ecs, cluster!), tasksOf(ecs, cluster!)]);
  const names = capacityProvider.map(nameOf);
  const uses = (name: string | undefined) => name !== undefined && names.includes(name);
  const users = [
    ...services.filter((service) => providersOf(service).some(uses)).map(({ serviceName }) => `service ${serviceName}`),
    ...plainTasks(tasks.filter(({ capacityProviderName }) => uses(capacityProviderName))),
  ];
  if (users.length === 0) return undefined;
  return `${names.join(", ")}: in use by ${abbreviated(users)}`;
}

/** The capacity providers that a service starts tasks on, in any deployment that it still has. */
function providersOf({ capacityProviderStrategy = [], deployments = [] }: Service): (string | undefined)[] {
  return [capacityProviderStrategy, ...deployments.map((deployment) => deployment.capacityProviderStrategy ?? [])]
    .flat()
    .map(({ capacityProvider }) => capacityProvider);
}

/** Tasks by what they belong to: `2 tasks of service:web`. */
function plainTasks(tasks: Task[]): string[] {
  const counts = new Map<string, number>();
  for (const { group = "no group" } of tasks) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].map(([group, count]) => `${plural(count, "task")} of ${group}`);
}

async function servicesOf(ecs: ECS, cluster: string): Promise<Service[]> {
  const found: Service[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.listServices({ cluster, maxResults: SERVICES_AT_ONCE, ...(nextToken && { nextToken }) });
    const { serviceArns: services = [] } = page;
    if (services.length > 0) found.push(...((await ecs.describeServices({ cluster, services })).services ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found.filter(({ status }) => status === "ACTIVE");
}

/** Tasks that are not gone yet; one that stops still occupies its capacity. */
async function tasksOf(ecs: ECS, cluster: string): Promise<Task[]> {
  const found: Task[] = [];
  for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
    let nextToken: string | undefined;
    do {
      const page = await ecs.listTasks({ cluster, desiredStatus, ...(nextToken && { nextToken }) });
      const { taskArns: tasks = [] } = page;
      if (tasks.length > 0) found.push(...((await ecs.describeTasks({ cluster, tasks })).tasks ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return found.filter(({ lastStatus }) => lastStatus !== "STOPPED");
}
