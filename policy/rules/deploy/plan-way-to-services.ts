import { stackRule } from "../../engine/define";
import { collectsFor, containers, FLUENT_BIT_TO } from "../../graph/containers";
import { given } from "../../graph/graph";
import { meant, subnetsOf, wayOut } from "../../graph/network";
import { taskDefinitionOf } from "../../graph/services";
import { decide, some } from "../../graph/undecided";

export default stackRule({
  name: "plan-way-to-services",
  category: "deploy",
  severity: "critical",
  description:
    "Tasks without a way to the internet reach what they need to start by endpoints: their logs, their secrets, the sessions of ECS Exec.",
  reason: "ECS cannot start a task whose secrets it cannot read or whose log it cannot write; the deployment fails after minutes.",
  fix: `new aws.ec2.VpcEndpoint("secrets", { vpcEndpointType: "Interface", serviceName: \`com.amazonaws.\${region}.secretsmanager\`, ... })`,
  settings: {
    Service: { argument: "endpointServices: [secretsmanager]", setting: "network.endpointServices: [secretsmanager]", of: "the Network" },
  },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph);
    if (!task) return;
    const endpoints = graph.of("aws:ec2/vpcEndpoint:VpcEndpoint");
    const missing = new Map<string, string>();
    const outside = new Set<string>();
    const needs = (name: string, what: string) => {
      if (!some(endpoints, (e) => e.props.serviceName?.endsWith(`.${name}`) ?? false)) missing.set(name, what);
    };
    for (const container of containers(task)) {
      const { logConfiguration, secrets = [] } = container;
      decide(() => collectsFor("xray", container) && needs("xray", "send their traces"));
      decide(() => collectsFor("monitoring", container) && needs("monitoring", "send their metrics"));
      if (logConfiguration?.logDriver === "awslogs") needs("logs", "write their logs");
      if (logConfiguration?.logDriver === "awsfirelens") {
        const { Name = "", Host } = logConfiguration.options ?? {};
        const service = FLUENT_BIT_TO[Name];
        if (service) needs(service, "send their logs");
        else if (Host && !Host.includes(".amazonaws.com")) outside.add(Host);
      }
      for (const secret of [...secrets, ...(logConfiguration?.secretOptions ?? [])])
        decide(() => needs(secret.valueFrom.includes(":secretsmanager:") ? "secretsmanager" : "ssm", "read their secrets"));
    }
    if (service.props.enableExecuteCommand) needs("ssmmessages", "open sessions of ECS Exec");
    if (missing.size + outside.size === 0) return;
    const subnets = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const [cut] = meant(subnets, (subnet) => wayOut(subnet, graph) === "none");
    if (!cut) return;
    for (const host of outside)
      report(`tasks in ${cut.name} cannot send their logs to ${host}: the subnet has no route to the internet`, "add a NAT gateway", {
        settings: { Service: { argument: "nat: single", setting: "network.nat: single", of: "the Network" } },
      });
    for (const [name, what] of missing)
      report(
        `tasks in ${cut.name} cannot ${what}: the subnet has no route to the internet, and the VPC has no endpoint for ${name}`,
        "add the endpoint or a NAT gateway",
        {
          settings: {
            Service: { argument: `endpointServices: [${name}]`, setting: `network.endpointServices: [${name}]`, of: "the Network" },
          },
        },
      );
  },
});
