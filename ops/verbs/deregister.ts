import type { ECS } from "@aws-sdk/client-ecs";
import { familyOf } from "../../facts/arns";
import { plural } from "../../tool/text";
import type { Io } from "../io";
import { connect, type LocationOptions } from "../stack/locate";

export interface DeregisterOptions extends LocationOptions {
  family: string;
}

/**
 * Ends a family of task definitions: deregisters its active revisions and deletes them. `pulumi destroy` runs this for each task, because a replaced
 * revision is kept while the service lives (a rollback needs it), and nothing else would ever take it away.
 */
export async function deregister(options: DeregisterOptions, io: Io): Promise<number> {
  const { family } = options;
  const ecs = connect(options, io).ecs();
  const revisions = await activeRevisions(ecs, family);
  for (const taskDefinition of revisions) await ecs.deregisterTaskDefinition({ taskDefinition });
  const kept = await deleteAll(ecs, revisions);
  io.err(`Deregistered ${plural(revisions.length, "revision")} of ${family}.${kept ? ` They remain listed as inactive: ${kept}` : ""}\n`);
  return 0;
}

/** The family's active revisions; AWS's filter is a prefix, so `web` would find those of `web-admin` too. */
async function activeRevisions(ecs: ECS, family: string): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.listTaskDefinitions({ familyPrefix: family, status: "ACTIVE", ...(nextToken && { nextToken }) });
    found.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found.filter((arn) => familyOf(arn) === family);
}

/** Deletes deregistered revisions. That is tidiness and must not stop a destroy: returns AWS's word where it does not want to. */
async function deleteAll(ecs: ECS, revisions: string[]): Promise<string | undefined> {
  for (let i = 0; i < revisions.length; i += 10) {
    try {
      await ecs.deleteTaskDefinitions({ taskDefinitions: revisions.slice(i, i + 10) });
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}
