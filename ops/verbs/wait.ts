import { clusterName } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { paintFor } from "../../tool/paint";
import { jsonText } from "../../tool/printable";
import { type FollowOptions, follow } from "../follow/follow";
import type { Observer } from "../follow/observe";
import { type Commands, outcomeOf, renderOutcome } from "../follow/outcome";
import type { Io } from "../io";
import { Display } from "../render";
import { type LocationOptions, locate } from "../stack/locate";

export interface WaitOptions extends LocationOptions {
  taskDefinition?: string;
  timeout?: number;
  every: number;
  onFailure?: "leave" | "rollback";
  /** What an update changed that starts a deployment; `pulumi up` sets it. */
  reason?: string;
  json?: boolean;
}

/** Follows a rollout to its end; 0 only if the requested revision is the one that serves. */
export async function wait(options: WaitOptions, io: Io): Promise<number> {
  const { observer, outputs } = await locate(options, io);
  const named = options.taskDefinition ?? (outputs.revision === "external" ? undefined : outputs.taskDefinition);
  const taskDefinition = named ? await revisionArn(observer, named) : (await observer.service()).taskDefinition!;
  const started = options.reason !== undefined;
  return followAndReport(observer, io, { ...options, taskDefinition, started, interrupt: io.interruption() });
}

/** Follows a rollout, prints the outcome and returns the exit status. */
export async function followAndReport(
  observer: Observer,
  io: Io,
  options: Omit<FollowOptions, "again"> & { json?: boolean },
): Promise<number> {
  const commands = commandsFor(observer);
  const result = await follow(observer, new Display(io), { ...options, again: commands.wait });
  const outcome = outcomeOf(result, commands, options.goal);
  if (options.json) io.out(`${jsonText({ cluster: clusterName(observer.cluster), service: observer.serviceName, ...outcome }, 2)}\n`);
  const asResult = outcome.ok && !options.json;
  const lines = renderOutcome(outcome, paintFor(asResult ? io.color.out : io.color.err)).join("\n");
  if (asResult) io.out(`${lines}\n`);
  else io.err(`${lines}\n`);
  return outcome.status;
}

function commandsFor({ cluster, serviceName, aws }: Observer): Commands {
  const { region, profile } = aws.settings;
  const place = `--cluster ${clusterName(cluster)} --service ${serviceName}`;
  const where = `${place}${region ? ` --region ${region}` : ""}${profile ? ` --profile ${profile}` : ""}`;
  return { wait: `npx berth wait ${where}`, rollback: `npx berth rollback ${where}` };
}

/** The full ARN of `web:7`, or of an ARN; fails for a revision that does not exist. */
export async function revisionArn(observer: Observer, name: string): Promise<string> {
  if (name.startsWith("arn:")) return name;
  const arn = (await observer.taskDefinition(name))?.taskDefinitionArn;
  if (!arn) {
    throw new UserError(`There is no task definition ${name} in this region and account.`, [
      "Give FAMILY:REVISION or the full ARN; `aws ecs list-task-definitions --family-prefix FAMILY` lists them.",
    ]);
  }
  return arn;
}
