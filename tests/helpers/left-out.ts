// Tests that this machine cannot run are left out, and one block at the end of the run names them. In CI they fail instead.
import assert from "node:assert/strict";

/** Why tests cannot run here, and what to do so that they can. */
export interface Reason {
  why: string;
  how: string;
}

/** What tests/setup.sh installs. */
export const missing = (why: string): Reason => ({ why, how: "bash tests/setup.sh (Debian), then the tests again" });

const IN_CI = process.env.CI === "true";
const leftOut = new Map<string, { reason: Reason; titles: string[] }>();

/** Adds a line to the block. */
export function note(title: string, reason: Reason): void {
  // After mocha's own summary, which is written when all tests are done.
  if (leftOut.size === 0) process.once("exit", () => console.log(block()));
  const group = leftOut.get(reason.why) ?? { reason, titles: [] };
  leftOut.set(reason.why, group);
  group.titles.push(title);
}

/** What was left out by why, and once by what to do. */
function block(): string {
  const ways = new Map<string, string[]>();
  for (const { reason, titles } of leftOut.values()) {
    const lines = ways.get(reason.how) ?? [];
    ways.set(reason.how, lines);
    lines.push(`  ${reason.why}:`, ...titles.map((title) => `    ${title}`));
  }
  return ["LEFT OUT, because", ...[...ways].flatMap(([how, lines]) => [...lines, `  To run them: ${how}`]), ""].join("\n");
}

const inWords = ({ why, how }: Reason) => `${why}. To run this: ${how}.`;

/** `describe`, unless there is a reason to leave it out. */
export function describeUnless(reason: Reason | undefined, title: string, body: (this: Mocha.Suite) => void): void {
  if (reason === undefined) describe(title, body);
  else if (IN_CI) describe(title, () => it("runs in CI", () => assert.fail(inWords(reason))));
  else {
    note(title, reason);
    describe.skip(title, body);
  }
}

/** `it`, unless there is a reason to leave it out. */
export function itUnless(reason: Reason | undefined, title: string, body: Mocha.AsyncFunc | Mocha.Func): void {
  if (reason === undefined) it(title, body as Mocha.Func);
  else if (IN_CI) it(title, () => assert.fail(inWords(reason)));
  else note(it.skip(title, body as Mocha.Func).fullTitle(), reason);
}
