import { targetGroupName } from "../../facts/arns";
import { arnIn, capacityOf, crashAdvice, crashSentence, healthCommandOf, imageOf, memoryOf, nameOf, startupService } from "./cause-words";
import { type Evidence, failedContainer, reasonsOf } from "./evidence";
import { explainHealthCheck, hasFailedHealthCheck } from "./health-check";
import { anyOf, because, first, logLine, type Match, type Recognizer, serviceEvent, stopReason } from "./recognize";

/**
 * One cause of a failed rollout or task. To add one, add an entry to {@link CAUSES}: the first entry that recognizes the evidence is the one that is
 * reported, so specific causes come before general ones.
 */
export interface Cause {
  id: string;
  recognize: Recognizer;
  /**
   * Minutes of a rollout after which the cause does not go away by itself, so that a task that fails by it again and again is proof that the rollout
   * cannot succeed. A few for what AWS makes visible with a delay: roles, routes, mount targets. Left out where it may pass: capacity, quotas, Spot.
   */
  finalAfter?: number;
  /** What went wrong, in one sentence. */
  sentence(match: Match, evidence: Evidence): string;
  /** What to do, one step a line. */
  advice(match: Match, evidence: Evidence): string[];
}

const UNREACHABLE =
  /(?:CannotPullContainer|ResourceInitialization|CannotStartContainer)Error.*?(?:i\/o timeout|dial tcp|context deadline exceeded|connection refused|connection reset|connection issue|request canceled|send request failed|no such host|network is unreachable|Client\.Timeout|net\/http: TLS handshake timeout)/is;

