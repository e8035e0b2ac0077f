import assert from "node:assert/strict";
import { CAUSES } from "../../ops/causes";
import { diagnose } from "../../ops/diagnose";
import type { Evidence } from "../../ops/evidence";
import {
  at,
  container,
  crashed,
  evidence,
  rollout,
  serviceDeployment,
  stoppedTask,
  TARGET_GROUP_ARN,
  targetGroup,
  taskDefinition,
} from "./answers";

interface Case {
  cause: string;
  name: string;
  given: Partial<Evidence>;
  sentence: string;
  /** A part of the advice that has to be there. */
  advice: RegExp;
}

const stopped = (reason: string, ...containers: Parameters<typeof container>[0][]): Partial<Evidence> => ({
  failedTasks: [stoppedTask("a1", 7, reason, containers.length > 0 ? containers.map((fields) => container(fields)) : [container()])],
});
const event = (text: string): Partial<Evidence> => ({ events: [`(service web) ${text}`] });
const unhealthy = (Reason: string, Description: string) => [
  targetGroup({ State: "unhealthy", Reason: Reason as "Target.Timeout", Description }),
];
const ELB_STOP = `Task failed ELB health checks in (target-group ${TARGET_GROUP_ARN})`;
const healthStop = (log: Evidence["log"] = []): Partial<Evidence> => ({
  failedTasks: [stoppedTask("a1", 7, ELB_STOP, [container({ exitCode: 143 })], { stopCode: "ServiceSchedulerInitiated" })],
  log,
});

