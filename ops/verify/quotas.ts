// Whether the account's quotas leave room for what the update creates.
import { LOAD_BALANCER, NAT_GATEWAY, ROLE, SUBNET, TARGET_GROUP, VPC } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { type Quota, type QuotaUse, quotaUse, requestIncrease } from "../stack/quota";
import { instanceVcpus } from "./instances";
import { type PlannedStack, textOf } from "./planned-stack";
import { serviceTasks } from "./services";
import { type Answer, type Finding, lookedUp, notPermitted, skip, unlessFound, type Verification } from "./verification";

interface Room extends Quota {
  /** How much of it the update takes. */
  needed: number;
  /** Undefined where AWS does not say how much there may be. */
  answer: Answer<QuotaUse | undefined>;
}

/** What an update can take too much of, and how to count what is in use where AWS does not measure it. */
interface Limit extends Quota {
  needed(stack: PlannedStack): number;
  used?(aws: Aws): Promise<number>;
  /** The same together with the limit, where another than Service Quotas says it. */
  told?(aws: Aws): Promise<Partial<QuotaUse>>;
}

/** vCPUs of the tasks that an update starts on one of Fargate's capacity providers. */
function vcpus(stack: PlannedStack, provider: string): number {
  const tasks = serviceTasks(stack).map(({ started, cpu = 0, strategy }) => (started * shareOf(strategy, provider, started) * cpu) / 1024);
  return tasks.reduce((sum, one) => sum + one, 0);
}

/** The part of so many tasks that goes to a capacity provider: first its base, then by weight. */
function shareOf(strategy: { capacityProvider: string; base?: number; weight?: number }[], provider: string, tasks: number): number {
  const own = strategy.find(({ capacityProvider }) => capacityProvider === provider);
  const weights = strategy.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const bases = strategy.reduce((sum, { base = 0 }) => sum + base, 0);
  if (!own || tasks === 0) return 0;
  const rest = Math.max(0, tasks - bases);
  return (Math.min(tasks, own.base ?? 0) + (weights === 0 ? 0 : (rest * (own.weight ?? 0)) / weights)) / tasks;
}

const isNetwork = (one: { inputs: { [key: string]: unknown } }) => one.inputs.loadBalancerType === "network";

async function balancers(aws: Aws, type: string): Promise<number> {
  let count = 0;
  for await (const { LoadBalancers = [] } of aws.elbv2().paginateDescribeLoadBalancers())
    count += LoadBalancers.filter(({ Type }) => Type === type).length;
  return count;
}

async function targetGroups(aws: Aws): Promise<number> {
  let count = 0;
  for await (const { TargetGroups = [] } of aws.elbv2().paginateDescribeTargetGroups()) count += TargetGroups.length;
  return count;
}

const zonesOfNats = (stack: PlannedStack) =>
  stack
    .created(NAT_GATEWAY)
    .map((one) => stack.sources(one, "subnetId", SUBNET).map(({ inputs }) => textOf(inputs, "availabilityZone"))[0]);

/** Those in the zones that get more: an account has a quota of them for each. */
function natGatewayLimits(stack: PlannedStack): Limit[] {
  const needed = zonesOfNats(stack).filter((zone) => zone !== undefined);
  const zones = [...new Set(needed)];
  let counting: Promise<string[]> | undefined;
  return zones.map((zone) => ({
    service: "vpc",
    code: "L-FE5A380F",
    name: `NAT gateways in ${zone}`,
    needed: () => needed.filter((one) => one === zone).length,
    used: async (aws) => {
      counting ??= zonesWithNats(aws, zones);
      return (await counting).filter((one) => one === zone).length;
    },
  }));
}

/** The zone of each NAT gateway that is in one of these. Those that are being deleted count, those that failed do not. */
async function zonesWithNats(aws: Aws, zones: string[]): Promise<string[]> {
  const Filter = [{ Name: "state", Values: ["pending", "available", "deleting"] }];
  const subnets: (string | undefined)[] = [];
  for await (const { NatGateways = [] } of aws.ec2().paginateDescribeNatGateways({ Filter }))
    subnets.push(...NatGateways.map(({ SubnetId }) => SubnetId));
  if (subnets.length === 0) return [];
  const zoneOf = new Map<string | undefined, string | undefined>();
  for await (const { Subnets = [] } of aws.ec2().paginateDescribeSubnets({ Filters: [{ Name: "availability-zone", Values: zones }] }))
    for (const { SubnetId, AvailabilityZone } of Subnets) zoneOf.set(SubnetId, AvailabilityZone);
  return subnets.flatMap((id) => zoneOf.get(id) ?? []);
}

async function roles(aws: Aws): Promise<Partial<QuotaUse>> {
  const { SummaryMap: { Roles = 0, RolesQuota } = {} } = await aws.iam().getAccountSummary({});
  return { used: Roles, ...(RolesQuota !== undefined && { limit: RolesQuota }) };
}

