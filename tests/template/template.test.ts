// The template's own files, as far as they are not the user's to edit.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

describe("the template", () => {
  it("asks for a Pulumi CLI no older than the SDK", () => {
    const { requiredPulumiVersion } = parse(readFileSync(join(TEMPLATE, "Pulumi.yaml"), "utf8")) as { requiredPulumiVersion: string };
    const { dependencies } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { dependencies: Record<string, string> };
    assert.equal(requiredPulumiVersion.replace(">=", ""), dependencies["@pulumi/pulumi"]?.replace("^", ""));
  });

  it("has the same line endings on every machine", function () {
    if (!existsSync(join(REPOSITORY, ".git"))) return this.skip();
    const attributes = execFileSync("git", ["check-attr", "eol", "--", "app/src/server.ts", "app/Dockerfile", "bin/berth.js"], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    assert.deepEqual(
      attributes
        .trim()
        .split("\n")
        .map((line) => line.split(": ").pop()),
      ["lf", "lf", "lf"],
    );
  });
});
