import assert from "node:assert/strict";
import { join } from "node:path";
import { ReadResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { RecordedResource } from "../../../facts/graph";
import { type FullPlan, makePlan } from "../../../plan/plan";
import { BASE, messageOf, withProject } from "../projects";

const IMPORTS = `
import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as ecr from "@pulumi/aws/ecr";
import * as ecs from "@pulumi/aws/ecs";
import * as lb from "@pulumi/aws/lb";
`;

const plan = (program: string, files: Record<string, string> = {}): Promise<FullPlan> =>
  withProject({ ...BASE, "index.ts": IMPORTS + program, ...files }, (cwd) => makePlan({ cwd }));

const failure = (program: string, files: Record<string, string> = {}): Promise<string> => messageOf(() => plan(program, files));

function find(full: FullPlan, name: string): RecordedResource {
  const found = full.resources.filter((resource) => resource.name === name);
  assert.equal(found.length, 1, `${found.length} resources are called ${name}`);
  return found[0]!;
}

describe("recording a program", () => {
  it("keeps URNs, parents, inputs and dependencies as the engine would see them", async () => {
    const full = await plan(`
      class Shop extends pulumi.ComponentResource {
        constructor() {
          super("shop:index:Shop", "shop");
          const cluster = new ecs.Cluster("apps", {}, { parent: this });
          new ecs.Service("web", { cluster: cluster.arn, desiredCount: 2 }, { parent: this });
          this.registerOutputs({ cluster: cluster.arn });
        }
      }
      new Shop();
    `);
    const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
    const shop = "urn:pulumi:dev::shop::shop:index:Shop::shop";
    const cluster = "urn:pulumi:dev::shop::shop:index:Shop$aws:ecs/cluster:Cluster::apps";
    assert.deepEqual(
      full.resources.map(({ urn, parent, custom }) => [urn, parent, custom]),
      [
        [stack, null, false],
        [shop, stack, false],
        [cluster, shop, true],
        ["urn:pulumi:dev::shop::shop:index:Shop$aws:ecs/service:Service::web", shop, true],
      ],
    );
    const web = find(full, "web");
    assert.match(web.inputs.cluster as string, /^arn:aws:ecs:eu-west-1:123456789012:cluster\/apps-[0-9a-f]{7}$/);
    assert.equal(web.inputs.desiredCount, 2);
    assert.deepEqual(web.dependencies, [cluster]);
    assert.deepEqual(web.propertyDependencies, { cluster: [cluster] });
  });

  it("keeps every resource option", async () => {
    const full = await plan(`
      const old = new ecs.Cluster("old", {});
      const east = new (require("@pulumi/aws").Provider)("east", { region: "us-east-1" });
      new ecs.Cluster("apps", {}, {
        protect: true, ignoreChanges: ["tags"], retainOnDelete: true, deleteBeforeReplace: true, replaceOnChanges: ["name"], deletedWith: old,
        customTimeouts: { create: "5m", delete: "1h" }, aliases: [{ name: "before" }], dependsOn: [old], provider: east,
      });
    `);
    const apps = find(full, "apps");
    const old = find(full, "old").urn;
    assert.deepEqual(apps.options, {
      protect: true,
      ignoreChanges: ["tags"],
      retainOnDelete: true,
      deleteBeforeReplace: true,
      replaceOnChanges: ["name"],
      deletedWith: old,
      customTimeouts: { create: "5m", delete: "1h" },
      aliases: ["urn:pulumi:dev::shop::aws:ecs/cluster:Cluster::before"],
    });
    assert.deepEqual(apps.dependencies, [old]);
    assert.match(apps.provider ?? "", /^urn:pulumi:dev::shop::pulumi:providers:aws::east::/);
    assert.deepEqual(find(full, "old").options.deleteBeforeReplace, null);
  });

  it("names the line of the program, however deep the helpers", async () => {
    const full = await plan(`
const make = (name: string) => new ecs.Cluster(name);
for (const name of ["a"]) {
  make(name);
}
`);
    assert.equal(find(full, "a").source, "index.ts:10");
  });

  it("names the line within a component, in a folder of whatever name", async () => {
    const shop = `import * as pulumi from "@pulumi/pulumi";
      import * as ecs from "@pulumi/aws/ecs";
      export class Shop extends pulumi.ComponentResource {
        constructor() {
          super("shop:index:Shop", "shop");
          ["apps", "jobs"].map((name) => {
            return new ecs.Cluster(name, {}, { parent: this });
          });
          this.registerOutputs({ done: true });
        }
      }`;
    const full = await plan(`new (require("./parts (old)/shop").Shop)();`, { "parts (old)/shop.ts": shop });
    assert.deepEqual(
      ["shop", "apps", "jobs"].map((name) => find(full, name).source),
      ["index.ts:7", "parts (old)/shop.ts:7", "parts (old)/shop.ts:7"],
    );
  });

  it("names the line that failed, in a folder of whatever name", async () => {
    const shop = `\n\nexport function open(): void {\n  throw new TypeError("closed");\n}\n`;
    for (const folder of ["parts (old)", "a)b", "1) shop"]) {
      const message = await messageOf(() => plan(`require("./${folder}/shop").open();`, { [`${folder}/shop.ts`]: shop }));
      assert.equal(message, `The program failed: TypeError: closed (${folder}/shop.ts:4)`);
    }
  });

  it("names the line of an ES module", async () => {
    const files = {
      ...BASE,
      "Pulumi.yaml": `${BASE["Pulumi.yaml"]}main: index.mjs\n`,
      "index.mjs": `import { ecs } from "@pulumi/aws";\n\nnew ecs.Cluster("apps");\n`,
    };
    const full = await withProject(files, (cwd) => makePlan({ cwd }));
    assert.equal(find(full, "apps").source, "index.mjs:3");
  });

  it("gives a resource's outputs whenever the program reads them, with what they depend on and whether they are secret", async () => {
    const full = await plan(`
      const cluster = new ecs.Cluster("apps", { tags: pulumi.secret({ team: "blue" }) });
      const early = cluster.arn;
      const late = cluster.id.apply(() => cluster.arn);
      new ecs.Service("early", { cluster: early });
      new ecs.Service("late", { cluster: late });
      export const same = early === cluster.arn && Object.keys(cluster).includes("settings");
      export const equal = pulumi.all([early, late]).apply(([a, b]) => a === b && a.startsWith("arn:"));
      export const secret = cluster.id.apply(() => cluster.tags);
      export const unknown = cluster.id.apply(() => cluster.settings);
    `);
    assert.deepEqual(full.plan.outputs, { equal: true, same: true, secret: "[secret]", unknown: "[unknown]" });
    const cluster = find(full, "apps").urn;
    assert.deepEqual(
      ["early", "late"].map((name) => find(full, name).propertyDependencies),
      [{ cluster: [cluster] }, { cluster: [cluster] }],
    );
  });

  it("lets a program put its own value in the place of an output", async () => {
    const full = await plan(`
      const cluster = new ecs.Cluster("apps");
      Object.assign(cluster, { arn: pulumi.output("mine") });
      export const arn = cluster.arn;
    `);
    assert.deepEqual(full.plan.outputs, { arn: "mine" });
  });

  it("hides secrets wherever they come out", async () => {
    const full = await withProject(
      {
        ...BASE,
        "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig:\n  given: { type: string, secret: true }\n",
        "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n  password: { secure: AAAB }\n  given: { secure: AAAB }\n",
        "index.ts": `${IMPORTS}
          const config = new pulumi.Config();
          const own = pulumi.secret("hunter2-very-secret");
          new ecs.Cluster("apps", { tags: { a: config.requireSecret("password"), b: own, c: pulumi.interpolate\`x\${config.requireSecret("given")}\` } });
          pulumi.log.warn("the password is hunter2-very-secret");
          export const url = pulumi.interpolate\`https://\${own}\`;
        `,
      },
      (cwd) => makePlan({ cwd, config: ["given=swordfish"] }),
    );
    assert.deepEqual(find(full, "apps").inputs.tags, { a: "[secret]", b: "[secret]", c: "[secret]" });
    assert.deepEqual(full.plan.outputs, { url: "[secret]" });
    assert.deepEqual(full.plan.messages, [{ severity: "warning", text: "the password is [secret]" }]);
    assert.doesNotMatch(JSON.stringify(full), /hunter2|swordfish/);
  });

  it("tells what is unknown before the deploy from what is not", async () => {
    const full = await plan(`
      const cluster = new ecs.Cluster("apps", { name: "apps" });
      export const arn = cluster.arn;
      export const name = cluster.name;
    `);
    assert.deepEqual(full.outputsBefore, { arn: "[unknown]", name: "apps" });
    assert.deepEqual(full.plan.outputs, { arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/apps", name: "apps" });
  });

  it("waits for resources that are created late", async () => {
    const full = await plan(`
      setTimeout(() => {
        require("node:fs").readFile(__filename, () => new ecs.Cluster("late"));
      }, 20);
      export = async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        new ecs.Cluster("awaited");
        return { done: true };
      };
    `);
    assert.equal(find(full, "late").type, "aws:ecs/cluster:Cluster");
    assert.equal(find(full, "awaited").type, "aws:ecs/cluster:Cluster");
    assert.deepEqual(full.plan.outputs, { done: true });
  });

  it("records lookups with their arguments", async () => {
    const full = await plan(`export const zone = require("@pulumi/aws").getRegion({}).then((r: { region: string }) => r.region);`);
    assert.deepEqual(full.plan.invokes, [{ token: "aws:index/getRegion:getRegion", args: {} }]);
    assert.deepEqual(full.plan.outputs, { zone: "eu-west-1" });
  });

  it("runs transforms: the resource's own, its ancestors' and the stack's", async () => {
    const full = await plan(`
      const tag = (tag: string) => (args: pulumi.ResourceTransformArgs) =>
        args.type.startsWith("aws:") ? { props: { ...args.props, tags: { ...args.props.tags, [tag]: "yes" } }, opts: { ...args.opts, protect: true } } : undefined;
      pulumi.runtime.registerResourceTransform(tag("stack"));
      class Shop extends pulumi.ComponentResource {
        constructor() {
          super("shop:index:Shop", "shop", {}, { transforms: [tag("parent")] });
          new ecs.Cluster("apps", {}, { parent: this, transforms: [tag("own")] });
          this.registerOutputs({ name: "shop" });
        }
      }
      new Shop();
    `);
    assert.deepEqual(find(full, "apps").inputs.tags, { own: "yes", parent: "yes", stack: "yes" });
    assert.equal(find(full, "apps").options.protect, true);
  });

  it("makes the children of awsx.ec2.Vpc, under the program's transforms, and hands out their ids", async () => {
    const full = await makePlan({ cwd: join(__dirname, "..", "fixtures", "vpc") });
    const vpc = "urn:pulumi:dev::fixture::fixture:index:Network$awsx:ec2:Vpc$aws:ec2/vpc:Vpc::net";
    const subnets = full.resources.filter((resource) => resource.type === "aws:ec2/subnet:Subnet");
    assert.deepEqual(
      subnets.map(({ name, parent, inputs }) => [name, parent, inputs.cidrBlock, inputs.mapPublicIpOnLaunch]),
      [
        ["net-private-1", vpc, "10.8.64.0/18", false],
        ["net-private-2", vpc, "10.8.192.0/18", false],
        ["net-public-1", vpc, "10.8.0.0/18", false],
        ["net-public-2", vpc, "10.8.128.0/18", false],
      ],
    );
    const association = full.resources.filter(({ name, type }) => name === "net-public-1" && type.includes("RouteTableAssociation"))[0];
    const ids = full.plan.outputs.subnets as string[];
    assert.deepEqual([ids.length, association!.inputs.subnetId], [2, ids[0]]);
    assert.equal(subnets[2]!.inputs.vpcId, find(full, "web-group").inputs.vpcId);
    assert.deepEqual(find(full, "web-group").propertyDependencies.vpcId, [vpc, `${vpc.slice(0, vpc.lastIndexOf("$"))}::net`]);
    assert.equal(full.outputsBefore.subnets, "[unknown]");
  });

  it("leaves what another stack hands out unknown, and takes what is only read for known by its id", async () => {
    const full = await plan(`
      const network = new pulumi.StackReference("organization/network/prod");
      const vpc = ec2.Vpc.get("old", "vpc-123");
      new ec2.Subnet("a", { vpcId: vpc.id, cidrBlock: network.requireOutput("cidr").apply(String) });
      export const size = network.getOutput("ids").apply((ids: string[]) => ids.length);
    `);
    assert.deepEqual(find(full, "a").inputs, { cidrBlock: "[unknown]", vpcId: "vpc-123" });
    assert.deepEqual([find(full, "old").read, full.plan.outputs], [true, { size: "[unknown]" }]);
  });

  it("answers a newer SDK's reads with the id", async () => {
    const ids: string[] = [];
    const prototype = ReadResourceResponse.prototype as { setId?(id: string): void };
    prototype.setId = (id) => ids.push(id);
    try {
      await plan(`ec2.Vpc.get("old", "vpc-123");`);
    } finally {
      delete prototype.setId;
    }
    assert.deepEqual(ids, ["vpc-123", "vpc-123"]);
  });

  it("answers calls of a newer SDK that it does not know like an older engine", async () => {
    const full = await plan(`
      type Call = (request: object, ...rest: unknown[]) => void;
      const { migrateState } = (pulumi.runtime as unknown as { getMonitor(): { migrateState: Call } }).getMonitor();
      const ask = (...metadata: object[]) =>
        new Promise((resolve) => migrateState({}, ...metadata, (error: { code: number; details: string }) => resolve({ ...error })));
      export const plain = ask();
      export const withMetadata = ask({}, {});
    `);
    const refusal = { code: 12, details: "The offline plan does not implement migrateState." };
    assert.deepEqual(full.plan.outputs, { plain: refusal, withMetadata: refusal });
  });

  it("says what it cannot look into", async () => {
    const full = await plan(
      `new (class extends pulumi.ComponentResource { constructor() { super("other:index:Thing", "it", {}, {}, true); } })();`,
    );
    assert.deepEqual(full.plan.messages, [
      { severity: "info", text: 'other:index:Thing "it" is made by a plugin: what it consists of is not in this plan.' },
    ]);
  });

  it("gives the same bytes twice", async () => {
    const program = `
      class Shop extends pulumi.ComponentResource {
        constructor() {
          super("shop:index:Shop", "shop");
          for (const name of ["b", "a", "a10", "a9"]) {
            const vpc = new ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }, { parent: this });
            new ec2.Subnet(name, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" }, { parent: vpc });
          }
          this.registerOutputs({ z: 1, a: 2 });
        }
      }
      new Shop();
      export const z = 1;
      export const a = { y: 1, b: 2 };
    `;
    const both = await withProject({ ...BASE, "index.ts": IMPORTS + program }, async (cwd) => [
      await makePlan({ cwd }),
      await makePlan({ cwd }),
    ]);
    assert.equal(JSON.stringify(both[0]), JSON.stringify(both[1]));
    assert.deepEqual(Object.keys(both[0]!.plan.outputs), ["a", "z"]);
    assert.deepEqual(
      both[0]!.resources.map((resource) => resource.name),
      ["shop-dev", "shop", "a", "a", "a9", "a9", "a10", "a10", "b", "b"],
    );
  });
});

describe("a program that cannot be planned", () => {
  const cases: [what: string, program: string, message: RegExp][] = [
    [
      "has two resources of one name",
      `new ecs.Cluster("apps");\nnew ecs.Cluster("apps");`,
      /^Two resources have the same name: "apps" of type aws:ecs\/cluster:Cluster \(index\.ts:7 and index\.ts:8\)\. Give one of them another name\.$/,
    ],
    [
      "makes a resource in an apply",
      `new ecs.Cluster("apps").arn.apply(function late(arn) { return new ecs.Service("web", { cluster: arn }); });`,
      /^The resource "web" of type aws:ecs\/service:Service \(index\.ts:7\) exists only once values are known that AWS computes: make it outside apply\(\), /,
    ],
    [
      "rejects a promise that nobody awaits",
      `void Promise.reject(new Error("the dog ate it"));`,
      /^The program failed: the dog ate it \(index\.ts:7\)$/,
    ],
    [
      "throws in an apply",
      `new ecs.Cluster("apps").arn.apply((arn): string => { throw new RangeError("no " + arn.slice(0, 7)); });`,
      /^The program failed: RangeError: no arn:aws \(index\.ts:7\)$/,
    ],
    [
      "throws",
      `\n\nnull!.foo;\ndeclare global { interface Never {} }`,
      /^The program failed: TypeError: Cannot read properties of null \(reading 'foo'\) \(index\.ts:9\)$/,
    ],
    [
      "has a component without outputs",
      `class Shop extends pulumi.ComponentResource { constructor() { super("shop:index:Shop", "corner"); } }\nnew Shop();`,
      /^The component "corner" \(shop:index:Shop\) has no outputs: call this\.registerOutputs\(\{ \.\.\. \}\) at the end of its constructor\.$/,
    ],
    ["lacks a setting", `new pulumi.Config().require("size");`, /^Missing required configuration variable 'shop:size'/],
    [
      "waits for a promise that nobody resolves",
      `new ecs.Cluster("apps", { name: new Promise<string>(() => {}) });`,
      /^The program never finishes: apps of type aws:ecs\/cluster:Cluster waits for a promise that nobody resolves, or resources wait for each other in a circle\.$/,
    ],
    ["never ends", `export = () => new Promise(() => {});`, /^The program never finishes: it waits for a promise that nobody resolves\.$/],
    [
      "looks something up that nobody can answer",
      `void pulumi.runtime.invoke("aws:moon/getPhase:getPhase", {}).catch(() => {});`,
      /^The program looks up aws:moon\/getPhase:getPhase, which the offline plan cannot answer; /,
    ],
    ["logs an error", `void pulumi.log.error("this will not do");`, /^this will not do$/],
    ["has a syntax error", `const = 1;`, /^The program cannot be compiled: .*index\.ts/s],
    ["imports what is not there", `require("no-such-package");`, /^The program cannot be loaded: Cannot find module 'no-such-package'\.$/],
  ];
  for (const [what, program, message] of cases) {
    it(what, async () => assert.match(await failure(program), message));
  }

  it("has no file", async () => {
    const message = await withProject(BASE, (cwd) => messageOf(() => makePlan({ cwd })));
    assert.match(message, /^There is no program in \/.*: write .*index\.ts, or name its file as "main" in Pulumi\.yaml\.$/);
  });

  it("leaves the process as it was", async () => {
    const [cwd, log, listeners] = [process.cwd(), console.log, process.listeners("unhandledRejection")];
    await failure(`throw new Error("no");`);
    assert.deepEqual([process.cwd(), console.log, process.listeners("unhandledRejection")], [cwd, log, listeners]);
  });
});
