import { stackRule } from "../../engine/define";
import { runsTasks, userDataOf } from "../../graph/capacity";

export default stackRule({
  name: "ec2-launch-template-ecs-agent",
  description: "The ECS agent joins a named cluster and denies tasks the instance's credentials.",
  controls: ["LT-09"],
  reason:
    'Without ECS_CLUSTER the instance joins the cluster "default"; without the block a task in awsvpc mode can use the role of its instance.',
  fix: `userData: base64(["#!/bin/bash", "echo ECS_CLUSTER=apps >> /etc/ecs/ecs.config", "echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config"].join("\\n"))`,
  settings: "transform",
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  concerns: runsTasks,
  check(template, _graph, report) {
    const text = userDataOf(template);
    const bottlerocket = /\[settings\.ecs\]/.test(text);
    const joins = bottlerocket ? /^\s*cluster\s*=\s*"[^"]+"/m : /ECS_CLUSTER=\S+/;
    if (!joins.test(text)) report("userData names no cluster", "set ECS_CLUSTER (Bottlerocket: cluster under [settings.ecs])");
    if (bottlerocket) {
      if (/allow-privileged-containers\s*=\s*true/.test(text))
        report("userData allows privileged containers", "remove allow-privileged-containers");
    } else if (!/ECS_AWSVPC_BLOCK_IMDS=true/.test(text))
      report("userData does not deny tasks the instance's metadata", "set ECS_AWSVPC_BLOCK_IMDS=true");
  },
});
