import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "kms-key-rotation",
  description: "Symmetric keys rotate automatically.",
  controls: ["KMS-01"],
  reason: "AWS changes the key material once a year, and old data stays readable.",
  fix: `enableKeyRotation: true`,
  settings: "transform",
  types: ["aws:kms/key:Key"],
  concerns: (key) =>
    (key.props.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
    (key.props.keyUsage ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT",
  check(key, report) {
    if (!key.props.enableKeyRotation) report("enableKeyRotation is not true", "set it to true");
  },
});
