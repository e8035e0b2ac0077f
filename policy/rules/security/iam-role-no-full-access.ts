import { resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

const wide = /(^|\/)(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export default resourceRule({
  name: "iam-role-no-full-access",
  description: "Nothing has one of AWS's administrator or full-access policies.",
  controls: ["IAM-08"],
  reason: "These policies are for experiments, and AWS keeps extending them.",
  fix: `new aws.iam.RolePolicy("web", { role: role.name, policy: { Statement: [{ Effect: "Allow", Action: [...], Resource: [...] }] } })`,
  settings: "transform",
  types: [
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  ],
  check(resource, report) {
    const attached =
      "policyArn" in resource.props
        ? [resource.props.policyArn]
        : "managedPolicyArns" in resource.props
          ? resource.props.managedPolicyArns
          : [];
    each(attached, (arn) => {
      if (wide.test(String(arn))) report(`it attaches ${String(arn).split("/").at(-1)}`, "grant only the actions that are used");
    });
  },
});
