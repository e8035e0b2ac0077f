// What a deploy can fail by and AWS knows before: the stack, what is wrong in the account, and what is said.
import type { JsonObject, Resource } from "../../../facts/graph";
import { Failure, type Input } from "../scripted-aws";
import { ACCOUNT, DEPLOYER, MANIFEST, members } from "./account";
import { deployed, planned, type Scene } from "./graph";

const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:prod/db-pasword`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const IMAGE = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.2`;
const OWN_IMAGE = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web-abcdef0@sha256:0`;
const ARN = { repository: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/shop`, role: `arn:aws:iam::${ACCOUNT}:role/tasks` };
const LISTENER = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:listener/app/shared/0123456789abcdef/0123456789abcdef`;
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555`;
const CLUSTER = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/platform`;
const missing = (name: string) => new Failure(name, "not there");

const allow = (...statements: [action: string, resource: string][]) =>
  JSON.stringify({ Statement: statements.map(([Action, Resource]) => ({ Effect: "Allow", Action: [Action], Resource: [Resource] })) });
const role = planned("aws:iam/role:Role", "web-execution", {});

/** A task that runs one container, with what its execution role may do. */
function task(container: JsonObject, policy = allow(["*", "*"]), inputs: JsonObject = {}): Resource[] {
  const rights = planned("aws:iam/rolePolicy:RolePolicy", "web-execution", { policy }, { role: [role] });
  const containerDefinitions = JSON.stringify([{ name: "web", image: OWN_IMAGE, ...container }]);
  const repository = planned("aws:ecr/repository:Repository", "web", {});
  const its = { containerDefinitions, executionRoleArn: "made", cpu: "256", memory: "512", ...inputs };
  const from: Record<string, Resource[]> = inputs.executionRoleArn === undefined ? { executionRoleArn: [role] } : {};
  return [role, rights, repository, planned("aws:ecs/taskDefinition:TaskDefinition", "web", its, from)];
}

/** A task that runs an image which the update copies into the stack's repository. */
function copied(): Resource[] {
  const environment = {
    BERTH_IMAGE: "210987654321.dkr.ecr.us-east-1.amazonaws.com/web-9f8e7d6@sha256:7",
    BERTH_REPOSITORY: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web-abcdef0`,
  };
  const copy = planned("command:local:Command", "web-copy", { create: 'node "bin/berth.js" copy-image', environment });
  const all = task({}, allow());
  const { propertyDependencies } = all.at(-1)!;
  propertyDependencies.containerDefinitions = [copy.urn];
  return [...all, copy];
}

const reading = (valueFrom: string, policy?: string) => task({ secrets: [{ name: "DB_PASSWORD", valueFrom }] }, policy);
const service = (inputs: JsonObject = {}, tasks = task({}), from: Record<string, Resource[]> = {}) => [
  ...tasks,
  planned(
    "aws:ecs/service:Service",
    "web",
    { desiredCount: 2, capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }], ...inputs },
    { taskDefinition: tasks.slice(-1), ...from },
  ),
];
const inSubnets = (assignPublicIp = false) => service({ networkConfiguration: { assignPublicIp, subnets: ["subnet-1", "subnet-2"] } });
const subnet = (id: string, free: number) => ({ SubnetId: id, VpcId: "vpc-1", AvailableIpAddressCount: free });
const routes = (...Routes: object[]) => ({
  DescribeRouteTables: { RouteTables: [{ VpcId: "vpc-1", Associations: [{ Main: true }], Routes }] },
});
const rule = (priority: number) =>
  planned("aws:lb/listenerRule:ListenerRule", "web", {
    listenerArn: LISTENER,
    priority,
    conditions: [{ hostHeader: { values: ["shop.example.com"] } }],
  });