/** Messages as AWS's developer guide and API reference print them. */
const CASES: Case[] = [
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
    sentence: "The container app ended by itself with exit code 0 after 3 s; a service's container has to keep running.",
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
    cause: "image-not-found",
    name: "an image that does not exist",
    given: stopped("Task failed to start", {
      reason:
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:gone: 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:gone: not found",
    }),
    sentence: "The image 111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:abc does not exist.",
    advice: /lifecycle rule/,
  },
  {
    cause: "image-not-found",
    name: "a missing image on an EC2 instance",
    given: stopped(
      "CannotPullContainerError: Error response from daemon: manifest for web:gone not found: manifest unknown: Requested image not found",
    ),
    sentence: "The image 111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:abc does not exist.",
    advice: /tag and digest/,
  },
  {
    cause: "image-not-readable",
    name: "an image that may not be read",
    given: stopped(
      "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 444455556666.dkr.ecr.us-east-1.amazonaws.com/web:1: pulling from host failed with status code [manifests 1]: 403 Forbidden",
    ),
    sentence: "The task may not pull its image 111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:abc.",
    advice: /ecr:BatchGetImage/,
  },
  {
    cause: "image-not-readable",
    name: "an execution role without ECR permissions",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec is not authorized to perform: ecr:GetAuthorizationToken on resource: *",
    ),
    sentence: "The task may not pull its image 111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:abc.",
    advice: /ecr:GetAuthorizationToken/,
  },
  {
    cause: "image-rate-limited",
    name: "Docker Hub's rate limit",
    given: stopped(
      "CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:1: 429 Too Many Requests - toomanyrequests",
    ),
    sentence: "The registry refused to serve the image: too many anonymous pulls from this address.",
    advice: /Copy the image into ECR/,
  },
  {
    cause: "no-network",
    name: "no path to ECR",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post https://api.ecr.us-east-1.amazonaws.com/: dial tcp 52.46.1.1:443: i/o timeout",
    ),
    sentence: "The task has no network path to the image registry (ECR).",
    advice: /VPC endpoints \(ecr\.api, ecr\.dkr and s3\)/,
  },
  {
    cause: "no-network",
    name: "no path to the image layers",
    given: stopped(
      "CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/: dial tcp 52.216.1.1:443: i/o timeout",
    ),
    sentence: "The task has no network path to the image registry (ECR).",
    advice: /s3/,
  },
  {
    cause: "no-network",
    name: "no path to Secrets Manager",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:db from secrets manager: RequestCanceled: request context canceled caused by: context deadline exceeded",
    ),
    sentence: "The task has no network path to Secrets Manager.",
    advice: /VPC endpoints \(secretsmanager\)/,
  },
  {
    cause: "no-network",
    name: "no path to the Parameter Store",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. There is a connection issue between the task and AWS Systems Manager Parameter Store. Check your task network configuration.",
    ),
    sentence: "The task has no network path to the Parameter Store (SSM).",
    advice: /VPC endpoints \(ssm\)/,
  },
  {
    cause: "no-network",
    name: "no path to the logs",
    given: stopped(
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: RequestError: send request failed caused by: Post https://logs.us-east-1.amazonaws.com/: dial tcp 3.236.94.1:443: i/o timeout : exit status 1",
    ),
    sentence: "The task has no network path to CloudWatch Logs.",
    advice: /VPC endpoints \(logs\)/,
  },
  {
    cause: "secret-missing",
    name: "a secret that does not exist",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:db from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ),
    sentence:
      "A secret that the task asks for does not exist, or lacks the JSON key or version it names: arn:aws:secretsmanager:us-east-1:111122223333:secret:db.",
    advice: /Create the secret/,
  },
  {
    cause: "secret-missing",
    name: "a parameter that does not exist",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /web/token",
    ),
    sentence: "A secret that the task asks for does not exist, or lacks the JSON key or version it names.",
    advice: /same region and account/,
  },
  {
    cause: "secret-missing",
    name: "a secret without the key",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key password",
    ),
    sentence: "A secret that the task asks for does not exist, or lacks the JSON key or version it names.",
    advice: /key or version/,
  },
  {
    cause: "secret-not-permitted",
    name: "a secret that may not be read",
    given: stopped(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:db from secrets manager: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec is not authorized to perform: secretsmanager:GetSecretValue",
    ),
    sentence: "The execution role may not read a secret of the task: arn:aws:secretsmanager:us-east-1:111122223333:secret:db.",
    advice: /kms:Decrypt/,
  },
  {
    cause: "log-group",
    name: "a log group that does not exist",
    given: stopped(
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1",
    ),
    sentence: "The task cannot write its log: the log group does not exist, or the execution role may not write to it.",
    advice: /logs:CreateLogStream/,
  },
  {
    cause: "role-not-assumable",
    name: "a role without trust",
    given: stopped(
      "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/exec' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions.",
    ),
    sentence: "ECS may not assume the role arn:aws:iam::111122223333:role/exec.",
    advice: /ecs-tasks\.amazonaws\.com/,
  },
  {
    cause: "volume",
    name: "a file system that cannot be mounted",
    given: stopped(
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out'",
    ),
    sentence: "A volume of the task cannot be mounted.",
    advice: /2049/,
  },
  {
    cause: "architecture-mismatch",
    name: "exec format error in the log",
    given: { failedTasks: [crashed("a1", 7, 1)], log: [{ at: 0, text: "exec /usr/local/bin/node: exec format error" }] },
    sentence: "The image is built for another CPU architecture than the task runs on (ARM64).",
    advice: /architecture/,
  },
  {
    cause: "architecture-mismatch",
    name: "an image without the platform",
    given: stopped(
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/arm64'",
    ),
    sentence: "The image is built for another CPU architecture than the task runs on (ARM64).",
    advice: /docker manifest inspect/,
  },
  {
    cause: "command-not-startable",
    name: "a command that is not in the image",
    given: stopped("Task failed to start", {
      reason:
        'CannotStartContainerError: failed to create task for container: runc create failed: exec: "nodee": executable file not found in $PATH',
    }),
    sentence: "The container app cannot start its command.",
    advice: /docker run --rm IMAGE/,
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
    advice: /a path that answers 200/,
  },
  {
    cause: "target-health-check",
    name: "a redirect, told by an event alone",
    given: event(
      `(port 8000) is unhealthy in (target-group ${TARGET_GROUP_ARN}) due to (reason Health checks failed with these codes: [301])`,
    ),
    sentence: "The health check gets HTTP 301 for / and expects 200 (a redirect counts as a failure).",
    advice: /matcher may be widened/,
  },
  {
    cause: "target-health-check",
    name: "an app that fails itself",
    given: { ...healthStop(), targetGroups: unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]") },
    sentence: "The health check gets HTTP 503 for /healthz and expects 200.",
    advice: /fails itself/,
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
    sentence: "The container app needs 95 s until it listens, but has a grace period of 0 s.",
    advice: /healthCheckGracePeriodSeconds to 150 or more/,
  },
  {
    cause: "target-health-check",
    name: "requests that time out",
    given: { ...healthStop(), targetGroups: unhealthy("Target.Timeout", "Request timed out") },
    sentence: "The load balancer gets no answer from the new tasks on port 8000/healthz: the requests time out (target group web-blue).",
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
    sentence: "The load balancer gets no answer from the new tasks on port 8000/healthz (target group web-blue).",
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
    advice: /Auto Scaling group grow/,
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
    sentence: "AWS took Spot capacity back, so tasks were stopped.",
    advice: /On-Demand/,
  },
  {
    cause: "host-lost",
    name: "an instance that was terminated",
    given: {
      failedTasks: [
        stoppedTask("a1", 7, "Host EC2 (instance i-0123456789abcdef0) terminated.", [container()], { stopCode: "TerminationNotice" }),
      ],
    },
    sentence: "The machine under the tasks was lost.",
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
    sentence: "A deployment alarm went off while the new revision took traffic: web-5xx.",
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
    name: "a pause that nobody answered",
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
      "The load balancer is not wired as the deployment strategy needs it: Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.",
    advice: /production listener rule/,
  },
  {
    cause: "stopped-by-hand",
    name: "a deployment that somebody stopped",
    given: { rollout: rollout({ state: "stopped", reason: "Service deployment stopped by user request." }) },
    sentence: "Somebody, or another tool, stopped the deployment.",
    advice: /CloudTrail/,
  },
  {
    cause: "circuit-breaker",
    name: "a circuit breaker whose tasks are forgotten",
    given: { rollout: rollout({ reason: "Service deployment rolled back because the circuit breaker threshold was exceeded." }) },
    sentence: "The circuit breaker counted too many tasks that failed to start or to stay healthy.",
    advice: /after about an hour/,
  },
  {
    cause: "deadline",
    name: "a wait that was given up",
    given: { rollout: rollout({ state: "inProgress" }), gaveUpAfter: 20 },
    sentence: "The rollout did not come to an end within 20 minutes.",
    advice: /--timeout MINUTES/,
  },
];

