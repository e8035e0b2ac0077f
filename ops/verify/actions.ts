// What creating a resource takes: the actions of IAM by its type. Reading it back and tagging it are left out.
import type { Place } from "../../facts/secrets";
import type { ByType } from "../../facts/types";

export interface Creation {
  actions: readonly string[];
  /** The ARN that policies are written for, by the resource's name; `*` where they are for all of the type. */
  arn?: (place: Place, name: string) => string;
}

const regional = (service: string, resource: string) => (place: Place, name: string) =>
  `arn:${place.partition}:${service}:${place.region}:${place.accountId}:${resource}${name}`;
const global = (resource: string) => (place: Place, name: string) => `arn:${place.partition}:iam::${place.accountId}:${resource}${name}`;
const bucket = (place: Place, name: string) => `arn:${place.partition}:s3:::${name}`;
const only = (...actions: string[]): Creation => ({ actions });
const on = (arn: Creation["arn"] & object, ...actions: string[]): Creation => ({ actions, arn });

const repository = regional("ecr", "repository/");
const role = global("role/");

export const CREATIONS: ByType<Creation> = {
  "aws:acm/certificate:Certificate": only("acm:RequestCertificate"),
  "aws:appautoscaling/policy:Policy": only("application-autoscaling:PutScalingPolicy"),
  "aws:appautoscaling/scheduledAction:ScheduledAction": only("application-autoscaling:PutScheduledAction"),
  "aws:appautoscaling/target:Target": only("application-autoscaling:RegisterScalableTarget"),
  "aws:autoscaling/group:Group": only("autoscaling:CreateAutoScalingGroup"),
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": only("chatbot:CreateSlackChannelConfiguration"),
  "aws:cloudfront/distribution:Distribution": only("cloudfront:CreateDistribution"),
  "aws:cloudfront/vpcOrigin:VpcOrigin": only("cloudfront:CreateVpcOrigin"),
  "aws:cloudwatch/dashboard:Dashboard": only("cloudwatch:PutDashboard"),
  "aws:cloudwatch/eventRule:EventRule": on(regional("events", "rule/"), "events:PutRule"),
  "aws:cloudwatch/eventTarget:EventTarget": only("events:PutTargets"),
  "aws:cloudwatch/logGroup:LogGroup": on(regional("logs", "log-group:"), "logs:CreateLogGroup", "logs:PutRetentionPolicy"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": only("logs:PutMetricFilter"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": on(regional("cloudwatch", "alarm:"), "cloudwatch:PutMetricAlarm"),
  "aws:ec2/eip:Eip": only("ec2:AllocateAddress"),
  "aws:ec2/eipAssociation:EipAssociation": only("ec2:AssociateAddress"),
  "aws:ec2/flowLog:FlowLog": only("ec2:CreateFlowLogs"),
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": only("ec2:CreateEgressOnlyInternetGateway"),
  "aws:ec2/internetGateway:InternetGateway": only("ec2:AttachInternetGateway", "ec2:CreateInternetGateway"),
  "aws:ec2/launchTemplate:LaunchTemplate": only("ec2:CreateLaunchTemplate"),
  "aws:ec2/natGateway:NatGateway": only("ec2:CreateNatGateway"),
  "aws:ec2/networkInterface:NetworkInterface": only("ec2:CreateNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"),
  "aws:ec2/route:Route": only("ec2:CreateRoute"),
  "aws:ec2/routeTable:RouteTable": only("ec2:CreateRouteTable"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": only("ec2:AssociateRouteTable"),
  "aws:ec2/securityGroup:SecurityGroup": only("ec2:CreateSecurityGroup"),
  "aws:ec2/subnet:Subnet": only("ec2:CreateSubnet"),
  "aws:ec2/vpc:Vpc": only("ec2:CreateVpc", "ec2:ModifyVpcAttribute"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": only("ec2:CreateVpcEndpoint"),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": on(repository, "ecr:PutLifecyclePolicy"),
  "aws:ecr/repository:Repository": on(repository, "ecr:CreateRepository"),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": on(repository, "ecr:SetRepositoryPolicy"),
  "aws:ecs/capacityProvider:CapacityProvider": on(regional("ecs", "capacity-provider/"), "ecs:CreateCapacityProvider"),
  "aws:ecs/cluster:Cluster": on(regional("ecs", "cluster/"), "ecs:CreateCluster"),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": on(regional("ecs", "cluster/"), "ecs:PutClusterCapacityProviders"),
  "aws:ecs/daemon:Daemon": only("ecs:CreateDaemon"),
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": only("ecs:RegisterDaemonTaskDefinition"),
  "aws:ecs/service:Service": only("ecs:CreateService"),
  "aws:ecs/taskDefinition:TaskDefinition": only("ecs:RegisterTaskDefinition"),
  "aws:efs/accessPoint:AccessPoint": only("elasticfilesystem:CreateAccessPoint"),
  "aws:efs/backupPolicy:BackupPolicy": only("elasticfilesystem:PutBackupPolicy"),
  "aws:efs/fileSystem:FileSystem": only("elasticfilesystem:CreateFileSystem"),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": only("elasticfilesystem:PutFileSystemPolicy"),
  "aws:efs/mountTarget:MountTarget": only("elasticfilesystem:CreateMountTarget"),
  "aws:elasticache/replicationGroup:ReplicationGroup": only("elasticache:CreateReplicationGroup"),
  "aws:elasticache/subnetGroup:SubnetGroup": only("elasticache:CreateCacheSubnetGroup"),
  "aws:iam/instanceProfile:InstanceProfile": on(global("instance-profile/"), "iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile"),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": on(global("oidc-provider/"), "iam:CreateOpenIDConnectProvider"),
  "aws:iam/role:Role": on(role, "iam:CreateRole", "iam:PassRole"),
  "aws:iam/rolePolicy:RolePolicy": on(role, "iam:PutRolePolicy"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": on(role, "iam:AttachRolePolicy"),
  "aws:kms/alias:Alias": only("kms:CreateAlias"),
  "aws:kms/key:Key": only("kms:CreateKey"),
  "aws:lb/listener:Listener": only("elasticloadbalancing:CreateListener"),
  "aws:lb/listenerCertificate:ListenerCertificate": only("elasticloadbalancing:AddListenerCertificates"),
  "aws:lb/listenerRule:ListenerRule": only("elasticloadbalancing:CreateRule"),
  "aws:lb/loadBalancer:LoadBalancer": only("elasticloadbalancing:CreateLoadBalancer"),
  "aws:lb/targetGroup:TargetGroup": only("elasticloadbalancing:CreateTargetGroup"),
  "aws:lb/trustStore:TrustStore": only("elasticloadbalancing:CreateTrustStore"),
  "aws:rds/instance:Instance": only("rds:CreateDBInstance"),
  "aws:rds/subnetGroup:SubnetGroup": only("rds:CreateDBSubnetGroup"),
  "aws:route53/record:Record": only("route53:ChangeResourceRecordSets"),
  "aws:route53/zone:Zone": only("route53:CreateHostedZone"),
  "aws:s3/bucket:Bucket": on(bucket, "s3:CreateBucket"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": on(bucket, "s3:PutLifecycleConfiguration"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": on(bucket, "s3:PutBucketOwnershipControls"),
  "aws:s3/bucketPolicy:BucketPolicy": on(bucket, "s3:PutBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": on(bucket, "s3:PutBucketPublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": on(bucket, "s3:PutEncryptionConfiguration"),
  "aws:scheduler/schedule:Schedule": on(regional("scheduler", "schedule/default/"), "scheduler:CreateSchedule"),
  "aws:secretsmanager/secret:Secret": on(regional("secretsmanager", "secret:"), "secretsmanager:CreateSecret"),
  "aws:secretsmanager/secretVersion:SecretVersion": on(regional("secretsmanager", "secret:"), "secretsmanager:PutSecretValue"),
  "aws:servicediscovery/httpNamespace:HttpNamespace": only("servicediscovery:CreateHttpNamespace"),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": only("servicediscovery:CreatePrivateDnsNamespace"),
  "aws:servicediscovery/service:Service": only("servicediscovery:CreateService"),
  "aws:sns/topic:Topic": on(regional("sns", ""), "sns:CreateTopic"),
  "aws:sns/topicPolicy:TopicPolicy": on(regional("sns", ""), "sns:SetTopicAttributes"),
  "aws:sns/topicSubscription:TopicSubscription": on(regional("sns", ""), "sns:Subscribe"),
  "aws:sqs/queue:Queue": on(regional("sqs", ""), "sqs:CreateQueue"),
  "aws:sqs/queuePolicy:QueuePolicy": on(regional("sqs", ""), "sqs:SetQueueAttributes"),
  "aws:ssm/parameter:Parameter": on(regional("ssm", "parameter/"), "ssm:PutParameter"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": only("ec2:AuthorizeSecurityGroupEgress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": only("ec2:AuthorizeSecurityGroupIngress"),
  "aws:wafv2/webAcl:WebAcl": only("wafv2:CreateWebACL"),
  "aws:wafv2/webAclAssociation:WebAclAssociation": only("wafv2:AssociateWebACL"),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": only("wafv2:PutLoggingConfiguration"),
  "docker-build:index:Image": on(repository, "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"),
};

/** Roles that AWS makes for a service at its first use, where whoever uses it may create them. */
export const LINKED_ROLES: ByType<{ role: string; service: string }> = {
  "aws:appautoscaling/target:Target": {
    role: "AWSServiceRoleForApplicationAutoScaling_ECSService",
    service: "ecs.application-autoscaling.amazonaws.com",
  },
  "aws:autoscaling/group:Group": { role: "AWSServiceRoleForAutoScaling", service: "autoscaling.amazonaws.com" },
  "aws:ecs/service:Service": { role: "AWSServiceRoleForECS", service: "ecs.amazonaws.com" },
  "aws:lb/loadBalancer:LoadBalancer": { role: "AWSServiceRoleForElasticLoadBalancing", service: "elasticloadbalancing.amazonaws.com" },
};