const awsRule = (Priority: string, values: string[], arn = "other") => ({
  RuleArn: arn,
  Priority,
  IsDefault: false,
  Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: values } }],
});
const listener = planned("aws:lb/listener:Listener", "https", { certificateArn: CERTIFICATE, port: 443 });
const record = planned("aws:route53/record:Record", "web", { name: "shop.example.com", type: "A", zoneId: "ZMADEUP" });
const zone = [{ token: "aws:route53/getZone:getZone", args: { name: "example.com" } }];
const eips = [1, 2, 3].map((i) => planned("aws:ec2/eip:Eip", `net-${i}`, {}));
const natSubnet = planned("aws:ec2/subnet:Subnet", "net-public", { availabilityZone: "us-east-1a" });
const nat = planned("aws:ec2/natGateway:NatGateway", "net", {}, { subnetId: [natSubnet] });
/** NAT gateways in these subnets, of which the first two are in the zone and the third in another, and one that failed. */
const natsIn = (...SubnetIds: string[]) => ({
  DescribeNatGateways: (input: Input) => {
    const failed = Object.values(input).includes("failed") ? ["subnet-1"] : [];
    return { NatGateways: [...SubnetIds, ...failed].map((SubnetId) => ({ SubnetId })) };
  },
  DescribeSubnets: {
    Subnets: ["us-east-1a", "us-east-1a", "us-east-1b"].map((AvailabilityZone, i) => ({ SubnetId: `subnet-${i + 1}`, AvailabilityZone })),
  },
});
const signIn = (secretId: string) => [{ token: "aws:secretsmanager/getSecretVersion:getSecretVersion", args: { secretId } }];
const parameterOf = (name: string) => [{ token: "aws:ssm/getParameter:getParameter", args: { name, withDecryption: true } }];
const addresses = (count: number) => ({
  DescribeAddresses: { Addresses: Array.from({ length: count }, (_, i) => ({ PublicIp: `203.0.113.${i}` })) },
});
const group = planned("aws:autoscaling/group:Group", "apps", {
  minSize: 2,
  mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "g5.xlarge" }] } },
});

export interface Case extends Scene {
  name: string;
  /** What a rollout would fail by; absent where AWS refuses the update itself. */
  cause?: string;
  says: RegExp;
  fix?: RegExp;
  result?: "warn" | "skip";
}

/** A daemon, whose containers are no text. */
const daemon = (container: JsonObject): Resource[] => [
  planned("aws:ecr/repository:Repository", "web", {}),
  planned("aws:ecs/daemonTaskDefinition:DaemonTaskDefinition", "agent", {
    containerDefinitions: [{ name: "agent", image: OWN_IMAGE, ...container }],
  }),
];