const LIMITS: Limit[] = [
  { service: "fargate", code: "L-3032A538", name: "Fargate On-Demand vCPUs", needed: (stack) => vcpus(stack, "FARGATE") },
  { service: "fargate", code: "L-36FBB829", name: "Fargate Spot vCPUs", needed: (stack) => vcpus(stack, "FARGATE_SPOT") },
  {
    service: "ec2",
    code: "L-1216C47A",
    name: "vCPUs of On-Demand standard instances",
    needed: (stack) => instanceVcpus(stack, /^[acdhimrtz]\d/),
  },
  {
    service: "ec2",
    code: "L-DB2E81BA",
    name: "vCPUs of On-Demand G and VT instances",
    needed: (stack) => instanceVcpus(stack, /^(g|vt)\d/),
  },
  { service: "ec2", code: "L-417A185B", name: "vCPUs of On-Demand P instances", needed: (stack) => instanceVcpus(stack, /^p\d/) },
  {
    service: "vpc",
    code: "L-F678F1CE",
    name: "VPCs",
    needed: (stack) => stack.created(VPC).length,
    used: (aws) =>
      aws
        .ec2()
        .describeVpcs({})
        .then(({ Vpcs = [] }) => Vpcs.length),
  },
  {
    service: "ec2",
    code: "L-0263D0A3",
    name: "Elastic IPs",
    needed: (stack) => stack.created("aws:ec2/eip:Eip").length,
    used: (aws) =>
      aws
        .ec2()
        .describeAddresses({})
        .then(({ Addresses = [] }) => Addresses.length),
  },
  {
    service: "elasticloadbalancing",
    code: "L-53DA6B97",
    name: "Application Load Balancers",
    needed: (stack) => stack.created(LOAD_BALANCER).filter((one) => !isNetwork(one)).length,
    used: (aws) => balancers(aws, "application"),
  },
  {
    service: "elasticloadbalancing",
    code: "L-69A177A2",
    name: "Network Load Balancers",
    needed: (stack) => stack.created(LOAD_BALANCER).filter(isNetwork).length,
    used: (aws) => balancers(aws, "network"),
  },
  {
    service: "elasticloadbalancing",
    code: "L-B22855CB",
    name: "target groups",
    needed: (stack) => stack.created(TARGET_GROUP).length,
    used: targetGroups,
  },
  {
    service: "iam",
    code: "L-FE177D64",
    name: "IAM roles",
    needed: (stack) => stack.created(ROLE).length,
    told: roles,
  },
];

async function use(aws: Aws, { service, code, used, told }: Limit): Promise<QuotaUse> {
  const own = told ? await told(aws) : {};
  const its = own.limit === undefined ? await quotaUse(aws, { service, code }) : { limit: own.limit };
  return { ...its, ...own, ...(used && { used: await used(aws) }) };
}

function judge({ isStateKnown }: PlannedStack, { name, service, code, needed, answer }: Room): Finding[] {
  if ("denied" in answer) return [notPermitted(name, answer.denied)];
  if (!answer.value) return [];
  const { limit, used = 0 } = answer.value;
  if (used + needed <= limit) return [];
  const amount = (count: number) => String(Math.round(count * 100) / 100);
  const detail = `${name}: ${amount(used)} of ${amount(limit)} in use, and the update takes ${amount(needed)} more.`;
  const fix = `${requestIncrease({ service, code })}, or remove what is not needed.`;
  // Without the state, what the stack has already is counted twice.
  return [{ result: isStateKnown ? "fail" : "warn", cause: "quota", detail, fix }];
}

export const quotas: Verification<Room[]> = {
  name: "Quotas",
  read(stack, aws) {
    const limits = [...LIMITS, ...natGatewayLimits(stack)]
      .map((limit) => ({ limit, needed: limit.needed(stack) }))
      .filter(({ needed }) => needed > 0);
    if (limits.length === 0) return undefined;
    return Promise.all(
      limits.map(async ({ limit, needed }): Promise<Room> => {
        const { service, code, name } = limit;
        return { service, code, name, needed, answer: await lookedUp(use(aws, limit), "NoSuchResourceException") };
      }),
    );
  },
  judge(stack, rooms) {
    const isUntold = ({ answer }: Room) => "value" in answer && !answer.value;
    const names = (them: Room[]) => them.map(({ name }) => name).join(", ");
    const [untold, told] = [rooms.filter(isUntold), rooms.filter((room) => !isUntold(room))];
    const findings = told.flatMap((room) => judge(stack, room));
    return [
      ...(told.length > 0 ? unlessFound(findings, `${names(told)}: room for the update`) : []),
      ...(untold.length > 0 ? [skip(`${names(untold)}: AWS does not say how many the account may have`)] : []),
    ];
  },
};
