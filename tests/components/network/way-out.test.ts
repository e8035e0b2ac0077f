import assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";

const make = (args: NetworkArgs) => () => new Network("net", { flowLogs: false, ...args });
const EIPS = ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"];
const privateRoutes = (made: Deployed) => made.all("aws:ec2/route:Route").filter(({ name }) => name.startsWith("net-private-"));

describe("A network with a regional NAT gateway", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(make({ nat: "regional", zones: 3 }));
  });

  it("has one gateway, in no subnet, once the VPC has a way to the internet", () => {
    const gateway = made.one("NatGateway");
    const { vpcId: _, ...inputs } = gateway.inputs;
    assert.deepEqual(inputs, {
      availabilityMode: "regional",
      connectivityType: "public",
      tags: { Project: "shop", Stack: "test", Name: "net" },
    });
    assert.deepEqual(made.sourcesOf(gateway, "vpcId"), ["Vpc net"]);
    assert.ok([...made.outlives(gateway)].some(({ type }) => type.endsWith(":InternetGateway")));
    assert.deepEqual(made.all("Eip"), []);
  });

  it("leads each private subnet there, and waits for it", () => {
    const routes = privateRoutes(made);
    assert.deepEqual(
      routes.map(({ inputs }) => [inputs.destinationCidrBlock, inputs.natGatewayId]),
      Array(3).fill(["0.0.0.0/0", routes[0]!.inputs.natGatewayId]),
    );
    const tables = made.all("RouteTableAssociation").filter(({ name }) => name.startsWith("net-private-"));
    assert.deepEqual(
      routes.map(({ inputs }) => inputs.routeTableId),
      tables.map(({ inputs }) => inputs.routeTableId),
    );
  });

  it("comes in place of the routes of other gateways, and gives way to them", async () => {
    const other = await deploy(make({ nat: "single", zones: 3 }));
    const [ours, theirs] = [privateRoutes(made), privateRoutes(other)];
    assert.deepEqual(
      ours.map(({ options }) => options.aliases),
      theirs.map(({ urn }) => [urn]),
    );
    assert.deepEqual(
      theirs.map(({ options }) => options.aliases),
      ours.map(({ urn }) => [urn]),
    );
    // As awsx wants it: what is not said is the provider's to decide.
    for (const { options } of theirs) assert.equal(options.deleteBeforeReplace, null);
  });
});

describe("Elastic IPs of one's own", () => {
  it("are those of the NAT gateways", async () => {
    const made = await deploy(make({ nat: "perZone", elasticIps: EIPS }));
    assert.deepEqual(
      made.all("NatGateway").map(({ inputs }) => inputs.allocationId),
      EIPS,
    );
    assert.deepEqual(made.all("Eip"), []);
  });

  it("are one for each gateway", async () => {
    const cases: [NetworkArgs, text: string][] = [
      [{ nat: "single", elasticIps: EIPS }, "elasticIps: 2 addresses for 1 NAT gateway (nat: single); name one for each."],
      [{ zones: 3, elasticIps: EIPS }, "elasticIps: 2 addresses for 3 NAT gateways (nat: perZone); name one for each."],
      [{ elasticIps: [EIPS[0]!, EIPS[0]!] }, `elasticIps: "${EIPS[0]}" is named twice; each NAT gateway has an address of its own.`],
      [
        { nat: "none", elasticIps: [EIPS[0]!] },
        "elasticIps: nat is none, which takes no addresses of your own; leave them out, or set nat: single.",
      ],
      [
        { nat: "regional", elasticIps: EIPS },
        "elasticIps: nat is regional, which takes no addresses of your own; leave them out, or set nat: perZone.",
      ],
      [
        { elasticIps: ["203.0.113.1"] },
        'elasticIps[0]: "203.0.113.1" is not the id of an Elastic IP; write one like "eipalloc-0123456789abcdef0"',
      ],
    ];
    for (const [args, text] of cases) {
      const message = await refusal(make(args));
      assert.ok(message.includes(text), message);
    }
  });
});

