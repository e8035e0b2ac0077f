// The roles by which the jobs of a pipeline reach AWS: for pull requests, for what only looks, and for the deploys of each environment.
import { getCallerIdentityOutput, getPartitionOutput, getRegionOutput } from "@pulumi/aws";
import { Config, interpolate, output } from "@pulumi/pulumi";
import { madeIn, policyOf, readingFrom, rightsFor } from "./rights";
import { issuerOf, jobRole, providerFor } from "./role";

const config = new Config();
const [repository, project] = [config.require("repository"), config.require("project")];
const services = config.requireObject<string[]>("services");
const permissionsBoundary = config.get("permissionsBoundary");
const issuer = issuerOf(config.get("host") ?? "github", repository);
const provider = config.get("oidcProviderArn") ?? providerFor(issuer);

const { partition } = getPartitionOutput();
const place = output({ partition, region: getRegionOutput().region, accountId: getCallerIdentityOutput().accountId });
const readOnly = interpolate`arn:${partition}:iam::aws:policy/ReadOnlyAccess`;
const ours = (policy: string) => place.apply((here) => policyOf(policy, here, project, services));
const berth = ours("berth-policy.json").apply(readingFrom(config.get("imagesFrom")));
const common = { provider, issuer, ...(permissionsBoundary !== undefined && { permissionsBoundary }) };

// What `berth verify` asks, for code that nobody has read yet: so neither what is in secrets, nor what others may do.
const asked = ours("verify-policy.json").apply(([first]) => [
  { ...first!, Action: first!.Action.filter((action) => action !== "iam:SimulatePrincipalPolicy") },
]);
export const verifyRoleArn = jobRole("verify", { ...common, subject: issuer.proposal, policies: { verify: asked } });

// What drift.yml compares: a role for the branch, which nobody has to approve.
export const previewRoleArn = jobRole("preview", { ...common, subject: issuer.main, policies: {}, managed: readOnly });

// A deploy reads, verifies, does what the stack is made of, and what berth does around it. A slow rollout takes hours.
export const deployRoleArns = Object.fromEntries(
  config.requireObject<string[]>("environments").map((environment) => {
    const stack = place.apply((here) => rightsFor(madeIn(environment), here, permissionsBoundary));
    const policies = { stack, berth, verify: ours("verify-policy.json") };
    const args = { ...common, subject: issuer.deploy(environment), policies, managed: readOnly, session: 4 * 3600 };
    return [environment, jobRole(`deploy-${environment}`, args)];
  }),
);
