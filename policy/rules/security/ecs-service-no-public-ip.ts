import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "ecs-service-no-public-ip",
  description: "Tasks get no public IP address.",
  controls: ["SVC-01"],
  reason: "With a public address the only thing between a task and the internet is one security group rule.",
  fix: `networkConfiguration: { ..., assignPublicIp: false } // in private subnets`,
  types: ["aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"],
  check(service, report) {
    if (service.props.networkConfiguration?.assignPublicIp) report("assignPublicIp is true", "set it to false and use private subnets");
  },
});
