// Every wording that a cause is recognized by, one a line: AWS has several for most.
import assert from "node:assert/strict";
import { startupService } from "../../../ops/diagnosis/cause-words";
import { diagnose } from "../../../ops/diagnosis/diagnose";
import { evidence, rollout, serviceDeployment, stoppedTask } from "../answers";

const causeOf = (given: Parameters<typeof evidence>[0]) => diagnose(evidence(given)).cause;
const stop = (reason: string, fields = {}) => ({ failedTasks: [stoppedTask("a", 7, reason, undefined, fields)] });

const PULL = "CannotPullContainerError: ref pull has been retried 1 time(s): ";
const STOPS: Record<string, string[]> = {
  "architecture-mismatch": [
    "exec /bin/app: exec format error",
    `${PULL}image Manifest does not contain descriptor matching platform 'linux/arm64'`,
    `${PULL}no matching manifest for linux/arm64`,
    `${PULL}image operating system "windows" cannot be used on this platform`,
  ],
  "no-network": [
    "i/o timeout",
    "dial tcp 1.2.3.4:443",
    "context deadline exceeded",
    "connection refused",
    "connection reset by peer",
    "There is a connection issue between the task and Amazon ECR",
    "request canceled",
    "send request failed",
    "no such host",
    "network is unreachable",
    "Client.Timeout exceeded while awaiting headers",
    "net/http: TLS handshake timeout",
  ].flatMap((reason) => [`${PULL}${reason}`, `ResourceInitializationError: ${reason}`, `CannotStartContainerError: ${reason}`]),
  "image-rate-limited": [
    `${PULL}toomanyrequests: slow down`,
    `${PULL}You have reached your pull rate limit`,
    `${PULL}429 Too Many Requests`,
  ],
  "image-not-readable": [
    "403 Forbidden",
    "access denied",
    "denied: requested access",
    "unauthorized: authentication required",
    "no basic auth credentials",
    "x is not authorized to perform",
    "authorization failed",
  ]
    .map((reason) => `${PULL}${reason}`)
    .concat(
      ["GetAuthorizationToken", "BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability"].map(
        (action) => `ResourceInitializationError: no permission for ecr:${action}`,
      ),
    ),
  "image-not-found": [
    "not found",
    "manifest unknown",
    "repository does not exist",
    "name unknown",
    "no such image",
    "invalid reference format",
    "404",
  ].map((reason) => `${PULL}${reason}`),
  "secret-not-permitted": [
    "no permission for secretsmanager:GetSecretValue",
    "no permission for ssm:GetParameters",
    "no permission for ssm:GetParameter",
    "no permission for kms:Decrypt",
    "unable to retrieve secret from asm: AccessDeniedException",
    "unable to retrieve secrets from ssm: x is not authorized",
    "fetching from secrets manager: AccessDenied",
    "fetching from the parameter store: AccessDenied",
  ],
  "secret-missing": [
    "unable to retrieve secret from asm: ResourceNotFoundException",
    "fetching ssm parameters: ParameterNotFound",
    "Secrets Manager can't find the specified secret",
    "the secret could not be found",
    "unable to retrieve secrets from ssm: invalid ssm parameters: /db",
    "unable to retrieve secrets from ssm: invalid parameters: /db",
    "retrieved secret from Secrets Manager did not contain json key password",
    "the secret was not found",
    "the parameter does not exist",
    "secret: unable to retrieve it",
  ],
  "log-group": [
    "failed to validate logger args: create stream has been retried 1 times: log group does not exist",
    "failed to initialize logging driver: ResourceNotFoundException",
    "x may not logs:CreateLogStream: AccessDenied",
    "the log group is missing: not authorized",
    "failed to initialize logging driver: it failed",
  ],
  "role-not-assumable": [
    "ECS was unable to assume the role 'arn:aws:iam::111122223333:role/web' that was provided",
    "unable to assume role arn:aws:iam::111122223333:role/web ",
  ],
  volume: [
    "EFS utils is not installed",
    "failed to mount it",
    "mount.nfs: timed out",
    "CannotCreateVolumeError: no",
    "the EBS volume is gone",
    "an EFS volume is gone",
  ],
  "out-of-memory": ["OutOfMemoryError: Container killed due to memory usage", "out of memory", "OOM killed", "OOM-kill", "OOMKill"],
  "command-not-startable": [
    "executable file not found in $PATH",
    "CannotStartContainerError: bad",
    "failed to create shim task",
    "failed to create task for container",
    "failed to create container",
    "exec /app: no such file or directory",
    "entrypoint.sh: permission denied",
  ],
  "container-health-check": ["Task failed container health checks"],
  "target-group-without-listener": [],
  "target-health-check": [
    "Task failed ELB health checks in (target-group x)",
    "failed load balancer health checks",
    "failed target group health checks",
  ],
  spot: ["Your Spot Task was interrupted."],
  quota: [
    "You have reached the limit on the number of tasks",
    "You have reached the limit of tasks",
    "limit on the number of tasks",
    "a service quota",
    "LimitExceededException",
    "your vCPU quota",
  ],
  "no-capacity": [
    "Capacity is unavailable at this time",
    "RESOURCE:ENI",
    "Timeout waiting for network interface provisioning",
    "timed out waiting for capacity",
  ],
  "host-failed": ["Host EC2 (instance i-1) stopped", "instance i-1 was terminated", "instance i-1 is impaired", "underlying hardware"],
};

