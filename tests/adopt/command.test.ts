import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdoptFlags, adopt } from "../../adopt/command";
import { refuseExisting, stackFile, writeAll } from "../../adopt/stack-file";

const folder = (...files: string[]) => {
  const root = mkdtempSync(join(tmpdir(), "adopt-"));
  for (const name of files) writeFileSync(join(root, name), name === "Pulumi.yaml" ? "name: shop\nruntime: nodejs\n" : "");
  return root;
};
const refused = async (flags: Partial<AdoptFlags>, message: RegExp) => {
  const root = flags.cwd ?? folder("Pulumi.yaml");
  const before = readdirSync(root);
  await assert.rejects(
    adopt({ service: [], ...flags, cwd: root }),
    (error: Error) => error.name === "UserError" && message.test(error.message),
  );
  assert.deepEqual(readdirSync(root), before, "nothing is written");
};

describe("berth adopt", () => {
  it("asks for a source", () => refused({}, /^Nothing to adopt is named: give --compose FILE, /));
  it("says what a flag goes with", async () => {
    await refused({ env: "prod" }, /^--env goes with --copilot DIR\.$/);
    await refused({ compose: "c.yaml", stacks: "s.json" }, /^--stacks goes with --copilot DIR\.$/);
    await refused({ serviceDefinition: "s.json" }, /^--service-definition goes with --task-definition FILE\.$/);
  });
  it("writes a stack file with the region first and the keys in the documentation's order", () => {
    const { name, text } = stackFile("prod", "eu-west-1", { service: { port: 80 }, compute: "ec2" });
    assert.equal(name, "Pulumi.prod.yaml");
    assert.equal(
      text,
      "# yaml-language-server: $schema=settings/stack.schema.json\nconfig:\n  aws:region: eu-west-1\n  compute: ec2\n  service:\n    port: 80\n",
    );
  });
  it("overwrites no file, and writes none of several where one is there", () => {
    const root = folder("adopt.prod.md");
    const message = /^adopt\.prod\.md exists already, and nothing was written: no file is overwritten\.$/;
    assert.throws(() => refuseExisting(root, ["Pulumi.prod.yaml", "adopt.prod.md"]), { message });
    const files = ["Pulumi.prod.yaml", "adopt.prod.md"].map((name) => ({ name, text: "" }));
    assert.throws(() => writeAll(root, files), { message });
    assert.deepEqual(readdirSync(root), ["adopt.prod.md"]);
  });
});
