// What the ECS agent on an instance may do, and in which cluster alone.
import * as pulumi from "@pulumi/pulumi";
import { type Denial, pullStatements, type Statement } from "../base/iam";
import type { Location } from "../base/location";

/** The ARNs that an agent works on. */
function arns({ partition, region, accountId }: Location, clusterName: pulumi.Input<string>) {
  const arn = (rest: pulumi.Input<string>) => pulumi.interpolate`arn:${partition}:ecs:${region}:${accountId}:${rest}`;
  const inside = (kind: string) => arn(pulumi.interpolate`${kind}/${clusterName}/*`);
  return { cluster: arn(pulumi.interpolate`cluster/${clusterName}`), inside };
}

/**
 * What the agent on an instance of ours needs. Images, logs and secrets are no part of it: they come through the execution role of each task. AWS's own
 * policy for such instances (AmazonEC2ContainerServiceforEC2Role) grants all of it in every cluster, and every image and log group of the account.
 */
export function agentStatements(location: Location, clusterName: pulumi.Input<string>): Statement[] {
  const { cluster, inside } = arns(location, clusterName);
  return [
    { sid: "FindEcs", actions: ["ecs:DiscoverPollEndpoint"], resources: ["*"] },
    {
      sid: "JoinCluster",
      actions: [
        "ecs:RegisterContainerInstance",
        "ecs:DeregisterContainerInstance",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
      ],
      resources: [cluster],
    },
    {
      sid: "ServeCluster",
      actions: ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
      resources: [inside("container-instance")],
    },
    // For `/taskWithTags` of the task metadata endpoint.
    { sid: "ReadTags", actions: ["ecs:ListTagsForResource"], resources: [inside("container-instance"), inside("task")] },
  ];
}

/** Bottlerocket runs its shell for Session Manager as a container, whose image AWS keeps in an account of its own in each region. */
export const hostContainerStatements = ({ partition, region }: Location): Statement[] =>
  pullStatements([pulumi.interpolate`arn:${partition}:ecr:${region}:*:repository/bottlerocket-*`]);

/** Keeps the agent on a managed instance, whose policy AWS writes and extends, to one cluster. */
export function agentFence(location: Location, clusterName: pulumi.Input<string>): Denial {
  const { cluster, inside } = arns(location, clusterName);
  return {
    sid: "OtherClusters",
    actions: [
      "ecs:RegisterContainerInstance",
      "ecs:Poll",
      "ecs:StartTelemetrySession",
      "ecs:PutSystemLogEvents",
      "ecs:SubmitAttachmentStateChanges",
      "ecs:SubmitTaskStateChange",
    ],
    except: [cluster, inside("container-instance"), inside("task-set")],
  };
}
