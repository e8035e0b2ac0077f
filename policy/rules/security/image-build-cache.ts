import { resourceRule } from "../../engine/define";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "image-build-cache",
  description: "Image builds keep their cache in a registry, in a format that ECR accepts.",
  controls: ["IMG-04"],
  reason: "A CI machine starts empty: without a shared cache every build is a full build.",
  fix: `cacheFrom: [{ registry: { ref } }], cacheTo: [{ registry: { ref, mode: "max", imageManifest: true, ociMediaTypes: true } }]`,
  settings: { AppImage: "cache: true" },
  types: ["docker-build:index:Image"],
  check(image, report) {
    const { cacheFrom = [], cacheTo = [] } = image.props;
    if (cacheFrom.length === 0) report("cacheFrom is not set", "read the cache of the last build");
    if (!cacheTo.some((c) => c.registry ?? c.gha ?? c.s3 ?? c.local ?? c.azblob))
      report("cacheTo names no shared cache", "write one to a registry");
    each(cacheTo, ({ registry }) => {
      if (!registry || !/\.dkr\.ecr\./.test(registry.ref)) return;
      if (!registry.imageManifest || !registry.ociMediaTypes)
        report("ECR refuses a cache without imageManifest and ociMediaTypes", "set both to true", { settings: "transform" });
      if (registry.mode !== "max")
        report(
          `the cache's mode is ${registry.mode ? `"${registry.mode}"` : "not set (min)"}`,
          'set it to "max", for the stages before the last too',
          { settings: "transform" },
        );
    });
  },
});
