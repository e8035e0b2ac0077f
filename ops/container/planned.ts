// What a plan (`berth plan --json`) says of the services whose image it builds: the image, the task definition to run, and what the load balancer asks. Pure.
import type { Resource } from "../../facts/graph";
import { type ContainerDefinition, containersOf, type TaskDefinition } from "./docker-run";

export interface PlannedImage {
  context: { location: string };
  dockerfile?: { location: string };
  platforms?: string[];
  buildArgs?: Record<string, string>;
  target?: string;
  network?: string;
  secrets?: Record<string, string>;
}

/** What the load balancer asks a task. */
export interface PlannedHealth {
  path: string;
  /** Port of the container. */
  port: number;
  matcher: string;
  protocol: "HTTP1" | "HTTP2" | "GRPC";
}

export interface PlannedService {
  name: string;
  task: TaskDefinition;
  container: ContainerDefinition;
  image: PlannedImage;
  /** Absent for a service without a load balancer. */
  health?: PlannedHealth;
  /** Seconds after the start in which failed checks do not count. */
  gracePeriod: number;
  /** Seconds between the end of new requests and SIGTERM. */
  deregistrationDelay: number;
}

interface ServiceInputs {
  healthCheckGracePeriodSeconds?: number;
  loadBalancers?: { containerName: string; containerPort: number }[];
}

interface TargetGroupInputs {
  port: number;
  protocolVersion?: PlannedHealth["protocol"];
  deregistrationDelay?: number;
  healthCheck?: { path?: string; port?: string; matcher?: string };
}

/** The services whose image is built, in the plan's order. */
export function plannedServices(resources: readonly Resource[]): PlannedService[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const source = (resource: Resource, property: string, type: string) =>
    (resource.propertyDependencies[property] ?? []).map((urn) => byUrn.get(urn)).find((one) => one?.type === type);
  return resources.flatMap((service) => {
    if (service.type !== "aws:ecs/service:Service") return [];
    const definition = source(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
    const image = definition && source(definition, "containerDefinitions", "docker-build:index:Image");
    if (!definition || !image) return [];
    const task = definition.inputs as unknown as TaskDefinition;
    const container = ownContainer(task, image);
    if (!container) return [];
    const { healthCheckGracePeriodSeconds: gracePeriod = 60, loadBalancers = [] } = service.inputs as ServiceInputs;
    const group = source(service, "loadBalancers", "aws:lb/targetGroup:TargetGroup")?.inputs as unknown as TargetGroupInputs | undefined;
    const health = group && loadBalancers[0] && healthOf(group, loadBalancers[0].containerPort);
    return [
      {
        name: service.name,
        task,
        container,
        image: image.inputs as unknown as PlannedImage,
        ...(health && { health }),
        gracePeriod,
        deregistrationDelay: group?.deregistrationDelay ?? 0,
      },
    ];
  });
}

function healthOf({ healthCheck = {}, protocolVersion = "HTTP1" }: TargetGroupInputs, containerPort: number): PlannedHealth {
  const { path = "/", matcher = "200", port = "traffic-port" } = healthCheck;
  return { path, matcher, port: port === "traffic-port" ? containerPort : Number(port), protocol: protocolVersion };
}

/** The container that runs the image: its reference names the repository that the image is pushed to. */
function ownContainer(task: TaskDefinition, image: Resource): ContainerDefinition | undefined {
  const [tag = ""] = image.inputs.tags as string[];
  const repository = tag.slice(0, tag.lastIndexOf(":"));
  return containersOf(task).find((container) => String(container.image).startsWith(`${repository}@`));
}
