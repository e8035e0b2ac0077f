import { familyOf, revisionName, revisionNumber } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { type DeploymentHistory, failedRevisions, isOver, previousGood, primaryOf, targetOf } from "../follow/deployment";
import type { Observer } from "../follow/observe";
import type { Io } from "../io";
import { type LocationOptions, locate } from "../stack/locate";
import { followAndReport, revisionArn } from "./wait";

export interface RollbackOptions extends LocationOptions {
  to?: string;
  timeout?: number;
  every: number;
  json?: boolean;
}

/** Deploys an earlier revision again and follows it. */
export async function rollback(options: RollbackOptions, io: Io): Promise<number> {
  const { observer, outputs } = await locate(options, io);
  const service = await observer.service();
  const history = await observer.history(service);
  const current = primaryOf(service)?.taskDefinition ?? service.taskDefinition!;
  const moving = history.serviceDeployments.find(
    (deployment) => !isOver(deployment) && targetOf(deployment, history.revisions) === current,
  );
  const ecs = observer.aws.ecs();
  const follow = { ...options, interrupt: io.interruption() };
  let status: number;
  if (moving?.sourceServiceRevisions?.length && !options.to) {
    // ECS itself rolls a deployment back faster than a new one could, and puts the traffic back first.
    io.err(`Rolling back the deployment of ${revisionName(current)} to ${observer.serviceName}.\n`);
    await ecs.stopServiceDeployment({ serviceDeploymentArn: moving.serviceDeploymentArn, stopType: "ROLLBACK" });
    status = await followAndReport(observer, io, { ...follow, taskDefinition: current, goal: "rolledBack" });
  } else {
    const target = await targetRevision(observer, options.to, history, current);
    io.err(`Rolling ${observer.serviceName} back from ${revisionName(current)} to ${revisionName(target)}.\n`);
    await ecs.updateService({ cluster: observer.cluster, service: observer.serviceName, taskDefinition: target });
    status = await followAndReport(observer, io, { ...follow, taskDefinition: target });
  }
  if (outputs.revision !== "external") {
    io.err("The next `pulumi up` deploys the program's revision again: correct the program, or check out the earlier commit, first.\n");
  }
  return status;
}

async function targetRevision(observer: Observer, to: string | undefined, history: DeploymentHistory, current: string): Promise<string> {
  const target = to
    ? await named(observer, to, current)
    : (previousGood(history, current) ?? (await olderRevision(observer, current, failedRevisions(history))));
  if (target === current)
    throw new UserError(`${revisionName(current)} is the revision that the service already runs; there is nothing to roll back.`);
  if (target) return target;
  throw new UserError(`There is no earlier revision of ${familyOf(current)} to go back to.`, [
    "Deploy a corrected version with `pulumi up`, or name a revision: --to FAMILY:REVISION.",
  ]);
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

/** Where ECS has no record of a successful deployment: the newest active revision below the current one that is not known to have failed. */
async function olderRevision(observer: Observer, current: string, failed: Set<string>): Promise<string | undefined> {
  const ecs = observer.aws.ecs();
  const family = familyOf(current);
  let nextToken: string | undefined;
  do {
    // AWS's filter is a prefix, so `web` finds the revisions of `web-admin` too.
    const page = await ecs.listTaskDefinitions({ familyPrefix: family, status: "ACTIVE", sort: "DESC", ...(nextToken && { nextToken }) });
    const own = (page.taskDefinitionArns ?? []).filter((arn) => familyOf(arn) === family);
    const found = own.find((arn) => revisionNumber(arn) < revisionNumber(current) && !failed.has(arn));
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}
