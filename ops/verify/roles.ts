// Whether the roles and policies that are given by ARN are there, and ECS may assume the roles.

import { nameOf } from "../../facts/arns";
import type { Resource } from "../../facts/graph";
import { ROLE, TASK_DEFINITIONS } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { type PlannedStack, textOf } from "./planned-stack";
import { type Answer, type Finding, lookedUp, notPermitted, unlessFound, type Verification } from "./verification";

interface Given {
  /** Whose it is. */
  at: string;
  kind: "role" | "policy";
  arn: string;
}

interface Found extends Given {
  /** For a role its trust policy; undefined where there is none of that name. */
  answer: Answer<string | undefined>;
}

function givenIn(stack: PlannedStack): Given[] {
  const named = (resource: Resource, property: string, kind: Given["kind"]): Given[] => {
    const arn = stack.isGiven(resource, property) ? textOf(resource.inputs, property) : undefined;
    return arn?.startsWith("arn:") ? [{ at: `${resource.name}: ${property}`, kind, arn }] : [];
  };
  return [
    ...stack
      .ofType(...TASK_DEFINITIONS)
      .flatMap((one) => ["executionRoleArn", "taskRoleArn"].flatMap((property) => named(one, property, "role"))),
    // One boundary of a stack is that of all its roles.
    ...new Map(stack.ofType(ROLE).flatMap((one) => named(one, "permissionsBoundary", "policy").map((its) => [its.arn, its]))).values(),
  ];
}

const read = (aws: Aws, { kind, arn }: Given) =>
  kind === "policy"
    ? aws
        .iam()
        .getPolicy({ PolicyArn: arn })
        .then(() => "")
    : aws
        .iam()
        .getRole({ RoleName: nameOf(arn) })
        .then(({ Role }) => decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));

function judge({ at, kind, arn, answer }: Found): Finding[] {
  if ("denied" in answer) return [notPermitted(`${at}: the ${kind} ${arn}`, answer.denied)];
  const cause = kind === "role" ? { cause: "role-not-assumable" } : {};
  if (answer.value === undefined)
    return [{ result: "fail", ...cause, detail: `${at}: there is no ${kind} ${arn}.`, fix: "Create it, or correct its ARN." }];
  if (kind === "policy" || answer.value.includes("ecs-tasks.amazonaws.com")) return [];
  const detail = `${at}: the trust policy of ${arn} does not name ecs-tasks.amazonaws.com.`;
  return [{ result: "fail", ...cause, detail, fix: "Allow sts:AssumeRole for ecs-tasks.amazonaws.com in it." }];
}

export const roles: Verification<Found[]> = {
  name: "Roles",
  read(stack, aws) {
    const given = givenIn(stack);
    if (given.length === 0) return undefined;
    return Promise.all(given.map(async (one) => ({ ...one, answer: await lookedUp(read(aws, one), "NoSuchEntity") })));
  },
  judge: (_, found) => unlessFound(found.flatMap(judge), `${[...new Set(found.map(({ arn }) => nameOf(arn)))].join(", ")}: there`),
};
