import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { statement, tags, trust } from "./shared";

// What Network, Cluster and LoadBalancer make, by hand.
const accountId = aws.getCallerIdentityOutput().accountId;

new pulumi.Stash("net-range", { input: "10.0.0.0/16" });
export const vpc = new Vpc("net", {
  cidrBlock: "10.0.0.0/16",
  numberOfAvailabilityZones: 2,
  subnetStrategy: "Auto",
  subnetSpecs: [
    { type: "Private", cidrMask: 19 },
    { type: "Public", cidrMask: 20 },
  ],
  natGateways: { strategy: "OnePerAz" },
  enableDnsHostnames: true,
  enableDnsSupport: true,
  tags,
});
new aws.ec2.DefaultSecurityGroup("net-default", { vpcId: vpc.vpcId, ingress: [], egress: [], tags });
new aws.ec2.VpcEndpoint("net-s3", {
  vpcId: vpc.vpcId,
  serviceName: "com.amazonaws.us-east-1.s3",
  vpcEndpointType: "Gateway",
  routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id))),
  tags,
});

const flowLogGroup = new aws.cloudwatch.LogGroup("net-flow", { retentionInDays: 90, tags });
const flowRole = new aws.iam.Role("net-flow", { assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com"), tags });
const flowPolicy = new aws.iam.RolePolicy("net-flow", {
  role: flowRole.name,
  policy: statement(["logs:CreateLogStream", "logs:PutLogEvents"], [flowLogGroup.arn, pulumi.interpolate`${flowLogGroup.arn}:*`]),
});
new aws.ec2.FlowLog(
  "net-flow",
  {
    vpcId: vpc.vpcId,
    trafficType: "ALL",
    logDestinationType: "cloud-watch-logs",
    logDestination: flowLogGroup.arn,
    iamRoleArn: flowRole.arn,
    maxAggregationInterval: 600,
    tags,
  },
  { dependsOn: [flowPolicy] },
);

const execLogGroup = new aws.cloudwatch.LogGroup("apps-exec", { retentionInDays: 90, tags });
export const cluster = new aws.ecs.Cluster("apps", {
  settings: [{ name: "containerInsights", value: "enhanced" }],
  configuration: {
    executeCommandConfiguration: { logging: "OVERRIDE", logConfiguration: { cloudWatchLogGroupName: execLogGroup.name } },
  },
  tags,
});
export const capacityProviders = new aws.ecs.ClusterCapacityProviders("apps", {
  clusterName: cluster.name,
  capacityProviders: ["FARGATE", "FARGATE_SPOT"],
  defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
});

const { bucket, arn: bucketArn } = new aws.s3.Bucket("public-logs", { forceDestroy: false, tags });
new aws.s3.BucketOwnershipControls("public-logs", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
new aws.s3.BucketPublicAccessBlock("public-logs", {
  bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
new aws.s3.BucketServerSideEncryptionConfiguration("public-logs", {
  bucket,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
});
new aws.s3.BucketLifecycleConfiguration("public-logs", {
  bucket,
  rules: [{ id: "expire", status: "Enabled", filter: { prefix: "" }, expiration: { days: 90 } }],
});
const bucketPolicy = new aws.s3.BucketPolicy("public-logs", {
  bucket,
  policy: statement(["s3:PutObject"], [pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`]),
});

export const securityGroup = new aws.ec2.SecurityGroup("public", { vpcId: vpc.vpcId, description: "HTTP from anywhere", tags });
new aws.vpc.SecurityGroupIngressRule("public-80", {
  securityGroupId: securityGroup.id,
  ipProtocol: "tcp",
  fromPort: 80,
  toPort: 80,
  cidrIpv4: "0.0.0.0/0",
  tags,
});
export const loadBalancer = new aws.lb.LoadBalancer(
  "public",
  {
    loadBalancerType: "application",
    securityGroups: [securityGroup.id],
    subnets: vpc.publicSubnetIds,
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
    accessLogs: { bucket, enabled: true },
    tags,
  },
  { dependsOn: [bucketPolicy] },
);
export const listener = new aws.lb.Listener("public-http", {
  loadBalancerArn: loadBalancer.arn,
  port: 80,
  protocol: "HTTP",
  defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
  tags,
});
