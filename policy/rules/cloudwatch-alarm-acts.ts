import { stackRule } from "../define";
import { given } from "../graph";

export default stackRule({
  name: "cloudwatch-alarm-acts",
  description: "Alarms tell somebody.",
  controls: ["ALM-02"],
  reason: "An alarm without an action rings in an empty room.",
  fix: `alarmActions: [topic.arn]`,
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  // An alarm that only stops a deployment acts through the service.
  concerns: (alarm, graph) => graph.referrers(alarm, "aws:ecs/service:Service", "alarms").length === 0,
  check(alarm, _graph, report) {
    if (alarm.props.actionsEnabled === false) report("actionsEnabled is false; remove it.");
    if (!given(alarm, "alarmActions") || alarm.props.alarmActions?.length === 0) report("alarmActions is empty; name an SNS topic.");
  },
});
