import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecr-repository-immutable-tags",
  description: "Image tags are immutable.",
  controls: ["ECR-02"],
  reason: "If a tag can be overwritten, anyone who may push can change what already runs.",
  fix: `imageTagMutability: "IMMUTABLE" // and a repository of its own for the build cache`,
  settings: "transform",
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    const { imageTagMutability: mutability, imageTagMutabilityExclusionFilters: filters } = repository.props;
    const cacheOnly = filters?.length && filters.every((f) => /cache/i.test(f.filter));
    if (mutability === "IMMUTABLE" || (mutability === "IMMUTABLE_WITH_EXCLUSION" && cacheOnly)) return;
    report(`imageTagMutability is ${mutability ? `"${mutability}"` : "not set (MUTABLE)"}`, 'set it to "IMMUTABLE"');
  },
});
