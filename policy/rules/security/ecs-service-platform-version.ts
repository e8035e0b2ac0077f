import { resourceRule } from "../../engine/define";
import { onFargate } from "../../graph/services";

export default resourceRule({
  name: "ecs-service-platform-version",
  description: "Services run on a current Fargate platform version.",
  controls: ["SVC-03"],
  reason: "Older platform versions no longer get security updates.",
  fix: `platformVersion: "LATEST" // or leave it out`,
  settings: "transform",
  types: ["aws:ecs/service:Service"],
  concerns: onFargate,
  check(service, report) {
    const { platformVersion } = service.props;
    const current = ["LATEST", "1.4.0", "1.0.0"]; // 1.0.0 is that of Windows
    if (platformVersion && !current.includes(platformVersion))
      report(`platformVersion is "${platformVersion}"`, "use LATEST or leave it out");
  },
});
