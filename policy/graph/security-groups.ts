import { type Graph, given } from "./graph";
import type { AnyResource, Resource } from "./types";
import { indices, known } from "./undecided";

export type SecurityGroup = Resource<"aws:ec2/securityGroup:SecurityGroup">;

/** A rule of a security group, written in the group or as a resource of its own. Reading what is not known yet throws. */
export interface GroupRule {
  direction: "ingress" | "egress";
  /** The resource that holds the rule. */
  at: AnyResource;
  /** The groups that the rule belongs to: one, where it is in the graph. */
  groups: SecurityGroup[];
  inline: boolean;
  protocol(): string;
  ports(): { from: number; to: number };
  cidrs(): string[];
  /** Groups of the graph at the other end. */
  peers(): SecurityGroup[];
  /** True if the other end is a security group (or the group itself), in the graph or not. */
  toGroup(): boolean;
  description(): string | undefined;
}

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const everyPort = { from: 0, to: 65535 };

const byGraph = new WeakMap<Graph, GroupRule[]>();

/** All rules of all security groups. */
export function groupRules(graph: Graph): GroupRule[] {
  const rules = byGraph.get(graph) ?? readRules(graph);
  byGraph.set(graph, rules);
  return rules;
}

function readRules(graph: Graph): GroupRule[] {
  return [
    ...graph.of(GROUP, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").flatMap((g) => inlineRules(g as SecurityGroup, graph)),
    ...graph.of("aws:ec2/securityGroupRule:SecurityGroupRule").map((r) => legacyRule(r, graph)),
    ...graph.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((r) => singleRule("ingress", r, graph)),
    ...graph.of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map((r) => singleRule("egress", r, graph)),
  ];
}

/** The rules of one security group. */
export function rulesOf(group: AnyResource, graph: Graph, direction?: GroupRule["direction"]): GroupRule[] {
  return groupRules(graph).filter((r) => r.groups.some((g) => g.urn === group.urn) && (!direction || r.direction === direction));
}

/** True if the rule is open to every address of IPv4 or IPv6. */
export function openToWorld(rule: GroupRule): boolean {
  return rule.cidrs().some((c) => /^(0\.0\.0\.0|::|0:0:0:0:0:0:0:0)\/0$/.test(c));
}

/** The ports as people write them: `443`, `1-1024`, `all`. */
export function portsText(rule: GroupRule): string {
  const { from, to } = rule.ports();
  return from === 0 && to === 65535 ? "all ports" : from === to ? `port ${from}` : `ports ${from}-${to}`;
}

/** Which group the rule belongs to, for a message. */
export function groupName(rule: GroupRule): string {
  return rule.groups[0]?.name ?? rule.at.name;
}

/** `-1` and its names mean every port of every protocol, whatever ports are written beside it. */
function portRange(protocol: string, from: number | undefined, to: number | undefined) {
  if (isAll(protocol) || from === undefined || from === -1) return everyPort;
  return { from, to: to ?? from };
}

export function isAll(protocol: string): boolean {
  return ["-1", "all"].includes(String(protocol).toLowerCase());
}

function inlineRules(group: SecurityGroup, graph: Graph): GroupRule[] {
  return (["ingress", "egress"] as const).flatMap((direction) => {
    const written = known(() => [group.props[direction]]);
    // Where all of them are unknown, one stands for them: whoever reads it learns that.
    const places = written ? indices(written[0]) : [0];
    return places.map((i): GroupRule => {
      const rule = () => group.props[direction]![i]!;
      return {
        direction,
        at: group,
        groups: [group],
        inline: true,
        protocol: () => rule().protocol,
        ports: () => portRange(rule().protocol, rule().fromPort, rule().toPort),
        cidrs: () => [...(rule().cidrBlocks ?? []), ...(rule().ipv6CidrBlocks ?? [])],
        peers: () => graph.targets(group, direction, GROUP, () => rule().securityGroups).resources,
        toGroup: () => "securityGroups" in rule() || rule().self === true,
        description: () => rule().description,
      };
    });
  });
}

function legacyRule(r: Resource<"aws:ec2/securityGroupRule:SecurityGroupRule">, graph: Graph): GroupRule {
  return {
    get direction() {
      return r.props.type === "egress" ? "egress" : "ingress";
    },
    at: r,
    groups: graph.refs(r, "securityGroupId", GROUP),
    inline: false,
    protocol: () => String(r.props.protocol),
    ports: () => portRange(String(r.props.protocol), r.props.fromPort, r.props.toPort),
    cidrs: () => [...(r.props.cidrBlocks ?? []), ...(r.props.ipv6CidrBlocks ?? [])],
    peers: () => graph.refs(r, "sourceSecurityGroupId", GROUP),
    toGroup: () => given(r, "sourceSecurityGroupId") || r.props.self === true,
    description: () => r.props.description,
  };
}

function singleRule(
  direction: GroupRule["direction"],
  r: Resource<"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" | "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule">,
  graph: Graph,
): GroupRule {
  return {
    direction,
    at: r,
    groups: graph.refs(r, "securityGroupId", GROUP),
    inline: false,
    protocol: () => r.props.ipProtocol,
    ports: () => portRange(r.props.ipProtocol, r.props.fromPort, r.props.toPort),
    cidrs: () => [r.props.cidrIpv4, r.props.cidrIpv6].filter((c) => c !== undefined),
    peers: () => graph.refs(r, "referencedSecurityGroupId", GROUP),
    toGroup: () => given(r, "referencedSecurityGroupId"),
    description: () => r.props.description,
  };
}
