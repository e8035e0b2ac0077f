import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-service-no-public-ip",
  description: "Tasks have no public IP address.",
  controls: ["SVC-01"],
  reason: "With a public address, a single security group rule is all that separates a task from the internet.",
  fix: `networkConfiguration: { ..., assignPublicIp: false } // in private subnets`,
  settings: { Service: { argument: "nat: single", setting: "network.nat: single", of: "the Network" } },
  types: ["aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"],
  check(service, report) {
    if (service.props.networkConfiguration?.assignPublicIp) report("assignPublicIp is true", "set it to false and use private subnets");
  },
});
