import assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { ACCOUNT, assertTrust, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";

describe("Network", () => {
  let made: Deployed;
  const networks: Record<string, Network> = {};

  before(async () => {
    const variants: Record<string, NetworkArgs> = {
      net: {},
      single: { nat: "single", zones: 3, cidrBlock: "10.8.0.0/20", flowLogs: 30 },
      open: { nat: "none", flowLogs: false },
      closed: { endpoints: "private", endpointServices: ["sqs", "logs", "dynamodb"], flowLogs: false, tags: { team: "red" } },
    };
    made = await deploy(() => {
      for (const [name, args] of Object.entries(variants)) networks[name] = new Network(name, args);
    });
  });

  const below = (name: string, type: string) =>
    made.all(type).filter((resource) => resource.name === name || resource.name.startsWith(`${name}-`));

  it("asks awsx for zones, subnets and NAT gateways", () => {
    assert.deepEqual(made.inputs("awsx:ec2:Vpc", "net"), {
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 2,
      availabilityZoneCidrMask: 18,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Private", cidrMask: 19 },
        { type: "Public", cidrMask: 20 },
      ],
      natGateways: { strategy: "OnePerAz" },
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Project: "shop", Stack: "test" },
    });
  });

  it("has NAT gateways as many as are paid for", () => {
    assert.deepEqual(
      ["net", "single", "open", "closed"].map((name) => below(name, "NatGateway").length),
      [2, 1, 0, 0],
    );
  });

  it("gives each zone a private and a public subnet, none of which hands out public IPs", () => {
    assert.deepEqual(
      below("single", "Subnet").map(({ inputs }) => [inputs.cidrBlock, inputs.availabilityZone, inputs.mapPublicIpOnLaunch]),
      [
        ["10.8.0.0/23", `${REGION}a`, false],
        ["10.8.2.0/24", `${REGION}a`, false],
        ["10.8.4.0/23", `${REGION}b`, false],
        ["10.8.6.0/24", `${REGION}b`, false],
        ["10.8.8.0/23", `${REGION}c`, false],
        ["10.8.10.0/24", `${REGION}c`, false],
      ],
    );
    for (const { inputs } of made.all("Subnet")) assert.equal(inputs.mapPublicIpOnLaunch, false);
  });

  it("runs tasks where they have a way to ECR", () => {
    const where = (name: string) => [networks[name]!.assignPublicIp, networks[name]!.taskSubnetIds === networks[name]!.privateSubnetIds];
    assert.deepEqual(["net", "single", "open", "closed"].map(where), [
      [false, true],
      [false, true],
      [true, false],
      [false, true],
    ]);
    assert.equal(networks.open!.taskSubnetIds, networks.open!.publicSubnetIds);
  });

  it("empties the default security group", () => {
    const group = made.one("DefaultSecurityGroup", "net-default");
    assert.deepEqual([group.inputs.ingress, group.inputs.egress], [[], []]);
    assert.deepEqual(made.sourcesOf(group, "vpcId"), ["Vpc net"]);
  });

  it("always has the free gateway to S3, on every route table", () => {
    for (const name of ["net", "single", "open", "closed"]) {
      const { inputs } = made.one("VpcEndpoint", `${name}-s3`);
      assert.deepEqual([inputs.serviceName, inputs.vpcEndpointType], [`com.amazonaws.${REGION}.s3`, "Gateway"]);
      const tables = below(name, "RouteTable").length;
      assert.equal(tables, name === "single" ? 6 : 4);
      assert.equal(new Set(inputs.routeTableIds as string[]).size, tables);
      assert.ok((inputs.routeTableIds as string[]).every((id) => /^rtb-0/.test(id)));
    }
  });

  describe("with private endpoints", () => {
    it("has one for the images, the logs and each service named, and each once", () => {
      const interfaces = below("closed", "VpcEndpoint").filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
      assert.deepEqual(
        interfaces.map(({ name, inputs }) => [name, inputs.serviceName]).sort(),
        ["ecr.api", "ecr.dkr", "logs", "sqs"].map((service) => [
          `closed-${service.replace(".", "-")}`,
          `com.amazonaws.${REGION}.${service}`,
        ]),
      );
      assert.deepEqual(Object.keys(networks.closed!.endpoints), ["ecr.api", "ecr.dkr", "logs", "sqs", "dynamodb"]);
      const ingress = made.one("SecurityGroupIngressRule", "closed-endpoints-https");
      for (const endpoint of interfaces) {
        assert.equal(endpoint.inputs.privateDnsEnabled, true);
        assert.equal((endpoint.inputs.subnetIds as string[]).length, 2);
        assert.deepEqual(made.sourcesOf(endpoint, "securityGroupIds"), ["SecurityGroup closed-endpoints"]);
        assert.ok(endpoint.dependencies.includes(ingress.urn));
      }
    });

    it("reaches DynamoDB by a gateway, as S3", () => {
      const gateway = made.inputs("VpcEndpoint", "closed-dynamodb");
      assert.deepEqual([gateway.serviceName, gateway.vpcEndpointType], [`com.amazonaws.${REGION}.dynamodb`, "Gateway"]);
      assert.deepEqual(gateway.routeTableIds, made.inputs("VpcEndpoint", "closed-s3").routeTableIds);
      assert.deepEqual([gateway.subnetIds, gateway.securityGroupIds, gateway.privateDnsEnabled], [undefined, undefined, undefined]);
    });

    it("lets nobody to them but the VPC, and that by HTTPS", () => {
      const { tags: _, securityGroupId: __, ...rule } = made.inputs("SecurityGroupIngressRule");
      assert.deepEqual(rule, {
        description: "HTTPS from inside the VPC",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "10.0.0.0/16",
      });
      assert.deepEqual(made.names("SecurityGroupEgressRule"), []);
    });
  });

  describe("flow logs", () => {
    it("are kept for 90 days, or as said, or not made", () => {
      assert.deepEqual(
        made.all("LogGroup").map(({ name, inputs }) => [name, inputs.retentionInDays]),
        [
          ["net-flow", 90],
          ["single-flow", 30],
        ],
      );
    });

    it("record all traffic of the VPC into the group, once their role may write", () => {
      const log = made.one("FlowLog", "net-flow");
      const { vpcId, logDestination, iamRoleArn, tags: _, ...inputs } = log.inputs;
      assert.deepEqual(inputs, { trafficType: "ALL", logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 });
      assert.match(String(vpcId), /^vpc-0/);
      assert.match(String(logDestination), new RegExp(`^arn:aws:logs:${REGION}:${ACCOUNT}:log-group:net-flow-`));
      assert.match(String(iamRoleArn), new RegExp(`^arn:aws:iam::${ACCOUNT}:role/net-flow-`));
      assert.ok(log.dependencies.includes(made.one("RolePolicy", "net-flow").urn));
    });

    it("have a role that only they may take, and that may only write that group", () => {
      assertTrust(made.one("Role", "net-flow"), "vpc-flow-logs.amazonaws.com", "ec2");
      const group = made.inputs("FlowLog", "net-flow").logDestination;
      assert.deepEqual(policyOf(made.one("RolePolicy", "net-flow")).Statement, [
        {
          Sid: "WriteFlowLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [group, `${group}:*`],
        },
      ]);
    });
  });

  it("asks AWS where it is once, whatever it makes", () => {
    const tokens = made.recording.known.invokes.map(({ token }) => token.split(":")[2]);
    assert.deepEqual(
      ["getCallerIdentity", "getRegion", "getPartition"].map((lookup) => tokens.filter((token) => token === lookup).length),
      [4, 4, 4], // four networks
    );
  });

  const refused: [args: NetworkArgs, message: string][] = [
    [{ zones: 1 }, 'Network "net": zones: 1 is out of range; allowed: 2 to 3; the nearest is 2.'],
    [{ zones: 4 }, 'Network "net": zones: 4 is out of range; allowed: 2 to 3; the nearest is 3.'],
    [
      { cidrBlock: "10.0.0.0/24" },
      'Network "net": cidrBlock: 10.0.0.0/24 is too small: a load balancer and tasks in up to 4 zones need /16 to /23; the nearest is "10.0.0.0/23".',
    ],
    [
      { avoidCidrBlocks: ["10.0.8.0/24"] },
      'Network "net": cidrBlock: 10.0.0.0/16 overlaps 10.0.8.0/24, which avoidCidrBlocks names; choose another range.',
    ],
    [
      { endpointServices: ["sqs"] },
      'Network "net": endpointServices: services are named, but endpoints is none; set endpoints: private, or leave endpointServices out.',
    ],
  ];
  for (const [args, message] of refused) {
    it(`refuses ${JSON.stringify(args)}`, async () => assert.equal(await refusal(() => new Network("net", args)), message));
  }
});
