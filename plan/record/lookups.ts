import { createHash } from "node:crypto";
import { UserError } from "../../facts/errors";
import type { Json, JsonObject } from "../../facts/graph";
import { MADE_UP } from "../../facts/made-up";
import type { Location } from "./region";

/** What AWS would answer to a lookup (`aws.getRegion()` and its like): realistic, and the same on every run. */

type Answer = (args: JsonObject, place: Location) => JsonObject;

const hex = (length: number, ...seed: Json[]) => createHash("sha256").update(JSON.stringify(seed)).digest("hex").slice(0, length);
const text = (value: Json | undefined, otherwise: string): string => (typeof value === "string" && value !== "" ? value : otherwise);
const arn = (place: Location, service: string, resource: string, region = place.region) =>
  `arn:${place.partition}:${service}:${region}:${place.account}:${resource}`;

function zones(place: Location): string[] {
  return ["a", "b", "c"].map((letter) => `${place.region}${letter}`);
}

/** A subnet that exists already. Its place in the network follows from its id, so that several differ. */
function subnet(args: JsonObject, place: Location): JsonObject {
  const id = text(args.id, `subnet-0${hex(16, args)}`);
  const number = Number.parseInt(hex(2, id), 16);
  return {
    id,
    vpcId: text(args.vpcId, `vpc-0${hex(16, "existing")}`),
    arn: arn(place, "ec2", `subnet/${id}`),
    availabilityZone: text(args.availabilityZone, zoneOf(id, place)),
    cidrBlock: `10.0.${number}.0/24`,
    mapPublicIpOnLaunch: false,
    availableIpAddressCount: 251,
  };
}

/** Zones in turn by the id's last character: `subnet-a`, `subnet-b` and `subnet-c` lie in three zones, as a reader expects. */
function zoneOf(id: string, place: Location): string {
  const last = id.charCodeAt(id.length - 1);
  return zones(place)[(last + 2) % 3]!;
}

function routeTable(args: JsonObject, place: Location): JsonObject {
  const id = text(args.routeTableId, `rtb-0${hex(16, args)}`);
  const nat = { cidrBlock: "0.0.0.0/0", natGatewayId: `nat-0${hex(16, id)}`, gatewayId: "" };
  return {
    id,
    routeTableId: id,
    arn: arn(place, "ec2", `route-table/${id}`),
    vpcId: text(args.vpcId, ""),
    routes: [nat],
    associations: [],
  };
}

/** The parameters under which AWS publishes its images. */
function parameter(args: JsonObject, place: Location): JsonObject {
  const name = text(args.name, "");
  const image = `ami-0${hex(16, name, place.region)}`;
  const value = name.endsWith("/recommended")
    ? JSON.stringify({ image_id: image, image_name: name })
    : name.startsWith("/aws/service/")
      ? image
      : `value-of-${name}`;
  return {
    id: name,
    name,
    arn: arn(place, "ssm", `parameter/${name.replace(/^\//, "")}`),
    type: "String",
    value,
    insecureValue: value,
    version: 1,
  };
}

const XLARGE = 16384;
const MEMORY_PER_SIZE: Record<string, number> = { nano: 512, micro: 1024, small: 2048, medium: 4096, large: 8192, xlarge: XLARGE };

/** General-purpose proportions (1 vCPU to 4 GB), which is what ECS clusters run on; the exact figure decides nothing in a plan. */
function instanceType(args: JsonObject): JsonObject {
  const type = text(args.instanceType, "m7g.large");
  const [family = "", size = "large"] = type.split(".");
  const factor = Number.parseInt(size, 10) || 1;
  const memorySize = MEMORY_PER_SIZE[size] ?? XLARGE * factor;
  const arm = /^[a-z]+\d+g/.test(family) || family === "a1";
  return {
    id: type,
    instanceType: type,
    memorySize,
    defaultVcpus: Math.max(2, memorySize / 4096),
    supportedArchitectures: [arm ? "arm64" : "x86_64"],
    maximumNetworkInterfaces: 3,
  };
}

function policyDocument(args: JsonObject): JsonObject {
  const statements = (Array.isArray(args.statements) ? args.statements : []) as JsonObject[];
  const capital = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);
  const one = (value: Json = null): Json => (Array.isArray(value) && value.length === 1 ? value[0]! : value);
  const principals = (list: Json): Json =>
    Object.fromEntries(((list ?? []) as JsonObject[]).map((p) => [text(p.type, "*"), one(p.identifiers)]));
  const conditions = (list: Json): Json => {
    const byTest: JsonObject = {};
    for (const c of (list ?? []) as JsonObject[]) {
      byTest[text(c.test, "")] = { ...(byTest[text(c.test, "")] as JsonObject | undefined), [text(c.variable, "")]: one(c.values) };
    }
    return byTest;
  };
  const convert = (statement: JsonObject): JsonObject => {
    const out: JsonObject = { Effect: text(statement.effect, "Allow") };
    for (const key of ["sid", "actions", "notActions", "resources", "notResources"]) {
      if (statement[key] !== undefined) out[capital(key === "sid" ? key : key.slice(0, -1))] = one(statement[key]);
    }
    if (statement.principals !== undefined) out.Principal = principals(statement.principals);
    if (statement.notPrincipals !== undefined) out.NotPrincipal = principals(statement.notPrincipals);
    if (statement.conditions !== undefined) out.Condition = conditions(statement.conditions);
    return out;
  };
  const json = JSON.stringify({ Version: text(args.version, "2012-10-17"), Statement: statements.map(convert) });
  return { id: hex(10, json), json, minifiedJson: json };
}

