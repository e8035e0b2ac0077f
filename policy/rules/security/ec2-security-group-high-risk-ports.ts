import { stackRule } from "../../engine/define";
import { groupName, groupRules, isAll, openToWorld } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

const highRisk = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300,
];

export default stackRule({
  name: "ec2-security-group-high-risk-ports",
  description: "No port of an administration, database or development server is open to the internet.",
  controls: ["SG-02"],
  reason: "Scanners try these ports first. 3000, 5000 and 8080 are among them: a container's port should never face the internet.",
  fix: `referencedSecurityGroupId: loadBalancerGroup.id // instead of cidrIpv4: "0.0.0.0/0"`,
  settings: "transform",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  parameters: {
    ports: { type: "array", items: { type: "integer" }, default: highRisk, description: "Ports that must never be open to the world." },
  },
  check(resource, graph, report, { ports }) {
    each(groupRules(graph), (rule) => {
      if (rule.at.urn !== resource.urn || rule.direction !== "ingress" || !openToWorld(rule)) return;
      const { from, to } = rule.ports();
      const open = ports.filter((p) => isAll(rule.protocol()) || (p >= from && p <= to));
      if (open.length > 0)
        report(
          `${groupName(rule)} opens ${open.length > 3 ? `${open.length} high-risk ports` : `port ${open.join(", ")}`} to the internet`,
          "restrict the sources",
        );
    });
  },
});
