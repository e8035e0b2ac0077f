import { type Report, resourceRule } from "../../engine/define";
import { isAll } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

const adminPorts = [20, 21, 22, 3389];

export default resourceRule({
  name: "ec2-network-acl-no-admin-ports",
  description: "Network ACLs do not open administration ports to the world.",
  controls: ["VPC-12"],
  reason: "A network ACL is the second line of defense behind the security groups; one that allows everything is none.",
  fix: `// leave network ACLs out, or allow the ports that are used`,
  settings: "none",
  types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
  check(resource, report) {
    if (resource.type === "aws:ec2/networkAclRule:NetworkAclRule") {
      const rule = resource.props;
      if (!rule.egress && rule.ruleAction === "allow")
        check(rule.protocol, rule.fromPort, rule.toPort, [rule.cidrBlock, rule.ipv6CidrBlock], report);
      return;
    }
    const acl = resource.props;
    if (!acl.subnetIds?.length) report("it belongs to no subnet", "set subnetIds or remove it");
    each(acl.ingress, (r) => {
      if (r.action === "allow") check(r.protocol, r.fromPort, r.toPort, [r.cidrBlock, r.ipv6CidrBlock], report);
    });
  },
});

function check(protocol: string, from: number | undefined, to: number | undefined, cidrs: (string | undefined)[], report: Report) {
  if (!cidrs.some((c) => c === "0.0.0.0/0" || c === "::/0")) return;
  const all = isAll(protocol) || from === undefined || to === undefined;
  const open = adminPorts.filter((p) => all || (p >= from && p <= to));
  if (open.length > 0)
    report(`it allows ${all ? "all ports" : `port ${open.join(", ")}`} from everywhere`, "allow the ports that are used");
}
