// What an instance is told at its first start. No Pulumi here. The cluster's name comes from AWS's own naming; nothing of the user's gets in.

/** Which operating system the instances run. */
export type AmiFamily = "al2023" | "bottlerocket";

/** Settings of the ECS agent, in the words of Amazon Linux's ecs.config. */
const AGENT = [
  "ECS_AWSVPC_BLOCK_IMDS=true",
  "ECS_DISABLE_PRIVILEGED=true",
  "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
  "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=false",
  "ECS_IMAGE_PULL_BEHAVIOR=prefer-cached",
];

/** The user data of an instance of `cluster`, base64 as a launch template takes it. */
export function userData(family: AmiFamily, cluster: string, gpu: boolean): string {
  const text = family === "bottlerocket" ? bottlerocket(cluster) : amazonLinux(cluster, gpu);
  return Buffer.from(text).toString("base64");
}

const amazonLinux = (cluster: string, gpu: boolean) =>
  [
    "#!/bin/bash",
    "cat <<'EOF' >> /etc/ecs/ecs.config",
    `ECS_CLUSTER=${cluster}`,
    ...AGENT,
    ...(gpu ? ["ECS_ENABLE_GPU_SUPPORT=true"] : []),
    "EOF",
    // A task in bridge mode must not borrow the instance's own role; the hop limit of 1 stops it too.
    "iptables --insert DOCKER-USER 1 --in-interface docker+ --destination 169.254.169.254/32 --jump DROP || true",
    "",
  ].join("\n");

const bottlerocket = (cluster: string) =>
  [
    "[settings.ecs]",
    `cluster = "${cluster}"`,
    "allow-privileged-containers = false",
    "enable-spot-instance-draining = true",
    'image-pull-behavior = "prefer-cached"',
    "awsvpc-block-imds = true",
    "",
  ].join("\n");