const EVENTS: Record<string, string[]> = {
  "deployment-alarm": [
    "(service web) alarm detected during the deployment",
    "(service web) alarm web-5xx is in ALARM",
    "(service web) alarm web-5xx went into ALARM",
    "(service web) alarms were triggered",
    "(service web) an alarm was triggered",
    "(service web) rolled back because of a CloudWatch alarm",
  ],
  "no-capacity": [
    "(service web) was unable to place a task because no container instance met all of its requirements",
    "(service web) was not able to start a task",
    "(service web) is unable to consistently place a task",
    "(service web) capacity is unavailable",
    "(service web) RESOURCE:CPU",
  ],
  quota: ["(service web) reached the limit of tasks", "(service web) hit a service quota", "(service web) LimitExceededException"],
  "lifecycle-hook": [
    "(service web) lifecycle hook failed",
    "(service web) lifecycle hook(s) timed out",
    "(service web) lifecycle hooks failed",
  ],
  "networking-configuration": ["(service web) Invalid networking configuration. No rule."],
  "circuit-breaker": ["(service web) the deployment circuit breaker was triggered"],
  "target-group-without-listener": [
    "the target group arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123 does not have an associated load balancer",
    "target group web is not associated with a load balancer",
  ],
  "target-health-check": ["(service web) (task a) (port 8000) is unhealthy in (target-group x) due to (reason Request timed out)"],
};

const CODES: Record<string, string[]> = { spot: ["SpotInterruption"], "host-failed": ["InfrastructureHealth", "TerminationNotice"] };

describe("the wordings of a cause:", () => {
  for (const [cause, reasons] of Object.entries(STOPS))
    for (const reason of reasons) it(`${cause} by a stop: ${reason}`, () => assert.equal(causeOf(stop(reason)), cause));
  for (const [cause, messages] of Object.entries(EVENTS))
    for (const message of messages) it(`${cause} by an event: ${message}`, () => assert.equal(causeOf({ events: [message] }), cause));
  for (const [cause, codes] of Object.entries(CODES))
    for (const stopCode of codes) it(`${cause} by a stop code: ${stopCode}`, () => assert.equal(causeOf(stop("", { stopCode })), cause));

  it("a log line that says exec format error", () => {
    const log = [{ at: 0, text: "exec /app: exec format error" }];
    assert.equal(
      causeOf({ ...stop("Essential container in task exited", { stopCode: "EssentialContainerExited" }), log }),
      "architecture-mismatch",
    );
  });

  it("an alarm, or a hook, in the record of the deployment", () => {
    const of = (fields: Parameters<typeof serviceDeployment>[1]) =>
      causeOf({ rollout: rollout({ serviceDeployment: serviceDeployment(7, fields) }) });
    assert.equal(of({ alarms: { status: "TRIGGERED" } }), "deployment-alarm");
    assert.equal(of({ alarms: { triggeredAlarmNames: ["web-5xx"] } }), "deployment-alarm");
    assert.equal(of({ alarms: { status: "MONITORING", triggeredAlarmNames: [] } }), "unknown");
    for (const status of ["FAILED", "TIMED_OUT"] as const)
      assert.equal(of({ lifecycleHookDetails: [{ hookId: "h", status }] }), "lifecycle-hook");
    assert.equal(of({ lifecycleHookDetails: [{ hookId: "h", status: "SUCCEEDED" }] }), "unknown");
  });
});

describe("the service that a task could not reach", () => {
  const cases: [string, string, string][] = [
    ["dial tcp: registry-1.docker.io", "Docker Hub", "none exists for Docker Hub"],
    ["auth.docker.com", "Docker Hub", "none exists for Docker Hub"],
    ["https://secretsmanager.eu-west-1.amazonaws.com", "Secrets Manager", "secretsmanager"],
    ["fetching from secrets manager", "Secrets Manager", "secretsmanager"],
    ["secrets from asm", "Secrets Manager", "secretsmanager"],
    ["secrets from ssm", "the Parameter Store (SSM)", "ssm"],
    ["the parameter store", "the Parameter Store (SSM)", "ssm"],
    ["https://logs.eu-west-1.amazonaws.com", "CloudWatch Logs", "logs"],
    ["failed to validate logger args", "CloudWatch Logs", "logs"],
    ["the logging driver", "CloudWatch Logs", "logs"],
    ["create log stream", "CloudWatch Logs", "logs"],
    ["api.ecr.eu-west-1.amazonaws.com", "the image registry (ECR)", "ecr.api, ecr.dkr and s3"],
    ["the registry", "the image registry (ECR)", "ecr.api, ecr.dkr and s3"],
    ["CannotPullContainerError", "the image registry (ECR)", "ecr.api, ecr.dkr and s3"],
    ["something else", "a service that it needs to start", "ecr.api, ecr.dkr, s3, logs"],
  ];
  for (const [text, name, endpoints] of cases)
    it(`is ${name} for ${text}`, () => assert.deepEqual(startupService(text), { ...startupService(text), name, endpoints }));
});
