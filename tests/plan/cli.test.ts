import assert from "node:assert/strict";
import { makePlan } from "../../plan/plan";
import type { Plan } from "../../plan/plan-json";
import { BASE, berth, withProject } from "./projects";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as ecs from "@pulumi/aws/ecs";
const cluster = new ecs.Cluster("apps", { name: new pulumi.Config().get("name") ?? "apps" });
pulumi.log.warn("plain HTTP");
console.log("said on the way");
export const arn = cluster.arn;
`;

/** The wording of the policy rules is tested with them. */
const QUIET = "config:\n  aws:region: eu-west-1\n  policy: { levels: { ecs-cluster-container-insights: off, resource-tags: off } }\n";

describe("berth plan", () => {
  it("prints the report on stdout and ends with 0", () =>
    withProject({ ...BASE, "Pulumi.dev.yaml": QUIET, "index.ts": PROGRAM }, (cwd) => {
      const { status, stdout, stderr } = berth("plan", "--cwd", cwd);
      assert.equal(stderr, "");
      assert.equal(
        stdout,
        [
          "shop / dev in eu-west-1, planned offline",
          "",
          "ecs.Cluster  apps",
          "",
          "1 resource of 1 type",
          "  1 ecs.Cluster",
          "",
          "Monthly cost (list prices of eu-west-1, 2026-08-31)",
          "  total, idle  0.00 USD",
          "",
          "Time (typical)",
          "  First deploy: about 11 s; it waits for: ecs.Cluster (apps, 11 s).",
          "",
          "Outputs",
          "  arn  known after the deploy, like arn:aws:ecs:eu-west-1:123456789012:cluster/apps",
          "",
          "The program says",
          "  warning: plain HTTP",
          "  note: said on the way",
          "",
        ].join("\n"),
      );
      assert.equal(status, 0);
    }));

  it("names the line of the program that makes a component", () =>
    withProject(
      {
        ...BASE,
        "package.json": '{ "name": "shop" }',
        "index.ts": `
          import { ComponentResource } from "@pulumi/pulumi";
          class Shop extends ComponentResource {
            constructor(name: string) {
              super("shop:index:Shop", name);
              this.registerOutputs({ open: true });
            }
          }
          new Shop("corner");
        `,
      },
      (cwd) => assert.match(berth("plan", "--cwd", cwd).stdout, /^corner Shop {2}index\.ts:9$/m),
    ));

  it("prints one JSON object with --json, and messages on stderr", () =>
    withProject({ ...BASE, "index.ts": PROGRAM }, async (cwd) => {
      const { status, stdout, stderr } = berth("plan", "--cwd", cwd, "--json", "--config", "name=other");
      assert.equal(
        stdout,
        `${JSON.stringify({ version: 1, ...(await makePlan({ cwd, config: ["name=other"] })).plan }, null, 2)}\n`,
        "another process gives the same bytes",
      );
      const plan = JSON.parse(stdout) as Plan;
      assert.deepEqual(Object.keys(plan), [
        "version",
        "project",
        "stack",
        "resources",
        "invokes",
        "outputs",
        "messages",
        "cost",
        "rollout",
        "time",
        "findings",
        "undecided",
      ]);
      assert.deepEqual(Object.keys(plan.resources[1]!), [
        "urn",
        "type",
        "name",
        "parent",
        "inputs",
        "dependencies",
        "propertyDependencies",
        "options",
      ]);
      assert.deepEqual(plan.resources[1]!.inputs, { name: "other" });
      assert.equal(plan.resources[1]!.parent, plan.resources[0]!.urn);
      assert.equal(stderr, "warning: plain HTTP\ninfo: said on the way\n");
      assert.equal(status, 0);
    }));

  it("ends with 1 on a mandatory finding, or on one as severe as --fail-on says", () =>
    withProject(
      {
        ...BASE,
        "index.ts":
          'import * as lb from "@pulumi/aws/lb"; new lb.TargetGroup("a-name-that-is-too-long-for-aws", { port: 80, vpcId: "vpc-1" });',
      },
      (cwd) => {
        const { status, stdout } = berth("plan", "--cwd", cwd);
        assert.match(
          stdout,
          /^ {2}high, fails the plan {2}lb\.TargetGroup a-name-that-is-too-long-for-aws: the name ".*" with the 8 characters that Pulumi adds has 39 characters, .* \(plan-name-length\)\n {4}fix near index\.ts:1: a name of at most 24 characters$/m,
        );
        assert.equal(status, 1);
      },
    ));

  const wrong: [what: string, args: string[], program: string, stderr: RegExp][] = [
    [
      "there is no such stack",
      ["--stack", "prod"],
      PROGRAM,
      /^There is no stack "prod": Pulumi\.prod\.yaml does not exist\. The stacks are dev\.\n$/,
    ],
    ["the program is wrong", [], "throw new Error('not today');", /^The program failed: not today \(index\.ts:1\)\n$/],
    ["a flag is wrong", ["--stak", "dev"], PROGRAM, /^error: unknown option '--stak'\n\(Did you mean --stack\?\)\n$/],
  ];
  for (const [what, args, program, message] of wrong) {
    it(`ends with 2, one message and nothing on stdout when ${what}`, () =>
      withProject({ ...BASE, "index.ts": program }, (cwd) => {
        const { status, stdout, stderr } = berth("plan", "--cwd", cwd, ...args);
        assert.match(stderr, message);
        assert.equal(stdout, "");
        assert.equal(status, 2);
      }));
  }

  it("shows its help without loading Pulumi", () => {
    const { status, stdout } = berth("plan", "--help");
    assert.match(stdout, /--stack <name> .*the stack to plan \(default: "dev"\)/);
    assert.equal(status, 0);
  });
});
