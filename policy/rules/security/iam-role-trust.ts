import { resourceRule } from "../../engine/define";
import { eachTrust } from "../../graph/iam";

export default resourceRule({
  name: "iam-role-trust",
  description: "Roles can be assumed by the service they are for, never by everyone or a whole account.",
  controls: ["IAM-05"],
  reason: "A trust policy that names an account's root admits whoever that account admits.",
  fix: `assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "ecs-tasks.amazonaws.com" })`,
  settings: "transform",
  types: ["aws:iam/role:Role"],
  check(role, report) {
    eachTrust(role, (s) => {
      const anyone = [...(s.principals["*"] ?? []), ...(s.principals.AWS ?? []), ...(s.principals.Service ?? [])].some((p) => p === "*");
      const roots = (s.principals.AWS ?? []).filter((p) => /^\d{12}$|:root$/.test(p));
      if (anyone) report("everyone may assume it", "name the service in Principal");
      if (roots.length > 0) report(`all of ${roots.join(", ")} may assume it`, "name the service or the role in Principal");
    });
  },
});