const ANSWERS: Record<string, Answer> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, place) => ({
    id: place.account,
    accountId: place.account,
    arn: `arn:${place.partition}:iam::${place.account}:user/planner`,
    userId: "AIDAPLANNERPLANNER00",
  }),
  "aws:index/getRegion:getRegion": (args, place) => {
    const region = text(args.region, text(args.name, place.region));
    return { id: region, name: region, region, endpoint: `ec2.${region}.${place.dnsSuffix}`, description: region };
  },
  "aws:index/getPartition:getPartition": (_, place) => ({
    id: place.partition,
    partition: place.partition,
    dnsSuffix: place.dnsSuffix,
    reverseDnsPrefix: place.dnsSuffix.split(".").reverse().join("."),
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, place) => {
    const where = { ...place, region: text(args.region, place.region) };
    return {
      id: where.region,
      names: zones(where),
      zoneIds: ["az1", "az2", "az3"].map((zone) => `${where.region}-${zone}`),
      groupNames: [where.region],
    };
  },
  "aws:index/getDefaultTags:getDefaultTags": () => ({ id: "default", tags: {} }),
  "aws:ec2/getVpc:getVpc": (args, place) => {
    const id = text(args.id, `vpc-0${hex(16, args)}`);
    const addresses = {
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      mainRouteTableId: `rtb-0${hex(16, id)}`,
    };
    return { id, arn: arn(place, "ec2", `vpc/${id}`), default: args.default === true, ownerId: place.account, tags: {}, ...addresses };
  },
  "aws:ec2/getSubnet:getSubnet": subnet,
  "aws:ec2/getSubnets:getSubnets": (args) => ({ id: "subnets", ids: ["a", "b", "c"].map((zone) => `subnet-0${hex(15, args)}${zone}`) }),
  "aws:ec2/getRouteTable:getRouteTable": routeTable,
  "aws:ec2/getRouteTables:getRouteTables": (args) => ({ id: "route-tables", ids: [`rtb-0${hex(16, args)}`] }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, place) => {
    const id = text(args.id, `sg-0${hex(16, args)}`);
    return {
      id,
      arn: arn(place, "ec2", `security-group/${id}`),
      name: text(args.name, "default"),
      vpcId: text(args.vpcId, `vpc-0${hex(16, "existing")}`),
    };
  },
  "aws:ec2/getVpcEndpoint:getVpcEndpoint": (args, place) => {
    const id = text(args.id, `vpce-0${hex(16, args)}`);
    return {
      id,
      arn: arn(place, "ec2", `vpc-endpoint/${id}`),
      serviceName: text(args.serviceName, ""),
      state: "available",
      prefixListId: `pl-0${hex(16, id)}`,
    };
  },
  "aws:ec2/getPrefixList:getPrefixList": (args) => ({ id: `pl-${hex(8, args)}`, name: text(args.name, ""), cidrBlocks: [] }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args) => ({
    id: text(args.id, `pl-${hex(8, args)}`),
    name: text(args.name, ""),
    entries: [],
    maxEntries: 55,
  }),
  "aws:ec2/getInstanceType:getInstanceType": instanceType,
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (_, place) => ({
    id: "offerings",
    instanceTypes: [],
    locations: zones(place),
  }),
  "aws:ec2/getAmi:getAmi": (args, place) => {
    const id = `ami-0${hex(16, args)}`;
    return {
      id,
      imageId: id,
      arn: `arn:${place.partition}:ec2:${place.region}::image/${id}`,
      name: id,
      rootDeviceName: "/dev/xvda",
      architecture: "x86_64",
    };
  },
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (args, place) => ({
    id: place.region,
    userName: "AWS",
    password: "token-of-the-plan",
    authorizationToken: "QVdTOnRva2VuLW9mLXRoZS1wbGFu",
    proxyEndpoint: `https://${text(args.registryId, place.account)}.dkr.ecr.${place.region}.${place.dnsSuffix}`,
  }),
  "aws:ecr/getCredentials:getCredentials": (args, place) => ({
    id: place.region,
    authorizationToken: "QVdTOnRva2VuLW9mLXRoZS1wbGFu",
    proxyEndpoint: `https://${text(args.registryId, place.account)}.dkr.ecr.${place.region}.${place.dnsSuffix}`,
  }),
  "aws:ecs/getCluster:getCluster": (args, place) => {
    const name = text(args.clusterName, "default");
    return { id: name, clusterName: name, arn: arn(place, "ecs", `cluster/${name}`), status: "ACTIVE" };
  },
  "aws:elb/getServiceAccount:getServiceAccount": (_, place) => ({
    id: "127311923021",
    arn: `arn:${place.partition}:iam::127311923021:root`,
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:iam/getPolicy:getPolicy": (args, place) => ({
    id: text(args.arn, ""),
    name: text(args.name, ""),
    arn: text(args.arn, `arn:${place.partition}:iam::aws:policy/${text(args.name, "")}`),
  }),
  "aws:iam/getRole:getRole": (args, place) => ({
    id: text(args.name, ""),
    name: text(args.name, ""),
    arn: arn(place, "iam", `role/${text(args.name, "")}`, ""),
  }),
  "aws:kms/getKey:getKey": (args, place) => ({
    id: text(args.keyId, ""),
    keyId: hex(32, args),
    arn: arn(place, "kms", `key/${hex(32, args)}`),
  }),
  "aws:kms/getAlias:getAlias": (args, place) => ({
    id: text(args.name, ""),
    targetKeyId: hex(32, args),
    targetKeyArn: arn(place, "kms", `key/${hex(32, args)}`),
  }),
  "aws:lb/getLoadBalancer:getLoadBalancer": (args, place) => {
    const name = text(args.name, "existing");
    const own = text(args.arn, arn(place, "elasticloadbalancing", `loadbalancer/app/${name}/${hex(16, args)}`));
    return {
      id: own,
      arn: own,
      name,
      dnsName: `${name}.${place.region}.elb.${place.dnsSuffix}`,
      zoneId: `Z${hex(13, "lb").toUpperCase()}`,
      vpcId: `vpc-0${hex(16, "existing")}`,
      securityGroups: [`sg-0${hex(16, own)}`],
    };
  },
  "aws:lb/getListener:getListener": (args, place) => {
    const own = text(args.arn, arn(place, "elasticloadbalancing", `listener/app/existing/${hex(16, args)}/${hex(16, args, "l")}`));
    const what = { port: args.port ?? 443, protocol: "HTTPS", defaultActions: [] };
    return { id: own, arn: own, ...what, loadBalancerArn: text(args.loadBalancerArn, "") };
  },
  "aws:acm/getCertificate:getCertificate": (args, place) => {
    const own = arn(place, "acm", `certificate/${hex(32, args)}`);
    return { id: own, arn: own, domain: text(args.domain, ""), status: "ISSUED" };
  },
  "aws:route53/getZone:getZone": (args) => {
    const zoneId = text(args.zoneId, `Z${hex(13, args).toUpperCase()}`);
    return {
      id: zoneId,
      zoneId,
      name: text(args.name, "example.com").replace(/\.$/, ""),
      privateZone: args.privateZone === true,
      nameServers: [],
    };
  },
  "aws:secretsmanager/getSecret:getSecret": (args, place) => {
    const own = text(args.arn, arn(place, "secretsmanager", `secret:${text(args.name, "")}-${hex(6, args)}`));
    return { id: own, arn: own, name: text(args.name, "") };
  },
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (args, place) => {
    const name = text(args.secretId, "");
    const own = arn(place, "secretsmanager", `secret:${name}-${hex(6, args)}`);
    return { id: own, arn: own, secretArn: own, secretString: `value-of-${name}`, versionId: hex(32, args), versionStages: ["AWSCURRENT"] };
  },
  "aws:ssm/getParameter:getParameter": parameter,
};

