import type { Service, ServiceDeployment, Task } from "@aws-sdk/client-ecs";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import { service as aService, deployment, REVISIONS, TARGET_GROUP_ARN, targetGroup, taskDefinition } from "./answers";
import { Failure, type Input, type Script } from "./scripted-aws";

/** What AWS holds at one poll. */
export interface Step {
  service?: Service;
  serviceDeployments?: ServiceDeployment[];
  running?: Task[];
  stopped?: Task[];
  targets?: TargetHealthDescription[];
  /** Log lines by stream. */
  log?: Record<string, string[]>;
}

/** A script in which each DescribeServices moves on to the next step, and everything else answers from the step that is current. */
export function scene(steps: Step[], more: Script = {}): Script {
  let index = -1;
  const now = () => steps[Math.max(0, index)]!;
  const tasks = () => [...(now().running ?? []), ...(now().stopped ?? [])];
  return {
    DescribeServices: () => {
      index = Math.min(index + 1, steps.length - 1);
      const { service } = now();
      return service ? { services: [service], failures: [] } : { services: [], failures: [{ arn: "web", reason: "MISSING" }] };
    },
    ListServices: { serviceArns: [aService([deployment(6)]).serviceArn!, "arn:aws:ecs:us-east-1:111122223333:service/apps/worker"] },
    ListServiceDeployments: () => ({
      serviceDeployments: (now().serviceDeployments ?? []).map(({ serviceDeploymentArn }) => ({ serviceDeploymentArn })),
    }),
    DescribeServiceDeployments: () => ({ serviceDeployments: now().serviceDeployments ?? [] }),
    DescribeServiceRevisions: ({ serviceRevisionArns }: Input) => ({
      serviceRevisions: (serviceRevisionArns as string[]).map((serviceRevisionArn) => ({
        serviceRevisionArn,
        taskDefinition: REVISIONS[serviceRevisionArn],
      })),
    }),
    ListTasks: ({ desiredStatus }: Input) => ({
      taskArns: ((desiredStatus === "STOPPED" ? now().stopped : now().running) ?? []).map(({ taskArn }) => taskArn),
    }),
    DescribeTasks: ({ tasks: wanted }: Input) => ({ tasks: tasks().filter(({ taskArn }) => (wanted as string[]).includes(taskArn!)) }),
    DescribeTaskDefinition: ({ taskDefinition: name }: Input) => {
      const number = Number(String(name).split(":").pop());
      if (!(number >= 5 && number <= 8)) return new Failure("ClientException", "Unable to describe task definition.");
      return { taskDefinition: taskDefinition(number) };
    },
    DescribeTargetGroups: { TargetGroups: [targetGroup({}).group] },
    DescribeTargetHealth: () => ({ TargetHealthDescriptions: now().targets ?? [] }),
    GetLogEvents: ({ logStreamName }: Input) => {
      const lines = now().log?.[String(logStreamName)];
      if (!lines) return new Failure("ResourceNotFoundException", "The specified log stream does not exist.");
      return { events: lines.map((message, i) => ({ timestamp: 1000 + i, message })), nextForwardToken: "f/1", nextBackwardToken: "b/1" };
    },
    ...more,
  };
}

/** A service behind a load balancer, as {@link targetGroup} has it. */
export const behindBalancer = { loadBalancers: [{ targetGroupArn: TARGET_GROUP_ARN, containerName: "app", containerPort: 8000 }] };

/** The task with a private address, as an awsvpc task has. */
export function withAddress(task: Task, address: string): Task {
  return {
    ...task,
    attachments: [{ type: "ElasticNetworkInterface", status: "ATTACHED", details: [{ name: "privateIPv4Address", value: address }] }],
  };
}
