import type { Hazard } from "../../plan/update/serving/hazard";

/** A hazard of the matrix that is known. */
export interface Exception {
  /** The row: `service.port`, `service.port (blueGreen)`; both directions and the unset key are meant. */
  change: string;
  kinds: Hazard["kind"][];
  /** What of it is meant; everything, where nothing is said. */
  about?: RegExp;
}

/** What cannot be otherwise: the sentence says why, and what it costs. */
export interface Unavoidable extends Exception {
  because: string;
}

export const UNAVOIDABLE: Unavoidable[] = [
  {
    change: "aws:region",
    kinds: ["replaced", "removed", "needs", "traffic", "unfollowed"],
    because:
      "Another region is another place: all but roles and DNS records is replaced there, and what the old one holds is deleted. Make a second stack there, and destroy the first one when nobody uses it.",
  },
  {
    change: "network.existing",
    kinds: ["replaced", "removed", "needs", "traffic", "idle", "unfollowed"],
    because: "Another network is another place: nothing that stands in one can move to the other.",
  },
  {
    change: "network.existing.vpcId",
    kinds: ["replaced", "traffic"],
    because: "Another network is another place: nothing that stands in one can move to the other.",
  },
  {
    change: "review.pullRequest",
    kinds: ["replaced", "removed"],
    because: "The stack of a pull request is another stack, on another stack's network: `berth review up` makes one beside this one.",
  },
  {
    change: "platform",
    kinds: ["replaced", "removed"],
    because:
      "A platform is another place: nothing that stands in the stack's own network can move to it. Make the service there as a second stack.",
  },
  {
    change: "cluster.existing",
    kinds: ["replaced", "removed"],
    because: "A service belongs to its cluster: another cluster starts it anew, beside the old one until it serves.",
  },
  {
    change: "cluster.existing.clusterArn",
    kinds: ["replaced"],
    because: "A service belongs to its cluster: another cluster starts it anew, beside the old one until it serves.",
  },
  {
    change: "loadBalancer.existing",
    kinds: ["replaced", "removed"],
    because:
      "A target group belongs to one load balancer: another one needs another, which has targets once the service has rolled out. The address changes.",
  },
  {
    change: "loadBalancer.existing.listenerArn",
    kinds: ["replaced"],
    because:
      "A target group belongs to one load balancer: another one needs another, which has targets once the service has rolled out. The address changes.",
  },
  {
    change: "adopted",
    kinds: ["replaced"],
    because:
      "It names what is in AWS when the stack takes it over, and stays as it is from then on: another name is another service, made beside the old one until it serves.",
  },
  {
    change: "network.nat",
    kinds: ["removed"],
    about: /^Eip /,
    because: "The address of a NAT gateway goes with it; who allows it by its number must allow the new one.",
  },
  {
    change: "network.elasticIps",
    kinds: ["removed"],
    about: /^Eip /,
    because: "The address that the stack made goes for the one that is named; who allows it by its number must allow the new one.",
  },
  { change: "network.zones", kinds: ["removed"], about: /^Eip /, because: "The address of a zone's NAT gateway goes with the zone." },
  {
    change: "network.zones",
    kinds: ["idle"],
    because: "The load balancer leaves the zone first, and the tasks in the others take over until the rollout is over.",
  },
  {
    change: "loadBalancer.fixedAddresses",
    kinds: ["removed"],
    about: /^(Eip|LoadBalancer) public-fixed/,
    because: "The addresses go with the load balancer that has them, once the domain leads past it again.",
  },
  { change: "network.endpoints", kinds: ["removed"], about: /^Eip /, because: "The addresses of NAT gateways go with them." },
  { change: "compute", kinds: ["removed"], about: /^Eip /, because: "The addresses of NAT gateways go with them." },
  ...["service", "tasks.report"]
    .flatMap((of) =>
      ["logging.firelens", "logging.firelens.image", "telemetry", "telemetry.collector", "telemetry.image"].map((key) => `${of}.${key}`),
    )
    .map(
      (change): Unavoidable => ({
        change,
        kinds: ["removed"],
        about: /^Repository apps-(log-router|otel-collector|cloudwatch-agent)/,
        because:
          "The copy of a public image goes when no task needs it any more, at the end of the update; the next deploy that does makes it again.",
      }),
    ),
  ...["service.telemetry", "tasks.report.telemetry"]
    .flatMap((key) => [key, `${key}.collector`])
    .map(
      (change): Unavoidable => ({
        change,
        kinds: ["removed"],
        about: /^LogGroup (web|report)-telemetry/,
        because: "The log that metrics are made of goes with the collector; CloudWatch keeps the metrics.",
      }),
    ),
  {
    change: "service.maintenance",
    kinds: ["traffic"],
    because: "The page is what is asked for: it answers with 503, and the service goes on behind it.",
  },
  { change: "loadBalancer.waf.logs", kinds: ["removed"], about: /^LogGroup /, because: "Switched off, the records so far go too." },
  { change: "network.flowLogs", kinds: ["removed"], about: /^LogGroup /, because: "Switched off, the records so far go too." },
  {
    change: "encryption",
    kinds: ["removed"],
    about: /^Key /,
    because: "Switched off, the stack's own key goes; AWS keeps it for 30 days.",
  },
  {
    change: "image.imageUri",
    kinds: ["removed"],
    about: /^Repository /,
    because: "An image from elsewhere needs no repository of the stack's own, and the images in it go.",
  },
  {
    change: "image.from",
    kinds: ["removed"],
    about: /^Repository web-cache/,
    because: "Where the image is copied, nothing is built: the repository of the build's cache goes.",
  },
  {
    change: "image.repositoryUrl",
    kinds: ["removed"],
    about: /^Repository /,
    because: "An image in another repository needs none of the stack's own, and the images in that one go.",
  },
  {
    change: "image.cache",
    kinds: ["removed"],
    about: /^Repository web-cache/,
    because: "Without a cache its repository goes; the next build is slower, and loses nothing else.",
  },
  {
    change: "loadBalancer.internal",
    kinds: ["replaced"],
    because: "AWS makes a load balancer for the internet or for the VPC: the other kind is another one, with another DNS name.",
  },
  ...["networkLoadBalancer.internal", "networkLoadBalancer.elasticIps"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["replaced", "removed"],
      because:
        "A network load balancer gets its scheme and its fixed addresses when it is made: another value is another one, at other addresses.",
    }),
  ),
  ...["service.protocol (behind a network load balancer)", "service.ports (of a network load balancer)"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["removed"],
      about: /^LoadBalancer /,
      because: "Requests and connections come by load balancers of two kinds: one that nothing is behind any more goes, with its address.",
    }),
  ),
  { change: "loadBalancer.accessLogs", kinds: ["removed"], about: /^Bucket /, because: "Switched off, the logs so far go too." },
  {
    change: "service.name",
    kinds: ["removed", "traffic"],
    because:
      "The name is the service's identity: another name is another service, whose listener rule may be asked before its tasks serve. With `service.formerName` the same service goes on.",
  },
  {
    change: "encryption (a stored value)",
    kinds: ["replaced"],
    about: /^Secret /,
    because:
      "With another key a value is stored anew, and the old secret goes when the new revision serves; the value is in the stack file.",
  },
  ...["service.secrets (a value)", "service.secrets (a value in place of an ARN)"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["removed"],
      about: /^Secret /,
      because: "A value that is taken out of the stack file goes from Secrets Manager, too; AWS keeps it for seven days.",
    }),
  ),
  {
    change: "service.secretsKmsKeyArns",
    kinds: ["needs"],
    about: /may no longer kms:/,
    because: "A key that is no longer named is no longer the task's to use; no revision says which keys it needs.",
  },
  ...["", ".weekdays 08:00-20:00"].map(
    (key): Unavoidable => ({
      change: `service.scaling.schedule${key}`,
      kinds: ["kept"],
      because:
        "A range that a schedule has set is AWS's: take it away outside of its hours, or change min or max with it, which sends both.",
    }),
  ),
  {
    change: "service.queue.kmsKeyArn",
    kinds: ["needs"],
    about: /may no longer kms:/,
    because: "A key that is no longer named is no longer the task's to use; the revision says of its queue no more than where it is.",
  },
  ...["read", "write", "statements"].map(
    (key): Unavoidable => ({
      change: `service.permissions.${key}`,
      kinds: ["needs"],
      about: /may no longer (sqs|s3):/,
      because: "A right that is taken away is taken from the tasks that run; deploy first what needs it no more.",
    }),
  ),
  {
    change: "image.pullThroughCache",
    kinds: ["needs"],
    about: /may no longer ecr:(BatchImportUpstreamImage|CreateRepository)/,
    because: "No longer said to be behind a cache, the image is pulled from where ECR has it by then.",
  },
  {
    change: "service.sidecars.proxy.mirror",
    kinds: ["removed", "needs"],
    about: /^Repository web\.proxy|may no longer ecr:BatchCheckLayerAvailability/,
    because:
      "A copy that is no longer asked for goes: the tasks of the old revision go on, but none is started before the new one, which pulls from elsewhere, serves.",
  },
  {
    change: "service.sidecars.proxy.pullThroughCache",
    kinds: ["needs"],
    about: /may no longer ecr:(BatchImportUpstreamImage|CreateRepository)/,
    because: "No longer said to be behind a cache, the image is pulled from where ECR has it by then.",
  },
  {
    change: "loadBalancer.internal (protected)",
    kinds: ["refused"],
    because: "A protected load balancer is not replaced; the plan says so first, with the steps.",
  },
  {
    change: "loadBalancer.accessLogs (protected, off)",
    kinds: ["refused"],
    because: "A protected bucket of logs is not deleted; the plan says so first, with the steps.",
  },
  ...["service.volumes.data.efs", "tasks.report.volumes", "fileSystems"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["removed"],
      about: /^FileSystem /,
      because: "What no volume is any more goes, with its files; with `deletionProtection` Pulumi refuses it.",
    }),
  ),
  {
    change: "fileSystems.data.zones",
    kinds: ["idle"],
    because: "The load balancer leaves the zone first, and the tasks in the others take over until the rollout is over.",
  },
  ...(["encryption (files)", "encryption (files, protected)"] as const).map(
    (change): Unavoidable => ({
      change,
      kinds: ["replaced", "needs", ...(change.includes("protected") ? ["refused" as const] : [])],
      because:
        "AWS changes no file system's key: with another key it is another file system, without the files. With `deletionProtection` Pulumi refuses it.",
    }),
  ),
  {
    change: "image.imageUri (protected)",
    kinds: ["refused"],
    because: "A protected repository is not deleted; the plan says so first, with the steps.",
  },
  {
    change: "service.networkMode",
    kinds: ["replaced", "traffic"],
    because: "Tasks with an interface of their own and tasks on an instance's ports are targets of two kinds, and a target group has one.",
  },
  ...["service.protocol", "service.ports.admin.protocol"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["replaced", "traffic"],
      because:
        "A target group has one protocol: the new one is empty until its tasks are healthy. To move without a gap, add a service with the new protocol on another host.",
    }),
  ),
  {
    change: "service.rollout",
    kinds: ["traffic"],
    about: /the rollout is over: TargetGroup web-green has no targets/,
    because: "Whoever leaves two target groups has the rule of the second until the end of the update; docs/rollouts.md has the steps.",
  },
  {
    change: "service.rollout.testHeader",
    kinds: ["needs"],
    about: /may no longer elasticloadbalancing:ModifyRule <ListenerRule web-test>/,
    because:
      "Without a test header ECS has no test rule to move; until the update ends, requests with the header go where the last deployment left them.",
  },
  {
    change: "loadBalancer.mutualTls",
    kinds: ["kept"],
    about: /is left out now, which AWS takes as no change/,
    because: "Left out, it is not sent, and the listener keeps what it has: `mode: off` takes it back.",
  },
  {
    change: "loadBalancer.mutualTls.certificates",
    kinds: ["removed"],
    about: /^Bucket /,
    because: "The bucket that goes with it has a copy of the project's file.",
  },
  {
    change: "loadBalancer.responseHeaders",
    kinds: ["kept"],
    about: /is left out now, which AWS takes as no change/,
    because: "Left out, it is not sent, and the listener keeps what it has: another value takes its place.",
  },
  {
    change: "loadBalancer.strictTransportSecurity",
    kinds: ["kept"],
    about: /is left out now, which AWS takes as no change/,
    because: "Left out, it is not sent, and the listener keeps what it has: `max-age=0` takes it back.",
  },
  ...["service.stickiness", "service.loadBalancingAlgorithmType"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["kept"],
      about: /is left out now, which AWS takes as no change/,
      because:
        "Left out, it is not sent, and a target group keeps what it has: `stickiness: false` and `loadBalancingAlgorithmType: round_robin` say so.",
    }),
  ),
  {
    change: "service.rollout.lifecycleHooks",
    kinds: ["kept"],
    because: "The provider cannot send an empty list of hooks, and ECS keeps those that it has; docs/rollouts.md has the command.",
  },
  {
    change: "loadBalancer.domain",
    kinds: ["traffic"],
    about: /Listener public-http is updated: no rule leads to it/,
    because: "Back from HTTPS, port 80 redirects until its listener is changed, and has the service's rule a moment later.",
  },
  {
    change: "loadBalancer.certificateArn",
    kinds: ["traffic"],
    about: /Listener public-http is updated: no rule leads to it/,
    because: "Back from HTTPS, port 80 redirects until its listener is changed, and has the service's rule a moment later.",
  },
  {
    change: "loadBalancer.domain (a blueGreen service)",
    kinds: ["traffic", "needs"],
    because:
      "A rule belongs to its listener: on another one it is another rule, whose weights begin again; docs/rollouts.md has the steps.",
  },
  {
    change: "network.ipv6",
    kinds: ["refused"],
    about: /AWS takes it from no network that uses it/,
    because: "On the way back: AWS takes no range from a network whose subnets use it, and tasks have addresses of it.",
  },
  {
    change: "service.daemon",
    kinds: ["replaced"],
    about: /^Service /,
    because: "ECS keeps a service's scheduling strategy for its life.",
  },
  {
    change: "service.route",
    kinds: ["removed"],
    about: /^LoadBalancer /,
    because: "Where no service has a route there is no load balancer, and its DNS name goes with it.",
  },
  {
    change: "service.connect.protocol",
    kinds: ["refused"],
    because: "AWS changes what is spoken under a name for no service: make another service beside it, and let the callers call that one.",
  },
  ...["service.connect (and another service that calls it)", "service.connect.name"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["traffic"],
      about: /its callers know it as/,
      because: "A task knows the names that there were when it was deployed; callers are deployed after the service that they call.",
    }),
  ),
  {
    change: "services",
    kinds: ["removed"],
    about: /^(LogGroup|Service) api/,
    because: "A service that is taken away takes its logs along.",
  },
  {
    change: "services.api.image",
    kinds: ["needs", "removed"],
    about: /may no longer ecr:BatchCheckLayerAvailability|^Repository api/,
    because:
      "A service may pull its own image alone: the tasks of the old revision go on, but none is started before the new one serves. A repository that no service needs goes with its images.",
  },
  ...["notify.emails", "notify.topicArn"].map(
    (change): Unavoidable => ({
      change,
      kinds: ["removed"],
      about: /^Key alerts/,
      because: "The topic's own key goes with the topic, which keeps no messages.",
    }),
  ),
  { change: "daemons", kinds: ["removed"], about: /^LogGroup agent/, because: "A daemon that is taken away takes its logs along." },
  { change: "tasks", kinds: ["removed"], about: /^LogGroup /, because: "A task that is taken away takes its logs along." },
];

/** What is still to be mended, by the case that it is. */
export interface Open extends Exception {
  open: string;
}

export const OPEN: Open[] = [];
