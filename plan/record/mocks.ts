import { createHash } from "node:crypto";
import { bareName } from "../../facts/domain";
import type { Json, JsonObject } from "../../facts/graph";
import { type ByType, entryOf } from "../../facts/types";
import { verbOf } from "../graph/commands";
import type { Location } from "./region";

/**
 * What AWS would answer: ids, ARNs and names, made up from the URN so that every run gives the same. A type that is not in the tables gets an id,
 * an ARN and its name; whatever else it computes stays unknown, as in a preview.
 */
export interface Made {
  urn: string;
  type: string;
  name: string;
  inputs: JsonObject;
  place: Location;
}

export interface Computed {
  id: string;
  state: JsonObject;
}

/** What the tables below are written with. */
class Maker {
  readonly region: string;
  readonly account: string;
  private readonly hash: string;

  constructor(readonly made: Made) {
    this.region = text(made.inputs.region) ?? made.place.region;
    this.account = made.place.account;
    this.hash = createHash("sha256").update(made.urn).digest("hex");
  }

  /** `length` hexadecimal digits of the resource; another `salt`, other digits. */
  hex(length: number, salt?: string): string {
    return (salt === undefined ? this.hash : createHash("sha256").update(`${salt} ${this.hash}`).digest("hex")).slice(0, length);
  }

  /** An EC2 id: `vpc-0a1b...`. */
  id(prefix: string): string {
    return `${prefix}-0${this.hex(16, prefix)}`;
  }

  arn(service: string, resource: string, scope: "regional" | "account" | "global" = "regional"): string {
    const region = scope === "regional" ? this.region : "";
    return `arn:${this.made.place.partition}:${service}:${region}:${scope === "global" ? "" : this.account}:${resource}`;
  }

  input(key: string): string | undefined {
    return text(this.made.inputs[key]);
  }

  /** The physical name: given, or Pulumi's own (the resource's name and seven hexadecimal digits). */
  physical(key = "name"): string {
    const prefix = this.input(`${key}Prefix`);
    return this.input(key) ?? (prefix === undefined ? `${this.made.name}-${this.hex(7)}` : `${prefix}${this.hex(8)}`);
  }

