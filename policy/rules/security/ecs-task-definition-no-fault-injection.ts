import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-task-definition-no-fault-injection",
  description: "Fault injection is off.",
  controls: ["TD-26"],
  reason: "With it, whoever reaches the task's own endpoint can cut its network or eat its CPU.",
  fix: `enableFaultInjection: false // or leave it out`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    if (task.props.enableFaultInjection) report("enableFaultInjection is true", "set it only while you test for faults");
  },
});
