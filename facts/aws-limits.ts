// What AWS takes, property by property, of each type of resource that Berth makes: one table, from which arguments take their limits and against which a plan
// is checked. Facts are those of AWS's API references, CloudFormation's resource schemas and AWS's quotas that nobody can have raised, read in November 2026;
// `source` names the operation or page. What is not here is not checked: better than to refuse what AWS takes. No Pulumi here.
import { cidrComplaint } from "./cidr";
import { certificateNameComplaint, DNS_NAME } from "./domain";
import { IMAGE } from "./images";
import { checked, either, every, form, items, type Limit, length, range, words } from "./limits";
import { cookieComplaint, headerComplaint, headerValueComplaint, hostComplaint, PATH_PATTERN, TLS_POLICIES } from "./listeners";
import { scheduleComplaint } from "./schedules";
import { timezoneComplaint } from "./sleep";
import type { ByType } from "./types";

/** What AWS takes of one type. */
export interface Sheet {
  /** Where AWS says so. */
  source: string;
  /**
   * By place in the inputs: `healthCheck.interval`, `conditions[].pathPattern.values[]` for each element of a list, `containerDefinitions$[].name` in a text
   * that is JSON.
   */
  takes: Readonly<Record<string, Limit>>;
}

const arn = (service: string, resource: string, what: string) =>
  form(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]*:(\\d{12}|aws)?:${resource}`), `the ARN of ${what}`);
/** An ARN in the region of the resource that names it. */
const here = (limit: Limit): Limit => ({ ...limit, regional: true });

/** Letters that EC2 takes in a description. */
const EC2_TEXT = form(/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/, "up to 255 letters of a-z, digits, spaces and ._-:/()#,@[]+=&;{}!$*");
/** Letters that IAM takes in a description. */
const IAM_TEXT = form(/^[\t\n\r\x20-\x7e\xa1-\xff]{0,1000}$/, "up to 1000 characters of Latin-1");
const NAME_255 = form(/^[A-Za-z0-9_-]{1,255}$/, "1 to 255 letters, digits, hyphens and underscores");
const PORT = range(1, 65535);
const PORT_NAME = form(/^[a-z0-9_][a-z0-9_-]{0,63}$/, "1 to 64 small letters, digits, hyphens and underscores");
const MINUTES_OF_DAY = range(0, 1440, "minutes");
const PROTOCOLS = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"];
const CIDR = checked("an IPv4 range", cidrComplaint);
const VPC_RANGE = every(CIDR, form(/\/(1[6-9]|2[0-8])$/, "a range from /16 to /28"));
const KMS_KEY = here(arn("kms", "key/", "a KMS key"));
/** Where an alias and the bare id do as well. */
const ANY_KMS_KEY = here(either(arn("kms", "(key|alias)/", "a KMS key"), form(/^(alias\/.+|(mrk-)?[0-9a-f-]{32,36})$/, "its id or alias")));
const POLICY = arn("iam", "policy/", "an IAM policy");
const ROLE = arn("iam", "role/", "an IAM role");
/** Days that CloudWatch can keep logs. */
export const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
/** Days after which EFS can move a file to cheaper storage, and what AWS calls them. */
export const INFREQUENT_DAYS = [1, 7, 14, 30, 60, 90, 180, 270, 365];
export const afterDays = (days: number) => `AFTER_${days}_${days === 1 ? "DAY" : "DAYS"}`;
const POSIX_ID = range(0, 4_294_967_295);
const SCHEDULE = checked("cron(...), rate(...) or at(...)", scheduleComplaint);
const TIMEZONE = checked("a time zone such as Europe/Berlin", timezoneComplaint);
const STATISTICS = words("SampleCount", "Average", "Sum", "Minimum", "Maximum");
const ALARM_PERIOD = either(words(10, 20, 30), range(60, 86400, "seconds", 60));
/** Names of Linux capabilities as ECS takes them. */
export const CAPABILITIES = (
  "ALL AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN " +
  "MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE " +
  "SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM"
).split(" ");

const ULIMITS = "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" ");
/** The parameters of the kernel that a container has by itself. */
const SYSTEM_CONTROL = form(
  /^(net\.[\w.-]+|fs\.mqueue\.\w+|kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced))$/,
  "net.*, fs.mqueue.*, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shmall, kernel.shmmax, kernel.shmmni, kernel.shm_rmid_forced",
);

/** What signs users in before requests are handed on. */
export const SESSION_TIMEOUT = range(1, 604_800, "seconds");
const signIn = (at: string) => ({
  [`${at}.sessionTimeout`]: SESSION_TIMEOUT,
  [`${at}.onUnauthenticatedRequest`]: words("authenticate", "deny", "allow"),
});

/** The actions of a listener or one of its rules. */
const actions = (at: string) => ({
  [`${at}[].fixedResponse.contentType`]: words("text/plain", "text/css", "text/html", "application/javascript", "application/json"),
  [`${at}[].fixedResponse.messageBody`]: length(0, 1024),
  [`${at}[].fixedResponse.statusCode`]: form(/^[245]\d\d$/, "a status code of 2xx, 4xx or 5xx"),
  [`${at}[].redirect.statusCode`]: words("HTTP_301", "HTTP_302"),
  [`${at}[].redirect.port`]: either(words("#{port}"), PORT),
  ...signIn(`${at}[].authenticateOidc`),
  ...signIn(`${at}[].authenticateCognito`),
  [`${at}[].forward.targetGroups`]: items(1, 5),
  [`${at}[].forward.targetGroups[].weight`]: range(0, 999),
  [`${at}[].forward.stickiness.duration`]: range(1, 604800, "seconds"),
});

/** The shares of several capacity providers. */
const strategy = (at: string, most: number) => ({
  [at]: items(0, most),
  [`${at}[].base`]: range(0, 100_000, "tasks"),
  [`${at}[].weight`]: range(0, 1000),
});
const awsvpc = (at: string) => ({ [`${at}.subnets`]: items(1, 16), [`${at}.securityGroups`]: items(0, 5) });

const securityGroupRule = {
  description: EC2_TEXT,
  fromPort: range(-1, 65535),
  toPort: range(-1, 65535),
  cidrIpv4: CIDR,
};

export const LIMITS = {
  "aws:acm/certificate:Certificate": {
    source: "ACM RequestCertificate",
    takes: {
      domainName: checked("a domain name of at most 64 characters", (name) => certificateNameComplaint(name, 64)),
      subjectAlternativeNames: items(0, 100),
      "subjectAlternativeNames[]": checked("a domain name of at most 253 characters", (name) => certificateNameComplaint(name, 253)),
      validationMethod: words("DNS", "EMAIL", "HTTP"),
    },
  },
  "aws:appautoscaling/policy:Policy": {
    source: "Application Auto Scaling PutScalingPolicy",
    takes: {
      name: length(1, 256),
      policyType: words("TargetTrackingScaling", "StepScaling", "PredictiveScaling"),
      "targetTrackingScalingPolicyConfiguration.scaleInCooldown": range(0, 2_147_483_647, "seconds"),
      "targetTrackingScalingPolicyConfiguration.scaleOutCooldown": range(0, 2_147_483_647, "seconds"),
      "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification.statistic": STATISTICS,
      "stepScalingPolicyConfiguration.cooldown": range(0, 2_147_483_647, "seconds"),
    },
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    source: "Application Auto Scaling PutScheduledAction",
    takes: { schedule: SCHEDULE, timezone: TIMEZONE },
  },
  "aws:appautoscaling/target:Target": {
    source: "Application Auto Scaling RegisterScalableTarget",
    takes: { minCapacity: range(0, 2_147_483_647), maxCapacity: range(0, 2_147_483_647) },
  },
  "aws:autoscaling/group:Group": {
    source: "EC2 Auto Scaling CreateAutoScalingGroup",
    takes: {
      name: form(/^[^\p{C}]{1,255}$/u, "1 to 255 characters"),
      minSize: range(0, 100_000, "instances"),
      maxSize: range(0, 100_000, "instances"),
      maxInstanceLifetime: either(words(0), range(86_400, 31_536_000, "seconds")),
      healthCheckType: words("EC2", "ELB", "EBS", "VPC_LATTICE"),
      "instanceRefresh.preferences.minHealthyPercentage": range(0, 100, "percent"),
      "instanceRefresh.preferences.maxHealthyPercentage": range(100, 200, "percent"),
      "mixedInstancesPolicy.instancesDistribution.onDemandBaseCapacity": range(0, 100_000, "instances"),
      "mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity": range(0, 100, "percent"),
      "mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy": words(
        "lowest-price",
        "capacity-optimized",
        "capacity-optimized-prioritized",
        "price-capacity-optimized",
      ),
      "mixedInstancesPolicy.launchTemplate.overrides": items(0, 40),
    },
  },
  "aws:autoscaling/schedule:Schedule": {
    source: "EC2 Auto Scaling PutScheduledUpdateGroupAction",
    takes: {
      recurrence: form(/^(\S+ ){4}\S+$/, "five fields of cron"),
      timeZone: TIMEZONE,
      minSize: range(-1, 100_000),
      maxSize: range(-1, 100_000),
    },
  },
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
    source: "AWS Chatbot CreateSlackChannelConfiguration",
    takes: {
      configurationName: form(/^[A-Za-z0-9_-]{1,128}$/, "1 to 128 letters, digits, hyphens and underscores"),
      slackTeamId: form(/^[0-9A-Z]{1,255}$/, "capital letters and digits"),
      slackChannelId: form(/^[A-Za-z0-9]+$/, "letters and digits"),
      loggingLevel: words("ERROR", "INFO", "NONE"),
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    source: "EventBridge PutRule",
    takes: {
      name: form(/^[.\-_A-Za-z0-9]{1,64}$/, "1 to 64 letters, digits and .-_"),
      description: length(0, 512),
      eventPattern: length(0, 4096),
      scheduleExpression: length(0, 256),
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "CloudWatch Logs CreateLogGroup, PutRetentionPolicy",
    takes: {
      name: form(/^[.\-_/#A-Za-z0-9]{1,512}$/, "1 to 512 letters, digits and ._-/#"),
      retentionInDays: words(0, ...RETENTION_DAYS),
      kmsKeyId: KMS_KEY,
    },
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    source: "CloudWatch Logs PutMetricFilter",
    takes: {
      name: form(/^[^:*]{1,512}$/, "1 to 512 characters without : and *"),
      pattern: length(0, 1024),
      "metricTransformation.name": form(/^[^:*$]{0,255}$/, "at most 255 characters without : * and $"),
      "metricTransformation.namespace": form(/^[^:*$]{0,255}$/, "at most 255 characters without : * and $"),
    },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "CloudWatch PutMetricAlarm",
    takes: {
      name: length(1, 255),
      alarmDescription: length(0, 1024),
      evaluationPeriods: range(1, 10_080),
      datapointsToAlarm: range(1, 10_080),
      period: ALARM_PERIOD,
      statistic: STATISTICS,
      comparisonOperator: words(
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
        "LessThanLowerOrGreaterThanUpperThreshold",
        "LessThanLowerThreshold",
        "GreaterThanUpperThreshold",
      ),
      treatMissingData: words("breaching", "notBreaching", "ignore", "missing"),
      alarmActions: items(0, 5),
      okActions: items(0, 5),
      insufficientDataActions: items(0, 5),
      "metricQueries[].id": form(/^[a-z][A-Za-z0-9_]{0,254}$/, "letters, digits and underscores, a small letter first"),
      "metricQueries[].expression": length(1, 2048),
      "metricQueries[].metric.period": ALARM_PERIOD,
    },
  },
  "aws:ec2/flowLog:FlowLog": {
    source: "EC2 CreateFlowLogs",
    takes: { maxAggregationInterval: words(60, 600), trafficType: words("ACCEPT", "REJECT", "ALL") },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    source: "EC2 CreateLaunchTemplate",
    takes: {
      name: form(/^[A-Za-z0-9()./_-]{3,128}$/, "3 to 128 letters, digits and ().-/_"),
      description: length(0, 255),
      // 16 KB before they are encoded in base 64.
      userData: length(0, 21_848),
      "metadataOptions.httpPutResponseHopLimit": range(1, 64),
      "metadataOptions.httpTokens": words("required", "optional"),
      "metadataOptions.httpEndpoint": words("enabled", "disabled"),
      "blockDeviceMappings[].ebs.volumeSize": range(1, 65_536, "GiB"),
      "blockDeviceMappings[].ebs.volumeType": words("standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"),
      "blockDeviceMappings[].ebs.throughput": range(125, 2000, "MiB/s"),
    },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    source: "EC2 CreateSecurityGroup",
    takes: {
      name: every(EC2_TEXT, form(/^(?!sg-)./i, "a name that does not begin with sg-")),
      description: EC2_TEXT,
      "ingress[].description": EC2_TEXT,
      "egress[].description": EC2_TEXT,
    },
  },
  "aws:ec2/subnet:Subnet": { source: "EC2 CreateSubnet", takes: { cidrBlock: VPC_RANGE } },
  "aws:ec2/vpc:Vpc": { source: "EC2 CreateVpc", takes: { cidrBlock: VPC_RANGE, instanceTenancy: words("default", "dedicated") } },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    source: "EC2 CreateVpcEndpoint",
    takes: {
      vpcEndpointType: words("Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
      securityGroupIds: items(0, 16),
      policy: length(0, 20_480),
    },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    source: "ECR PutLifecyclePolicy",
    takes: {
      policy: length(100, 30_720),
      "policy$.rules": items(1, 50),
      "policy$.rules[].rulePriority": range(1, 2_147_483_647),
      "policy$.rules[].selection.countNumber": range(1, 2_147_483_647),
      "policy$.rules[].selection.countType": words("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"),
      "policy$.rules[].selection.tagStatus": words("tagged", "untagged", "any"),
    },
  },
  "aws:ecr/repository:Repository": {
    source: "ECR CreateRepository",
    takes: {
      name: every(
        length(2, 256),
        form(/^([a-z0-9]+([._-]+[a-z0-9]+)*\/)*[a-z0-9]+([._-]+[a-z0-9]+)*$/, "small letters and digits, with . _ - / between them"),
      ),
      imageTagMutability: words("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
      imageTagMutabilityExclusionFilters: items(0, 5),
      "imageTagMutabilityExclusionFilters[].filter": form(/^[0-9A-Za-z._*-]{1,128}$/, "1 to 128 letters, digits and ._-*"),
      "encryptionConfigurations[].encryptionType": words("AES256", "KMS", "KMS_DSSE"),
      "encryptionConfigurations[].kmsKey": ANY_KMS_KEY,
    },
  },
  "aws:ecs/capacityProvider:CapacityProvider": {
    source: "ECS CreateCapacityProvider",
    takes: {
      name: every(NAME_255, form(/^(?!aws|ecs|fargate)/i, "a name that does not begin with aws, ecs or fargate")),
      "autoScalingGroupProvider.managedScaling.targetCapacity": range(1, 100, "percent"),
      "autoScalingGroupProvider.managedScaling.minimumScalingStepSize": range(1, 10_000),
      "autoScalingGroupProvider.managedScaling.maximumScalingStepSize": range(1, 10_000),
      "autoScalingGroupProvider.managedScaling.instanceWarmupPeriod": range(0, 10_000, "seconds"),
      "managedInstancesProvider.infrastructureOptimization.scaleInAfter": range(-1, 3600, "seconds"),
      "managedInstancesProvider.instanceLaunchTemplate.storageConfiguration.storageSizeGib": range(1, 65_536, "GiB"),
      "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.vcpuCount.min": range(1, 2_147_483_647),
      "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.memoryMib.min": range(1, 2_147_483_647),
      "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.acceleratorTypes[]": words("gpu", "fpga", "inference"),
      "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes": items(0, 400),
      "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes[]": form(
        /^[A-Za-z0-9.*-]{1,30}$/,
        "1 to 30 letters, digits and .*-",
      ),
    },
  },
  "aws:ecs/cluster:Cluster": {
    source: "ECS CreateCluster",
    takes: {
      name: NAME_255,
      "settings[].value": words("enhanced", "enabled", "disabled"),
      "configuration.executeCommandConfiguration.kmsKeyId": ANY_KMS_KEY,
      "configuration.managedStorageConfiguration.kmsKeyId": ANY_KMS_KEY,
      "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId": ANY_KMS_KEY,
    },
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    source: "ECS PutClusterCapacityProviders",
    takes: { capacityProviders: items(0, 22), ...strategy("defaultCapacityProviderStrategies", 20) },
  },
  "aws:ecs/daemon:Daemon": {
    source: "ECS CreateDaemon",
    takes: {
      name: NAME_255,
      "deploymentConfiguration.drainPercent": range(0, 100, "percent"),
      "deploymentConfiguration.bakeTimeInMinutes": range(0, 1440, "minutes"),
    },
  },
  "aws:ecs/service:Service": {
    source: "ECS CreateService",
    takes: {
      name: NAME_255,
      desiredCount: range(0, 2_147_483_647, "tasks"),
      deploymentMinimumHealthyPercent: range(0, 100, "percent"),
      deploymentMaximumPercent: range(100, 2_147_483_647, "percent"),
      healthCheckGracePeriodSeconds: range(0, 2_147_483_647, "seconds"),
      ...strategy("capacityProviderStrategies", 20),
      ...awsvpc("networkConfiguration"),
      loadBalancers: items(0, 5),
      "loadBalancers[].containerPort": PORT,
      orderedPlacementStrategies: items(0, 5),
      "orderedPlacementStrategies[].type": words("random", "spread", "binpack"),
      placementConstraints: items(0, 10),
      "placementConstraints[].type": words("distinctInstance", "memberOf"),
      "placementConstraints[].expression": length(1, 2000),
      "deploymentConfiguration.strategy": words("ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"),
      "deploymentConfiguration.bakeTimeInMinutes": MINUTES_OF_DAY,
      "deploymentConfiguration.canaryConfiguration.canaryPercent": range(0.1, 100, "percent", 0.1),
      "deploymentConfiguration.canaryConfiguration.canaryBakeTimeInMinutes": MINUTES_OF_DAY,
      "deploymentConfiguration.linearConfiguration.stepPercent": range(3, 100, "percent", 0.1),
      "deploymentConfiguration.linearConfiguration.stepBakeTimeInMinutes": MINUTES_OF_DAY,
      "deploymentConfiguration.lifecycleHooks[].timeoutConfiguration.timeoutInMinutes": range(1, 20_160, "minutes"),
      "serviceConnectConfiguration.services[].portName": PORT_NAME,
      "serviceConnectConfiguration.services[].discoveryName": PORT_NAME,
      "serviceConnectConfiguration.services[].clientAlias": items(1, 1),
      "serviceConnectConfiguration.services[].clientAlias[].dnsName": length(1, 127),
      "serviceConnectConfiguration.services[].clientAlias[].port": PORT,
      "serviceConnectConfiguration.services[].ingressPortOverride": PORT,
      "serviceConnectConfiguration.services[].timeout.idleTimeoutSeconds": range(0, 2_147_483_647, "seconds"),
      "serviceConnectConfiguration.services[].timeout.perRequestTimeoutSeconds": range(0, 2_147_483_647, "seconds"),
      "serviceConnectConfiguration.services[].tls.issuerCertAuthority.awsPcaAuthorityArn": here(
        arn("acm-pca", "certificate-authority/", "a private certificate authority"),
      ),
      "serviceConnectConfiguration.services[].tls.kmsKey": ANY_KMS_KEY,
      "serviceConnectConfiguration.services[].tls.roleArn": ROLE,
      serviceRegistries: items(0, 1),
      propagateTags: words("SERVICE", "TASK_DEFINITION", "NONE"),
      schedulingStrategy: words("REPLICA", "DAEMON"),
      "volumeConfiguration.name": NAME_255,
      "volumeConfiguration.managedEbsVolume.sizeInGb": range(1, 16_384, "GiB"),
      "volumeConfiguration.managedEbsVolume.volumeType": words("gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"),
      "volumeConfiguration.managedEbsVolume.iops": range(100, 256_000, "operations per second"),
      "volumeConfiguration.managedEbsVolume.throughput": range(125, 1000, "MiB/s"),
      "volumeConfiguration.managedEbsVolume.fileSystemType": words("ext3", "ext4", "xfs"),
      "volumeConfiguration.managedEbsVolume.roleArn": ROLE,
      "volumeConfiguration.managedEbsVolume.kmsKeyId": ANY_KMS_KEY,
    },
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    source: "ECS RegisterTaskDefinition",
    takes: {
      family: NAME_255,
      networkMode: words("bridge", "host", "awsvpc", "none"),
      "ephemeralStorage.sizeInGib": range(21, 200, "GiB"),
      "volumes[].name": NAME_255,
      "volumes[].efsVolumeConfiguration.transitEncryption": words("ENABLED", "DISABLED"),
      "volumes[].efsVolumeConfiguration.transitEncryptionPort": range(0, 65535),
      "volumes[].efsVolumeConfiguration.authorizationConfig.iam": words("ENABLED", "DISABLED"),
      placementConstraints: items(0, 10),
      containerDefinitions: length(2, 65_536),
      containerDefinitions$: items(1, 10),
      "containerDefinitions$[].name": NAME_255,
      "containerDefinitions$[].image": form(IMAGE, "1 to 255 letters, digits and _-:./#@"),
      "containerDefinitions$[].portMappings[].containerPort": PORT,
      "containerDefinitions$[].portMappings[].hostPort": range(0, 65535),
      "containerDefinitions$[].portMappings[].protocol": words("tcp", "udp"),
      "containerDefinitions$[].portMappings[].appProtocol": words("http", "http2", "grpc"),
      "containerDefinitions$[].portMappings[].name": PORT_NAME,
      "containerDefinitions$[].healthCheck.command": items(1, Infinity),
      "containerDefinitions$[].healthCheck.command[0]": words("CMD", "CMD-SHELL", "NONE"),
      "containerDefinitions$[].healthCheck.interval": range(5, 300, "seconds"),
      "containerDefinitions$[].healthCheck.timeout": range(2, 60, "seconds"),
      "containerDefinitions$[].healthCheck.retries": range(1, 10),
      "containerDefinitions$[].healthCheck.startPeriod": range(0, 300, "seconds"),
      "containerDefinitions$[].environmentFiles": items(0, 10),
      "containerDefinitions$[].linuxParameters.capabilities.drop[]": words(...CAPABILITIES),
      "containerDefinitions$[].linuxParameters.capabilities.add[]": words(...CAPABILITIES),
      "containerDefinitions$[].memory": range(6, Infinity, "MiB"),
      "containerDefinitions$[].memoryReservation": range(6, Infinity, "MiB"),
      "containerDefinitions$[].ulimits[].name": words(...ULIMITS),
      "containerDefinitions$[].systemControls[].namespace": SYSTEM_CONTROL,
      "containerDefinitions$[].dependsOn[].condition": words("START", "COMPLETE", "SUCCESS", "HEALTHY"),
      "containerDefinitions$[].restartPolicy.ignoredExitCodes": items(0, 50),
      "containerDefinitions$[].restartPolicy.restartAttemptPeriod": range(60, 1800, "seconds"),
      executionRoleArn: ROLE,
      taskRoleArn: ROLE,
    },
  },
  "aws:efs/accessPoint:AccessPoint": {
    source: "EFS CreateAccessPoint",
    takes: {
      "posixUser.uid": POSIX_ID,
      "posixUser.gid": POSIX_ID,
      "posixUser.secondaryGids": items(0, 16),
      "rootDirectory.path": every(length(1, 100), form(/^(\/|(\/[^$#<>;`|&?{}^*/\n]+){1,4})$/, "a path of at most four folders")),
      "rootDirectory.creationInfo.ownerUid": POSIX_ID,
      "rootDirectory.creationInfo.ownerGid": POSIX_ID,
      "rootDirectory.creationInfo.permissions": form(/^[0-7]{3,4}$/, "three or four octal digits"),
    },
  },
  "aws:efs/backupPolicy:BackupPolicy": {
    source: "EFS PutBackupPolicy",
    takes: { "backupPolicy.status": words("ENABLED", "DISABLED") },
  },
  "aws:efs/fileSystem:FileSystem": {
    source: "EFS CreateFileSystem, PutLifecycleConfiguration",
    takes: {
      creationToken: length(1, 64),
      kmsKeyId: ANY_KMS_KEY,
      performanceMode: words("generalPurpose", "maxIO"),
      throughputMode: words("bursting", "provisioned", "elastic"),
      lifecyclePolicies: items(0, 3),
      "lifecyclePolicies[].transitionToIa": words(...INFREQUENT_DAYS.map(afterDays)),
    },
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": { source: "EFS PutFileSystemPolicy", takes: { policy: length(1, 20_000) } },
  "aws:efs/mountTarget:MountTarget": {
    source: "EFS CreateMountTarget",
    takes: { securityGroups: items(0, 5), ipAddressType: words("IPV4_ONLY", "IPV6_ONLY", "DUAL_STACK") },
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    source: "IAM CreateInstanceProfile",
    takes: { name: form(/^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and _+=,.@-") },
  },
  "aws:iam/role:Role": {
    source: "IAM CreateRole",
    takes: {
      name: form(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and _+=,.@-"),
      description: IAM_TEXT,
      path: form(/^\/([\x21-\x7e]{0,510}\/)?$/, "a path that begins and ends with /, at most 512 characters"),
      maxSessionDuration: range(3600, 43_200, "seconds"),
      permissionsBoundary: POLICY,
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    source: "IAM PutRolePolicy",
    takes: { name: form(/^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and _+=,.@-") },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { source: "IAM AttachRolePolicy", takes: { policyArn: POLICY } },
  "aws:kms/alias:Alias": {
    source: "KMS CreateAlias",
    takes: { name: form(/^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/, "alias/ and up to 250 letters, digits and /_-, not alias/aws/") },
  },
  "aws:kms/key:Key": {
    source: "KMS CreateKey",
    takes: {
      deletionWindowInDays: range(7, 30, "days"),
      rotationPeriodInDays: range(90, 2560, "days"),
      description: length(0, 8192),
      policy: length(1, 32_768),
    },
  },
  "aws:lb/listener:Listener": {
    source: "Elastic Load Balancing CreateListener",
    takes: {
      port: PORT,
      protocol: words(...PROTOCOLS),
      sslPolicy: words(...TLS_POLICIES),
      certificateArn: here(
        either(arn("acm", "certificate/", "an ACM certificate"), arn("iam", "server-certificate/", "an IAM server certificate")),
      ),
      "mutualAuthentication.mode": words("off", "verify", "passthrough"),
      ...actions("defaultActions"),
    },
  },
  "aws:lb/listenerRule:ListenerRule": {
    source: "Elastic Load Balancing CreateRule",
    takes: {
      priority: range(1, 50_000),
      conditions: items(1, 10),
      "conditions[].hostHeader.values[]": checked("a host pattern such as *.example.com", hostComplaint),
      "conditions[].pathPattern.values[]": form(PATH_PATTERN, `1 to 128 letters, digits and _-.$/~"'@:+&*?`),
      "conditions[].httpHeader.httpHeaderName": checked("1 to 40 letters, digits and hyphens", headerComplaint),
      "conditions[].httpHeader.values[]": checked("1 to 128 printable characters", headerValueComplaint),
      "conditions[].httpRequestMethod.values[]": form(/^[A-Z_-]{1,40}$/, "1 to 40 capital letters, hyphens and underscores"),
      "conditions[].queryStrings[].key": length(0, 128),
      "conditions[].queryStrings[].value": length(1, 128),
      "conditions[].sourceIp.values[]": either(CIDR, form(/:/, "an IPv6 range")),
      transforms: items(0, 2),
      "transforms[].type": words("host-header-rewrite", "url-rewrite"),
      "transforms[].urlRewriteConfig.rewrite.regex": length(1, 1024),
      "transforms[].urlRewriteConfig.rewrite.replace": length(0, 1024),
      "transforms[].hostHeaderRewriteConfig.rewrite.regex": length(1, 1024),
      "transforms[].hostHeaderRewriteConfig.rewrite.replace": length(0, 1024),
      ...actions("actions"),
    },
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    source: "Elastic Load Balancing CreateLoadBalancer, ModifyLoadBalancerAttributes",
    takes: {
      name: form(/^(?!internal-|-)[A-Za-z0-9-]{1,32}(?<!-)$/, "1 to 32 letters, digits and hyphens, no hyphen at an end, not internal-"),
      idleTimeout: range(1, 4000, "seconds"),
      clientKeepAlive: range(60, 604_800, "seconds"),
      securityGroups: items(0, 5),
      ipAddressType: words("ipv4", "dualstack", "dualstack-without-public-ipv4"),
      desyncMitigationMode: words("monitor", "defensive", "strictest"),
      loadBalancerType: words("application", "network", "gateway"),
      xffHeaderProcessingMode: words("append", "preserve", "remove"),
    },
  },
  "aws:lb/targetGroup:TargetGroup": {
    source: "Elastic Load Balancing CreateTargetGroup, ModifyTargetGroupAttributes",
    takes: {
      name: form(/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/, "1 to 32 letters, digits and hyphens, no hyphen at an end"),
      port: PORT,
      protocol: words(...PROTOCOLS),
      protocolVersion: words("HTTP1", "HTTP2", "GRPC"),
      preserveClientIp: words("true", "false"),
      loadBalancingAnomalyMitigation: words("on", "off"),
      targetType: words("instance", "ip", "lambda", "alb"),
      deregistrationDelay: range(0, 3600, "seconds"),
      slowStart: either(words(0), range(30, 900, "seconds")),
      loadBalancingAlgorithmType: words("round_robin", "least_outstanding_requests", "weighted_random"),
      "healthCheck.interval": range(5, 300, "seconds"),
      "healthCheck.timeout": range(2, 120, "seconds"),
      "healthCheck.healthyThreshold": range(2, 10),
      "healthCheck.unhealthyThreshold": range(2, 10),
      "healthCheck.path": form(/^\/.{0,1023}$/, "a path that begins with /, at most 1024 characters"),
      "healthCheck.port": either(words("traffic-port"), PORT),
      "healthCheck.protocol": words("HTTP", "HTTPS", "TCP"),
      "stickiness.type": words("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
      "stickiness.cookieDuration": range(1, 604_800, "seconds"),
      "stickiness.cookieName": checked("a cookie's name that does not begin with AWSALB", cookieComplaint),
    },
  },
  "aws:route53/record:Record": {
    source: "Route 53 ChangeResourceRecordSets",
    takes: {
      name: form(/^(?=.{1,255}$)([^.]{1,63}\.)*[^.]{1,63}\.?$/, "at most 255 characters, 63 between two dots"),
      ttl: range(0, 2_147_483_647, "seconds"),
      type: words(
        "A",
        "AAAA",
        "CAA",
        "CNAME",
        "DS",
        "HTTPS",
        "MX",
        "NAPTR",
        "NS",
        "PTR",
        "SOA",
        "SPF",
        "SRV",
        "SSHFP",
        "SVCB",
        "TLSA",
        "TXT",
      ),
    },
  },
  "aws:s3/bucket:Bucket": {
    source: "S3 CreateBucket",
    takes: {
      bucket: form(/^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 small letters, digits, dots and hyphens"),
    },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    source: "S3 PutBucketLifecycleConfiguration",
    takes: {
      rules: items(1, 1000),
      "rules[].id": length(0, 255),
      "rules[].status": words("Enabled", "Disabled"),
      "rules[].expiration.days": range(1, 2_147_483_647, "days"),
      "rules[].abortIncompleteMultipartUpload.daysAfterInitiation": range(1, 2_147_483_647, "days"),
    },
  },
  "aws:s3/bucketPolicy:BucketPolicy": { source: "S3 PutBucketPolicy", takes: { policy: length(1, 20_480) } },
  "aws:scheduler/schedule:Schedule": {
    source: "EventBridge Scheduler CreateSchedule",
    takes: {
      name: form(/^[\w.-]{1,64}$/, "1 to 64 letters, digits and _.-"),
      scheduleExpression: SCHEDULE,
      scheduleExpressionTimezone: TIMEZONE,
      description: length(0, 512),
      state: words("ENABLED", "DISABLED"),
      kmsKeyArn: KMS_KEY,
      "flexibleTimeWindow.mode": words("OFF", "FLEXIBLE"),
      "flexibleTimeWindow.maximumWindowInMinutes": range(1, 1440, "minutes"),
      "target.roleArn": ROLE,
      "target.retryPolicy.maximumRetryAttempts": range(0, 185),
      "target.retryPolicy.maximumEventAgeInSeconds": range(60, 86_400, "seconds"),
      "target.ecsParameters.taskCount": range(1, 10, "tasks"),
      "target.ecsParameters.placementConstraints": items(0, 10),
      "target.ecsParameters.placementStrategies": items(0, 5),
      ...strategy("target.ecsParameters.capacityProviderStrategies", 6),
      ...awsvpc("target.ecsParameters.networkConfiguration"),
    },
  },
  "aws:secretsmanager/secret:Secret": {
    source: "Secrets Manager CreateSecret",
    takes: {
      name: form(/^[\w/+=.@-]{1,512}$/, "1 to 512 letters, digits and /_+=.@-"),
      namePrefix: form(/^[\w/+=.@-]{1,486}$/, "1 to 486 letters, digits and /_+=.@-, beside the 26 that the provider adds"),
      description: length(0, 2048),
      kmsKeyId: ANY_KMS_KEY,
      recoveryWindowInDays: either(words(0), range(7, 30, "days")),
    },
  },
  "aws:servicediscovery/httpNamespace:HttpNamespace": {
    source: "Cloud Map CreateHttpNamespace",
    takes: { name: form(/^[!-~]{1,1024}$/, "1 to 1024 printable characters without spaces") },
  },
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
    source: "Cloud Map CreatePrivateDnsNamespace",
    takes: { name: form(DNS_NAME, "a domain such as shop.internal") },
  },
  "aws:servicediscovery/service:Service": {
    source: "Cloud Map CreateService",
    takes: {
      name: form(/^[!-~]{1,127}$/, "1 to 127 printable characters without spaces"),
      "dnsConfig.routingPolicy": words("MULTIVALUE", "WEIGHTED"),
      "dnsConfig.dnsRecords[].ttl": range(0, 2_147_483_647, "seconds"),
      "dnsConfig.dnsRecords[].type": words("A", "AAAA", "CNAME", "SRV"),
    },
  },
  "aws:sns/topic:Topic": {
    source: "SNS CreateTopic",
    takes: {
      name: form(/^[A-Za-z0-9_-]{1,251}(\.fifo|[A-Za-z0-9_-]{0,5})$/, "1 to 256 letters, digits, hyphens and underscores"),
      displayName: length(0, 100),
      kmsMasterKeyId: ANY_KMS_KEY,
    },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: "SNS Subscribe",
    takes: { protocol: words("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs") },
  },
  "aws:sqs/queue:Queue": {
    source: "SQS CreateQueue",
    takes: {
      name: form(/^[A-Za-z0-9_-]{1,75}(\.fifo|[A-Za-z0-9_-]{0,5})$/, "1 to 80 letters, digits, hyphens and underscores"),
      visibilityTimeoutSeconds: range(0, 43_200, "seconds"),
      messageRetentionSeconds: range(60, 1_209_600, "seconds"),
      delaySeconds: range(0, 900, "seconds"),
      receiveWaitTimeSeconds: range(0, 20, "seconds"),
      maxMessageSize: range(1024, 1_048_576, "bytes"),
      kmsMasterKeyId: ANY_KMS_KEY,
      kmsDataKeyReusePeriodSeconds: range(60, 86_400, "seconds"),
    },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { source: "EC2 AuthorizeSecurityGroupEgress", takes: securityGroupRule },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { source: "EC2 AuthorizeSecurityGroupIngress", takes: securityGroupRule },
  "aws:wafv2/webAcl:WebAcl": {
    source: "WAFV2 CreateWebACL",
    takes: {
      name: form(/^[\w-]{1,128}$/, "1 to 128 letters, digits, hyphens and underscores"),
      description: form(
        /^(?=.{1,256}$)[\w+=:#@/,.-][\w+=:#@/,.\s-]+[\w+=:#@/,.-]$/,
        "3 to 256 letters of a-z, digits, spaces and _+=:#@/-,.",
      ),
      scope: words("REGIONAL", "CLOUDFRONT"),
      "rules[].name": form(/^[\w-]{1,128}$/, "1 to 128 letters, digits, hyphens and underscores"),
      "rules[].statement.rateBasedStatement.limit": range(10, 2_000_000_000, "requests"),
      "rules[].statement.rateBasedStatement.evaluationWindowSec": words(60, 120, 300, 600),
      "rules[].statement.managedRuleGroupStatement.ruleActionOverrides": items(0, 100),
    },
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    source: "WAFV2 AssociateWebACL",
    takes: { webAclArn: here(arn("wafv2", "regional/webacl/", "a web ACL of the region, not of CloudFront")) },
  },
} satisfies ByType<Sheet>;
