// What `pulumi import` takes for a resource: one table, and what is created or referenced in place of an import.
import type { JsonObject } from "../../facts/graph";
import { type ByType, entryOf } from "../../facts/types";

/** The network is never taken over piece by piece. */
const NETWORK = "it stays where it is: name it under network.existing";
const NEW = "nothing of it is in AWS before, and another one serves as well";

/**
 * Ids, by type: `{a}` is an input or what AWS computed of the resource, `{a=b}` the word b where there is none, `{/a}` the name in an ARN.
 */
const IDS: ByType<string> = {
  "aws:acm/certificate:Certificate": "{arn}",
  "aws:appautoscaling/policy:Policy": "{serviceNamespace}/{resourceId}/{scalableDimension}/{name}",
  "aws:appautoscaling/target:Target": "{serviceNamespace}/{resourceId}/{scalableDimension}",
  "aws:autoscaling/group:Group": "{name}",
  "aws:autoscaling/schedule:Schedule": "{autoscalingGroupName}/{scheduledActionName}",
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "{chatConfigurationArn}",
  "aws:cloudfront/distribution:Distribution": "{id}",
  "aws:cloudfront/vpcOrigin:VpcOrigin": "{id}",
  "aws:cloudwatch/dashboard:Dashboard": "{dashboardName}",
  "aws:cloudwatch/eventRule:EventRule": "{eventBusName=default}/{name}",
  "aws:cloudwatch/eventTarget:EventTarget": "{rule}/{targetId}",
  "aws:cloudwatch/logGroup:LogGroup": "{name}",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "{logGroupName}:{name}",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "{name}",
  "aws:ec2/flowLog:FlowLog": "{id}",
  "aws:ec2/launchTemplate:LaunchTemplate": "{id}",
  "aws:ec2/securityGroup:SecurityGroup": "{id}",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "{repository}",
  "aws:ecr/repository:Repository": "{name}",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "{repository}",
  "aws:ecs/capacityProvider:CapacityProvider": "{arn}",
  "aws:ecs/cluster:Cluster": "{name}",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": "{clusterName}",
  "aws:ecs/daemon:Daemon": "{arn}",
  "aws:ecs/service:Service": "{/cluster=default}/{name}",
  "aws:efs/accessPoint:AccessPoint": "{id}",
  "aws:efs/backupPolicy:BackupPolicy": "{fileSystemId}",
  "aws:efs/fileSystem:FileSystem": "{id}",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "{fileSystemId}",
  "aws:efs/mountTarget:MountTarget": "{id}",
  "aws:elasticache/replicationGroup:ReplicationGroup": "{replicationGroupId}",
  "aws:elasticache/subnetGroup:SubnetGroup": "{name}",
  "aws:iam/instanceProfile:InstanceProfile": "{name}",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "{arn}",
  "aws:iam/policy:Policy": "{arn}",
  "aws:iam/role:Role": "{name}",
  "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "{role}/{policyArn}",
  "aws:kms/alias:Alias": "{name}",
  "aws:kms/key:Key": "{keyId}",
  "aws:kms/keyPolicy:KeyPolicy": "{keyId}",
  "aws:lb/listener:Listener": "{arn}",
  "aws:lb/listenerCertificate:ListenerCertificate": "{listenerArn}_{certificateArn}",
  "aws:lb/listenerRule:ListenerRule": "{arn}",
  "aws:lb/loadBalancer:LoadBalancer": "{arn}",
  "aws:lb/targetGroup:TargetGroup": "{arn}",
  "aws:lb/trustStore:TrustStore": "{arn}",
  "aws:rds/instance:Instance": "{identifier}",
  "aws:rds/subnetGroup:SubnetGroup": "{name}",
  "aws:route53/record:Record": "{zoneId}_{name}_{type}",
  "aws:s3/bucket:Bucket": "{bucket}",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "{bucket}",
  "aws:s3/bucketObjectv2:BucketObjectv2": "{bucket}/{key}",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "{bucket}",
  "aws:s3/bucketPolicy:BucketPolicy": "{bucket}",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "{bucket}",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "{bucket}",
  "aws:s3/bucketVersioning:BucketVersioning": "{bucket}",
  "aws:scheduler/schedule:Schedule": "{groupName=default}/{name}",
  "aws:secretsmanager/secret:Secret": "{arn}",
  "aws:servicediscovery/httpNamespace:HttpNamespace": "{id}",
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": "{id}:{vpc}",
  "aws:servicediscovery/service:Service": "{id}",
  "aws:sns/topic:Topic": "{arn}",
  "aws:sns/topicPolicy:TopicPolicy": "{arn}",
  "aws:sns/topicSubscription:TopicSubscription": "{arn}",
  "aws:sqs/queue:Queue": "{url}",
  "aws:sqs/queuePolicy:QueuePolicy": "{queueUrl}",
  "aws:ssm/parameter:Parameter": "{name}",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "{id}",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "{id}",
  "aws:wafv2/webAcl:WebAcl": "{id}/{name}/{scope}",
  "aws:wafv2/webAclAssociation:WebAclAssociation": "{webAclArn},{resourceArn}",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": "{resourceArn}",
};

