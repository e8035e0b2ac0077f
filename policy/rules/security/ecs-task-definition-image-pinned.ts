import { TASK_DEFINITIONS } from "../../../facts/types";
import { stackRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { containers, eachContainer } from "../../graph/containers";

export default stackRule({
  name: "ecs-task-definition-image-pinned",
  description: "Images are pinned, and images that the stack builds are deployed by digest.",
  controls: ["TD-21"],
  reason: "With a tag that moves, a rollback starts different code than before, and a deploy of new code changes nothing.",
  fix: `image: image.ref // repository@sha256:...`,
  settings: ofTask({ argument: "image" }),
  types: TASK_DEFINITIONS,
  check(task, graph, report) {
    const images = containers(task).map((c) => c.image ?? "");
    eachContainer(task, (c, label) => {
      const image = c.image ?? "";
      if (pinned(image)) return;
      const tag = tagOf(image);
      if (tag === undefined) report(`${label}: the image "${image}" has neither tag nor digest`, "use its digest");
      else if (tag === "latest") report(`${label}: the image "${image}" is tagged "latest", which changes over time`, "use its digest");
    });
    const built = (["docker-build:index:Image", "docker:index/image:Image"] as const).flatMap((type) =>
      graph.refs(task, "containerDefinitions", type),
    );
    const [first] = built;
    if (first && !images.some(pinned))
      report(`the image that ${first.name} builds is deployed by tag`, "deploy its digest (its output ref)");
  },
});

function pinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

/** The tag follows the last colon, unless that one belongs to the registry's port. */
function tagOf(image: string): string | undefined {
  const last = image.split("@")[0]?.split("/").at(-1) ?? "";
  return last.includes(":") ? last.split(":").at(-1) : undefined;
}
