import { UserError } from "../../facts/errors";
import { EXPIRES_AFTER_DAYS, pullRequestOf, reviewStack } from "../../facts/review";
import type { Io } from "../io";
import { table } from "../render";
import { DEFAULT_STACK, readOutputs } from "../stack/locate";
import { pulumi, pulumiOutput } from "../stack/pulumi-cli";
import { readStackFile, record, type StackFile } from "../stack/stack-settings";

export interface ReviewOptions {
  /** The stack whose file review stacks are made from. */
  stack?: string;
  /** Pull requests that are open; stacks of others go whatever their age. */
  open?: number[];
  dryRun?: boolean;
  json?: boolean;
}

/** A review stack that the backend knows. */
interface ReviewStack {
  /** As the CLI takes it. */
  stack: string;
  pullRequest: number;
  /** When it was deployed last; undefined if it never was. */
  deployed?: Date;
  expires?: Date;
  busy: boolean;
}

const DAY = 86_400_000;

/** Creates the stack of a pull request, or updates it, and prints where it answers. */
export async function reviewUp(pullRequest: number, options: ReviewOptions, io: Io): Promise<number> {
  const from = fileOf(options, io);
  const stack = reviewStack(pullRequest);
  const { directory } = from;
  const base = options.stack ?? DEFAULT_STACK;
  const all = await stacksOf(from, io);
  if (!all.some(({ name }) => lastPart(name) === lastPart(base))) {
    throw new UserError(`The backend has no stack ${base}, so the CLI copies no settings of it.`, [
      `Create it once: \`pulumi stack init ${base}\`.`,
    ]);
  }
  const there = all.some(({ name }) => pullRequestOf(lastPart(name)) === pullRequest);
  const steps = [
    ...(there ? keyOf(stack, from, io) : [initOf(stack, from)]),
    // Encrypted values are encrypted anew, with the key of the new stack.
    ["config", "cp", "--stack", base, "--dest", stack],
    ["config", "set", "--path", "review.pullRequest", String(pullRequest), "--stack", stack],
    ["up", "--yes", "--stack", stack],
  ];
  for (const step of steps) {
    const status = await pulumi(step, directory, io);
    if (status !== 0) return status;
  }
  const outputs = await readOutputs({ stack }, io);
  const urls = [outputs, ...Object.values(outputs.services ?? {})].flatMap(({ url }) => url ?? []);
  if (urls.length === 0) io.err(`${stack} is deployed; none of its services has a route.\n`);
  for (const url of new Set(urls)) io.out(`${url}\n`);
  return 0;
}

const initOf = (stack: string, { secretsProvider }: StackFile) => [
  ...["stack", "init", stack, "--no-select"],
  ...(secretsProvider ? ["--secrets-provider", secretsProvider] : []),
];

/** A stack's own file names the key of its secrets, and a fresh checkout does not have that file: the CLI would ask for a passphrase. */
const keyOf = (stack: string, { secretsProvider }: StackFile, io: Io) =>
  secretsProvider && !readStackFile(io.cwd, stack).isThere ? [["stack", "change-secrets-provider", secretsProvider, "--stack", stack]] : [];

/** Destroys the stack of a pull request, and removes it. */
export async function reviewDown(pullRequest: number, options: ReviewOptions, io: Io): Promise<number> {
  const from = fileOf(options, io);
  const found = (await reviewStacks(from, io)).find((one) => one.pullRequest === pullRequest);
  if (found) return destroy(found, from, io);
  io.err(`There is no stack ${reviewStack(pullRequest)}; nothing to destroy.\n`);
  return 0;
}

/** Prints the review stacks of the project. */
export async function listReviews(options: ReviewOptions, io: Io): Promise<number> {
  const stacks = await reviewStacks(fileOf(options, io), io);
  if (options.json) {
    const rows = stacks.map(({ stack, pullRequest, deployed, expires, busy }) => ({ stack, pullRequest, deployed, expires, busy }));
    io.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else if (stacks.length === 0) io.err("There are no review stacks.\n");
  else io.out(`${table(stacks.map(({ stack, ...its }) => [stack, stateOf(its)])).join("\n")}\n`);
  return 0;
}

/** Destroys the review stacks that have expired, and those of pull requests that are not open any more; prints which. */
export async function reapReviews(options: ReviewOptions, io: Io): Promise<number> {
  const from = fileOf(options, io);
  const { open, dryRun } = options;
  const now = Date.now();
  const due = (await reviewStacks(from, io)).filter(
    ({ pullRequest, expires }) =>
      (open !== undefined && !open.includes(pullRequest)) || (expires !== undefined && expires.getTime() <= now),
  );
  let failed = false;
  for (const one of due) {
    if (one.busy) {
      io.err(`${one.stack} is being updated; it is left for the next time.\n`);
      continue;
    }
    const status = dryRun ? 0 : await destroy(one, from, io);
    if (status === 0) io.out(`${one.stack}\n`);
    else failed = true;
  }
  if (due.length === 0) io.err("No review stack has to go.\n");
  return failed ? 1 : 0;
}

const destroy = ({ stack }: ReviewStack, { directory }: StackFile, io: Io) =>
  pulumi(["destroy", "--yes", "--remove", "--stack", stack], directory, io);

/** The stack file that says of review stacks what it wants of them. */
function fileOf({ stack = DEFAULT_STACK }: ReviewOptions, io: Io): StackFile {
  const file = readStackFile(io.cwd, stack);
  if (typeof record(file.settings.review).domain !== "string") {
    throw new UserError(`${file.name} says nothing of review stacks.`, [
      "Give it the domain whose names they have: `pulumi config set --path review.domain preview.example.com`.",
    ]);
  }
  return file;
}

/** A stack of the project, as `pulumi stack ls` tells of it. */
interface KnownStack {
  name: string;
  /** A backend that is a bucket or a folder has it for a stack that has only been created, too. */
  lastUpdate?: string;
  resourceCount?: number;
  updateInProgress?: boolean;
}

const stacksOf = async ({ directory }: StackFile, io: Io) =>
  JSON.parse(await pulumiOutput(["stack", "ls", "--json"], directory, io)) as KnownStack[];

const lastPart = (name: string) => name.split("/").pop()!;

async function reviewStacks(file: StackFile, io: Io): Promise<ReviewStack[]> {
  const { expiresAfterDays } = record(file.settings.review);
  const days = typeof expiresAfterDays === "number" ? expiresAfterDays : EXPIRES_AFTER_DAYS;
  return (await stacksOf(file, io))
    .flatMap(({ name: stack, lastUpdate, resourceCount, updateInProgress }): ReviewStack[] => {
      const pullRequest = pullRequestOf(lastPart(stack));
      if (pullRequest === undefined) return [];
      const updated = lastUpdate === undefined ? undefined : new Date(lastUpdate);
      return [
        {
          stack,
          pullRequest,
          ...(updated && resourceCount !== 0 && { deployed: updated }),
          ...(updated && { expires: new Date(updated.getTime() + days * DAY) }),
          busy: updateInProgress === true,
        },
      ];
    })
    .sort((a, b) => a.pullRequest - b.pullRequest);
}

function stateOf({ deployed, expires, busy }: Omit<ReviewStack, "stack" | "pullRequest">): string {
  if (busy) return "is being updated";
  const end = expires && `${expires.getTime() <= Date.now() ? "expired" : "expires"} ${day(expires)}`;
  return [deployed ? `deployed ${day(deployed)}` : "nothing deployed", end].filter(Boolean).join(", ");
}

const day = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");
