import { resourceRule } from "../../engine/define";
import { ofTask } from "../../engine/remedies";
import { given } from "../../graph/graph";
import { eachGrant, policyTypes } from "../../graph/iam";

export default resourceRule({
  name: "iam-policy-no-admin",
  description: "No policy allows everything.",
  controls: ["IAM-01"],
  reason: "Whoever compromises what has this policy owns the account.",
  fix: `Action: ["s3:GetObject"], Resource: [\`\${bucketArn}/*\`]`,
  settings: ofTask("permissions"),
  types: policyTypes,
  concerns: (holder) => holder.type !== "aws:iam/role:Role" || given(holder, "inlinePolicies"),
  check(holder, report) {
    eachGrant(holder, (s, label) => {
      const everywhere = () => s.resources.includes("*");
      if (s.actions.includes("*") && everywhere()) report(`${label} allows every action on every resource`, "restrict both");
      if (s.notActions.length > 0 && everywhere())
        report(`${label} allows all but ${s.notActions.join(", ")} on every resource`, "name the actions");
      if (s.actions.some((a) => a.toLowerCase() === "iam:*"))
        report(`${label} allows iam:*, which lets it grant itself everything`, "name the actions");
    });
  },
});
