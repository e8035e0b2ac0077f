import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-cluster-container-insights",
  description: "Clusters have Container Insights enabled.",
  controls: ["CL-01"],
  reason: "Without it there are no CPU and memory metrics of a task or container to look at when something goes wrong.",
  fix: `settings: [{ name: "containerInsights", value: "enhanced" }] // or "enabled", which costs less`,
  settings: { Cluster: "containerInsights: enhanced" },
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const setting = (cluster.props.settings ?? []).find((s) => s.name === "containerInsights")?.value;
    if (setting !== "enabled" && setting !== "enhanced")
      report(`Container Insights is ${setting ? `"${setting}"` : "not set"}`, 'set containerInsights to "enhanced" or "enabled"');
  },
});
