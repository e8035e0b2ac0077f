// A role that the jobs of a pipeline assume with their own token.
import { iam } from "@pulumi/aws";
import { getProject, getStack, type Input, type Output } from "@pulumi/pulumi";
import type { Statement } from "./rights";

/** Who gives jobs their tokens, and what a token says its job is. */
interface Issuer {
  name: string;
  host: string;
  /** A pull request's. */
  proposal: string;
  /** What looks at the default branch. */
  main: string;
  /** A deploy to an environment. */
  deploy(environment: string): string;
}

/** The words of a host's tokens for the jobs of a repository. GitLab's name the branch alone: whoever may push to `main` deploys, so protect it. */
const ISSUERS: Record<string, (repository: string) => Omit<Issuer, "name">> = {
  github: (repository) => ({
    host: "token.actions.githubusercontent.com",
    proposal: `repo:${repository}:pull_request`,
    main: `repo:${repository}:ref:refs/heads/main`,
    deploy: (environment) => `repo:${repository}:environment:${environment}`,
  }),
  gitlab: (repository) => {
    const branch = (name: string) => `project_path:${repository}:ref_type:branch:ref:${name}`;
    return { host: "gitlab.com", proposal: branch("*"), main: branch("main"), deploy: () => branch("main") };
  },
};

const tags = () => ({ project: getProject(), stack: getStack() });

export function issuerOf(name: string, repository: string): Issuer {
  const its = ISSUERS[name];
  if (!its) throw new Error(`host: ${JSON.stringify(name)} is not a valid value; allowed: ${Object.keys(ISSUERS).join(", ")}.`);
  return { name, ...its(repository) };
}

/** What an account has once, however many repositories deploy to it. */
export const providerFor = ({ name, host }: Issuer) =>
  new iam.OpenIdConnectProvider(name, { url: `https://${host}`, clientIdLists: ["sts.amazonaws.com"], tags: tags() }).arn;

interface RoleArgs {
  provider: Input<string>;
  issuer: Issuer;
  /** The one job that may assume it: `repo:example/shop:environment:prod`. A `*` stands for anything. */
  subject: string;
  policies: Record<string, Output<Statement[]>>;
  managed?: Input<string>;
  /** How long a session may last, in seconds. */
  session?: number;
  permissionsBoundary?: string;
}

export function jobRole(name: string, args: RoleArgs) {
  const { provider, issuer, subject, policies, managed, session = 3600, permissionsBoundary } = args;
  const [aud, sub] = [{ [`${issuer.host}:aud`]: "sts.amazonaws.com" }, { [`${issuer.host}:sub`]: subject }];
  const Condition = subject.includes("*") ? { StringEquals: aud, StringLike: sub } : { StringEquals: { ...aud, ...sub } };
  const { arn, name: role } = new iam.Role(name, {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Federated: provider }, Action: "sts:AssumeRoleWithWebIdentity", Condition }],
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
