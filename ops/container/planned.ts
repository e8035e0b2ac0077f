// What a plan (`berth plan --json`) says of the services whose image it builds: the image, the task definition to run, and what the load balancer asks. Pure.
import { readEnvFile } from "../../facts/env-file";
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
  /** Whether it asks with TLS. */
  tls: boolean;
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
  healthCheck?: { path?: string; port?: string; matcher?: string; protocol?: string };
}

/** The services whose image is built, in the plan's order. */
export function plannedServices(resources: readonly Resource[]): PlannedService[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const sources = (resource: Resource, property: string, type: string) =>
    (resource.propertyDependencies[property] ?? []).flatMap((urn) => byUrn.get(urn) ?? []).filter((one) => one.type === type);
  const source = (resource: Resource, property: string, type: string) => sources(resource, property, type)[0];
  return resources.flatMap((service) => {
    if (service.type !== "aws:ecs/service:Service") return [];
    const definition = source(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
    const image = definition && source(definition, "containerDefinitions", "docker-build:index:Image");
    if (!definition || !image) return [];
    const task = definition.inputs as unknown as TaskDefinition;
    const own = ownContainer(task, image);
    if (!own) return [];
    const container = withFiles(own, sources(definition, "containerDefinitions", "aws:s3/bucketObjectv2:BucketObjectv2"));
    const { healthCheckGracePeriodSeconds: gracePeriod = 60, loadBalancers = [] } = service.inputs as ServiceInputs;
    // Further ports have routes of their own, and a proxy may stand in front of the app.
    const balanced = loadBalancers.find(({ containerName }) => containerName === container.name);
    const groups = sources(service, "loadBalancers", "aws:lb/targetGroup:TargetGroup").map(
      ({ inputs }) => inputs as unknown as TargetGroupInputs,
    );
    const group = balanced && groups.find(({ port }) => port === balanced.containerPort);
    const health = group && healthOf(group, balanced.containerPort);
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

/** The container with the variables of the files that the plan uploads; the first that has a variable gives it, and `environment` before all. */
function withFiles(container: ContainerDefinition, objects: Resource[]): ContainerDefinition {
  const { environmentFiles = [], ...rest } = container;
  const contents = environmentFiles.map(({ value }) => ({
    value,
    object: objects.find(({ inputs }) => value.endsWith(`/${inputs.key as string}`)),
  }));
  const read = contents.flatMap(({ object }) => (object ? readEnvFile(object.inputs.content as string).variables : []));
  const variables = new Map([...read].reverse().map(({ name, value }) => [name, { name, value }]));
  for (const one of container.environment ?? []) variables.set(one.name, one);
  const left = contents.filter(({ object }) => !object).map(({ value }) => ({ value }));
  return { ...rest, environment: [...variables.values()], ...(left.length > 0 && { environmentFiles: left }) };
}

function healthOf({ healthCheck = {}, protocolVersion = "HTTP1" }: TargetGroupInputs, containerPort: number): PlannedHealth {
  const { path = "/", matcher = "200", port = "traffic-port", protocol = "HTTP" } = healthCheck;
  return {
    path,
    matcher,
    port: port === "traffic-port" ? containerPort : Number(port),
    protocol: protocolVersion,
    tls: protocol === "HTTPS",
  };
}

/** The container that runs the image: its reference names the repository that the image is pushed to. */
function ownContainer(task: TaskDefinition, image: Resource): ContainerDefinition | undefined {
  const [tag = ""] = image.inputs.tags as string[];
  const repository = tag.slice(0, tag.lastIndexOf(":"));
  return containersOf(task).find((container) => String(container.image).startsWith(`${repository}@`));
}
