// Each limit of the table that is no plain range, word, length or count takes what AWS takes and nothing else. (Those four are read in docs/limits.md, which a
// test holds to the table.)
import assert from "node:assert/strict";
import { LIMITS, type Sheet } from "../../facts/aws-limits";

const x = (count: number) => "x".repeat(count);
const ARN = (rest: string) => `arn:aws:${rest}`;
const KEY = ARN("kms:eu-west-1:123456789012:key/0123");
const ROLE = ARN("iam::123456789012:role/web");
const POLICY = ["arn:aws-cn:iam::aws:policy/ReadOnly", ARN("iam::123456789012:policy/boundary")];
const EC2_TEXT: Example = [
  ["", "HTTP, from its users: a.b (c) [d] {e} $1!*", x(255)],
  ["the shop's", "größer", 'a "b"', x(256), 5],
];
const NAME_255: Example = [
  ["web_1-a", x(255)],
  ["", "a.b", "ü", x(256)],
];
const PORT_NAME: Example = [
  ["http", "a_b-1", x(64)],
  ["HTTP", "-a", "", x(65)],
];
const VPC: Example = [
  ["10.0.0.0/16", "10.0.0.16/28"],
  ["10.0.0.0/15", "10.0.0.0/29", "10.0.0.1/16", "10.0.0"],
];
const PERIOD: Example = [
  [10, 20, 30, 60, 3600, 86_400],
  [0, 40, 90, 86_460, "x"],
];
const TIMEZONE: Example = [["UTC", "Europe/Berlin"], ["Mars/Base"]];
const SCHEDULE: Example = [
  ["rate(1 day)", "cron(0 3 * * ? *)", "at(2030-01-31T12:00:00)"],
  ["daily", "cron(0 3 0 * ? *)"],
];
const ANY_KEY: Example = [
  [KEY, "alias/shop", "0b1c2d3e-0000-0000-0000-000000000000", "mrk-0123456789abcdef0123456789abcdef"],
  [ROLE, "shop"],
];
const ROLES: Example = [[ROLE], [POLICY[1], "web", KEY]];
const CIDR: Example = [
  ["10.0.0.0/8", "0.0.0.0/0"],
  ["10.0.0.5/8", "::/0"],
];
const STATUS: Example = [
  ["200", "404", "503"],
  ["301", "99", "2000"],
];
const PORT_OR: Example = [
  ["#{port}", "443", 80],
  ["https", 0, 65_536],
];

