import type { Resource } from "../../facts/graph";
import { NAT_INSTANCE } from "../../facts/nat-instance";
import { LOG_GROUP, NAT_GATEWAY } from "../../facts/types";
import { tasksPerInstance } from "../../policy/graph/capacity";
import { number, type Query } from "../graph/query";
import { type ServiceFacts, shareOut } from "../graph/services";
import type { Saving } from "../plan-json";
import type { Assumptions } from "../project/assumptions";
import { cents, taskHour } from "./amounts";
import { Known } from "./known";
import { gatewaysPaid, zonesOf } from "./nat";
import { HOURS, type Prices } from "./prices";

/** Less than this a month is not worth a change. */
const WORTHWHILE = 1;
/** What a private task without a NAT gateway needs: ecr.api, ecr.dkr and logs. */
const ENDPOINTS = 3;
/** The instance type that EC2 is compared with: the cheapest that takes more than one task. */
const INSTANCE = "t4g.small";
const DISK = 30;

/** Changes that would save money here, the largest first; where a value that decides it is not known, none is offered. */
export function savingsOf(graph: Query, services: readonly ServiceFacts[], prices: Prices, assumptions: Assumptions): Saving[] {
  const known = new Known();
  const ofNetwork = graph.ofType(NAT_GATEWAY)[0];
  const found = [
    ...services.flatMap((service) => known.of(service.resource, () => [...arm(service, prices), ...spot(service, prices)])),
    ...(ofNetwork ? known.of(ofNetwork, () => network(graph, prices, assumptions)) : []),
    ...(services[0] ? known.of(services[0].resource, () => instances(services, prices)) : []),
    ...graph.ofType(LOG_GROUP).flatMap((group) => known.of(group, () => retention(group, prices, assumptions))),
  ];
  const rounded = found.map((saving) => ({ ...saving, monthly: cents(saving.monthly) }));
  return rounded.filter(({ monthly }) => monthly >= WORTHWHILE).sort((a, b) => b.monthly - a.monthly);
}

/** What the tasks of a service cost a month at a price per hour, each capacity provider at its share of that price. */
function tasksMonth(service: ServiceFacts, hour: number, prices: Prices): number {
  let cost = 0;
  for (const [provider, tasks] of shareOut(service.strategies, service.min)) {
    if (provider === "FARGATE") cost += tasks * hour;
    if (provider === "FARGATE_SPOT") cost += tasks * hour * prices.of("fargate.spot");
  }
  return cost * HOURS * service.awake;
}

function arm(service: ServiceFacts, prices: Prices): Saving[] {
  if (service.launch !== "fargate" || service.size.architecture === "arm64") return [];
  const now = tasksMonth(service, taskHour(service.size, prices), prices);
  const then = tasksMonth(service, taskHour({ ...service.size, architecture: "arm64" }, prices), prices);
  return [{ what: `${service.name} on ARM`, monthly: now - then, note: "architecture: arm64; the image must be built for it" }];
}

/** One task stays on demand, for AWS may take every Spot task back at once. */
function spot(service: ServiceFacts, prices: Prices): Saving[] {
  const onDemand = shareOut(service.strategies, service.min).get("FARGATE") ?? 0;
  if (service.launch !== "fargate" || onDemand < 2) return [];
  const monthly = (onDemand - 1) * taskHour(service.size, prices) * HOURS * service.awake * (1 - prices.of("fargate.spot"));
  return [
    {
      what: `${service.name}: all tasks but one on Spot`,
      monthly,
      note: "an estimate; AWS may take Spot tasks back with two minutes' notice",
    },
  ];
}

function network(graph: Query, prices: Prices, { natGigabytes }: Assumptions): Saving[] {
  const gateways = gatewaysPaid(graph);
  if (gateways === 0) return [];
  const gateway = (prices.of("nat.hour") + prices.of("ipv4.hour")) * HOURS;
  const found: Saving[] = [];
  if (gateways > 1) {
    found.push({
      what: `one NAT gateway instead of ${gateways}`,
      monthly: (gateways - 1) * gateway,
      note: "nat: single; when its zone fails, no task reaches the internet",
    });
  }
  const instance = (prices.of(`ec2.${NAT_INSTANCE.type}`) + prices.of("ipv4.hour")) * HOURS + NAT_INSTANCE.disk * prices.of("ebs.gp3");
  found.push({
    what: `a ${NAT_INSTANCE.type} instance instead of NAT`,
    monthly: gateways * gateway - instance + natGigabytes * prices.of("nat.gb"),
    note: "nat: instance, for dev; while a failed one is replaced, no task reaches the internet",
  });
  const zones = zonesOf(graph);
  const endpoints = ENDPOINTS * zones * prices.of("endpoint.hour") * HOURS;
  const perGigabyte = prices.of("nat.gb") - prices.of("endpoint.gb");
  const saved = gateways * gateway - endpoints + natGigabytes * perGigabyte;
  const breakEven = Math.max(0, (endpoints - gateways * gateway) / perGigabyte);
  const from = breakEven === 0 ? "at any traffic" : `from ${Math.ceil(breakEven)} GB a month on`;
  found.push({
    what: `${ENDPOINTS} endpoints in ${zones} zones instead of NAT`,
    monthly: saved,
    note: `cheaper ${from}; tasks then reach AWS and nothing else`,
  });
  return found;
}

/** The Fargate tasks on instances of one's own, two at least for two zones. */
function instances(services: readonly ServiceFacts[], prices: Prices): Saving[] {
  const fargate = services.filter(({ launch }) => launch === "fargate");
  const each = fargate.map((service) => ({ service, tasks: tasksPerInstance(service.task, INSTANCE) ?? 0 }));
  if (each.some(({ tasks }) => tasks === 0)) return [];
  const sum = (of: (service: ServiceFacts) => number) => fargate.reduce((total, service) => total + of(service), 0);
  const needed = Math.ceil(each.reduce((total, { service, tasks }) => total + service.min / tasks, 0));
  const instance = prices.of(`ec2.${INSTANCE}`) * HOURS + DISK * prices.of("ebs.gp3");
  const now = sum((service) => tasksMonth(service, taskHour(service.size, prices), prices));
  const monthly = now - Math.max(2, needed) * instance;
  return [
    {
      what: `${Math.max(2, needed)} ${INSTANCE} instances instead of Fargate`,
      monthly,
      note: "compute: ec2, on ARM; you then keep the instances full and up to date",
    },
  ];
}

/** Logs that nobody deletes cost a little more every month; after a year, this much. */
function retention(group: Resource, prices: Prices, { logGigabytes }: Assumptions): Saving[] {
  if ((number(group.inputs.retentionInDays) ?? 0) !== 0) return [];
  const monthly = 12 * logGigabytes * prices.of("logs.stored");
  return [
    {
      what: `an end to the logs of ${group.name}`,
      monthly,
      note: "retentionInDays; the figure is after a year, and it grows",
    },
  ];
}
