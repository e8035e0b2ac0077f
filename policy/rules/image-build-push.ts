import { resourceRule } from "../define";
import { each } from "../graph";
import type { Resource } from "../types";

export default resourceRule({
  name: "image-build-push",
  description: "Built images are pushed under tags of their own.",
  controls: ["IMG-01"],
  reason: "A tag that every build reuses cannot be pushed twice to an immutable repository, and tells nobody what it is.",
  fix: `push: true, tags: [pulumi.interpolate\`\${repository.repositoryUrl}:\${contentHash}\`]`,
  types: ["docker-build:index:Image", "docker:index/image:Image"],
  check(image, report) {
    const docker = image.type === "docker:index/image:Image" ? (image.props as Resource<"docker:index/image:Image">["props"]) : undefined;
    const build = docker ? undefined : (image.props as Resource<"docker-build:index:Image">["props"]);
    const loaded = build?.load || (build?.exports ?? []).length > 0;
    if (docker ? docker.skipPush : !build?.push && !loaded) report("the image is not pushed; set push to true.");
    if (build && !build.push) return;
    const tags = docker ? [docker.imageName] : (build?.tags ?? []);
    if (tags.length === 0) report("the image has no tag; give it one that changes with its content.");
    each(tags, (tag) => {
      if (tag.endsWith(":latest") || !tag.split("/").at(-1)?.includes(":"))
        report(`the tag "${tag}" is the same for every build; use one that changes with the content.`);
    });
  },
});
