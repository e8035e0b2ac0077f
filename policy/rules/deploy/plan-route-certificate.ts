import { bareName, isNamed } from "../../../facts/domain";
import { stackRule } from "../../engine/define";
import { listenerRulesOf, protocolOf } from "../../graph/balancers";
import type { Graph } from "../../graph/graph";
import type { Resource } from "../../graph/types";
import { each } from "../../graph/undecided";

type Listener = Resource<"aws:lb/listener:Listener">;

export default stackRule({
  name: "plan-route-certificate",
  category: "deploy",
  severity: "medium",
  level: "advisory",
  description: "Each host that a rule of an HTTPS listener takes is a name of one of its certificates.",
  reason: "Browsers refuse a certificate that does not name the host, and no request for it comes.",
  fix: `domain: ["app.example.com", "api.example.com"] // or a certificate of its own: domains: { api: "api.example.com" }`,
  settings: { LoadBalancer: 'domain: ["app.example.com", "api.example.com"]' },
  types: ["aws:lb/listener:Listener"],
  concerns: (listener) => protocolOf(listener) === "HTTPS",
  check(listener, graph, report) {
    const names = namesOf(listener, graph);
    if (names === undefined) return;
    each(listenerRulesOf(listener, graph), (rule) => {
      const hosts = (rule.props.conditions ?? []).flatMap(({ hostHeader }) => hostHeader?.values ?? []);
      const unnamed = hosts.filter((host) => !/[*?]/.test(bareName(host)) && !names.some((name) => isNamed(host, name)));
      if (unnamed.length > 0)
        report(
          `${rule.name} takes requests for ${unnamed.join(" and ")}, which no certificate of ${listener.name} names (${names.join(", ")})`,
          "add the name to the domains of the load balancer, or leave the host out",
        );
    });
  },
});

/** The names of all certificates of a listener; undefined where one is not of the graph. */
function namesOf(listener: Listener, graph: Graph): string[] | undefined {
  const attached = graph.referrers(listener, "aws:lb/listenerCertificate:ListenerCertificate", "listenerArn");
  const certificates = [listener, ...attached].map((holder) => {
    const [validation] = graph.refs(holder, "certificateArn", "aws:acm/certificateValidation:CertificateValidation");
    return graph.refs(validation ?? holder, "certificateArn", "aws:acm/certificate:Certificate")[0];
  });
  return certificates.includes(undefined)
    ? undefined
    : certificates.flatMap((one) => [one!.props.domainName ?? "", ...(one!.props.subjectAlternativeNames ?? [])]);
}