/** What a plan knows without AWS, beside what the program asks by. All else in an answer is made up. */
const TOLD: Record<string, (place: Location) => string[]> = {
  // A region that nobody has named is assumed.
  "aws:index/getRegion:getRegion": ({ assumed }) => (assumed ? [] : ["id", "name", "region", "endpoint", "description"]),
  "aws:index/getPartition:getPartition": () => ["id", "partition", "dnsSuffix", "reverseDnsPrefix"],
  "aws:index/getDefaultTags:getDefaultTags": () => ["id", "tags"],
  "aws:iam/getPolicyDocument:getPolicyDocument": () => ["id", "json", "minifiedJson"],
};

/** Answers a lookup, and says what in the answer is made up; a token that is not in the table fails the plan, for a made-up answer would mislead. */
export function answer(token: string, args: JsonObject, place: Location): JsonObject {
  const known = ANSWERS[token];
  if (!known) {
    throw new UserError(
      `The program looks up ${token}, which the offline plan cannot answer; pass the value in as a setting, or add the lookup to plan/record/lookups.ts.`,
    );
  }
  const answered = { ...args, ...known(args, place) };
  const told = [...Object.keys(args), ...(TOLD[token]?.(place) ?? [])];
  return { ...answered, [MADE_UP]: Object.keys(answered).filter((key) => !told.includes(key)) };
}
