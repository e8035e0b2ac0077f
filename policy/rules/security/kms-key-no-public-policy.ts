import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { grants, isPublicStatement } from "../../graph/statements";
import { each } from "../../graph/undecided";

export default resourceRule({
  name: "kms-key-no-public-policy",
  description: "No key policy lets everyone use the key.",
  controls: ["KMS-02"],
  reason: "A public key policy exposes everything that the key encrypts.",
  fix: `Principal: { AWS: accountRoot } // or a Condition on kms:CallerAccount`,
  settings: "transform",
  types: ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"],
  concerns: (key) => given(key, "policy"),
  check(key, report) {
    each(grants(key.props.policy), (s) => {
      if (isPublicStatement(s))
        report(`its policy allows ${s.actions.join(", ")} to everyone`, "name the principals or add a condition on kms:CallerAccount");
    });
  },
});
