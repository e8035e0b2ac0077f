import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "kms-key-deletion",
  description: "Keys are enabled and protected from accidental deletion.",
  controls: ["KMS-04"],
  reason: "What a deleted key encrypted is lost; the waiting period is the only way back.",
  fix: `deletionWindowInDays: 30 // or leave it out`,
  settings: { EncryptionKey: { argument: "deletionWindow: 30" } },
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
    if (days < minimumDays)
      report(`deletionWindowInDays is ${days}`, `set it to ${minimumDays} or more`, {
        settings: { EncryptionKey: { argument: `deletionWindow: ${minimumDays}` } },
      });
    if (isEnabled === false) report("isEnabled is false, so nothing that it encrypts can be read", "remove it", { settings: "transform" });
    if (bypassPolicyLockoutSafetyCheck) report("bypassPolicyLockoutSafetyCheck is true", "remove it", { settings: "transform" });
  },
});
