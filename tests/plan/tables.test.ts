// Eight tables are keyed by the type of a resource. A type that one of them does not know is handled like any other, without a word: no price, no
// effect of its replacement, no place in the picture. So every type of every stack and example is known to each table, or listed here as unknown to it.
import assert from "node:assert/strict";
import { NAMES } from "../../facts/names";
import { canonicalType, entryOf, isResourceType, type ResourceType } from "../../facts/types";
import { CREATIONS } from "../../ops/verify/actions";
import { pricingOf } from "../../plan/cost/cost";
import { isMocked } from "../../plan/record/mocks";
import { isDrawn } from "../../plan/report/picture";
import { knowsReplacement } from "../../plan/update/replacement";
import type { Types } from "../../policy/graph/types";
import { everyGraph } from "../helpers/every-graph";

/** Types whose inputs no rule reads. The compiler holds this list to that of all types. */
const UNREAD: Record<Exclude<ResourceType, keyof Types>, true> = {
  "aws:autoscaling/schedule:Schedule": true,
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": true,
  "aws:cloudfront/distribution:Distribution": true,
  "aws:cloudfront/vpcOrigin:VpcOrigin": true,
  "aws:cloudwatch/dashboard:Dashboard": true,
  "aws:cloudwatch/eventRule:EventRule": true,
  "aws:cloudwatch/eventTarget:EventTarget": true,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": true,
  "aws:dynamodb/table:Table": true,
  "aws:ec2/keyPair:KeyPair": true,
  "aws:elasticache/cluster:Cluster": true,
  "aws:elasticache/replicationGroup:ReplicationGroup": true,
  "aws:elasticache/serverlessCache:ServerlessCache": true,
  "aws:elasticache/subnetGroup:SubnetGroup": true,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": true,
  "aws:kms/alias:Alias": true,
  "aws:rds/cluster:Cluster": true,
  "aws:rds/instance:Instance": true,
  "aws:rds/subnetGroup:SubnetGroup": true,
  "aws:route53/zone:Zone": true,
  "aws:s3/bucketV2:BucketV2": true,
  "aws:servicediscovery/httpNamespace:HttpNamespace": true,
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": true,
  "aws:servicediscovery/service:Service": true,
  "aws:sns/topicSubscription:TopicSubscription": true,
  "aws:sqs/queuePolicy:QueuePolicy": true,
  "awsx:ec2:Vpc": true,
  "docker:index/registryImage:RegistryImage": true,
  "docker:index/remoteImage:RemoteImage": true,
  "docker:index/tag:Tag": true,
  "pulumi:pulumi:StackReference": true,
  "random:index/randomId:RandomId": true,
  "random:index/randomPassword:RandomPassword": true,
  "random:index/randomString:RandomString": true,
  "random:index/randomUuid:RandomUuid": true,
};

interface Table {
  knows(type: string): boolean;
  /** Why a type is not in it, for many types at once. */
  unknown: [why: string, ...types: ResourceType[]][];
}

/** What is a part of another resource and has no id, ARN or name that others ask for. */
const PARTS: ResourceType[] = [
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:efs/backupPolicy:BackupPolicy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:kms/alias:Alias",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
];
/** What runs on the machine that deploys. */
const LOCAL: ResourceType[] = [
  "command:local:Command",
  "docker-build:index:Image",
  "docker:index/registryImage:RegistryImage",
  "docker:index/remoteImage:RemoteImage",
  "docker:index/tag:Tag",
];
/** What leads traffic, names it or permits it: the picture shows the boxes at its two ends. */
const BETWEEN: ResourceType[] = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  "aws:ec2/eip:Eip",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/subnet:Subnet",
  "aws:lb/listener:Listener",
  "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:lb/listenerRule:ListenerRule",
  "aws:route53/record:Record",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

/** What only a program of one's own makes, as that of an example. */
const SUBNET_GROUPS: ResourceType[] = ["aws:elasticache/subnetGroup:SubnetGroup", "aws:rds/subnetGroup:SubnetGroup"];
const CDN: ResourceType[] = ["aws:cloudfront/distribution:Distribution", "aws:cloudfront/vpcOrigin:VpcOrigin"];
const DATABASES: ResourceType[] = ["aws:elasticache/replicationGroup:ReplicationGroup", "aws:rds/instance:Instance"];

