import { UserError } from "../../facts/errors";
import { paintFor } from "../../tool/paint";
import { jsonText } from "../../tool/printable";
import { type FollowOptions, follow } from "../follow/follow";
import type { Observer } from "../follow/observe";
import { outcomeOf, renderOutcome } from "../follow/outcome";
import type { Io } from "../io";
import { Display } from "../render";
import { type LocationOptions, locate } from "../stack/locate";

export interface WaitOptions extends LocationOptions {
  taskDefinition?: string;
  timeout?: number;
  every: number;
  json?: boolean;
}

/** Follows a rollout to its end; 0 only if the requested revision is the one that serves. */
export async function wait(options: WaitOptions, io: Io): Promise<number> {
  const { observer, outputs } = await locate(options, io);
  const named = options.taskDefinition ?? outputs.taskDefinition;
  const taskDefinition = named ? await revisionArn(observer, named) : (await observer.service()).taskDefinition!;
  return followAndTell(observer, io, { ...options, taskDefinition, interrupt: io.interruption() });
}

/** Follows a rollout, prints what came of it and returns the exit status. */
export async function followAndTell(observer: Observer, io: Io, options: FollowOptions & { json?: boolean }): Promise<number> {
  const display = new Display(io);
  const result = await follow(observer, display, options);
  const region = observer.aws.settings.region;
  const again = `berth wait --cluster ${observer.cluster} --service ${observer.serviceName}${region ? ` --region ${region}` : ""}`;
  const outcome = outcomeOf(result, again, options.goal);
  if (options.json) io.out(`${jsonText({ cluster: observer.cluster, service: observer.serviceName, ...outcome }, 2)}\n`);
  const asData = outcome.ok && !options.json;
  const lines = renderOutcome(outcome, paintFor(asData ? io.color.out : io.color.err)).join("\n");
  if (asData) io.out(`${lines}\n`);
  else io.err(`${lines}\n`);
  return outcome.status;
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
