// Type tokens of resources: every one that Berth knows. No Pulumi here.

/** The types that some part of Berth has something to say about: a made-up answer, a price, a rule, a place in the picture. */
export const RESOURCE_TYPES = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:appautoscaling/target:Target",
  "aws:autoscaling/attachment:Attachment",
  "aws:autoscaling/group:Group",
  "aws:autoscaling/schedule:Schedule",
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/vpcOrigin:VpcOrigin",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:dynamodb/table:Table",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/defaultSubnet:DefaultSubnet",
  "aws:ec2/defaultVpc:DefaultVpc",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  "aws:ec2/eip:Eip",
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/keyPair:KeyPair",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/networkAcl:NetworkAcl",
  "aws:ec2/networkAclRule:NetworkAclRule",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
  "aws:ecr/accountSetting:AccountSetting",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/registryPolicy:RegistryPolicy",
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  "aws:ecr/repository:Repository",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecs/accountSettingDefault:AccountSettingDefault",
  "aws:ecs/capacityProvider:CapacityProvider",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:ecs/daemon:Daemon",
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:ecs/taskSet:TaskSet",
  "aws:efs/accessPoint:AccessPoint",
  "aws:efs/backupPolicy:BackupPolicy",
  "aws:efs/fileSystem:FileSystem",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:efs/mountTarget:MountTarget",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:elb/loadBalancer:LoadBalancer",
  "aws:iam/accessKey:AccessKey",
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/user:User",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:lb/listener:Listener",
  "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:lb/trustStore:TrustStore",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:route53/record:Record",
  "aws:route53/zone:Zone",
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:scheduler/schedule:Schedule",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:servicediscovery/httpNamespace:HttpNamespace",
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
  "aws:servicediscovery/service:Service",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:ssm/parameter:Parameter",
  "aws:ssm/serviceSetting:ServiceSetting",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:wafv2/webAcl:WebAcl",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  "awsx:ec2:Vpc",
  "command:local:Command",
  "docker-build:index:Image",
  "docker:index/image:Image",
  "docker:index/registryImage:RegistryImage",
  "docker:index/remoteImage:RemoteImage",
  "docker:index/tag:Tag",
  "pulumi:providers:aws",
  "pulumi:pulumi:Stack",
  "pulumi:pulumi:StackReference",
  "random:index/randomId:RandomId",
  "random:index/randomPassword:RandomPassword",
  "random:index/randomString:RandomString",
  "random:index/randomUuid:RandomUuid",
] as const;

/** A type that Berth knows: a token that is misspelt does not compile. */
export type ResourceType = (typeof RESOURCE_TYPES)[number];

const KNOWN: ReadonlySet<string> = new Set(RESOURCE_TYPES);

export function isResourceType(type: string): type is ResourceType {
  return KNOWN.has(type);
}

/** A table by type. What is not in it, the table has nothing to say about. */
export type ByType<V> = Readonly<Partial<Record<ResourceType, V>>>;

/** The entry of a table for a resource of whatever type. A type's name never reaches the prototype. */
export function entryOf<V>(table: ByType<V>, type: string): V | undefined {
  return Object.hasOwn(table, type) ? table[type as ResourceType] : undefined;
}

export const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const AUTO_SCALING_GROUP = "aws:autoscaling/group:Group";
export const CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
export const CLUSTER = "aws:ecs/cluster:Cluster";
export const CLUSTER_CAPACITY_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
export const COMMAND = "command:local:Command";
export const DAEMON = "aws:ecs/daemon:Daemon";
export const DAEMON_TASK_DEFINITION = "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition";
export const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
export const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
export const IMAGE = "docker-build:index:Image";
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const LISTENER = "aws:lb/listener:Listener";
export const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
export const NETWORK_INTERFACE = "aws:ec2/networkInterface:NetworkInterface";
export const POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const QUEUE = "aws:sqs/queue:Queue";
export const ROLE = "aws:iam/role:Role";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ROUTE = "aws:ec2/route:Route";
export const ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
export const SCALING_TARGET = "aws:appautoscaling/target:Target";
export const SCHEDULE = "aws:scheduler/schedule:Schedule";
export const SCHEDULED_ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const SERVICE = "aws:ecs/service:Service";
export const STACK_REFERENCE = "pulumi:pulumi:StackReference";
/** What Pulumi keeps of the program's first update. */
export const STASH = "pulumi:index:Stash";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const TARGET_GROUP_ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";
export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
/** What tasks are made from, those of a daemon among them. */
export const TASK_DEFINITIONS = [TASK_DEFINITION, DAEMON_TASK_DEFINITION] as const;
export const VPC = "aws:ec2/vpc:Vpc";
export const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
export const WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

/** The types of older names and of the `alb` twins, under the name that the tables and rules use. */
export function canonicalType(type: string): string {
  return type
    .replace(/^aws:(alb|applicationloadbalancing|elasticloadbalancingv2)\//, "aws:lb/")
    .replace(/^aws:elasticloadbalancing\//, "aws:elb/")
    .replace(/^aws:s3\/(bucket\w*)V2:(\w+)V2$/, "aws:s3/$1:$2");
}

/** Providers' own types keep their package's name, so that `docker-build.Image` is not taken for a component. */
const PROVIDERS = new Set(["docker", "docker-build", "random", "tls", "command", "awsx", "pulumi"]);

/** A type for people: `aws:ec2/subnet:Subnet` -> `ec2.Subnet`; `berth:index:Network` -> `Network`. */
export function shortType(type: string): string {
  const [pkg = "", module = "", name = type] = type.split(":");
  if (pkg === "aws") return `${module.split("/")[0]}.${name}`;
  return PROVIDERS.has(pkg) ? `${pkg}.${name}` : name;
}

/** What the types of Berth's own components begin with. */
export const COMPONENT_PREFIX = "berth:index:";
