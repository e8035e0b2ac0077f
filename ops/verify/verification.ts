import { explain, isAccessDenied } from "../../tool/errors";
import type { Check } from "../check";
import type { Aws } from "../stack/aws";
import type { PlannedStack } from "./planned-stack";

/** What was found out about one thing. */
export type Finding = Omit<Check, "name">;

/** Something that a deploy can fail by and that AWS knows before. */
export interface Verification<A = unknown> {
  name: string;
  /** Asks AWS; undefined where the stack has nothing of the kind. */
  read(stack: PlannedStack, aws: Aws): Promise<A> | undefined;
  /** What the answers mean. Pure. */
  judge(stack: PlannedStack, answers: A): Finding[];
}

/** What AWS answered, or which action the caller has no permission for. */
export type Answer<T> = { value: T } | { denied: string };

/** Asks AWS for what the caller may not be allowed to see. */
export async function asked<T>(call: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await call };
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    return { denied: /perform: ([a-z0-9-]+:\w+)/i.exec(error.message)?.[1] ?? error.name };
  }
}

/** The same for what may not be there: undefined for an error of one of these names. */
export function lookedUp<T>(call: Promise<T>, ...missing: string[]): Promise<Answer<T | undefined>> {
  return asked(
    call.catch((error: unknown) => {
      if (error instanceof Error && missing.some((name) => error.name.startsWith(name))) return undefined;
      throw error;
    }),
  );
}

export const skip = (detail: string): Finding => ({ result: "skip", detail });
/** What nobody may say, because AWS did not permit a call. */
export const notPermitted = (what: string, action: string): Finding => skip(`${what}: no permission to ask (${action})`);

/** The findings, or that all is well. */
export const unlessFound = (findings: Finding[], detail: string): Finding[] =>
  findings.length > 0 ? findings : [{ result: "ok", detail }];

/** Verifies all at the same time. What cannot be asked is said, and stops nothing else. */
export async function verifyAll(verifications: readonly Verification[], stack: PlannedStack, aws: Aws): Promise<Check[]> {
  const found = verifications.map(async (one) => {
    const findings = await findingsOf(one, stack, aws);
    return findings.map((finding) => ({ name: one.name, ...finding }));
  });
  return (await Promise.all(found)).flat();
}

async function findingsOf({ read, judge }: Verification, stack: PlannedStack, aws: Aws): Promise<Finding[]> {
  let answers: unknown;
  try {
    const reading = read(stack, aws);
    if (!reading) return [];
    answers = await reading;
  } catch (error) {
    const known = explain(error);
    if (!known) throw error;
    return [skip(known.message.split("\n")[0]!)];
  }
  // Two containers of a task may read the same secret.
  return [...new Map(judge(stack, answers).map((finding) => [finding.detail, finding])).values()];
}
