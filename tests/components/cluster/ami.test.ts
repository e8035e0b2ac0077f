import assert from "node:assert/strict";
import { amiParameter } from "../../../components/cluster/ami";

describe("an AMI", () => {
  it("has AWS's parameter for each family, architecture and GPU", () => {
    const al2023 = "/aws/service/ecs/optimized-ami/amazon-linux-2023";
    const bottlerocket = "/aws/service/bottlerocket/aws-ecs-2";
    assert.deepEqual(
      [
        amiParameter("al2023", "x86_64", false),
        amiParameter("al2023", "arm64", false),
        amiParameter("al2023", "x86_64", true),
        amiParameter("bottlerocket", "x86_64", false),
        amiParameter("bottlerocket", "arm64", false),
        amiParameter("bottlerocket", "x86_64", true),
        amiParameter("bottlerocket", "arm64", true),
      ],
      [
        `${al2023}/recommended/image_id`,
        `${al2023}/arm64/recommended/image_id`,
        `${al2023}/gpu/recommended/image_id`,
        `${bottlerocket}/x86_64/latest/image_id`,
        `${bottlerocket}/arm64/latest/image_id`,
        `${bottlerocket}-nvidia/x86_64/latest/image_id`,
        `${bottlerocket}-nvidia/arm64/latest/image_id`,
      ],
    );
  });
});
