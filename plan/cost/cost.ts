import type { Resource } from "../../facts/graph";
import {
  AUTO_SCALING_GROUP,
  type ByType,
  CAPACITY_PROVIDER,
  ENDPOINT,
  entryOf,
  isResourceType,
  LOAD_BALANCER,
  NAT_GATEWAY,
  type ResourceType,
  SCHEDULE,
  SERVICE,
  shortType,
  WEB_ACL,
} from "../../facts/types";
import { type InstanceGroup, instanceGroups, spotInstances } from "../graph/instances";
import { count, number, object, objects, Query, text } from "../graph/query";
import { type PartOfWeek, type ServiceFacts, serviceFacts, shareOut } from "../graph/services";
import type { Cost, CostLine } from "../plan-json";
import type { Assumptions } from "../project/assumptions";
import { cents, range, sizeText, taskHour } from "./amounts";
import { Known } from "./known";
import { isRegional, zonesOf } from "./nat";
import { HOURS, type Prices } from "./prices";
import { savingsOf } from "./savings";
import { scheduledLines } from "./scheduled";
import { elsewhere, shares } from "./shared";
import { usageOf } from "./usage";

/** What an amount may be and where it comes from. */
type Draft = Omit<CostLine, "urn">;
type Rule = (resource: Resource, prices: Prices, graph: Query) => Draft[];

const month = (hourly: number, times = 1) => hourly * HOURS * times;

/** What each type costs while it merely exists. */
const RULES: ByType<Rule> = {
  [LOAD_BALANCER]: ({ inputs }, prices) => {
    const zones = Math.max(count(inputs.subnets), count(inputs.subnetMappings));
    // Elastic IPs are resources, with prices of their own.
    const ownsAddresses = inputs.internal !== true && !objects(inputs.subnetMappings).some((mapping) => "allocationId" in mapping);
    const addresses = ownsAddresses ? [{ what: `${zones} public IPv4`, monthly: month(prices.of("ipv4.hour"), zones) }] : [];
    const isNetwork = text(inputs.loadBalancerType) === "network";
    return [
      { what: `${isNetwork ? "network " : ""}load balancer`, monthly: month(prices.of(isNetwork ? "nlb.hour" : "alb.hour")) },
      ...addresses,
    ];
  },
  [NAT_GATEWAY]: (gateway, prices, graph) => {
    if (!isRegional(gateway)) return [{ what: "NAT gateway", monthly: month(prices.of("nat.hour")) }];
    const zones = zonesOf(graph);
    const each = prices.of("nat.hour") + prices.of("ipv4.hour");
    return [{ what: `NAT gateway and public IPv4 in ${zones} zones`, monthly: month(each, zones) }];
  },
  "aws:ec2/eip:Eip": (_, prices) => [{ what: "public IPv4", monthly: month(prices.of("ipv4.hour")) }],
  [ENDPOINT]: ({ inputs }, prices) => {
    if (text(inputs.vpcEndpointType) !== "Interface") return [];
    const zones = Math.max(count(inputs.subnetIds), count(inputs.subnetConfigurations));
    return [{ what: `endpoint in ${zones} zones`, monthly: month(prices.of("endpoint.hour"), zones) }];
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ inputs }, prices) => {
    const read = objects(inputs.metricQueries).flatMap(({ metric }) => (metric === undefined ? [] : [object(metric)]));
    const periods = read.length > 0 ? read.map(({ period }) => number(period) ?? 60) : [number(inputs.period) ?? 60];
    const quick = periods.some((period) => period < 60);
    // AWS bills each metric that an alarm reads.
    const metrics = periods.length > 1 ? ` on ${periods.length} metrics` : "";
    const monthly = prices.of(quick ? "alarm.highResolution" : "alarm") * periods.length;
    return [{ what: `${quick ? "high-resolution alarm" : "alarm"}${metrics}`, monthly }];
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": (_, prices) => [{ what: "metric", monthly: prices.of("metric") }],
  "aws:kms/key:Key": (_, prices) => [{ what: "key", monthly: prices.of("kms.key") }],
  "aws:secretsmanager/secret:Secret": (_, prices) => [{ what: "secret", monthly: prices.of("secret") }],
  [WEB_ACL]: ({ inputs }, prices) => {
    const rules = count(inputs.rules);
    return [{ what: `web ACL with ${rules} rules`, monthly: prices.of("waf.acl") + rules * prices.of("waf.rule") }];
  },
  "aws:lb/trustStore:TrustStore": (_, prices) => [{ what: "trust store", monthly: month(prices.of("alb.trustStore")) }],
  "aws:route53/zone:Zone": (_, prices) => [{ what: "hosted zone", monthly: prices.of("route53.zone") }],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (_, prices) => [
    { what: "hosted zone of the namespace", monthly: prices.of("route53.zone") },
  ],
};

