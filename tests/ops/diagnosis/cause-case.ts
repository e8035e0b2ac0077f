import type { Evidence } from "../../../ops/diagnosis/evidence";
import { container, stoppedTask, TARGET_GROUP_ARN, targetGroup } from "../answers";

export interface Case {
  cause: string;
  name: string;
  given: Partial<Evidence>;
  sentence: string;
  /** A part of the advice that has to be there. */
  advice: RegExp;
}

export const stopped = (reason: string, ...containers: Parameters<typeof container>[0][]): Partial<Evidence> => ({
  failedTasks: [stoppedTask("a1", 7, reason, containers.length > 0 ? containers.map((fields) => container(fields)) : [container()])],
});
export const event = (text: string): Partial<Evidence> => ({ events: [`(service web) ${text}`] });
export const unhealthy = (Reason: string, Description: string) => [
  targetGroup({ State: "unhealthy", Reason: Reason as "Target.Timeout", Description }),
];
export const ELB_STOP = `Task failed ELB health checks in (target-group ${TARGET_GROUP_ARN})`;
export const healthStop = (log: Evidence["log"] = []): Partial<Evidence> => ({
  failedTasks: [stoppedTask("a1", 7, ELB_STOP, [container({ exitCode: 143 })], { stopCode: "ServiceSchedulerInitiated" })],
  log,
});
