import type { Service, ServiceDeployment, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import type { TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { clusterName, nameOf } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { isAccessDenied } from "../../tool/errors";
import type { Aws } from "../stack/aws";
import type { DeploymentHistory } from "./deployment";

export interface TargetGroupHealth {
  arn: string;
  /** Absent where it could not be read (it may just have been deleted). */
  group?: TargetGroup;
  targets: TargetHealthDescription[];
}

/** Everything that AWS returns about a service at one moment. */
export interface Observation extends DeploymentHistory {
  running: Task[];
  /** Stopped within about the last hour; ECS forgets older ones. Newest first. */
  stopped: Task[];
  targetGroups: TargetGroupHealth[];
}

/** Reads a service, its deployments, tasks and target health. */
export class Observer {
  private readonly revisionCache: Record<string, string> = {};
  private readonly taskDefinitions = new Map<string, Promise<TaskDefinition | undefined>>();
  /** What could not be read for want of a permission, with the action that is missing. */
  readonly unread = new Map<string, string>();

  constructor(
    readonly aws: Aws,
    /** Name or ARN. */
    readonly cluster: string,
    readonly serviceName: string,
  ) {}

  /** Reads what explains but does not decide. Where the permission is missing, `otherwise` takes its place, and AWS is not asked again. */
  async ifPermitted<T>(what: string, read: () => Promise<T>, otherwise: T): Promise<T> {
    if (this.unread.has(what)) return otherwise;
    try {
      return await read();
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      this.unread.set(what, deniedAction(error));
      return otherwise;
    }
  }

  /** The service, or undefined when ECS has none of that name (any more). */
  async findService(): Promise<Service | undefined> {
    const ecs = this.aws.ecs();
    const { services } = await ecs.describeServices({ cluster: this.cluster, services: [this.serviceName] });
    const service = services?.[0];
    return service?.status === "INACTIVE" ? undefined : service;
  }

  async service(): Promise<Service> {
    const service = await this.findService();
    if (service) return service;
    const ecs = this.aws.ecs();
    const list = async () => (await ecs.listServices({ cluster: this.cluster, maxResults: 20 })).serviceArns ?? [];
    const arns = await this.ifPermitted("the cluster's services", list, undefined);
    const has = arns ? ` It has: ${arns.map(nameOf).join(", ") || "none"}.` : "";
    throw new UserError(`There is no service ${this.serviceName} in the cluster ${clusterName(this.cluster)}.${has}`, [
      "Check --service, --cluster and --region; after `pulumi destroy`, run `pulumi up` first.",
    ]);
  }

  /** The service with its newest deployments. ECS keeps 90 days of them; 20 are read. */
  async history(service: Service): Promise<DeploymentHistory> {
    const read = async () => {
      const ecs = this.aws.ecs();
      const listed = await ecs.listServiceDeployments({ cluster: this.cluster, service: service.serviceArn, maxResults: 20 });
      const arns = (listed.serviceDeployments ?? []).map((brief) => brief.serviceDeploymentArn!).filter(Boolean);
      if (arns.length === 0) return undefined;
      const { serviceDeployments = [] } = await ecs.describeServiceDeployments({ serviceDeploymentArns: arns });
      return { service, serviceDeployments, revisions: await this.revisionsOf(serviceDeployments) };
    };
    const found = await this.ifPermitted("the service's deployments", read, undefined);
    return found ?? { service, serviceDeployments: [], revisions: {} };
  }

  async observe(service: Service): Promise<Observation> {
    const [history, tasks, targetGroups] = await Promise.all([
      this.history(service),
      this.ifPermitted("the service's tasks", () => this.allTasks(), { running: [], stopped: [] }),
      this.ifPermitted("the targets' health", () => this.targetHealth(service), []),
    ]);
    return { ...history, ...tasks, targetGroups };
  }

  private async allTasks(): Promise<{ running: Task[]; stopped: Task[] }> {
    const [running, stopped] = await Promise.all([this.tasks("RUNNING"), this.tasks("STOPPED")]);
    return { running, stopped };
  }

  /** All tasks of the service of one kind; stopped ones with the newest first. */
  async tasks(desiredStatus: "RUNNING" | "STOPPED"): Promise<Task[]> {
    const ecs = this.aws.ecs();
    const found: Task[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecs.listTasks({
        cluster: this.cluster,
        serviceName: this.serviceName,
        desiredStatus,
        ...(nextToken && { nextToken }),
      });
      const { taskArns: tasks = [] } = page;
      if (tasks.length > 0) found.push(...((await ecs.describeTasks({ cluster: this.cluster, tasks })).tasks ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return desiredStatus === "STOPPED" ? found.sort(newestStopFirst) : found;
  }

  /** A task definition never changes, so each is read once. Undefined when it was deleted. */
  taskDefinition(arn: string): Promise<TaskDefinition | undefined> {
    const known = this.taskDefinitions.get(arn) ?? this.readTaskDefinition(arn);
    this.taskDefinitions.set(arn, known);
    return known;
  }

  private async readTaskDefinition(arn: string): Promise<TaskDefinition | undefined> {
    const ecs = this.aws.ecs();
    try {
      return (await ecs.describeTaskDefinition({ taskDefinition: arn })).taskDefinition;
    } catch (error) {
      if ((error as Error).name === "ClientException") return undefined;
      throw error;
    }
  }

  private async revisionsOf(deployments: ServiceDeployment[]): Promise<Record<string, string>> {
    const arns = deployments.map((deployment) => deployment.targetServiceRevision?.arn).filter((arn) => arn !== undefined);
    const unknown = [...new Set(arns)].filter((arn) => !(arn in this.revisionCache));
    if (unknown.length > 0) {
      const ecs = this.aws.ecs();
      const { serviceRevisions = [] } = await ecs.describeServiceRevisions({ serviceRevisionArns: unknown });
      for (const { serviceRevisionArn, taskDefinition } of serviceRevisions) {
        if (serviceRevisionArn && taskDefinition) this.revisionCache[serviceRevisionArn] = taskDefinition;
      }
    }
    return this.revisionCache;
  }

  private async targetHealth(service: Service): Promise<TargetGroupHealth[]> {
    const arns = (service.loadBalancers ?? []).flatMap((lb) => [lb.targetGroupArn, lb.advancedConfiguration?.alternateTargetGroupArn]);
    const known = [...new Set(arns)].filter((arn) => arn !== undefined);
    if (known.length === 0) return [];
    const elbv2 = this.aws.elbv2();
    return Promise.all(
      known.map(async (arn) => {
        try {
          const [groups, health] = await Promise.all([
            elbv2.describeTargetGroups({ TargetGroupArns: [arn] }),
            elbv2.describeTargetHealth({ TargetGroupArn: arn }),
          ]);
          return { arn, group: groups.TargetGroups?.[0], targets: health.TargetHealthDescriptions ?? [] };
        } catch (error) {
          if ((error as Error).name === "TargetGroupNotFoundException") return { arn, targets: [] };
          throw error;
        }
      }),
    );
  }
}

/** The action that a refusal names, such as `ecs:ListTasks`. */
function deniedAction(error: Error): string {
  return /not authorized to perform:? ([\w-]+:\w+)/.exec(error.message)?.[1] ?? error.name;
}

/** Of tasks that stopped together, the one that was created later counts as the newer. */
function newestStopFirst(a: Task, b: Task): number {
  return stopTime(b) - stopTime(a) || (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);
}

function stopTime(task: Task): number {
  return (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0;
}
