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
