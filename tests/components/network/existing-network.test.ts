import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { FileSystem } from "../../../components/files/file-system";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { ExistingNetworkArgs } from "../../../components/network/existing-network";
import { Network } from "../../../components/network/network";
import { FargateService } from "../../../components/service/fargate-service";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, type DeployOptions, deploy, refusal } from "../../helpers/deploy";
import { IMAGE } from "../../helpers/variants";

const VPC = "vpc-0a1b2c3d4e5f67890";
const IDS = {
  vpcId: VPC,
  publicSubnetIds: ["subnet-0a1b2c3d0a", "subnet-0a1b2c3d0b"],
  privateSubnetIds: ["subnet-0a1b2c3d1a", "subnet-0a1b2c3d1b"],
};

/** What AWS knows of the network in question. */
interface World {
  /** Zone by subnet; a subnet that is not here is in another VPC. */
  zones?: Record<string, string>;
  /** Ranges of IPv6 by subnet. */
  ipv6?: Record<string, string>;
  /** Route table by subnet; the others use the main one. */
  tables?: Record<string, string>;
  /** Destinations by route table. */
  routes?: Record<string, string[]>;
  endpoint?: boolean;
}

/** Lets AWS's answers be those of `world` while `work` runs. */
async function inWorld<T>(
  { zones = {}, ipv6 = {}, tables = {}, routes = {}, endpoint = false }: World,
  work: () => Promise<T>,
): Promise<T> {
  const answers = {
    getSubnet: async ({ id = "", vpcId }: aws.ec2.GetSubnetArgs) => {
      if (!(id in zones) || vpcId !== VPC) throw new Error("no matching EC2 Subnet found");
      return { id, vpcId, availabilityZone: zones[id], ipv6CidrBlock: ipv6[id] ?? "" };
    },
    getRouteTables: async ({ filters = [] }: aws.ec2.GetRouteTablesArgs) => {
      const { name, values } = filters[0]!;
      return { ids: name === "association.main" ? ["main"] : values.flatMap((subnet) => tables[subnet] ?? []) };
    },
    getRouteTable: async ({ routeTableId = "" }: aws.ec2.GetRouteTableArgs) => ({
      routes: (routes[routeTableId] ?? []).map((cidrBlock) => ({ cidrBlock })),
    }),
    getVpcEndpoint: async ({ serviceName }: aws.ec2.GetVpcEndpointArgs) => {
      if (!endpoint || serviceName !== "com.amazonaws.eu-west-3.ecr.dkr") throw new Error("no matching VPC Endpoint found");
      return { id: "vpce-1" };
    },
  };
  const before = Object.keys(answers).map((name) => [name, Object.getOwnPropertyDescriptor(aws.ec2, name)!] as const);
  for (const [name, value] of Object.entries(answers))
    Object.defineProperty(aws.ec2, name, { value, configurable: true, enumerable: true });
  try {
    return await work();
  } finally {
    for (const [name, descriptor] of before) Object.defineProperty(aws.ec2, name, descriptor);
  }
}

const TWO_ZONES = { "subnet-0a1b2c3d0a": "a", "subnet-0a1b2c3d0b": "b", "subnet-0a1b2c3d1a": "a", "subnet-0a1b2c3d1b": "b" };
const ROUTED: World = {
  zones: TWO_ZONES,
  tables: { "subnet-0a1b2c3d1a": "rtb-a" },
  routes: { "rtb-a": ["10.0.0.0/8", "0.0.0.0/0"], main: ["0.0.0.0/0"] },
};

/** What the network hands on, as outputs of a resource that uses it. */
async function use(args: ExistingNetworkArgs, options?: DeployOptions): Promise<Deployed> {
  return deploy(() => {
    const network = Network.existing("net", args);
    new aws.ec2.SecurityGroup("user", {
      vpcId: network.vpcId,
      tags: {
        public: network.publicSubnetIds.apply((ids) => ids.join()),
        private: network.privateSubnetIds.apply((ids) => ids.join()),
        tasks: network.taskSubnetIds.apply((ids) => ids.join()),
        ip: pulumi.interpolate`${network.assignPublicIp}`,
      },
    });
  }, options);
}

