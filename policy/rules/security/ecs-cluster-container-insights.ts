import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-cluster-container-insights",
  description: "Clusters have Container Insights.",
  controls: ["CL-01"],
  reason: "Without it there is no metric of a task's or container's CPU and memory to look at when something went wrong.",
  fix: `settings: [{ name: "containerInsights", value: "enhanced" }] // or "enabled", which costs less`,
  types: ["aws:ecs/cluster:Cluster"],
  check(cluster, report) {
    const setting = (cluster.props.settings ?? []).find((s) => s.name === "containerInsights")?.value;
    if (setting !== "enabled" && setting !== "enhanced")
      report(`Container Insights is ${setting ? `"${setting}"` : "not set"}`, 'set containerInsights to "enhanced" or "enabled"');
  },
});
