import { resourceRule } from "../../engine/define";
import { containers, eachContainer } from "../../graph/containers";
import { each } from "../../graph/undecided";

const reference = /^arn:[^:]+:(secretsmanager|ssm):/;

export default resourceRule({
  name: "ecs-task-definition-secrets-by-arn",
  description: "Secrets are referred to by ARN.",
  controls: ["TD-12"],
  reason:
    "By ARN a secret's value is read when the task starts, by the execution role alone; a bare parameter name hides in which region and account it is.",
  fix: `secrets: [{ name: "DB_PASSWORD", valueFrom: secret.arn }]`,
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  concerns: (task) => containers(task).some((c) => (c.secrets?.length ?? 0) > 0),
  check(task, report) {
    eachContainer(task, (c, label) =>
      each(c.secrets, ({ name, valueFrom }) => {
        if (!reference.test(valueFrom))
          report(`${label}: the secret ${name} is not given as the ARN of a secret or parameter`, "set valueFrom to it");
      }),
    );
  },
});
