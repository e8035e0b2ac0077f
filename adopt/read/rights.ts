// What a role may do, as statements of a stack file.
import type { IAM } from "@aws-sdk/client-iam";
import { paginateListAttachedRolePolicies, paginateListRolePolicies } from "@aws-sdk/client-iam";
import { nameOf } from "../../facts/arns";
import { type Asking, paged } from "./asking";

/** A statement as a stack file has it. */
export interface Statement {
  effect?: "Deny";
  actions: string[];
  resources: string[];
  conditions?: object;
}

/** The statements of all policies of a role; undefined where one cannot be read or says what a stack file cannot. */
export async function statementsOf(iam: IAM, asking: Asking, role: string): Promise<Statement[] | undefined> {
  const RoleName = nameOf(role);
  const names = await asking.about("iam:ListRolePolicies", () =>
    paged(paginateListRolePolicies({ client: iam }, { RoleName }), ({ PolicyNames }) => PolicyNames),
  );
  const attached = await asking.about("iam:ListAttachedRolePolicies", () =>
    paged(paginateListAttachedRolePolicies({ client: iam }, { RoleName }), ({ AttachedPolicies }) => AttachedPolicies),
  );
  if (!names || !attached) return undefined;
  const documents = [
    ...(await Promise.all(names.map((name) => inline(iam, asking, RoleName, name)))),
    ...(await Promise.all(attached.map(({ PolicyArn }) => managed(iam, asking, PolicyArn!)))),
  ];
  const statements = documents.flatMap((document) => (document === undefined ? [undefined] : statementsIn(document)));
  return statements.includes(undefined) ? undefined : (statements as Statement[]);
}

async function inline(iam: IAM, asking: Asking, RoleName: string, PolicyName: string): Promise<string | undefined> {
  const answer = await asking.about("iam:GetRolePolicy", () => iam.getRolePolicy({ RoleName, PolicyName }));
  return answer?.PolicyDocument;
}

async function managed(iam: IAM, asking: Asking, PolicyArn: string): Promise<string | undefined> {
  const policy = await asking.about("iam:GetPolicy", () => iam.getPolicy({ PolicyArn }));
  const VersionId = policy?.Policy?.DefaultVersionId;
  if (VersionId === undefined) return undefined;
  const version = await asking.about("iam:GetPolicyVersion", () => iam.getPolicyVersion({ PolicyArn, VersionId }));
  return version?.PolicyVersion?.Document;
}

type Given = Record<string, unknown>;
const list = (value: unknown) => (Array.isArray(value) ? value : [value]) as string[];

/** The statements of a policy; undefined for one that says what a stack file cannot (`NotAction`, `NotResource`, everything). */
export function statementsIn(document: string): (Statement | undefined)[] {
  const { Statement: all } = JSON.parse(document.startsWith("%") ? decodeURIComponent(document) : document) as {
    Statement: Given | Given[];
  };
  return [all].flat().map(({ Effect, Action, Resource, Condition }) => {
    if (Action === undefined || Resource === undefined || list(Action).includes("*")) return undefined;
    return {
      ...(Effect === "Deny" && { effect: "Deny" as const }),
      actions: list(Action),
      resources: list(Resource),
      ...(Condition !== undefined && { conditions: Condition as object }),
    };
  });
}