/** Types that cost nothing by themselves, or only by use. */
const FREE_WHILE_IDLE = new Set<string>([
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:appautoscaling/target:Target",
  "aws:autoscaling/attachment:Attachment",
  "aws:autoscaling/schedule:Schedule",
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/vpcOrigin:VpcOrigin",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/defaultSubnet:DefaultSubnet",
  "aws:ec2/defaultVpc:DefaultVpc",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/keyPair:KeyPair",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/networkAclRule:NetworkAclRule",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
  "aws:ecr/accountSetting:AccountSetting",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/registryPolicy:RegistryPolicy",
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  "aws:ecr/repository:Repository",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecs/accountSettingDefault:AccountSettingDefault",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:ecs/daemon:Daemon",
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:efs/accessPoint:AccessPoint",
  "aws:efs/backupPolicy:BackupPolicy",
  "aws:efs/fileSystem:FileSystem",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:efs/mountTarget:MountTarget",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/accessKey:AccessKey",
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/user:User",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:lb/listener:Listener",
  "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/targetGroup:TargetGroup",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:route53/record:Record",
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:servicediscovery/httpNamespace:HttpNamespace",
  // What ECS registers costs nothing.
  "aws:servicediscovery/service:Service",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:ssm/parameter:Parameter",
  "aws:ssm/serviceSetting:ServiceSetting",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
] satisfies ResourceType[]);

/** What runs on them is priced by the tasks and the instances. */
const PRICED_BY_USE = new Set<string>([SERVICE, SCHEDULE, AUTO_SCALING_GROUP, CAPACITY_PROVIDER] satisfies ResourceType[]);

/** Parts of AWS whose other resources cost nothing by themselves either. */
const FREE_MODULES = new Set(
  "acm appautoscaling autoscaling budgets cloudformation cloudwatch codedeploy ec2 ecr ecs efs iam kms lambda lb resourcegroups route53 s3 scheduler secretsmanager servicediscovery sns sqs ssm vpc wafv2".split(
    " ",
  ),
);

/** What is known of the price of a type: that it has one, that it costs nothing, or neither. */
export function pricingOf(type: string): "priced" | "free" | undefined {
  if (entryOf(RULES, type) || PRICED_BY_USE.has(type)) return "priced";
  return FREE_WHILE_IDLE.has(type) ? "free" : undefined;
}

