// What the rules of two stacks on one listener are to each other: AWS takes a number once, and asks the rule with the lowest first.
import { UserError } from "../../facts/errors";
import type { Json, Resource } from "../../facts/graph";
import { asked, covers, freePriority, type RankedRule, type RuleCondition } from "../../facts/routes";
import { LISTENER, LISTENER_RULE } from "../../facts/types";
import { parseUrn } from "../../facts/urn";
import { number, objects, text } from "../graph/query";
import type { Message, Plan } from "../plan-json";
import type { Warning } from "./compare";
import { hazard, labelOf, warningText } from "./serving/hazard";

/** What must be known of a stack. */
export interface Stack {
  project: string;
  stack: string;
  resources: Pick<Resource, "urn" | "type" | "name" | "inputs" | "propertyDependencies">[];
}

interface Rule extends RankedRule {
  resource: Stack["resources"][number];
  listener: string;
  /** Whether the stack makes the listener itself: then no other stack's own listener is the same. */
  makes: boolean;
}

function rulesOf({ resources }: Stack): Rule[] {
  return resources.flatMap((resource) => {
    if (resource.type !== LISTENER_RULE) return [];
    const [listener, priority] = [text(resource.inputs.listenerArn), number(resource.inputs.priority)];
    const conditions = objects(resource.inputs.conditions as Json) as RuleCondition[];
    // Without any condition that a plan knows, a rule would take everything.
    if (listener === undefined || priority === undefined || conditions.length === 0) return [];
    const makes = (resource.propertyDependencies.listenerArn ?? []).some((urn) => parseUrn(urn).qualifiedType.endsWith(LISTENER));
    return [{ resource, listener, priority, asks: asked(conditions), makes }];
  });
}

/** What is wrong with the rules of a stack beside those of another, with the number to set. */
export function sharedListeners(other: Stack, own: Stack): Warning[] {
  const [theirs, ours] = [rulesOf(other), rulesOf(own)];
  return ours.flatMap((rule) => {
    const beside = [...theirs, ...ours].filter(
      (one) => one !== rule && one.listener === rule.listener && !(one.makes && rule.makes && theirs.includes(one)),
    );
    const free = freePriority(rule, beside);
    const advice =
      free === undefined
        ? "Give it other conditions: no number is free where it would be asked."
        : `Set its priority to ${free} (\`service.priority\`, or \`priority\` of \`lb.route\`).`;
    const name = ({ resource }: Rule) => `${labelOf(resource)} of ${other.project}/${other.stack}`;
    return beside
      .filter((one) => theirs.includes(one))
      .flatMap((one): Warning[] => {
        if (one.priority === rule.priority)
          return [
            { ...hazard("refused", rule.resource, `its priority ${rule.priority} belongs to ${name(one)} on the same listener`), advice },
          ];
        if (one.priority < rule.priority && covers(one.asks, rule.asks))
          return [
            {
              ...hazard("traffic", rule.resource, `no request reaches it: ${name(one)} (priority ${one.priority}) takes all of them`),
              advice,
            },
          ];
        if (rule.priority < one.priority && covers(rule.asks, one.asks))
          return [{ ...hazard("traffic", rule.resource, `it takes all requests of ${name(one)} (priority ${one.priority})`), advice }];
        return [];
      });
  });
}

/** What the rules of other stacks mean for those of a plan. */
export function besideMessages(others: readonly Stack[], plan: Plan): Message[] {
  return others.flatMap((other) => {
    if (other.project === plan.project && other.stack === plan.stack)
      throw new UserError(
        `--beside names the stack ${plan.stack} of ${plan.project}, which is the planned one: name the file of another stack.`,
      );
    return sharedListeners(other, plan).map((one): Message => ({ severity: "warning", text: `${warningText(one)} ${one.advice}` }));
  });
}