/** What a limit takes, and what it does not. */
type Example = [takes: unknown[], refuses: unknown[]];
const EXAMPLES: Record<string, Record<string, Example>> = {
  "aws:acm/certificate:Certificate": {
    domainName: [
      ["example.com", "*.example.com", `${x(52)}.example.com`],
      ["localhost", `${x(53)}.example.com`, "a_b.com", "-a.com", "*.*.com"],
    ],
    "subjectAlternativeNames[]": [
      [`${x(53)}.example.com`, `${x(60)}.${x(60)}.${x(60)}.${x(60)}.example`.slice(0, 250)],
      [`${x(64)}.com`, `${x(63)}.${x(63)}.${x(63)}.${x(63)}.com`],
    ],
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": { schedule: SCHEDULE, timezone: TIMEZONE },
  "aws:autoscaling/group:Group": {
    name: [
      ["web hosts", "größer", x(255)],
      ["", "a\nb", x(256)],
    ],
    maxInstanceLifetime: [
      [0, 86_400, 31_536_000],
      [1, 86_399, 31_536_001],
    ],
  },
  "aws:autoscaling/schedule:Schedule": { recurrence: [["0 20 * * 1-5"], ["0 20 * *", "0 20 * * 1-5 *", "daily"]], timeZone: TIMEZONE },
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
    configurationName: [
      ["shop-prod_alerts", x(128)],
      ["", "a b", "a.b", x(129)],
    ],
    slackTeamId: [["T0123ABCDEF"], ["", "t0123", "T-1"]],
    slackChannelId: [["C0123ABCDEF"], ["", "#alerts"]],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    name: [
      ["shop_1.a-b", x(64)],
      ["", "a b", x(65)],
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    name: [
      ["/aws/ecs_web-1.a#b", x(512)],
      ["", "a b", "a:b", x(513)],
    ],
    kmsKeyId: [[KEY], ["alias/shop", ROLE]],
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    name: [
      ["web errors", x(512)],
      ["", "a:b", "a*", x(513)],
    ],
    "metricTransformation.name": [
      ["", "errors", x(255)],
      ["a:b", "a*", "a$", x(256)],
    ],
    "metricTransformation.namespace": [
      ["", "shop/web", x(255)],
      ["a:b", "a*", "a$", x(256)],
    ],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    period: PERIOD,
    "metricQueries[].metric.period": PERIOD,
    "metricQueries[].id": [
      ["m1", "share_5xx"],
      ["M1", "1m", "a-b", ""],
    ],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: [
      ["web", "a(b).c-d/e_f", x(128)],
      ["ab", "a b", "a:b", x(129)],
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    name: [
      ["web", "My group"],
      ["sg-web", "SG-1", "the shop's"],
    ],
    description: EC2_TEXT,
    "ingress[].description": EC2_TEXT,
    "egress[].description": EC2_TEXT,
  },
  "aws:ec2/subnet:Subnet": { cidrBlock: VPC },
  "aws:ec2/vpc:Vpc": { cidrBlock: VPC },
  "aws:ecr/repository:Repository": {
    name: [
      ["web", "team/web-1.a_b", "a1", "a--b", x(256)],
      ["Web", "a", "-web", "web-", "a//b", "a b", x(257)],
    ],
    "imageTagMutabilityExclusionFilters[].filter": [
      ["cache-*", x(128)],
      ["a b", "", x(129)],
    ],
    "encryptionConfigurations[].kmsKey": ANY_KEY,
  },
  "aws:ecs/capacityProvider:CapacityProvider": {
    name: [["apps-ec2"], ["aws-apps", "ECS", "fargate-1", "a.b", ""]],
    "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes[]": [
      ["m7g.large", "m7g.*", "c*"],
      ["", "m7g large", x(31)],
    ],
  },
  "aws:ecs/cluster:Cluster": {
    name: NAME_255,
    "configuration.executeCommandConfiguration.kmsKeyId": ANY_KEY,
    "configuration.managedStorageConfiguration.kmsKeyId": ANY_KEY,
    "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId": ANY_KEY,
  },
  "aws:ecs/daemon:Daemon": { name: NAME_255 },
  "aws:ecs/service:Service": {
    name: NAME_255,
    "serviceConnectConfiguration.services[].portName": PORT_NAME,
    "serviceConnectConfiguration.services[].discoveryName": PORT_NAME,
    "serviceConnectConfiguration.services[].tls.issuerCertAuthority.awsPcaAuthorityArn": [
      [ARN("acm-pca:eu-west-1:123456789012:certificate-authority/0123")],
      [KEY, "authority"],
    ],
    "serviceConnectConfiguration.services[].tls.kmsKey": ANY_KEY,
    "serviceConnectConfiguration.services[].tls.roleArn": ROLES,
    "volumeConfiguration.name": NAME_255,
    "volumeConfiguration.managedEbsVolume.iops": [
      [100, 3000, 256_000],
      [99, 256_001, 3000.5],
    ],
    "volumeConfiguration.managedEbsVolume.roleArn": ROLES,
    "volumeConfiguration.managedEbsVolume.kmsKeyId": ANY_KEY,
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    "containerDefinitions$[].systemControls[].namespace": [
      ["net.core.somaxconn", "net.ipv4.tcp_keepalive_time", "fs.mqueue.queues_max", "kernel.shmmax", "kernel.shm_rmid_forced"],
      ["vm.max_map_count", "kernel.panic", "net", "fs.file-max", "kernel.shmmax2", "net.a b"],
    ],
    family: NAME_255,
    "volumes[].name": NAME_255,
    "containerDefinitions$[].name": NAME_255,
    "containerDefinitions$[].image": [["1.dkr.ecr.eu-west-1.amazonaws.com/a/b:1.0@sha256:0a"], ["", "a b", x(256)]],
    "containerDefinitions$[].portMappings[].name": PORT_NAME,
    executionRoleArn: ROLES,
    taskRoleArn: ROLES,
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    name: [
      ["a_+=,.@-1", x(128)],
      ["a b", "a/b", "", x(129)],
    ],
  },
  "aws:iam/role:Role": {
    name: [
      ["a_+=,.@-1", x(64)],
      ["a b", "a/b", "", x(65)],
    ],
    description: [
      ["", "What ECS needs: größer\n", x(1000)],
      ["東京", x(1001)],
    ],
    path: [
      ["/", "/team/web/"],
      ["team", "/team", "/a b/", `/${x(511)}/`],
    ],
    permissionsBoundary: [POLICY, [ROLE, "boundary"]],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    name: [
      ["a_+=,.@-1", x(128)],
      ["a b", "", x(129)],
    ],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { policyArn: [POLICY, [ROLE]] },
  "aws:kms/alias:Alias": { name: [["alias/shop/prod_1-a"], ["shop", "alias/aws/ebs", "alias/a b", "alias/"]] },
  "aws:lb/listener:Listener": {
    certificateArn: [
      [ARN("acm:eu-west-1:123456789012:certificate/a"), ARN("iam::123456789012:server-certificate/a")],
      [KEY, ROLE],
    ],
    "defaultActions[].fixedResponse.statusCode": STATUS,
    "defaultActions[].redirect.port": PORT_OR,
  },
  "aws:lb/listenerRule:ListenerRule": {
    "conditions[].hostHeader.values[]": [
      ["a.example.com", "*.example.com", "a_b.example.com", "A?.example.xn--p1ai"],
      ["*", "localhost", "a.example.*", "10.0.0.1", "a b.com", `${x(125)}.com`],
    ],
    "conditions[].pathPattern.values[]": [
      ["/*", `/a_b-.$/~"'@:+&?`, x(128)],
      ["/a b", "/ä", "", x(129)],
    ],
    "conditions[].httpHeader.httpHeaderName": [
      ["x-beta", x(40)],
      ["Host", "host", "x beta", "", x(41)],
    ],
    "conditions[].httpHeader.values[]": [
      ["yes", "a b", x(128)],
      ["", "größer", "a\nb", x(129)],
    ],
    "conditions[].httpRequestMethod.values[]": [
      ["GET", "M-SEARCH"],
      ["get", "", x(41).toUpperCase()],
    ],
    "conditions[].sourceIp.values[]": [
      ["10.0.0.0/8", "2001:db8::/32"],
      ["10.0.0.5/8", "a"],
    ],
    "actions[].fixedResponse.statusCode": STATUS,
    "actions[].redirect.port": PORT_OR,
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    name: [
      ["web-1", x(32)],
      ["-web", "web-", "internal-web", "a_b", x(33)],
    ],
  },
  "aws:wafv2/webAcl:WebAcl": {
    name: [
      ["web", x(128)],
      ["a b", x(129)],
    ],
    description: [
      ["What public turns away", "abc"],
      ["ab", "it's", `${x(256)}y`],
    ],
    "rules[].name": [["common", "rate-limit"], ["a.b"]],
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    webAclArn: [
      ["arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/web/1a2b"],
      ["arn:aws:wafv2:us-east-1:111122223333:global/webacl/web/1a2b", "web"],
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    name: [
      ["web-1", x(32)],
      ["-web", "web-", "a_b", x(33)],
    ],
    slowStart: [
      [0, 30, 900],
      [1, 29, 901],
    ],
    "stickiness.cookieName": [["JSESSIONID"], ["AWSALBAPP-0", "a b"]],
    "healthCheck.path": [
      ["/", "/health?a=b", `/${x(1023)}`],
      ["health", "", `/${x(1024)}`],
    ],
    "healthCheck.port": [
      ["traffic-port", "8000", 1],
      ["http", 0],
    ],
  },
  "aws:route53/record:Record": {
    name: [
      ["example.com", "_a.b.example.com.", "*.example.com"],
      ["", "a..b", `${x(64)}.com`, `${`${x(60)}.`.repeat(5)}com`],
    ],
  },
  "aws:s3/bucket:Bucket": {
    bucket: [
      ["logs-1.a", x(63)],
      ["Logs", "ab", "-logs", "logs-", "a_b", "xn--logs", x(64)],
    ],
  },
  "aws:scheduler/schedule:Schedule": {
    name: [
      ["report_1.a-b", x(64)],
      ["a b", "", x(65)],
    ],
    scheduleExpression: SCHEDULE,
    scheduleExpressionTimezone: TIMEZONE,
    kmsKeyArn: [[KEY], ["alias/shop"]],
    "target.roleArn": ROLES,
  },
  "aws:servicediscovery/httpNamespace:HttpNamespace": {
    name: [
      ["shop", "shop/1.a", x(1024)],
      ["", "a b", "ü", x(1025)],
    ],
  },
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
    name: [
      ["shop.internal", "apps.dev.shop.internal", `${x(63)}.internal`],
      ["shop", "Shop.internal", "-a.internal", "a..b", `${x(64)}.internal`, `${"x.".repeat(126)}xx`],
    ],
  },
  "aws:servicediscovery/service:Service": {
    name: [
      ["api", x(127)],
      ["", "a b", x(128)],
    ],
  },
  "aws:sns/topic:Topic": {
    name: [
      ["alarms_1-a", "alarms.fifo", x(256)],
      ["a.b", "", x(257)],
    ],
    kmsMasterKeyId: ANY_KEY,
  },
  "aws:efs/accessPoint:AccessPoint": {
    "rootDirectory.path": [
      ["/", "/data", "/a/b/c/d"],
      ["data", "/a/b/c/d/e", "/a|b", `/${x(100)}`],
    ],
    "rootDirectory.creationInfo.permissions": [
      ["0750", "755"],
      ["rwx", "0999", "75"],
    ],
  },
  "aws:efs/fileSystem:FileSystem": { kmsKeyId: ANY_KEY },
  "aws:sqs/queue:Queue": {
    name: [
      ["jobs_1-a", "jobs.fifo", x(80)],
      ["a.b", "", x(81)],
    ],
    kmsMasterKeyId: ANY_KEY,
  },
  "aws:secretsmanager/secret:Secret": {
    name: [
      ["shop/dev/web/DB_PASSWORD", "a+=.@-1", x(512)],
      ["", "a b", "a:b", x(513)],
    ],
    namePrefix: [
      ["shop/dev/web/DB-", x(486)],
      ["", "a b", x(487)],
    ],
    kmsKeyId: ANY_KEY,
    recoveryWindowInDays: [
      [0, 7, 30],
      [1, 6, 31, 7.5],
    ],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { description: EC2_TEXT, cidrIpv4: CIDR },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { description: EC2_TEXT, cidrIpv4: CIDR },
};

/** Whether the words of a limit say all that it does. */
const isPlain = (allowed: string) =>
  /^(-?\d+(\.\d+)? (to|or) \S+( \S+)?( in steps of \S+)?|[\w#{}/-]+(, [\w/-]+)*( and \d+ others)?)$/.test(allowed);

describe("what AWS takes", () => {
  for (const [type, { takes }] of Object.entries<Sheet>(LIMITS)) {
    for (const [place, limit] of Object.entries(takes)) {
      const [right, wrong] = EXAMPLES[type]?.[place] ?? [[], []];
      it(`of ${place} of ${type}`, () => {
        assert.ok(isPlain(limit.allowed) || (right.length > 0 && wrong.length > 0), `${limit.allowed} has no examples`);
        for (const value of right) assert.equal(limit.complaint(value), undefined, String(value));
        for (const value of wrong) assert.match(limit.complaint(value) ?? `takes ${String(value)}`, /^(?!takes ).*[.?]$/s);
      });
    }
  }

  it("has examples of its own limits only", () => {
    for (const [type, examples] of Object.entries(EXAMPLES))
      for (const place of Object.keys(examples)) assert.ok(place in (LIMITS as Record<string, Sheet>)[type]!.takes, `${type} ${place}`);
  });
});
