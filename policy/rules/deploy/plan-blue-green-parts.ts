import { resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

const parts = ["alternateTargetGroupArn", "productionListenerRule", "roleArn"] as const;

export default resourceRule({
  name: "plan-blue-green-parts",
  category: "deploy",
  severity: "high",
  description: "A service that shifts traffic between two sets of tasks names the resources that this needs.",
  reason: "ECS refuses a blue/green, canary or linear deployment without them.",
  fix: `loadBalancers: [{ ..., advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, roleArn } }]`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: (service) => (service.props.deploymentConfiguration?.strategy ?? "ROLLING") !== "ROLLING",
  check(service, report) {
    each(service.props.loadBalancers, (balancer) => {
      const missing = parts.filter((key) => !(key in (balancer.advancedConfiguration ?? {})));
      if (missing.length > 0)
        report(
          `a ${service.props.deploymentConfiguration?.strategy} deployment lacks ${missing.join(", ")}`,
          "set them in the load balancer's advancedConfiguration",
        );
    });
  },
});
