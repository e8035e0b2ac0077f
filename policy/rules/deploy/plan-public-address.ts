import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { meant, subnetsOf, wayOut } from "../../graph/network";
import { onEc2 } from "../../graph/services";

export default stackRule({
  name: "plan-public-address",
  category: "deploy",
  severity: "critical",
  description: "Tasks in a public subnet have a public IP address.",
  reason: "An internet gateway serves public addresses only: without one a task cannot pull its image and never starts.",
  fix: `networkConfiguration: { assignPublicIp: true, ... } // or private subnets`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service, graph) => given(service, "networkConfiguration") && !onEc2(service, graph),
  check(service, graph, report) {
    if (service.props.networkConfiguration?.assignPublicIp) return;
    const subnets = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const [open] = meant(subnets, (subnet) => wayOut(subnet, graph) === "internet");
    if (open)
      report(
        `tasks in ${open.name} cannot pull their image: the subnet routes to an internet gateway, and the tasks have no public IP address`,
        "set assignPublicIp to true, or use private subnets",
      );
  },
});
