import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecr-repository-no-force-delete",
  description: "A repository that holds images is not deleted with the stack.",
  controls: ["ECR-07"],
  reason: "With the images goes every version to roll back to.",
  fix: `forceDelete: false // or leave it out; true is for stacks that come and go`,
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    if (repository.props.forceDelete) report("forceDelete is true", "remove it");
  },
});
