import { UserError } from "../../facts/errors";
import { areCredentialsGone } from "../../tool/errors";
import type { Aws } from "./aws";

/** Polls in a row that may fail for expired credentials: renewing them may take a moment. */
const ATTEMPTS = 3;

/** Lets a wait outlive its credentials: when they expire, the chain that they come from is read again. */
export class Renewal {
  private failures = 0;
  private succeeded = false;

  constructor(
    private readonly aws: Aws,
    /** What was going on, and the command that continues it. */
    private readonly work: { name: string; again: string },
  ) {}

  /** The result of a poll, or undefined when it failed for expired credentials and is to be repeated with new ones. */
  async attempt<T>(poll: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await poll();
      this.succeeded = true;
      this.failures = 0;
      return result;
    } catch (error) {
      if (!this.succeeded || !areCredentialsGone(error)) throw error;
      if (++this.failures >= ATTEMPTS) throw expired(error as Error, this.work);
      this.aws.renew();
      return undefined;
    }
  }
}

function expired({ name }: Error, { name: work, again }: { name: string; again: string }): UserError {
  return new UserError(`The AWS credentials expired (${name}) while berth was following ${work}, which continues in AWS.`, [
    `Sign in again (\`aws sso login\`), then \`${again}\`.`,
    "In a pipeline, request a session as long as the wait (`role-duration-seconds`, 12 hours at most), or set `aws:assumeRole`, whose sessions are renewed.",
  ]);
}
