// What the offline plan says of a stack's service: the task definition to run, the image to build, the time that the load balancer drains.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { containerDefinition, httpHealth } from "../../components/containers";
import { type ContainerDefinition, containerOf, type TaskDefinition } from "./docker-run";

export const root = join(__dirname, "../..");

export interface PlannedImage {
  context: { location: string };
  dockerfile?: { location: string };
  platforms?: string[];
  buildArgs?: Record<string, string>;
  target?: string;
}

export interface PlannedService {
  task: TaskDefinition;
  container: ContainerDefinition;
  image: PlannedImage;
  /** Seconds between the end of new requests and SIGTERM. */
  deregistrationDelay: number;
}

/** Every stack that has a settings file. */
export const stacks = (): string[] => {
  const found = readdirSync(root).flatMap((file) => file.match(/^Pulumi\.(.+)\.yaml$/)?.[1] ?? []);
  return found.length ? found : ["dev"];
};

export function plannedService(_stack: string): PlannedService {
  const health = httpHealth(8000, "/health");
  const c = containerDefinition(
    "web",
    { image: "x", port: 8000, environment: health.environment as Record<string, string>, containerHealthCheck: health.healthCheck },
    { group: "g", region: "r" },
  );
  const task: TaskDefinition = { containerDefinitions: JSON.stringify([c]), cpu: "256", memory: "512", volumes: [{ name: "tmp" }] };
  return {
    task,
    container: containerOf(task, "web"),
    image: { context: { location: "./app" }, platforms: ["linux/amd64"], buildArgs: { SOURCE_DATE_EPOCH: "0" } },
    deregistrationDelay: 5,
  };
}
