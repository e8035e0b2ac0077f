// AWS's default quotas. An account can have them raised. No Pulumi here.

/** Of one load balancer, of either kind: the certificates are those beside the default ones, the outbound rules those of its security group. */
export const LOAD_BALANCER_QUOTAS = { listeners: 50, rules: 100, targetGroups: 100, targets: 1000, certificates: 25, outboundRules: 60 };

/** Elastic IPs of one region. */
export const ELASTIC_IPS = 5;

/** Addresses of each subnet that AWS keeps for itself. */
export const RESERVED_ADDRESSES = 5;

/** Inbound rules of one security group. */
export const SECURITY_GROUP_RULES = 60;

/** How many of them CloudFront's prefix list counts as: a list counts its most entries, whatever it has. */
export const CLOUDFRONT_RULES = 55;

/** Characters of all inline policies of one role together, spaces apart. No account can have this one raised. */
export const POLICY_CHARACTERS = 10_240;

/** Names of one certificate, a wildcard's included. */
export const CERTIFICATE_NAMES = 10;
