import { credentialIn, looksSecret } from "../../../facts/credentials";
import { SECRET } from "../../../facts/graph";
import { TASK_DEFINITIONS } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { eachContainer } from "../../graph/containers";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ecs-task-definition-no-plaintext-secrets",
  description: "The environment of containers holds no credentials.",
  controls: ["TD-10"],
  reason: "Environment values are readable in the console, in API responses, in CloudTrail and in the Pulumi state.",
  fix: `secrets: [{ name: "DB_PASSWORD", valueFrom: secret.arn }] // instead of environment`,
  settings: ofTask("secrets"),
  types: TASK_DEFINITIONS,
  check(task, report) {
    if (task.props.containerDefinitions === SECRET) {
      report(
        "containerDefinitions depends on the value of a secret, which ECS then shows in plain text",
        "refer to the secret by ARN in secrets",
      );
      return;
    }
    eachContainer(task, (c, label) =>
      each(c.environment, ({ name, value }) => {
        const kind = credentialIn(String(value));
        if (kind) report(`${label}: the value of ${name} holds ${kind}`, "move it to secrets");
        else if (looksSecret(name, String(value))) report(`${label}: ${name} looks like a credential`, "move it to secrets");
      }),
    );
  },
});