const TABLES: Record<string, Table> = {
  "what creating it takes": {
    knows: (type) => entryOf(CREATIONS, type) !== undefined,
    unknown: [
      ["it waits for another", "aws:acm/certificateValidation:CertificateValidation"],
      ["AWS makes it", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
      ["the machine that deploys makes it", ...LOCAL.filter((type) => type !== "docker-build:index:Image")],
    ],
  },
  "what AWS would answer": {
    knows: isMocked,
    unknown: [
      ["an id is enough", ...PARTS, ...CDN, ...SUBNET_GROUPS, "aws:cloudwatch/logMetricFilter:LogMetricFilter"],
      ["its address stays unknown until the deploy", ...DATABASES],
    ],
  },
  "what it costs, or that it is free while idle": {
    knows: (type) => pricingOf(type) !== undefined,
    unknown: [
      ["AWS does not bill it", ...LOCAL],
      ["the plan names it as without a price", ...DATABASES],
    ],
  },
  "what replaces it": {
    knows: knowsReplacement,
    unknown: [["Berth makes none", ...SUBNET_GROUPS, ...CDN, "aws:elasticache/replicationGroup:ReplicationGroup"]],
  },
  "what rules read of it": {
    knows: (type) => !(type in UNREAD),
    unknown: [["no rule asks for it", ...(Object.keys(UNREAD) as ResourceType[])]],
  },
  "how long its name may be": {
    knows: (type) => entryOf(NAMES, type) !== undefined,
    unknown: [
      ["it has no name of its own", ...PARTS, ...LOCAL, ...BETWEEN],
      [
        "AWS gives it an id",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/fileSystem:FileSystem",
        "aws:efs/mountTarget:MountTarget",
        "aws:kms/key:Key",
      ],
      [
        "it is named after another",
        "aws:appautoscaling/target:Target",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      ],
      ["it has a key, which the program gives it", "aws:s3/bucketObjectv2:BucketObjectv2"],
      [
        "the program names it",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        ...SUBNET_GROUPS,
        ...DATABASES,
        ...CDN,
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        "aws:servicediscovery/service:Service",
      ],
      [
        "its family has 255 characters, and a program always gives it",
        "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
        "aws:ecs/taskDefinition:TaskDefinition",
      ],
    ],
  },
  "where it is in the picture": {
    knows: isDrawn,
    unknown: [
      [
        "it is a part of a box, or an arrow",
        ...PARTS,
        ...BETWEEN,
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "aws:s3/bucketObjectv2:BucketObjectv2",
      ],
      ["it stands before what is drawn", ...CDN],
      ["it is gone when the deploy is over", ...LOCAL.filter((type) => type !== "docker-build:index:Image")],
      [
        "it is what a service or an instance is made of",
        ...SUBNET_GROUPS,
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/mountTarget:MountTarget",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ecr/repository:Repository",
        "aws:ecs/capacityProvider:CapacityProvider",
        "aws:ecs/cluster:Cluster",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:lb/targetGroup:TargetGroup",
        "aws:servicediscovery/httpNamespace:HttpNamespace",
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        "aws:servicediscovery/service:Service",
      ],
      [
        "it permits or encrypts",
        "aws:wafv2/webAcl:WebAcl",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/key:Key",
      ],
      [
        "it watches or scales",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:appautoscaling/policy:Policy",
        "aws:appautoscaling/target:Target",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:ec2/flowLog:FlowLog",
      ],
    ],
  },
};

describe("the tables by type of resource", () => {
  let types: ResourceType[];
  before(async function () {
    this.timeout(120_000);
    // What Pulumi's engine keeps by itself is nothing to AWS.
    const custom = (await everyGraph()).flat().filter((resource) => resource.custom && !resource.type.startsWith("pulumi:"));
    const all = [...new Set(custom.map(({ type }) => canonicalType(type)))].sort();
    assert.deepEqual(
      all.filter((type) => !isResourceType(type)),
      [],
      "types that facts/types.ts does not know",
    );
    types = all.filter(isResourceType);
  });

  for (const [what, { knows, unknown }] of Object.entries(TABLES)) {
    it(`know ${what}, of every type in any stack or example, or say why not`, () => {
      const listed: string[] = unknown.flatMap(([, ...rest]) => rest);
      assert.deepEqual(
        types.filter((type) => !knows(type) && !listed.includes(type)),
        [],
        "neither in the table nor listed as unknown to it",
      );
      assert.deepEqual(listed.filter(knows), [], "listed as unknown, and in the table");
    });
  }
});
