import { arn, id, json, make, nameOf } from "../graphs";
import type { World } from "../world";
import { add, type Cases, set } from "./case";

const many = <V>(count: number, one: (n: number) => V): V[] => Array.from({ length: count }, (_, n) => one(n));
const LB = "AWS refuses it (Elastic Load Balancing CreateTargetGroup, ModifyTargetGroupAttributes)";
const ingress = (w: World, n: number) =>
  make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `from-${n}`, {
    securityGroupId: id(w.lbGroup),
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: `10.${n}.0.0/16`,
  });
const policy = (w: World, name: string, size: number) =>
  make("aws:iam/rolePolicy:RolePolicy", name, { role: nameOf(w.taskRole), policy: JSON.stringify({ Statement: "x".repeat(size) }) });
const health = (w: World, more: object) =>
  set(w.targetGroup, {
    healthCheck: { path: "/health", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3, ...more },
  });
const alarm = (more: object) => ({
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 2,
  metricName: "Errors",
  namespace: "Shop",
  period: 60,
  statistic: "Sum",
  threshold: 1,
  ...more,
});
const queries = (...ids: string[]) => ids.map((own, n) => ({ id: own, expression: "1", returnData: n === 0 }));

/** What AWS refuses of values: each kind of limit once, and all that it refuses of several properties together. `docs/limits.md` has all limits. */
export const limitCases: Cases = {
  "plan-aws-limits": {
    // Container definitions that name what is new are one unknown text in a preview.
    inPreview: {
      "the first element": [],
      "two containers of one name": [],
      "no container that counts": [],
      "a variable without a name": [],
      "a variable and a secret": [],
      "a volume that is not there": [],
      "waiting for nobody": [],
      "waiting for health without a check": [],
      "waiting for the end of an essential container": [],
      "more memory reserved than there is": [],
      "two containers on one port": [],
      "a task definition above 64 KB": [],
    },
    breaks: {
      "a number": [
        (w) => health(w, { interval: 3, timeout: 2 }),
        `healthCheck.interval: 3 is out of range; allowed: 5 to 300 seconds; the nearest is 5; ${LB}`,
      ],
      "a word": [
        (w) => set(w.lb, { desyncMitigationMode: "strict" }),
        'desyncMitigationMode: "strict" is not a valid value; allowed: monitor, defensive, strictest; did you mean "strictest"?; AWS refuses it',
      ],
      letters: [
        (w) => set(w.lbGroup, { description: "The shop's" }),
        `description: "The shop's" is not possible; allowed: up to 255 letters`,
      ],
      "an element of a list": [
        (w) => set(w.listenerRule, { conditions: [{ hostHeader: { values: ["a.example.com", "localhost"] } }] }),
        'conditions[0].hostHeader.values[1]: "localhost" does not end with a dot and letters, as in "*.example.com"; AWS takes no other host; AWS refuses it (Elastic Load Balancing CreateRule)',
      ],
      "the first element": [
        (w) => {
          w.app.healthCheck = { command: ["curl", "localhost"] };
        },
        'containerDefinitions[0].healthCheck.command[0]: "curl" is not a valid value; allowed: CMD, CMD-SHELL, NONE',
      ],
      "how many": [
        (w) => set(w.lb, { securityGroups: many(6, (n) => `sg-${n}`) }),
        "securityGroups: it has 6 entries; allowed: 0 to 5; AWS refuses it (Elastic Load Balancing CreateLoadBalancer",
      ],
      "a role where a policy belongs": [
        (w) => set(w.execution, { permissionsBoundary: "arn:aws:iam::123456789012:role/boundary" }),
        'permissionsBoundary: "arn:aws:iam::123456789012:role/boundary" is not possible; allowed: the ARN of an IAM policy',
      ],
      "a key of another region": [
        (w) => set(w.logGroup, { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/0123" }),
        "kmsKeyId: what kms has in us-east-1 cannot be used in eu-west-1; give one of eu-west-1; AWS refuses it (CloudWatch Logs",
      ],
      "a certificate of another region than the resource's own": [
        (w) => set(w.https, { region: "eu-west-3", certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/web" }),
        "certificateArn: what acm has in eu-west-1 cannot be used in eu-west-3; give one of eu-west-3",
      ],
      "a policy of TLS": [
        (w) => set(w.https, { sslPolicy: "ELBSecurityPolicy-TLS13" }),
        'sslPolicy: "ELBSecurityPolicy-TLS13" is not a valid value;',
      ],
      "a schedule": [
        (w) => add(w, make("aws:scheduler/schedule:Schedule", "report", { scheduleExpression: "cron(0 3 0 * ? *)", target: {} })),
        'scheduleExpression: cron(0 3 0 * ? *) cannot be: the day of the month has "0"; allowed: 1 to 31',
      ],
      "a tag": [
        (w) => set(w.lb, { tags: { project: "shop", stack: "prod", owner: "a,b" } }),
        'tags.owner: the character "," is not possible in a tag;',
      ],
      "a tag in a list": [
        (w) =>
          set(w.asg, {
            tags: ["AmazonECSManaged", "project", "stack", "aws:x"].map((key) => ({ key, value: "x", propagateAtLaunch: true })),
          }),
        'tags.aws:x: the tag "aws:x" begins with "aws:"',
      ],
      "a cookie of AWS's": [
        (w) => set(w.targetGroup, { stickiness: { type: "app_cookie", cookieName: "AWSALBAPP" } }),
        'stickiness.cookieName: "AWSALBAPP" begins with AWSALB, which AWS keeps for its own cookies',
      ],
      "requests asked for by TCP": [
        (w) => health(w, { protocol: "TCP" }),
        "healthCheck.protocol: a target group of HTTP is asked by requests; allowed: HTTP, HTTPS; AWS refuses it",
      ],
      "requests for a target group of connections": [
        (w) =>
          add(
            w,
            make("aws:lb/listener:Listener", "mqtt", {
              loadBalancerArn: arn(w.lb),
              port: 1883,
              protocol: "TCP",
              defaultActions: [{ type: "forward", targetGroupArn: arn(w.targetGroup) }],
            }),
          ),
        "defaultActions: a listener of TCP leads to target groups of TCP or TCP_UDP, and web has HTTP",
      ],
      "a slow start at random": [
        (w) => set(w.targetGroup, { slowStart: 60, loadBalancingAlgorithmType: "weighted_random" }),
        "loadBalancingAlgorithmType: a slow start goes with round_robin only, and this is weighted_random; leave slowStart out, or choose round_robin; AWS refuses it",
      ],
      "sticky sessions at random": [
        (w) => set(w.targetGroup, { stickiness: { type: "lb_cookie" }, loadBalancingAlgorithmType: "weighted_random" }),
        "loadBalancingAlgorithmType: weighted_random has no sticky sessions; leave stickiness out",
      ],
      "fewest above most": [(w) => set(w.scalingTarget, { minCapacity: 11 }), "minCapacity: 11 is above maxCapacity (10); AWS refuses it"],
      "more instances wanted than there may be": [(w) => set(w.asg, { desiredCapacity: 11 }), "desiredCapacity: 11 is above maxSize (10)"],
      "fewer instances wanted than there must be": [(w) => set(w.asg, { desiredCapacity: 1 }), "minSize: 2 is above desiredCapacity (1)"],
      "smallest group above largest": [(w) => set(w.asg, { minSize: 11 }), "minSize: 11 is above maxSize (10)"],
      "an alarm over more than a day": [
        (w) => set(w.alarm, alarm({ evaluationPeriods: 1441 })),
        "evaluationPeriods: 1441 periods of 60 seconds are longer than 1 days; the nearest is 1440",
      ],
      "an alarm over more than a week": [
        (w) => set(w.alarm, alarm({ period: 3600, evaluationPeriods: 169 })),
        "evaluationPeriods: 169 periods of 3600 seconds are longer than 7 days; the nearest is 168",
      ],
      "an alarm that fires on more points than it looks at": [
        (w) => set(w.alarm, alarm({ datapointsToAlarm: 3 })),
        "datapointsToAlarm: 3 is above evaluationPeriods (2)",
      ],
      "a metric and an expression": [
        (w) => set(w.alarm, alarm({ metricQueries: queries("a") })),
        "metricName: metricQueries and metricName are both given; leave out one of them",
      ],
      "two queries of one id": [
        (w) => set(w.alarm, { evaluationPeriods: 1, metricQueries: queries("a", "a") }),
        'metricQueries: two have the id "a"; give each its own',
      ],
      "no query that decides": [
        (w) => set(w.alarm, { evaluationPeriods: 1, metricQueries: queries("a", "b").slice(1) }),
        "metricQueries: 0 have returnData: true; exactly one decides about the alarm",
      ],
      "filters without exclusion": [
        (w) => set(w.repository, { imageTagMutabilityExclusionFilters: [{ filter: "cache-*", filterType: "WILDCARD" }] }),
        "imageTagMutability: filters go with a word that ends with _WITH_EXCLUSION only",
      ],
      "exclusion without filters": [
        (w) => set(w.repository, { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }),
        "imageTagMutability: it wants imageTagMutabilityExclusionFilters; give one",
      ],
      "steps the wrong way round": [
        (w) =>
          set(w.provider, {
            autoScalingGroupProvider: {
              autoScalingGroupArn: arn(w.asg),
              managedScaling: { minimumScalingStepSize: 3, maximumScalingStepSize: 2 },
            },
          }),
        "autoScalingGroupProvider.managedScaling.minimumScalingStepSize: 3 is above maximumScalingStepSize (2)",
      ],
      "instances with more than the most": [
        (w) =>
          set(w.provider, {
            autoScalingGroupProvider: undefined,
            managedInstancesProvider: {
              instanceLaunchTemplate: { instanceRequirements: { vcpuCount: { min: 4, max: 2 }, memoryMib: { min: 1 } } },
            },
          }),
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.vcpuCount.min: 4 is above max (2)",
      ],
      "a launch type and a strategy": [
        (w) => set(w.service, { launchType: "FARGATE" }),
        "capacityProviderStrategies: launchType and capacityProviderStrategies are both given",
      ],
      "two bases": [
        (w) =>
          set(w.service, {
            capacityProviderStrategies: ["FARGATE", "FARGATE_SPOT"].map((capacityProvider) => ({ capacityProvider, base: 1, weight: 1 })),
          }),
        "capacityProviderStrategies: two have a base; AWS takes one",
      ],
      "no weight": [
        (w) => set(w.service, { capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 0 }] }),
        "capacityProviderStrategies: none has a weight above 0, so no task could start",
      ],
      "a provider twice": [
        (w) => set(w.service, { capacityProviderStrategies: [1, 2].map((weight) => ({ capacityProvider: "FARGATE", weight })) }),
        'capacityProviderStrategies: "FARGATE" is named twice; name each once',
      ],
      "no room to replace a task": [
        (w) => set(w.service, { deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 100 }),
        "deploymentMinimumHealthyPercent: 100 is not below deploymentMaximumPercent (100)",
      ],
      "packed by zone": [
        (w) => set(w.hostService, { orderedPlacementStrategies: [{ type: "binpack", field: "zone" }] }),
        'orderedPlacementStrategies[0].field: "zone" is not a valid value; allowed: cpu, memory',
      ],
      "at random by something": [
        (w) => set(w.hostService, { orderedPlacementStrategies: [{ type: "random", field: "cpu" }] }),
        "orderedPlacementStrategies[0].field: random takes none; leave it out",
      ],
      "a constraint without its expression": [
        (w) => set(w.hostService, { placementConstraints: [{ type: "memberOf" }] }),
        "placementConstraints[0].expression: memberOf wants one",
      ],
      "a constraint with one too many": [
        (w) => set(w.hostService, { placementConstraints: [{ type: "distinctInstance", expression: "x" }] }),
        "placementConstraints[0].expression: distinctInstance takes none; leave it out",
      ],
      "two containers of one name": [
        (w) => set(w.task, { containerDefinitions: json([w.app, { name: "web", image: "x:1" }]) }),
        'containerDefinitions: two containers are called "web"; give each a name of its own',
      ],
      "no container that counts": [
        (w) => {
          w.app.essential = false;
        },
        "containerDefinitions: no container is essential; one must be",
      ],
      "two volumes of one name": [
        (w) => set(w.task, { volumes: [{ name: "tmp" }, { name: "tmp" }] }),
        'volumes: two are called "tmp"; give each a name of its own',
      ],
      "a variable without a name": [
        (w) => {
          w.app.environment = [{ name: "", value: "x" }];
        },
        "containerDefinitions[web].environment: a variable has no name; give it one",
      ],
      "a variable and a secret": [
        (w) => {
          w.app.environment = [{ name: "API_KEY", value: "x" }];
        },
        'containerDefinitions[web].secrets: "API_KEY" is given twice, as a variable and as a secret; leave out one of them',
      ],
      "a volume that is not there": [
        (w) => {
          w.app.mountPoints = [{ sourceVolume: "data", containerPath: "/data" }];
        },
        'containerDefinitions[web].mountPoints: the task has no volume "data"; allowed: tmp, files',
      ],
      "waiting for nobody": [
        (w) => {
          w.app.dependsOn = [{ containerName: "db", condition: "START" }];
        },
        'containerDefinitions[web].dependsOn: the task has no container "db"',
      ],
      "waiting for health without a check": [
        (w) =>
          set(w.task, {
            containerDefinitions: json([
              { ...w.app, dependsOn: [{ containerName: "db", condition: "HEALTHY" }] },
              { name: "db", image: "x:1" },
            ]),
          }),
        "containerDefinitions[web].dependsOn: db has no health check to wait for; give it one, or wait for START",
      ],
      "waiting for the end of an essential container": [
        (w) =>
          set(w.task, {
            containerDefinitions: json([
              { ...w.app, dependsOn: [{ containerName: "db", condition: "SUCCESS" }] },
              { name: "db", image: "x:1" },
            ]),
          }),
        "containerDefinitions[web].dependsOn: db is essential, so the task ends with it; set essential: false for it, or wait for START",
      ],
      "more memory reserved than there is": [
        (w) => {
          Object.assign(w.app, { memoryReservation: 512, memory: 256 });
        },
        "containerDefinitions[web].memoryReservation: 512 is above memory (256)",
      ],
      "two containers on one port": [
        (w) =>
          set(w.task, {
            containerDefinitions: json([w.app, { name: "proxy", image: "x:1", portMappings: [{ containerPort: 8000, protocol: "tcp" }] }]),
          }),
        "containerDefinitions: two containers have the port 8000/tcp; give each its own",
      ],
      "a task definition above 64 KB": [
        (w) => {
          w.app.environment = many(70, (n) => ({ name: `V${n}`, value: "x".repeat(1000) }));
        },
        "containerDefinitions: it has 7",
      ],
      "policies of a role above 10,240 characters": [
        (w) => add(w, policy(w, "a", 6000), policy(w, "b", 5000)),
        "its inline policies have 11",
      ],
      "HTTPS without a certificate": [
        (w) => set(w.https, { certificateArn: undefined }),
        "certificateArn: a listener of HTTPS wants a certificate",
      ],
      "HTTP with a policy of TLS": [
        (w) => set(w.https, { protocol: "HTTP", certificateArn: undefined }),
        "protocol: a listener of HTTP takes neither certificateArn nor sslPolicy; leave them out, or set HTTPS",
      ],
      "clients' certificates over HTTP": [
        (w) =>
          set(w.https, {
            protocol: "HTTP",
            certificateArn: undefined,
            sslPolicy: undefined,
            mutualAuthentication: { mode: "passthrough" },
          }),
        "mutualAuthentication: a listener of HTTP takes no clients' certificates; leave it out, or set HTTPS",
      ],
      "clients' certificates that nobody can check": [
        (w) => set(w.https, { mutualAuthentication: { mode: "verify" } }),
        "mutualAuthentication.trustStoreArn: verify wants one",
      ],
      "six values": [
        (w) =>
          set(w.listenerRule, {
            conditions: [{ pathPattern: { values: many(5, (n) => `/${n}`) } }, { hostHeader: { values: ["a.example.com"] } }],
          }),
        "conditions: 6 values in one rule; allowed: 5",
      ],
      "seven wildcards": [
        (w) => set(w.listenerRule, { conditions: [{ pathPattern: { values: ["/*/*/*/*/*/*/*"] } }] }),
        "conditions: 7 wildcards in one rule; allowed: 6",
      ],
      "a check that takes longer than its interval": [
        (w) => health(w, { timeout: 10 }),
        "healthCheck.timeout: 10 is not less than healthCheck.interval (10); the nearest is 9",
      ],
      "codes that run backwards": [
        (w) => health(w, { matcher: "299-200" }),
        'healthCheck.matcher: "299-200" has a range that ends before it begins (299-200); write "200-299"',
      ],
      "codes of HTTP for gRPC": [
        (w) => {
          set(w.targetGroup, { protocolVersion: "GRPC" });
          health(w, { matcher: "200" });
        },
        "healthCheck.matcher: 200 is no status code of grpc; allowed: 0 to 99",
      ],
      "an alias with records": [
        (w) => add(w, make("aws:route53/record:Record", "web", { name: "a.example.com", type: "A", records: ["10.0.0.1"], aliases: [{}] })),
        "records: aliases and records are both given",
      ],
      "61 inbound rules": [
        (w) => add(w, ...many(60, (n) => ingress(w, n))),
        "ingress: 61 inbound rules; allowed: 60, unless AWS has raised the quota of the account",
      ],
      "two kinds of encryption": [
        (w) => add(w, make("aws:sqs/queue:Queue", "jobs", { sqsManagedSseEnabled: true, kmsMasterKeyId: arn(w.key) })),
        "kmsMasterKeyId: sqsManagedSseEnabled and kmsMasterKeyId are both given",
      ],
      "dead letters of another kind": [
        (w) => {
          const deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:failed";
          add(
            w,
            make("aws:sqs/queue:Queue", "jobs", {
              fifoQueue: true,
              redrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
            }),
          );
        },
        "redrivePolicy: the dead-letter queue of a FIFO queue is one, too, and arn:aws:sqs:eu-west-1:123456789012:failed is a standard queue",
      ],
      "a rule for nobody": [
        (w) =>
          add(
            w,
            make("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "out", { securityGroupId: id(w.taskGroup), ipProtocol: "-1" }),
          ),
        "cidrIpv4: a rule wants one of cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId",
      ],
      "a rule for two": [
        (w) =>
          add(
            w,
            make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", {
              securityGroupId: id(w.taskGroup),
              ipProtocol: "-1",
              cidrIpv4: "10.0.0.0/8",
              cidrIpv6: "::/0",
            }),
          ),
        "cidrIpv6: cidrIpv4 and cidrIpv6 are both given",
      ],
    },
    keeps: {
      "as much as there may be": (w) => {
        health(w, { interval: 300, timeout: 120, matcher: "200-299,499" });
        set(w.alarm, alarm({ evaluationPeriods: 1440, datapointsToAlarm: 2 }));
        add(w, ...many(59, (n) => ingress(w, n)), policy(w, "a", 5000), policy(w, "b", 5000));
      },
      "an alarm over a week by the hour": (w) => set(w.alarm, alarm({ period: 3600, evaluationPeriods: 168 })),
      "numbers as text, and codes of gRPC": (w) => {
        set(w.service, { deploymentConfiguration: { bakeTimeInMinutes: "1440" } });
        set(w.targetGroup, { protocolVersion: "GRPC" });
        health(w, { matcher: "0-99" });
      },
      "a slow start in turn, and sticky sessions that are off": (w) =>
        set(w.targetGroup, { slowStart: 30, stickiness: { type: "lb_cookie", enabled: false } }),
      "sessions that are off, at random": (w) =>
        set(w.targetGroup, {
          stickiness: { type: "lb_cookie", enabled: false },
          slowStart: 0,
          loadBalancingAlgorithmType: "weighted_random",
        }),
      "a key of another region, where the resource is there": (w) =>
        set(w.logGroup, { region: "us-east-1", kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/0123" }),
      "one task on each instance": (w) =>
        set(w.hostService, { schedulingStrategy: "DAEMON", deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 100 }),
    },
  },
};