  get dns(): string {
    return this.made.place.dnsSuffix;
  }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The last part of an ARN, after its sixth colon: `cluster/apps`. */
function resourceOf(arn: string | undefined): string {
  return arn?.split(":").slice(5).join(":") ?? "";
}

type Rule = (m: Maker) => { id?: string } & JsonObject;

/** An EC2 thing: id `<prefix>-0...`, ARN `<kind>/<id>`. */
const ec2 =
  (prefix: string, kind: string, more: Rule = () => ({})): Rule =>
  (m) => ({ id: m.id(prefix), arn: m.arn("ec2", `${kind}/${m.id(prefix)}`), ownerId: m.account, ...more(m) });

/** Something with a name of its own, which is its id too unless the rule says otherwise. */
const named =
  (service: string, kind: string, scope: "regional" | "account" | "global" = "regional", more: Rule = () => ({})): Rule =>
  (m) => ({ id: m.physical(), name: m.physical(), arn: m.arn(service, `${kind}${m.physical()}`, scope), ...more(m) });

const identifiedByArn =
  (rule: Rule): Rule =>
  (m) => {
    const state = rule(m);
    return { ...state, id: text(state.arn) ?? "" };
  };

const RESOURCES: ByType<Rule> = {
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", (m) => ({
    cidrBlock: m.made.inputs.cidrBlock ?? "10.0.0.0/16",
    defaultSecurityGroupId: m.id("sg"),
    defaultRouteTableId: m.id("rtb"),
    mainRouteTableId: m.id("rtb"),
    ...(m.made.inputs.assignGeneratedIpv6CidrBlock === true && { ipv6CidrBlock: `2600:1f18:${m.hex(3)}:${m.hex(2, "ipv6")}00::/56` }),
    defaultNetworkAclId: m.id("acl"),
  })),
  "aws:ec2/subnet:Subnet": ec2("subnet", "subnet"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": (m) => ({ id: m.id("rtbassoc") }),
  "aws:ec2/route:Route": (m) => ({ id: `r-${m.hex(17)}` }),
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ec2("eigw", "egress-only-internet-gateway"),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway", (m) => ({ publicIp: address(m), privateIp: `10.0.0.${octet(m)}` })),
  "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip", (m) => ({ allocationId: m.id("eipalloc"), publicIp: address(m) })),
  "aws:ec2/eipAssociation:EipAssociation": (m) => ({ id: m.id("eipassoc") }),
  "aws:ec2/networkInterface:NetworkInterface": ec2("eni", "network-interface", (m) => ({ privateIp: `10.0.0.${octet(m)}` })),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group", (m) => ({ name: m.physical() })),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group", () => ({ name: "default" })),
  "aws:ec2/securityGroupRule:SecurityGroupRule": (m) => ({ id: `sgrule-${m.hex(10)}` }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", (m) => ({ prefixListId: m.id("pl"), state: "available" })),
  "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
  "aws:ec2/launchTemplate:LaunchTemplate": ec2("lt", "launch-template", (m) => ({
    name: m.physical(),
    latestVersion: 1,
    defaultVersion: 1,
  })),
  "aws:ec2/keyPair:KeyPair": ec2("key", "key-pair"),

  "aws:ecr/repository:Repository": (m) => ({
    id: m.physical(),
    name: m.physical(),
    arn: m.arn("ecr", `repository/${m.physical()}`),
    registryId: m.account,
    repositoryUrl: `${m.account}.dkr.ecr.${m.region}.${m.dns}/${m.physical()}`,
  }),
  "docker-build:index:Image": (m) => ({
    id: m.hex(12),
    digest: digest(m),
    ref: imageRef(m, firstOf(m.made.inputs.tags)),
    contextHash: m.hex(64, "context"),
  }),
  "docker:index/image:Image": (m) => ({
    id: m.hex(12),
    baseImageName: m.input("imageName") ?? "",
    repoDigest: imageRef(m, m.input("imageName")),
  }),
  "docker:index/remoteImage:RemoteImage": (m) => ({ id: digest(m), imageId: digest(m), repoDigest: imageRef(m, m.input("name")) }),
  "docker:index/registryImage:RegistryImage": (m) => ({ id: digest(m), sha256Digest: digest(m) }),
  "docker:index/tag:Tag": (m) => ({ id: m.input("targetImage") ?? m.hex(12), sourceImageId: digest(m) }),

  "aws:ecs/cluster:Cluster": identifiedByArn(named("ecs", "cluster/")),
  "aws:ecs/capacityProvider:CapacityProvider": identifiedByArn(named("ecs", "capacity-provider/")),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (m) => ({ id: m.input("clusterName") ?? m.made.name }),
  "aws:ecs/taskDefinition:TaskDefinition": (m) => ({
    id: m.physical("family"),
    arn: m.arn("ecs", `task-definition/${m.physical("family")}:1`),
    arnWithoutRevision: m.arn("ecs", `task-definition/${m.physical("family")}`),
    family: m.physical("family"),
    revision: 1,
  }),
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": identifiedByArn((m) => ({
    arn: m.arn("ecs", `daemon-task-definition/${m.physical("family")}:1`),
  })),
  "aws:ecs/daemon:Daemon": identifiedByArn((m) => ({
    name: m.physical(),
    arn: m.arn("ecs", `daemon/${resourceOf(m.input("clusterArn")).split("/").pop()}/${m.physical()}`),
  })),
  "aws:ecs/service:Service": (m) => {
    const arn = m.arn("ecs", `service/${resourceOf(m.input("cluster")).split("/").pop() || "default"}/${m.physical()}`);
    return { id: arn, arn, name: m.physical() };
  },

  "aws:lb/loadBalancer:LoadBalancer": (m) => {
    const [name, kind] = [m.physical(), m.input("loadBalancerType") === "network" ? "net" : "app"];
    const suffix = `${kind}/${name}/${m.hex(16)}`;
    const arn = m.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
    const label = m.made.inputs.internal === true ? `internal-${name}` : name;
    const dnsName = `${label}-${Number.parseInt(m.hex(8), 16)}.${m.region}.elb.${m.dns}`;
    return { id: arn, arn, arnSuffix: suffix, name, dnsName, zoneId: `Z${m.hex(13, "zone").toUpperCase()}`, vpcId: m.id("vpc") };
  },
  "aws:lb/targetGroup:TargetGroup": (m) => {
    const suffix = `targetgroup/${m.physical()}/${m.hex(16)}`;
    return { id: m.arn("elasticloadbalancing", suffix), arn: m.arn("elasticloadbalancing", suffix), arnSuffix: suffix, name: m.physical() };
  },
  "aws:lb/trustStore:TrustStore": (m) => {
    const arn = m.arn("elasticloadbalancing", `truststore/${m.physical()}/${m.hex(16)}`);
    return { id: arn, arn, name: m.physical() };
  },
  "aws:lb/listener:Listener": (m) => {
    const arn = m.arn(
      "elasticloadbalancing",
      `${resourceOf(m.input("loadBalancerArn")).replace("loadbalancer/", "listener/")}/${m.hex(16)}`,
    );
    return { id: arn, arn };
  },
  "aws:lb/listenerCertificate:ListenerCertificate": (m) => ({ id: `${m.input("listenerArn")}_${m.input("certificateArn")}` }),
  "aws:lb/listenerRule:ListenerRule": (m) => {
    const arn = m.arn("elasticloadbalancing", `${resourceOf(m.input("listenerArn")).replace("listener/", "listener-rule/")}/${m.hex(16)}`);
    return { id: arn, arn };
  },

  "aws:acm/certificate:Certificate": (m) => {
    const arn = m.arn("acm", `certificate/${uuid(m)}`);
    const names = [m.input("domainName") ?? "example.com", ...strings(m.made.inputs.subjectAlternativeNames)];
    // A wildcard has the record of the name that it is below.
    const options = [...new Set(names)].map((domainName) => ({
      domainName,
      resourceRecordName: `_${m.hex(32, bareName(domainName))}.${bareName(domainName)}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${m.hex(32, `${bareName(domainName)} value`)}.acm-validations.aws.`,
    }));
    return { id: arn, arn, domainValidationOptions: options, status: "ISSUED" };
  },
  "aws:acm/certificateValidation:CertificateValidation": (m) => ({
    id: `validated-${m.hex(8)}`,
    certificateArn: m.input("certificateArn") ?? "",
  }),
  "aws:route53/zone:Zone": (m) => ({
    id: `Z${m.hex(13).toUpperCase()}`,
    zoneId: `Z${m.hex(13).toUpperCase()}`,
    nameServers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"],
  }),
  "aws:route53/record:Record": (m) => ({
    id: `${m.input("zoneId")}_${m.input("name")}_${m.input("type")}`,
    fqdn: (m.input("name") ?? "").replace(/\.$/, ""),
  }),

  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:cloudwatch/eventRule:EventRule": named("events", "rule/"),
  "aws:cloudwatch/dashboard:Dashboard": (m) => ({
    id: m.physical("dashboardName"),
    dashboardArn: m.arn("cloudwatch", `dashboard/${m.physical("dashboardName")}`, "account"),
  }),
  "aws:scheduler/schedule:Schedule": named("scheduler", "schedule/default/"),

  "aws:iam/role:Role": named("iam", "role/", "account", (m) => ({ uniqueId: `AROA${m.hex(17).toUpperCase()}` })),
  "aws:iam/rolePolicy:RolePolicy": (m) => ({ id: `${m.input("role")}:${m.physical()}`, name: m.physical() }),
  "aws:iam/policy:Policy": identifiedByArn(named("iam", "policy/", "account")),
  "aws:iam/instanceProfile:InstanceProfile": named("iam", "instance-profile/", "account"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (m) => ({ id: `${m.input("role")}-${m.hex(26)}` }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": identifiedByArn((m) => ({
    arn: m.arn("iam", `oidc-provider/${m.input("url")?.replace("https://", "")}`, "account"),
  })),

  "aws:appautoscaling/target:Target": (m) => ({
    id: m.input("resourceId") ?? m.made.name,
    arn: m.arn("application-autoscaling", `scalable-target/${m.hex(20)}`),
  }),
  "aws:appautoscaling/policy:Policy": (m) => ({
    id: m.physical(),
    name: m.physical(),
    arn: m.arn("autoscaling", `scalingPolicy:${uuid(m)}:policyName/${m.physical()}`),
  }),
  "aws:autoscaling/group:Group": named("autoscaling", "autoScalingGroup:*:autoScalingGroupName/"),

  "aws:s3/bucket:Bucket": (m) => bucket(m),
  "aws:s3/bucketV2:BucketV2": (m) => bucket(m),
  "aws:s3/bucketObjectv2:BucketObjectv2": (m) => {
    const path = `${m.input("bucket")}/${m.input("key")}`;
    return { id: path, arn: m.arn("s3", path, "global") };
  },
  "aws:kms/key:Key": (m) => ({ id: uuid(m), keyId: uuid(m), arn: m.arn("kms", `key/${uuid(m)}`) }),
  "aws:secretsmanager/secret:Secret": identifiedByArn((m) => ({
    name: m.physical(),
    arn: m.arn("secretsmanager", `secret:${m.physical()}-${m.hex(6)}`),
  })),
  "aws:secretsmanager/secretVersion:SecretVersion": (m) => ({
    id: `${m.input("secretId")}|${uuid(m)}`,
    arn: m.input("secretId") ?? "",
    secretArn: m.input("secretId") ?? "",
    versionId: uuid(m),
    versionStages: ["AWSCURRENT"],
  }),
  "aws:ssm/parameter:Parameter": (m) => ({
    id: m.physical(),
    name: m.physical(),
    arn: m.arn("ssm", `parameter/${m.physical().replace(/^\//, "")}`),
    version: 1,
  }),
  "aws:sqs/queue:Queue": (m) => {
    // Pulumi ends the name of a FIFO queue as AWS wants it.
    const name = m.made.inputs.fifoQueue === true && m.input("name") === undefined ? `${m.physical()}.fifo` : m.physical();
    const url = `https://sqs.${m.region}.${m.dns}/${m.account}/${name}`;
    return { id: url, url, name, arn: m.arn("sqs", name) };
  },
  "aws:sns/topic:Topic": identifiedByArn(named("sns", "")),
  "aws:sns/topicSubscription:TopicSubscription": (m) => ({ id: `${m.input("topic")}:${m.hex(8)}`, arn: `${m.input("topic")}:${m.hex(8)}` }),
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (m) => ({
    id: m.input("configurationName") ?? "",
    chatConfigurationArn: m.arn("chatbot", `chat-configuration/slack-channel/${m.input("configurationName")}`, "account"),
  }),
  "aws:efs/fileSystem:FileSystem": (m) => ({
    id: m.id("fs"),
    arn: m.arn("elasticfilesystem", `file-system/${m.id("fs")}`),
    dnsName: `${m.id("fs")}.efs.${m.region}.${m.dns}`,
  }),
  "aws:efs/accessPoint:AccessPoint": (m) => ({
    id: m.id("fsap"),
    arn: m.arn("elasticfilesystem", `access-point/${m.id("fsap")}`),
    fileSystemArn: m.arn("elasticfilesystem", `file-system/${m.input("fileSystemId")}`),
  }),
  "aws:efs/mountTarget:MountTarget": (m) => ({ id: m.id("fsmt"), ipAddress: `10.0.0.${octet(m)}` }),
  "aws:servicediscovery/httpNamespace:HttpNamespace": (m) => ({
    id: `ns-${m.hex(16)}`,
    arn: m.arn("servicediscovery", `namespace/ns-${m.hex(16)}`),
  }),
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (m) => ({
    id: `ns-${m.hex(16)}`,
    arn: m.arn("servicediscovery", `namespace/ns-${m.hex(16)}`),
  }),
  "aws:servicediscovery/service:Service": (m) => ({
    id: `srv-${m.hex(16)}`,
    arn: m.arn("servicediscovery", `service/srv-${m.hex(16)}`),
  }),

  "aws:wafv2/webAcl:WebAcl": (m) => ({
    id: uuid(m),
    name: m.physical(),
    arn: m.arn("wafv2", `regional/webacl/${m.physical()}/${uuid(m)}`),
  }),

  "command:local:Command": (m) => ({ id: m.hex(32), stdout: copiedDigest(m) ?? "", stderr: "" }),
  "random:index/randomString:RandomString": (m) => randomText(m),
  "random:index/randomPassword:RandomPassword": (m) => randomText(m),
  "random:index/randomId:RandomId": (m) => ({
    id: m.hex(8),
    hex: m.hex(8),
    dec: String(Number.parseInt(m.hex(8), 16)),
    b64Url: m.hex(6),
    b64Std: m.hex(6),
  }),
  "random:index/randomUuid:RandomUuid": (m) => ({ id: uuid(m), result: uuid(m) }),
};

