import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { meant, subnetsOf, wayOut } from "../../graph/network";
import { some } from "../../graph/undecided";

/** What a task without the internet needs to pull its image. */
const services = ["ecr.api", "ecr.dkr"];

export default stackRule({
  name: "plan-way-to-registry",
  category: "deploy",
  severity: "critical",
  description: "Tasks can reach the registry that has their image.",
  reason: "A task that cannot pull its image never starts; the deployment fails after minutes.",
  fix: `new aws.ec2.NatGateway("net", { subnetId: publicSubnet.id, ... }) // or interface endpoints for ecr.api and ecr.dkr`,
  settings: { Service: { argument: "nat: single", setting: "network.nat: single", of: "the Network" } },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report) {
    const endpoints = graph.of("aws:ec2/vpcEndpoint:VpcEndpoint");
    const missing = services.filter((name) => !some(endpoints, (e) => e.props.serviceName?.endsWith(`.${name}`) ?? false));
    if (missing.length === 0) return;
    const subnets = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const [cut] = meant(subnets, (subnet) => wayOut(subnet, graph) === "none");
    if (cut)
      report(
        `tasks in ${cut.name} cannot pull their image: the subnet has no route to the internet, and the VPC has no endpoint for ${missing.join(" and ")}`,
        "add a NAT gateway or the endpoints",
      );
  },
});