describe("A network with a NAT instance", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(make({ nat: "instance", cidrBlock: "10.4.0.0/16" }));
  });
  const card = () => made.one("NetworkInterface");

  it("leads each private subnet to an interface that passes on what is for others, in a public subnet", () => {
    assert.deepEqual(
      privateRoutes(made).map(({ inputs }) => [inputs.destinationCidrBlock, inputs.natGatewayId]),
      Array(2).fill(["0.0.0.0/0", undefined]),
    );
    for (const route of privateRoutes(made)) assert.deepEqual(made.sourcesOf(route, "networkInterfaceId"), ["NetworkInterface net-nat"]);
    assert.equal(card().inputs.sourceDestCheck, false);
    assert.ok(made.sourcesOf(card(), "subnetId").includes("Subnet net-public-1"));
    assert.deepEqual(made.sourcesOf(card(), "securityGroups"), ["SecurityGroup net-nat"]);
    assert.deepEqual(made.all("NatGateway"), []);
  });

  it("gives the interface an address that stays", () => {
    const association = made.one("EipAssociation");
    assert.deepEqual(made.sourcesOf(association, "allocationId"), ["Eip net-nat"]);
    assert.deepEqual(made.sourcesOf(association, "networkInterfaceId"), ["NetworkInterface net-nat"]);
    assert.equal(made.one("Eip").inputs.domain, "vpc");
  });

  it("lets in what comes from the VPC alone", () => {
    const { inputs } = made.one("SecurityGroupIngressRule");
    assert.deepEqual([inputs.cidrIpv4, inputs.ipProtocol], ["10.4.0.0/16", "-1"]);
  });

  it("starts one instance with that interface, in its zone, which ends before the next one starts", () => {
    const { inputs } = made.one("Group");
    assert.deepEqual([inputs.minSize, inputs.maxSize, inputs.healthCheckType], [1, 1, "EC2"]);
    assert.deepEqual(inputs.availabilityZones, [made.all("Subnet").find(({ name }) => name === "net-public-1")?.inputs.availabilityZone]);
    assert.equal(inputs.vpcZoneIdentifiers, undefined);
    assert.deepEqual(inputs.instanceMaintenancePolicy, { minHealthyPercentage: 0, maxHealthyPercentage: 100 });
    assert.equal((inputs.instanceRefresh as { preferences: { minHealthyPercentage: number } }).preferences.minHealthyPercentage, 0);
  });

  it("describes a host without rights, keys and open metadata, on an encrypted disk", () => {
    const { inputs } = made.one("LaunchTemplate");
    assert.deepEqual(inputs.networkInterfaces, [
      { deviceIndex: 0, networkInterfaceId: privateRoutes(made)[0]!.inputs.networkInterfaceId, deleteOnTermination: "false" },
    ]);
    assert.deepEqual(
      [inputs.instanceType, inputs.imageId],
      ["t4g.nano", "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"],
    );
    assert.deepEqual([inputs.iamInstanceProfile, inputs.keyName, inputs.vpcSecurityGroupIds], [undefined, undefined, undefined]);
    assert.deepEqual(inputs.metadataOptions, { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 });
    assert.deepEqual(inputs.blockDeviceMappings, [
      { deviceName: "/dev/xvda", ebs: { volumeSize: 8, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } },
    ]);
  });

  it("makes it a router at its first start", () => {
    const script = Buffer.from(String(made.one("LaunchTemplate").inputs.userData), "base64").toString();
    assert.match(script, /^#!\/bin\/bash\n/);
    assert.match(script, /^ {4}ip saddr 10\.4\.0\.0\/16 ip daddr != 10\.4\.0\.0\/16 masquerade$/m);
    assert.match(script, /'net\.ipv4\.ip_forward = 1' > (\S+)\nsysctl --load=\1\n/);
    assert.match(script, /systemctl enable --now nftables/);
  });

  it("starts it once it has an address and a way out, and leads nobody there before", () => {
    const group = made.one("Group");
    const before = [...made.outlives(group)].map(({ type, name }) => `${type.split(":").pop()} ${name}`);
    for (const one of ["EipAssociation net-nat", "SecurityGroupEgressRule net-nat-out", "SecurityGroupIngressRule net-nat-in"])
      assert.ok(before.includes(one), `${one} of ${before.join(", ")}`);
    assert.ok(before.some((one) => one.startsWith("InternetGateway ")));
    for (const route of privateRoutes(made)) assert.ok([...made.outlives(route)].includes(group));
  });

  it("takes an address of one's own", async () => {
    const own = await deploy(make({ nat: "instance", elasticIps: [EIPS[0]!] }));
    assert.equal(own.one("EipAssociation").inputs.allocationId, EIPS[0]);
    assert.deepEqual(own.all("Eip"), []);
    assert.equal((own.one("ec2:Vpc").inputs.natGateways as { elasticIpAllocationIds?: string[] }).elasticIpAllocationIds, undefined);
  });

  it("has no gateway that an alarm could watch", async () => {
    let network: Network | undefined;
    await deploy(() => {
      network = make({ nat: "instance" })();
    });
    assert.deepEqual(network?.natGatewayIds, []);
  });
});
