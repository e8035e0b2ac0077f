// A role that GitHub's jobs assume with their own token.
import { iam } from "@pulumi/aws";
import { getProject, getStack, type Input, type Output } from "@pulumi/pulumi";
import type { Statement } from "./rights";

const ISSUER = "token.actions.githubusercontent.com";

const tags = () => ({ project: getProject(), stack: getStack() });

/** What an account has once, however many repositories deploy to it. */
export const githubProvider = () =>
  new iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"], tags: tags() }).arn;

interface RoleArgs {
  provider: Input<string>;
  /** The one job that may assume it: `repo:example/shop:environment:prod`. */
  subject: string;
  policies: Record<string, Output<Statement[]>>;
  managed?: Input<string>;
  /** How long a session may last, in seconds. */
  session?: number;
  permissionsBoundary?: string;
}

export function githubRole(name: string, { provider, subject, policies, managed, session = 3600, permissionsBoundary }: RoleArgs) {
  const StringEquals = { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: subject };
  const { arn, name: role } = new iam.Role(name, {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Federated: provider }, Action: "sts:AssumeRoleWithWebIdentity", Condition: { StringEquals } },
      ],
    },
    maxSessionDuration: session,
    tags: tags(),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
  });
  for (const [what, statements] of Object.entries(policies)) {
    const policy = statements.apply((Statement) => JSON.stringify({ Version: "2012-10-17", Statement }));
    new iam.RolePolicy(`${name}-${what}`, { role, policy });
  }
  if (managed !== undefined) new iam.RolePolicyAttachment(name, { role, policyArn: managed });
  return arn;
}
