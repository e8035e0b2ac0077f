import { resourceRule } from "../../engine/define";

export default resourceRule({
  name: "resource-no-account-settings",
  description: "The stack changes no account-wide or region-wide setting.",
  controls: ["GEN-05"],
  reason: "Such a setting changes every other stack there, and is reverted when this stack is destroyed.",
  fix: `// set it once for the account, in a stack of its own`,
  settings: "none",
  types: [
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
    "aws:ecr/accountSetting:AccountSetting",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "aws:ssm/serviceSetting:ServiceSetting",
  ],
  forbids: true,
  check(_resource, report) {
    report("it is an account-wide setting", "move it to a separate stack");
  },
});
