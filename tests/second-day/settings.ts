// The changes of the matrix: each key of the settings page, from what a stack says to another legal value.

/** The stacks that the matrix changes. */
export const STACKS = {
  dev: { file: "dev", with: {} },
  // What is protected is changed in rows of its own.
  prod: { file: "prod", with: { deletionProtection: false } },
  ec2: { file: "ec2", with: {} },
  managed: { file: "ec2", with: { compute: "managed-instances", ec2: undefined } },
} as const;
export type StackName = keyof typeof STACKS;

/** Settings by key; undefined takes one away. */
export type Settings = Record<string, unknown>;

export interface Row {
  key: string;
  /** What it becomes. */
  to: Settings;
  /** What the stack says besides, before and after. */
  from?: Settings;
  on?: StackName[];
  /** What the program says on a live stack, before anything is touched. */
  refused?: RegExp;
  /** Where one key has several rows. */
  label?: string;
}

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
const INSTANCES: StackName[] = ["ec2", "managed"];
const FARGATE: StackName[] = ["dev", "prod"];

/** Rows whose key is read by the same code on every stack. */
const DEV: { on: StackName[] } = { on: ["dev"] };
const CHECKED = { ...DEV, from: { "service.containerHealthCheck": { command: ["CMD", "node", "check.js"] } } };
const ASLEEP = { on: ["dev", "ec2"] as StackName[], from: { "service.sleep": { stop: "20:00", start: "07:00" } } };
const REPORT = { ...DEV, from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } } };
const AGENT = { on: ["managed"] as StackName[], from: { daemons: { agent: { image: "agent:1" } } } };
const CHECKED_AGENT = { ...AGENT, from: { daemons: { agent: { image: "agent:1", containerHealthCheck: { command: ["CMD", "check"] } } } } };
const LOGS_OF_HOST = { ...AGENT, from: { daemons: { agent: { image: "agent:1", volumes: { data: {} }, mounts: { data: "/data" } } } } };
const WWW = { ...DEV, from: { "loadBalancer.redirects": { www: { host: "www.example.com", to: "/", path: "/old" } } } };
const EXISTING_FILES = { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" };
const THERE = { ...DEV, from: { "service.volumes": { data: EXISTING_FILES }, "service.mounts": { data: "/data" } } };
const SHARED_FILES = {
  ...DEV,
  from: { "service.volumes": { data: { efs: "data" } }, "service.mounts": { data: "/data" }, "fileSystems.data": {} },
};
const MOUNTED = { "service.volumes": { data: {} }, "service.mounts": { data: "/data" } };
const DISK = { ...MOUNTED, "service.volumes": { data: { ebs: { size: "10 GB" } } } };
const MOUNTED_TASK = {
  tasks: { report: { command: ["node"], schedule: "rate(1 day)", volumes: { data: {} }, mounts: { data: "/data" } } },
};
const IN_BRIDGE_MODE = { on: ["ec2"] as StackName[], from: { "service.networkMode": "bridge" } };
const BESIDE = { ...DEV, from: { "service.sidecars": { proxy: { image: "proxy:1", essential: false } } } };
const OLD = { ...DEV, from: { "loadBalancer.responses": { old: { path: "/v1/*", status: 410 } } } };
const DNS_ROLE = "arn:aws:iam::999988887777:role/dns";
const NAMED = { ...DEV, from: { "loadBalancer.domain": "shop.example.com" } };
const BESIDE_THE_FIRST = {
  ...DEV,
  from: { "loadBalancer.domain": "example.com", "loadBalancer.domains": { shop: { domain: "shop.example.org" } } },
};
const REVIEWED = { ...DEV, from: { "review.domain": "preview.example.com", "review.platform": "organization/platform/dev" } };
const REVIEWED_BY_DAY = { ...DEV, from: { ...REVIEWED.from, "review.sleep": { stop: "20:00", start: "07:00" } } };
const UNDER_REVIEW = { ...DEV, from: { ...REVIEWED.from, "review.pullRequest": 12 } };
const ADMIN = { ...DEV, from: { "service.ports": { admin: { port: 9000, path: "/admin/*" } } } };
const MQTT = { "service.ports": { mqtt: { port: 1883, protocol: "tcp", listener: {} } } };
const CONNECTED = { ...DEV, from: MQTT };
const CONNECTED_BY_NAME = { ...DEV, from: { ...MQTT, "networkLoadBalancer.domain": "mqtt.example.com" } };
const LISTENING = { ...DEV, from: { "service.protocol": "tcp", loadBalancer: undefined } };
const TOLD = { ...DEV, from: { "notify.emails": ["oncall@example.org"] } };
const IN_SLACK = { ...DEV, from: { "notify.slack": { teamId: "T0123ABCDEF", channelId: "C0123ABCDEF" } } };
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts";
const API = { from: { services: { api: { path: "/api/*" } } } };
const CALLED = { from: { "service.connect": {}, services: { jobs: { calls: ["web"] } } } };
const COUNTED = { "cluster.containerInsights": "enabled", "service.desiredCount": undefined };
const WORKER = { ...DEV, from: { ...COUNTED, "service.queue": { deletionProtection: false } } };
const OLD_QUEUE = "arn:aws:sqs:us-east-1:111122223333:jobs";
const ORDERS = { target: 100, of: { open: { namespace: "shop", metricName: "OpenOrders" } } };
const METERED = { ...DEV, from: { "service.desiredCount": undefined, "service.scaling": { metrics: { orders: ORDERS } } } };
const IN_STEPS = { of: ORDERS.of, scaleOut: [{ from: 100, add: 1 }], scaleIn: [{ to: 10, remove: 1 }] };
const STEPPED = { ...DEV, from: { "service.desiredCount": undefined, "service.scaling": { metrics: { orders: IN_STEPS } } } };
const SENT_TO = { ...DEV, from: { ...COUNTED, services: { jobs: { queue: {} } } } };
const SPLUNK = { driver: "splunk", options: { "splunk-url": "https://logs.example.com" }, secretOptions: { "splunk-token": SECRET } };
const NOTHING_OF_ITS_OWN = { "network.zones": undefined, "network.nat": undefined, "network.flowLogs": undefined };
const ELSEWHERE = {
  ...DEV,
  from: {
    ...NOTHING_OF_ITS_OWN,
    "network.existing": {
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    },
  },
};

const NO_CLUSTER = { "cluster.containerInsights": undefined, "cluster.execLogRetentionInDays": undefined };
const NO_BALANCER = { "loadBalancer.accessLogs": undefined };
const CLUSTER = "arn:aws:ecs:us-east-1:111122223333:cluster/apps";
const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2";
const ON_A_CLUSTER = { ...DEV, from: { ...NO_CLUSTER, "cluster.existing": { clusterArn: CLUSTER } } };
const IN_DNS = {
  ...DEV,
  from: { ...NO_CLUSTER, "cluster.existing": { clusterArn: CLUSTER, dnsNamespace: { id: "ns-0123456789abcdee", name: "old.internal" } } },
};
const BEHIND = { ...DEV, from: { ...NO_BALANCER, "loadBalancer.existing": { listenerArn: LISTENER } } };

const row = (key: string, value: unknown, more: Omit<Row, "key" | "to"> & { and?: Settings } = {}): Row => {
  const { and, ...rest } = more;
  return { key, to: { [key]: value, ...and }, ...rest };
};

const SIGN_IN = { issuer: "https://accounts.google.com", clientId: "shop", clientSecret: "[secret]" };
const SIGNED_IN = { ...DEV, from: { "loadBalancer.domain": "shop.example.com", "service.signIn": SIGN_IN } };
/** A plan sees no secret's value, and so no other one either. */
const OTHERWISE = { and: { "service.signIn.clientId": "other" } };
const NAMED_SECRET = {
  ...DEV,
  from: {
    "loadBalancer.domain": "shop.example.com",
    "service.signIn": { ...SIGN_IN, clientSecret: { secret: "prod/sign-in", key: "secret" } },
  },
};
const POOL = { userPoolArn: "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_abc", userPoolDomain: "shop", clientId: "shop" };
const IN_POOL = { ...DEV, from: { "loadBalancer.domain": "shop.example.com", "service.signIn": POOL } };
const ENDPOINT = "https://login.example.com/authorize";
const WAF = { ...DEV, from: { "loadBalancer.waf": { managed: ["common", "known-bad-inputs"] } } };
const MUTUAL = { ...DEV, from: { "loadBalancer.domain": "shop.example.com" } };
const TRUST_STORE = "arn:aws:elasticloadbalancing:us-east-1:111122223333:truststore/partners/50dc6c495c0c918";
const VERIFIED = { ...MUTUAL, from: { ...MUTUAL.from, "loadBalancer.mutualTls": { trustStoreArn: TRUST_STORE } } };
const WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/team/1a2b3c4d";

/** A collector beside the app, and another one. */
const telemetryRows = (key: string, beside: Pick<Row, "on" | "from">): Row[] => {
  const there = { ...beside, from: { ...beside.from, [key]: { memory: "100 MB" } } };
  return [
    row(key, "otel", beside),
    row(`${key}.collector`, "cloudwatch", there),
    row(`${key}.image`, "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/collector:2.1.0", there),
    row(`${key}.memory`, "256 MB", there),
  ];
};

/** Another log driver, and what only another one takes. */
const loggingRows = (key: string, beside: Pick<Row, "on" | "from">): Row[] => {
  const toSplunk = { ...beside, from: { ...beside.from, [key]: SPLUNK } };
  const routed = (firelens: object) => ({ ...beside, from: { ...beside.from, [`${key}.firelens`]: firelens } });
  const toS3 = { to: "s3", bucket: "team-logs" };
  return [
    row(`${key}.driver`, "splunk", { ...beside, and: { [key]: SPLUNK } }),
    row(`${key}.maxBufferSize`, "4 MB", beside),
    row(`${key}.options`, { ...SPLUNK.options, "splunk-source": "web" }, toSplunk),
    row(`${key}.secretOptions`, { "splunk-token": SECRET.replace("db", "other") }, toSplunk),
    row(`${key}.firelens`, toS3, beside),
    row(`${key}.firelens.to`, "cloudwatch", { ...routed(toS3), and: { [`${key}.firelens.bucket`]: undefined } }),
    row(`${key}.firelens.bucket`, "other-logs", routed(toS3)),
    row(`${key}.firelens.deliveryStream`, "other-logs", routed({ to: "firehose", deliveryStream: "team-logs" })),
    row(`${key}.firelens.image`, "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/router:2.1.0", routed(toS3)),
    row(`${key}.firelens.memory`, "128 MB", routed(toS3)),
  ];
};

/** The rows that need more than another value of one key, or a telling one. The others are made from the schemas. */
export const WRITTEN: Row[] = [
  row("compute", "ec2", { and: { "network.nat": "single" }, on: FARGATE, label: "to ec2" }),
  row("compute", "managed-instances", { and: { "network.nat": "single" }, on: FARGATE, label: "to managed-instances" }),
  row("compute", "fargate", { and: { ec2: undefined }, on: INSTANCES, label: "to fargate" }),
  row("compute", "managed-instances", { and: { ec2: undefined }, on: ["ec2"], label: "ec2 to managed-instances" }),
  row("architecture", "arm64", { on: ["dev", "prod", "managed"] }),
  row("architecture", "arm64", { and: { "ec2.instanceTypes": ["t4g.medium"] }, on: ["ec2"] }),
  row("deletionProtection", true),
  row("tags", { Team: "shop" }),
  row("encryption", "own"),
  row("kmsKeyArn", KEY),
  row("permissionsBoundary", "arn:aws:iam::111122223333:policy/boundary"),
  row("aws:region", "eu-west-1", { on: FARGATE }),
  row("budget", 1000),
  row("policy", { enforce: false }),
  row("assumptions", { requests: 5 }),

  row("network.cidrBlock", "10.1.0.0/16", {
    refused: /^Pulumi\.\w+\.yaml: network\.cidrBlock: the network was made with 10\.[01]\.0\.0\/16, and AWS changes no VPC's range/,
  }),
  row("network.avoidCidrBlocks", ["10.2.0.0/16"]),
  row("network.zones", 3, { on: ["dev", "ec2", "managed"] }),
  row("network.zones", 2, { on: ["prod"] }),
  row("network.nat", "single", { on: FARGATE }),
  row("network.nat", "perZone", { on: ["dev", ...INSTANCES], label: "perZone" }),
  row("network.nat", "none", { on: ["prod"], label: "none" }),
  row("network.nat", "regional", { label: "regional" }),
  row("network.nat", "instance", { label: "instance" }),
  row("network.elasticIps", ["eipalloc-0123456789abcdef0"], { ...DEV, from: { "network.nat": "single" } }),
  row("network.endpoints", "private"),
  row("network.endpointServices", ["sqs"], { from: { "network.endpoints": "private" } }),
  row("network.endpoints", "private", { and: { "network.nat": undefined }, on: ["prod"], label: "in place of NAT" }),
  row("network.flowLogs", 30),
  row("network.flowLogs", false, { on: ["prod", ...INSTANCES], label: "off" }),
  row("network.ipv6", true),
  row(
    "network.existing",
    {
      vpcId: "vpc-0123456789abcdef0",
      publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    },
    { and: { "network.zones": undefined, "network.nat": undefined, "network.flowLogs": undefined }, on: ["dev"] },
  ),

  row("network.existing.vpcId", "vpc-0123456789abcdef9", ELSEWHERE),
  row("network.existing.publicSubnetIds", ["subnet-0123456789abcdef0", "subnet-0123456789abcdef7"], ELSEWHERE),
  row("network.existing.privateSubnetIds", ["subnet-0123456789abcdef2", "subnet-0123456789abcdef4"], ELSEWHERE),
  row("network.existing.tasks", "public", ELSEWHERE),
  row("network.existing.ipv6", true, ELSEWHERE),
  row("network.existing.stack", "organization/network/dev", {
    on: ["dev"],
    from: { ...NOTHING_OF_ITS_OWN, "network.existing": { stack: "organization/network/test" } },
  }),

  row("platform", "organization/platform/dev", { ...DEV, and: { ...NOTHING_OF_ITS_OWN, ...NO_CLUSTER, ...NO_BALANCER } }),
  row("platform", "organization/platform/dev", {
    ...DEV,
    from: { ...NOTHING_OF_ITS_OWN, ...NO_CLUSTER, ...NO_BALANCER, platform: "organization/platform/test" },
    label: "another",
  }),
  row("cluster.existing", { clusterArn: CLUSTER }, { ...DEV, and: NO_CLUSTER }),
  row("cluster.existing.clusterArn", `${CLUSTER}-2`, ON_A_CLUSTER),
  row("cluster.existing.execLogGroupArn", "arn:aws:logs:us-east-1:111122223333:log-group:exec", ON_A_CLUSTER),
  row("cluster.existing.ec2CapacityProviders", { blue: "apps-blue" }, ON_A_CLUSTER),
  row("cluster.existing.managedInstancesCapacityProvider", "apps-managed", ON_A_CLUSTER),
  row("cluster.existing.namespaceArn", "arn:aws:servicediscovery:us-east-1:111122223333:namespace/ns-0123456789abcdef", ON_A_CLUSTER),
  row("cluster.existing.dnsNamespace.id", "ns-0123456789abcdef", IN_DNS),
  row("cluster.existing.dnsNamespace.name", "shop.internal", IN_DNS),
  row("cluster.existing.stack", "organization/platform/dev", {
    ...DEV,
    from: { ...NO_CLUSTER, "cluster.existing": { stack: "organization/platform/test" } },
  }),
  row("loadBalancer.existing", { listenerArn: LISTENER }, { ...DEV, and: NO_BALANCER }),
  row("loadBalancer.existing.listenerArn", LISTENER.replace("public", "other"), BEHIND),
  row("loadBalancer.existing.baseUrl", "https://apps.example.com", BEHIND),
  row("loadBalancer.existing.securityGroupId", "sg-0123456789abcdef0", BEHIND),
  row("loadBalancer.existing.stack", "organization/platform/dev", {
    ...DEV,
    from: { ...NO_BALANCER, "loadBalancer.existing": { stack: "organization/platform/test" } },
  }),

  row("image.context", ".", { and: { "image.dockerfile": "app/Dockerfile" } }),
  row("image.dockerfile", "app/Dockerfile"),
  row("image.target", "build"),
  row("image.buildArgs", { X: "1" }),
  row("image.secrets", { npm: "one" }),
  row("image.imageUri", "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1.2.3"),
  row("image.from", "organization/shop/dev"),
  row("image.sharedWith", ["210987654321"]),
  row("image.pullThroughCache", true, { from: { "image.imageUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/hub/shop:1.2.3" } }),
  row("image.registryCredentials", SECRET, { from: { "image.imageUri": "ghcr.io/acme/shop:1.2.3" } }),
  row("image.keep", 10),
  row("image.architectures", ["x86_64", "arm64"]),
  row("image.cache", false),
  row("image.forceDelete", true),

  row("cluster.containerInsights", "enabled"),
  row("cluster.execLogRetentionInDays", 30),
  row("cluster.ephemeralStorageKmsKeyArn", KEY, DEV),
  row("ec2.instanceTypes", ["t3.large"], { on: ["ec2"] }),
  row("ec2.min", 3, { on: ["ec2"] }),
  row("ec2.max", 9, { on: ["ec2"] }),
  row("ec2.ami", "follow", { on: ["ec2"] }),
  row("ec2.amiFamily", "bottlerocket", { on: ["ec2"] }),
  row("ec2.maxInstanceLifetime", 30, { on: ["ec2"] }),
  row("ec2.spotPercent", 0, { on: ["ec2"] }),
  row("ec2.onDemandBase", 2, { on: ["ec2"] }),
  row("ec2.rootVolumeSize", 50, { on: ["ec2"] }),
  row("ec2.detailedMonitoring", true, { on: ["ec2"] }),
  row("ec2.managedScaling", false, { and: { "ec2.min": 6, "ec2.max": 8 }, on: ["ec2"] }),
  row("ec2.targetCapacity", 80, { on: ["ec2"] }),
  row("ec2.terminationProtection", true, { on: ["ec2"] }),
  row("managedInstances.vcpus", { min: 2, max: 16 }, { on: ["managed"] }),
  row("managedInstances.memory", { min: 4096, max: 65536 }, { on: ["managed"] }),
  row("managedInstances.gpus", { min: 1, max: 2 }, { on: ["managed"] }),
  row("managedInstances.gpus.min", 2, { on: ["managed"], from: { "managedInstances.gpus": { min: 1, max: 8 } } }),
  row("managedInstances.gpus.max", 16, { on: ["managed"], from: { "managedInstances.gpus": { min: 1, max: 8 } } }),
  row("managedInstances.vcpus.min", 2, { on: ["managed"], from: { "managedInstances.vcpus": { min: 1, max: 8 } } }),
  row("managedInstances.vcpus.max", 16, { on: ["managed"], from: { "managedInstances.vcpus": { min: 1, max: 8 } } }),
  row("managedInstances.memory.min", 4096, { on: ["managed"], from: { "managedInstances.memory": { min: 2048, max: 32768 } } }),
  row("managedInstances.memory.max", 65536, { on: ["managed"], from: { "managedInstances.memory": { min: 2048, max: 32768 } } }),
  row("managedInstances.instanceTypes", ["m7i.*"], { on: ["managed"] }),
  row("managedInstances.capacity", "spot", { on: ["managed"] }),
  row("managedInstances.storageSize", 50, { on: ["managed"] }),
  row("managedInstances.detailedMonitoring", true, { on: ["managed"] }),
  row("managedInstances.scaleInAfter", 600, { on: ["managed"] }),

  row("loadBalancer.domain", "shop.example.com"),
  row("loadBalancer.domain", "shop.example.com", { from: { "service.rollout": "blueGreen" }, label: "a blueGreen service" }),
  row("loadBalancer.domain", undefined, { and: { "loadBalancer.requireHttps": undefined }, on: ["prod"], label: "taken away" }),
  row("loadBalancer.domain", ["shop.example.com", "www.example.com"], {
    from: { "loadBalancer.domain": "shop.example.com" },
    label: "one more",
  }),
  row("loadBalancer.domain", ["www.example.com", "shop.example.com"], {
    from: { "loadBalancer.domain": ["shop.example.com", "www.example.com"] },
    label: "another first",
  }),
  row("loadBalancer.hostedZone", "shop.example.com", { from: { "loadBalancer.domain": "a.shop.example.com" } }),
  row("loadBalancer.hostedZone", "external", { ...NAMED, label: "DNS elsewhere" }),
  row("loadBalancer.hostedZone.zone", "Z0123456789ABCDEFGHIJ", NAMED),
  row("loadBalancer.hostedZone.privateZone", true, NAMED),
  row("loadBalancer.hostedZone.roleArn", DNS_ROLE, NAMED),
  row("loadBalancer.domains.shop.hostedZone.zone", "Z0123456789ABCDEFGHIJ", BESIDE_THE_FIRST),
  row("loadBalancer.domains.shop.hostedZone.privateZone", true, BESIDE_THE_FIRST),
  row("loadBalancer.domains.shop.hostedZone.roleArn", DNS_ROLE, BESIDE_THE_FIRST),
  row("loadBalancer.domain", ["shop.example.com", "*.shop.example.com"], {
    from: { "loadBalancer.domain": "shop.example.com" },
    label: "a wildcard more",
  }),
  row("loadBalancer.redirectFrom", "www.shop.example.com", { ...DEV, from: { "loadBalancer.domain": "shop.example.com" } }),
  row("loadBalancer.domains", { shop: "shop.example.org" }, { from: { "loadBalancer.domain": "example.com" } }),
  row("loadBalancer.domains.shop.domain", ["shop.example.org", "*.shop.example.org"], BESIDE_THE_FIRST),
  row("loadBalancer.domains.shop.hostedZone", "shop.example.org", BESIDE_THE_FIRST),
  row("loadBalancer.domains.shop.certificateArn", CERTIFICATE, BESIDE_THE_FIRST),
  row("loadBalancer.domains.shop.redirectFrom", "www.example.org", BESIDE_THE_FIRST),
  row("loadBalancer.certificateArn", CERTIFICATE),
  row("loadBalancer.sslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06", { from: { "loadBalancer.domain": "shop.example.com" } }),
  row("loadBalancer.responseHeaders", { "X-Frame-Options": "DENY" }),
  row("loadBalancer.strictTransportSecurity", "max-age=31536000", { ...DEV, from: { "loadBalancer.domain": "shop.example.com" } }),
  row("loadBalancer.requireHttps", true, { from: { "loadBalancer.domain": "shop.example.com" }, on: ["dev", ...INSTANCES] }),
  row("loadBalancer.internal", true),
  row("loadBalancer.allowedCidrBlocks", ["203.0.113.0/24", "198.51.100.0/24"]),
  row("loadBalancer.idleTimeout", 120),
  row("loadBalancer.accessLogs", 30),
  row("loadBalancer.accessLogs", false, { on: ["prod"], label: "off" }),
  row("loadBalancer.forceDestroyLogs", true, { from: { "loadBalancer.accessLogs": 30 } }),
  row("loadBalancer.deletionProtection", true),
  row("loadBalancer.allowedPrefixLists", ["cloudfront"]),
  row("loadBalancer.mutualTls", { mode: "passthrough" }, MUTUAL),
  row("loadBalancer.mutualTls.mode", "off", { ...MUTUAL, from: { ...MUTUAL.from, "loadBalancer.mutualTls": { mode: "passthrough" } } }),
  row("loadBalancer.mutualTls.trustStoreArn", `${TRUST_STORE}9`, VERIFIED),
  row("loadBalancer.mutualTls.certificates", "../authority.pem", {
    ...MUTUAL,
    from: { ...MUTUAL.from, "loadBalancer.mutualTls": { trustStoreArn: TRUST_STORE } },
    and: { "loadBalancer.mutualTls.trustStoreArn": undefined },
  }),
  row("loadBalancer.mutualTls.ignoreExpired", true, VERIFIED),
  row("loadBalancer.waf.managed", ["common", "known-bad-inputs", "sql"], WAF),
  row("loadBalancer.waf.count", { common: ["SizeRestrictions_BODY"] }, WAF),
  row("loadBalancer.waf.rateLimit", 2000, WAF),
  row("loadBalancer.waf.logs", false, WAF),
  row("loadBalancer.webAclArn", WEB_ACL, {
    ...DEV,
    from: { "loadBalancer.waf": { logs: false } },
    and: { "loadBalancer.waf": undefined },
  }),
  row("loadBalancer.redirects.www.to", "/shop", WWW),
  row("loadBalancer.redirects.www.permanent", false, WWW),
  row("loadBalancer.responses.old.status", 404, OLD),
  row("loadBalancer.responses.old.body", "Version 1 is gone.", OLD),
  row("loadBalancer.responses.old.contentType", "text/html", OLD),

  row("service.name", "shop"),
  row("service.formerName", "web", { from: { "service.formerName": "shop" }, and: { "service.name": "shop" } }),
  row("service.cpu", "1 vCPU", { and: { "service.memory": "2 GB" } }),
  row("service.memory", "2 GB", { and: { "service.cpu": "1 vCPU" } }),
  row("service.ephemeralStorage", 30, { on: FARGATE }),
  row("service.port", 9000),
  row("service.port", 9000, { from: { "service.rollout": "blueGreen" }, label: "blueGreen" }),
  row("service.port", 9000, { ...CALLED, label: "called by another service" }),
  row("service.connect", true, { from: { services: { jobs: {} } }, and: CALLED.from, label: "and another service that calls it" }),
  row("service.connect.name", "shop", { ...CALLED, label: "called by another service" }),
  row("service.connect.protocol", "grpc", { from: { "service.connect": {} } }),
  row("service.calls", ["api"], { from: { services: { api: { connect: true } } } }),
  row("service.path", "/api/*"),
  row("service.host", "www.example.com"),
  row("service.maintenance", true),
  row("service.methods", ["GET", "HEAD"]),
  row("service.query", { version: "2" }),
  row("service.sourceRanges", ["203.0.113.0/24"]),
  row("service.headers", { "x-beta": "yes" }),
  row("service.rewrite", "/", { from: { "service.path": "/api/*" } }),
  row("service.signIn.issuer", "https://shop.okta.com", SIGNED_IN),
  row("service.signIn.clientId", "other", SIGNED_IN),
  row("service.signIn.clientSecret", "[secret]", { ...SIGNED_IN, ...OTHERWISE }),
  row("service.signIn.clientSecret", { secret: "prod/sign-in" }, { ...SIGNED_IN, ...OTHERWISE, label: "named" }),
  row("service.signIn.clientSecret.secret", "prod/other", { ...NAMED_SECRET, ...OTHERWISE }),
  row("service.signIn.clientSecret.key", "other", { ...NAMED_SECRET, ...OTHERWISE }),
  ...["authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"].map((key) => row(`service.signIn.${key}`, ENDPOINT, SIGNED_IN)),
  row("service.signIn.userPoolArn", POOL.userPoolArn.replace("abc", "def"), IN_POOL),
  row("service.signIn.userPoolDomain", "other", IN_POOL),
  row("service.signIn.scope", "openid email", SIGNED_IN),
  row("service.signIn.sessionTimeout", 3600, SIGNED_IN),
  row("service.signIn.onUnauthenticatedRequest", "deny", SIGNED_IN),
  row("service.egress", [587, { port: 5432, cidrBlocks: ["10.0.0.0/16"] }]),
  row("service.egress", [587, 465], { ...DEV, from: { "service.egress": [587] }, label: "one more" }),
  row("service.priority", 100),
  row("service.route", false, { and: { loadBalancer: undefined } }),
  row("service.capacity", "onDemand", { on: ["dev"] }),
  row("service.capacity", "mixed", { on: FARGATE, label: "mixed" }),
  row("service.capacity", "spot", { on: ["prod", ...INSTANCES], label: "spot" }),
  row("service.scaling", { min: 2, max: 20 }, { and: { "service.desiredCount": undefined } }),
  row("service.scaling.min", 4, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.max", 20, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.cpu", 50, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.memory", false, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.requests", 500, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.scaleInCooldown", 120, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row("service.scaling.scaleOutCooldown", 30, { from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } } }),
  row(
    "service.scaling.metrics",
    { orders: ORDERS },
    {
      from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } },
    },
  ),
  row("service.scaling.metrics.orders.target", 50, METERED),
  row("service.scaling.metrics.orders.expression", "2 * open", METERED),
  row("service.scaling.metrics.orders.of", { late: { namespace: "shop", metricName: "Late" } }, METERED),
  row("service.scaling.metrics.orders.of.open.namespace", "shop2", METERED),
  row("service.scaling.metrics.orders.of.open.metricName", "Late", METERED),
  row("service.scaling.metrics.orders.of.open.dimensions", { Shop: "blue" }, METERED),
  row("service.scaling.metrics.orders.of.open.statistic", "Sum", METERED),
  row(
    "service.scaling.metrics.orders.scaleOut",
    [
      { from: 100, add: 1 },
      { from: 500, add: 5 },
    ],
    STEPPED,
  ),
  row("service.scaling.metrics.orders.scaleIn", [{ to: 20, remove: 1 }], STEPPED),
  row(
    "service.scaling.schedule",
    { "weekdays 08:00-20:00": "4..20" },
    {
      from: { "service.desiredCount": undefined, "service.scaling": { min: 2, max: 10 } },
    },
  ),
  row("service.scaling.schedule.weekdays 08:00-20:00", "5..9", {
    from: { "service.desiredCount": undefined, "service.scaling": { schedule: { "weekdays 08:00-20:00": "4..20" } } },
  }),
  row("service.scaling.messages", 50, {
    from: { ...COUNTED, "service.queue": {}, "service.scaling": { min: 2, max: 10 } },
  }),
  row("service.scaling.min", 0, { ...WORKER, from: { ...WORKER.from, "service.scaling": { min: 2 } }, label: "of a worker" }),
  row("service.queue", {}, { from: { ...COUNTED } }),
  row("service.queue.visibilityTimeout", 300, WORKER),
  row("service.queue.maxReceiveCount", 5, WORKER),
  row("service.queue.messageRetention", 7, WORKER),
  row("service.queue.fifo", true, WORKER),
  row("service.queue.deletionProtection", true, WORKER),
  row("service.queue.arn", OLD_QUEUE, { ...WORKER, and: { "service.queue": { arn: OLD_QUEUE } } }),
  row("service.queue.kmsKeyArn", KEY, { ...DEV, from: { ...COUNTED, "service.queue": { arn: OLD_QUEUE } } }),
  row("service.sendsTo", ["jobs"], SENT_TO),
  row("tasks.report.sendsTo", ["jobs"], { ...DEV, from: { ...REPORT.from, ...SENT_TO.from } }),
  row("service.desiredCount", 3, { and: { "service.scaling": undefined } }),
  row("service.sleep", { stop: "20:00", start: "07:00" }),
  row("service.rollout", "blueGreen"),
  row("service.rollout", "canary", { label: "canary" }),
  row("service.rollout", "canary", { from: { "service.rollout": "blueGreen" }, label: "blueGreen to canary" }),
  row("service.rollout.strategy", "linear", { from: { "service.rollout": { strategy: "blueGreen" } } }),
  row("service.rollout.minimumHealthyPercent", 50, { from: { "service.rollout": { strategy: "rolling" } } }),
  row("service.rollout.maximumPercent", 150, { from: { "service.rollout": { strategy: "rolling" } } }),
  row("service.rollout.circuitBreaker", false, { from: { "service.rollout": { strategy: "rolling" } } }),
  row("service.rollout.alarms", { errorPercent: 5 }, { from: { "service.rollout": { strategy: "rolling" } } }),
  row("service.rollout.alarms", { errorPercent: 2 }, { from: { "service.rollout": { strategy: "canary" } }, label: "canary" }),
  row("service.rollout.bakeTimeInMinutes", 1, { from: { "service.rollout": { strategy: "blueGreen" } } }),
  row("service.rollout.canaryPercent", 20, { from: { "service.rollout": { strategy: "canary" } } }),
  row("service.rollout.canaryBakeTimeInMinutes", 1, { from: { "service.rollout": { strategy: "canary" } } }),
  row("service.rollout.stepPercent", 50, { from: { "service.rollout": { strategy: "linear" } } }),
  row("service.rollout.stepBakeTimeInMinutes", 1, { from: { "service.rollout": { strategy: "linear" } } }),
  row("service.rollout.testHeader", { "x-preview": "yes" }, { from: { "service.rollout": { strategy: "blueGreen" } } }),
  row("service.rollout.lifecycleHooks", [{ stages: ["POST_TEST_TRAFFIC_SHIFT"], pause: true }], {
    from: { "service.rollout": { strategy: "blueGreen" } },
  }),
  row("service.preDeploy", ["node", "migrate.js"]),
  row("service.preDeploy.command", ["node", "migrate.js"], { from: { "service.preDeploy": { command: ["node", "check.js"] } } }),
  row("service.preDeploy.container", "proxy", {
    from: { "service.preDeploy": { command: ["check"] }, "service.sidecars": { proxy: { image: "nginx:1.29.3" } } },
  }),
  row("service.redeploy", "1"),
  row("service.revision", "external"),
  row("service.environment", { MODE: "two" }),
  row("service.secrets", { DB: SECRET }),
  row("service.secrets", { DB: SECRET }, { from: { "network.endpoints": "private" }, label: "endpoints private" }),
  row("service.secrets", { DB: { value: "[secret]" } }, { ...DEV, label: "a value" }),
  row("service.secretsKmsKeyArns", [KEY], { from: { "service.secrets": { DB: SECRET } } }),
  row("service.healthCheck.path", "/ready"),
  row("service.healthCheck.matcher", "200-299"),
  row("service.healthCheck.interval", 20),
  row("service.healthCheck.timeout", 3),
  row("service.healthCheck.healthyThreshold", 4),
  row("service.healthCheck.unhealthyThreshold", 4),
  row("service.healthCheck.gracePeriod", 120),
  row("service.securityGroups", ["sg-0123456789abcdef0"]),
  row("service.healthCheck.port", 9000),
  row("service.healthCheck.protocol", "https", DEV),
  row("service.protocol", "http2", { from: { "loadBalancer.domain": "shop.example.com" } }),
  row("service.containerHealthCheck", false),
  row("service.deregistrationDelay", 30),
  row("service.stickiness", true),
  row("service.stickiness", false, { from: { "service.stickiness": true }, label: "switched off" }),
  row("service.stickiness.duration", 3600, { ...DEV, from: { "service.stickiness": {} } }),
  row("service.stickiness.cookie", "JSESSIONID", { ...DEV, from: { "service.stickiness": {} } }),
  row("service.slowStart", 60, DEV),
  row("service.loadBalancingAlgorithmType", "least_outstanding_requests", DEV),
  row("service.loadBalancingAlgorithmType", "round_robin", {
    ...DEV,
    from: { "service.loadBalancingAlgorithmType": "weighted_random" },
    label: "back to round_robin",
  }),
  row("service.ports", { metrics: { port: 9090 } }, { label: "without a route" }),
  row("service.ports", { admin: { port: 9000, path: "/admin/*" } }),
  row(
    "service.ports",
    { admin: { port: 9000, path: "/admin/*" } },
    { ...DEV, from: { "service.rollout": "canary" }, label: "of a canary service" },
  ),
  row("service.ports.admin.port", 9001, ADMIN),
  row("service.ports.admin.container", "proxy", {
    ...DEV,
    from: { "service.sidecars": { proxy: { image: "proxy:1" } }, "service.ports": { admin: { port: 9000, path: "/admin/*" } } },
  }),
  row("service.ports.admin.protocol", "https", ADMIN),
  row("service.ports.admin.deregistrationDelay", 60, ADMIN),
  row("service.ports.admin.path", "/internal/*", ADMIN),
  row("service.protocol", "tcp", { ...DEV, and: { loadBalancer: undefined }, label: "behind a network load balancer" }),
  row("service.ports", MQTT["service.ports"], { ...DEV, label: "of a network load balancer" }),
  row("service.listener.port", 443, LISTENING),
  row("service.listener.protocol", "tls", { ...LISTENING, from: { ...LISTENING.from, "networkLoadBalancer.certificateArn": CERTIFICATE } }),
  row("service.listener.preserveClientIp", true, LISTENING),
  row("notify.emails", ["oncall@example.org"], DEV),
  row("notify.emails", ["oncall@example.org", "team@example.org"], { ...TOLD, label: "another" }),
  row("notify.slack", IN_SLACK.from["notify.slack"], TOLD),
  row("notify.slack.teamId", "T9876ABCDEF", IN_SLACK),
  row("notify.slack.channelId", "C9876ABCDEF", IN_SLACK),
  row("notify.httpsEndpoint", "[secret]", TOLD),
  row("notify.topicArn", TOPIC, { ...TOLD, and: { "notify.emails": undefined } }),
  row("alarms", false, TOLD),
  row("alarms.healthyTargets", false, TOLD),
  row("alarms.errorPercent", 1, TOLD),
  row("alarms.latency", 0.5, TOLD),
  row("alarms.minRequests", 10, TOLD),
  row("alarms.belowDesired", 5, TOLD),
  row("alarms.restarts", 10, TOLD),
  row("alarms.memoryPercent", 80, TOLD),
  row("alarms.deadLetters", false, TOLD),
  row("alarms.messageAge", 60, TOLD),
  row("alarms.natErrors", false, TOLD),
  row("alarms.certificateDays", 30, TOLD),
  row("service.alarms", false, TOLD),
  row("service.alarms.healthyTargets", false, TOLD),
  row("service.alarms.errorPercent", 1, TOLD),
  row("service.alarms.latency", 0.5, TOLD),
  row("service.alarms.minRequests", 10, TOLD),
  row("service.alarms.belowDesired", 5, TOLD),
  row("service.alarms.restarts", 10, TOLD),
  row("service.alarms.memoryPercent", 80, TOLD),
  row("networkLoadBalancer.domain", "mqtt.example.com", CONNECTED),
  row("networkLoadBalancer.hostedZone", "mqtt.example.com", {
    ...DEV,
    from: { ...MQTT, "networkLoadBalancer.domain": "a.mqtt.example.com" },
  }),
  row("networkLoadBalancer.hostedZone.zone", "Z0123456789ABCDEFGHIJ", CONNECTED_BY_NAME),
  row("networkLoadBalancer.hostedZone.privateZone", true, CONNECTED_BY_NAME),
  row("networkLoadBalancer.hostedZone.roleArn", DNS_ROLE, CONNECTED_BY_NAME),
  row("networkLoadBalancer.certificateArn", CERTIFICATE, CONNECTED),
  row("networkLoadBalancer.sslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06", CONNECTED),
  row("networkLoadBalancer.internal", true, CONNECTED),
  row("networkLoadBalancer.elasticIps", true, CONNECTED),
  row("networkLoadBalancer.ipv6", true, { ...DEV, from: { ...MQTT, "network.ipv6": true } }),
  row("networkLoadBalancer.allowedCidrBlocks", ["203.0.113.0/24"], CONNECTED),
  row("networkLoadBalancer.crossZone", false, CONNECTED),
  row("networkLoadBalancer.deletionProtection", true, CONNECTED),
  row("service.stopTimeout", 60),
  row("service.user", "0:0"),
  row("service.readonlyRootFilesystem", false),
  row("service.writablePaths", ["/data"]),
  row("service.environmentFiles", ["arn:aws:s3:::settings/web.env"], DEV),
  row("service.environmentFiles", ["arn:aws:s3:::settings/other.env"], {
    ...DEV,
    from: { "service.environmentFiles": ["arn:aws:s3:::settings/web.env"] },
    label: "another",
  }),
  row("service.volumes", { data: {} }, { and: { "service.mounts": { data: "/data" } } }),
  row("service.mounts", { data: { path: "/srv", readOnly: true } }, { ...DEV, from: MOUNTED }),
  row("service.volumes.data.efs", {}, { on: ["dev", "prod"], from: MOUNTED }),
  row("service.volumes.data.efs", {}, { ...DEV, from: { ...MOUNTED, "service.rollout": "blueGreen" }, label: "blueGreen" }),
  row("service.volumes.data.accessPoint", "fsap-0123456789abcdef1", THERE),
  row("service.volumes.data.mountTargetSecurityGroup", "sg-0123456789abcdef0", THERE),
  row("service.volumes.data.ebs.size", "20 GB", { from: DISK }),
  row("service.volumes.data.ebs.size", "20 GB", { ...DEV, from: { ...DISK, "service.rollout": "blueGreen" }, label: "blueGreen" }),
  row("service.volumes.data.ebs.type", "io2", { ...DEV, from: DISK, and: { "service.volumes.data.ebs.iops": 3000 } }),
  row("service.volumes.data.ebs.iops", 4000, { ...DEV, from: DISK }),
  row("service.volumes.data.ebs.throughput", 500, { ...DEV, from: DISK }),
  row("service.volumes.data.ebs.snapshot", "snap-0123456789abcdef0", { ...DEV, from: DISK }),
  row("service.volumes.data.ebs.fileSystem", "ext4", { ...DEV, from: DISK }),
  row("service.volumes.data.ebs", { size: "10 GB" }, { ...DEV, from: MOUNTED, label: "added" }),
  row("service.volumes.data.hostPath", "/var/lib/data", { on: ["ec2"], from: MOUNTED }),
  row("service.dropCapabilities", ["NET_RAW"]),
  row("service.initProcess", false),
  row("service.addCapabilities", ["SYS_PTRACE"]),
  row("service.ulimits", { nofile: 100_000 }),
  row("service.systemControls", { "net.core.somaxconn": "1024" }),
  row("service.sharedMemorySize", "256 MB", { on: ["ec2"] }),
  row("service.tmpfs", { "/cache": "16 MB" }, { on: ["ec2"] }),
  row("service.dockerLabels", { team: "shop" }, { on: [...FARGATE, "ec2"] }),
  row("service.extraHosts", { db: "10.0.0.5" }, IN_BRIDGE_MODE),
  row("service.dnsServers", ["10.0.0.2"], IN_BRIDGE_MODE),
  row("service.dnsSearchDomains", ["shop.internal"], IN_BRIDGE_MODE),
  row("service.sidecars", { proxy: { image: "proxy:1" } }),
  row("service.sidecars.proxy.essential", true, BESIDE),
  row("service.sidecars.proxy.image", "proxy:2", BESIDE),
  row("service.sidecars.proxy.cpu", 64, BESIDE),
  row("service.sidecars.proxy.memory", "128 MB", BESIDE),
  row("service.sidecars.proxy.memoryReservation", "64 MB", BESIDE),
  row("service.sidecars.proxy.image", "proxy:2", {
    ...DEV,
    from: { "service.sidecars": { proxy: { image: "proxy:1", mirror: true } } },
    label: "copied",
  }),
  row("service.sidecars.proxy.mirror", true, BESIDE),
  row("service.sidecars.proxy.pullThroughCache", true, {
    ...DEV,
    from: { "service.sidecars": { proxy: { image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/nginx:1.29" } } },
  }),
  row("service.dependsOn", { proxy: "START" }, BESIDE),
  row("service.sidecars.proxy.registryCredentials", SECRET, {
    ...DEV,
    from: { "service.sidecars": { proxy: { image: "ghcr.io/acme/proxy:1" } } },
  }),
  row("tasks.report.addCapabilities", ["SYS_PTRACE"], REPORT),
  row("daemons", { agent: { image: "agent:1" } }, { on: ["managed"] }),
  row("daemons.agent.image", "agent:2", AGENT),
  row("daemons.agent.secrets", { DB: SECRET }, AGENT),
  row("daemons.agent.ulimits", { nofile: 100_000 }, AGENT),
  row("daemons.agent.systemControls", { "net.core.somaxconn": "1024" }, AGENT),
  row("daemons.agent.dropCapabilities", ["NET_RAW"], AGENT),
  row("daemons.agent.environmentFiles", ["arn:aws:s3:::settings/agent.env"], AGENT),
  row("daemons.agent.containerHealthCheck.command", ["CMD", "other"], CHECKED_AGENT),
  row("daemons.agent.containerHealthCheck.interval", 20, CHECKED_AGENT),
  row("daemons.agent.containerHealthCheck.retries", 5, CHECKED_AGENT),
  row("daemons.agent.containerHealthCheck.startPeriod", 60, CHECKED_AGENT),
  row("daemons.agent.containerHealthCheck.timeout", 10, CHECKED_AGENT),
  row("daemons.agent.mounts", { data: "/srv" }, LOGS_OF_HOST),
  row("daemons.agent.volumes.data.hostPath", "/var/log", LOGS_OF_HOST),
  row("tasks.report.ulimits", { nofile: 100_000 }, REPORT),
  row("tasks.report.systemControls", { "net.core.somaxconn": "1024" }, REPORT),
  row("tasks.report.sharedMemorySize", "256 MB", { on: ["ec2"], from: REPORT.from }),
  row("tasks.report.tmpfs", { "/cache": "16 MB" }, { on: ["ec2"], from: REPORT.from }),
  row("tasks.report.sidecars", { proxy: { image: "proxy:1" } }, REPORT),
  row(
    "tasks.report.dependsOn",
    { proxy: "START" },
    {
      ...DEV,
      from: { tasks: { report: { command: ["node"], sidecars: { proxy: { image: "proxy:1" } } } } },
    },
  ),
  row("service.command", ["node", "server.js"]),
  row("service.entryPoint", ["node"]),
  row("service.exec", true, { and: { "service.readonlyRootFilesystem": false } }),
  row("service.exec", true, {
    from: { "network.endpoints": "private", "service.readonlyRootFilesystem": false },
    label: "endpoints private",
  }),
  row("service.logRetentionInDays", 14),
  ...loggingRows("service.logging", DEV),
  ...telemetryRows("service.telemetry", DEV),
  row("service.networkMode", "bridge", { on: ["ec2"] }),
  row("service.gpu", 1, {
    from: { "ec2.instanceTypes": ["g4dn.xlarge"], "ec2.max": 10, "service.networkMode": "bridge" },
    on: ["ec2"],
  }),
  row("service.daemon", true, { and: { "service.scaling": undefined }, on: ["ec2"] }),

  row("service.containerHealthCheck.command", ["CMD", "true"], DEV),
  row("service.containerHealthCheck.interval", 20, CHECKED),
  row("service.containerHealthCheck.timeout", 3, CHECKED),
  row("service.containerHealthCheck.retries", 5, CHECKED),
  row("service.containerHealthCheck.startPeriod", 30, CHECKED),
  row("service.rollout.alarms.errorPercent", 2, {
    ...DEV,
    from: { "service.rollout": { strategy: "rolling", alarms: { errorPercent: 5 } } },
  }),
  row("service.rollout.alarms.unhealthyTargets", true, {
    ...DEV,
    from: { "service.rollout": { strategy: "rolling", alarms: { errorPercent: 5 } } },
  }),
  row("service.rollout.alarms.alarmNames", ["another"], {
    ...DEV,
    from: { "service.rollout": { strategy: "rolling", alarms: { errorPercent: 5 } } },
  }),
  row("review.domain", "review.example.com", REVIEWED),
  row("review.platform", "organization/platform/prod", REVIEWED),
  row("review.sleep", false, UNDER_REVIEW),
  row("review.sleep.stop", "21:00", REVIEWED_BY_DAY),
  row("review.sleep.start", "06:00", REVIEWED_BY_DAY),
  row("review.sleep.timezone", "Europe/Berlin", REVIEWED_BY_DAY),
  row("review.sleep.weekends", false, REVIEWED_BY_DAY),
  row("review.expiresAfterDays", 5, REVIEWED),
  row("review.pullRequest", 13, UNDER_REVIEW),
  row("service.sleep.stop", "21:00", ASLEEP),
  row("service.sleep.start", "06:00", ASLEEP),
  row("service.sleep.timezone", "Europe/Berlin", ASLEEP),
  row("service.sleep.weekends", false, ASLEEP),

  row("services", { api: { path: "/api/*" } }),
  row("services", { api: { command: ["node", "worker.js"] } }, { label: "a worker" }),
  row("services.api.image", { context: ".", dockerfile: "app/Dockerfile" }, API),
  row("services.api.compute", "fargate", { ...API, on: INSTANCES }),

  row("tasks", { report: { command: ["node", "report.js"] } }),
  row("tasks", { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } }, { label: "scheduled" }),
  row("tasks.report.schedule", "rate(1 day)", { from: { tasks: { report: { command: ["node", "report.js"] } } } }),
  row("tasks.report.command", ["node", "other.js"], {
    from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } },
  }),
  row("tasks.report.compute", "fargate", {
    from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } },
    on: INSTANCES,
  }),
  row("tasks.report.capacity", "spot", { from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } } }),
  row("tasks.report.timezone", "Europe/Berlin", {
    from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } },
  }),
  row("tasks.report.retries", 1, { from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } } }),
  row("tasks.report.maximumDelay", 10, { from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } } }),
  row("tasks.report.enabled", false, { from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } } } }),

  row("tasks.report.service", "api", {
    ...DEV,
    from: {
      services: { api: { environment: { MODE: "one" } } },
      tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } },
    },
  }),
  row("tasks.report.cpu", "1 vCPU", { ...REPORT, and: { "tasks.report.memory": "2 GB" } }),
  row("tasks.report.memory", "1 GB", REPORT),
  row("tasks.report.ephemeralStorage", 30, REPORT),
  row("tasks.report.gpu", 1, {
    from: {
      tasks: { report: { command: ["node", "report.js"] } },
      "ec2.instanceTypes": ["g4dn.xlarge"],
      "ec2.max": 10,
      "service.networkMode": "bridge",
    },
    on: ["ec2"],
  }),
  row("tasks.report.entryPoint", ["node"], REPORT),
  row("tasks.report.environment", { MODE: "two" }, REPORT),
  row("tasks.report.secrets", { DB: SECRET }, REPORT),
  row(
    "service.secrets",
    { DB: "prod/db:password" },
    { ...DEV, from: { "service.secrets": { DB: "prod/db" } }, label: "another key of it" },
  ),
  row(
    "service.secrets",
    { DB: { value: "[secret]" } },
    { ...DEV, from: { "service.secrets": { DB: SECRET } }, label: "a value in place of an ARN" },
  ),
  row("tasks.report.inherit", false, {
    ...DEV,
    from: { tasks: { report: { command: ["node", "report.js"], schedule: "rate(1 day)" } }, "service.environment": { MODE: "one" } },
  }),
  row("tasks.report.secretsKmsKeyArns", [KEY], {
    ...REPORT,
    from: { tasks: { report: { command: ["node"], schedule: "rate(1 day)", secrets: { DB: SECRET } } } },
  }),
  row("tasks.report.securityGroups", ["sg-0123456789abcdef0"], REPORT),
  row("tasks.report.user", "0:0", REPORT),
  row("tasks.report.readonlyRootFilesystem", false, REPORT),
  row("tasks.report.writablePaths", ["/data"], REPORT),
  row("tasks.report.environmentFiles", ["arn:aws:s3:::settings/report.env"], REPORT),
  row("tasks.report.mounts", { data: "/srv" }, { ...DEV, from: MOUNTED_TASK }),
  row("tasks.report.volumes", { data: { efs: {} } }, { ...DEV, from: MOUNTED_TASK }),
  row("tasks.report.dropCapabilities", ["NET_RAW"], REPORT),
  row("tasks.report.initProcess", false, REPORT),
  row("tasks.report.exec", true, { ...REPORT, and: { "tasks.report.readonlyRootFilesystem": false } }),
  row("tasks.report.stopTimeout", 60, REPORT),
  row("tasks.report.logRetentionInDays", 14, REPORT),
  ...loggingRows("tasks.report.logging", REPORT),
  ...telemetryRows("tasks.report.telemetry", REPORT),

  row("adopted", { "ecs.Service web": { name: "shop-prod-web" } }, DEV),

  row("fileSystems", { data: {} }, { ...DEV, and: SHARED_FILES.from }),
  row("fileSystems.data.zones", 3, { ...SHARED_FILES, and: { "network.zones": 3 } }),
  row("fileSystems.data.owner", "33:33", SHARED_FILES),
  row("fileSystems.data.backup", false, SHARED_FILES),
  row("fileSystems.data.throughput", "bursting", SHARED_FILES),
  row("fileSystems.data.infrequentAccessAfter", 30, SHARED_FILES),
  row("fileSystems.data.deletionProtection", true, SHARED_FILES),
  row("encryption", "own", { ...SHARED_FILES, label: "files" }),
  row("encryption", "own", { ...SHARED_FILES, from: { ...SHARED_FILES.from, deletionProtection: true }, label: "files, protected" }),

  row("encryption", "own", { ...DEV, from: { "service.secrets": { DB: { value: "[secret]" } } }, label: "a stored value" }),
  row("encryption", "own", { from: { deletionProtection: true }, on: ["prod"], label: "protected" }),
  row("loadBalancer.internal", true, { from: { deletionProtection: true }, on: ["prod"], label: "protected" }),
  row("loadBalancer.accessLogs", false, { from: { deletionProtection: true }, on: ["prod"], label: "protected, off" }),
  row("image.imageUri", "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1.2.3", {
    from: { deletionProtection: true },
    on: ["prod"],
    label: "protected",
  }),
];
