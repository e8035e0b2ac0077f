import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { FargateService } from "../../../components/service/fargate-service";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ipv6Subnet } from "../../../facts/cidr";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";

const EGRESS = "SecurityGroupEgressRule";
const INGRESS = "SecurityGroupIngressRule";

const dual = (args: NetworkArgs = {}) => new Network("net", { ipv6: true, flowLogs: false, ...args });
const served = (args: Omit<LoadBalancerArgs, "network"> = {}, network: NetworkArgs = {}) =>
  deploy(() => new LoadBalancer("public", { network: dual(network), accessLogs: false, ...args }));
/** Where the routes of IPv6 lead. */
const routes = (made: Deployed) =>
  Object.fromEntries(
    made
      .all("Route")
      .filter(({ inputs }) => inputs.destinationIpv6CidrBlock !== undefined)
      .map((route) => [
        route.name,
        [...made.sourcesOf(route, "gatewayId"), ...made.sourcesOf(route, "egressOnlyGatewayId")].filter((of) => of.includes("Gateway")),
      ]),
  );

describe("a network with IPv6", () => {
  it("has a range of each family in every subnet, at a place that a further zone does not move", async () => {
    const ranges = async (zones: number) => {
      const made = await deploy(() => dual({ zones }));
      assert.equal(made.inputs("awsx:ec2:Vpc").assignGeneratedIpv6CidrBlock, true);
      for (const { inputs } of made.all("Subnet"))
        assert.deepEqual([inputs.assignIpv6AddressOnCreation, inputs.mapPublicIpOnLaunch], [false, false]);
      return Object.fromEntries(
        made.all("Subnet").map(({ name, inputs }) => [name, String(inputs.ipv6CidrBlock).replace(/^.*(?=..::)/, "")]),
      );
    };
    const [two, three] = [await ranges(2), await ranges(3)];
    assert.deepEqual(two, { "net-private-1": "00::/64", "net-public-1": "20::/64", "net-private-2": "40::/64", "net-public-2": "60::/64" });
    assert.deepEqual(three, { ...two, "net-private-3": "80::/64", "net-public-3": "a0::/64" });
  });

  it("leads public subnets to the internet both ways, and private ones out", async () => {
    const made = await deploy(() => dual());
    assert.deepEqual(routes(made), {
      "net-ipv6-public-1": ["InternetGateway net"],
      "net-ipv6-public-2": ["InternetGateway net"],
      "net-ipv6-private-1": ["EgressOnlyInternetGateway net"],
      "net-ipv6-private-2": ["EgressOnlyInternetGateway net"],
    });
    const tables = made
      .all("Route")
      .filter(({ name }) => name.startsWith("net-ipv6-"))
      .map(({ inputs }) => inputs.routeTableId);
    assert.equal(new Set(tables).size, 4, "each has a route table of its own");
    const [own] = made.all("RouteTable").filter(({ name }) => name === "net-private-2");
    assert.ok(own, "awsx names the tables so");
  });

  it("leads private subnets nowhere that have no way out by IPv4 either", async () => {
    for (const args of [{ nat: "none" }, { endpoints: "private" }] as const) {
      const made = await deploy(() => dual(args));
      assert.deepEqual(
        [made.all("EgressOnlyInternetGateway"), Object.keys(routes(made))],
        [[], ["net-ipv6-public-1", "net-ipv6-public-2"]],
      );
    }
  });

  it("has a load balancer that answers on both, for all of the internet or for ranges", async () => {
    const open = await served({ domain: "app.example.com" });
    assert.equal(open.inputs("aws:lb/loadBalancer:LoadBalancer").ipAddressType, "dualstack");
    assert.deepEqual(
      open.all(INGRESS).map(({ name, inputs }) => [name, inputs.cidrIpv4 ?? inputs.cidrIpv6]),
      [
        ["public-80", "0.0.0.0/0"],
        ["public-80-2", "::/0"],
        ["public-443", "0.0.0.0/0"],
        ["public-443-2", "::/0"],
      ],
    );
    const narrow = await served({ allowedCidrBlocks: ["203.0.113.0/24", "2001:db8::/32"] });
    assert.deepEqual(
      narrow.all(INGRESS).map(({ inputs }) => [inputs.cidrIpv4, inputs.cidrIpv6]),
      [
        ["203.0.113.0/24", undefined],
        [undefined, "2001:db8::/32"],
      ],
    );
    const said = await served({ allowedCidrBlocks: ["0.0.0.0/0", "2001:db8::/32"] });
    assert.deepEqual(
      said.all(INGRESS).map(({ inputs }) => inputs.cidrIpv6),
      [undefined, "2001:db8::/32"],
    );
    const ofIpv4 = await served({ allowedCidrBlocks: ["203.0.113.0/24"] });
    assert.deepEqual(ofIpv4.names(INGRESS), ["public-80"]);
  });

  it("has records of both families, that of IPv6 once its routes are there", async () => {
    const made = await served({ domain: "example.com", redirectFrom: "www.example.com", domains: { shop: "shop.example.org" } });
    const types = made.all("Record").flatMap(({ name, inputs }) => (name.includes("alias") ? [[name, inputs.type]] : []));
    assert.deepEqual(Object.fromEntries(types), {
      "public-alias-example.com": "A",
      "public-alias6-example.com": "AAAA",
      "public-alias-www.example.com": "A",
      "public-alias6-www.example.com": "AAAA",
      "public-alias-shop.example.org": "A",
      "public-alias6-shop.example.org": "AAAA",
    });
    const { name, type: _, ...aaaa } = made.inputs("Record", "public-alias6-shop.example.org");
    assert.deepEqual([name, (aaaa.aliases as { evaluateTargetHealth: boolean }[])[0]?.evaluateTargetHealth], ["shop.example.org", true]);
    const before = [...made.outlives(made.one("Record", "public-alias6-shop.example.org"))].map(({ name: own }) => own);
    for (const own of ["net-ipv6-public-1", "net-ipv6-public-2", "public-shop"]) assert.ok(before.includes(own), own);
  });

  it("lets services and tasks out by both, unless somebody has said where they may go", async () => {
    const apps = (transform?: { egress: { cidrIpv4: string } }) =>
      deploy(() => {
        const cluster = new Cluster("apps", { network: dual() });
        const more = transform ? { transform } : {};
        new FargateService("web", { cluster, image: "web:1", ...more });
        new OneOffTask("migrate", { cluster, image: "web:1", ...(transform && { transform: { egress: {} } }) });
      });
    const made = await apps();
    for (const own of ["web", "migrate"]) assert.equal(made.inputs(EGRESS, `${own}-out-ipv6`).cidrIpv6, "::/0");
    assert.ok(made.outlives(made.one("aws:ecs/service:Service")).has(made.one(EGRESS, "web-out-ipv6")));
    const limited = await apps({ egress: { cidrIpv4: "10.0.0.0/8" } });
    assert.deepEqual(limited.names(EGRESS), ["migrate-out", "web-out"]);
  });

  it("is what a range of IPv6 needs", async () => {
    const refused = refusal(() => new LoadBalancer("public", { network: new Network("net"), allowedCidrBlocks: ["::/0"] }));
    assert.equal(
      await refused,
      'LoadBalancer "public": allowedCidrBlocks: ::/0 is a range of IPv6, which the network has not; set ipv6 of the network, or leave it out.',
    );
  });
});

describe("the subnets of IPv6", () => {
  it("are at the place that those of IPv4 have, whatever the size of the network", () => {
    const block = "2600:1f18:12:ab00::/56";
    assert.equal(ipv6Subnet(block, "10.0.0.0/16", "10.0.0.0/19"), "2600:1f18:12:ab00::/64");
    assert.equal(ipv6Subnet(block, "10.8.0.0/20", "10.8.10.0/24"), "2600:1f18:12:aba0::/64");
    assert.equal(ipv6Subnet(block, "10.8.0.0/23", "10.8.1.224/27"), "2600:1f18:12:abf0::/64");
    assert.equal(ipv6Subnet("2600:1f18:12:ab07::/64", "10.0.0.0/16", "10.0.64.0/19"), "2600:1f18:12:ab40::/64", "from any of its own");
  });
});
