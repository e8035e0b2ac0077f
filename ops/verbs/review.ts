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
  const { directory, secretsProvider } = from;
  const there = (await reviewStacks(from, io)).some((one) => one.pullRequest === pullRequest);
  const steps = [
    ...(there ? [] : [["stack", "init", stack, "--no-select", ...(secretsProvider ? ["--secrets-provider", secretsProvider] : [])]]),
    // Encrypted values are encrypted anew, with the key of the new stack.
    ["config", "cp", "--stack", options.stack ?? DEFAULT_STACK, "--dest", stack],
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

async function reviewStacks({ directory, settings }: StackFile, io: Io): Promise<ReviewStack[]> {
  const { expiresAfterDays } = record(settings.review);
  const days = typeof expiresAfterDays === "number" ? expiresAfterDays : EXPIRES_AFTER_DAYS;
  const all = JSON.parse(await pulumiOutput(["stack", "ls", "--json"], directory, io)) as Record<string, unknown>[];
  return all
    .flatMap(({ name, lastUpdate, updateInProgress }): ReviewStack[] => {
      const stack = String(name);
      const pullRequest = pullRequestOf(stack.split("/").pop()!);
      if (pullRequest === undefined) return [];
      const deployed = typeof lastUpdate === "string" ? new Date(lastUpdate) : undefined;
      const times = deployed && { deployed, expires: new Date(deployed.getTime() + days * DAY) };
      return [{ stack, pullRequest, ...times, busy: updateInProgress === true }];
    })
    .sort((a, b) => a.pullRequest - b.pullRequest);
}

function stateOf({ deployed, expires, busy }: Omit<ReviewStack, "stack" | "pullRequest">): string {
  if (busy) return "is being updated";
  if (deployed === undefined || expires === undefined) return "never deployed";
  return `deployed ${day(deployed)}, ${expires.getTime() <= Date.now() ? "expired" : "expires"} ${day(expires)}`;
}

const day = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");
