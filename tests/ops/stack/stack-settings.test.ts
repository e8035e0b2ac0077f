import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsSettings, projectDirectory, readStackSettings } from "../../../ops/stack/stack-settings";

describe("the stack's aws settings", () => {
  let directory: string;
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "berth-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("come from the stack's file, over the project's defaults", () => {
    write(
      "Pulumi.yaml",
      "name: web\nruntime: nodejs\nconfig:\n  aws:region: {value: eu-west-1}\n  aws:profile: company\n  port: {type: integer}\n",
    );
    write("Pulumi.dev.yaml", "config:\n  aws:region: eu-central-1\n  web:port: 8000\n");
    assert.deepEqual(readStackSettings(directory, "dev"), { region: "eu-central-1", profile: "company" });
    assert.deepEqual(readStackSettings(directory, "acme/web/dev"), { region: "eu-central-1", profile: "company" });
    assert.deepEqual(readStackSettings(directory, "prod"), { region: "eu-west-1", profile: "company" });
  });

  it("are found from below the project, and in its stackConfigDir", () => {
    mkdirSync(join(directory, "app", "src"), { recursive: true });
    mkdirSync(join(directory, "stacks"));
    write("Pulumi.yaml", "name: web\nstackConfigDir: stacks\n");
    write("stacks/Pulumi.dev.yaml", "config:\n  aws:region: us-west-2\n");
    assert.equal(projectDirectory(join(directory, "app", "src")), directory);
    assert.deepEqual(readStackSettings(join(directory, "app", "src"), "dev"), { region: "us-west-2" });
  });

  it("are not a mere declaration of the project", () => {
    write("Pulumi.yaml", "name: web\nconfig:\n  aws:region: {type: string}\n  aws:profile: {type: string, default: company}\n");
    assert.deepEqual(readStackSettings(directory, "dev"), { profile: "company" });
  });

  it("are none outside of a project", () => assert.deepEqual(readStackSettings(directory, "dev"), {}));

  it("say which file is not YAML", () => {
    write("Pulumi.yaml", "name: web\n");
    write("Pulumi.dev.yaml", "config: [\n");
    assert.throws(() => readStackSettings(directory, "dev"), /Pulumi\.dev\.yaml cannot be read as YAML: /);
  });
});

describe("aws settings in every form that Pulumi keeps them", () => {
  const role = { roleArn: "arn:aws:iam::111122223333:role/deploy", sessionName: "ci", externalId: "x", duration: "1h30m" };
  const read = { roleArn: role.roleArn, sessionName: "ci", externalId: "x", durationSeconds: 5400 };

  it("a role as an object, as JSON text and as a list", () => {
    assert.deepEqual(awsSettings({ "aws:assumeRole": role }, "f").assumeRoles, [read]);
    assert.deepEqual(awsSettings({ "aws:assumeRole": JSON.stringify(role) }, "f").assumeRoles, [read]);
    assert.deepEqual(awsSettings({ "aws:assumeRoles": [role, { roleArn: "arn:2", durationSeconds: 900 }] }, "f").assumeRoles, [
      read,
      { roleArn: "arn:2", durationSeconds: 900 },
    ]);
  });

  it("endpoints", () => {
    const endpoints = [{ ecs: "http://localhost:4566", elbv2: "http://localhost:4566" }];
    assert.deepEqual(awsSettings({ "aws:endpoints": endpoints }, "f").endpoints, endpoints[0]);
  });

  it("refuses what it cannot read, and never prints it", () => {
    const secure = { secure: "v1:abcdef" };
    for (const key of ["aws:region", "aws:profile"]) {
      assert.throws(
        () => awsSettings({ [key]: secure }, "Pulumi.dev.yaml"),
        (error: Error) =>
          error.message.startsWith(`${key} in Pulumi.dev.yaml must be a plain string; an encrypted value`) &&
          !error.message.includes("abcdef"),
      );
    }
    assert.throws(() => awsSettings({ "aws:assumeRole": { roleArn: secure } }, "f"), /aws:assumeRole\.roleArn in f must be a plain string/);
    assert.throws(() => awsSettings({ "aws:assumeRole": {} }, "f"), /aws:assumeRole in f has no roleArn/);
    assert.throws(() => awsSettings({ "aws:assumeRole": "arn:plain" }, "f"), /aws:assumeRoles in f must be an object, a list of objects/);
    assert.throws(() => awsSettings({ "aws:endpoints": [{ ecs: 5 }] }, "f"), /aws:endpoints\.ecs in f must be a URL/);
  });
});
