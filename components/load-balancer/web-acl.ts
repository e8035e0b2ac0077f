import type * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { listed, twiceComplaint } from "../../facts/errors";
import { MANAGED_RULES, type ManagedRules } from "../../facts/waf";
import { type ComponentArgs, common, logDays } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type ArgumentsOf, group, list, map, offOr, oneOf, optional, other, pattern, type Rule, within } from "../base/schema";

/** What a web ACL turns away. */
export interface WafArgs {
  /**
   * Rule groups of AWS's, each of which blocks what it finds: `common` (cross-site scripting, path traversal, bodies above 8 KB), `known-bad-inputs` (Log4Shell
   * and its like), `ip-reputation`, `anonymous-ip`, `sql`, `linux`, `unix`, `php`, `wordpress`, `admin`. Defaults to `["common","known-bad-inputs","ip-reputation"]`.
   * Cost: 1 USD a month each; AWS adds 0.20 USD per million requests where all together have more than 1500 capacity units, which `common` with five others has.
   */
  managed?: ManagedRules[];
  /**
   * Rules of the groups that only count, by group: `{ common: [SizeRestrictions_BODY] }` lets uploads pass (`ruleActionOverrides`). What they would have blocked
   * is in the log. Defaults to none.
   */
  count?: Record<string, string[]>;
  /**
   * Requests that one address may send in five minutes, 10 or more (`limit`); further ones get 429. Defaults to no limit. Cost: 1 USD a month.
   */
  rateLimit?: number;
  /**
   * Days to keep a log of what was blocked or counted (`retentionInDays`), without cookies and the `Authorization` header, or false for none. Defaults to 90.
   * Cost: about 0.50 USD per GB.
   */
  logs?: number | false;
}

/** Arguments of {@link WebAcl}. */
export interface WebAclArgs extends ComponentArgs, WafArgs {
  /** Changes to what the component makes. */
  transform?: WebAclTransform;
}

/** Changes to a web ACL and its log. */
export interface WebAclTransform {
  webAcl?: Transform<aws.wafv2.WebAclArgs>;
  logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  logging?: Transform<aws.wafv2.WebAclLoggingConfigurationArgs>;
}

const WORDS = Object.keys(MANAGED_RULES) as ManagedRules[];
const isGroup = (word: string) =>
  Object.hasOwn(MANAGED_RULES, word) ? undefined : `${JSON.stringify(word)} is not a rule group; allowed: ${listed(WORDS)}.`;

export const waf = {
  managed: optional(
    list(oneOf(...WORDS), 0, (words) => twiceComplaint(words, "group")),
    ["common", "known-bad-inputs", "ip-reputation"],
  ),
  count: optional(map(list(pattern(/^[A-Za-z0-9_-]{1,128}$/, "the name of a rule", "SizeRestrictions_BODY"), 1), { name: isGroup }), {}),
  rateLimit: optional(within(LIMITS["aws:wafv2/webAcl:WebAcl"].takes["rules[].statement.rateBasedStatement.limit"])),
  logs: optional(offOr(logDays()), 90),
} satisfies ArgumentsOf<WafArgs>;

/** A rule that counts is one of a group that is there. */
const countsWhatIsThere: Rule<typeof waf> = {
  about: ["managed", "count"],
  at: "count",
  complain: ({ managed, count }) => {
    const absent = Object.keys(count).filter((word) => !managed.some((one) => one === word));
    return absent.map((word) => ({
      at: `count.${word}`,
      text: `managed has no group ${word}, so none of its rules can count; add it there.`,
    }));
  },
};

/** A web ACL without rules is paid for and does nothing. */
const stopsSomething: Rule<typeof waf> = {
  about: ["managed", "rateLimit"],
  at: "managed",
  complain: ({ managed, rateLimit }) =>
    managed.length === 0 && rateLimit === undefined
      ? "without a group and without rateLimit it stops nothing; name a group, or leave waf out."
      : undefined,
};
export const WAF = group(waf, countsWhatIsThere, stopsSomething);

export const webAcl = {
  ...common,
  ...waf,
  transform: optional(other<WebAclTransform>()),
} satisfies ArgumentsOf<WebAclArgs>;
const SCHEMA = group(webAcl, countsWhatIsThere, stopsSomething);

const visible = (metricName: string) => ({ cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });
const redacted = (name: string) => ({ singleHeader: { name } });

/** A web ACL (AWS WAF) of rule groups that AWS keeps up to date, and a log of what it blocked. Cost: 5 USD a month, 1 USD for each rule, 0.60 USD per million requests. */
export class WebAcl extends Component<typeof webAcl> {
  readonly webAcl: aws.wafv2.WebAcl;
  readonly logGroup?: aws.cloudwatch.LogGroup;

  constructor(name: string, args: WebAclArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("WebAcl", name, SCHEMA, args, opts);
    this.webAcl = this.make(
      aws.wafv2.WebAcl,
      "",
      {
        scope: "REGIONAL",
        description: `What ${name} turns away`,
        defaultAction: { allow: {} },
        rules: this.rules(),
        visibilityConfig: visible(name),
        tags: this.tags,
      },
      this.args.transform?.webAcl,
    );
    if (this.args.logs !== false) this.logGroup = this.makeLog(this.args.logs);
    this.registerOutputs({ arn: this.webAcl.arn });
  }

  /** In the order in which AWS asks them: who sends too much is turned away first. */
  private rules(): aws.types.input.wafv2.WebAclRule[] {
    const { managed, rateLimit, count } = this.args;
    const limit = rateLimit !== undefined && {
      name: "rate-limit",
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: { rateBasedStatement: { limit: rateLimit, aggregateKeyType: "IP" } },
    };
    const groups = managed.map((word) => ({
      name: word,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name: MANAGED_RULES[word],
          ...(count[word] && { ruleActionOverrides: count[word].map((name) => ({ name, actionToUse: { count: {} } })) }),
        },
      },
    }));
    return [...(limit ? [limit] : []), ...groups].map((rule, priority) => ({
      ...rule,
      priority,
      visibilityConfig: visible(rule.name),
    }));
  }

  /** What was let through is in the load balancer's own log. */
  private makeLog(retentionInDays: number): aws.cloudwatch.LogGroup {
    const { transform } = this.args;
    // AWS takes no log group of another name.
    const logGroup = this.makeLogGroup("", retentionInDays, transform?.logGroup, { namePrefix: `aws-waf-logs-${this.label}-` });
    this.make(
      aws.wafv2.WebAclLoggingConfiguration,
      "",
      {
        resourceArn: this.webAcl.arn,
        logDestinationConfigs: [logGroup.arn],
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
        redactedFields: [redacted("authorization"), redacted("cookie")],
      },
      transform?.logging,
      // A web ACL has one: an old one that went last would switch the new one off.
      { deleteBeforeReplace: true },
    );
    return logGroup;
  }
}
