import assert from "node:assert/strict";
import { join } from "node:path";
import { type Build, dockerBuildArguments } from "../../../ops/container/build";
import { TEMPLATE } from "../../helpers/places";

const minimal = { context: { location: "./app" }, tag: "web" };

describe("docker build", () => {
  it("takes the Dockerfile of the context when none is named", () => {
    assert.deepEqual(dockerBuildArguments(minimal, TEMPLATE), [
      "build",
      "--quiet",
      "--tag",
      "web",
      "--file",
      join(TEMPLATE, "app/Dockerfile"),
      join(TEMPLATE, "app"),
    ]);
  });

  it("passes on what the image is made of, and not where it goes", () => {
    const image = {
      ...minimal,
      dockerfile: { location: "docker/Dockerfile.web" },
      platforms: ["linux/arm64", "linux/amd64"],
      buildArgs: { SOURCE_DATE_EPOCH: "0", BASE_IMAGE: "planned" },
      overrides: { BASE_IMAGE: "here" },
      target: "runtime",
      network: "none",
      noCache: true,
      push: true,
      tags: ["registry/web:1"],
    };
    assert.deepEqual(dockerBuildArguments(image, TEMPLATE).slice(4), [
      ...["--file", join(TEMPLATE, "docker/Dockerfile.web"), "--build-arg", "SOURCE_DATE_EPOCH=0", "--build-arg", "BASE_IMAGE=here"],
      ...["--platform", "linux/arm64", "--target", "runtime", "--network", "none", "--no-cache", join(TEMPLATE, "app")],
    ]);
  });

  it("refuses an input that it does not know", () => {
    assert.throws(() => dockerBuildArguments({ ...minimal, secrets: {} } as Build, TEMPLATE), /no translation for the image's secrets/);
  });
});
