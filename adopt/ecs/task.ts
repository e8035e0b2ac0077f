// A task definition as settings of a service: its containers, its size and its volumes.
import type { ContainerDefinition, ServiceVolumeConfiguration } from "@aws-sdk/client-ecs";
import type { Place } from "../../facts/secrets";
import { showCpu, showMemory } from "../../facts/sizes";
import type { Path } from "../ledger";
import { type Around, translateContainer, translateImage, translateOwnShare, translateShare } from "./containers";
import type { TaggedTask } from "./documents";
import { routerOf, translateLogs, translateRouter } from "./logs";
import { leaveAll, type Part, sameAll } from "./part";
import { scratchOf, translateVolume } from "./volumes";

/** What of a task definition AWS answers, and nobody sets. */
const ANSWERS = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
] as const;

/** What the service and the stack say of the task. */
export interface OfTask {
  /** The service's name in the stack. */
  name: string;
  /** The name of the app's container. */
  app: string;
  /** Where the image of the app and the login to its registry stand. */
  image: Path;
  place?: Place;
  /** The app's image by its digest, where the task definition names a tag that moves. */
  digest?: string;
  /** Variables that Berth gives the app itself. */
  variables: Readonly<Record<string, string>>;
  /** What the service says of its volumes. */
  configured: readonly Part<ServiceVolumeConfiguration>[];
  /** Keeps what AWS does where nothing is said and Berth would do otherwise. */
  keep: Around["keep"];
}

/** The app's container: the one that requests come to, else the first whose end is the task's. */
export function appOf({ containerDefinitions = [] }: TaggedTask, balanced: string | undefined): string {
  const apps = containerDefinitions.filter(({ firelensConfiguration }) => !firelensConfiguration);
  const found = apps.find(({ name }) => name === balanced) ?? apps.find(({ essential = true }) => essential) ?? apps[0];
  return found?.name ?? "";
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, one = 0) => all + one, 0);

/** The size of the task, or of its containers together where only they have one. */
export function sizeOf({ cpu, memory, containerDefinitions = [] }: TaggedTask) {
  const kept = (one: ContainerDefinition) => one.memory ?? one.memoryReservation;
  return {
    cpu: Number(cpu ?? 0) || sum(containerDefinitions.map((one) => one.cpu)) || 256,
    memory: Number(memory ?? 0) || sum(containerDefinitions.map(kept)) || 512,
  };
}

export function translateTask(task: Part<TaggedTask>, of: OfTask): void {
  translateSize(task);
  const containers = task.each("containerDefinitions");
  const app = containers.find(({ value }) => value.name === of.app)!;
  const router = routerOf(task.value.containerDefinitions ?? []);
  const sidecars = containers.filter(({ value }) => value !== app.value && value !== router);
  const around: Around = {
    ...(of.place && { place: of.place }),
    app: { was: of.app, is: of.name },
    names: [app, ...sidecars].map(({ value }) => value.name ?? ""),
    scratch: scratchOf(
      task.value.volumes ?? [],
      [app, ...sidecars].map(({ value }) => value),
    ),
    variables: of.variables,
    keep: of.keep,
  };
  translateApp(app, sidecars, sizeOf(task.value), around, of);
  for (const one of sidecars) translateSidecar(one.about([...task.to, "sidecars", one.value.name!]), around);
  translateLogs(app, sidecars, of.place);
  for (const one of containers.filter(({ value }) => value === router)) translateRouter(one);
  for (const one of task.each("volumes")) translateVolume(one, around.scratch, of.configured);
  sameAll(task, ANSWERS, "AWS's answer");
  leaveAll(task, {
    inferenceAccelerators: "AWS has ended Elastic Inference; use instances with a GPU or another accelerator.",
    pidMode: "Berth's containers see their own processes; a program can share them (transform.taskDefinition).",
    ipcMode: "Berth's containers have memory of their own; a program can share it (transform.taskDefinition).",
  });
  const faults = task.at("enableFaultInjection");
  if (faults?.value) faults.leave("Berth has no setting for it; a program can switch it on (transform.taskDefinition).");
  else faults?.same("off");
}

function translateSize(task: Part<TaggedTask>): void {
  const { cpu, memory } = sizeOf(task.value);
  const size = { cpu: showCpu(cpu), memory: showMemory(memory) };
  for (const key of ["cpu", "memory"] as const) {
    const one = task.at(key);
    if (one) one.take(key, size[key]);
    else task.kept(key, key, size[key]);
  }
  const disk = task.at("ephemeralStorage");
  disk?.takeUnless({ sizeInGiB: 20 }, "ephemeralStorage", disk.value.sizeInGiB);
}

function translateApp(
  app: Part<ContainerDefinition>,
  sidecars: Part<ContainerDefinition>[],
  size: { cpu: number; memory: number },
  around: Around,
  { name, image, digest }: OfTask,
): void {
  const own = app.at("name");
  if (own?.value === name) own.same("that of the service");
  else
    own?.change(
      `the app's container is called as the service, ${name}: name it so where you name it (\`aws ecs execute-command\`, pipelines)`,
    );
  translateImage(app, [...image, "imageUri"], [...image, "registryCredentials"], digest);
  translateOwnShare(app, size, sum(sidecars.map(({ value }) => value.cpu)));
  const essential = app.at("essential");
  if (essential?.value === false) essential.change("the task ends with the app's container, and the service starts another");
  else essential?.same("always");
  translateContainer(app, around);
  const given = Object.keys(around.variables);
  if (given.length > 0 && app.at("healthCheck") === undefined) around.keep(app, "healthCheck", "containerHealthCheck", false);
  const has = (app.value.environment ?? []).map((one) => one.name);
  for (const variable of given.filter((one) => !has.includes(one)))
    app.differs(`environment.${variable}`, "the app has this variable, too, which says where it listens and what it is asked");
}

function translateSidecar(part: Part<ContainerDefinition>, around: Around): void {
  part.at("name")?.same("the name of the sidecar");
  translateImage(part, [...part.to, "image"], [...part.to, "registryCredentials"]);
  translateShare(part);
  part.at("essential")?.takeUnlessDefault("essential");
  translateContainer(part, { ...around, variables: {} });
}
