// What a stack file says under `policy`, for Pulumi's engine: it starts the pack with the stack's configuration in the environment.
import type { PolicyPackConfig } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import { checkConfig, levelOf, type PolicyConfig } from "./engine/config";
import type { Rule } from "./engine/define";

/** The pack's configuration from the stack that the engine is about to deploy: empty where its stack file says nothing of a policy. */
export function configOfStack(rules: readonly Rule[]): PolicyPackConfig {
  // An engine that asks for the pack alone (`pulumi policy publish`) names no project.
  const project = process.env.PULUMI_NODEJS_PROJECT;
  const given = project ? new Config(project).getObject<PolicyConfig>("policy") : undefined;
  // Somebody else's program may have a setting of that name for something of its own.
  if (!given || typeof given !== "object" || !["levels", "parameters", "exceptions", "enforce"].some((key) => key in given)) return {};
  checkConfig(given, rules);
  return packConfig(given, rules);
}

/** The same choices in the form that Pulumi knows them: by rule. */
function packConfig(config: PolicyConfig, rules: readonly Rule[]): PolicyPackConfig {
  const { parameters, exceptions = [] } = config;
  return Object.fromEntries(
    rules.map((rule) => {
      const level = levelOf(rule, config);
      const own = exceptions.filter((exception) => exception.rule === rule.name).map(({ rule: _, ...exception }) => exception);
      return [
        rule.name,
        {
          enforcementLevel: level === "off" ? ("disabled" as const) : level,
          ...parameters?.[rule.name],
          ...(own.length > 0 && { exceptions: own }),
        },
      ];
    }),
  );
}