function octet(m: Maker): number {
  return (Number.parseInt(m.hex(2, "octet"), 16) % 250) + 4;
}

/** An address of the block that is set apart for documentation. */
function address(m: Maker): string {
  return `203.0.113.${octet(m)}`;
}

function digest(m: Maker): string {
  return `sha256:${m.hex(64, "digest")}`;
}

/** What the command says that copies an image: the digest, which stays what it was. */
function copiedDigest(m: Maker): string | undefined {
  if (verbOf(m.made.inputs.create) !== "copy-image") return undefined;
  const { BERTH_IMAGE: image } = (m.made.inputs.environment ?? {}) as JsonObject;
  return /@(sha256:[0-9a-f]{64})$/.exec(typeof image === "string" ? image : "")?.[1] ?? digest(m);
}

function imageRef(m: Maker, tag: string | undefined): string {
  return `${(tag ?? m.made.name).split("@")[0]}@${digest(m)}`;
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function firstOf(value: Json | undefined): string | undefined {
  return strings(value)[0];
}

function uuid(m: Maker): string {
  return m.hex(32, "uuid").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function bucket(m: Maker): { id: string } & JsonObject {
  const name = m.physical("bucket");
  const domains = { bucketDomainName: `${name}.s3.${m.dns}`, bucketRegionalDomainName: `${name}.s3.${m.region}.${m.dns}` };
  return { id: name, bucket: name, arn: m.arn("s3", name, "global"), ...domains };
}

function randomText(m: Maker): { id: string } & JsonObject {
  const length = typeof m.made.inputs.length === "number" ? m.made.inputs.length : 16;
  return { id: m.hex(8), result: m.hex(64).slice(0, length).padEnd(length, "0") };
}

/** True for a type whose computed properties are made up in its own way; any other gets an id, an ARN and its name. */
export function isMocked(type: string): boolean {
  return entryOf(RESOURCES, type) !== undefined;
}

/** What a resource would be after the deploy: its inputs and what AWS computes. */
export function computeState(made: Made): Computed {
  const m = new Maker(made);
  const rule = entryOf(RESOURCES, made.type);
  const { id, ...state } = rule ? rule(m) : anyOther(m);
  return { id: id ?? `${made.name}-${m.hex(7)}`, state: { ...state, ...made.inputs } };
}

/** A type that is not in the table. */
function anyOther(m: Maker): { id?: string } & JsonObject {
  const service = m.made.type.match(/^aws:([a-z0-9]+)\//)?.[1];
  return service === undefined ? {} : { id: m.physical(), name: m.physical(), arn: m.arn(service, m.physical()) };
}
