import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { publicOf, subnetsOf } from "../../graph/network";

export default stackRule({
  name: "ecs-service-private-subnets",
  description: "Tasks run in subnets without a route to an internet gateway.",
  controls: ["SVC-02", "VPC-06"],
  reason: "In a private subnet a wrong security group rule does not expose a task to the internet.",
  fix: `networkConfiguration: { subnets: network.privateSubnetIds, ... }`,
  settings: { Service: { argument: "nat: single", setting: "network.nat: single", of: "the Network" } },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report) {
    const subnets = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const open = publicOf(subnets, graph).map((subnet) => subnet.name);
    if (open.length > 0) report(`tasks run in ${open.join(", ")}, with a route to an internet gateway`, "use private subnets");
  },
});
