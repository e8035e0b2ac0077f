import { instanceFacts } from "../../../facts/instances";
import { stackRule } from "../../engine/define";
import { groupsOfService, instanceTypeOf, tasksPerInstance } from "../../graph/capacity";
import { sizeOf } from "../../graph/containers";
import { taskDefinitionOf } from "../../graph/services";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "plan-task-fits-instance",
  category: "deploy",
  severity: "critical",
  description: "A task fits on an instance of its cluster.",
  reason: "A task that is larger than an instance is never placed; the deployment waits until it times out.",
  fix: `instanceType: "t4g.large" // a larger type, or a smaller cpu and memory`,
  settings: { Service: { argument: "instanceTypes", setting: "ec2.instanceTypes", of: "the Cluster's ec2 group" } },
  types: ["aws:ecs/service:Service"],
  concerns: (service, graph) => groupsOfService(service, graph).length > 0,
  check(service, graph, report) {
    const task = taskDefinitionOf(service, graph);
    each(groupsOfService(service, graph), (group) => {
      const type = instanceTypeOf(group, graph);
      if (tasksPerInstance(task, type) !== 0) return;
      const { cpu, memory } = sizeOf(task!);
      const facts = instanceFacts(type!)!;
      report(
        `a task takes ${cpu} CPU units and ${memory} MiB, and an instance of type ${type} has ${facts.vcpu * 1024} and ${facts.memory}, of which the system keeps some`,
        "use a larger instance type, or a smaller task",
      );
    });
  },
});
