import { stackRule } from "../../engine/define";
import { type Graph, given } from "../../graph/graph";
import type { Resource } from "../../graph/types";
import { anyTrue, some } from "../../graph/undecided";

export default stackRule({
  name: "cloudwatch-alarm-acts",
  description: "Alarms notify somebody.",
  controls: ["ALM-02"],
  reason: "An alarm without an action fires and nobody learns of it.",
  fix: `alarmActions: [topic.arn]`,
  settings: { Alarms: { argument: 'notifications: new Notifications("alerts", { emails: [...] })', setting: "notify: { emails: [...] }" } },
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  // An alarm that only stops a deployment acts through the service.
  concerns: (alarm, graph) => !stopsDeployment(alarm, graph),
  check(alarm, _graph, report) {
    if (alarm.props.actionsEnabled === false) report("actionsEnabled is false", "remove it");
    if (!given(alarm, "alarmActions") || alarm.props.alarmActions?.length === 0) report("alarmActions is empty", "name an SNS topic");
  },
});

/** A service names its alarms; the name may be an output, or a literal in both places. */
function stopsDeployment(alarm: Resource<"aws:cloudwatch/metricAlarm:MetricAlarm">, graph: Graph): boolean {
  return anyTrue(
    () => graph.referrers(alarm, "aws:ecs/service:Service", "alarms").length > 0,
    () => some(graph.of("aws:ecs/service:Service"), ({ props }) => some(props.alarms?.alarmNames, (name) => name === alarm.props.name)),
  );
}
