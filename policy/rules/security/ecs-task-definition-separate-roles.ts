import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default stackRule({
  name: "ecs-task-definition-separate-roles",
  description: "The task role and the execution role are both set, and are two roles.",
  controls: ["TD-13"],
  reason:
    "The app must not be able to do what ECS does for it: pull any image, read every secret. Without a task role on EC2 it may do what the host may.",
  fix: `executionRoleArn: executionRole.arn, taskRoleArn: taskRole.arn`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, graph, report) {
    for (const key of ["executionRoleArn", "taskRoleArn"])
      if (!given(task, key)) report(`${key} is not set`, "give the task definition both roles");
    const [execution] = graph.refs(task, "executionRoleArn", "aws:iam/role:Role");
    const [own] = graph.refs(task, "taskRoleArn", "aws:iam/role:Role");
    const same =
      execution && own ? execution.urn === own.urn : given(task, "taskRoleArn") && task.props.executionRoleArn === task.props.taskRoleArn;
    if (same) report("taskRoleArn and executionRoleArn are the same role", "make a role for each");
  },
});
