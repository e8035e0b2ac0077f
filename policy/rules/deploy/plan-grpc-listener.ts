import { stackRule } from "../../engine/define";
import { protocolOf } from "../../graph/balancers";
import { decide } from "../../graph/undecided";

export default stackRule({
  name: "plan-grpc-listener",
  category: "deploy",
  severity: "high",
  description: "Requests reach a target group that speaks gRPC or HTTP/2 by HTTPS.",
  reason: "AWS refuses such a target group behind an HTTP listener.",
  fix: `protocolVersion: "GRPC", healthCheck: { path: "/grpc.health.v1.Health/Check", matcher: "0" } // behind an HTTPS listener`,
  settings: { Service: "protocol: grpc" },
  types: ["aws:lb/targetGroup:TargetGroup"],
  concerns: (group) => ["GRPC", "HTTP2"].includes(group.props.protocolVersion?.toUpperCase() ?? ""),
  check(group, graph, report) {
    const version = group.props.protocolVersion?.toUpperCase() === "GRPC" ? "gRPC" : "HTTP/2";
    const rules = graph.referrers(group, "aws:lb/listenerRule:ListenerRule", "actions");
    const listeners = [
      ...graph.referrers(group, "aws:lb/listener:Listener", "defaultActions"),
      ...rules.flatMap((rule) => graph.refs(rule, "listenerArn", "aws:lb/listener:Listener")),
    ];
    for (const listener of new Set(listeners)) {
      decide(() => {
        if (protocolOf(listener) === "HTTP")
          report(
            `it speaks ${version}, and listener ${listener.name} sends it requests that come by HTTP`,
            "send it those of an HTTPS listener",
          );
      });
    }
  },
});
