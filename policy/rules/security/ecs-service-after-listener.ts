import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { targetGroupsOf } from "../../graph/services";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "ecs-service-after-listener",
  description: "A service waits for the listener that forwards to it.",
  controls: ["SVC-20"],
  reason:
    'Created too early, it fails with "target group does not have an associated load balancer": on the first deploy only, and not always.',
  fix: `new aws.ecs.Service("web", { ... }, { dependsOn: [listener] })`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => given(service, "loadBalancers"),
  check(service, graph, report) {
    const waitsFor = allDependencies(service);
    for (const group of targetGroupsOf(service, graph)) {
      const forwarders = [
        ...graph.referrers(group, "aws:lb/listener:Listener", "defaultActions"),
        ...graph.referrers(group, "aws:lb/listenerRule:ListenerRule", "actions"),
      ];
      if (forwarders.length > 0 && !forwarders.some((f) => waitsFor.has(f.urn)))
        report(`it does not wait for ${forwarders.map((f) => f.name).join(", ")}, which forwards to ${group.name}`, "add it to dependsOn");
    }
  },
});

/** What a resource waits for, directly or through others. */
function allDependencies(of: Resource<"aws:ecs/service:Service">): Set<string> {
  const found = new Set<string>();
  const queue = [...of.dependencies];
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (found.has(next.urn)) continue;
    found.add(next.urn);
    queue.push(...next.dependencies);
  }
  return found;
}
