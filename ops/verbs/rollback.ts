import { familyOf, revisionName } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { failedRevisions, isOver, previousGood, primaryOf, targetOf } from "../follow/deployment";
import type { Observer } from "../follow/observe";
import type { Io } from "../io";
import { type LocationOptions, locate } from "../stack/locate";
import { followAndTell, revisionArn } from "./wait";

export interface RollbackOptions extends LocationOptions {
  to?: string;
  timeout?: number;
  every: number;
  json?: boolean;
}

/** Deploys an earlier revision again and follows it. */
export async function rollback(options: RollbackOptions, io: Io): Promise<number> {
  const { observer } = await locate(options, io);
  const service = await observer.service();
  const history = await observer.history(service);
  const current = primaryOf(service)?.taskDefinition ?? service.taskDefinition!;
  const moving = history.serviceDeployments.find(
    (deployment) => !isOver(deployment) && targetOf(deployment, history.revisions) === current,
  );
  const target = options.to
    ? await named(observer, options.to, current)
    : (previousGood(history, current) ?? (await olderRevision(observer, current, failedRevisions(history))));
  if (target === current)
    throw new UserError(`${revisionName(current)} is the revision that the service already runs; there is nothing to roll back.`);
  if (!target) {
    throw new UserError(`There is no earlier revision of ${familyOf(current)} to go back to.`, [
      "Deploy a corrected version with `pulumi up`, or name a revision: --to FAMILY:REVISION.",
    ]);
  }

  const ecs = observer.aws.ecs();
  io.err(`Rolling ${observer.serviceName} back from ${revisionName(current)} to ${revisionName(target)}.\n`);
  const follow = { ...options, interrupt: io.interruption() };
  let status: number;
  if (moving && !options.to && moving.sourceServiceRevisions?.length) {
    // ECS itself takes a deployment back faster than a new one could, and puts the traffic back first.
    await ecs.stopServiceDeployment({ serviceDeploymentArn: moving.serviceDeploymentArn, stopType: "ROLLBACK" });
    status = await followAndTell(observer, io, { ...follow, taskDefinition: current, goal: "rolledBack" });
  } else {
    await ecs.updateService({ cluster: observer.cluster, service: observer.serviceName, taskDefinition: target });
    status = await followAndTell(observer, io, { ...follow, taskDefinition: target });
  }
  io.err("The next `pulumi up` deploys the program's revision again: correct the program, or check out the earlier commit, first.\n");
  return status;
}

/** `--to`: a revision number of the same family, FAMILY:REVISION, or an ARN. Has to be ACTIVE: ECS starts no others. */
async function named(observer: Observer, to: string, current: string): Promise<string> {
  const arn = await revisionArn(observer, /^\d+$/.test(to) ? `${familyOf(current)}:${to}` : to);
  const definition = await observer.taskDefinition(arn);
  if (definition?.status === "ACTIVE") return arn;
  throw new UserError(`${revisionName(arn)} ${definition ? "is deregistered (INACTIVE)" : "does not exist"}, so ECS cannot deploy it.`, [
    `Choose an active one: \`aws ecs list-task-definitions --family-prefix ${familyOf(current)}\`.`,
    "Revisions stay active with `skipDestroy: true` on the task definition.",
  ]);
}

/** Where ECS remembers no successful deployment: the newest active revision below the current one that is not known to have failed. */
async function olderRevision(observer: Observer, current: string, failed: Set<string>): Promise<string | undefined> {
  const ecs = observer.aws.ecs();
  const { taskDefinitionArns = [] } = await ecs.listTaskDefinitions({ familyPrefix: familyOf(current), status: "ACTIVE", sort: "DESC" });
  return taskDefinitionArns.find((arn) => revisionNumber(arn) < revisionNumber(current) && !failed.has(arn));
}

function revisionNumber(taskDefinition: string): number {
  return Number(taskDefinition.split(":").pop());
}
