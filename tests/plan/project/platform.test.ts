import assert from "node:assert/strict";
import { join } from "node:path";
import type { JsonObject } from "../../../facts/graph";
import { makePlan } from "../../../plan/plan";
import { BASE, messageOf, withProject } from "../projects";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
const platform = new pulumi.StackReference("organization/platform/prod");
new ec2.Subnet("a", { vpcId: platform.getOutput("vpcId").apply(String), cidrBlock: platform.getOutput("range").apply(String) });
`;
const OUTPUTS = { vpcId: "vpc-0a1b2c3d", range: "10.0.0.0/24" };
const exportOf = (stack: string, outputs: object) => ({
  version: 3,
  deployment: {
    resources: [
      { urn: `urn:pulumi:${stack}::platform::aws:ec2/vpc:Vpc::net`, type: "aws:ec2/vpc:Vpc", outputs: { vpcId: "other" } },
      { urn: `urn:pulumi:${stack}::platform::pulumi:pulumi:Stack::platform-${stack}`, type: "pulumi:pulumi:Stack", outputs },
    ],
  },
});

/** The inputs of the subnet, and what the plan says, with a file of this content as the platform's. */
const planned = (content: unknown) =>
  withProject(
    { ...BASE, "index.ts": PROGRAM, "platform.json": typeof content === "string" ? content : JSON.stringify(content) },
    async (cwd) => {
      const { plan } = await makePlan({ cwd, platform: join(cwd, "platform.json") });
      const said = plan.messages.map(({ text }) => text.replaceAll(`${cwd}/`, ""));
      return [plan.resources.find(({ name }) => name === "a")!.inputs as JsonObject, said];
    },
  );

describe("berth plan --platform", () => {
  const known = { vpcId: OUTPUTS.vpcId, cidrBlock: OUTPUTS.range };
  const read = ["what organization/platform/prod exports is read from platform.json."];
  const unknown = { vpcId: "[unknown]", cidrBlock: "[unknown]" };
  const asked = [
    "what organization/platform/prod exports is unknown here; pulumi preview reads it, and berth plan with --platform FILE: what pulumi stack output --json wrote there.",
  ];

  for (const [what, content] of [
    ["pulumi stack output --json", OUTPUTS],
    ["pulumi stack export", exportOf("prod", OUTPUTS)],
    ["berth plan --json", { project: "platform", stack: "prod", resources: [], outputs: OUTPUTS }],
  ] as const)
    it(`reads what ${what} wrote`, async () => assert.deepEqual(await planned(content), [known, read]));

  it("takes only what is of the stack that is referred to", async () => {
    assert.deepEqual(await planned(exportOf("dev", OUTPUTS)), [unknown, asked]);
    assert.deepEqual(await planned({ project: "shop", stack: "prod", resources: [], outputs: OUTPUTS }), [unknown, asked]);
  });

  it("leaves open what the file hides or does not know, and nothing else", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
    assert.deepEqual(await planned(exportOf("prod", { ...OUTPUTS, vpcId: secret })), [{ ...known, vpcId: "[secret]" }, read]);
    assert.deepEqual(await planned({ ...OUTPUTS, vpcId: "[unknown]" }), [{ ...known, vpcId: "[unknown]" }, read]);
  });

  it("refuses files that hold no outputs", async () => {
    const how = "write it with pulumi stack output --json, pulumi stack export or berth plan --json in the project of the platform.";
    const refused = (content: unknown) => messageOf(() => planned(content)).then((text) => text.replace(/^\/.*\//, ""));
    assert.equal(await refused("url: x"), `platform.json is not JSON: ${how}`);
    assert.equal(await refused("[]"), `platform.json holds no outputs of a stack: ${how}`);
    assert.equal(
      await refused({ version: 3, deployment: { resources: [] } }),
      "platform.json is the export of a stack that has never been deployed, so it exports nothing: deploy it first.",
    );
    assert.equal(await messageOf(() => makePlan({ cwd: ".", platform: "no.json" })), `no.json cannot be read (ENOENT): ${how}`);
  });
});
