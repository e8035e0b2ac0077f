import assert from "node:assert/strict";
import { userData } from "../../../components/cluster/user-data";

const text = (...args: Parameters<typeof userData>) => Buffer.from(userData(...args), "base64").toString("utf8");

describe("user data", () => {
  it("of Amazon Linux tells the agent its cluster and keeps tasks from the instance's credentials", () => {
    assert.equal(
      text("al2023", "apps-0123abc", false),
      [
        "#!/bin/bash",
        "cat <<'EOF' >> /etc/ecs/ecs.config",
        "ECS_CLUSTER=apps-0123abc",
        "ECS_AWSVPC_BLOCK_IMDS=true",
        "ECS_DISABLE_PRIVILEGED=true",
        "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
        "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=false",
        "ECS_IMAGE_PULL_BEHAVIOR=prefer-cached",
        "EOF",
        "iptables --insert DOCKER-USER 1 --in-interface docker+ --destination 169.254.169.254/32 --jump DROP || true",
        "",
      ].join("\n"),
    );
  });

  it("of Amazon Linux with GPUs turns them on, before the end of the file", () => {
    const lines = text("al2023", "apps", true).split("\n");
    assert.equal(lines.indexOf("ECS_ENABLE_GPU_SUPPORT=true"), lines.indexOf("EOF") - 1);
  });

  it("of Bottlerocket says the same in TOML, with or without GPUs", () => {
    const toml = [
      "[settings.ecs]",
      'cluster = "apps"',
      "allow-privileged-containers = false",
      "enable-spot-instance-draining = true",
      'image-pull-behavior = "prefer-cached"',
      "awsvpc-block-imds = true",
      "",
    ].join("\n");
    assert.deepEqual([text("bottlerocket", "apps", false), text("bottlerocket", "apps", true)], [toml, toml]);
  });
});
