// AWS's managed rule groups for web ACLs that are paid with the web ACL. No Pulumi here.

/** By the word for it: what AWS calls it, and what it stops. */
export const MANAGED_RULES = {
  common: "AWSManagedRulesCommonRuleSet",
  "known-bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet",
  "ip-reputation": "AWSManagedRulesAmazonIpReputationList",
  "anonymous-ip": "AWSManagedRulesAnonymousIpList",
  sql: "AWSManagedRulesSQLiRuleSet",
  linux: "AWSManagedRulesLinuxRuleSet",
  unix: "AWSManagedRulesUnixRuleSet",
  php: "AWSManagedRulesPHPRuleSet",
  wordpress: "AWSManagedRulesWordPressRuleSet",
  admin: "AWSManagedRulesAdminProtectionRuleSet",
} as const;

export type ManagedRules = keyof typeof MANAGED_RULES;
