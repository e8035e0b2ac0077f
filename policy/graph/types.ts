// The resources that the rules read, and the types of their inputs: a property that is misspelt in a rule does not compile.
import type * as aws from "@pulumi/aws";
import type * as docker from "@pulumi/docker";
import type * as dockerBuild from "@pulumi/docker-build";
import type { PolicyResource } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import type { ResourceType } from "../../facts/types";

export interface Types {
  "aws:acm/certificate:Certificate": aws.acm.CertificateArgs;
  "aws:acm/certificateValidation:CertificateValidation": aws.acm.CertificateValidationArgs;
  "aws:appautoscaling/policy:Policy": aws.appautoscaling.PolicyArgs;
  "aws:appautoscaling/scheduledAction:ScheduledAction": aws.appautoscaling.ScheduledActionArgs;
  "aws:appautoscaling/target:Target": aws.appautoscaling.TargetArgs;
  "aws:autoscaling/attachment:Attachment": aws.autoscaling.AttachmentArgs;
  "aws:autoscaling/group:Group": aws.autoscaling.GroupArgs;
  "aws:cloudwatch/logGroup:LogGroup": aws.cloudwatch.LogGroupArgs;
  "aws:cloudwatch/metricAlarm:MetricAlarm": aws.cloudwatch.MetricAlarmArgs;
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": aws.ec2.DefaultSecurityGroupArgs;
  "aws:ec2/defaultSubnet:DefaultSubnet": aws.ec2.DefaultSubnetArgs;
  "aws:ec2/defaultVpc:DefaultVpc": aws.ec2.DefaultVpcArgs;
  "aws:ec2/eip:Eip": aws.ec2.EipArgs;
  "aws:ec2/eipAssociation:EipAssociation": aws.ec2.EipAssociationArgs;
  "aws:ec2/flowLog:FlowLog": aws.ec2.FlowLogArgs;
  "aws:ec2/internetGateway:InternetGateway": aws.ec2.InternetGatewayArgs;
  "aws:ec2/launchConfiguration:LaunchConfiguration": aws.ec2.LaunchConfigurationArgs;
  "aws:ec2/launchTemplate:LaunchTemplate": aws.ec2.LaunchTemplateArgs;
  "aws:ec2/natGateway:NatGateway": aws.ec2.NatGatewayArgs;
  "aws:ec2/networkAcl:NetworkAcl": aws.ec2.NetworkAclArgs;
  "aws:ec2/networkAclRule:NetworkAclRule": aws.ec2.NetworkAclRuleArgs;
  "aws:ec2/route:Route": aws.ec2.RouteArgs;
  "aws:ec2/routeTable:RouteTable": aws.ec2.RouteTableArgs;
  "aws:ec2/routeTableAssociation:RouteTableAssociation": aws.ec2.RouteTableAssociationArgs;
  "aws:ec2/securityGroup:SecurityGroup": aws.ec2.SecurityGroupArgs;
  "aws:ec2/securityGroupRule:SecurityGroupRule": aws.ec2.SecurityGroupRuleArgs;
  "aws:ec2/subnet:Subnet": aws.ec2.SubnetArgs;
  "aws:ec2/vpc:Vpc": aws.ec2.VpcArgs;
  "aws:ec2/vpcEndpoint:VpcEndpoint": aws.ec2.VpcEndpointArgs;
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": aws.ec2.VpcEndpointRouteTableAssociationArgs;
  "aws:ecr/accountSetting:AccountSetting": aws.ecr.AccountSettingArgs;
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": aws.ecr.LifecyclePolicyArgs;
  "aws:ecr/registryPolicy:RegistryPolicy": aws.ecr.RegistryPolicyArgs;
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": aws.ecr.RegistryScanningConfigurationArgs;
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": aws.ecr.ReplicationConfigurationArgs;
  "aws:ecr/repository:Repository": aws.ecr.RepositoryArgs;
  "aws:ecr/repositoryPolicy:RepositoryPolicy": aws.ecr.RepositoryPolicyArgs;
  "aws:ecs/accountSettingDefault:AccountSettingDefault": aws.ecs.AccountSettingDefaultArgs;
  "aws:ecs/capacityProvider:CapacityProvider": aws.ecs.CapacityProviderArgs;
  "aws:ecs/cluster:Cluster": aws.ecs.ClusterArgs;
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": aws.ecs.ClusterCapacityProvidersArgs;
  "aws:ecs/service:Service": aws.ecs.ServiceArgs;
  "aws:ecs/taskDefinition:TaskDefinition": aws.ecs.TaskDefinitionArgs;
  "aws:ecs/taskSet:TaskSet": aws.ecs.TaskSetArgs;
  "aws:efs/accessPoint:AccessPoint": aws.efs.AccessPointArgs;
  "aws:efs/backupPolicy:BackupPolicy": aws.efs.BackupPolicyArgs;
  "aws:efs/fileSystem:FileSystem": aws.efs.FileSystemArgs;
  "aws:efs/fileSystemPolicy:FileSystemPolicy": aws.efs.FileSystemPolicyArgs;
  "aws:efs/mountTarget:MountTarget": aws.efs.MountTargetArgs;
  "aws:elb/loadBalancer:LoadBalancer": aws.elb.LoadBalancerArgs;
  "aws:iam/accessKey:AccessKey": aws.iam.AccessKeyArgs;
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": aws.iam.AccountPasswordPolicyArgs;
  "aws:iam/groupPolicy:GroupPolicy": aws.iam.GroupPolicyArgs;
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": aws.iam.GroupPolicyAttachmentArgs;
  "aws:iam/instanceProfile:InstanceProfile": aws.iam.InstanceProfileArgs;
  "aws:iam/policy:Policy": aws.iam.PolicyArgs;
  "aws:iam/policyAttachment:PolicyAttachment": aws.iam.PolicyAttachmentArgs;
  "aws:iam/role:Role": aws.iam.RoleArgs;
  "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicyArgs;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": aws.iam.RolePolicyAttachmentArgs;
  "aws:iam/user:User": aws.iam.UserArgs;
  "aws:iam/userPolicy:UserPolicy": aws.iam.UserPolicyArgs;
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": aws.iam.UserPolicyAttachmentArgs;
  "aws:kms/key:Key": aws.kms.KeyArgs;
  "aws:kms/keyPolicy:KeyPolicy": aws.kms.KeyPolicyArgs;
  "aws:lb/listener:Listener": aws.lb.ListenerArgs;
  "aws:lb/listenerCertificate:ListenerCertificate": aws.lb.ListenerCertificateArgs;
  "aws:lb/listenerRule:ListenerRule": aws.lb.ListenerRuleArgs;
  "aws:lb/loadBalancer:LoadBalancer": aws.lb.LoadBalancerArgs;
  "aws:lb/targetGroup:TargetGroup": aws.lb.TargetGroupArgs;
  "aws:route53/record:Record": aws.route53.RecordArgs;
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": aws.s3.AccountPublicAccessBlockArgs;
  "aws:s3/bucket:Bucket": aws.s3.BucketArgs;
  "aws:s3/bucketAcl:BucketAcl": aws.s3.BucketAclArgs;
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": aws.s3.BucketLifecycleConfigurationArgs;
  "aws:s3/bucketObjectv2:BucketObjectv2": aws.s3.BucketObjectv2Args;
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": aws.s3.BucketOwnershipControlsArgs;
  "aws:s3/bucketPolicy:BucketPolicy": aws.s3.BucketPolicyArgs;
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": aws.s3.BucketPublicAccessBlockArgs;
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": aws.s3.BucketServerSideEncryptionConfigurationArgs;
  "aws:s3/bucketVersioning:BucketVersioning": aws.s3.BucketVersioningArgs;
  "aws:scheduler/schedule:Schedule": aws.scheduler.ScheduleArgs;
  "aws:secretsmanager/secret:Secret": aws.secretsmanager.SecretArgs;
  "aws:secretsmanager/secretVersion:SecretVersion": aws.secretsmanager.SecretVersionArgs;
  "aws:sns/topic:Topic": aws.sns.TopicArgs;
  "aws:sns/topicPolicy:TopicPolicy": aws.sns.TopicPolicyArgs;
  "aws:sqs/queue:Queue": aws.sqs.QueueArgs;
  "aws:ssm/parameter:Parameter": aws.ssm.ParameterArgs;
  "aws:ssm/serviceSetting:ServiceSetting": aws.ssm.ServiceSettingArgs;
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": aws.vpc.SecurityGroupEgressRuleArgs;
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": aws.vpc.SecurityGroupIngressRuleArgs;
  "aws:wafv2/webAcl:WebAcl": aws.wafv2.WebAclArgs;
  "command:local:Command": { create?: string; update?: string };
  "docker-build:index:Image": dockerBuild.ImageArgs;
  "docker:index/image:Image": docker.ImageArgs;
  "pulumi:providers:aws": aws.ProviderArgs;
  "pulumi:pulumi:Stack": Record<string, never>;
}

export type TypeName = keyof Types & ResourceType;

/** The inputs of a resource, as the engine sends them: plain values. Reading one that is not known yet throws (see `decide`). */
export type Inputs<T extends TypeName> = T extends TypeName ? Unwrap<Types[T]> : never;

/** A resource of whatever type. */
export type AnyResource = Omit<PolicyResource, "props" | "type" | "asType"> & { type: TypeName; props: object };

/** A resource of one of these types: to ask for its `type` tells TypeScript its inputs. */
export type Resource<T extends TypeName = TypeName> = T extends TypeName ? AnyResource & { type: T; props: Inputs<T> } : never;
