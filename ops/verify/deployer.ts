// Whether the credentials may do what the update does, as IAM itself simulates it.
import type { ContextEntry, EvaluationResult } from "@aws-sdk/client-iam";
import type { Resource } from "../../facts/graph";
import { type ByType, entryOf, type ResourceType, SERVICE, TASK_DEFINITION } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { CREATIONS, LINKED_ROLES } from "./actions";
import { type PlannedStack, textOf } from "./planned-stack";
import { type Answer, asked, type Finding, lookedUp, notPermitted, skip, unlessFound, type Verification } from "./verification";

interface Need {
  action: string;
  /** What the action is simulated on, where a policy may be written for that alone. */
  arn?: string;
}

interface Answers {
  /** Who deploys; undefined for one that IAM does not simulate. */
  deployer: Answer<string | undefined>;
  /** By action. */
  results: Answer<Map<string, EvaluationResult>>;
  /** Service-linked roles that are not there, with the service that they are for. */
  unlinked: Answer<{ role: string; service: string }[]>;
}

/** Whom IAM simulates: a session of a role is the role. */
async function principalOf(aws: Aws): Promise<Answer<string | undefined>> {
  const { Arn = "" } = await aws.sts().getCallerIdentity({});
  const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
  if (role === undefined) return { value: Arn.includes(":user/") ? Arn : undefined };
  // A session does not say under which path its role is.
  return asked(
    aws
      .iam()
      .getRole({ RoleName: role })
      .then((found) => found.Role?.Arn),
  );
}

/** What the update takes; a revision of a task is always another. */
export function needsOf(stack: PlannedStack): Need[] {
  const needs = stack.resources.flatMap((resource): Need[] => {
    const creation = entryOf(CREATIONS, resource.type);
    const isNew = !stack.deployed(resource) || resource.type === TASK_DEFINITION;
    if (!creation || !isNew) return resource.type === SERVICE ? [{ action: "ecs:UpdateService" }] : [];
    const arn = creation.arn?.(stack.place, nameIn(resource));
    return creation.actions.map((action) => ({ action, ...(arn !== undefined && { arn }) }));
  });
  return [...new Map(needs.map((need) => [need.action, need])).values()];
}

/** The name that it will have in AWS, as far as a policy can foresee it. */
const nameIn = ({ inputs, name }: Resource) => textOf(inputs, "name") ?? textOf(inputs, "bucket") ?? `${name}-0000000`;

/** What policies have conditions on that the update's requests have. */
const context = async (aws: Aws): Promise<ContextEntry[]> =>
  [
    ["aws:RequestedRegion", await aws.region()],
    ["iam:PassedToService", "ecs-tasks.amazonaws.com"],
  ].map(([ContextKeyName, value]) => ({ ContextKeyName: ContextKeyName!, ContextKeyValues: [value!], ContextKeyType: "string" }));

async function simulate(aws: Aws, principal: string, needs: readonly Need[]): Promise<Map<string, EvaluationResult>> {
  const results = new Map<string, EvaluationResult>();
  const onAll = await simulated(
    aws,
    principal,
    needs.map(({ action }) => action),
  );
  for (const one of onAll) results.set(one.EvalActionName!, one);
  // A policy may be for one resource and not for all.
  const refused = needs.filter(({ action, arn }) => arn !== undefined && results.get(action)?.EvalDecision === "implicitDeny");
  for (const arn of new Set(refused.map((need) => need.arn!))) {
    const actions = refused.filter((need) => need.arn === arn).map(({ action }) => action);
    for (const one of await simulated(aws, principal, actions, arn)) results.set(one.EvalActionName!, one);
  }
  return results;
}

async function simulated(aws: Aws, PolicySourceArn: string, ActionNames: string[], arn?: string): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  const asked = { PolicySourceArn, ActionNames, ContextEntries: await context(aws), ...(arn !== undefined && { ResourceArns: [arn] }) };
  for await (const { EvaluationResults = [] } of aws.iam().paginateSimulatePrincipalPolicy(asked)) results.push(...EvaluationResults);
  return results;
}

async function unlinkedRoles(aws: Aws, stack: PlannedStack): Promise<Answer<{ role: string; service: string }[]>> {
  const types = Object.keys(LINKED_ROLES as ByType<unknown>) as ResourceType[];
  const wanted = types.filter((type) => stack.created(type).length > 0).map((type) => LINKED_ROLES[type]!);
  const found = await Promise.all(wanted.map(({ role }) => lookedUp(aws.iam().getRole({ RoleName: role }), "NoSuchEntity")));
  const denied = found.find((one) => "denied" in one);
  if (denied && "denied" in denied) return denied;
  return { value: wanted.filter((_, i) => (found[i] as { value: unknown }).value === undefined) };
}

async function read(stack: PlannedStack, aws: Aws): Promise<Answers> {
  const [deployer, unlinked] = await Promise.all([principalOf(aws), unlinkedRoles(aws, stack)]);
  const principal = "value" in deployer ? deployer.value : undefined;
  const linking: Need[] = "value" in unlinked && unlinked.value.length > 0 ? [{ action: LINK }] : [];
  const results = principal === undefined ? { value: new Map() } : await asked(simulate(aws, principal, [...needsOf(stack), ...linking]));
  return { deployer, results, unlinked };
}

const LINK = "iam:CreateServiceLinkedRole";

/** Whether IAM would decide otherwise with what only the real request has. */
const isOpen = ({ MissingContextValues = [] }: EvaluationResult) => MissingContextValues.length > 0;

function judgeResults(deployer: string, results: EvaluationResult[]): Finding[] {
  const refused = results.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  const names = (them: EvaluationResult[]) =>
    them
      .map(({ EvalActionName }) => EvalActionName)
      .sort()
      .join(", ");
  const [open, closed] = [refused.filter(isOpen), refused.filter((one) => !isOpen(one))];
  const findings: Finding[] = [];
  if (closed.length > 0)
    findings.push({
      result: "fail",
      detail: `${deployer} may not: ${names(closed)}.`,
      fix: "Allow these actions in its policy, its permissions boundary and the organization's policies.",
    });
  if (open.length > 0) findings.push(skip(`conditions decide whether ${deployer} may: ${names(open)}`));
  return findings;
}

function judgeLinks(unlinked: Answers["unlinked"], results: Answers["results"]): Finding[] {
  if ("denied" in unlinked) return [notPermitted("the service-linked roles", unlinked.denied)];
  const mayLink = "value" in results && results.value.get(LINK)?.EvalDecision === "allowed";
  return unlinked.value.map(({ role, service }): Finding => {
    const who = mayLink
      ? "AWS makes it at the first use, and the first update may be too early for it"
      : "the deployer may have to make it";
    return {
      result: "warn",
      detail: `the account has no role ${role} yet: ${who}.`,
      fix: `Make it first: aws iam create-service-linked-role --aws-service-name ${service}`,
    };
  });
}

export const deployer: Verification<Answers> = {
  name: "Permissions",
  read: (stack, aws) => read(stack, aws),
  judge(_, { deployer: who, results, unlinked }) {
    const links = judgeLinks(unlinked, results);
    if ("denied" in who) return [notPermitted("what the deployer may do", who.denied), ...links];
    if (who.value === undefined) return [skip("IAM simulates neither a root user nor a federated session"), ...links];
    if ("denied" in results) return [notPermitted(`what ${who.value} may do`, results.denied), ...links];
    const all = [...results.value.values()];
    return unlessFound([...judgeResults(who.value, all), ...links], `${who.value} may do what the update does (${all.length} actions)`);
  },
};
