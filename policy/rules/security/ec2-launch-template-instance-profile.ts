import { stackRule } from "../../engine/define";
import { runsTasks } from "../../graph/capacity";
import { given } from "../../graph/graph";
import { attachmentsOf, grantsOf } from "../../graph/iam";
import { covers } from "../../graph/statements";
import { anyTrue, some } from "../../graph/undecided";

export default stackRule({
  name: "ec2-launch-template-instance-profile",
  description: "The instances of a cluster have a role that lets them join it and lets you reach them through Session Manager.",
  controls: ["LT-08"],
  reason: "Without the first no task starts there; without the second people open SSH when something is wrong.",
  fix: `iamInstanceProfile: { arn: profile.arn } // role with the ECS agent's actions on this cluster, and AmazonSSMManagedInstanceCore`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: runsTasks,
  check(template, graph, report) {
    if (!given(template, "iamInstanceProfile")) {
      report("iamInstanceProfile is not set", "give the instances a profile");
      return;
    }
    const [profile] = graph.refs(template, "iamInstanceProfile", "aws:iam/instanceProfile:InstanceProfile");
    const [role] = profile ? graph.refs(profile, "role", "aws:iam/role:Role") : [];
    if (!role) return;
    const may = (policy: string, action: string) =>
      anyTrue(
        () => some(attachmentsOf(role, graph), (a) => String(a.props.policyArn).endsWith(policy)),
        () => some(role.props.managedPolicyArns, (arn) => arn.endsWith(policy)),
        () =>
          covers(
            grantsOf(role, graph).flatMap((s) => s.actions),
            action,
          ),
      );
    if (!may("/AmazonEC2ContainerServiceforEC2Role", "ecs:RegisterContainerInstance"))
      report(
        `the role ${role.name} may not join a cluster`,
        "allow ecs:RegisterContainerInstance and the rest of what AmazonEC2ContainerServiceforEC2Role has",
      );
    if (!may("/AmazonSSMManagedInstanceCore", "ssm:UpdateInstanceInformation"))
      report(`the role ${role.name} does not allow Session Manager`, "attach AmazonSSMManagedInstanceCore");
  },
});
