// A stack that keeps every rule, and has something of everything that a rule is about: the tests break one thing at a time.

import type { Container } from "../../policy/graph/containers";
import type { Recording } from "../../policy/graph/graph";
import { arn, arnOf, type Inputs, id, json, make, type Node, nameOf, text } from "./graphs";

const tags = { project: "shop", stack: "prod" };
const tagged = (type: string, name: string, inputs: Inputs = {}) => make(type, name, { tags, ...inputs });
const account = "123456789012";

/** The parts of the stack. Change `inputs`, delete them, or drop and add whole parts. */
export function world() {
  const parts = { ...network(), ...identities() };
  const balanced = { ...balancer(parts), ...storage(parts) };
  const more = { ...parts, ...balanced, ...images() };
  const services = workloads(more);
  return { ...more, ...services, ...extras(), recording: recording() };
}
export type World = ReturnType<typeof world>;

/** What a program that makes a world looks up. */
export const lookups = [
  {
    token: "aws:ssm/getParameter:getParameter",
    args: { name: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id" },
  },
];

/** All resources of a world. */
export function nodesOf(w: World): Node[] {
  return Object.values(w).filter((v): v is Node => "type" in v && "inputs" in v);
}

function network() {
  const stack = make("pulumi:pulumi:Stack", "shop-prod");
  const vpc = tagged("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
  const defaultGroup = make("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net", { vpcId: id(vpc), ingress: [], egress: [] });
  const gateway = tagged("aws:ec2/internetGateway:InternetGateway", "net", { vpcId: id(vpc) });
  const subnet = (name: string, zone: string) => tagged("aws:ec2/subnet:Subnet", name, { vpcId: id(vpc), availabilityZone: zone });
  const [publicA, publicB] = [subnet("public-a", "eu-west-1a"), subnet("public-b", "eu-west-1b")];
  const [privateA, privateB] = [subnet("private-a", "eu-west-1a"), subnet("private-b", "eu-west-1b")];
  const table = (name: string) => tagged("aws:ec2/routeTable:RouteTable", name, { vpcId: id(vpc) });
  const [publicTable, tableA, tableB] = [table("public"), table("private-a"), table("private-b")];
  const associate = (s: Node, t: Node) =>
    make("aws:ec2/routeTableAssociation:RouteTableAssociation", s.name, { subnetId: id(s), routeTableId: id(t) });
  const route = (t: Node, inputs: Inputs) =>
    make("aws:ec2/route:Route", t.name, { routeTableId: id(t), destinationCidrBlock: "0.0.0.0/0", ...inputs });
  const eip = (name: string) => tagged("aws:ec2/eip:Eip", name, { domain: "vpc" });
  const nat = (name: string, s: Node) => tagged("aws:ec2/natGateway:NatGateway", name, { subnetId: id(s), allocationId: id(eip(name)) });
  const [natA, natB] = [nat("nat-a", publicA), nat("nat-b", publicB)];
  const endpointGroup = tagged("aws:ec2/securityGroup:SecurityGroup", "endpoints", { vpcId: id(vpc), description: "Interface endpoints" });
  const flowGroup = tagged("aws:cloudwatch/logGroup:LogGroup", "flow", { retentionInDays: 30 });
  return {
    stack,
    vpc,
    defaultGroup,
    publicA,
    publicB,
    privateA,
    privateB,
    tableA,
    natB,
    publicRoute: route(publicTable, { gatewayId: id(gateway) }),
    routeA: route(tableA, { natGatewayId: id(natA) }),
    routeB: route(tableB, { natGatewayId: id(natB) }),
    associationPA: associate(publicA, publicTable),
    associationPB: associate(publicB, publicTable),
    associationA: associate(privateA, tableA),
    associationB: associate(privateB, tableB),
    flowLog: tagged("aws:ec2/flowLog:FlowLog", "net", { vpcId: id(vpc), trafficType: "REJECT", logDestination: arn(flowGroup) }),
    s3Endpoint: tagged("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", {
      vpcId: id(vpc),
      serviceName: "com.amazonaws.eu-west-1.s3",
      routeTableIds: [id(tableA), id(tableB)],
    }),
    endpointGroup,
    endpointIngress: make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "endpoints", {
      securityGroupId: id(endpointGroup),
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.0.0.0/16",
    }),
    endpoint: tagged("aws:ec2/vpcEndpoint:VpcEndpoint", "ecr", {
      vpcId: id(vpc),
      serviceName: "com.amazonaws.eu-west-1.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [id(privateA), id(privateB)],
      securityGroupIds: [id(endpointGroup)],
    }),
    acl: make("aws:ec2/networkAcl:NetworkAcl", "net", {
      vpcId: id(vpc),
      subnetIds: [id(privateA)],
      ingress: [{ action: "allow", protocol: "tcp", fromPort: 1024, toPort: 3000, cidrBlock: "0.0.0.0/0", ruleNo: 1 }],
    }),
  };
}

function identities() {
  const trust = (service: string, condition?: object) =>
    json({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", Condition: condition }],
    });
  const tasks = trust("ecs-tasks.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } });
  const role = (name: string, assumeRolePolicy: unknown) => tagged("aws:iam/role:Role", name, { assumeRolePolicy });
  const execution = role("execution", tasks);
  const taskRole = role("task", tasks);
  const hostRole = role("host", trust("ec2.amazonaws.com"));
  const secret = tagged("aws:secretsmanager/secret:Secret", "db");
  const parameter = tagged("aws:ssm/parameter:Parameter", "key", { name: "/shop/key", type: "SecureString", value: "[secret]" });
  const parameterArn = text(`arn:aws:ssm:eu-west-1:${account}:parameter/shop/key`, parameter);
  const statement = {
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue", "ssm:GetParameters"],
    Resource: [arn(secret), parameterArn] as unknown[],
  };
  const passing = {
    Effect: "Allow",
    Action: ["iam:PassRole"],
    Resource: [arn(taskRole)] as unknown[],
    Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } } as object | undefined,
  };
  const attach = (name: string) =>
    make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, {
      role: nameOf(hostRole),
      policyArn: `arn:aws:iam::aws:policy/${name}`,
    });
  const gitHub = {
    StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } as Record<string, string>,
    StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main" } as Record<string, string>,
  };
  return {
    execution,
    taskRole,
    hostRole,
    secret,
    parameter,
    parameterArn,
    secretStatement: statement,
    taskStatement: passing,
    secretVersion: make("aws:secretsmanager/secretVersion:SecretVersion", "db", { secretId: id(secret), secretString: "[secret]" }),
    executionPolicy: make("aws:iam/rolePolicy:RolePolicy", "execution", {
      role: nameOf(execution),
      policy: json({ Statement: [statement, { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" }] }),
    }),
    taskPolicy: make("aws:iam/rolePolicy:RolePolicy", "task", { role: nameOf(taskRole), policy: { Statement: [passing] } }),
    joinPolicy: attach("service-role/AmazonEC2ContainerServiceforEC2Role"),
    sessionPolicy: attach("AmazonSSMManagedInstanceCore"),
    profile: tagged("aws:iam/instanceProfile:InstanceProfile", "host", { role: nameOf(hostRole) }),
    gitHub,
    gitHubRole: role("ci", {
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: gitHub,
        },
      ],
    }),
  };
}

function images() {
  const repository = tagged("aws:ecr/repository:Repository", "web", {
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
  });
  const url = `${account}.dkr.ecr.eu-west-1.amazonaws.com/web`;
  const lifecycleRule = { rulePriority: 1, selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 } as Inputs };
  const repositoryStatement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/ci` } as unknown,
    Action: ["ecr:BatchGetImage"],
  };
  return {
    repository,
    lifecycleRule,
    repositoryStatement,
    lifecycle: make("aws:ecr/lifecyclePolicy:LifecyclePolicy", "web", {
      repository: nameOf(repository),
      policy: json({ rules: [lifecycleRule] }),
    }),
    repositoryPolicy: make("aws:ecr/repositoryPolicy:RepositoryPolicy", "web", {
      repository: nameOf(repository),
      policy: json({ Statement: [repositoryStatement] }),
    }),
    image: make("docker-build:index:Image", "web", {
      push: true,
      platforms: ["linux/arm64"],
      tags: [text(`${url}:4f2a`, repository)],
      cacheFrom: [{ registry: { ref: `${url}-cache:arm64` } }],
      cacheTo: [{ registry: { ref: `${url}-cache:arm64`, mode: "max", imageManifest: true, ociMediaTypes: true } }],
      registries: [{ address: url, username: "AWS", password: "[secret]" }],
    }),
    classicImage: make("docker:index/image:Image", "tool", {
      imageName: `${url}:tool-1`,
      build: { context: ".", platform: "linux/arm64" },
    }),
  };
}

type Before = ReturnType<typeof network> & ReturnType<typeof identities>;

function group(name: string, w: Pick<Before, "vpc">): Node {
  return tagged("aws:ec2/securityGroup:SecurityGroup", name, { vpcId: id(w.vpc), description: `The ${name}` });
}

function balancer(w: Before) {
  const lbGroup = group("balancer", w);
  const taskGroup = group("tasks", w);
  const logs = tagged("aws:s3/bucket:Bucket", "logs");
  const bucketPart = (type: string, inputs: Inputs) => make(`aws:s3/${type}`, "logs", { bucket: id(logs), ...inputs });
  const lb = tagged("aws:lb/loadBalancer:LoadBalancer", "public", {
    subnets: [id(w.publicA), id(w.publicB)],
    securityGroups: [id(lbGroup)],
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
    accessLogs: { enabled: true, bucket: id(logs) },
  });
  const targetGroup = tagged("aws:lb/targetGroup:TargetGroup", "web", {
    vpcId: id(w.vpc),
    protocol: "HTTP",
    port: 8000,
    targetType: "ip",
    deregistrationDelay: 15,
    healthCheck: { path: "/health", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 },
  });
  const certificate = tagged("aws:acm/certificate:Certificate", "web", { domainName: "shop.example", validationMethod: "DNS" });
  const validation = make("aws:acm/certificateValidation:CertificateValidation", "web", { certificateArn: arn(certificate) });
  const https = tagged("aws:lb/listener:Listener", "https", {
    loadBalancerArn: arn(lb),
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    certificateArn: text(arnOf(certificate), certificate, validation),
    defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
  });
  const deliver = {
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" } as unknown,
    Action: ["s3:PutObject"],
    Resource: [text(`${arnOf(logs)}/alb/AWSLogs/${account}/*`, logs)] as unknown[],
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/*` } } as object | undefined,
  };
  const tls = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn(logs)],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const rule = (direction: "Ingress" | "Egress", name: string, of: Node, port: number, inputs: Inputs) =>
    make(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, name, {
      securityGroupId: id(of),
      description: `Port ${port}`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...inputs,
    });
  return {
    lbGroup,
    taskGroup,
    lb,
    targetGroup,
    certificate,
    validation,
    https,
    http: tagged("aws:lb/listener:Listener", "http", {
      loadBalancerArn: arn(lb),
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }] as unknown[],
    }),
    listenerRule: make("aws:lb/listenerRule:ListenerRule", "web", {
      listenerArn: arn(https),
      actions: [{ type: "forward", targetGroupArn: arn(targetGroup) }],
      conditions: [{ pathPattern: { values: ["/*"] } }],
    }),
    record: make("aws:route53/record:Record", "web", {
      type: "A",
      name: "shop.example",
      aliases: [{ name: text("shop-1.elb.amazonaws.com", lb), zoneId: "Z1", evaluateTargetHealth: true }] as unknown,
    }),
    lbIngress: rule("Ingress", "https", lbGroup, 443, { cidrIpv4: "0.0.0.0/0" }),
    lbEgress: rule("Egress", "to-tasks", lbGroup, 8000, { referencedSecurityGroupId: id(taskGroup) }),
    taskIngress: rule("Ingress", "from-balancer", taskGroup, 8000, { referencedSecurityGroupId: id(lbGroup) }),
    logs,
    delivery: deliver,
    bucketPolicy: bucketPart("bucketPolicy:BucketPolicy", { policy: json({ Statement: [deliver, tls] }) }),
    publicBlock: bucketPart("bucketPublicAccessBlock:BucketPublicAccessBlock", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    encryption: bucketPart("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }),
    bucketLifecycle: bucketPart("bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
      rules: [{ id: "all", status: "Enabled", expiration: { days: 90 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }],
    }),
    ownership: bucketPart("bucketOwnershipControls:BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }),
  };
}

function storage(w: Before) {
  const filesGroup = group("files", w);
  const files = tagged("aws:efs/fileSystem:FileSystem", "files", { encrypted: true });
  return {
    files,
    backup: make("aws:efs/backupPolicy:BackupPolicy", "files", { fileSystemId: id(files), backupPolicy: { status: "ENABLED" } }),
    accessPoint: make("aws:efs/accessPoint:AccessPoint", "files", {
      fileSystemId: id(files),
      rootDirectory: { path: "/web" },
      posixUser: { uid: 1000, gid: 1000 },
    }),
    mountTarget: make("aws:efs/mountTarget:MountTarget", "files", {
      fileSystemId: id(files),
      subnetId: id(w.privateA),
      securityGroups: [id(filesGroup)],
    }),
  };
}

function workloads(w: Before & ReturnType<typeof images> & ReturnType<typeof balancer> & ReturnType<typeof storage>) {
  const logGroup = tagged("aws:cloudwatch/logGroup:LogGroup", "web", { retentionInDays: 30 });
  const container = (name: string): Container => ({
    name,
    image: text(`registry.example/web:1@sha256:${"a".repeat(64)}`, w.image) as unknown as string,
    essential: true,
    readonlyRootFilesystem: true,
    user: "1000:1000",
    stopTimeout: 30,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    portMappings: [{ containerPort: 8000 }],
    environment: [{ name: "LOG_LEVEL", value: "info" }],
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": nameOf(logGroup) as unknown as string,
        "awslogs-region": "eu-west-1",
        "awslogs-stream-prefix": "web",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  });
  const app: Container = {
    ...container("web"),
    secrets: [
      { name: "DB_PASSWORD", valueFrom: arn(w.secret) as unknown as string },
      { name: "API_KEY", valueFrom: w.parameterArn as unknown as string },
    ],
  };
  const hostApp = container("batch");
  const task = (name: string, c: Container, inputs: Inputs) =>
    tagged("aws:ecs/taskDefinition:TaskDefinition", name, {
      family: name,
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      executionRoleArn: arn(w.execution),
      taskRoleArn: arn(w.taskRole),
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      containerDefinitions: json([c]),
      ...inputs,
    });
  const volume = { name: "files", efsVolumeConfiguration: { fileSystemId: id(w.files), transitEncryption: "ENABLED" } as Inputs };
  const fargateTask = task("web", app, { requiresCompatibilities: ["FARGATE"], volumes: [{ name: "tmp" }, volume] });
  const hostTask = task("batch", hostApp, { requiresCompatibilities: ["EC2"] });
  const cluster = tagged("aws:ecs/cluster:Cluster", "apps", { settings: [{ name: "containerInsights", value: "enhanced" }] });
  const hostGroup = group("hosts", w);
  const template = tagged("aws:ec2/launchTemplate:LaunchTemplate", "host", {
    imageId: "ami-0123456789abcdef0",
    instanceType: "t4g.medium",
    iamInstanceProfile: { arn: arn(w.profile) },
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 30, encrypted: "true" } as Inputs }],
    vpcSecurityGroupIds: [id(hostGroup)],
    userData: userData("ECS_CLUSTER=apps", "ECS_AWSVPC_BLOCK_IMDS=true"),
  });
  const asg = make("aws:autoscaling/group:Group", "host", {
    vpcZoneIdentifiers: [id(w.privateA), id(w.privateB)],
    minSize: 2,
    maxSize: 10,
    launchTemplate: { id: id(template), version: text("1", template) as unknown },
    protectFromScaleIn: true,
    instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 100, scaleInProtectedInstances: "Refresh" } as Inputs },
    tags: ["AmazonECSManaged", "project", "stack"].map((key) => ({ key, value: "x", propagateAtLaunch: true })),
  });
  const provider = tagged("aws:ecs/capacityProvider:CapacityProvider", "host", {
    autoScalingGroupProvider: {
      autoScalingGroupArn: arn(asg),
      managedTerminationProtection: "ENABLED",
      managedScaling: { status: "ENABLED" },
    } as Inputs,
  });
  const service = (name: string, t: Node, inputs: Inputs) =>
    Object.assign(
      tagged("aws:ecs/service:Service", name, {
        cluster: arn(cluster),
        taskDefinition: arn(t),
        desiredCount: 2,
        deploymentCircuitBreaker: { enable: true, rollback: true } as unknown,
        availabilityZoneRebalancing: "ENABLED",
        waitForSteadyState: true,
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        networkConfiguration: {
          subnets: [id(w.privateA), id(w.privateB)],
          securityGroups: [id(w.taskGroup)],
          assignPublicIp: false,
        } as Inputs,
        ...inputs,
      }),
      { ignoreChanges: ["desiredCount"] },
    );
  const web = service("web", fargateTask, {
    capacityProviderStrategies: [
      { capacityProvider: "FARGATE", base: 1, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", weight: 4 },
    ] as unknown,
    loadBalancers: [{ targetGroupArn: arn(w.targetGroup), containerName: "web", containerPort: 8000 }],
    healthCheckGracePeriodSeconds: 60,
  });
  web.dependsOn.push(w.listenerRule);
  const batch = service("batch", hostTask, {
    capacityProviderStrategies: [{ capacityProvider: nameOf(provider), weight: 1 }],
    orderedPlacementStrategies: [{ type: "spread", field: "attribute:ecs.availability-zone" }] as unknown,
  });
  const scale = (s: Node) => {
    const target = make("aws:appautoscaling/target:Target", s.name, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: text(`service/apps/${s.name}`, cluster, s),
      minCapacity: 2,
      maxCapacity: 10,
    });
    const policy = make("aws:appautoscaling/policy:Policy", s.name, {
      resourceId: text(`service/apps/${s.name}`, target),
      policyType: "TargetTrackingScaling",
    });
    return { target, policy };
  };
  const [scaling, batchScaling] = [scale(web), scale(batch)];
  return {
    logGroup,
    app,
    hostApp,
    task: fargateTask,
    hostTask,
    volume,
    cluster,
    template,
    asg,
    provider,
    hostGroup,
    association: make("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "apps", {
      clusterName: nameOf(cluster),
      capacityProviders: ["FARGATE", nameOf(provider)] as unknown[],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }] as unknown[],
    }),
    service: web,
    hostService: batch,
    scalingTarget: scaling.target,
    scalingPolicy: scaling.policy,
    batchPolicy: batchScaling.policy,
  };
}

/** What only a recording knows of a world. */
function recording(): Pick<Recording, "budget" | "cost" | "region"> {
  return { region: "eu-west-1", budget: 50, cost: { monthlyIdle: 38.15, currency: "USD", savings: [], unknown: [] } };
}

function extras() {
  const keyStatement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` } as unknown,
    Action: ["kms:*"],
    Resource: "*",
    Condition: undefined as object | undefined,
  };
  const key = tagged("aws:kms/key:Key", "events", { enableKeyRotation: true, policy: json({ Statement: [keyStatement] }) });
  const topic = tagged("aws:sns/topic:Topic", "alarms", { kmsMasterKeyId: arn(key) });
  const tls = {
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const topicStatement = {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" } as unknown,
    Action: ["sns:Publish"],
    Resource: "*",
  };
  const visibilityConfig = { cloudwatchMetricsEnabled: true, metricName: "bad", sampledRequestsEnabled: true };
  const wafRule = {
    name: "bad-inputs",
    priority: 0,
    overrideAction: { none: {} } as Inputs | undefined,
    visibilityConfig: visibilityConfig as Inputs,
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" } },
  };
  return {
    key,
    keyStatement,
    topic,
    topicStatement,
    topicPolicy: make("aws:sns/topicPolicy:TopicPolicy", "alarms", { arn: arn(topic), policy: json({ Statement: [topicStatement, tls] }) }),
    alarm: tagged("aws:cloudwatch/metricAlarm:MetricAlarm", "errors", { alarmActions: [arn(topic)] }),
    wafRule,
    webAcl: tagged("aws:wafv2/webAcl:WebAcl", "web", { rules: [wafRule] }),
  };
}

export function userData(...lines: string[]): string {
  return Buffer.from(["#!/bin/bash", ...lines.map((l) => `echo ${l} >> /etc/ecs/ecs.config`)].join("\n")).toString("base64");
}
