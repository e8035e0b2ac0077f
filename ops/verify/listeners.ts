// Whether the priorities of a stack's rules are free on listeners that others have rules on, too.
import type { RuleCondition as AwsCondition, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Json, Resource } from "../../facts/graph";
import { asked as asks, covers, freePriority, type RankedRule, type RuleCondition } from "../../facts/routes";
import { LISTENER_RULE } from "../../facts/types";
import { plural } from "../../tool/text";
import type { Aws } from "../stack/aws";
import { numberOf, type PlannedStack, textOf } from "./planned-stack";
import { type Answer, asked, type Finding, lookedUp, notPermitted, unlessFound, type Verification } from "./verification";

interface Listeners {
  /** The rules of a listener by its ARN; undefined where there is no such listener. */
  rules: Map<string, Answer<Rule[] | undefined>>;
  /** How many rules a load balancer may have. */
  limit: Answer<number | undefined>;
}

const shared = (stack: PlannedStack) => stack.ofType(LISTENER_RULE).filter((rule) => stack.isGiven(rule, "listenerArn"));

async function rulesOf(aws: Aws, ListenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const { Rules = [] } of aws.elbv2().paginateDescribeRules({ ListenerArn })) rules.push(...Rules);
  return rules;
}

function ranked({ Priority, Conditions = [] }: Rule): RankedRule {
  return { priority: Number(Priority), asks: asks(Conditions.map(conditionOf)) };
}

function conditionOf(one: AwsCondition): RuleCondition {
  const { HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, HttpRequestMethodConfig, QueryStringConfig, SourceIpConfig } = one;
  const values = (config: { Values?: string[]; RegexValues?: string[] } | undefined) => ({
    ...(config?.Values?.length && { values: config.Values }),
    ...(config?.RegexValues?.length && { regexValues: config.RegexValues }),
  });
  return {
    ...(HostHeaderConfig && { hostHeader: values(HostHeaderConfig) }),
    ...(PathPatternConfig && { pathPattern: values(PathPatternConfig) }),
    ...(HttpHeaderConfig && { httpHeader: { httpHeaderName: HttpHeaderConfig.HttpHeaderName!, ...values(HttpHeaderConfig) } }),
    ...(HttpRequestMethodConfig && { httpRequestMethod: { values: HttpRequestMethodConfig.Values ?? [] } }),
    ...(QueryStringConfig && {
      queryStrings: (QueryStringConfig.Values ?? []).map(({ Key, Value = "" }) => ({ ...(Key && { key: Key }), value: Value })),
    }),
    ...(SourceIpConfig && { sourceIp: { values: SourceIpConfig.Values ?? [] } }),
  } as RuleCondition;
}

const same = (a: RankedRule, b: RankedRule) => covers(a.asks, b.asks) && covers(b.asks, a.asks);

function judgeRule(stack: PlannedStack, resource: Resource, rules: Rule[]): Finding[] {
  const rule: RankedRule = {
    priority: numberOf(resource.inputs, "priority", Number.NaN),
    asks: asks(resource.inputs.conditions as Json as unknown as RuleCondition[]),
  };
  const own = new Set(stack.ofType(LISTENER_RULE).map((one) => stack.deployed(one)?.id));
  const others = rules.filter(({ RuleArn, IsDefault }) => !IsDefault && !own.has(RuleArn)).map(ranked);
  const taken = others.find(({ priority }) => priority === rule.priority);
  // Without the state, a rule for the same requests with the same number is taken for the stack's own.
  if (taken && !stack.isStateKnown && same(taken, rule)) return [];
  const free = freePriority(rule, others);
  const fix = free === undefined ? "Give it other conditions." : `Set its priority to ${free} (service.priority, or priority of lb.route).`;
  if (taken)
    return [{ result: "fail", detail: `${resource.name}: priority ${rule.priority} is another rule's on the same listener.`, fix }];
  const before = others.find((one) => one.priority < rule.priority && covers(one.asks, rule.asks));
  return before
    ? [
        {
          result: "warn",
          detail: `${resource.name}: no request reaches its rule: the one with priority ${before.priority} takes all.`,
          fix,
        },
      ]
    : [];
}

function judge(stack: PlannedStack, resource: Resource, { rules }: Listeners): Finding[] {
  const arn = textOf(resource.inputs, "listenerArn")!;
  const answer = rules.get(arn)!;
  if ("denied" in answer) return [notPermitted(`${resource.name}: the rules of the listener`, answer.denied)];
  if (answer.value) return judgeRule(stack, resource, answer.value);
  const fix = "Name a listener of this account and region (loadBalancer.existing), or deploy the stack that makes it first.";
  return [{ result: "fail", detail: `${resource.name}: there is no listener ${arn}.`, fix }];
}

/** Whether a load balancer has room for the rules that the update creates. */
function judgeRoom(stack: PlannedStack, { rules, limit }: Listeners): Finding[] {
  if ("denied" in limit) return [notPermitted("how many rules a load balancer may have", limit.denied)];
  return [...rules].flatMap(([arn, answer]): Finding[] => {
    const there = "value" in answer ? (answer.value ?? []).filter(({ IsDefault }) => !IsDefault).length : 0;
    const created = shared(stack).filter((rule) => textOf(rule.inputs, "listenerArn") === arn && !stack.deployed(rule)).length;
    if (!stack.isStateKnown || created === 0 || there + created <= (limit.value ?? Number.POSITIVE_INFINITY)) return [];
    const detail = `the listener ${arn} has ${plural(there, "rule")}, the update creates ${created} more, and a load balancer may have ${limit.value}.`;
    return [{ result: "fail", cause: "quota", detail, fix: "Request an increase of rules per Application Load Balancer, or use another." }];
  });
}

const ruleLimit = (aws: Aws) =>
  aws
    .elbv2()
    .describeAccountLimits({})
    .then(({ Limits = [] }) => Limits.find(({ Name }) => Name === "rules-per-application-load-balancer")?.Max)
    .then((max) => (max === undefined ? undefined : Number(max)));

export const listeners: Verification<Listeners> = {
  name: "Listener rules",
  read(stack, aws) {
    const arns = [...new Set(shared(stack).map((rule) => textOf(rule.inputs, "listenerArn")!))];
    if (arns.length === 0) return undefined;
    const found = arns.map(
      async (arn): Promise<[string, Answer<Rule[] | undefined>]> => [arn, await lookedUp(rulesOf(aws, arn), "ListenerNotFound")],
    );
    return Promise.all([Promise.all(found), asked(ruleLimit(aws))]).then(([all, limit]) => ({ rules: new Map(all), limit }));
  },
  judge(stack, answers) {
    const findings = shared(stack).flatMap((rule) => judge(stack, rule, answers));
    return unlessFound([...findings, ...judgeRoom(stack, answers)], "their priorities are free on the shared listener");
  },
};
