import { resourceRule } from "../../engine/define";
import { grants, isPublicStatement } from "../../graph/statements";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "ecr-repository-no-public-policy",
  description: "No repository policy grants access to everyone.",
  controls: ["ECR-05"],
  reason: "Whoever may pull the image has the code; whoever may push one runs code in your account.",
  fix: `Principal: { AWS: accountRoot } // or a Condition on aws:PrincipalOrgID`,
  settings: "none",
  types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
  check(policy, report) {
    each(grants(policy.props.policy), (s) => {
      if (isPublicStatement(s)) report(`a statement allows ${s.actions.join(", ")} to everyone`, "name the principals or add a condition");
    });
  },
});
