import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "waf-web-acl-rules",
  description: "Web ACLs have rules, and each rule an action and metrics.",
  controls: ["WAF-01"],
  reason: "A rule that only counts, or that nobody sees, stops nothing.",
  fix: `rules: [{ name: "common", priority: 0, overrideAction: { none: {} }, statement: { ... }, visibilityConfig: { cloudwatchMetricsEnabled: true, ... } }]`,
  settings: "transform",
  types: ["aws:wafv2/webAcl:WebAcl"],
  concerns: (acl) => !given(acl, "ruleJson"),
  check(acl, report) {
    if (!acl.props.rules?.length) report("it has no rules", "add one");
    each(acl.props.rules, (rule) => {
      if (!rule.action && !rule.overrideAction) report(`the rule "${rule.name}" has no action`, "set action or overrideAction");
      if (!rule.visibilityConfig?.cloudwatchMetricsEnabled)
        report(`the rule "${rule.name}" has no metrics`, "set visibilityConfig.cloudwatchMetricsEnabled to true");
    });
  },
});
