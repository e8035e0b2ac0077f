import { stackRule } from "../../engine/define";
import { groupsOfInstances, runsTasks } from "../../graph/capacity";
import { isAll, rulesOf } from "../../graph/security-groups";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-no-ssh-ingress",
  description: "No IP address may reach SSH or RDP on the instances of a cluster.",
  controls: ["SG-08"],
  reason: "Session Manager reaches them without an open port.",
  fix: `// remove the rule; aws ssm start-session --target <instance>`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: runsTasks,
  check(template, graph, report) {
    for (const group of groupsOfInstances(template, graph)) {
      each(rulesOf(group, graph, "ingress"), (rule) => {
        const { from, to } = rule.ports();
        const open = [22, 3389].filter((p) => isAll(rule.protocol()) || (p >= from && p <= to));
        if (open.length > 0 && rule.cidrs().length > 0)
          report(`its security group ${group.name} admits ${rule.cidrs().join(", ")} on port ${open.join(", ")}`, "remove the rule");
      });
    }
  },
});
