import type { ECS, Tag } from "@aws-sdk/client-ecs";
import { familyOf, readArn, revisionName, revisionNumber } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { plural } from "../../tool/text";
import type { Io } from "../io";
import { connect, type LocationOptions } from "../stack/locate";

export interface DeregisterOptions extends LocationOptions {
  family: string;
  /** Only revisions that carry all of these tags. */
  tags?: Record<string, string>;
  /** Only revisions up to this one: FAMILY:REVISION or ARN. */
  upTo?: string;
}

/** Revisions that are read at a time. */
const AT_ONCE = 10;

/**
 * Deregisters and deletes the active revisions of a family of task definitions. `pulumi destroy` runs it for each task, because a replaced revision is kept
 * while the service lives (a rollback needs it), and nothing else would remove it. Revisions of another owner of the family stay: those without the
 * tags, and those that were registered after the last one of this task.
 */
export async function deregister(options: DeregisterOptions, io: Io): Promise<number> {
  const { family, tags = {}, upTo } = options;
  const aws = connect(options, io);
  const ecs = aws.ecs();
  const active = await activeRevisions(ecs, family);
  checkAccount(options, active);
  if (active.length === 0) {
    io.err(`Warning: the family ${family} has no active revision in ${await aws.region()}; nothing was deregistered.\n`);
    return 0;
  }
  const last = upTo === undefined ? Number.POSITIVE_INFINITY : revisionNumber(upTo);
  const [own, foreign] = await byTags(
    ecs,
    active.filter((arn) => revisionNumber(arn) <= last),
    tags,
  );
  for (const taskDefinition of own) await ecs.deregisterTaskDefinition({ taskDefinition });
  const refusal = await deleteAll(ecs, own);
  io.err(`Deregistered ${plural(own.length, "revision")} of ${family}.${refusal ? ` They remain listed as inactive: ${refusal}` : ""}\n`);
  if (foreign.length > 0) io.err(`${keptLine(foreign, `without the tags ${describe(tags)}`)}\n`);
  const later = active.filter((arn) => revisionNumber(arn) > last);
  if (later.length > 0) io.err(`${keptLine(later, `registered after ${revisionName(upTo)}`)}\n`);
  return 0;
}

function keptLine(revisions: string[], why: string): string {
  return `Kept ${plural(revisions.length, "revision")} ${why}: ${revisions.map(revisionName).join(", ")}.`;
}

const describe = (tags: Record<string, string>) =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");

/** A family of the same name in another account is another family. */
function checkAccount({ cluster, family }: DeregisterOptions, [first]: string[]): void {
  const [expected, found] = [readArn(cluster ?? ""), readArn(first ?? "")];
  if (!expected || !found || expected.accountId === found.accountId) return;
  throw new UserError(`The AWS credentials are for account ${found.accountId}; the family ${family} is in account ${expected.accountId}.`, [
    "Choose credentials of that account: AWS_PROFILE, or `aws:profile` and `aws:assumeRole` in the stack's settings.",
  ]);
}

/** The family's active revisions; AWS's filter is a prefix, so `web` finds those of `web-admin` too. */
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

/** The revisions that carry all of the tags, and the others. */
async function byTags(ecs: ECS, revisions: string[], tags: Record<string, string>): Promise<[own: string[], foreign: string[]]> {
  const expected = Object.entries(tags);
  if (expected.length === 0) return [revisions, []];
  const [own, foreign]: [string[], string[]] = [[], []];
  const carries = (has: Tag[]) => expected.every(([key, value]) => has.some((tag) => tag.key === key && tag.value === value));
  for (let i = 0; i < revisions.length; i += AT_ONCE) {
    const some = revisions.slice(i, i + AT_ONCE);
    const described = await Promise.all(some.map((taskDefinition) => ecs.describeTaskDefinition({ taskDefinition, include: ["TAGS"] })));
    some.forEach((arn, n) => void (carries(described[n]!.tags ?? []) ? own : foreign).push(arn));
  }
  return [own, foreign];
}

/** Deletes deregistered revisions. A refusal must not stop a destroy: returns AWS's reason. */
async function deleteAll(ecs: ECS, revisions: string[]): Promise<string | undefined> {
  for (let i = 0; i < revisions.length; i += AT_ONCE) {
    try {
      await ecs.deleteTaskDefinitions({ taskDefinitions: revisions.slice(i, i + AT_ONCE) });
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}
