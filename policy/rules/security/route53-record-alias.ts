import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { each } from "../../graph/undecided";

export default stackRule({
  name: "route53-record-alias",
  description: "DNS records for a load balancer are aliases that evaluate its health.",
  controls: ["DNS-01"],
  reason:
    "A CNAME cannot be used at the apex of a domain and is charged per query; without the health evaluation DNS keeps sending clients to a dead load balancer.",
  fix: `aliases: [{ name: lb.dnsName, zoneId: lb.zoneId, evaluateTargetHealth: true }]`,
  settings: "transform",
  types: ["aws:route53/record:Record"],
  concerns: (record, graph) => ["aliases", "records"].some((p) => graph.refs(record, p, "aws:lb/loadBalancer:LoadBalancer").length > 0),
  check(record, _graph, report) {
    if (!given(record, "aliases")) {
      report(`it points to the load balancer with a ${record.props.type} record`, "use an alias");
      return;
    }
    if (record.props.type !== "A" && record.props.type !== "AAAA")
      report(`an alias to a load balancer has type "${record.props.type}"`, "use A, or AAAA for IPv6");
    each(record.props.aliases, (a) => {
      if (!a.evaluateTargetHealth) report("evaluateTargetHealth is false", "set it to true");
    });
  },
});
