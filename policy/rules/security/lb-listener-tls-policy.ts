import { resourceRule } from "../../engine/define";
import { protocolOf } from "../../graph/balancers";

const recommended = [
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
];

export default resourceRule({
  name: "lb-listener-tls-policy",
  description: "HTTPS listeners use a TLS policy that AWS recommends.",
  controls: ["LB-08"],
  reason: "The default of 2016 still allows TLS 1.0; TLS13-1-2-2021-06 satisfies some scanners but keeps old ciphers.",
  fix: `sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"`,
  settings: { LoadBalancer: "sslPolicy: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" },
  types: ["aws:lb/listener:Listener"],
  parameters: {
    policies: { type: "array", items: { type: "string" }, default: recommended, description: "TLS policies that are accepted." },
  },
  concerns: (listener) => ["HTTPS", "TLS"].includes(protocolOf(listener) ?? ""),
  check(listener, report, { policies }) {
    const { sslPolicy } = listener.props;
    if (!sslPolicy || !policies.includes(sslPolicy))
      report(`sslPolicy is ${sslPolicy ? `"${sslPolicy}"` : "not set"}`, `use ${policies[0]}`, {
        settings: { LoadBalancer: `sslPolicy: ${policies[0]}` },
      });
  },
});
