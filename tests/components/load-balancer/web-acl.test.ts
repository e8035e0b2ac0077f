import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import type { WafArgs } from "../../../components/load-balancer/web-acl";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const TAGS = { Project: "shop", Stack: "test" };
const ELSEWHERE = "arn:aws:wafv2:eu-west-3:123456789012:regional/webacl/team/1a2b3c4d";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
type Args = Partial<LoadBalancerArgs>;

const make = (args: Args) => () => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...args });
const rulesOf = async (waf: WafArgs) => (await deploy(make({ waf }))).inputs("aws:wafv2/webAcl:WebAcl").rules as Record<string, unknown>[];
const visible = (metricName: string) => ({ cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });
const managed = (word: string, name: string, priority: number) => ({
  name: word,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
  priority,
  visibilityConfig: visible(word),
});

describe("A load balancer without waf", () => {
  it("has no web ACL", async () => {
    const made = await deploy(make({}));
    for (const type of ["WebAcl", "WebAclAssociation", "WebAclLoggingConfiguration", "LogGroup"]) assert.deepEqual(made.all(type), []);
  });
});

describe("A load balancer with waf: true", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(make({ waf: true, kmsKeyArn: KEY }));
  });

  it("lets pass what three rule groups of AWS's do not block", () => {
    assert.deepEqual(made.inputs("aws:wafv2/webAcl:WebAcl", "public-waf"), {
      scope: "REGIONAL",
      description: "What public-waf turns away",
      defaultAction: { allow: {} },
      rules: [
        managed("common", "AWSManagedRulesCommonRuleSet", 0),
        managed("known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet", 1),
        managed("ip-reputation", "AWSManagedRulesAmazonIpReputationList", 2),
      ],
      visibilityConfig: visible("public-waf"),
      tags: TAGS,
    });
  });

  it("stands in front of this load balancer, and gives way before another comes", () => {
    const association = made.one("WebAclAssociation", "public-waf");
    assert.deepEqual(made.sourcesOf(association, "resourceArn"), ["LoadBalancer public"]);
    assert.deepEqual(made.sourcesOf(association, "webAclArn"), ["WebAcl public-waf"]);
    assert.equal(association.options.deleteBeforeReplace, true);
  });

  it("logs what was blocked or counted, without cookies and passwords", () => {
    assert.deepEqual(made.inputs("LogGroup", "public-waf"), {
      namePrefix: "aws-waf-logs-public-waf-",
      retentionInDays: 90,
      kmsKeyId: KEY,
      tags: TAGS,
    });
    const logging = made.one("WebAclLoggingConfiguration", "public-waf");
    assert.deepEqual(made.sourcesOf(logging, "resourceArn"), ["WebAcl public-waf"]);
    assert.deepEqual(made.sourcesOf(logging, "logDestinationConfigs"), ["LogGroup public-waf"]);
    assert.equal(logging.options.deleteBeforeReplace, true);
    const { loggingFilter, redactedFields } = logging.inputs;
    assert.deepEqual(loggingFilter, {
      defaultBehavior: "DROP",
      filters: [
        {
          behavior: "KEEP",
          requirement: "MEETS_ANY",
          conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
        },
      ],
    });
    assert.deepEqual(redactedFields, [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }]);
  });
});

describe("What waf says", () => {
  it("limits an address before anything else is asked", async () => {
    const rules = await rulesOf({ managed: ["sql"], rateLimit: 2000 });
    assert.deepEqual(rules, [
      {
        name: "rate-limit",
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: { rateBasedStatement: { limit: 2000, aggregateKeyType: "IP" } },
        priority: 0,
        visibilityConfig: visible("rate-limit"),
      },
      managed("sql", "AWSManagedRulesSQLiRuleSet", 1),
    ]);
  });

  it("lets single rules count", async () => {
    const [common, sql] = await rulesOf({ managed: ["common", "sql"], count: { common: ["SizeRestrictions_BODY", "NoUserAgent_HEADER"] } });
    assert.deepEqual(common!.statement, {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: "AWSManagedRulesCommonRuleSet",
        ruleActionOverrides: [
          { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
          { name: "NoUserAgent_HEADER", actionToUse: { count: {} } },
        ],
      },
    });
    assert.deepEqual(sql, managed("sql", "AWSManagedRulesSQLiRuleSet", 1));
  });

  it("keeps the log for so many days, or writes none", async () => {
    assert.equal((await deploy(make({ waf: { logs: 30 } }))).inputs("LogGroup").retentionInDays, 30);
    const silent = await deploy(make({ waf: { logs: false } }));
    assert.deepEqual([silent.all("LogGroup"), silent.all("WebAclLoggingConfiguration")], [[], []]);
    assert.equal(silent.all("WebAclAssociation").length, 1);
  });

  it("is refused where it says nothing, or something twice", async () => {
    const cases: [waf: object, text: string][] = [
      [{ managed: [] }, "waf.managed: without a group and without rateLimit it stops nothing; name a group, or leave waf out."],
      [{ managed: ["sql", "sql"] }, 'waf.managed: "sql" is named twice; name each group once.'],
      [{ managed: ["sqli"] }, 'waf.managed[0]: "sqli" is not a valid value'],
      [{ count: { sql: ["X"] } }, "waf.count.sql: managed has no group sql, so none of its rules can count; add it there."],
      [{ count: { sqli: ["X"] } }, 'waf.count: "sqli" is not a rule group; allowed: common, known-bad-inputs'],
      [{ rateLimit: 9 }, "waf.rateLimit: 9 is out of range; allowed: 10 to 2000000000 requests; the nearest is 10."],
      [{ logs: 8 }, "waf.logs: 8 is not a valid value"],
    ];
    for (const [waf, text] of cases) {
      const message = await refusal(make({ waf: waf as WafArgs }));
      assert.ok(message.includes(text), message);
    }
    assert.deepEqual((await rulesOf({ managed: [], rateLimit: 100 })).length, 1);
  });
});

describe("A web ACL that is there already", () => {
  it("stands in front of the load balancer, and nothing is made", async () => {
    const made = await deploy(make({ webAclArn: ELSEWHERE }));
    assert.equal(made.inputs("WebAclAssociation").webAclArn, ELSEWHERE);
    assert.deepEqual(made.all("aws:wafv2/webAcl:WebAcl"), []);
  });

  it("is one of the load balancer's own region", async () => {
    const network = plainNetwork();
    const of = (region: string) => ({ ...network, location: { ...network.location, told: pulumi.output({ region }) } });
    assert.equal(
      await refusal(make({ network: of("us-east-1"), webAclArn: ELSEWHERE })),
      `LoadBalancer "public": webAclArn: ${ELSEWHERE} is in eu-west-3; allowed: us-east-1, where the stack is.`,
    );
    await deploy(make({ network: of("eu-west-3"), webAclArn: ELSEWHERE }));
  });

  it("is refused beside waf, or where it is none of a load balancer", async () => {
    const both = await refusal(make({ waf: true, webAclArn: ELSEWHERE }));
    assert.match(both, /webAclArn: waf makes a web ACL, and a load balancer has one; leave out one or the other\.$/);
    assert.match(await refusal(make({ webAclArn: "arn:aws:s3:::bucket" })), /webAclArn: .* is not an ARN of that kind/);
  });
});
