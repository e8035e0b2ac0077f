// Where the output of a task's containers goes, as settings: one choice for all of them.
import { isDeepStrictEqual } from "node:util";
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import type { ContainerDefinition, LogConfiguration } from "@aws-sdk/client-ecs";
import { imageComplaint } from "../../facts/images";
import type { Place } from "../../facts/secrets";
import { showMemory } from "../../facts/sizes";
import type { Ledger, Path } from "../ledger";
import { takeSecret } from "./containers";
import { withoutEmpty } from "./documents";
import { Part, sameAll } from "./part";

/** The container that takes the output of the others, where FireLens has one. */
export const routerOf = (containers: readonly ContainerDefinition[]) =>
  containers.find(({ firelensConfiguration }) => firelensConfiguration);

/** Options of awslogs that say where the output goes: into a log group of the service's own. */
const WHERE: Record<string, string> = {
  "awslogs-region": "the region of the stack",
  "awslogs-create-group": "the stack has the log group",
  "awslogs-stream-prefix": "streams are called by the container: <container>/<container>/<task>",
  "max-buffer-size": "Berth's default",
};
/** Those that have a setting, with Berth's default. */
const SAID: Record<string, [setting: string, otherwise?: string]> = {
  mode: ["mode", "non-blocking"],
  "awslogs-multiline-pattern": ["multilinePattern"],
  "awslogs-datetime-format": ["datetimeFormat"],
};

/** The log group that the app's output goes to. */
export const logGroupOf = ({ logConfiguration }: ContainerDefinition): string | undefined =>
  logConfiguration?.logDriver === "awslogs" ? logConfiguration.options?.["awslogs-group"] : undefined;

/** The log group, which the stack takes over. */
export function translateLogGroup(ledger: Ledger, group: LogGroup, to: Path): void {
  const read = withoutEmpty(group);
  const part = new Part(ledger.source(`log group ${group.logGroupName}`, read), [], read, to);
  sameAll(part, LOG_GROUP, "AWS's answer");
  const days = part.at("retentionInDays");
  if (days) days.takeUnlessDefault("logRetentionInDays");
  else part.kept("retentionInDays", "logRetentionInDays", LONGEST);
  part.at("kmsKeyId")?.leave("Name the key for the whole stack: kmsKeyArn.");
  part.at("deletionProtectionEnabled")?.same("as AWS has it");
}

const LOG_GROUP = [
  "logGroupName",
  "creationTime",
  "metricFilterCount",
  "arn",
  "storedBytes",
  "dataProtectionStatus",
  "inheritedProperties",
  "logGroupClass",
  "logGroupArn",
  "bearerTokenAuthenticationEnabled",
] as const;
/** The most days that AWS keeps lines, where it does not keep them for ever. */
const LONGEST = 3653;

/** The app's choice, which is that of the task. */
export function translateLogs(app: Part<ContainerDefinition>, sidecars: Part<ContainerDefinition>[], place: Place | undefined): void {
  const own = app.at("logConfiguration");
  if (own) translateOwn(own, place);
  else app.differs("logConfiguration", "the output goes to a log group of the stack's own, because what nobody keeps nobody can read");
  for (const one of sidecars) {
    const its = one.at("logConfiguration");
    if (isSame(its?.value, own?.value)) its?.same("as the app's");
    else its?.change("the output of all containers goes where the app's goes");
  }
}

/** Whether two containers write to the same place. The prefix tells them apart there. */
function isSame(a: LogConfiguration | undefined, b: LogConfiguration | undefined): boolean {
  const bare = (its?: LogConfiguration) => its && { ...its, options: { ...its.options, "awslogs-stream-prefix": "" } };
  return isDeepStrictEqual(bare(a), bare(b));
}

function translateOwn(part: Part<LogConfiguration>, place: Place | undefined): void {
  const logging = [...part.to, "logging"];
  const driver = part.at("logDriver")!;
  const options = part.at("options");
  if (driver.value === "awslogs") {
    driver.same("Berth's default");
    for (const key of Object.keys(options?.value ?? {})) translateOption(options!.at(key)!, key, logging);
  } else {
    driver.take([...logging, "driver"], driver.value === "awsfirelens" ? "firelens" : driver.value);
    for (const key of Object.keys(options?.value ?? {})) {
      const one = options!.at(key)!;
      if (driver.value === "awsfirelens" || !translateBuffer(one, key, logging)) one.take([...logging, "options", key]);
    }
  }
  for (const one of part.each("secretOptions")) {
    if (driver.value === "awslogs") one.leave("awslogs has no secret options; leave it out.");
    else takeSecret(one, [...logging, "secretOptions", one.value.name!], one.value.valueFrom!, place);
  }
}

/** How much is kept where output comes faster than it goes out. */
function translateBuffer(part: Part<string>, key: string, logging: readonly (string | number)[]): boolean {
  if (key === "mode") part.takeUnlessDefault([...logging, "mode"]);
  else if (key === "max-buffer-size") {
    const [, digits, unit = ""] = /^(\d+)\s*([kmg]?)b?$/i.exec(part.value) ?? [];
    const mib = Math.max(1, Math.ceil(Number(digits ?? 25) * ({ k: 1 / 1024, m: 1, g: 1024 }[unit.toLowerCase()] ?? 1 / 1024 / 1024)));
    part.takeUnless(showMemory(25), [...logging, "maxBufferSize"], showMemory(mib));
  } else return false;
  return true;
}

function translateOption(part: Part<string>, key: string, logging: readonly (string | number)[]): void {
  const said = SAID[key];
  if (key === "awslogs-group") part.same("the log group of the service: an import keeps it, and a new stack has one of its own");
  else if (translateBuffer(part, key, logging)) return;
  else if (said) part.take([...logging, said[0]]);
  else if (WHERE[key] !== undefined) part.same(WHERE[key]);
  else part.leave("Berth has no setting for this option of awslogs.");
}

/** FireLens's router as Berth's own, with the image that it has. */
export function translateRouter(part: Part<ContainerDefinition>): void {
  const router = [...part.to, "logging", "firelens"];
  const its = part.at("firelensConfiguration")!;
  if (its.value.type === "fluentbit") its.at("type")?.same("Berth's router is Fluent Bit");
  else
    its.at("type")?.leave("Berth's router is Fluent Bit: write the configuration of Fluentd as options of Fluent Bit (logging.options).");
  for (const key of Object.keys(its.value.options ?? {})) {
    const option = its.at("options")!.at(key)!;
    if (key === "enable-ecs-log-metadata") option.same("Berth's router adds them, too");
    else option.leave("Build an image of the router that has this configuration, and name it in logging.firelens.image.");
  }
  const image = part.at("image")!;
  const complaint = imageComplaint(image.value);
  if (complaint === undefined) image.take([...router, "image"]);
  else image.leave(`${complaint} It is ${[...router, "image"].join(".")}; without it Berth's router has its own.`);
  const memory = part.at("memoryReservation") ?? part.at("memory");
  memory?.take([...router, "memory"], showMemory(memory.value));
  const rest = Object.keys(part.value).filter((key) => !["firelensConfiguration", "image"].includes(key) && key !== memory?.path.at(-1));
  for (const key of rest as (keyof ContainerDefinition & string)[])
    part.at(key)?.change("Berth makes the router's container, log-router, and says the rest of it");
}
