// The documented fields of each manifest: `*` is any name, `[]` any entry of a list. A map whose names are free ends with `*`.

const IMAGE =
  "image.build image.build.dockerfile image.build.context image.build.target image.build.cache_from image.build.args.* image.location image.credentials image.labels.* image.depends_on.*";
const PORT = "image.port";
const CHECK =
  "image.healthcheck.command image.healthcheck.interval image.healthcheck.retries image.healthcheck.timeout image.healthcheck.start_period";
const rule = (at: string) =>
  [
    "path",
    "healthcheck",
    "healthcheck.path",
    "healthcheck.port",
    "healthcheck.success_codes",
    "healthcheck.healthy_threshold",
    "healthcheck.unhealthy_threshold",
    "healthcheck.interval",
    "healthcheck.timeout",
    "deregistration_delay",
    "target_container",
    "target_port",
    "stickiness",
    "allowed_source_ips",
    "alias",
    "hosted_zone",
    "redirect_to_https",
    "version",
  ]
    .map((key) => `${at}${key}`)
    .join(" ");
const HTTP = `http ${rule("http.")} http.alb http.healthcheck.grace_period ${rule("http.additional_rules[].")} http.alias http.additional_rules[].alias[].name http.additional_rules[].alias[].hosted_zone`;
const listener = (at: string) =>
  ["port", "healthcheck.port", "target_container", "target_port", "ssl_policy", "stickiness", "deregistration_delay"]
    .map((key) => `${at}${key}`)
    .join(" ");
const NLB = `${listener("nlb.")} nlb.alias nlb.healthcheck.healthy_threshold nlb.healthcheck.unhealthy_threshold nlb.healthcheck.interval nlb.healthcheck.timeout nlb.healthcheck.grace_period ${listener("nlb.additional_listeners[].")}`;
const SIZE = "cpu memory platform platform.osfamily platform.architecture";
const COUNT =
  "count count.spot count.range count.range.min count.range.max count.range.spot_from count.cooldown.in count.cooldown.out count.cpu_percentage count.memory_percentage.value count.memory_percentage.cooldown.in count.memory_percentage.cooldown.out";
const REQUESTS = "count.requests count.response_time";
const RUN =
  "exec exec.enable entrypoint command variables.* variables.*.from_cfn env_file secrets.* secrets.*.secretsmanager secrets.*.from_cfn";
const DEPLOYMENT =
  "deployment.rolling deployment.rollback_alarms deployment.rollback_alarms.cpu_utilization deployment.rollback_alarms.memory_utilization";
const NETWORK =
  "network.connect network.connect.alias network.vpc.placement network.vpc.placement.subnets.from_tags network.vpc.security_groups network.vpc.security_groups.deny_default network.vpc.security_groups.groups network.vpc.security_groups.groups[].from_cfn network.vpc.security_groups[].from_cfn";
const STORAGE =
  "storage.ephemeral storage.readonly_fs storage.volumes.*.path storage.volumes.*.read_only storage.volumes.*.efs storage.volumes.*.efs.id storage.volumes.*.efs.id.from_cfn storage.volumes.*.efs.root_dir storage.volumes.*.efs.uid storage.volumes.*.efs.gid storage.volumes.*.efs.auth.iam storage.volumes.*.efs.auth.access_point_id";
const PUBLISH = "publish.topics[].name publish.topics[].fifo publish.topics[].fifo.content_based_deduplication";
const LOGGING =
  "logging.retention logging.image logging.destination.* logging.enableMetadata logging.secretOptions.* logging.configFilePath logging.variables.* logging.secrets.* logging.env_file";
const SIDECARS = [
  "port",
  "image",
  "image.location",
  "image.credentials",
  "image.build",
  "essential",
  "credentialsParameter",
  "variables.*",
  "secrets.*",
  "env_file",
  "mount_points[].source_volume",
  "mount_points[].path",
  "mount_points[].read_only",
  "labels.*",
  "depends_on.*",
  "entrypoint",
  "command",
  "healthcheck.command",
  "healthcheck.interval",
  "healthcheck.retries",
  "healthcheck.timeout",
  "healthcheck.start_period",
]
  .map((key) => `sidecars.*.${key}`)
  .join(" ");
const REST = "observability.tracing taskdef_overrides[].path taskdef_overrides[].value";
const ALL = [SIZE, COUNT, RUN, DEPLOYMENT, NETWORK, STORAGE, PUBLISH, LOGGING, SIDECARS, REST].join(" ");

const QUEUE = (at: string) => ["retention", "delay", "timeout", "dead_letter.tries", "fifo"].map((key) => `${at}.${key}`).join(" ");

/** What only one type has; what several have is looked for in all of them together. */
export const FIELDS: Record<string, string> = {
  "Load Balanced Web Service": [IMAGE, PORT, CHECK, HTTP, NLB, REQUESTS, ALL].join(" "),
  "Backend Service":
    "image.build image.port http.alb http.path http.alias http.version http.targetContainer count.response_time.value count.response_time.cooldown.in network.connect network.vpc.placement.subnets.from_tags network.vpc.security_groups[].from_cfn",
  "Worker Service": `image.build.context ${QUEUE("subscribe.queue")} ${QUEUE("subscribe.topics[].queue")} subscribe.topics[].name subscribe.topics[].service subscribe.topics[].filter_policy.* subscribe.topics[].queue subscribe.queue.fifo.content_based_deduplication subscribe.queue.fifo.deduplication_scope subscribe.queue.fifo.throughput_limit subscribe.queue.fifo.high_throughput count.queue_delay.acceptable_latency count.queue_delay.msg_processing_time count.queue_delay.cooldown.in count.queue_delay.cooldown.out deployment.rollback_alarms.messages_delayed`,
  "Scheduled Job": "image.build on.schedule retries timeout command image.healthcheck.command",
  "Request-Driven Web Service":
    "image.build image.port http.private.endpoint http.healthcheck.path http.healthcheck.healthy_threshold http.healthcheck.unhealthy_threshold http.healthcheck.interval http.healthcheck.timeout http.alias cpu memory platform network.vpc.placement observability.tracing command variables.* secrets.* publish.topics[].name tags.* count",
  "Static Site": "http.alias http.certificate files[].source files[].destination files[].recursive files[].exclude files[].reinclude",
  Environment:
    "network.vpc.cidr network.vpc.subnets.public[].cidr network.vpc.subnets.public[].az network.vpc.subnets.private[].cidr network.vpc.subnets.private[].az network.vpc.security_group.ingress[].ip_protocol network.vpc.security_group.ingress[].ports network.vpc.security_group.ingress[].cidr network.vpc.security_group.egress[].ports network.vpc.flow_logs.retention cdn.certificate cdn.terminate_tls cdn.static_assets.location cdn.static_assets.alias cdn.static_assets.path http.public.certificates http.public.access_logs http.public.access_logs.bucket_name http.public.access_logs.prefix http.public.ssl_policy http.public.ingress.cdn http.public.ingress.source_ips http.public.security_groups.ingress.restrict_to.cdn http.private.certificates http.private.subnets http.private.ssl_policy http.private.ingress.vpc http.private.security_groups.ingress.from_vpc observability.container_insights network.vpc.id network.vpc.subnets.public[].id network.vpc.subnets.private[].id",
};