/** What a month of the stack costs: idle, at the upper end of its autoscaling, and what use adds. */
export function costOf(resources: readonly Resource[], prices: Prices, region: string, assumptions: Assumptions): Cost {
  const graph = new Query(resources);
  const services = serviceFacts(graph);
  const known = new Known();
  const unpriced: string[] = [];
  const lines = graph.resources.flatMap((resource) =>
    known.of(resource, () => (entryOf(RULES, resource.type)?.(resource, prices, graph) ?? []).map((draft) => line(resource.urn, draft))),
  );
  lines.push(...services.flatMap((service) => known.of(service.resource, () => taskLines(service, prices, unpriced))));
  lines.push(
    ...graph
      .ofType(SCHEDULE)
      .flatMap((one) =>
        known.of(one, () => scheduledLines(one, graph, prices, assumptions.taskMinutes).map((draft) => line(one.urn, draft))),
      ),
    ...instanceGroups(graph, services).flatMap(({ urn, read }) => known.of(graph.get(urn)!, () => instanceLines(read(), prices, unpriced))),
  );
  const sorted = inOrder(lines, resources);
  const usage = usageOf(graph, services, prices, assumptions, known);
  const borrowed = [...prices.borrowed].map(([key, from]) => ({ key, region: from }));
  return {
    region,
    currency: prices.list.currency,
    monthlyIdle: cents(sorted.reduce((sum, { monthly }) => sum + monthly, 0)),
    lines: sorted,
    monthlyMaximum: cents(sorted.reduce((sum, { monthly, maximum }) => sum + (maximum ?? monthly), 0)),
    usage,
    savings: savingsOf(graph, services, prices, assumptions),
    shares: shares(graph, services, sorted),
    elsewhere: elsewhere(graph, services, prices),
    prices: { region: prices.list.region, date: prices.list.date, source: prices.list.source, borrowed },
    unpriced: [...unpriced, ...managedInstances(graph), ...withoutPrice(resources)],
    unknown: known.missing,
  };
}

function taskLines(service: ServiceFacts, prices: Prices, unpriced: string[]): CostLine[] {
  const lines: CostLine[] = [];
  for (const [provider, label, factor] of [
    ["FARGATE", "Fargate", 1],
    ["FARGATE_SPOT", "Fargate Spot", prices.of("fargate.spot")],
  ] as const) {
    const its = (tasks: number) => shareOut(service.strategies, tasks).get(provider) ?? 0;
    const week = service.week.map(({ share, min, max }) => ({ share, min: its(min), max: its(max) }));
    const [min, max] = [its(service.min), its(service.max)];
    if (max === 0) continue;
    const each = month(taskHour(service.size, prices)) * factor;
    const what = `${range(min, max, "task")} on ${label} (${sizeText(service.size)}${hours(week)})`;
    const draft = { what, monthly: average(week, "min") * each, maximum: average(week, "max") * each };
    lines.push(line(service.urn, { ...draft, ...(factor === 1 ? {} : { estimate: true }) }));
  }
  if (service.publicIp && service.launch === "fargate") {
    const address = month(prices.of("ipv4.hour"));
    const what = `public IPv4 of ${range(service.min, service.max, "task")}`;
    lines.push(
      line(service.urn, { what, monthly: average(service.week, "min") * address, maximum: average(service.week, "max") * address }),
    );
  }
  return [...lines, ...diskLines(service, prices, unpriced)];
}

/** What each type of volume has of its own accord; what is asked for beyond it is paid. */
const INCLUDED = new Map([["gp3", { iops: 3000, throughput: 125 }]]);

/** The volumes that ECS makes, one for each task and for as long as it runs. */
function diskLines(service: ServiceFacts, prices: Prices, unpriced: string[]): CostLine[] {
  const volume = object(object(service.resource.inputs.volumeConfiguration).managedEbsVolume);
  if (Object.keys(volume).length === 0) return [];
  const type = text(volume.volumeType) ?? "gp3";
  const size = number(volume.sizeInGb);
  const [iops = 0, throughput = 0] = [number(volume.iops), number(volume.throughput)];
  const included = INCLUDED.get(type) ?? { iops: 0, throughput: 0 };
  if (size === undefined || !prices.has(`ebs.${type}`)) {
    unpriced.push(`the ${type} volumes of ${service.name}`);
    return [];
  }
  const beyond = (key: string, count: number) => (count > 0 ? count * prices.of(`ebs.${type}.${key}`) : 0);
  const each =
    size * prices.of(`ebs.${type}`) + beyond("iops", iops - included.iops) + beyond("throughput", throughput - included.throughput);
  const what = `${size} GB of disk (${type}) for ${range(service.min, service.max, "task")}${hours(service.week)}`;
  return [line(service.urn, { what, monthly: average(service.week, "min") * each, maximum: average(service.week, "max") * each })];
}

