import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";

export default resourceRule({
  name: "ecs-service-capacity-provider-strategy",
  description: "Services use a well-formed capacity provider strategy, and their base is never on Spot.",
  controls: ["SVC-15", "SVC-16"],
  reason:
    "With launchType EC2 a task that finds no room fails instead of growing the cluster; a base on Spot disappears when AWS reclaims it.",
  fix: `capacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }, { capacityProvider: "FARGATE_SPOT", weight: 4 }]`,
  settings: { Service: "capacity: mixed" },
  types: ["aws:ecs/service:Service"],
  parameters: { onDemandBase: { type: "integer", default: 1, minimum: 0, description: "Fewest tasks on FARGATE beside FARGATE_SPOT." } },
  concerns: (service) => given(service, "capacityProviderStrategies") || service.props.launchType === "EC2",
  check(service, report, { onDemandBase }) {
    const { launchType, capacityProviderStrategies: strategies = [] } = service.props;
    if (strategies.length === 0) {
      if (launchType) report(`launchType is "${launchType}"`, "use capacityProviderStrategies", { settings: "transform" });
      return;
    }
    if (launchType) report("launchType and capacityProviderStrategies exclude each other", "remove launchType", { settings: "transform" });
    if (!strategies.some((s) => (s.weight ?? 0) > 0))
      report("no capacity provider has a weight above 0", "give one a weight", { settings: "transform" });
    if (strategies.filter((s) => (s.base ?? 0) > 0).length > 1)
      report("several capacity providers have a base", "keep one of them", { settings: "transform" });
    const names = strategies.map((s) => s.capacityProvider ?? "");
    const fargate = names.filter((n) => n.startsWith("FARGATE"));
    if (fargate.length > 0 && fargate.length < names.length)
      report(`${names.join(" and ")} cannot be mixed in one strategy`, "use Fargate or EC2", { settings: "transform" });
    const base = strategies.find((s) => s.capacityProvider === "FARGATE")?.base ?? 0;
    if (names.includes("FARGATE_SPOT") && base < onDemandBase)
      report("FARGATE_SPOT may take every task", `add FARGATE with a base of ${onDemandBase} or more`);
  },
});
