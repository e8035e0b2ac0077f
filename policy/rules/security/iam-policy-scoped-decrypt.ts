import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";
import { covers } from "../../graph/statements";

const reads = ["kms:Decrypt", "kms:ReEncryptFrom"];

export default resourceRule({
  name: "iam-policy-scoped-decrypt",
  description: "No policy allows decryption with every key.",
  controls: ["IAM-04"],
  reason: "Separate keys protect data only if access to one does not include access to all.",
  fix: `Action: ["kms:Decrypt"], Resource: [key.arn]`,
  settings: ofTask("permissions"),
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      const anyKey = s.resources.filter((r) => r === "*" || r.endsWith(":key/*"));
      if (anyKey.length > 0 && reads.some((a) => covers(s.actions, a)))
        report(`${label} allows decryption with ${anyKey.join(", ")}`, "name the keys");
    });
  },
});
