import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "iam-no-users",
  description: "There are no IAM users and no access keys.",
  controls: ["IAM-10"],
  reason: "An access key stays valid until somebody deletes it, wherever it leaked to. Roles give credentials that expire.",
  fix: `// a role: for tasks the task role, for CI one that trusts its OIDC provider`,
  settings: "none",
  types: [
    "aws:iam/user:User",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  ],
  forbids: true,
  check(_resource, report) {
    report("it belongs to an IAM user", "use a role");
  },
});
