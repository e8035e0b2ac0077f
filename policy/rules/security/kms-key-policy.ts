import { stackRule } from "../../engine/define";
import { grants } from "../../graph/statements";

export default stackRule({
  name: "kms-key-policy",
  description: "Keys have a key policy of their own that lets the account manage them.",
  controls: ["KMS-03"],
  reason: "AWS's default policy gives the key to every administrator; a policy that omits the account locks everyone out for good.",
  fix: `policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { AWS: accountRoot }, Action: "kms:*", Resource: "*" }, ...] })`,
  settings: "transform",
  types: ["aws:kms/key:Key"],
  check(key, graph, report) {
    const [beside] = graph.referrers(key, "aws:kms/keyPolicy:KeyPolicy", "keyId");
    const document = beside ? beside.props.policy : key.props.policy;
    if (!document) {
      report("it has AWS's default key policy", "set a policy");
      return;
    }
    if (!grants(document).some((s) => s.principals.AWS?.some((p) => /^\d{12}$|:root$/.test(p))))
      report("its policy does not let the account manage the key", "allow the account's root");
  },
});
