import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "ec2-vpc-flow-logs",
  description: "VPCs have flow logs.",
  controls: ["VPC-02"],
  reason: "They are the only record of which addresses communicated, when an incident is investigated.",
  fix: `new aws.ec2.FlowLog("net", { vpcId: vpc.id, trafficType: "REJECT", logDestination: logs.arn, iamRoleArn: role.arn }) // "ALL" sees more and costs more`,
  settings: { Network: "flowLogs: 90" },
  types: ["aws:ec2/vpc:Vpc"],
  check(vpc, graph, report) {
    const logs = graph.referrers(vpc, "aws:ec2/flowLog:FlowLog", "vpcId");
    if (logs.length === 0) report("it has no flow log", "add one");
    each(logs, (log) => {
      if (log.props.trafficType === "ACCEPT")
        report(`the flow log ${log.name} does not record rejected traffic`, 'set trafficType to "REJECT" or "ALL"', {
          settings: "transform",
        });
      if (!given(log, "logDestination"))
        report(`the flow log ${log.name} has no destination`, "set logDestination", { settings: "transform" });
    });
  },
});
