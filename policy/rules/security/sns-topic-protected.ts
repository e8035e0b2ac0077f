import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { deniesPlainText, grants, isPublicStatement } from "../../graph/statements";
import { decide } from "../../graph/undecided";

export default stackRule({
  name: "sns-topic-protected",
  description: "Topics are encrypted, refuse unencrypted requests, and are not public.",
  controls: ["SNS-01"],
  reason: "Alarms and events tell an attacker what you monitor. With AWS's own key alarms cannot publish, and nobody notices.",
  fix: `kmsMasterKeyId: key.id // and a TopicPolicy that denies aws:SecureTransport false`,
  settings: "transform",
  types: ["aws:sns/topic:Topic"],
  check(topic, graph, report) {
    decide(() => {
      if (!given(topic, "kmsMasterKeyId")) report("kmsMasterKeyId is not set", "encrypt the topic with a key of your own");
      else if (
        graph.referrers(topic, "aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions").length > 0 &&
        topic.props.kmsMasterKeyId === "alias/aws/sns"
      )
        report("alarms cannot publish to a topic that alias/aws/sns encrypts", "use a key of your own");
    });
    const [beside] = graph.referrers(topic, "aws:sns/topicPolicy:TopicPolicy", "arn");
    const document = beside ? beside.props.policy : topic.props.policy;
    if (document === undefined) {
      report("it has no topic policy", "add one that denies requests without TLS");
      return;
    }
    if (grants(document).some(isPublicStatement))
      report("its policy admits everyone", "name the principals or add a condition on aws:SourceAccount");
    if (!deniesPlainText(document)) report("its policy does not deny requests without TLS", "add the statement");
  },
});
