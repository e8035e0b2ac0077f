import { stackRule } from "../../engine/define";
import { providersOfGroup } from "../../graph/capacity";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "autoscaling-group-tags",
  description: "The tags of an Auto Scaling group reach its instances, and ECS's own tag is one of them.",
  controls: ["ASG-06"],
  reason: "Untagged instances cannot be attributed on the bill. ECS adds AmazonECSManaged itself, and every update would remove it.",
  fix: `tags: [{ key: "AmazonECSManaged", value: "true", propagateAtLaunch: true }, ...]`,
  settings: "transform",
  types: ["aws:autoscaling/group:Group"],
  check(group, graph, report) {
    const tags = group.props.tags ?? [];
    if (tags.length === 0) report("it has no tags", "give it tags with propagateAtLaunch");
    each(tags, (tag) => {
      if (!tag.propagateAtLaunch) report(`the tag "${tag.key}" does not reach the instances`, "set propagateAtLaunch to true");
    });
    if (tags.length > 0 && providersOfGroup(group, graph).length > 0 && !tags.some((t) => t.key === "AmazonECSManaged"))
      report('the tag "AmazonECSManaged", which ECS adds, is not declared', "add it");
  },
});
