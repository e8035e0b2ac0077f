import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "kms-key-deletion",
  description: "Keys are enabled, and not lost by a mistake.",
  controls: ["KMS-04"],
  reason: "What a deleted key has encrypted is gone; the waiting time is the only way back.",
  fix: `deletionWindowInDays: 30 // or leave it out`,
  types: ["aws:kms/key:Key"],
  parameters: {
    minimumDays: {
      type: "integer",
      default: 14,
      minimum: 7,
      maximum: 30,
      description: "Shortest waiting time before a deletion, in days.",
    },
  },
  check(key, report, { minimumDays }) {
    const { deletionWindowInDays: days = 30, isEnabled, bypassPolicyLockoutSafetyCheck } = key.props;
    if (days < minimumDays) report(`deletionWindowInDays is ${days}`, `set it to ${minimumDays} or more`);
    if (isEnabled === false) report("isEnabled is false; nothing that it encrypts can be read", "remove it");
    if (bypassPolicyLockoutSafetyCheck) report("bypassPolicyLockoutSafetyCheck is true", "remove it");
  },
});
