import type { Graph } from "./graph";
import { grants, type Statement, statements } from "./statements";
import type { AnyResource, Resource } from "./types";
import { each } from "./undecided";

type Role = Resource<"aws:iam/role:Role">;

/** The resources that hold what an identity may do. */
export const policyTypes = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/role:Role",
] as const;
type PolicyHolder = Resource<(typeof policyTypes)[number]>;

/** Checks each statement that grants something; `label` names the policy in a message, where a resource holds several. */
export function eachGrant(holder: PolicyHolder, check: (statement: Statement, label: string) => void): void {
  if (holder.type !== "aws:iam/role:Role") {
    each(grants(holder.props.policy), (s) => check(s, "the policy"));
    return;
  }
  each(holder.props.inlinePolicies, (p) => each(grants(p.policy), (s) => check(s, `the inline policy "${p.name ?? ""}"`)));
}

/** Checks each statement of a role's trust policy that lets somebody assume it. */
export function eachTrust(role: Role, check: (statement: Statement) => void): void {
  each(grants(role.props.assumeRolePolicy), check);
}

/** True if the role lets that AWS service assume it. */
export function trusts(role: Role, service: string): boolean {
  return statements(role.props.assumeRolePolicy).some((s) => s.principals.Service?.includes(service));
}

/** All that the role's policies in this graph grant. Throws where a policy is not known yet. */
export function grantsOf(role: Role, graph: Graph): Statement[] {
  const own = graph.referrers(role, "aws:iam/rolePolicy:RolePolicy", "role").flatMap((p) => grants(p.props.policy));
  const inline = (role.props.inlinePolicies ?? []).flatMap((p) => grants(p.policy));
  const attached = attachmentsOf(role, graph)
    .flatMap((a) => graph.refs(a, "policyArn", "aws:iam/policy:Policy"))
    .flatMap((p) => grants(p.props.policy));
  return [...own, ...inline, ...attached];
}

export function attachmentsOf(role: AnyResource, graph: Graph): Resource<"aws:iam/rolePolicyAttachment:RolePolicyAttachment">[] {
  return graph.referrers(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role");
}
