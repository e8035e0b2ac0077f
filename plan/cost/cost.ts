import type { Resource } from "../../facts/graph";
import { type ByType, CAPACITY_PROVIDER, ENDPOINT, entryOf, LOAD_BALANCER, NAT_GATEWAY, shortType } from "../../facts/types";
import { type InstanceGroup, instanceGroups, spotInstances } from "../graph/instances";
import { count, number, Query, text } from "../graph/query";
import { type ServiceFacts, serviceFacts, shareOut } from "../graph/services";
import type { Cost, CostLine } from "../plan-json";
import type { Assumptions } from "../project/assumptions";
import { cents, range, taskHour } from "./amounts";
import { Known } from "./known";
import { HOURS, type Prices } from "./prices";
import { savingsOf } from "./savings";
import { usageOf } from "./usage";

/** What an amount may be and where it comes from. */
type Draft = Omit<CostLine, "urn">;
type Rule = (resource: Resource, prices: Prices) => Draft[];

const month = (hourly: number, times = 1) => hourly * HOURS * times;

/** What each type costs while it merely exists. */
const RULES: ByType<Rule> = {
  [LOAD_BALANCER]: ({ inputs }, prices) => {
    const zones = Math.max(count(inputs.subnets), count(inputs.subnetMappings));
    const addresses = inputs.internal === true ? [] : [{ what: `${zones} public IPv4`, monthly: month(prices.of("ipv4.hour"), zones) }];
    return [{ what: "load balancer", monthly: month(prices.of("alb.hour")) }, ...addresses];
  },
  [NAT_GATEWAY]: (_, prices) => [{ what: "NAT gateway", monthly: month(prices.of("nat.hour")) }],
  "aws:ec2/eip:Eip": (_, prices) => [{ what: "public IPv4", monthly: month(prices.of("ipv4.hour")) }],
  [ENDPOINT]: ({ inputs }, prices) => {
    if (text(inputs.vpcEndpointType) !== "Interface") return [];
    const zones = Math.max(count(inputs.subnetIds), count(inputs.subnetConfigurations));
    return [{ what: `endpoint in ${zones} zones`, monthly: month(prices.of("endpoint.hour"), zones) }];
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ inputs }, prices) => {
    const quick = (number(inputs.period) ?? 60) < 60;
    return [{ what: quick ? "high-resolution alarm" : "alarm", monthly: prices.of(quick ? "alarm.highResolution" : "alarm") }];
  },
  "aws:kms/key:Key": (_, prices) => [{ what: "key", monthly: prices.of("kms.key") }],
  "aws:secretsmanager/secret:Secret": (_, prices) => [{ what: "secret", monthly: prices.of("secret") }],
  "aws:wafv2/webAcl:WebAcl": ({ inputs }, prices) => {
    const rules = count(inputs.rules);
    return [{ what: `web ACL with ${rules} rules`, monthly: prices.of("waf.acl") + rules * prices.of("waf.rule") }];
  },
  "aws:route53/zone:Zone": (_, prices) => [{ what: "hosted zone", monthly: prices.of("route53.zone") }],
};

/** Parts of AWS of which a resource by itself costs nothing, or only by use. */
const FREE_WHILE_IDLE = new Set([
  ...[
    "acm",
    "appautoscaling",
    "autoscaling",
    "cloudwatch",
    "cloudformation",
    "codedeploy",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "iam",
    "lambda",
    "lb",
    "resourcegroups",
  ],
  ...["route53", "s3", "scheduler", "servicediscovery", "sns", "sqs", "ssm", "vpc", "wafv2", "kms", "secretsmanager", "budgets"],
]);

/** What a month of the stack costs: idle, at the upper end of its autoscaling, and what use adds. */
export function costOf(resources: readonly Resource[], prices: Prices, region: string, assumptions: Assumptions): Cost {
  const graph = new Query(resources);
  const services = serviceFacts(graph);
  const known = new Known();
  const unpriced: string[] = [];
  const lines = graph.resources.flatMap((resource) =>
    known.of(resource, () => (entryOf(RULES, resource.type)?.(resource, prices) ?? []).map((draft) => line(resource.urn, draft))),
  );
  lines.push(...services.flatMap((service) => known.of(service.resource, () => taskLines(service, prices))));
  lines.push(
    ...instanceGroups(graph, services).flatMap(({ urn, read }) => known.of(graph.get(urn)!, () => instanceLines(read(), prices, unpriced))),
  );
  const sorted = inOrder(lines, resources);
  return {
    region,
    currency: prices.list.currency,
    monthlyIdle: cents(sorted.reduce((sum, { monthly }) => sum + monthly, 0)),
    lines: sorted,
    monthlyMaximum: cents(sorted.reduce((sum, { monthly, maximum }) => sum + (maximum ?? monthly), 0)),
    usage: usageOf(graph, services, prices, assumptions, known),
    savings: savingsOf(graph, services, prices, assumptions),
    prices: { region: prices.list.region, date: prices.list.date, source: prices.list.source },
    unpriced: [...unpriced, ...managedInstances(graph), ...withoutPrice(resources)],
    unknown: known.missing,
  };
}

function taskLines(service: ServiceFacts, prices: Prices): CostLine[] {
  const [least, most] = [shareOut(service.strategies, service.min), shareOut(service.strategies, service.max)];
  const lines: CostLine[] = [];
  for (const [provider, label, factor] of [
    ["FARGATE", "Fargate", 1],
    ["FARGATE_SPOT", "Fargate Spot", prices.of("fargate.spot")],
  ] as const) {
    const [min, max] = [least.get(provider) ?? 0, most.get(provider) ?? 0];
    if (max === 0) continue;
    const { cpu, memory } = service.size;
    const each = month(taskHour(service.size, prices), service.awake);
    const size = `${cpu / 1024} vCPU, ${memory / 1024} GB${asleep(service.awake)}`;
    const draft = { what: `${range(min, max, "task")} on ${label} (${size})`, monthly: min * each * factor, maximum: max * each * factor };
    lines.push(line(service.urn, { ...draft, ...(factor === 1 ? {} : { estimate: true }) }));
  }
  if (service.publicIp && service.launch === "fargate") {
    const address = month(prices.of("ipv4.hour"), service.awake);
    const what = `public IPv4 of ${range(service.min, service.max, "task")}`;
    lines.push(line(service.urn, { what, monthly: service.min * address, maximum: service.max * address }));
  }
  return lines;
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
    return module === undefined || FREE_WHILE_IDLE.has(module) || type in RULES ? [] : [`${shortType(type)} ${name}`];
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
