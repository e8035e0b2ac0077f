import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecr-repository-no-force-delete",
  description: "A repository that holds images is not deleted with the stack.",
  controls: ["ECR-07"],
  reason: "Deleting the images deletes every version to roll back to.",
  fix: `forceDelete: false // or leave it out; true is for stacks that come and go`,
  settings: { AppImage: "forceDelete: false", MirroredImage: "forceDelete: false" },
  types: ["aws:ecr/repository:Repository"],
  check(repository, report) {
    // What a cluster mirrors for its tasks beside their apps is public, and no version to roll back to.
    if (/Cluster\$berth:index:MirroredImage\$/.test(repository.urn)) return;
    if (repository.props.forceDelete) report("it is deleted with its images when the stack is destroyed", "remove forceDelete");
  },
});
