import { stackRule } from "../../engine/define";
import { groupsOfTemplate } from "../../graph/capacity";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-latest-version",
  description: "Auto Scaling groups use the newest version of their launch template.",
  controls: ["LT-12"],
  reason: "Otherwise a change to the template, such as a new AMI, has no effect.",
  fix: `launchTemplate: { id: template.id, version: template.latestVersion.apply(String) } // or updateDefaultVersion: true on the template`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: (template, graph) => groupsOfTemplate(template, graph).length > 0,
  check(template, graph, report) {
    each(groupsOfTemplate(template, graph), (group) => {
      const version =
        group.props.launchTemplate?.version ?? group.props.mixedInstancesPolicy?.launchTemplate.launchTemplateSpecification.version;
      if ((version === undefined || version === "$Default") && !template.props.updateDefaultVersion)
        report(
          `${group.name} uses the default version, which does not follow changes`,
          "set updateDefaultVersion to true or use latestVersion",
        );
    });
  },
});
