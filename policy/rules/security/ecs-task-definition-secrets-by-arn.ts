import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { containers, eachContainer } from "../../graph/containers";
import { each } from "../../graph/undecided";

const reference = /^arn:[^:]+:(secretsmanager|ssm):/;

export default resourceRule({
  name: "ecs-task-definition-secrets-by-arn",
  description: "Secrets are referenced by ARN.",
  controls: ["TD-12"],
  reason:
    "By ARN, a secret's value is read when the task starts, by the execution role alone; a bare parameter name hides its region and account.",
  fix: `secrets: [{ name: "DB_PASSWORD", valueFrom: secret.arn }]`,
  settings: ofTask("secrets"),
  types: TASK_DEFINITIONS,
  concerns: (task) => containers(task).some((c) => (c.secrets?.length ?? 0) > 0),
  check(task, report) {
    eachContainer(task, (c, label) =>
      each(c.secrets, ({ name, valueFrom }) => {
        if (!reference.test(valueFrom))
          report(`${label}: the secret ${name} is not given as the ARN of a secret or parameter`, "set valueFrom to the ARN");
      }),
    );
  },
});
