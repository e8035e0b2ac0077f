import { resourceRule } from "../../engine/define";
import { grants, type Statement } from "../../graph/statements";
import type { Resource } from "../../graph/types";

export default resourceRule({
  name: "iam-role-github-trust",
  description: "A role for GitHub Actions trusts one repository.",
  controls: ["IAM-14"],
  reason: "Without a condition on sub, every repository on GitHub may assume it.",
  fix: `Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:acme/web:ref:refs/heads/main" } }`,
  settings: "transform",
  types: ["aws:iam/role:Role"],
  concerns: (role) => forGitHub(role).length > 0,
  check(role, report) {
    for (const s of forGitHub(role)) {
      const values = (claim: string) =>
        Object.values(s.conditions).flatMap((c) =>
          Object.entries(c).flatMap(([key, v]) => (key.toLowerCase() === `${issuer}:${claim}` ? v : [])),
        );
      if (!values("aud").includes("sts.amazonaws.com"))
        report("its trust policy does not check the audience", "require aud to be sts.amazonaws.com");
      const subjects = values("sub");
      if (subjects.length === 0) report("its trust policy admits every repository", "require sub to name one repository");
      for (const sub of subjects)
        if (!/^repo:[^*/]+\/[^*/:]+:/.test(sub)) report(`its trust policy admits "${sub}"`, "name one repository");
    }
  },
});

const issuer = "token.actions.githubusercontent.com";

function forGitHub(role: Resource<"aws:iam/role:Role">): Statement[] {
  return grants(role.props.assumeRolePolicy).filter((s) => s.principals.Federated?.some((p) => p.includes(issuer)));
}
