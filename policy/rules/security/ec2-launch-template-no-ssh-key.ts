import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "ec2-launch-template-no-ssh-key",
  description: "Instances have no SSH key.",
  controls: ["LT-05"],
  reason: "A shared key leaves no record of who used it and is hard to revoke. Session Manager needs neither a key nor an open port.",
  fix: `// leave keyName out; aws ssm start-session --target <instance>`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  check(template, report) {
    if (given(template, "keyName") && template.props.keyName)
      report(`keyName is "${template.props.keyName}"`, "remove it and use Session Manager");
  },
});