function instanceLines(group: InstanceGroup, prices: Prices, unpriced: string[]): CostLine[] {
  const key = `ec2.${group.instanceType}`;
  if (!prices.has(key)) {
    unpriced.push(`${group.instanceType} of ${group.name}`);
    return [];
  }
  const [hour, spot] = [month(prices.of(key), group.awake), prices.of("fargate.spot")];
  const costOfInstances = (count: number) => (count - spotInstances(group, count) * (1 - spot)) * hour;
  const per = (what: string, each: number) => line(group.urn, { what, monthly: group.min * each, maximum: group.max * each });
  const instances = range(group.min, group.max, "instance");
  const what = `${instances} ${group.instanceType}${asleep(group.awake)}`;
  const estimate = spotInstances(group, group.max) > 0 ? { estimate: true as const } : {};
  return [
    line(group.urn, { what, monthly: costOfInstances(group.min), maximum: costOfInstances(group.max), ...estimate }),
    per(`${group.disk} GB of disk for ${instances}`, group.disk * prices.of("ebs.gp3") * group.awake),
    ...(group.publicIp ? [per(`public IPv4 of ${instances}`, month(prices.of("ipv4.hour"), group.awake))] : []),
  ];
}

/** How many tasks run over a week, at the least or at the most. */
const average = (week: readonly PartOfWeek[], key: "min" | "max"): number => week.reduce((sum, part) => sum + part.share * part[key], 0);

/** When which range of tasks holds, where it is not one all the time. */
function hours(week: readonly PartOfWeek[]): string {
  const awake = week.filter(({ max }) => max > 0);
  if (awake.length < 2) return asleep(awake.reduce((sum, { share }) => sum + share, 0));
  const percent = ({ share }: PartOfWeek) => `${Math.round(share * 100)} % of the week`;
  return awake.map((part) => `, ${part.min === part.max ? part.min : `${part.min} to ${part.max}`} for ${percent(part)}`).join("");
}

function asleep(awake: number): string {
  return awake === 1 ? "" : `, awake ${Math.round(awake * 100)} % of the week`;
}

/** ECS chooses these by itself, and adds a fee of its own. */
function managedInstances(graph: Query): string[] {
  const providers = graph.ofType(CAPACITY_PROVIDER).filter(({ inputs }) => inputs.managedInstancesProvider !== undefined);
  return providers.map(({ name }) => `the instances that ECS runs for ${name}`);
}

function withoutPrice(resources: readonly Resource[]): string[] {
  return resources.flatMap(({ type, name }) => {
    const [, module] = type.match(/^aws:([a-z0-9]+)\//) ?? [];
    const free = isResourceType(type) ? false : FREE_MODULES.has(module ?? "");
    return module === undefined || pricingOf(type) !== undefined || free ? [] : [`${shortType(type)} ${name}`];
  });
}

function line(urn: string, { what, monthly, maximum, estimate }: Omit<CostLine, "urn">): CostLine {
  const [idle, most] = [cents(monthly), cents(maximum ?? monthly)];
  return { urn, what, monthly: idle, ...(most === idle ? {} : { maximum: most }), ...(estimate ? { estimate } : {}) };
}

/** In the order of the resources, as the rest of the plan. */
function inOrder(lines: CostLine[], resources: readonly Resource[]): CostLine[] {
  const place = new Map(resources.map(({ urn }, index) => [urn, index]));
  return [...lines].sort((a, b) => (place.get(a.urn) ?? 0) - (place.get(b.urn) ?? 0));
}
