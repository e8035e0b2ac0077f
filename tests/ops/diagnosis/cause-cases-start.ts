import { crashed } from "../answers";
import { type Case, stopped } from "./cause-case";

/** Causes that keep a task from starting. Messages as AWS's developer guide and API reference print them. */
export const START_CASES: Case[] = [
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
    sentence: "The registry refused the pull: too many anonymous pulls from this address.",
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
];