export const CAUSES: Cause[] = [
  {
    id: "deployment-alarm",
    recognize: (evidence) => {
      const alarms = evidence.rollout?.serviceDeployment?.alarms;
      const names = alarms?.triggeredAlarmNames ?? [];
      if (names.length > 0 || alarms?.status === "TRIGGERED") return because(names.join(", "));
      return serviceEvent(/alarm (?:detected|\S+ (?:is|went) in(?:to)? ALARM)|alarms? (?:was|were) triggered|CloudWatch alarm/i)(evidence);
    },
    sentence: ({ text }) => `A deployment alarm fired while the new revision took traffic${text ? `: ${text}` : ""}.`,
    advice: ({ text }) => [
      `Look at the alarm's metric around the time of the deployment${text ? ` (CloudWatch, alarm ${text})` : ""}: the new revision made it worse, or it was in alarm before.`,
      "If the alarm was wrong, correct its threshold first; then deploy again.",
    ],
  },
  {
    id: "architecture-mismatch",
    finalAfter: 0,
    recognize: anyOf(
      stopReason(/exec format error|descriptor matching platform|no matching manifest for|image operating system .* cannot be used/i),
      logLine(/exec format error/i),
    ),
    sentence: (_, { taskDefinition }) =>
      `The image is built for another CPU architecture than the task runs on (${taskDefinition?.runtimePlatform?.cpuArchitecture ?? "X86_64"}).`,
    advice: () => [
      "Set the same `architecture` for image and service (one setting drives both), and build again.",
      "An image from elsewhere must offer that platform: `docker manifest inspect IMAGE` lists them.",
    ],
  },
  {
    id: "no-network",
    finalAfter: 5,
    recognize: stopReason(UNREACHABLE),
    sentence: ({ whole }) => `The task has no network path to ${startupService(whole).name}.`,
    advice: ({ whole }) => [
      `Give the task's subnets a route out: a NAT gateway, VPC endpoints (${startupService(whole).endpoints}), or a public subnet with a public IP.`,
      "The task's security group must allow outgoing 443, and the endpoints' security group must allow it in from the task.",
    ],
  },
  {
    id: "image-rate-limited",
    recognize: stopReason(/CannotPullContainer.*?(?:toomanyrequests|pull rate limit|429 Too Many)/is),
    sentence: () => "The registry refused the pull: too many anonymous pulls from this address.",
    advice: () => [
      "Copy the image into ECR and run it from there, or give the registry's credentials to the task (repositoryCredentials).",
    ],
  },
  {
    id: "image-not-readable",
    finalAfter: 5,
    recognize: stopReason(
      /CannotPullContainer.*?(?:403 Forbidden|access denied|denied:|unauthorized|no basic auth|not authorized|authorization failed)|ecr:(?:GetAuthorizationToken|BatchGetImage|GetDownloadUrlForLayer|BatchCheckLayerAvailability)/is,
    ),
    sentence: (_, evidence) => `The task may not pull its image ${imageOf(evidence)}.`,
    advice: () => [
      "The execution role needs ecr:GetAuthorizationToken, ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer and ecr:BatchGetImage.",
      "For a repository of another account, its repository policy must also allow this account; for a private registry, set repositoryCredentials.",
    ],
  },
  {
    id: "image-not-found",
    finalAfter: 0,
    recognize: stopReason(
      /CannotPullContainer.*?(?:not found|manifest unknown|does not exist|name unknown|no such image|invalid reference|\b404\b)/is,
    ),
    sentence: (_, evidence) => `The image ${imageOf(evidence)} does not exist.`,
    advice: () => [
      "Check repository, tag and digest, and whether a lifecycle rule of the repository removed the image.",
      "`pulumi up` builds and pushes the image of this project again.",
    ],
  },
  {
    id: "secret-not-permitted",
    finalAfter: 5,
    recognize: stopReason(
      /(?:secretsmanager:GetSecretValue|ssm:GetParameters?|kms:Decrypt)|(?:asm|ssm|secrets? manager|parameter store).*?(?:AccessDenied|not authorized)/is,
    ),
    sentence: ({ whole }) => `The execution role may not read a secret of the task${arnIn(whole)}.`,
    advice: () => [
      "Allow secretsmanager:GetSecretValue (or ssm:GetParameters) on that ARN in the execution role, and kms:Decrypt on its key if it has its own.",
    ],
  },
  {
    id: "secret-missing",
    finalAfter: 0,
    recognize: stopReason(
      /(?:asm|ssm|secrets?|parameters?).*?(?:ResourceNotFoundException|ParameterNotFound|can't find|could not be found|invalid (?:ssm )?parameters?|did not contain json key|not found|does not exist|unable to retrieve)/is,
    ),
    sentence: ({ whole }) => `A secret that the task asks for does not exist, or lacks the JSON key or version it names${arnIn(whole)}.`,
    advice: () => [
      "Create the secret (or correct its name, key or version in the service's settings) in the same region and account, then deploy again.",
    ],
  },
  {
    id: "log-group",
    finalAfter: 5,
    recognize: stopReason(
      /(?:validate logger args|initialize logging driver|logs:Create\w+|log group).*?(?:ResourceNotFound|does not exist|AccessDenied|not authorized|failed)/is,
    ),
    sentence: () => "The task cannot write its log: the log group does not exist, or the execution role may not write to it.",
    advice: () => [
      "The log group must exist before the task starts, and the execution role needs logs:CreateLogStream and logs:PutLogEvents on it.",
    ],
  },
  {
    id: "role-not-assumable",
    finalAfter: 5,
    recognize: stopReason(/unable to assume (?:the )?role\s*'?(arn:\S+?)?'?(?:\s|$)/i),
    sentence: ({ groups }) => `ECS may not assume the role ${groups[0] ?? "of the task"}.`,
    advice: () => ["Its trust policy must allow sts:AssumeRole for ecs-tasks.amazonaws.com; a new role may need a minute before it works."],
  },
  {
    id: "volume",
    finalAfter: 5,
    recognize: stopReason(/EFS utils|failed to mount|mount\.nfs|CannotCreateVolume|(?:EBS|EFS) volume/i),
    sentence: () => "A volume of the task cannot be mounted.",
    advice: () => [
      "Check the file system's mount targets in the task's subnets, their security group (port 2049 for EFS) and the access point's permissions.",
    ],
  },
  {
    id: "out-of-memory",
    finalAfter: 0,
    recognize: stopReason(/OutOfMemory|out of memory|OOM[ -]?kill/i),
    sentence: ({ task }, { taskDefinition }) =>
      `The container ${nameOf(task)} was killed: it used more memory than its limit${memoryOf(taskDefinition?.memory)}.`,
    advice: () => [
      "Raise the service's memory, or lower what the app uses (a heap limit such as --max-old-space-size must be below the task's memory).",
    ],
  },
  {
    id: "command-not-startable",
    finalAfter: 0,
    recognize: stopReason(
      /executable file not found|CannotStartContainer|failed to create (?:shim|task|container)|(?:exec|entrypoint).*?(?:no such file or directory|permission denied)/i,
    ),
    sentence: ({ task }) => `The container ${nameOf(task)} cannot start its command.`,
    advice: () => [
      "The command or entry point must exist in the image and be executable: try `docker run --rm IMAGE` with the same command.",
    ],
  },
  {
    id: "container-health-check",
    finalAfter: 0,
    recognize: stopReason(/failed container health checks/i),
    sentence: ({ task }) => `ECS killed the container ${nameOf(task)} because its own health check (HEALTHCHECK) failed.`,
    advice: (_, { taskDefinition }) => [
      `Run the check inside a running container: ${healthCommandOf(taskDefinition) ?? "the healthCheck command of the task definition"}. The tools it calls (curl, wget) must be in the image.`,
      "A slow start needs a longer startPeriod.",
    ],
  },
  {
    id: "target-group-without-listener",
    recognize: (evidence) => {
      const unused = first(evidence.targetGroups, ({ arn, targets }) =>
        targets.some((target) => target.TargetHealth?.Reason === "Target.NotInUse") ? because(targetGroupName(arn)) : undefined,
      );
      const associated =
        /target ?group \S*?(?::targetgroup\/([\w-]+)\S*)? (?:does not have an associated load balancer|is not associated with)/i;
      return unused ?? serviceEvent(associated)(evidence);
    },
    sentence: ({ text, groups }) => `No listener sends traffic to the target group ${groups[0] ?? text}.`,
    advice: () => [
      "Add a listener or a listener rule that forwards to it; the service has to be created after that rule, and the load balancer must be on in the tasks' zones.",
    ],
  },
  {
    id: "target-health-check",
    finalAfter: 0,
    recognize: (evidence) => hasFailedHealthCheck(evidence),
    sentence: (match, evidence) => explainHealthCheck(match, evidence).sentence,
    advice: (match, evidence) => explainHealthCheck(match, evidence).advice,
  },
  {
    id: "spot",
    recognize: ({ failedTasks }) => {
      const task = failedTasks.find(
        ({ stopCode, stoppedReason }) => stopCode === "SpotInterruption" || /\bspot\b/i.test(stoppedReason ?? ""),
      );
      return task && because("", task);
    },
    sentence: () => "AWS reclaimed Spot capacity and stopped tasks.",
    advice: () => ["Run a base of the tasks on FARGATE or On-Demand capacity, and only the rest on Spot."],
  },
  {
    id: "quota",
    recognize: anyOf(
      serviceEvent(/(?:reached the limit (?:on|of)|limit on the number of|service quota|LimitExceeded|quota)[^.]*/i),
      stopReason(/(?:reached the limit (?:on|of)|limit on the number of|service quota|LimitExceeded|quota)[^.|]*/i),
    ),
    sentence: ({ text }) => `A quota of the AWS account is used up: ${text}.`,
    advice: () => ["Request an increase in Service Quotas (`npx berth doctor` shows the headroom), or remove what is not needed."],
  },
  {
    id: "no-capacity",
    recognize: anyOf(
      serviceEvent(/(?:unable|not able) to (?:place|consistently place|start) a task|capacity is unavailable|RESOURCE:\w+/i),
      stopReason(/capacity is unavailable|RESOURCE:\w+|timed? ?out waiting for (?:network interface|capacity)/i),
    ),
    sentence: ({ whole }) => capacityOf(whole).sentence,
    advice: ({ whole }) => capacityOf(whole).advice,
  },
  {
    id: "lifecycle-hook",
    recognize: (evidence) => {
      const hook = evidence.rollout?.serviceDeployment?.lifecycleHookDetails?.find(
        ({ status }) => status === "FAILED" || status === "TIMED_OUT",
      );
      if (hook) return because(`${hook.hookId ?? hook.targetArn} ${hook.status === "FAILED" ? "failed" : "timed out"}`);
      return serviceEvent(/lifecycle hook\(?s?\)? (?:failed|timed out).*/is)(evidence);
    },
    sentence: ({ text }) => `A lifecycle hook stopped the deployment: ${text}.`,
    advice: () => ["Read the log of the hook's function; a PAUSE hook without an answer ends with its timeout action."],
  },
  {
    id: "networking-configuration",
    recognize: serviceEvent(/invalid networking configuration[.:]?\s*(.*)/is),
    sentence: ({ groups }) =>
      `The load balancer is not configured as the deployment strategy requires: ${groups[0]?.trim().replace(/\.$/, "")}.`,
    advice: () => ["Both target groups must belong to the production listener rule (or one to the test rule), with forward actions only."],
  },
  {
    id: "host-failed",
    recognize: ({ failedTasks }) => {
      const lost = /Host EC2|instance .*(?:terminat|impair)|hardware/i;
      const task = failedTasks.find(
        ({ stopCode, stoppedReason }) =>
          stopCode === "InfrastructureHealth" || stopCode === "TerminationNotice" || lost.test(stoppedReason ?? ""),
      );
      return task && because("", task);
    },
    sentence: () => "The host failed.",
    advice: () => ["Deploy again; with one instance only, its failure is an outage, so run at least two."],
  },
  {
    id: "crash-on-start",
    finalAfter: 0,
    recognize: ({ failedTasks }) =>
      first(failedTasks, (task) => {
        const container = failedContainer(task);
        return container?.exitCode === undefined && task.stopCode !== "EssentialContainerExited"
          ? undefined
          : because(reasonsOf(task), task);
      }),
    sentence: ({ task }, { failedTasks }) => crashSentence(task, failedTasks.length),
    advice: ({ task }) => crashAdvice(failedContainer(task)?.exitCode),
  },
  {
    id: "stopped-by-hand",
    recognize: ({ rollout }) => (rollout?.state === "stopped" ? because(rollout.reason ?? "") : undefined),
    sentence: () => "A person or another tool stopped the deployment.",
    advice: () => ["Deploy again when ready; CloudTrail (StopServiceDeployment) shows who stopped it."],
  },
  {
    id: "circuit-breaker",
    recognize: serviceEvent(/circuit breaker/i),
    sentence: () => "The circuit breaker counted too many tasks that failed to start or to stay healthy.",
    advice: () => ["ECS lists stopped tasks for about an hour, and their reasons are gone: deploy again and watch with `npx berth wait`."],
  },
  {
    id: "deadline",
    recognize: ({ gaveUpAfter }) => (gaveUpAfter === undefined ? undefined : because("")),
    sentence: (_, { gaveUpAfter }) => `The rollout did not finish within ${gaveUpAfter} minutes.`,
    advice: () => [
      "The rollout continues in ECS: `npx berth status` shows its state, `npx berth wait` follows it again, `npx berth rollback` rolls it back.",
      "A rollout that is only slow needs a longer timeout (--timeout MINUTES); with a circuit breaker, ECS ends one that cannot succeed.",
    ],
  },
];
