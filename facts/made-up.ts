// What a plan answers to a lookup is realistic and, for the most part, made up: nobody may refuse anything by it. No Pulumi here.

/** The property of an answer that names what in it is made up. AWS's own answers have none. */
export const MADE_UP = "madeUp";

/** Whether AWS said it. */
export function isTold<A extends object>(answer: A, property: keyof A & string): boolean {
  const madeUp = (answer as { [MADE_UP]?: readonly string[] })[MADE_UP] ?? [];
  return !madeUp.includes(property);
}

/** The account that stands for the user's in a plan. */
export const ACCOUNT = "123456789012";
