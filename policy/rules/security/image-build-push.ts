import { type Report, resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "image-build-push",
  description: "Built images are pushed under tags of their own.",
  controls: ["IMG-01"],
  reason: "A tag that every build reuses cannot be pushed twice to an immutable repository, and does not identify the image.",
  fix: `push: true, tags: [pulumi.interpolate\`\${repository.repositoryUrl}:\${contentHash}\`]`,
  settings: "transform",
  types: ["docker-build:index:Image", "docker:index/image:Image"],
  check(image, report) {
    if (image.type === "docker:index/image:Image") {
      if (image.props.skipPush) report("the image is not pushed", "remove skipPush");
      checkTags([image.props.imageName ?? ""], report);
      return;
    }
    const { push, load, exports = [], tags = [] } = image.props;
    if (push) checkTags(tags, report);
    else if (!load && exports.length === 0) report("the image is not pushed", "set push to true");
  },
});

function checkTags(tags: readonly string[], report: Report) {
  if (tags.length === 0) report("the image has no tag", "tag it with something that changes with its content");
  each(tags, (tag) => {
    if (tag.endsWith(":latest") || !tag.split("/").at(-1)?.includes(":"))
      report(`the tag "${tag}" is the same for every build`, "use a tag that changes with the content");
  });
}
