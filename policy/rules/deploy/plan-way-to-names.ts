import { stackRule } from "../../engine/define";
import { containers } from "../../graph/containers";
import { given } from "../../graph/graph";
import { isConnected, namesOf, type ServiceName } from "../../graph/names";
import { rulesOf } from "../../graph/security-groups";
import { groupsOf, taskDefinitionOf } from "../../graph/services";
import { decide, each, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-way-to-names",
  category: "deploy",
  severity: "high",
  description:
    "A service whose environment names another one by its name in the namespace is in that namespace itself, and may reach its tasks.",
  reason:
    "The name is known to tasks with a proxy alone, and calls time out where the security group of the called tasks does not admit them.",
  fix: `new aws.vpc.SecurityGroupIngressRule("web-to-api", { securityGroupId: api.id, referencedSecurityGroupId: web.id, ipProtocol: "tcp", fromPort: 8000, toPort: 8000 })`,
  settings: { Service: { argument: "calls: [api]", setting: "service.calls: [api]", of: "the service, in a program web.calls(api)" } },
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph);
    const names = graph.of("aws:ecs/service:Service").flatMap((other) => (other.urn === service.urn ? [] : namesOf(other, graph)));
    if (!task || names.length === 0) return;
    const groups = groupsOf(service, graph).map(({ urn }) => urn);
    each(containers(task), ({ environment = [] }) =>
      each(environment, ({ name: variable, value }) => {
        const called = names.find((one) => isAddressOf(one, value));
        if (!called) return;
        const { service: other, taskPort } = called;
        if (!isConnected(service))
          report(`${variable} names ${other.name} by its name in a namespace that this service is not in`, "let it call that service");
        decide(() => {
          if (taskPort === undefined || groups.length === 0 || !given(other, "networkConfiguration")) return;
          const inside = groupsOf(other, graph);
          const rules = inside.flatMap((group) => rulesOf(group, graph, "ingress"));
          const admits = some(
            rules,
            (rule) =>
              rule.ports().from <= taskPort &&
              taskPort <= rule.ports().to &&
              (rule.cidrs().length > 0 || rule.peers().some(({ urn }) => groups.includes(urn))),
          );
          if (inside.length > 0 && !admits)
            report(
              `${variable} names ${other.name}, and none of its security groups (${inside.map(({ name }) => name).join(", ")}) admits this service on port ${taskPort}`,
              "let it call that service",
            );
        });
      }),
    );
  },
});

/** Whether a text is where a service is: `http://api`, `api:80`. */
function isAddressOf({ name, port }: ServiceName, value: string | undefined): boolean {
  const [, scheme, host, given] = /^(?:([a-z]+):\/\/)?([a-z0-9.-]+)(?::(\d+))?(?:\/.*)?$/.exec(value ?? "") ?? [];
  if (host !== name || (scheme === undefined && given === undefined)) return false;
  return Number(given ?? (scheme === "https" ? 443 : 80)) === port;
}
