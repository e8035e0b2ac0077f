import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecr-repository-immutable-tags",
  description: "A tag, once pushed, keeps its image.",
  controls: ["ECR-02"],
  reason: "A tag that can be overwritten lets anyone who may push change what already runs.",
  fix: `imageTagMutability: "IMMUTABLE" // and a repository of its own for the build cache`,
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    const { imageTagMutability: mutability, imageTagMutabilityExclusionFilters: filters } = repository.props;
    const cacheOnly = filters?.length && filters.every((f) => /cache/i.test(f.filter));
    if (mutability === "IMMUTABLE" || (mutability === "IMMUTABLE_WITH_EXCLUSION" && cacheOnly)) return;
    report(`imageTagMutability is ${mutability ? `"${mutability}"` : "not set (MUTABLE)"}`, 'set it to "IMMUTABLE"');
  },
});
