import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { targetGroupName } from "../../facts/arns";
import { isUnhealthy } from "../follow/targets";
import { type Evidence, type LogLine, mainContainer, reasonsOf } from "./evidence";
import { because, type Match } from "./recognize";

/** What the load balancer asks, as one phrase: `GET http://TASK:8000/healthz, expecting 200, every 10 s`. */
export function describeCheck(evidence: Evidence): string {
  const { group, containerPort } = watched(evidence);
  const port =
    group?.HealthCheckPort && group.HealthCheckPort !== "traffic-port" ? group.HealthCheckPort : (containerPort ?? group?.Port ?? "?");
  const protocol = (group?.HealthCheckProtocol ?? "HTTP").toLowerCase();
  if (protocol === "tcp") return `TCP connection to port ${port}, every ${group?.HealthCheckIntervalSeconds ?? 30} s`;
  const expected = group?.Matcher?.HttpCode ?? group?.Matcher?.GrpcCode ?? "200";
  return `GET ${protocol}://TASK:${port}${group?.HealthCheckPath ?? "/"}, expecting ${expected}, every ${group?.HealthCheckIntervalSeconds ?? 30} s`;
}

/** Recognises that the load balancer finds the new tasks unhealthy: ECS stopped them for it, or they are so right now. */
export function hasFailedHealthCheck(evidence: Evidence): Match | undefined {
  const stopped = evidence.failedTasks.find((task) => /failed (?:ELB|load balancer|target group) health checks/i.test(reasonsOf(task)));
  if (stopped) return because(answerOf(evidence) ?? reasonsOf(stopped), stopped);
  // A crashed task is unhealthy too, but its exit code explains more.
  if (evidence.failedTasks.some((task) => task.stopCode === "EssentialContainerExited")) return undefined;
  const event = evidence.events.find((message) => /is unhealthy in \(target-group/i.test(message));
  if (event) return because(answerOf(evidence) ?? event);
  if (evidence.failedTasks.length === 0) {
    const answer = answerOf(evidence);
    if (answer) return because(answer);
  }
  return undefined;
}

/** The check's answer in the load balancer's words. */
export function answerOf({ targetGroups, events }: Evidence): string | undefined {
  for (const { targets } of targetGroups) {
    const health = targets.find((target) => target.TargetHealth?.State === "unhealthy")?.TargetHealth;
    if (health) return health.Description ?? health.Reason;
  }
  const event = events.find((message) => /is unhealthy in \(target-group/i.test(message));
  return /due to \(reason (.+)\)/i.exec(event ?? "")?.[1];
}

/** The target group that matters: the one with unhealthy targets, else the first; and the container's port behind it. */
function watched({ service, targetGroups }: Evidence): { arn?: string; group?: TargetGroup; containerPort?: number } {
  const found = targetGroups.find(isUnhealthy) ?? targetGroups[0];
  const balancers = service?.loadBalancers ?? [];
  const balancer = balancers.find(({ targetGroupArn }) => targetGroupArn === found?.arn) ?? balancers[0];
  return { arn: found?.arn, group: found?.group, containerPort: balancer?.containerPort };
}

/** Names the likely mistake, from the check's answer and the app's own log. */
export function explainHealthCheck(match: Match, evidence: Evidence): { sentence: string; advice: string[] } {
  const { service, taskDefinition, log } = evidence;
  const { arn, group, containerPort } = watched(evidence);
  const path = group?.HealthCheckPath ?? "/";
  const grace = service?.healthCheckGracePeriodSeconds ?? 0;
  const listening = listeningPort(log);
  const container = mainContainer(taskDefinition, service)?.name ?? "app";
  const codes = /codes?:? \[?(\d{3}(?:[,\s]+\d{3})*)\]?/i.exec(match.text)?.[1];

  if (codes) {
    const moved = /^3/.test(codes) ? " (a redirect counts as a failure)" : "";
    const inner = /^5/.test(codes)
      ? "The request reaches the app, which fails: its log says why."
      : `Point the health check at a path that returns ${group?.Matcher?.HttpCode ?? "200"} without login or redirect.`;
    return {
      sentence: `The health check gets HTTP ${codes} for ${path} and expects ${group?.Matcher?.HttpCode ?? "200"}${moved}.`,
      advice: [inner, "Widen the matcher (for example 200-399) if that response is correct."],
    };
  }
  if (listening && containerPort && listening.port !== containerPort) {
    return {
      sentence: `The container ${container} listens on port ${listening.port}, but the load balancer asks port ${containerPort}.`,
      advice: [`Set the service's port to ${listening.port}, or make the app listen on ${containerPort} (many read the variable PORT).`],
    };
  }
  const startedAt = match.task?.startedAt?.getTime();
  const startup = listening && startedAt ? Math.round((listening.at - startedAt) / 1000) : undefined;
  if (startup !== undefined && startup > grace) {
    return {
      sentence: `The container ${container} needs ${startup} s to start listening, but has a grace period of ${grace} s.`,
      advice: [
        `Raise service.healthCheck.gracePeriod (healthCheckGracePeriodSeconds) to ${roundUp(startup * 1.5)} or more, or make the app start faster (more CPU helps most).`,
      ],
    };
  }
  // Behind a network load balancer an open port is enough.
  const isTcp = group?.HealthCheckProtocol === "TCP";
  const timedOut = /timed? ?out|Target\.Timeout/i.test(match.text);
  return {
    sentence: `The load balancer gets no response from the new tasks on port ${containerPort ?? "?"}${isTcp ? "" : path}${timedOut ? ": the requests time out" : ""} (target group ${targetGroupName(arn)}).`,
    advice: [
      `The app must listen on 0.0.0.0:${containerPort ?? "PORT"}, not on localhost or another port.`,
      timedOut
        ? `The task's security group must let the load balancer in on port ${containerPort ?? "PORT"}.`
        : `It must ${isTcp ? "accept a connection" : `answer ${path}`} within ${group?.HealthCheckTimeoutSeconds ?? 5} s.`,
      `A slow start needs a longer service.healthCheck.gracePeriod (healthCheckGracePeriodSeconds, now ${grace} s).`,
    ],
  };
}

/** What most servers print once they accept connections. */
const LISTENING = /(?:listening|listen|started|running|serving|ready|bound)\b.{0,60}?(?:port[\s:=]+|:)(\d{2,5})\b/i;

function listeningPort(log: LogLine[]): { port: number; at: number } | undefined {
  for (const line of log) {
    const port = Number(LISTENING.exec(line.text)?.[1]);
    if (port) return { port, at: line.at };
  }
  return undefined;
}

function roundUp(seconds: number): number {
  return Math.ceil(seconds / 10) * 10;
}
