// What a pipeline may do: docs/ci has what berth needs, and what the stack itself needs follows from what it is made of.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../../facts/secrets";
import { entryOf } from "../../facts/types";
import { CREATIONS } from "../../ops/verify/actions";

export interface Statement {
  Sid?: string;
  Effect: "Allow";
  Action: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}
/** The names of a stack's resources by type, or what their names begin with. */
export type Made = Record<string, string[]>;

const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(__dirname, ...path), "utf8"));
export const madeIn = (environment: string) => json(`${environment}.json`) as Made;

/** A policy of docs/ci, for this account, project and services in place of those that it has as an example. */
export function policyOf(name: string, place: Place, project: string, services: string[]): Statement[] {
  const here = (arn: string) =>
    arn
      .replace("arn:aws:", `arn:${place.partition}:`)
      .replace("eu-central-1", place.region)
      .replace("123456789012", place.accountId)
      .replace("shop-", `${project}-`);
  const each = (arn: string) => (arn.includes("web-") ? services.map((service) => arn.replace("web-", `${service}-`)) : [arn]);
  const { Statement: all } = json("..", "..", "docs", "ci", name) as { Statement: Statement[] };
  return all.map((one) => ({
    ...one,
    Resource: [one.Resource].flat().flatMap(each).map(here),
    ...(one.Condition && { Condition: JSON.parse(here(JSON.stringify(one.Condition))) as Statement["Condition"] }),
  }));
}

/** The rights to copy images, of the account that stacks run images of (`image.from`); without one, none. */
export const readingFrom = (account: string | undefined) => (all: Statement[]) =>
  all
    .filter(({ Sid }) => account !== undefined || Sid !== "ReadImagesToCopy")
    .map((one) => ({ ...one, Resource: [one.Resource].flat().map((arn) => arn.replace("210987654321", account ?? "")) }));

/** What changes and deletes again what the first verb makes. */
const LATER: Record<string, string[]> = {
  Create: ["Delete"],
  Put: ["Delete"],
  Set: ["Delete"],
  Request: ["Delete"],
  Register: ["Deregister"],
  Attach: ["Detach"],
  Associate: ["Disassociate", "Replace"],
  Add: ["Remove"],
  Authorize: ["Revoke"],
  Allocate: ["Release"],
  Subscribe: ["Unsubscribe"],
};
/** What is changed by actions with names of their own. */
const FURTHER: Record<string, string[]> = {
  // A group from a launch template starts its instances by the rights of whoever makes it.
  "autoscaling:CreateAutoScalingGroup": ["autoscaling:StartInstanceRefresh", "ec2:RunInstances"],
  "ec2:AuthorizeSecurityGroupEgress": ["ec2:ModifySecurityGroupRules"],
  "ec2:AuthorizeSecurityGroupIngress": ["ec2:ModifySecurityGroupRules"],
  "ec2:CreateLaunchTemplate": ["ec2:CreateLaunchTemplateVersion"],
  "ec2:CreateRoute": ["ec2:ReplaceRoute"],
  // The provider takes away the rule by which all may go out.
  "ec2:CreateSecurityGroup": ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
  "elasticloadbalancing:CreateLoadBalancer": ["IpAddressType", "SecurityGroups", "Subnets"].map(
    (what) => `elasticloadbalancing:Set${what}`,
  ),
  "elasticloadbalancing:CreateRule": ["elasticloadbalancing:SetRulePriorities"],
  "iam:CreateRole": ["iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary"],
  "kms:CreateKey": ["kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"],
  "logs:CreateLogGroup": ["logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
  "secretsmanager:PutSecretValue": ["secretsmanager:GetSecretValue"],
  "wafv2:AssociateWebACL": ["elasticloadbalancing:SetWebACL"],
};
/** Services whose actions say Modify where those of the others say Update. */
const MODIFY = ["ec2", "elasticache", "elasticloadbalancing", "rds"];
/** What AWS cannot limit to one resource. */
const UNSCOPED =
  /^(acm:Request|chatbot:|cloudfront:|cloudwatch:\w+Dashboard|ec2:RunInstances|ecs:(De)?[rR]egisterTask|kms:CreateKey|route53:CreateHosted|servicediscovery:Create)/;
/** By what a role gets rights: only with the boundary, where there is one. */
const GRANTS = /^iam:(CreateRole|PutRole|AttachRole)/;

const PASSED_TO = ["ec2", "ecs", "ecs-tasks", "scheduler", "vpc-flow-logs"].map((service) => `${service}.amazonaws.com`);

function lifetimeOf(action: string): string[] {
  const [, service, verb = "", noun] = /^([\w-]+):([A-Z][a-z0-9]+)(\w*)$/.exec(action)!;
  // Attributes of it are changed by actions that begin the same: ModifySubnet, ModifySubnetAttribute.
  const changes = verb === "Create" ? [`${service}:${MODIFY.includes(service!) ? "Modify" : "Update"}${noun}*`] : [];
  const later = (LATER[verb] ?? []).map((one) => `${service}:${one}${noun}`);
  return [action, ...changes, ...later, ...(FURTHER[action] ?? [])];
}

/** What making, changing and deleting all of it takes. Reading it does not belong here: ReadOnlyAccess has that. */
export function rightsFor(made: Made, place: Place, boundary?: string): Statement[] {
  const byScope = new Map<string, { resources: string[]; actions: Set<string> }>();
  for (const [type, names] of Object.entries(made)) {
    const { actions = [], arn } = entryOf(CREATIONS, type) ?? {};
    for (const action of actions.flatMap(lifetimeOf)) {
      const service = action.split(":")[0]!;
      const [region, accountId] = service === "route53" ? ["", ""] : [place.region, place.accountId];
      const wide = `arn:${place.partition}:${service}:${region}:${accountId}:*`;
      const named = arn ? names.map((name) => arn(place, `${name}*`)) : [wide];
      const resources = UNSCOPED.test(action) ? ["*"] : named;
      const kind = action === "iam:PassRole" ? "pass" : boundary !== undefined && GRANTS.test(action) ? "grant" : "";
      const scope = `${kind} ${resources.join(" ")}`;
      const its = byScope.get(scope) ?? { resources, actions: new Set<string>() };
      byScope.set(scope, its);
      its.actions.add(action);
      if (kind === "" && resources[0] !== "*") its.actions.add(`${service}:*Tag*`);
    }
  }
  return [...byScope].map(([scope, { resources, actions }]): Statement => {
    const only = scope.startsWith("pass") ? { "iam:PassedToService": PASSED_TO } : undefined;
    const StringEquals = scope.startsWith("grant") ? { "iam:PermissionsBoundary": boundary! } : only;
    return { Effect: "Allow", Action: [...actions].sort(), Resource: resources, ...(StringEquals && { Condition: { StringEquals } }) };
  });
}