export const CASES: Case[] = [
  {
    name: "a daemon reads a secret that nobody has made",
    cause: "secret-missing",
    resources: daemon({ secrets: [{ name: "KEY", valueFrom: SECRET }] }),
    script: { DescribeSecret: missing("ResourceNotFoundException"), ListSecrets: { SecretList: [] } },
    says: /^agent: KEY: there is no secret "prod\/db-pasword" in us-east-1\.$/,
  },
  {
    name: "a daemon has an image that nobody has pushed",
    cause: "image-not-found",
    resources: daemon({ image: IMAGE }),
    script: {
      BatchGetImage: { images: [], failures: [{ failureCode: "ImageNotFound" }] },
      ListImages: { imageIds: [] },
    },
    says: /^agent: there is no image \d+\.dkr\.ecr\.us-east-1\.amazonaws\.com\/shop:1\.4\.2\.$/,
  },
  {
    name: "a secret by a misspelled name",
    cause: "secret-missing",
    resources: reading(SECRET),
    script: {
      DescribeSecret: missing("ResourceNotFoundException"),
      ListSecrets: { SecretList: [{ Name: "prod/db-password" }, { Name: "dev/x" }] },
    },
    says: /^web: DB_PASSWORD: there is no secret "prod\/db-pasword" in us-east-1; did you mean "prod\/db-password"\?$/,
    fix: /^Create the secret, or correct its name/,
  },
  {
    name: "a parameter that is not there",
    cause: "secret-missing",
    resources: reading(`arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/prod/db`),
    script: {
      DescribeParameters: ({ ParameterFilters }: Input) => ({ Parameters: ParameterFilters ? [] : [{ Name: "/prod/dbs" }] }),
    },
    says: /^web: DB_PASSWORD: there is no parameter "\/prod\/db" in us-east-1; did you mean "\/prod\/dbs"\?$/,
  },
  {
    name: "a key that the JSON has not",
    cause: "secret-missing",
    resources: reading(`${SECRET}:passwort::`),
    script: { GetSecretValue: { SecretString: '{"password":"hidden-value"}' } },
    says: /^web: DB_PASSWORD: the secret "prod\/db-pasword" has no key "passwort"; did you mean "password"\?$/,
  },
  {
    name: "a key of a secret that is no JSON",
    cause: "secret-missing",
    resources: reading(`${SECRET}:password::`),
    script: { GetSecretValue: { SecretString: "hidden-value" } },
    says: /the secret "prod\/db-pasword" is no JSON, and has no key "password"\.$/,
  },
  {
    name: "a key of a secret that is a JSON text",
    cause: "secret-missing",
    resources: reading(`${SECRET}:0::`),
    script: { GetSecretValue: { SecretString: '"hidden-value"' } },
    says: /is no JSON, and has no key "0"\.$/,
  },
  {
    name: "a secret that is scheduled for deletion",
    cause: "secret-missing",
    resources: reading(SECRET),
    script: { DescribeSecret: { ARN: SECRET, DeletedDate: new Date(0) } },
    says: /is scheduled for deletion\.$/,
    fix: /restore-secret --secret-id prod\/db-pasword$/,
  },
  {
    name: "a client secret by a misspelled name",
    resources: [],
    invokes: signIn("prod/sing-in"),
    script: { DescribeSecret: missing("ResourceNotFoundException"), ListSecrets: { SecretList: [{ Name: "prod/sign-in" }] } },
    says: /^a lookup of the program: there is no secret "prod\/sing-in" in us-east-1; did you mean "prod\/sign-in"\?$/,
    fix: /^Create the secret, or correct its name/,
  },
  {
    name: "a client secret by its ARN that is scheduled for deletion",
    resources: [],
    invokes: signIn(SECRET),
    script: { DescribeSecret: { ARN: SECRET, DeletedDate: new Date(0) } },
    says: /^a lookup of the program: the secret "prod\/db-pasword" is scheduled for deletion\.$/,
  },
  {
    name: "a client secret without a value",
    resources: [],
    invokes: signIn("prod/sign-in"),
    script: { DescribeSecret: { ARN: SECRET, VersionIdsToStages: {} } },
    says: /^a lookup of the program: the secret "prod\/sign-in" has no version with the stage AWSCURRENT\.$/,
  },
  {
    name: "a client secret in a parameter that is not there",
    resources: [],
    invokes: parameterOf("/prod/sing-in"),
    script: {
      DescribeParameters: ({ ParameterFilters }: Input) => ({ Parameters: ParameterFilters ? [] : [{ Name: "/prod/sign-in" }] }),
    },
    says: /^a lookup of the program: there is no parameter "\/prod\/sing-in" in us-east-1; did you mean "\/prod\/sign-in"\?$/,
  },
  {
    name: "a version that the secret has not",
    cause: "secret-missing",
    resources: reading(`${SECRET}:::11111111-0000-0000-0000-000000000000`),
    says: /has no version 11111111-0000-0000-0000-000000000000\.$/,
  },
  {
    name: "a secret without a value",
    cause: "secret-missing",
    resources: reading(SECRET),
    script: { DescribeSecret: { ARN: SECRET, VersionIdsToStages: {} } },
    says: /has no version with the stage AWSCURRENT\.$/,
  },
  {
    name: "a key of KMS that the role may not use",
    cause: "secret-not-permitted",
    resources: reading(SECRET, allow(["secretsmanager:GetSecretValue", `${SECRET}-??????`])),
    script: { DescribeSecret: { ARN: `${SECRET}-AbCdEf`, KmsKeyId: KEY, VersionIdsToStages: { a: ["AWSCURRENT"] } } },
    says: new RegExp(`may not decrypt it with its key \\(${KEY}\\)\\.$`),
    fix: /service\.secretsKmsKeyArns/,
  },
  {
    name: "a secret that the role of another may not read",
    cause: "secret-not-permitted",
    resources: task({ secrets: [{ name: "DB_PASSWORD", valueFrom: SECRET }] }, undefined, { executionRoleArn: ARN.role }),
    script: {
      SimulatePrincipalPolicy: (input: Input) => ({
        EvaluationResults: members(input, "ActionNames").map((EvalActionName) => ({
          EvalActionName,
          EvalDecision: input.PolicySourceArn === ARN.role ? "implicitDeny" : "allowed",
        })),
      }),
    },
    says: /the execution role reads the secret "prod\/db-pasword", and may not read it\.$/,
  },
  {
    name: "an image by a tag that is not there",
    cause: "image-not-found",
    resources: task({ image: IMAGE }, allow(["ecr:BatchGetImage", ARN.repository])),
    script: {
      BatchGetImage: { images: [], failures: [{ failureCode: "ImageNotFound" }] },
      ListImages: { imageIds: [{ imageTag: "1.4.20" }] },
    },
    says: /^web: there is no image \S+\/shop:1\.4\.2; did you mean "\S+\/shop:1\.4\.20"\?$/,
  },
  {
    name: "an image in a repository that is not there",
    cause: "image-not-found",
    resources: task({ image: IMAGE }, allow(["ecr:BatchGetImage", ARN.repository])),
    script: {
      BatchGetImage: missing("RepositoryNotFoundException"),
      ListImages: missing("RepositoryNotFoundException"),
      DescribeRepositories: { repositories: [{ repositoryName: "shops" }] },
    },
    says: /did you mean "\S+\/shops:1\.4\.2"\?$/,
  },
  {
    name: "an image for the other architecture",
    cause: "architecture-mismatch",
    resources: task({ image: IMAGE }, undefined, { runtimePlatform: { cpuArchitecture: "ARM64" } }),
    script: { BatchGetImage: { images: [{ imageManifest: MANIFEST("amd64") }] } },
    says: /shop:1\.4\.2 is built for amd64, and the task runs on arm64\.$/,
  },
  {
    name: "an image of one platform, for the other architecture",
    cause: "architecture-mismatch",
    resources: task({ image: `${IMAGE}@sha256:1` }),
    script: {
      BatchGetImage: { images: [{ imageManifest: JSON.stringify({ config: { digest: "sha256:2" } }) }] },
      GetDownloadUrlForLayer: { downloadUrl: 'data:application/json,{"architecture":"arm64"}' },
    },
    says: /is built for arm64, and the task runs on amd64\.$/,
  },
  {
    name: "an image that the role may not pull",
    cause: "image-not-readable",
    resources: task({ image: IMAGE }, allow(["ecr:BatchGetImage", `${ARN.repository}s`])),
    says: /^web: the execution role may not pull \S+\/shop:1\.4\.2\.$/,
  },
  {
    name: "an image of another stack that is there no more",
    cause: "image-not-found",
    resources: copied(),
    script: { BatchGetImage: { images: [], failures: [{ failureCode: "ImageNotFound" }] } },
    says: /^web: there is no image 210987654321\S+\/web-9f8e7d6@sha256:7\.$/,
    fix: /^Deploy the stack that it is from again/,
  },
  {
    name: "an image of another stack for the other architecture",
    cause: "architecture-mismatch",
    resources: copied(),
    script: { BatchGetImage: { images: [{ imageManifest: MANIFEST("arm64") }] } },
    says: /\/web-9f8e7d6@sha256:7 is built for arm64, and the task runs on amd64\.$/,
  },
  {
    name: "subnets without a way out",
    cause: "no-network",
    resources: inSubnets(),
    script: routes({ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" }),
    says: /^web: subnet-1 has neither a route out nor an endpoint for images\.$/,
  },
  {
    name: "public subnets and tasks without a public address",
    cause: "no-network",
    resources: inSubnets(),
    script: routes({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }),
    says: /^web: subnet-1 is public, and the tasks have no public address to leave it\.$/,
  },
  {
    name: "a route that leads nowhere",
    cause: "no-network",
    resources: inSubnets(),
    script: routes({ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1", State: "blackhole" }),
    says: /subnet-1 has a default route that leads nowhere/,
  },
  {
    name: "a role that ECS may not assume",
    cause: "role-not-assumable",
    resources: task({}, undefined, { executionRoleArn: ARN.role }),
    script: {
      GetRole: ({ RoleName }: Input) => ({ Role: { Arn: DEPLOYER, RoleName, AssumeRolePolicyDocument: encodeURIComponent("{}") } }),
    },
    says: /^web: executionRoleArn: the trust policy of \S+:role\/tasks does not name ecs-tasks\.amazonaws\.com\.$/,
  },
  {
    name: "a role that is not there",
    cause: "role-not-assumable",
    resources: task({}, undefined, { executionRoleArn: ARN.role }),
    script: { GetRole: ({ RoleName }: Input) => (RoleName === "tasks" ? missing("NoSuchEntity") : { Role: { Arn: DEPLOYER } }) },
    says: /^web: executionRoleArn: there is no role \S+:role\/tasks\.$/,
  },
  {
    name: "a permissions boundary that is not there",
    resources: [planned("aws:iam/role:Role", "web", { permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/edge` })],
    script: { GetPolicy: missing("NoSuchEntity") },
    says: /^web: permissionsBoundary: there is no policy \S+:policy\/edge\.$/,
  },
  {
    name: "vCPUs that the account has not",
    cause: "quota",
    resources: service({}, task({}, undefined, { cpu: "4096" })),
    script: {
      GetServiceQuota: { Quota: { Value: 11, UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount" } } },
    },
    says: /^Fargate On-Demand vCPUs: 4 of 11 in use, and the update takes 8 more\.$/,
    fix: /^Request an increase: Service Quotas, fargate, L-3032A538/,
  },
  {
    name: "Elastic IPs that the account has not",
    cause: "quota",
    resources: eips,
    script: { GetServiceQuota: { Quota: { Value: 5 } }, ...addresses(3) },
    says: /^Elastic IPs: 3 of 5 in use, and the update takes 3 more\.$/,
  },
  {
    name: "NAT gateways that the zone has no room for",
    cause: "quota",
    resources: [natSubnet, nat],
    script: { GetServiceQuota: { Quota: { Value: 2 } }, ...natsIn("subnet-1", "subnet-2", "subnet-3") },
    says: /^NAT gateways in us-east-1a: 2 of 2 in use, and the update takes 1 more\.$/,
    fix: /^Request an increase: Service Quotas, vpc, L-FE5A380F/,
  },
  {
    name: "VPCs that the account has not",
    cause: "quota",
    resources: [planned("aws:ec2/vpc:Vpc", "net", {})],
    script: { GetServiceQuota: { Quota: { Value: 1 } } },
    says: /^VPCs: 1 of 1 in use, and the update takes 1 more\.$/,
  },
  {
    name: "target groups that the account has not",
    cause: "quota",
    resources: [planned("aws:lb/targetGroup:TargetGroup", "web", {})],
    script: { GetServiceQuota: { Quota: { Value: 1 } }, DescribeTargetGroups: { TargetGroups: [{ TargetGroupName: "a" }] } },
    says: /^target groups: 1 of 1 in use, and the update takes 1 more\.$/,
  },
  {
    name: "load balancers that the account has not",
    cause: "quota",
    resources: [planned("aws:lb/loadBalancer:LoadBalancer", "public", { loadBalancerType: "network" })],
    script: {
      GetServiceQuota: { Quota: { Value: 1 } },
      DescribeLoadBalancers: { LoadBalancers: [{ Type: "network" }, { Type: "application" }] },
    },
    says: /^Network Load Balancers: 1 of 1 in use, and the update takes 1 more\.$/,
  },
  {
    name: "a quota that AWS does not tell",
    result: "skip",
    resources: eips,
    script: { GetServiceQuota: missing("NoSuchResourceException") },
    says: /^Elastic IPs: AWS does not say how many the account may have$/,
  },
  {
    name: "GPUs that a new account has not",
    cause: "quota",
    resources: [group],
    script: {
      GetServiceQuota: { Quota: { Value: 0, UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "R" } } },
      GetMetricStatistics: {},
    },
    says: /^vCPUs of On-Demand G and VT instances: 0 of 0 in use, and the update takes 8 more\.$/,
  },
  {
    name: "rules that a shared load balancer has no room for",
    cause: "quota",
    resources: [rule(300)],
    script: {
      DescribeRules: { Rules: [awsRule("5", ["a.example.com"])] },
      DescribeAccountLimits: { Limits: [{ Name: "rules-per-application-load-balancer", Max: "1" }] },
    },
    says: /has 1 rule, the update creates 1 more, and a load balancer may have 1\.$/,
  },
  {
    name: "subnets without addresses",
    cause: "no-capacity",
    resources: inSubnets(),
    script: { DescribeSubnets: { Subnets: [subnet("subnet-1", 1), subnet("subnet-2", 0)] } },
    says: /^web: the update starts 2 tasks, and subnet-1, subnet-2 have 1 free address\.$/,
  },
  {
    name: "instance types that the region has not",
    cause: "no-capacity",
    resources: [group],
    script: { DescribeInstanceTypeOfferings: { InstanceTypeOfferings: [] } },
    says: /^apps: us-east-1 offers no g5\.xlarge\.$/,
  },
  {
    name: "a capacity provider that the cluster has not",
    cause: "no-capacity",
    resources: service({ cluster: CLUSTER }),
    script: { DescribeClusters: { clusters: [{ clusterName: "platform", status: "ACTIVE", capacityProviders: ["apps"] }] } },
    says: /^web: the cluster platform has no capacity provider FARGATE; it has apps\.$/,
  },
  {
    name: "a capacity provider that is being created",
    cause: "no-capacity",
    resources: service({ cluster: CLUSTER, capacityProviderStrategies: [{ capacityProvider: "managed", weight: 1 }] }),
    script: { DescribeCapacityProviders: { capacityProviders: [{ name: "managed", status: "CREATING" }] } },
    says: /^the capacity provider managed is CREATING, and takes no tasks\.$/,
  },
  {
    name: "a cluster that is not there",
    resources: service({ cluster: CLUSTER }),
    script: { DescribeClusters: { clusters: [] }, ListClusters: { clusterArns: [`${CLUSTER}s`] } },
    says: /^there is no cluster platform in us-east-1; did you mean "platforms"\?$/,
  },
  {
    name: "a subnet that is not there",
    resources: inSubnets(),
    script: { DescribeSubnets: { Subnets: [subnet("subnet-1", 100)] } },
    says: /^web: there is no subnet subnet-2 in us-east-1 of account 123456789012\.$/,
  },
  {
    name: "a load balancer in a full subnet",
    resources: [planned("aws:lb/loadBalancer:LoadBalancer", "public", { subnets: ["subnet-1"] })],
    script: { DescribeSubnets: { Subnets: [subnet("subnet-1", 7)] } },
    says: /^public: a load balancer needs 8 free addresses in each subnet, and subnet-1 has 7\.$/,
  },
  {
    name: "a priority that another has",
    resources: [rule(300)],
    script: { DescribeRules: { Rules: [awsRule("300", ["other.example.com"])] } },
    says: /^web: priority 300 is another rule's on the same listener\.$/,
    fix: /^Set its priority to 30[3-9]/,
  },
  {
    name: "a rule that no request reaches",
    result: "warn",
    resources: [rule(300)],
    script: { DescribeRules: { Rules: [awsRule("7", ["*.example.com"])] } },
    says: /^web: no request reaches its rule: the one with priority 7 takes all\.$/,
  },
  {
    name: "a listener that is not there",
    resources: [rule(300)],
    script: { DescribeRules: missing("ListenerNotFound") },
    says: /^web: there is no listener arn:aws:elasticloadbalancing/,
  },
  {
    name: "a certificate that is not issued yet",
    resources: [listener],
    script: { DescribeCertificate: { Certificate: { DomainName: "shop.example.com", Status: "PENDING_VALIDATION" } } },
    says: /^https: the certificate of shop\.example\.com is PENDING_VALIDATION/,
  },
  {
    name: "a certificate that has expired",
    resources: [listener],
    script: { DescribeCertificate: { Certificate: { DomainName: "a.example.com", Status: "ISSUED", NotAfter: new Date(0) } } },
    says: /^https: the certificate of a\.example\.com has expired\.$/,
  },
  {
    name: "a certificate that is not there",
    resources: [listener],
    script: { DescribeCertificate: missing("ResourceNotFoundException") },
    says: /^https: there is no certificate arn:aws:acm/,
  },
  {
    name: "a certificate of another region",
    resources: [planned("aws:lb/listener:Listener", "https", { certificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1") })],
    says: /is in eu-west-1, and the load balancer in us-east-1\.$/,
  },
  {
    name: "a certificate for other hosts",
    result: "warn",
    resources: [
      listener,
      planned(
        "aws:lb/listenerRule:ListenerRule",
        "web",
        { conditions: [{ hostHeader: { values: ["a.shop.example.com"] } }] },
        { listenerArn: [listener] },
      ),
    ],
    script: { DescribeCertificate: { Certificate: { DomainName: "*.example.com", Status: "ISSUED" } } },
    says: /^https: no certificate is for a\.shop\.example\.com; they are for \*\.example\.com\.$/,
  },
  {
    name: "a hosted zone that is not there",
    resources: [record],
    invokes: zone,
    script: {
      ListHostedZonesByName: ({ dnsname }: Input) => ({ HostedZones: dnsname ? [] : [{ Id: "/hostedzone/Z2", Name: "examples.com." }] }),
    },
    says: /^there is no public hosted zone example\.com in this account; did you mean "examples\.com"\?$/,
  },
  {
    name: "a hosted zone that is there for a network alone",
    resources: [record],
    invokes: zone,
    script: { ListHostedZonesByName: { HostedZones: [{ Id: "/hostedzone/Z3", Name: "example.com.", Config: { PrivateZone: true } }] } },
    says: /^there is no public hosted zone example\.com in this account/,
  },
  {
    name: "a hosted zone by an id that is not there",
    resources: [record],
    script: { GetHostedZone: missing("NoSuchHostedZone") },
    says: /^there is no public hosted zone ZMADEUP in this account\.$/,
  },
  {
    name: "a name that has a record",
    resources: [record],
    invokes: zone,
    script: { ListResourceRecordSets: { ResourceRecordSets: [{ Name: "shop.example.com.", Type: "A" }] } },
    says: /^shop\.example\.com has a record of type A already, which is not this stack's\.$/,
  },
  {
    name: "a name that is an alias of another",
    resources: [record],
    invokes: zone,
    script: { ListResourceRecordSets: { ResourceRecordSets: [{ Name: "shop.example.com.", Type: "CNAME" }] } },
    says: /has a record of type CNAME already/,
  },
  {
    name: "actions that the deployer may not do",
    resources: eips,
    script: {
      SimulatePrincipalPolicy: { EvaluationResults: [{ EvalActionName: "ec2:AllocateAddress", EvalDecision: "explicitDeny" }] },
    },
    says: /^arn:aws:iam::123456789012:role\/ci\/deploy may not: ec2:AllocateAddress\.$/,
  },
  {
    name: "actions that conditions decide about",
    result: "skip",
    resources: eips,
    script: {
      SimulatePrincipalPolicy: {
        EvaluationResults: [
          { EvalActionName: "ec2:AllocateAddress", EvalDecision: "implicitDeny", MissingContextValues: ["aws:RequestTag/team"] },
        ],
      },
    },
    says: /^conditions decide whether \S+ may: ec2:AllocateAddress$/,
  },
  {
    name: "a service-linked role that the account has not",
    result: "warn",
    resources: [planned("aws:appautoscaling/target:Target", "web", {})],
    script: { GetRole: ({ RoleName }: Input) => (RoleName === "deploy" ? { Role: { Arn: DEPLOYER } } : missing("NoSuchEntity")) },
    says: /^the account has no role AWSServiceRoleForApplicationAutoScaling_ECSService yet: AWS makes it at the first use/,
    fix: /--aws-service-name ecs\.application-autoscaling\.amazonaws\.com$/,
  },
];

/** What is there and is the stack's own, or is not there yet because the update makes it: nothing is found. */
export const FINE: Case[] = [
  {
    name: "a zone and a name of another account",
    resources: [{ ...record, provider: "urn:pulumi:dev::shop::berth:index:LoadBalancer$pulumi:providers:aws::dns::id" }, ...eips],
    invokes: zone,
    script: { ListHostedZonesByName: { HostedZones: [] } },
    says: /Elastic IPs, .*room|Elastic IPs: room/,
  },
  {
    name: "a record that it may overwrite",
    resources: [{ ...record, inputs: { ...record.inputs, allowOverwrite: true } }],
    invokes: zone,
    script: { ListResourceRecordSets: { ResourceRecordSets: [{ Name: "shop.example.com.", Type: "A" }] } },
    says: /there, and the names free/,
  },
  {
    name: "an image that the update copies, which the execution role need not reach there",
    resources: copied(),
    says: /web-9f8e7d6@sha256:7: there, for the tasks' architecture$/,
  },
  {
    name: "its own rule",
    resources: [rule(300)],
    state: [deployed(rule(300), "own")],
    script: { DescribeRules: { Rules: [awsRule("300", ["shop.example.com"], "own")] } },
    says: /priorities are free/,
  },
  {
    name: "a rule for the same requests where nobody knows the state",
    resources: [rule(300)],
    state: undefined,
    script: { DescribeRules: { Rules: [awsRule("300", ["shop.example.com"])] } },
    says: /priorities are free/,
  },
  {
    name: "its own record",
    resources: [record],
    invokes: zone,
    state: [deployed(record, "r")],
    script: { ListResourceRecordSets: { ResourceRecordSets: [{ Name: "shop.example.com.", Type: "A" }] } },
    says: /there, and the names free/,
  },
  {
    name: "its own addresses",
    resources: eips,
    state: eips.map((one) => deployed(one, "e")),
    script: { GetServiceQuota: { Quota: { Value: 3 } }, ...addresses(3) },
    says: /may do what the update does \(0 actions\)/,
  },
  {
    name: "NAT gateways of other zones",
    resources: [natSubnet, nat],
    script: { GetServiceQuota: { Quota: { Value: 2 } }, ...natsIn("subnet-1", "subnet-3", "subnet-3") },
    says: /^NAT gateways in us-east-1a: room for the update$/,
  },
  {
    name: "a client secret that is there, and an image that AWS publishes",
    resources: [],
    invokes: [...signIn("prod/sign-in"), ...parameterOf("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended")],
    script: { DescribeParameters: { Parameters: [] } },
    says: /^prod\/sign-in: there, for the program to look up$/,
  },
  {
    name: "a version of a parameter",
    resources: [],
    invokes: parameterOf("/prod/sign-in:3"),
    script: {
      DescribeParameters: ({ ParameterFilters = [] }: Input) => ({
        Parameters: (ParameterFilters as { Values: string[] }[]).some(({ Values }) => Values.includes("/prod/sign-in"))
          ? [{ Name: "/prod/sign-in", Type: "SecureString" }]
          : [],
      }),
    },
    says: /^\/prod\/sign-in: there, for the program to look up$/,
  },
  {
    name: "an image that ECR fetches at the first pull",
    resources: task({ image: IMAGE }, allow(["ecr:*", ARN.repository])),
    script: { BatchGetImage: missing("RepositoryNotFoundException") },
    says: /there, for the tasks' architecture/,
  },
  {
    name: "exactly enough addresses",
    resources: inSubnets(),
    script: { DescribeSubnets: { Subnets: [subnet("subnet-1", 2), subnet("subnet-2", 0)] } },
    says: /2 there, with free addresses/,
  },
  {
    name: "exactly enough vCPUs",
    resources: service({}, task({}, undefined, { cpu: "4096" })),
    script: { GetServiceQuota: { Quota: { Value: 12, UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "R" } } } },
    says: /Fargate On-Demand vCPUs, IAM roles: room/,
  },
  {
    name: "public tasks in public subnets",
    resources: inSubnets(true),
    script: routes({ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }),
    says: /2 there, with free addresses/,
  },
  {
    name: "endpoints in place of a way out",
    resources: inSubnets(),
    script: {
      ...routes(),
      DescribeVpcEndpoints: { VpcEndpoints: [{ VpcId: "vpc-1", ServiceName: "com.amazonaws.us-east-1.ecr.dkr", State: "available" }] },
    },
    says: /a way to the images/,
  },
  {
    name: "a policy that is for the resource alone",
    resources: [planned("aws:ecs/cluster:Cluster", "apps", {})],
    script: {
      SimulatePrincipalPolicy: (input: Input) => ({
        EvaluationResults: members(input, "ActionNames").map((EvalActionName) => ({
          EvalActionName,
          EvalDecision:
            members(input, "ResourceArns")[0] === `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/apps-0000000` ? "allowed" : "implicitDeny",
        })),
      }),
    },
    says: /may do what the update does \(1 actions\)/,
  },
];

/** Of the causes of the diagnosis, what nobody can know of an account before: with the reason. */
export const NOT_KNOWABLE: Record<string, string> = {
  "deployment-alarm": "it judges the new revision under traffic",
  "image-rate-limited": "a public registry decides at the pull",
  "log-group": "the stack makes it, with the right to write to it",
  volume: "the stack makes the file system, its mount targets and its rights",
  "target-group-without-listener": "the plan shows it: a rule of the policy",
  spot: "AWS decides while tasks run",
  "lifecycle-hook": "a function or a person decides during the rollout",
  "networking-configuration": "the components make what a strategy needs",
  "host-failed": "it happens while tasks run",
  "stopped-by-hand": "a person decides during the rollout",
  "circuit-breaker": "it counts failures of another cause",
  deadline: "it measures the rollout",
};

/** What the trial in a container finds. */
export const IN_A_CONTAINER = ["command-not-startable", "container-health-check", "crash-on-start", "out-of-memory", "target-health-check"];
