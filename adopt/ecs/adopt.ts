// Services of ECS as a stack: their settings, and the account of every field that AWS described.
import type { Service } from "@aws-sdk/client-ecs";
import { UserError, wordComplaint } from "../../facts/errors";
import { readJsonFile } from "../../tool/json-file";
import { Ledger, type Path, showField } from "../ledger";
import type { Adoption, Step } from "../report";
import { servicesOf, type TaggedTask, taskDefinitionOf } from "./documents";
import { refuse } from "./refusals";
import { type Known, placeOf, Translation } from "./service";

/** A name as a stack file has it: 1 to 24 letters, digits and hyphens, a letter first. What Pulumi puts behind a name is no part of it. */
function nameIn(given: string, taken: readonly string[] = []): string {
  const near = given
    .replace(/-[0-9a-f]{7}$/, "")
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  const name = near === "" ? "web" : near;
  return taken.includes(name) ? nameIn(`${name.slice(0, 21)}-${taken.length + 1}`) : name;
}

/** What services are called. */
const calledOf = ({ service, task }: Known) => service?.serviceName ?? task.family ?? "web";

/** What services are called in one stack. */
export function namesOf(all: readonly Known[]): string[] {
  const names: string[] = [];
  for (const known of all) names.push(nameIn(calledOf(known), names));
  return names;
}

/** Translates services into one stack. Refused ones are refused before anything is. */
export function translateServices(all: readonly Known[]): Adoption {
  for (const known of all) refuse(calledOf(known), known.task, known.service);
  const ledger = new Ledger();
  const names = namesOf(all);
  const kept = all.flatMap((known, i) => new Translation(ledger, known, { name: names[i]!, single: all.length === 1 }).run().kept);
  const place = placeOf(all[0]!);
  return { ledger, ...(place && { region: place.region }), steps: [], later: laterSteps(kept, ledger) };
}

/** What keeps a service as it is, and can be taken away one by one when it is the stack's. */
function laterSteps(kept: readonly Path[], ledger: Ledger): Step[] {
  const there = kept.filter((setting) => ledger.get(setting) !== undefined);
  if (there.length === 0) return [];
  return [
    {
      title: "Later: make it safer",
      text: `These settings keep the service as it runs, where Berth has a safer default. Take them away one by one, each with a deployment: ${there.map((setting) => `\`${showField(setting)}\``).join(", ")}. With no user named, the image decides it: \`user: "0"\` is right where that is root; else write the image's own.`,
    },
  ];
}

const HOW_TASK = "save what `aws ecs describe-task-definition --task-definition NAME --include TAGS` prints";
const HOW_SERVICE = "save what `aws ecs describe-services --cluster NAME --services NAME --include TAGS` prints";

/** What `describe-task-definition` and `describe-services` printed into files. */
export function translateDescriptions(taskFile: string, serviceFile: string | undefined, wanted: readonly string[]): Adoption {
  const task = taskDefinitionOf(readJsonFile(taskFile, HOW_TASK));
  if (!task) throw new UserError(`${taskFile} holds no task definition: ${HOW_TASK}.`);
  const service = serviceFile === undefined ? undefined : serviceOf(task, serviceFile, wanted);
  return translateServices([{ task, ...(service && { service }) }]);
}

/** The service that runs the task definition, or the one that is named. */
function serviceOf(task: TaggedTask, file: string, wanted: readonly string[]): Service {
  const all = servicesOf(readJsonFile(file, HOW_SERVICE));
  if (all.length === 0) throw new UserError(`${file} holds no service: ${HOW_SERVICE}.`);
  const names = all.map(({ serviceName = "" }) => serviceName);
  const strange = wanted.find((name) => !names.includes(name));
  if (strange !== undefined) throw new UserError(`--service: ${wordComplaint(strange, names, `a service in ${file}`)}`);
  const own = all.filter((one) => (wanted.length > 0 ? wanted.includes(one.serviceName!) : one.taskDefinition === task.taskDefinitionArn));
  const found = all.length === 1 ? all : own;
  if (found.length !== 1) throw new UserError(`${file} holds several services (${names.join(", ")}): say which one with --service.`);
  return found[0]!;
}
