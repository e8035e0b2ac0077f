import { RESERVED_ADDRESSES } from "../../../facts/quotas";
import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { subnetsOf } from "../../graph/network";
import { taskCount } from "../../graph/services";
import { undecidable } from "../../graph/undecided";

export default stackRule({
  name: "plan-subnet-room",
  category: "deploy",
  severity: "medium",
  level: "advisory",
  description: "The subnets of a service have an address for each task of a rollout at full scale.",
  reason: "Each task in awsvpc mode takes an address; without a free one it does not start.",
  fix: `cidrBlock: "10.0.0.0/20" // a larger range, or a smaller maxCapacity`,
  settings: { Service: "scaling.max: 10" },
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "networkConfiguration"),
  check(service, graph, report) {
    const { subnets, exact } = subnetsOf(service, "networkConfiguration", graph, () => service.props.networkConfiguration?.subnets);
    const room = subnets.reduce((sum, subnet) => sum + addresses(subnet.props.cidrBlock), 0);
    const { peak } = taskCount(service, graph);
    if (peak > room)
      report(`a rollout at full scale runs ${peak} tasks, and the subnets have ${room} addresses`, "use larger subnets, or fewer tasks");
    else if (!exact) undecidable(`which subnets ${service.name} uses is not known before the deploy`);
  },
});

function addresses(cidrBlock: string | undefined): number {
  const mask = Number(cidrBlock?.split("/")[1]);
  return Number.isInteger(mask) ? Math.max(0, 2 ** (32 - mask) - RESERVED_ADDRESSES) : Infinity;
}
