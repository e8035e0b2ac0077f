import { LISTENER, LOAD_BALANCER, LISTENER_RULE as RULE, TARGET_GROUP } from "../../facts/types";
import { count, number, object, objects, text } from "../graph/query";
import type { GraphRule } from "./rule";

/** AWS's default quotas of a load balancer. */
const QUOTA = { rules: 100, targetGroups: 100, targets: 1000 };

export const rulePriority: GraphRule = {
  name: "plan-rule-priority",
  severity: "high",
  level: "mandatory",
  check: ({ graph }) =>
    graph.ofType(LISTENER).flatMap((listener) => {
      const seen = new Map<number, string>();
      return graph.using(listener, "listenerArn", RULE).flatMap(({ urn, name, inputs }) => {
        const priority = number(inputs.priority);
        const other = priority === undefined ? undefined : seen.get(priority);
        if (priority === undefined) return [];
        if (other === undefined) {
          seen.set(priority, name);
          return [];
        }
        return [
          {
            urn,
            message: `priority ${priority} of listener ${listener.name} is taken by rule ${other}; AWS refuses the second.`,
            fix: `priority: ${free(seen, priority)}`,
          },
        ];
      });
    }),
};

function free(taken: Map<number, string>, from: number): number {
  let priority = from;
  while (taken.has(priority)) priority++;
  return priority;
}

export const targetGroupReached: GraphRule = {
  name: "plan-target-group-reached",
  severity: "high",
  level: "mandatory",
  check: ({ graph, services }) =>
    services.flatMap(({ resource }) =>
      graph.from(resource, "loadBalancers", TARGET_GROUP).flatMap(({ urn, name }) => {
        const reached = [...graph.ofType(RULE), ...graph.ofType(LISTENER)].some(({ propertyDependencies }) =>
          ["actions", "defaultActions"].some((property) => propertyDependencies[property]?.includes(urn)),
        );
        return reached
          ? []
          : [
              {
                urn,
                message: `no listener sends requests to target group ${name}; AWS refuses a service whose target group has no load balancer.`,
                fix: 'new aws.lb.ListenerRule(name, { listenerArn, conditions, actions: [{ type: "forward", targetGroupArn }] })',
              },
            ];
      }),
    ),
};

export const blueGreenParts: GraphRule = {
  name: "plan-blue-green-parts",
  severity: "high",
  level: "mandatory",
  check: ({ services }) =>
    services.flatMap(({ urn, resource: { inputs } }) => {
      const strategy = text(object(inputs.deploymentConfiguration).strategy);
      if (strategy === undefined || strategy === "ROLLING") return [];
      const missing = ["alternateTargetGroupArn", "productionListenerRule", "roleArn"];
      return objects(inputs.loadBalancers).flatMap((balancer) => {
        const parts = object(balancer.advancedConfiguration);
        const lacks = missing.filter((key) => parts[key] === undefined);
        return lacks.length === 0
          ? []
          : [
              {
                urn,
                message: `a ${strategy} deployment needs advancedConfiguration with ${lacks.join(", ")}.`,
                fix: `loadBalancers: [{ ..., advancedConfiguration: { ${missing.join(", ")} } }]`,
              },
            ];
      });
    }),
};

export const balancerQuotas: GraphRule = {
  name: "plan-load-balancer-quotas",
  severity: "medium",
  level: "advisory",
  check: ({ graph, services }) => [
    ...graph.ofType(LOAD_BALANCER).flatMap((balancer) => {
      const listeners = graph.using(balancer, "loadBalancerArn", LISTENER);
      const rules = listeners.flatMap((listener) => graph.using(listener, "listenerArn", RULE));
      const groups = new Set(rules.flatMap(({ propertyDependencies }) => propertyDependencies.actions ?? []));
      return [
        ...over(balancer.urn, rules.length, QUOTA.rules, "rules on one load balancer", "a second load balancer, or a higher quota"),
        ...over(
          balancer.urn,
          groups.size,
          QUOTA.targetGroups,
          "target groups behind one load balancer",
          "a second load balancer, or a higher quota",
        ),
      ];
    }),
    ...services.flatMap(({ urn, max, resource }) =>
      count(resource.inputs.loadBalancers) === 0
        ? []
        : over(urn, 2 * max, QUOTA.targets, "targets during a rollout (twice the tasks)", "a smaller scaling.max, or a higher quota"),
    ),
  ],
};

function over(urn: string, amount: number, quota: number, what: string, fix: string): { urn: string; message: string; fix: string }[] {
  return amount > quota ? [{ urn, message: `${amount} ${what}; AWS's quota is ${quota}.`, fix }] : [];
}