describe("causes of a failed rollout", () => {
  for (const { cause, name, given, sentence, advice } of CASES) {
    it(`names ${name}`, () => {
      const diagnosis = diagnose(evidence(given));
      assert.equal(diagnosis.cause, cause);
      assert.equal(diagnosis.sentence, sentence);
      assert.match(diagnosis.advice.join("\n"), advice);
    });
  }

  it("has a case for every entry of the table, and no two entries of one name", () => {
    const ids = CAUSES.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
    assert.deepEqual(
      ids.filter((id) => !CASES.some(({ cause }) => cause === id)),
      [],
    );
  });

  it("says so when there is no trace of a cause", () => {
    const diagnosis = diagnose(evidence());
    assert.equal(diagnosis.cause, "unknown");
    assert.match(diagnosis.sentence, /left no trace/);
  });

  it("carries the evidence: stopped reason, exit code, log, the failing check and its answer", () => {
    const diagnosis = diagnose(
      evidence({
        ...healthStop([{ at: 0, text: "starting" }]),
        targetGroups: unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"),
      }),
    );
    assert.equal(diagnosis.stoppedReason, ELB_STOP);
    assert.deepEqual(diagnosis.containers, [{ name: "app", exitCode: 143, reason: undefined }]);
    assert.deepEqual(diagnosis.log, { container: "app", lines: ["starting"] });
    assert.deepEqual(diagnosis.healthCheck, {
      check: "GET http://TASK:8000/healthz, expecting 200, every 10 s",
      answer: "Health checks failed with these codes: [404]",
    });
  });
});
