import type { JsonObject, Resource } from "../../../facts/graph";
import type { PlannedGraph } from "../../../ops/stack/plan";
import { containersIn } from "../../../ops/verify/planned-stack";
import type { Input, Script } from "../scripted-aws";

/** The account that plans are made up for, so that a graph needs no other words. */
export const ACCOUNT = "123456789012";
export const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/ci/deploy`;
const POLICY = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Members of a list in a form: `ActionNames.member.1`, `Filter.1.Value.1`. */
export const members = (input: Input, prefix: string): string[] =>
  Object.entries(input).flatMap(([key, value]) => (new RegExp(`^${prefix}\\.(member\\.)?\\d+$`).test(key) ? [String(value)] : []));

/** An index of images by architecture. */
export const MANIFEST = (...architectures: string[]) =>
  JSON.stringify({ manifests: architectures.map((architecture) => ({ platform: { os: "linux", architecture } })) });

/** What AWS answers in an account where all is well for a stack: whatever the stack names is there, and nothing else is. */
export function healthy({ resources }: Pick<PlannedGraph, "resources">): Script {
  const keys = secretKeys(resources);
  return {
    GetCallerIdentity: { Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/session`, UserId: "AROA:session" },
    DescribeSecret: ({ SecretId }: Input) => ({
      ARN: `${String(SecretId)}-AbCdEf`,
      Name: String(SecretId).split(":")[6],
      VersionIdsToStages: { "11111111-1111-1111-1111-111111111111": ["AWSCURRENT"] },
    }),
    GetSecretValue: ({ SecretId }: Input) => ({
      SecretString: JSON.stringify(Object.fromEntries((keys.get(String(SecretId)) ?? []).map((key) => [key, "hidden-value"]))),
    }),
    ListSecrets: { SecretList: [] },
    DescribeParameters: ({ ParameterFilters = [] }: Input) => ({
      Parameters: (ParameterFilters as { Values: string[] }[]).flatMap(({ Values }) => [{ Name: Values[0], Type: "SecureString" }]),
    }),
    BatchGetImage: { images: [{ imageManifest: MANIFEST("amd64", "arm64", "unknown") }] },
    ListImages: { imageIds: [] },
    DescribeRepositories: { repositories: [] },
    GetRole: ({ RoleName }: Input) => ({
      Role: { RoleName, Arn: RoleName === "deploy" ? DEPLOYER : "a", AssumeRolePolicyDocument: encodeURIComponent(POLICY) },
    }),
    GetPolicy: { Policy: {} },
    SimulatePrincipalPolicy: (input: Input) => ({
      EvaluationResults: members(input, "ActionNames").map((EvalActionName) => ({ EvalActionName, EvalDecision: "allowed" })),
      IsTruncated: false,
    }),
    GetAccountSummary: { SummaryMap: { Roles: 10, RolesQuota: 1000 } },
    DescribeSubnets: (input: Input) => ({
      Subnets: Object.entries(input)
        .filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key))
        .map(([, SubnetId]) => ({ SubnetId, VpcId: "vpc-1", AvailableIpAddressCount: 250, AvailabilityZone: "us-east-1a" })),
    }),
    DescribeRouteTables: {
      RouteTables: [
        {
          VpcId: "vpc-1",
          Associations: [{ Main: true }],
          Routes: [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1", State: "active" }],
        },
      ],
    },
    DescribeVpcEndpoints: { VpcEndpoints: [] },
    DescribeVpcs: { Vpcs: [{ VpcId: "vpc-1" }] },
    DescribeAddresses: { Addresses: [] },
    DescribeNatGateways: { NatGateways: [] },
    DescribeInstanceTypeOfferings: (input: Input) => ({
      InstanceTypeOfferings: Object.entries(input)
        .filter(([key]) => /^Filter\.1\.Value\.\d+$/.test(key))
        .map(([, type]) => ({ InstanceType: String(type).replaceAll("*", "large") })),
    }),
    GetServiceQuota: ({ ServiceCode }: Input) => ({
      Quota: {
        Value: 200,
        ...(ServiceCode === "fargate" && { UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount" } }),
      },
    }),
    GetMetricStatistics: { Datapoints: [{ Maximum: 4 }] },
    DescribeLoadBalancers: { LoadBalancers: [] },
    DescribeTargetGroups: { TargetGroups: [] },
    DescribeCertificate: ({ CertificateArn }: Input) => ({
      Certificate: { CertificateArn, DomainName: "example.com", SubjectAlternativeNames: hostsIn(resources), Status: "ISSUED" },
    }),
    ListHostedZonesByName: ({ dnsname = "" }: Input) => ({
      HostedZones: dnsname ? [{ Id: "/hostedzone/Z1", Name: `${String(dnsname)}.`, Config: { PrivateZone: false } }] : [],
    }),
    GetHostedZone: { HostedZone: { Id: "/hostedzone/Z1", Name: "example.com." } },
    ListResourceRecordSets: { ResourceRecordSets: [] },
    DescribeRules: { Rules: [] },
    DescribeAccountLimits: { Limits: [{ Name: "rules-per-application-load-balancer", Max: "100" }] },
    DescribeClusters: ({ clusters }: Input) => ({
      clusters: (clusters as string[]).map((clusterName) => ({ clusterName, status: "ACTIVE", capacityProviders: providersIn(resources) })),
    }),
    DescribeCapacityProviders: ({ capacityProviders }: Input) => ({
      capacityProviders: (capacityProviders as string[]).map((name) => ({ name, status: "ACTIVE" })),
    }),
    ListClusters: { clusterArns: [] },
  };
}

const ofType = (resources: Resource[], type: string) => resources.filter((one) => one.type === type);

/** The keys that are asked for, by the ARN of their secret. */
function secretKeys(resources: Resource[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const task of ofType(resources, "aws:ecs/taskDefinition:TaskDefinition")) {
    for (const { secrets = [], logConfiguration = {} } of containersIn(task)) {
      const { secretOptions = [] } = logConfiguration as { secretOptions?: { valueFrom: string }[] };
      for (const { valueFrom } of [...(secrets as { valueFrom: string }[]), ...secretOptions]) {
        const words = valueFrom.split(":");
        const arn = words.slice(0, 7).join(":");
        if (words[7]) keys.set(arn, [...(keys.get(arn) ?? []), words[7]]);
      }
    }
  }
  return keys;
}

const hostsIn = (resources: Resource[]) =>
  ofType(resources, "aws:lb/listenerRule:ListenerRule")
    .flatMap(({ inputs }) => inputs.conditions as { hostHeader?: { values: string[] } }[])
    .flatMap(({ hostHeader }) => hostHeader?.values ?? []);

const providersIn = (resources: Resource[]) =>
  ofType(resources, "aws:ecs/service:Service")
    .flatMap(({ inputs }) => (inputs.capacityProviderStrategies ?? []) as JsonObject[])
    .map(({ capacityProvider }) => String(capacityProvider));
