import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "image-build-platform",
  description: "Image builds set their platform.",
  controls: ["IMG-02"],
  reason: "Without it, the platform is that of the machine that builds: the laptop's today, the CI server's tomorrow.",
  fix: `platforms: ["linux/arm64"]`,
  settings: "transform",
  types: ["docker-build:index:Image", "docker:index/image:Image"],
  check(image, report) {
    if (image.type === "docker-build:index:Image") {
      const { platforms } = image.props;
      if (!platforms?.length) report("platforms is not set", "name the platform that the tasks run on");
      return;
    }
    const { build } = image.props;
    if (!build?.platform) report("build.platform is not set", "name the platform that the tasks run on");
  },
});
