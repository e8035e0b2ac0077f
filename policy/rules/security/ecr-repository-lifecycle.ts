import { stackRule } from "../../engine/define";
import { lifecycleRules } from "../../graph/lifecycle";

export default stackRule({
  name: "ecr-repository-lifecycle",
  description: "Repositories have a lifecycle policy.",
  controls: ["ECR-03"],
  reason: "Without one, every image ever pushed is paid for until somebody deletes it.",
  fix: `new aws.ecr.LifecyclePolicy("web", { repository: repository.name, policy: ... })`,
  settings: "transform",
  types: ["aws:ecr/repository:Repository"],
  check(repository, graph, report) {
    const policies = graph.referrers(repository, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository");
    if (policies.length === 0) report("it has no lifecycle policy", "add one");
    for (const policy of policies)
      if (lifecycleRules(policy).length === 0) report(`its lifecycle policy ${policy.name} has no rules`, "add one");
  },
});
