import type { Graph } from "./graph";
import type { SecurityGroup } from "./security-groups";
import type { AnyResource, Resource } from "./types";
import { known } from "./undecided";

type LoadBalancer = Resource<"aws:lb/loadBalancer:LoadBalancer">;
type Listener = Resource<"aws:lb/listener:Listener">;

export function isApplication(balancer: LoadBalancer): boolean {
  return (balancer.props.loadBalancerType ?? "application") === "application";
}

export function listenersOf(balancer: LoadBalancer, graph: Graph): Listener[] {
  return graph.referrers(balancer, "aws:lb/listener:Listener", "loadBalancerArn");
}

export function listenerRulesOf(listener: AnyResource, graph: Graph): Resource<"aws:lb/listenerRule:ListenerRule">[] {
  return graph.referrers(listener, "aws:lb/listenerRule:ListenerRule", "listenerArn");
}

/** Whether users sign in at a load balancer: it then asks an identity provider who they are. */
export function signsIn(balancer: LoadBalancer, graph: Graph): boolean {
  const listeners = listenersOf(balancer, graph);
  const actions = [
    ...listeners.flatMap((listener) => listener.props.defaultActions),
    ...listeners.flatMap((listener) => listenerRulesOf(listener, graph)).flatMap((rule) => rule.props.actions),
  ];
  return actions.some(({ type }) => type.startsWith("authenticate-"));
}

/** The other rules of a rule's listener, which the graph may have or not. */
export function rulesBeside(
  rule: Resource<"aws:lb/listenerRule:ListenerRule">,
  graph: Graph,
): Resource<"aws:lb/listenerRule:ListenerRule">[] {
  const [listener] = graph.refs(rule, "listenerArn", "aws:lb/listener:Listener");
  const all = listener
    ? listenerRulesOf(listener, graph)
    : graph.of(rule.type).filter((other) => known(() => other.props.listenerArn) === rule.props.listenerArn);
  return all.filter(({ urn }) => urn !== rule.urn);
}

/** The security groups of a load balancer, as far as the graph has them. */
export function groupsOfBalancer(balancer: LoadBalancer, graph: Graph): SecurityGroup[] {
  return graph.targets(balancer, "securityGroups", "aws:ec2/securityGroup:SecurityGroup", () => balancer.props.securityGroups).resources;
}

export function protocolOf(listener: Listener): string | undefined {
  return listener.props.protocol?.toUpperCase();
}
