// AWS's default quotas. An account can have them raised. No Pulumi here.

/** Of one load balancer; the outbound rules are those of its security group. */
export const LOAD_BALANCER_QUOTAS = { rules: 100, targetGroups: 100, targets: 1000, outboundRules: 60 };

/** Elastic IPs of one region. */
export const ELASTIC_IPS = 5;

/** Addresses of each subnet that AWS keeps for itself. */
export const RESERVED_ADDRESSES = 5;
