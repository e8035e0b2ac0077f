import type { Aws } from "./aws";

/** A quota of the account in its region. */
export interface Quota {
  service: string;
  code: string;
  name: string;
}

export interface QuotaUse {
  limit: number;
  /** The most that was in use in the last three hours; absent where AWS does not measure it. */
  used?: number;
}

export async function quotaUse(aws: Aws, { service, code }: Pick<Quota, "service" | "code">): Promise<QuotaUse> {
  const { Quota: its } = await aws.quotas().getServiceQuota({ ServiceCode: service, QuotaCode: code });
  const limit = its?.Value ?? 0;
  const metric = its?.UsageMetric;
  if (!metric?.MetricName) return { limit };
  const now = Date.now();
  const { Datapoints = [] } = await aws.cloudwatch().getMetricStatistics({
    Namespace: metric.MetricNamespace,
    MetricName: metric.MetricName,
    Dimensions: Object.entries(metric.MetricDimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    StartTime: new Date(now - 3 * 3600_000),
    EndTime: new Date(now),
    Period: 3600,
    Statistics: ["Maximum"],
  });
  return { limit, used: Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum)) };
}

/** How to have more of it. */
export const requestIncrease = ({ service, code }: Pick<Quota, "service" | "code">) =>
  `Request an increase: Service Quotas, ${service}, ${code}`;
