import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "waf-web-acl-known-bad-inputs",
  description: "Web ACLs block known bad inputs.",
  controls: ["WAF-02"],
  reason: "AWS's rule group stops Log4Shell and similar attacks before they reach an app that has not been updated.",
  fix: `statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } }, overrideAction: { none: {} }`,
  settings: { LoadBalancer: 'waf.managed: ["common", "known-bad-inputs"]' },
  types: ["aws:wafv2/webAcl:WebAcl"],
  concerns: (acl) => !given(acl, "ruleJson"),
  check(acl, report) {
    const blocks = (acl.props.rules ?? []).some((rule) => {
      const { vendorName, name } = rule.statement?.managedRuleGroupStatement ?? {};
      return vendorName === "AWS" && name === "AWSManagedRulesKnownBadInputsRuleSet" && !rule.overrideAction?.count;
    });
    if (!blocks) report("no rule blocks AWSManagedRulesKnownBadInputsRuleSet", "add it with overrideAction none");
  },
});
