import { TASK_DEFINITIONS } from "../../../facts/types";
import { stackRule } from "../../engine/define";
import { containers } from "../../graph/containers";
import type { Graph } from "../../graph/graph";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "ssm-parameter-secure-string",
  description: "Parameters that containers receive as secrets are encrypted.",
  controls: ["SEC-03"],
  reason: "A parameter of type String is readable by everyone who may list parameters.",
  fix: `new aws.ssm.Parameter("db-password", { type: "SecureString", value: password })`,
  settings: "none",
  types: ["aws:ssm/parameter:Parameter"],
  concerns: isGivenAsSecret,
  check(parameter, _graph, report) {
    if (parameter.props.type !== "SecureString") report(`type is "${parameter.props.type}"`, 'set it to "SecureString"');
    if (parameter.props.insecureValue) report("insecureValue shows the value in every preview", "use value");
  },
});

function isGivenAsSecret(parameter: Resource<"aws:ssm/parameter:Parameter">, graph: Graph): boolean {
  return TASK_DEFINITIONS.flatMap((type) => graph.referrers(parameter, type, "containerDefinitions")).some((task) => {
    const { name } = parameter.props;
    const references = containers(task).flatMap((c) => (c.secrets ?? []).map((s) => s.valueFrom));
    return references.some((r) => (name ? r.endsWith(name) : r.includes(":parameter/")));
  });
}
