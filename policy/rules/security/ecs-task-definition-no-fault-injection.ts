import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-task-definition-no-fault-injection",
  description: "Fault injection is off.",
  controls: ["TD-26"],
  reason: "With fault injection, whoever reaches the task's own endpoint can cut its network or exhaust its CPU.",
  fix: `enableFaultInjection: false // or leave it out`,
  settings: "transform",
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, report) {
    if (task.props.enableFaultInjection) report("enableFaultInjection is true", "set it only while testing for faults");
  },
});
