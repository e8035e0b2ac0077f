import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "autoscaling-group-launch-template",
  description: "Auto Scaling groups use launch templates.",
  controls: ["ASG-02"],
  reason: "AWS no longer develops launch configurations, and new accounts cannot create them.",
  fix: `launchTemplate: { id: template.id, version: template.latestVersion.apply(String) }`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group", "aws:ec2/launchConfiguration:LaunchConfiguration"],
  check(resource, report) {
    if (resource.type === "aws:ec2/launchConfiguration:LaunchConfiguration") {
      report("it is a launch configuration", "use a launch template");
      return;
    }
    if (given(resource, "launchConfiguration")) report("it uses a launch configuration", "use a launch template");
    else if (!given(resource, "launchTemplate") && !given(resource, "mixedInstancesPolicy"))
      report("it has no launch template", "give it one");
  },
});
