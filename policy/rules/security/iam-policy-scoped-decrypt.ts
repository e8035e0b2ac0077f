import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";
import { covers } from "../../graph/statements";

const reads = ["kms:Decrypt", "kms:ReEncryptFrom"];

export default resourceRule({
  name: "iam-policy-scoped-decrypt",
  description: "Nobody may decrypt with every key.",
  controls: ["IAM-04"],
  reason: "A key keeps data apart only if those who may use one key may not use all.",
  fix: `Action: ["kms:Decrypt"], Resource: [key.arn]`,
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      const anyKey = s.resources.filter((r) => r === "*" || r.endsWith(":key/*"));
      if (anyKey.length > 0 && reads.some((a) => covers(s.actions, a)))
        report(`${label} allows to decrypt with ${anyKey.join(", ")}`, "name the keys");
    });
  },
});
