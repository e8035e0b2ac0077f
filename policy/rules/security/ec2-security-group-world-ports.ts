import { stackRule } from "../../engine/define";
import { groupName, groupRules, isAll, openToWorld, portsText } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-security-group-world-ports",
  description: "Only ports 80 and 443 are open to the internet.",
  controls: ["SG-01"],
  reason: "Every other open port is scanned and attacked.",
  fix: `new aws.vpc.SecurityGroupIngressRule("https", { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" })`,
  settings: "transform",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  parameters: {
    ports: { type: "array", items: { type: "integer" }, default: [80, 443], description: "Ports that may be open to the world." },
  },
  check(resource, graph, report, { ports }) {
    each(groupRules(graph), (rule) => {
      if (rule.at.urn !== resource.urn || rule.direction !== "ingress" || !openToWorld(rule)) return;
      const { from, to } = rule.ports();
      const allowed = !isAll(rule.protocol()) && to - from < 1000 && range(from, to).every((p) => ports.includes(p));
      if (!allowed)
        report(`${groupName(rule)} opens ${portsText(rule)} to the internet`, `open only ${ports.join(" and ")}, or restrict the sources`);
    });
  },
});

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);
}
