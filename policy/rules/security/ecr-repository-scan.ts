import { stackRule } from "../../engine/define";
import { glob } from "../../engine/glob";

export default stackRule({
  name: "ecr-repository-scan",
  description: "Images are scanned for known vulnerabilities when they are pushed.",
  controls: ["ECR-01"],
  reason: "Basic scanning costs nothing and reports a vulnerable package before it runs.",
  fix: `imageScanningConfiguration: { scanOnPush: true }`,
  settings: "transform",
  types: ["aws:ecr/repository:Repository"],
  check(repository, graph, report) {
    if (repository.props.imageScanningConfiguration?.scanOnPush) return;
    const registryScans = graph
      .of("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")
      .some((c) =>
        (c.props.rules ?? []).some(
          (rule) =>
            ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"].includes(rule.scanFrequency) &&
            rule.repositoryFilters.some((f) => glob(f.filter, repository.props.name ?? repository.name)),
        ),
      );
    if (!registryScans) report("its images are not scanned", "set imageScanningConfiguration.scanOnPush to true");
  },
});
