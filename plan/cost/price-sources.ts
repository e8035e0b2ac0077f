/** Where the AWS Pricing API keeps the price of one key of a price list. */
export interface Source {
  /** The API's code of the service. */
  service: string;
  /** What the API is asked to filter by, beside the region. */
  filters: Record<string, string>;
  /** The usage type without its region's prefix: `Fargate-GB-Hours` for `EUC1-Fargate-GB-Hours`. */
  usage: string;
  /** Tells apart what shares a usage type. */
  operation?: string;
}

const ALB = { service: "AWSELB", filters: { productFamily: "Load Balancer-Application" }, operation: "LoadBalancing:Application" };
const NLB = { service: "AWSELB", filters: { productFamily: "Load Balancer-Network" }, operation: "LoadBalancing:Network" };
const NAT = { service: "AmazonEC2", filters: { productFamily: "NAT Gateway" }, operation: "NatGateway" };

/** Keys without a source (Spot, Container Insights, traffic, WAF, zones, what a volume does in a second) are no plain list price of one region. */
const SOURCES: Record<string, Source> = {
  "fargate.vcpu.x86_64": { service: "AmazonECS", filters: {}, usage: "Fargate-vCPU-Hours:perCPU" },
  "fargate.memory.x86_64": { service: "AmazonECS", filters: {}, usage: "Fargate-GB-Hours" },
  "fargate.vcpu.arm64": { service: "AmazonECS", filters: {}, usage: "Fargate-ARM-vCPU-Hours:perCPU" },
  "fargate.memory.arm64": { service: "AmazonECS", filters: {}, usage: "Fargate-ARM-GB-Hours" },
  "fargate.storage": { service: "AmazonECS", filters: {}, usage: "Fargate-EphemeralStorage-GB-Hours" },
  "alb.hour": { ...ALB, usage: "LoadBalancerUsage" },
  "alb.lcu": { ...ALB, usage: "LCUUsage" },
  "nlb.hour": { ...NLB, usage: "LoadBalancerUsage" },
  "nlb.lcu": { ...NLB, usage: "LCUUsage" },
  "nat.hour": { ...NAT, usage: "NatGateway-Hours" },
  "nat.gb": { ...NAT, usage: "NatGateway-Bytes" },
  "ipv4.hour": { service: "AmazonVPC", filters: {}, usage: "PublicIPv4:InUseAddress" },
  "endpoint.hour": { service: "AmazonVPC", filters: {}, usage: "VpcEndpoint-Hours" },
  "endpoint.gb": { service: "AmazonVPC", filters: {}, usage: "VpcEndpoint-Bytes" },
  "ebs.gp3": { service: "AmazonEC2", filters: { productFamily: "Storage", volumeApiName: "gp3" }, usage: "EBS:VolumeUsage.gp3" },
  "ebs.io2": { service: "AmazonEC2", filters: { productFamily: "Storage", volumeApiName: "io2" }, usage: "EBS:VolumeUsage.io2" },
  "ebs.st1": { service: "AmazonEC2", filters: { productFamily: "Storage", volumeApiName: "st1" }, usage: "EBS:VolumeUsage.st1" },
  "ebs.sc1": { service: "AmazonEC2", filters: { productFamily: "Storage", volumeApiName: "sc1" }, usage: "EBS:VolumeUsage.sc1" },
  "logs.ingest": { service: "AmazonCloudWatch", filters: {}, usage: "DataProcessing-Bytes" },
  "logs.ingest.infrequent": { service: "AmazonCloudWatch", filters: {}, usage: "DataProcessingIA-Bytes" },
  "logs.stored": { service: "AmazonCloudWatch", filters: {}, usage: "TimedStorage-ByteHrs" },
  alarm: { service: "AmazonCloudWatch", filters: {}, usage: "CW:AlarmMonitorUsage" },
  "alarm.highResolution": { service: "AmazonCloudWatch", filters: {}, usage: "CW:HighResAlarmMonitorUsage" },
  "ecr.stored": { service: "AmazonECR", filters: {}, usage: "TimedStorage-ByteHrs" },
  "efs.stored": { service: "AmazonEFS", filters: { storageClass: "General Purpose" }, usage: "TimedStorage-ByteHrs" },
  secret: { service: "AWSSecretsManager", filters: {}, usage: "AWSSecretsManager-Secrets" },
};

/** The source of a key; undefined where the API has no such price. */
export function sourceOf(key: string): Source | undefined {
  const instanceType = /^ec2\.(.+)$/.exec(key)?.[1];
  if (instanceType === undefined) return SOURCES[key];
  const filters = { instanceType, operatingSystem: "Linux", tenancy: "Shared", capacitystatus: "Used", preInstalledSw: "NA" };
  return { service: "AmazonEC2", filters, usage: `BoxUsage:${instanceType}` };
}

/** A product as the API tells it, in what matters here. */
export interface Product {
  product: { attributes: Record<string, string> };
  terms: { OnDemand?: Record<string, { priceDimensions: Record<string, PriceDimension> }> };
}

interface PriceDimension {
  /** Where a tier begins; "0" for the first one, and where there are none. */
  beginRange?: string;
  pricePerUnit: { USD?: string };
}

/**
 * A usage type's prefix names the region (`USE1-`, `EU-`), and may be missing in us-east-1. Nothing else may stand there:
 * `TS-LoadBalancerUsage` is the price of trust stores, `USE1-BOS1-...` that of a local zone.
 */
const PREFIX = /^(?:[A-Z]{2,3}\d|EU)-/;

/** The price that the products name for a source, in USD; undefined if there is none, or more than one. */
export function priceIn(products: readonly Product[], { usage, operation }: Source): number | undefined {
  const matching = products.filter(({ product: { attributes } }) => {
    const { usagetype = "" } = attributes;
    return usagetype.replace(PREFIX, "") === usage && (operation === undefined || attributes.operation === operation);
  });
  const found = new Set(matching.flatMap((product) => firstPaidTier(product) ?? []));
  return found.size === 1 ? [...found][0] : undefined;
}

/** A free first tier is the account's, not the stack's. */
function firstPaidTier({ terms }: Product): number | undefined {
  const tiers = Object.values(terms.OnDemand ?? {})
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions))
    .map(({ beginRange = "0", pricePerUnit }) => ({ begin: Number(beginRange), usd: Number(pricePerUnit.USD) }))
    .filter(({ usd }) => usd > 0);
  return tiers.sort((a, b) => a.begin - b.begin)[0]?.usd;
}
