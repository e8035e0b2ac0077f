import { stackRule } from "../../engine/define";
import { groupsOfInstances, runsTasks } from "../../graph/capacity";
import type { Graph } from "../../graph/graph";
import { portsText, rulesOf } from "../../graph/security-groups";
import { onEc2, taskDefinitionOf } from "../../graph/services";
import { known } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-no-ingress",
  description: "Instances whose tasks have their own network interfaces admit no traffic.",
  controls: ["SG-10"],
  reason: "In awsvpc mode all traffic goes to the tasks' interfaces; nothing needs to reach the instance.",
  fix: `vpcSecurityGroupIds: [instances.id] // a group without ingress rules`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: (template, graph) => runsTasks(template, graph) && allAwsvpc(graph),
  check(template, graph, report) {
    for (const group of groupsOfInstances(template, graph)) {
      for (const rule of rulesOf(group, graph, "ingress"))
        report(`its security group ${group.name} admits ${known(() => portsText(rule)) ?? "traffic"}`, "remove its ingress rules");
    }
  },
});

/** In bridge mode the load balancer does connect to instances. */
function allAwsvpc(graph: Graph): boolean {
  const tasks = graph
    .of("aws:ecs/service:Service")
    .filter((s) => onEc2(s, graph))
    .map((s) => taskDefinitionOf(s, graph));
  return tasks.length > 0 && tasks.every((t) => t?.props.networkMode === "awsvpc");
}
