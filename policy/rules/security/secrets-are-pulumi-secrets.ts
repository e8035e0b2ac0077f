import { SECRET } from "../../../facts/graph";
import { stackRule } from "../../engine/define";

import type { Resource } from "../../graph/types";

export default stackRule({
  name: "secrets-are-pulumi-secrets",
  description: "The values of secrets are Pulumi secrets.",
  controls: ["SEC-04"],
  reason: "Otherwise they are readable in the Pulumi state and in every preview.",
  fix: `secretString: config.requireSecret("dbPassword") // or pulumi.secret(...)`,
  settings: "transform",
  types: ["aws:secretsmanager/secretVersion:SecretVersion", "aws:ssm/parameter:Parameter"],
  // The engine shows a policy secrets in plain text; only a recording marks them.
  concerns: (resource, graph) => graph.recording !== undefined && secretValue(resource) !== undefined,
  check(resource, _graph, report) {
    if (secretValue(resource) !== SECRET)
      report("its value is not a Pulumi secret", "wrap it in pulumi.secret() or read it with requireSecret");
  },
});

function secretValue(
  resource: Resource<"aws:secretsmanager/secretVersion:SecretVersion" | "aws:ssm/parameter:Parameter">,
): string | undefined {
  if (resource.type === "aws:secretsmanager/secretVersion:SecretVersion") return resource.props.secretString;
  const { type, value } = resource.props;
  return type === "SecureString" ? value : undefined;
}
