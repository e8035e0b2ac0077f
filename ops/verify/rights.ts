// What a role of the stack may do: by its planned policies where the stack makes it, by IAM's own simulation where it is there already.
import type { JsonObject, Resource } from "../../facts/graph";
import { isWithin } from "../../facts/routes";
import { POLICY_ATTACHMENT, ROLE, ROLE_POLICY } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { type PlannedStack, textOf } from "./planned-stack";
import { type Answer, asked } from "./verification";

interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: object;
}

const list = (value: string | string[] = []) => [value].flat();
const matches = (statement: Statement, action: string, resource: string) =>
  list(statement.Action).some((one) => isWithin(action.toLowerCase(), one.toLowerCase())) &&
  list(statement.Resource).some((one) => isWithin(resource, one));

/** Whether statements allow an action. One with conditions is taken to fit: nobody is alarmed by what cannot be decided. */
export function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  const fitting = statements.filter((one) => matches(one, action, resource));
  return fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect, Condition }) => Effect === "Deny" && !Condition);
}

/** The planned statements of a role; undefined where it has others that the plan does not know. */
export function plannedStatements(stack: PlannedStack, role: Resource): Statement[] | undefined {
  const uses = (one: Resource) => one.propertyDependencies.role?.includes(role.urn) === true;
  if (role.inputs.managedPolicyArns || role.inputs.inlinePolicies || stack.ofType(POLICY_ATTACHMENT).some(uses)) return undefined;
  const policies = stack.ofType(ROLE_POLICY).filter(uses);
  const texts = policies.map(({ inputs }) => textOf(inputs, "policy"));
  return texts.some((text) => !text?.startsWith("{")) ? undefined : texts.flatMap((text) => statementsIn(text!));
}

const statementsIn = (policy: string): Statement[] => [(JSON.parse(policy) as { Statement: Statement | Statement[] }).Statement].flat();

const EXECUTION = "executionRoleArn";

/** Whether the execution role of a task may do something; undefined where nobody knows before the deploy. */
export async function mayDo(
  stack: PlannedStack,
  aws: Aws,
  task: Resource,
  action: string,
  resource: string,
): Promise<Answer<boolean | undefined>> {
  const [role] = stack.sources(task, EXECUTION, ROLE);
  const statements = role && plannedStatements(stack, role);
  if (statements) return { value: allows(statements, action, resource) };
  const given = textOf(task.inputs as JsonObject, EXECUTION);
  if (role || given === undefined || !stack.isGiven(task, EXECUTION)) return { value: undefined };
  return asked(
    aws
      .iam()
      .simulatePrincipalPolicy({ PolicySourceArn: given, ActionNames: [action], ResourceArns: [resource] })
      .then(({ EvaluationResults = [] }) => EvaluationResults.every(({ EvalDecision }) => EvalDecision === "allowed")),
  );
}
