import { stackRule } from "../../engine/define";
import type { Graph } from "../../graph/graph";
import { associationsOf, onEc2, providersOf } from "../../graph/services";
import type { Resource } from "../../graph/types";

const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";

export default stackRule({
  name: "ecs-cluster-capacity-providers",
  description: "The capacity providers that services use are attached to the cluster, which has a default strategy.",
  controls: ["CL-04"],
  reason: "A provider that is not attached cannot be used, and a task started without a strategy finds no capacity.",
  fix: `new aws.ecs.ClusterCapacityProviders("apps", { clusterName: cluster.name, capacityProviders: [provider.name], defaultCapacityProviderStrategies: [{ capacityProvider: provider.name, weight: 1 }] })`,
  settings: "transform",
  types: ["aws:ecs/cluster:Cluster"],
  concerns: (cluster, graph) => servicesOf(cluster, graph).some((s) => onEc2(s, graph)),
  check(cluster, graph, report) {
    const [association] = associationsOf(cluster, graph);
    if (!association) {
      report("no ClusterCapacityProviders attaches a capacity provider to it", "add one");
      return;
    }
    // By the association's list, or by a command that is told the provider: AWS refuses to write the whole list while one in it is going.
    const attached = [
      ...graph.refs(association, "capacityProviders", PROVIDER),
      ...graph.of("command:local:Command").flatMap((command) => graph.refs(command, "environment", PROVIDER)),
    ].map((provider) => provider.urn);
    for (const provider of new Set(servicesOf(cluster, graph).flatMap((s) => providersOf(s, graph)))) {
      if (!attached.includes(provider.urn))
        report(`the capacity provider ${provider.name} is used but not attached`, `add it to ${association.name}`);
    }
    if (!(association.props.defaultCapacityProviderStrategies ?? []).some((s) => (s.weight ?? 0) > 0))
      report(`${association.name} has no default strategy with a weight above 0`, "add one");
  },
});

function servicesOf(cluster: Resource<"aws:ecs/cluster:Cluster">, graph: Graph) {
  return graph.referrers(cluster, "aws:ecs/service:Service", "cluster");
}
