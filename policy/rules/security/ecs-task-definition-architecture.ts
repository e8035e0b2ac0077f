import { stackRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";

const platforms: Record<string, string> = { X86_64: "linux/amd64", ARM64: "linux/arm64" };

export default stackRule({
  name: "ecs-task-definition-architecture",
  description: "The CPU architecture is set, and matches the one that the stack's image is built for.",
  controls: ["TD-22"],
  reason: 'An image built on an ARM laptop fails on an x86 task with "exec format error", minutes into the deploy.',
  fix: `runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" } // and platforms: ["linux/arm64"] on the image`,
  settings: ofTask({ argument: "architecture: arm64", setting: "architecture: arm64" }),
  types: ["aws:ecs/taskDefinition:TaskDefinition"],
  check(task, graph, report) {
    const { cpuArchitecture = "", operatingSystemFamily } = task.props.runtimePlatform ?? {};
    const platform = platforms[cpuArchitecture];
    if (!platform)
      report(`runtimePlatform.cpuArchitecture is ${cpuArchitecture ? `"${cpuArchitecture}"` : "not set"}`, "set it to X86_64 or ARM64", {
        settings: "transform",
      });
    if (!operatingSystemFamily)
      report("runtimePlatform.operatingSystemFamily is not set", "set it, to LINUX for most images", { settings: "transform" });
    if (!platform) return;
    for (const image of graph.refs(task, "containerDefinitions", "docker-build:index:Image")) {
      const built: string[] = [...(image.props.platforms ?? [])];
      if (built.length > 0 && !built.includes(platform))
        report(`the task runs on ${cpuArchitecture}, but ${image.name} is built for ${built.join(", ")}`, `build it for ${platform}`);
    }
  },
});
