// Review stacks: one for each pull request, called after it. No Pulumi here.

const STACK = /^pr-([1-9]\d{0,8})$/;

/** The stack of a pull request. */
export const reviewStack = (pullRequest: number) => `pr-${pullRequest}`;

/** The pull request of a stack, by its name without organization and project; undefined for any other stack. */
export function pullRequestOf(stack: string): number | undefined {
  const [, number] = STACK.exec(stack) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Where a service of a review stack answers: `pr-12.preview.example.com`, or `api-pr-12.preview.example.com` for what has `api.example.com` elsewhere. */
export function reviewHost(pullRequest: number, domain: string, host = ""): string {
  const [label] = host.split(".");
  const which = label === "" || label === "*" ? "" : `${label}-`;
  return `${which}${reviewStack(pullRequest)}.${domain}`;
}

/** Days without a deploy after which a review stack is destroyed, where its stack file says nothing else. */
export const EXPIRES_AFTER_DAYS = 3;
