import type { Service, ServiceDeployment, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import type { TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { UserError } from "../../facts/errors";
import type { Aws } from "../stack/aws";
import type { DeploymentHistory } from "./deployment";

export interface TargetGroupHealth {
  arn: string;
  /** Absent where it could not be read (it may just have been deleted). */
  group?: TargetGroup;
  targets: TargetHealthDescription[];
}

/** Everything that AWS tells about a service at one moment. */
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

  constructor(
    readonly aws: Aws,
    readonly cluster: string,
    readonly serviceName: string,
  ) {}

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
    const { serviceArns = [] } = await ecs.listServices({ cluster: this.cluster, maxResults: 20 });
    const names = serviceArns.map((arn) => arn.split("/").pop()).join(", ");
    throw new UserError(`There is no service ${this.serviceName} in the cluster ${this.cluster}. It has: ${names || "none"}.`, [
      "Check --service, --cluster and --region; after `pulumi destroy`, run `pulumi up` first.",
    ]);
  }

  /** The service with the deployments that ECS remembers, newest first (it keeps 90 days; here the last 20). */
  async history(service: Service): Promise<DeploymentHistory> {
    const ecs = this.aws.ecs();
    const listed = await ecs.listServiceDeployments({ cluster: this.cluster, service: service.serviceArn, maxResults: 20 });
    const arns = (listed.serviceDeployments ?? []).map((brief) => brief.serviceDeploymentArn!).filter(Boolean);
    if (arns.length === 0) return { service, serviceDeployments: [], revisions: {} };
    const { serviceDeployments = [] } = await ecs.describeServiceDeployments({ serviceDeploymentArns: arns });
    return { service, serviceDeployments, revisions: await this.revisionsOf(serviceDeployments) };
  }

  async observe(service: Service): Promise<Observation> {
    const [history, running, stopped, targetGroups] = await Promise.all([
      this.history(service),
      this.tasks("RUNNING"),
      this.tasks("STOPPED"),
      this.targetHealth(service),
    ]);
    return { ...history, running, stopped: stopped.sort(newestStopFirst), targetGroups };
  }

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
    return found;
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
    const arns = [...deployments.map((deployment) => deployment.targetServiceRevision?.arn)].filter((arn) => arn !== undefined);
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

/** Of tasks that stopped together, the one that was created later counts as the newer. */
function newestStopFirst(a: Task, b: Task): number {
  return stopTime(b) - stopTime(a) || (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0);
}

function stopTime(task: Task): number {
  return (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0;
}
