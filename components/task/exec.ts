// What a shell in a task needs (ECS Exec).
import * as pulumi from "@pulumi/pulumi";
import type { ClusterLike } from "../cluster/cluster-like";
import type { TaskPart } from "./part";

/**
 * The channels of the SSM agent, which cannot be scoped, the cluster's log of sessions, which the agent writes itself, and the key that the session is
 * encrypted with, if there is one.
 */
export function execPart({ execLogGroupArn }: ClusterLike, kmsKeyArn?: pulumi.Input<string>): TaskPart {
  const statements = [
    {
      sid: "ExecSessions",
      actions: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    },
    ...(execLogGroupArn === undefined
      ? []
      : [
          { sid: "FindSessionLog", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
          {
            sid: "WriteSessionLog",
            actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${execLogGroupArn}:*`],
          },
        ]),
    ...(kmsKeyArn === undefined ? [] : [{ sid: "EncryptSession", actions: ["kms:Decrypt"], resources: [kmsKeyArn] }]),
  ];
  return { taskRights: { statements } };
}
