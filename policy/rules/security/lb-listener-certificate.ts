import { stackRule } from "../../engine/define";
import { protocolOf } from "../../graph/balancers";
import { given } from "../../graph/graph";
import type { Resource } from "../../graph/types";

export default stackRule({
  name: "lb-listener-certificate",
  description: "HTTPS listeners have a certificate, and wait until it is validated.",
  controls: ["LB-09"],
  reason: "A listener with a certificate that is still pending fails, on the first deploy only.",
  fix: `certificateArn: validation.certificateArn // of the CertificateValidation, not of the Certificate`,
  settings: { LoadBalancer: "domain: app.example.com" },
  types: ["aws:lb/listener:Listener"],
  concerns: (listener) => ["HTTPS", "TLS"].includes(protocolOf(listener) ?? ""),
  check(listener, graph, report) {
    if (!given(listener, "certificateArn")) {
      report("certificateArn is not set", "give the listener a certificate");
      return;
    }
    const on = (listener.propertyDependencies.certificateArn ?? []).map((d) => d.urn);
    const validated = graph.of("aws:acm/certificateValidation:CertificateValidation").some((v) => on.includes(v.urn));
    const [bare] = graph.of("aws:acm/certificate:Certificate").filter((c) => on.includes(c.urn) && !issued(c));
    if (bare && !validated) report(`it uses ${bare.name} before it is validated`, "use the certificateArn of its CertificateValidation");
  },
});

/** An imported certificate, and one of a private authority, need no validation. */
function issued(certificate: Resource<"aws:acm/certificate:Certificate">): boolean {
  return given(certificate, "privateKey") || given(certificate, "certificateAuthorityArn");
}
