import assert from "node:assert/strict";
import type { TaskArgs } from "../../../components/task/arguments";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { bigCluster, IMAGE, label, makeService, outlivedBy, VARIANT_NAMES } from "../../helpers/variants";

type Egress = NonNullable<TaskArgs["egress"]>;
/** Where the tasks of a group may connect to: the rule's name, protocol, ports and other end. */
const ways = (made: Deployed, name: string) =>
  made
    .all("SecurityGroupEgressRule")
    .filter((rule) => made.sourcesOf(rule, "securityGroupId").includes(`SecurityGroup ${name}`))
    .map(({ name: own, inputs }) => [own, inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4]);
const everything = (name: string) => [[`${name}-out`, "-1", undefined, undefined, "0.0.0.0/0"]];
const EGRESS: Egress = [587, { port: 5432, cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"] }, 443];
const named = (name: string) => [
  [`${name}-out-443`, "tcp", 443, 443, "0.0.0.0/0"],
  [`${name}-out-587`, "tcp", 587, 587, "0.0.0.0/0"],
  [`${name}-out-5432`, "tcp", 5432, 5432, "10.0.0.0/16"],
  [`${name}-out-5432-2`, "tcp", 5432, 5432, "10.1.0.0/16"],
];

describe("Where tasks may connect to", () => {
  for (const variant of VARIANT_NAMES) {
    it(`is everything for a ${variant}, or the ports that are named and what ECS needs`, async () => {
      const open = await deploy(() => makeService(variant, { path: false }));
      assert.deepEqual(ways(open, "web"), everything("web"));
      const made = await deploy(() => makeService(variant, { path: false, egress: EGRESS }));
      assert.deepEqual(ways(made, "web"), named("web"));
      const before = outlivedBy(made, "aws:ecs/service:Service", "web");
      for (const { name } of made.all("SecurityGroupEgressRule").filter((one) => one.name.startsWith("web-out")))
        assert.ok(before.has(`SecurityGroupEgressRule ${name}`), `the service waits for ${name}`);
    });
  }

  it("is port 443 alone, where none is named", async () => {
    const made = await deploy(() => makeService("FargateService", { path: false, egress: [] }));
    assert.deepEqual(ways(made, "web"), [["web-out-443", "tcp", 443, 443, "0.0.0.0/0"]]);
  });

  it("is said for a task that runs once, and for one on a schedule", async () => {
    const made = await deploy(() => {
      const args = { cluster: bigCluster(), image: IMAGE, egress: EGRESS };
      new OneOffTask("clean", args);
      new ScheduledTask("report", { ...args, schedule: "rate(1 day)" });
    });
    assert.deepEqual(ways(made, "clean"), named("clean"));
    assert.deepEqual(ways(made, "report"), named("report"));
    const before = [...made.outlives(made.one("Schedule", "report"))].map(label);
    assert.ok(before.includes("SecurityGroupEgressRule report-out-5432-2"));
  });

  it("is also what the program lets them reach, and the file systems of their volumes", async () => {
    const files = { volumes: { data: { efs: {} } }, mounts: { data: "/data" }, egress: [] };
    const made = await deploy(() => {
      const cluster = bigCluster();
      makeService("FargateService", { path: false, ...files }, cluster).allowTo("sg-0123456789abcdef0", 5432);
      new OneOffTask("clean", { cluster, image: IMAGE, ...files });
    });
    const reached = (name: string) =>
      ways(made, name)
        .map(([own, , port]) => [own, port])
        .sort();
    assert.deepEqual(reached("web"), [
      ["web-out-443", 443],
      ["web-to-2049", 2049],
      ["web-to-5432", 5432],
    ]);
    assert.deepEqual(reached("clean"), [
      ["clean-out-443", 443],
      ["clean-to-2049", 2049],
    ]);
  });

  it("is the same by IPv6, where the network has it and the range is everywhere", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster({ ...plainNetwork(), ipv6: [] });
      makeService("FargateService", { path: false, egress: EGRESS }, cluster);
      new OneOffTask("clean", { cluster, image: IMAGE, egress: EGRESS });
      new OneOffTask("open", { cluster, image: IMAGE });
    });
    const ipv6 = made
      .all("SecurityGroupEgressRule")
      .flatMap(({ name, inputs }) => (inputs.cidrIpv6 ? [[name, inputs.fromPort]] : []))
      .sort();
    assert.deepEqual(ipv6, [
      ["clean-out-443-ipv6", 443],
      ["clean-out-587-ipv6", 587],
      ["open-out-ipv6", undefined],
      ["web-out-443-ipv6", 443],
      ["web-out-587-ipv6", 587],
    ]);
    assert.deepEqual(
      ways(made, "web").filter(([, , , , range]) => range !== undefined),
      named("web"),
    );
  });

  it("is refused where ECS could not work, or where the tasks have no group of their own", async () => {
    const cases: [Egress, text: string][] = [
      [
        [{ port: 443, cidrBlocks: ["10.0.0.0/16"] }],
        "egress[0].cidrBlocks: ECS gets images and secrets and writes logs by port 443, at addresses that nobody can list; leave the ranges out.",
      ],
      [[5432, { port: 5432 }], "egress: port 5432 is named twice; give it all its ranges at once."],
      [[0], "egress[0]: 0 is out of range; allowed: 1 to 65535; the nearest is 1."],
      [[{ port: 25, cidrBlocks: [] }], "egress[0].cidrBlocks: the list is empty; name at least one."],
    ];
    for (const [egress, text] of cases) {
      const message = await refusal(() => makeService("FargateService", { path: false, egress }));
      assert.ok(message.includes(text), message);
    }
    assert.match(
      await refusal(() => makeService("Ec2Service", { path: false, networkMode: "bridge", egress: [] })),
      /egress: in bridge mode tasks are in the groups of the instances, which connect to everything; leave it out, or use awsvpc\.$/,
    );
  });
});
