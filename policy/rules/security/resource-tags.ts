import { stackRule } from "../../engine/define";
import { given } from "../../graph/graph";

// The types that the other rules read and that AWS can tag.
const taggable = [
  "aws:acm/certificate:Certificate",
  "aws:autoscaling/group:Group",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ec2/eip:Eip",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:ecs/capacityProvider:CapacityProvider",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/daemon:Daemon",
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:efs/fileSystem:FileSystem",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:lb/listener:Listener",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:lb/trustStore:TrustStore",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sns/topic:Topic",
  "aws:ssm/parameter:Parameter",
  "aws:wafv2/webAcl:WebAcl",
] as const;

export default stackRule({
  name: "resource-tags",
  description: "Everything that can be tagged is tagged with its project and stack.",
  controls: ["GEN-01"],
  reason: "Tags are how costs, incidents and clean-ups are attributed.",
  fix: `tags: { project: pulumi.getProject(), stack: pulumi.getStack() } // or defaultTags on the provider`,
  settings: "transform",
  types: taggable,
  parameters: {
    keys: {
      type: "array",
      items: { type: "string" },
      default: ["project", "stack"],
      description: "Tag keys that every resource has; upper and lower case are the same.",
    },
  },
  concerns: (_resource, graph) => !graph.of("pulumi:providers:aws").some((provider) => given(provider, "defaultTags")),
  check(resource, _graph, report, { keys }) {
    const { tags } = resource.props;
    const present = (Array.isArray(tags) ? tags.map((t) => t.key) : Object.keys(tags ?? {})).map((k) => String(k).toLowerCase());
    const missing = keys.filter((k) => !present.includes(k.toLowerCase()));
    if (missing.length > 0) report(`it has no tag ${missing.join(" or ")}`, "add it");
  },
});
