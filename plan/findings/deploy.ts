import { instanceFacts } from "../../facts/instances";
import { CAPACITY_PROVIDER, LAUNCH_TEMPLATE } from "../../facts/types";
import { hostGroups, tasksPerHost } from "../graph/hosts";
import { number, object, objects, text } from "../graph/query";
import { DEFAULT_ASSUMPTIONS } from "../project/assumptions";
import { containersOf, rolloutInput, stepsOf } from "../rollout/rollout";
import type { GraphRule, Subject } from "./rule";

/** The ports of a host that Docker hands out where a task asks for none. */
const DYNAMIC = { from: 32768, to: 65535 };
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

export const rolloutPossible: GraphRule = {
  name: "plan-rollout-possible",
  severity: "critical",
  level: "mandatory",
  check: ({ graph, services }) =>
    services.flatMap((service) => {
      const input = rolloutInput(graph, service, DEFAULT_ASSUMPTIONS);
      const { minimumPercent, maximumPercent } = input;
      return stepsOf(input)
        ? []
        : [
            {
              urn: service.urn,
              message: `no rollout can begin: with ${service.min} tasks, ${minimumPercent} % at least and ${maximumPercent} % at most, no task may be added and none may be missing.`,
              fix: "deploymentMaximumPercent: 200",
            },
          ];
    }),
};

export const graceCoversStart: GraphRule = {
  name: "plan-grace-covers-start",
  severity: "medium",
  level: "advisory",
  check: ({ services }) =>
    services.flatMap(({ urn, resource, taskDefinition }) => {
      if (objects(resource.inputs.loadBalancers).length === 0) return [];
      const grace = number(resource.inputs.healthCheckGracePeriodSeconds) ?? 0;
      const start = Math.max(0, ...containersOf(taskDefinition).map((container) => number(object(container.healthCheck).startPeriod) ?? 0));
      return grace >= start
        ? []
        : [
            {
              urn,
              message: `the load balancer's checks count after ${grace} s, and the container may take ${start} s to start: ECS would stop it while it starts.`,
              fix: `healthCheckGracePeriodSeconds: ${start}`,
            },
          ];
    }),
};

export const taskFitsHost: GraphRule = {
  name: "plan-task-fits-host",
  severity: "critical",
  level: "mandatory",
  check: (subject) =>
    hostsOf(subject).flatMap(({ service, instanceType }) => {
      const host = instanceFacts(instanceType);
      if (!host || tasksPerHost(service, instanceType) !== 0) return [];
      return [
        {
          urn: service.urn,
          message: `a task takes ${service.cpu} CPU units and ${service.memory} MiB, and a host of type ${instanceType} has ${host.vcpu * 1024} and ${host.memory}, of which the system keeps some: it is never placed.`,
          fix: "a larger instanceType, or a smaller cpu and memory",
        },
      ];
    }),
};

export const hostsForRollout: GraphRule = {
  name: "plan-hosts-for-rollout",
  severity: "medium",
  level: "advisory",
  check: (subject) =>
    hostsOf(subject).flatMap(({ service, instanceType, max }) => {
      const each = tasksPerHost(service, instanceType);
      const needed = each ? Math.ceil(service.peak / each) : 0;
      return needed <= max
        ? []
        : [
            {
              urn: service.urn,
              message: `a rollout at full scale runs ${service.peak} tasks on ${needed} hosts, and the group stops at ${max}: the rollout would wait for room.`,
              fix: `maxSize: ${needed}`,
            },
          ];
    }),
};

export const bridgePorts: GraphRule = {
  name: "plan-bridge-ports",
  severity: "high",
  level: "mandatory",
  check: ({ graph, services }) =>
    services.flatMap(({ urn, taskDefinition, resource }) => {
      const mappings = containersOf(taskDefinition).flatMap((container) => objects(container.portMappings));
      const dynamic = mappings.some((mapping) => (number(mapping.hostPort) ?? 0) === 0);
      if (text(taskDefinition?.inputs.networkMode) !== "bridge" || !dynamic || objects(resource.inputs.loadBalancers).length === 0)
        return [];
      const groups = graph
        .ofType(LAUNCH_TEMPLATE)
        .flatMap((template) => [
          ...graph.from(template, "vpcSecurityGroupIds", SECURITY_GROUP),
          ...graph.from(template, "networkInterfaces", SECURITY_GROUP),
        ]);
      const open = groups.some((group) =>
        [...objects(group.inputs.ingress), ...ingressRules(graph, group.urn)].some(({ fromPort, toPort, ipProtocol, protocol }) => {
          const all = ipProtocol === "-1" || protocol === "-1";
          return all || ((number(fromPort) ?? Infinity) <= DYNAMIC.from && (number(toPort) ?? 0) >= DYNAMIC.to);
        }),
      );
      return groups.length === 0 || open
        ? []
        : [
            {
              urn,
              message: `in bridge mode a task answers on any port from ${DYNAMIC.from} to ${DYNAMIC.to} of its host, and the hosts' security group does not let the load balancer in there.`,
              fix: `new aws.vpc.SecurityGroupIngressRule(name, { fromPort: ${DYNAMIC.from}, toPort: ${DYNAMIC.to}, ipProtocol: "tcp", referencedSecurityGroupId: loadBalancerGroup.id, ... })`,
            },
          ];
    }),
};

function ingressRules(graph: Subject["graph"], group: string) {
  const rules = graph
    .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .filter(({ propertyDependencies }) => propertyDependencies.securityGroupId?.includes(group));
  return rules.map(({ inputs }) => inputs);
}

/** Each service on EC2 with the hosts that it runs on. */
function hostsOf({ graph, services }: Subject) {
  return hostGroups(graph, services).flatMap((group) => {
    const providers = graph
      .ofType(CAPACITY_PROVIDER)
      .filter(({ propertyDependencies }) => Object.values(propertyDependencies).flat().includes(group.urn));
    const names = providers.map(({ name, inputs }) => text(inputs.name) ?? name);
    const on = services.filter(({ strategies }) => strategies.some(({ provider }) => names.some((name) => provider.includes(name))));
    return on.map((service) => ({ service, instanceType: group.instanceType, max: group.max }));
  });
}