/** What is not imported, and why. */
const NOT_IMPORTED: ByType<string> = {
  "aws:acm/certificateValidation:CertificateValidation": "it only waits for the certificate",
  "aws:appautoscaling/scheduledAction:ScheduledAction": "the provider cannot import it: a new one takes its place, so delete the old one",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": NETWORK,
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": NETWORK,
  "aws:ec2/eip:Eip": NETWORK,
  "aws:ec2/internetGateway:InternetGateway": NETWORK,
  "aws:ec2/natGateway:NatGateway": NETWORK,
  "aws:ec2/networkInterface:NetworkInterface": NETWORK,
  "aws:ec2/route:Route": NETWORK,
  "aws:ec2/routeTable:RouteTable": NETWORK,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": NETWORK,
  "aws:ec2/subnet:Subnet": NETWORK,
  "aws:ec2/vpc:Vpc": NETWORK,
  "aws:ec2/vpcEndpoint:VpcEndpoint": NETWORK,
  "awsx:ec2:Vpc": NETWORK,
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": "the next revision is registered beside those that are there",
  "aws:ecs/taskDefinition:TaskDefinition": "the next revision is registered beside those that are there",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": "registering a target twice changes nothing",
  "aws:secretsmanager/secretVersion:SecretVersion": "another version is stored beside the old one",
  "command:local:Command": "it runs where the stack is deployed",
  "docker-build:index:Image": "it is built and pushed",
  "docker:index/registryImage:RegistryImage": "it is pushed",
  "docker:index/remoteImage:RemoteImage": "it is pulled where the stack is deployed",
  "docker:index/tag:Tag": "it is made where the stack is deployed",
  "random:index/randomId:RandomId": NEW,
  "random:index/randomPassword:RandomPassword": NEW,
  "random:index/randomString:RandomString": NEW,
  "random:index/randomUuid:RandomUuid": NEW,
};

/** Whether a resource of that type can be imported. */
export const isImportable = (type: string): boolean => entryOf(IDS, type) !== undefined;

/** Why a resource of that type is not imported. */
export const whyNotImported = (type: string): string | undefined => entryOf(NOT_IMPORTED, type);

/** What `pulumi import` takes for a resource with these inputs, of which AWS computed the rest. */
export function importId(type: string, inputs: JsonObject, outputs: JsonObject = {}): string {
  const form = entryOf(IDS, type);
  if (form === undefined) throw new Error(`${type} is not imported`);
  return form.replace(/\{(\/?)(\w+)(?:=(\w+))?\}/g, (_, slash: string, key: string, otherwise?: string) => {
    const value = inputs[key] || outputs[key] || otherwise;
    if (typeof value !== "string") throw new Error(`the id of ${type} needs ${key}`);
    return slash === "" ? value : (value.split("/").pop() ?? value);
  });
}
