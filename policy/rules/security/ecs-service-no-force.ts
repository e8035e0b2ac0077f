import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "ecs-service-no-force",
  description: "No update forces a deletion or a new deployment every time.",
  controls: ["SVC-21"],
  reason: "forceDelete deletes the service without draining it; forceNewDeployment without triggers replaces every task on every update.",
  fix: `forceNewDeployment: true, triggers: { redeploy: settings.redeploy } // or neither`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  check(service, report) {
    const { forceDelete, forceNewDeployment } = service.props;
    if (forceDelete) report("forceDelete is true", "remove it");
    if (forceNewDeployment && !given(service, "triggers"))
      report("forceNewDeployment is true without triggers", "add triggers or remove it");
  },
});
