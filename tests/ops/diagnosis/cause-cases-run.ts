import { at, container, crashed, rollout, serviceDeployment, stoppedTask, TARGET_GROUP_ARN, targetGroup, taskDefinition } from "../answers";
import { type Case, event, healthStop, unhealthy } from "./cause-case";

/** Causes that end a task or a rollout later, and those of the cluster around it. Messages as AWS's developer guide and API reference print them. */
export const RUN_CASES: Case[] = [
  {
    cause: "crash-on-start",
    name: "a crash",
    given: { failedTasks: [crashed("a1", 7, 1), crashed("a2", 7, 1), crashed("a3", 7, 1)] },
    sentence: "The container app crashed: exit code 1 after 3 s (3 tasks so far).",
    advice: /missing environment variable or secret/,
  },
  {
    cause: "crash-on-start",
    name: "a crash whose target is unhealthy as well",
    given: {
      failedTasks: [crashed("a1", 7, 1)],
      ...event(`(port 8000) is unhealthy in (target-group ${TARGET_GROUP_ARN}) due to (reason Request timed out)`),
    },
    sentence: "The container app crashed: exit code 1 after 3 s.",
    advice: /log lines/,
  },
  {
    cause: "crash-on-start",
    name: "a process that ends by itself",
    given: { failedTasks: [crashed("a1", 7, 0)] },
    sentence: "The container app exited with code 0 after 3 s; a service's container has to keep running.",
    advice: /one-off task/,
  },
  {
    cause: "crash-on-start",
    name: "a kill without a reason",
    given: { failedTasks: [crashed("a1", 7, 137)] },
    sentence: "The container app crashed: exit code 137 (killed, most often for memory) after 3 s.",
    advice: /memory metric/,
  },
  {
    cause: "crash-on-start",
    name: "the sidecar that brought the task down",
    given: {
      failedTasks: [
        stoppedTask(
          "a1",
          7,
          "Essential container in task exited",
          [container({ exitCode: 143 }), container({ name: "proxy", exitCode: 2 })],
          {
            stopCode: "EssentialContainerExited",
          },
        ),
      ],
    },
    sentence: "The container proxy crashed: exit code 2 after 3 s.",
    advice: /log lines/,
  },
  {
    cause: "out-of-memory",
    name: "out of memory",
    given: { failedTasks: [crashed("a1", 7, 137, "OutOfMemoryError: Container killed due to memory usage")] },
    sentence: "The container app was killed: it used more memory than its limit (the task has 512 MiB).",
    advice: /Raise the service's memory/,
  },
  {
    cause: "container-health-check",
    name: "a container killed by its own health check",
    given: {
      failedTasks: [stoppedTask("a1", 7, "Task failed container health checks", [container({ healthStatus: "UNHEALTHY", exitCode: 137 })])],
      taskDefinition: taskDefinition(7, {
        containerDefinitions: [{ name: "app", image: "web", healthCheck: { command: ["CMD-SHELL", "curl -f localhost:8000/ || exit 1"] } }],
      }),
    },
    sentence: "ECS killed the container app because its own health check (HEALTHCHECK) failed.",
    advice: /`curl -f localhost:8000\/ \|\| exit 1`/,
  },
  {
    cause: "target-health-check",
    name: "the wrong path",
    given: { ...healthStop(), targetGroups: unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]") },
    sentence: "The health check gets HTTP 404 for /healthz and expects 200.",
    advice: /a path that returns 200/,
  },
  {
    cause: "target-health-check",
    name: "a redirect, known from an event only",
    given: event(
      `(port 8000) is unhealthy in (target-group ${TARGET_GROUP_ARN}) due to (reason Health checks failed with these codes: [301])`,
    ),
    sentence: "The health check gets HTTP 301 for / and expects 200 (a redirect counts as a failure).",
    advice: /Widen the matcher/,
  },
  {
    cause: "target-health-check",
    name: "an app that reaches the app, which fails",
    given: { ...healthStop(), targetGroups: unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]") },
    sentence: "The health check gets HTTP 503 for /healthz and expects 200.",
    advice: /reaches the app, which fails/,
  },
  {
    cause: "target-health-check",
    name: "the wrong port",
    given: {
      ...healthStop([{ at: at(7.2).getTime() + 800, text: "Server listening on http://0.0.0.0:3000" }]),
      targetGroups: unhealthy("Target.FailedHealthChecks", "Health checks failed"),
    },
    sentence: "The container app listens on port 3000, but the load balancer asks port 8000.",
    advice: /Set the service's port to 3000/,
  },
  {
    cause: "target-health-check",
    name: "a start slower than the grace period",
    given: {
      ...healthStop([
        { at: at(7.2).getTime() + 95_000, text: '{"level":"info","msg":"listening","port":8000,"url":"http://0.0.0.0:8000"}' },
      ]),
      targetGroups: unhealthy("Target.FailedHealthChecks", "Health checks failed"),
    },
    sentence: "The container app needs 95 s to start listening, but has a grace period of 0 s.",
    advice: /service\.healthCheck\.gracePeriod \(healthCheckGracePeriodSeconds\) to 150 or more/,
  },
  {
    cause: "target-health-check",
    name: "requests that time out",
    given: { ...healthStop(), targetGroups: unhealthy("Target.Timeout", "Request timed out") },
    sentence: "The load balancer gets no response from the new tasks on port 8000/healthz: the requests time out (target group web-blue).",
    advice: /security group must let the load balancer in on port 8000/,
  },
  {
    cause: "target-health-check",
    name: "a target that is unhealthy while its task still runs",
    given: {
      rollout: rollout({ state: "inProgress" }),
      gaveUpAfter: 20,
      targetGroups: unhealthy("Target.FailedHealthChecks", "Health checks failed"),
    },
    sentence: "The load balancer gets no response from the new tasks on port 8000/healthz (target group web-blue).",
    advice: /0\.0\.0\.0:8000/,
  },
  {
    cause: "target-group-without-listener",
    name: "a target group without a listener, by its targets",
    given: {
      targetGroups: [
        targetGroup({
          State: "unused",
          Reason: "Target.NotInUse",
          Description: "Target group is not configured to receive traffic from the load balancer",
        }),
      ],
    },
    sentence: "No listener sends traffic to the target group web-blue.",
    advice: /listener rule/,
  },
  {
    cause: "target-group-without-listener",
    name: "a target group without a listener, by an event",
    given: event(`failed to register targets: The target group ${TARGET_GROUP_ARN} does not have an associated load balancer.`),
    sentence: "No listener sends traffic to the target group web-blue.",
    advice: /created after that rule/,
  },
  {
    cause: "no-capacity",
    name: "no memory left on the instances",
    given: event(
      "was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 1234 has insufficient memory available.",
    ),
    sentence: "No instance of the cluster has enough memory left for the task.",
    advice: /maximum size of the Auto Scaling group/,
  },
  {
    cause: "no-capacity",
    name: "no CPU left on the instances",
    given: event(
      "was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 1234 has insufficient CPU units available.",
    ),
    sentence: "No instance of the cluster has enough CPU units left for the task.",
    advice: /larger instance type/,
  },
  {
    cause: "no-capacity",
    name: "no network interface left",
    given: event("was unable to place a task. Reason: RESOURCE:ENI."),
    sentence: "The instances have no free network interface (ENI) for another task.",
    advice: /awsvpcTrunking/,
  },
  {
    cause: "no-capacity",
    name: "a cluster without instances",
    given: event(
      "was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.",
    ),
    sentence: "The cluster has no instance to run the task on.",
    advice: /ECS_CLUSTER/,
  },
  {
    cause: "no-capacity",
    name: "Fargate without capacity",
    given: event(
      "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
    ),
    sentence: "AWS has no capacity for this task at the moment.",
    advice: /more availability zones/,
  },
  {
    cause: "spot",
    name: "Spot capacity taken back",
    given: { failedTasks: [stoppedTask("a1", 7, "Your Spot Task was interrupted.", [container()], { stopCode: "SpotInterruption" })] },
    sentence: "AWS reclaimed Spot capacity and stopped tasks.",
    advice: /On-Demand/,
  },
  {
    cause: "host-failed",
    name: "an instance that was terminated",
    given: {
      failedTasks: [
        stoppedTask("a1", 7, "Host EC2 (instance i-0123456789abcdef0) terminated.", [container()], { stopCode: "TerminationNotice" }),
      ],
    },
    sentence: "The host failed.",
    advice: /at least two/,
  },
  {
    cause: "quota",
    name: "the vCPU quota",
    given: event("was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently."),
    sentence: "A quota of the AWS account is used up: reached the limit on the number of vCPUs you can run concurrently.",
    advice: /Service Quotas/,
  },
  {
    cause: "deployment-alarm",
    name: "a deployment alarm",
    given: {
      rollout: rollout({
        serviceDeployment: serviceDeployment(7, {
          alarms: { status: "TRIGGERED", alarmNames: ["web-5xx"], triggeredAlarmNames: ["web-5xx"] },
        }),
      }),
      failedTasks: [crashed("a1", 7, 1)],
    },
    sentence: "A deployment alarm fired while the new revision took traffic: web-5xx.",
    advice: /alarm web-5xx/,
  },
  {
    cause: "lifecycle-hook",
    name: "a failed lifecycle hook",
    given: {
      rollout: rollout({
        reason:
          "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-east-1:111122223333:function:check returned FAILED status.",
      }),
    },
    sentence:
      "A lifecycle hook stopped the deployment: lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-east-1:111122223333:function:check returned FAILED status.",
    advice: /log of the hook/,
  },
  {
    cause: "lifecycle-hook",
    name: "a pause without an answer",
    given: {
      rollout: rollout({
        serviceDeployment: serviceDeployment(7, {
          lifecycleHookDetails: [{ hookId: "approve", targetType: "PAUSE", status: "TIMED_OUT" }],
        }),
      }),
    },
    sentence: "A lifecycle hook stopped the deployment: approve timed out.",
    advice: /timeout/,
  },
  {
    cause: "networking-configuration",
    name: "blue/green without its listener rules",
    given: {
      rollout: rollout({
        reason:
          "Service deployment rolled back because of invalid networking configuration. Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.",
      }),
    },
    sentence:
      "The load balancer is not configured as the deployment strategy requires: Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.",
    advice: /production listener rule/,
  },
  {
    cause: "stopped-by-hand",
    name: "a deployment that a person stopped",
    given: { rollout: rollout({ state: "stopped", reason: "Service deployment stopped by user request." }) },
    sentence: "A person or another tool stopped the deployment.",
    advice: /CloudTrail/,
  },
  {
    cause: "circuit-breaker",
    name: "a circuit breaker whose tasks are no longer listed",
    given: { rollout: rollout({ reason: "Service deployment rolled back because the circuit breaker threshold was exceeded." }) },
    sentence: "The circuit breaker counted too many tasks that failed to start or to stay healthy.",
    advice: /for about an hour/,
  },
  {
    cause: "deadline",
    name: "a wait that was given up",
    given: { rollout: rollout({ state: "inProgress" }), gaveUpAfter: 20 },
    sentence: "The rollout did not finish within 20 minutes.",
    advice: /--timeout MINUTES/,
  },
];
