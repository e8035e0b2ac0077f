import { TASK_DEFINITIONS } from "../../../facts/types";
import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default stackRule({
  name: "ecs-task-definition-separate-roles",
  description: "The task role and the execution role are both set, and are different.",
  controls: ["TD-13"],
  reason:
    "The app must not have the permissions that ECS needs: to pull images and read every secret. Without a task role on EC2 it has those of the instance.",
  fix: `executionRoleArn: executionRole.arn, taskRoleArn: taskRole.arn`,
  settings: "transform",
  types: TASK_DEFINITIONS,
  check(task, graph, report) {
    for (const key of ["executionRoleArn", "taskRoleArn"])
      if (!given(task, key)) report(`${key} is not set`, "give the task definition both roles");
    const [execution] = graph.refs(task, "executionRoleArn", "aws:iam/role:Role");
    const [own] = graph.refs(task, "taskRoleArn", "aws:iam/role:Role");
    const same =
      execution && own ? execution.urn === own.urn : given(task, "taskRoleArn") && task.props.executionRoleArn === task.props.taskRoleArn;
    if (same) report("taskRoleArn and executionRoleArn are the same role", "create a role for each");
  },
});