describe("Network.existing", () => {
  it("hands on the ids that AWS confirms, and changes nothing", async () => {
    const made = await inWorld(ROUTED, () => use(IDS));
    assert.deepEqual(made.inputs("SecurityGroup"), {
      description: "Managed by Pulumi",
      vpcId: VPC,
      tags: {
        public: "subnet-0a1b2c3d0a,subnet-0a1b2c3d0b",
        private: "subnet-0a1b2c3d1a,subnet-0a1b2c3d1b",
        tasks: "subnet-0a1b2c3d1a,subnet-0a1b2c3d1b",
        ip: "false",
      },
    });
    assert.deepEqual(
      made.resources.map(({ type }) => type),
      ["pulumi:pulumi:Stack", "berth:index:ExistingNetwork", "aws:ec2/securityGroup:SecurityGroup"],
    );
  });

  it("can be planned offline", async () => {
    const made = await use({
      vpcId: VPC,
      publicSubnetIds: ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"],
      privateSubnetIds: ["subnet-0a1b2c3d4e5f6780a", "subnet-0a1b2c3d4e5f6780b"],
    });
    assert.equal((made.inputs("SecurityGroup").tags as Record<string, string>).tasks, "subnet-0a1b2c3d4e5f6780a,subnet-0a1b2c3d4e5f6780b");
  });

  it("is refused by nothing that a plan makes up, which says what it could not check", async () => {
    const ids = Array.from({ length: 8 }, (_, n) => `subnet-0a1b2c3d4e5f6780${n}`);
    for (const last of ids.slice(1)) {
      const made = await use({ vpcId: VPC, publicSubnetIds: [ids[0]!, last], privateSubnetIds: [last, ids[0]!] });
      const said = made.recording.messages.map(({ text }) => text.replace(/^.*?: /, ""));
      assert.deepEqual(said.sort(), [
        `whether ${ids[0]}, ${last} are subnets of ${VPC} in two zones, pulumi preview asks AWS.`,
        `whether ${last}, ${ids[0]} are subnets of ${VPC} in two zones with a way to ECR, pulumi preview asks AWS.`,
      ]);
    }
  });

  describe("with a file system", () => {
    const THREE = { ...TWO_ZONES, "subnet-0a1b2c3d2a": "a", "subnet-0a1b2c3d2c": "c" };
    const targets = (privateSubnetIds: string[], zones?: number) => async () =>
      deploy(() => new FileSystem("files", { network: Network.existing("net", { ...IDS, privateSubnetIds }), ...(zones && { zones }) }));
    const subnetsOf = (made: Deployed) => made.all("MountTarget").map(({ inputs }) => inputs.subnetId);
    const [A, B] = IDS.privateSubnetIds as [string, string];
    const world = { ...ROUTED, zones: THREE };

    it("has a mount target in the first subnet of each zone", async () => {
      assert.deepEqual(subnetsOf(await inWorld(world, targets([A, "subnet-0a1b2c3d2a", B]))), [A, B]);
      assert.deepEqual(subnetsOf(await inWorld(world, targets([A, B, "subnet-0a1b2c3d2c"], 3))), [A, B, "subnet-0a1b2c3d2c"]);
    });

    it("is refused in another number of zones than the tasks'", async () => {
      await assert.rejects(inWorld(world, targets([A, B, "subnet-0a1b2c3d2c"])), {
        message: 'FileSystem "files": zones: 2 zones; the tasks run in 3, and reach what is in their own; set it to 3.',
      });
    });

    it("can be planned offline, where each subnet may be in a zone of its own", async () => {
      assert.deepEqual(subnetsOf(await targets([A, "subnet-0a1b2c3d2a", B])()), [A, "subnet-0a1b2c3d2a"]);
      await assert.rejects(targets([A, B], 3)(), /zones: 3 zones; the tasks run in 2/);
    });
  });

  describe("with IPv6", () => {
    const both = (ipv6: boolean) => () => {
      const network = Network.existing("net", { ...IDS, ipv6 });
      const lb = new LoadBalancer("public", { network, accessLogs: false });
      const cluster = new Cluster("apps", { network });
      new FargateService("web", { cluster, image: IMAGE, route: lb.route({ path: "/*" }) });
    };
    const ofBoth = [...IDS.publicSubnetIds, ...IDS.privateSubnetIds];
    const world = { ...ROUTED, ipv6: Object.fromEntries(ofBoth.map((id, i) => [id, `2001:db8:0:${i}::/64`])) };

    it("has a load balancer that answers on both, and tasks that connect by both", async () => {
      const made = await inWorld(world, () => deploy(both(true)));
      assert.equal(made.inputs("aws:lb/loadBalancer:LoadBalancer").ipAddressType, "dualstack");
      const ranges = (type: string) => made.all(type).flatMap(({ inputs }) => inputs.cidrIpv6 ?? []);
      assert.deepEqual([ranges("SecurityGroupIngressRule"), ranges("SecurityGroupEgressRule")], [["::/0"], ["::/0"]]);
    });

    it("has neither where nobody says so, whatever the subnets have", async () => {
      const made = await inWorld(world, () => deploy(both(false)));
      assert.ok(!("ipAddressType" in made.inputs("aws:lb/loadBalancer:LoadBalancer")));
      assert.ok(!JSON.stringify(made.resources).includes("::/0"));
    });

    it("can be planned offline", async () => {
      const made = await deploy(both(true));
      assert.equal(made.inputs("aws:lb/loadBalancer:LoadBalancer").ipAddressType, "dualstack");
    });
  });

  it("needs private subnets only where something private is asked for", async () => {
    const args = { vpcId: VPC, publicSubnetIds: IDS.publicSubnetIds, tasks: "public" } as const;
    const made = await inWorld(ROUTED, () =>
      deploy(() => {
        const network = Network.existing("net", args);
        const lb = new LoadBalancer("public", { network, accessLogs: false });
        new FargateService("web", { cluster: new Cluster("apps", { network }), image: IMAGE, route: lb.route({ path: "/*" }) });
      }),
    );
    assert.deepEqual(made.inputs("aws:lb/loadBalancer:LoadBalancer").subnets, IDS.publicSubnetIds);
    assert.deepEqual(made.inputs("aws:ecs/service:Service").networkConfiguration, {
      assignPublicIp: true,
      securityGroups: [made.inputs("aws:ecs/service:Service").networkConfiguration].flatMap(
        (one) => (one as { securityGroups: string[] }).securityGroups,
      ),
      subnets: IDS.publicSubnetIds,
    });
    assert.equal(
      await refusal(() => new LoadBalancer("inside", { network: Network.existing("net", args), internal: true, accessLogs: false })),
      'ExistingNetwork "net": privateSubnetIds: it is missing, and instances and an internal load balancer stand there; give the ids.',
    );
  });

  it("needs public subnets only for a load balancer that is reached from the internet", async () => {
    const args = { vpcId: VPC, privateSubnetIds: IDS.privateSubnetIds };
    await inWorld(ROUTED, () =>
      deploy(() => new LoadBalancer("inside", { network: Network.existing("net", args), internal: true, accessLogs: false })),
    );
    assert.equal(
      await inWorld(ROUTED, () => refusal(() => new LoadBalancer("public", { network: Network.existing("net", args), accessLogs: false }))),
      'ExistingNetwork "net": publicSubnetIds: it is missing, and a load balancer that is reached from the internet stands there; give the ids, or set internal: true on the load balancer.',
    );
  });

  it("runs tasks in public subnets with public IPs where it is told to, whatever the way out of the private ones", async () => {
    const made = await inWorld({ zones: TWO_ZONES }, () => use({ ...IDS, tasks: "public" }));
    const { tasks, ip } = made.inputs("SecurityGroup").tags as Record<string, string>;
    assert.deepEqual([tasks, ip], ["subnet-0a1b2c3d0a,subnet-0a1b2c3d0b", "true"]);
  });

  it("takes an endpoint for ECR as a way to ECR", async () => {
    await inWorld({ zones: TWO_ZONES, endpoint: true }, () => use(IDS));
  });

  it("reads another stack's outputs", async () => {
    const made = await use({ stack: "organization/network/prod" });
    assert.deepEqual(made.inputs("StackReference"), { name: "organization/network/prod" });
    assert.equal(made.one("StackReference").parent, made.one("ExistingNetwork").urn);
  });

  const refused: [what: string, world: World, args: ExistingNetworkArgs, message: string][] = [
    [
      "one zone",
      { ...ROUTED, zones: { ...TWO_ZONES, "subnet-0a1b2c3d0b": "a" } },
      IDS,
      'ExistingNetwork "net": publicSubnetIds: subnet-0a1b2c3d0a, subnet-0a1b2c3d0b span 1 zone; a load balancer and a service that survives a zone need subnets in two.',
    ],
    [
      "no subnet",
      ROUTED,
      { ...IDS, privateSubnetIds: [] },
      'ExistingNetwork "net": privateSubnetIds: no subnet span 0 zone; a load balancer and a service that survives a zone need subnets in two.',
    ],
    [
      "a subnet of another VPC",
      ROUTED,
      { ...IDS, privateSubnetIds: ["subnet-0a1b2c3d1a", "subnet-0a1b2c3dff"] },
      `ExistingNetwork "net": privateSubnetIds: AWS finds no subnet subnet-0a1b2c3dff in ${VPC}; give subnets of this VPC (no matching EC2 Subnet found).`,
    ],
    [
      "private subnets of which one has no way out",
      { ...ROUTED, routes: { "rtb-a": ["0.0.0.0/0"], main: ["10.0.0.0/16"] } },
      IDS,
      'ExistingNetwork "net": privateSubnetIds: the private subnets have neither a default route (a NAT gateway, a transit gateway) nor an endpoint for ecr.dkr, so tasks could not pull their image; add one, or set tasks: public.',
    ],
    [
      "subnets without IPv6 where it is said to be",
      { ...ROUTED, ipv6: { [IDS.publicSubnetIds[0]!]: "2001:db8::/64" } },
      { ...IDS, ipv6: true },
      'ExistingNetwork "net": ipv6: the subnet subnet-0a1b2c3d0b has no range of IPv6; give subnets that have one, or leave it out.',
    ],
    [
      "ids and a stack",
      ROUTED,
      { ...IDS, stack: "o/p/s" },
      'ExistingNetwork "net": stack: stack and vpcId are both given; the ids come from one of them.',
    ],
    [
      "no subnets for the tasks",
      ROUTED,
      { vpcId: VPC, publicSubnetIds: IDS.publicSubnetIds },
      'ExistingNetwork "net": privateSubnetIds: it is missing, and the tasks run there; give the ids, or set tasks: public to run them in public ones.',
    ],
    [
      "no public subnets for the tasks",
      ROUTED,
      { vpcId: VPC, privateSubnetIds: IDS.privateSubnetIds, tasks: "public" },
      'ExistingNetwork "net": publicSubnetIds: it is missing, and the tasks run there; give the ids, or leave tasks out to run them in private ones.',
    ],
    [
      "no ids at all",
      ROUTED,
      { tasks: "public" },
      'ExistingNetwork "net": vpcId: it is missing; give vpcId and publicSubnetIds, or a stack that exports them.',
    ],
    [
      "some of the ids",
      ROUTED,
      { vpcId: VPC, publicSubnetIds: ["a"] },
      'ExistingNetwork "net": publicSubnetIds[0]: "a" is not the id of a subnet; write one like "subnet-0a1b2c3d4e5f67890".',
    ],
  ];
  for (const [what, world, args, message] of refused) {
    it(`refuses ${what}`, async () => assert.equal(await inWorld(world, () => refusal(() => Network.existing("net", args))), message));
  }

  const EXPORTED = { vpcId: VPC, publicSubnetIds: IDS.publicSubnetIds, privateSubnetIds: IDS.privateSubnetIds };
  const usedFrom = (platform: JsonObject) =>
    inWorld({ ...ROUTED, endpoint: true }, () => use({ stack: "o/p/s" }, { platform }).then((made) => made.inputs("SecurityGroup")));

  it("takes what a stack exports by itself or in one output, and where its tasks run", async () => {
    const expected = { public: IDS.publicSubnetIds.join(), private: IDS.privateSubnetIds.join() };
    const privately = { ...expected, tasks: expected.private, ip: "false" };
    assert.deepEqual((await usedFrom(EXPORTED)).tags, privately);
    assert.deepEqual((await usedFrom({ platform: EXPORTED })).tags, privately);
    assert.deepEqual((await usedFrom({ platform: { ...EXPORTED, tasks: "private" } })).tags, privately);
    const publicly = { ...expected, tasks: expected.public, ip: "true" };
    assert.deepEqual((await usedFrom({ platform: { ...EXPORTED, tasks: "public" } })).tags, publicly);
  });

  it("refuses a stack that does not export the ids", async () => {
    assert.equal(
      await refusal(() => Network.existing("net", { stack: "o/p/s" }), { platform: { platform: { clusterArn: "arn" } } }),
      'ExistingNetwork "net": stack: o/p/s has no output vpcId; export it there, or give the ids here.',
    );
  });
});
