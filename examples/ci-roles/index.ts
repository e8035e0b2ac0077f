// The roles by which GitHub's jobs reach AWS: for pull requests, for what only looks, and for the deploys of each environment.
import { getCallerIdentityOutput, getPartitionOutput, getRegionOutput } from "@pulumi/aws";
import { Config, interpolate, output } from "@pulumi/pulumi";
import { madeIn, policyOf, rightsFor } from "./rights";
import { githubProvider, githubRole } from "./role";

const config = new Config();
const [repository, project] = [config.require("repository"), config.require("project")];
const services = config.requireObject<string[]>("services");
const permissionsBoundary = config.get("permissionsBoundary");
const provider = config.get("oidcProviderArn") ?? githubProvider();

const { partition } = getPartitionOutput();
const place = output({ partition, region: getRegionOutput().region, accountId: getCallerIdentityOutput().accountId });
const readOnly = interpolate`arn:${partition}:iam::aws:policy/ReadOnlyAccess`;
const ours = (policy: string) => place.apply((here) => policyOf(policy, here, project, services));
const common = { provider, ...(permissionsBoundary !== undefined && { permissionsBoundary }) };
const jobOf = (job: string) => `repo:${repository}:${job}`;

// What `berth verify` asks, for code that nobody has read yet: so neither what is in secrets, nor what others may do.
const asked = ours("verify-policy.json").apply(([first]) => [
  { ...first!, Action: first!.Action.filter((action) => action !== "iam:SimulatePrincipalPolicy") },
]);
export const verifyRoleArn = githubRole("verify", { ...common, subject: jobOf("pull_request"), policies: { verify: asked } });

// What drift.yml compares: a role for the branch, which nobody has to approve.
export const previewRoleArn = githubRole("preview", { ...common, subject: jobOf("ref:refs/heads/main"), policies: {}, managed: readOnly });

// A deploy reads, verifies, does what the stack is made of, and what berth does around it. A slow rollout takes hours.
export const deployRoleArns = Object.fromEntries(
  config.requireObject<string[]>("environments").map((environment) => {
    const stack = place.apply((here) => rightsFor(madeIn(environment), here, permissionsBoundary));
    const policies = { stack, berth: ours("berth-policy.json"), verify: ours("verify-policy.json") };
    const args = { ...common, subject: jobOf(`environment:${environment}`), policies, managed: readOnly, session: 4 * 3600 };
    return [environment, githubRole(`deploy-${environment}`, args)];
  }),
);
