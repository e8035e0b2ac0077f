import { stackRule } from "../../engine/define";
import { isConnected, mappingsNamed, namespaceOf } from "../../graph/names";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "plan-connect-parts",
  category: "deploy",
  severity: "high",
  description: "A service with Service Connect is in a namespace, and each of its names belongs to one named port of its task definition.",
  reason: "ECS refuses the service otherwise.",
  fix: `serviceConnectConfiguration: { enabled: true, namespace: namespace.arn, services: [{ portName: "http", ... }] } // portMappings: [{ name: "http", containerPort: 8000 }]`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  check(service, graph, report) {
    if (!isConnected(service)) return;
    if (namespaceOf(service, graph) === undefined)
      report("Service Connect is on, and neither the service nor its cluster names a namespace", "name one");
    each(service.props.serviceConnectConfiguration?.services, ({ portName }) => {
      const mappings = mappingsNamed(service, portName, graph);
      if (mappings && mappings.length !== 1)
        report(
          `${mappings.length === 0 ? "no port" : `${mappings.length} ports`} of its task definition ${mappings.length === 0 ? "has" : "have"} the name "${portName}", which Service Connect uses`,
          "give one port mapping that name",
        );
    });
  },
});
