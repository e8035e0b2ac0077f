import { at, crashed, deployment, service, serviceDeployment } from "../answers";
import type { Step } from "../scene";

/** Revision 7 is rolled out over revision 6, and so many of its two tasks run. */
export const updating = (running: number, fields = {}) =>
  service([
    deployment(7, { rolloutState: "IN_PROGRESS", runningCount: running, pendingCount: 2 - running, ...fields }),
    deployment(6, { status: "ACTIVE" }),
  ]);
/** The rollout of a revision, as ECS's record has it. */
export const going = (number: number, fields = {}) => serviceDeployment(number, { status: "IN_PROGRESS", ...fields });
/** Revision 7 crashed on start three times, and ECS went back to revision 6. */
export const rolledBack: Step = {
  service: service([
    deployment(6),
    deployment(7, { status: "ACTIVE", rolloutState: "FAILED", desiredCount: 0, runningCount: 0, failedTasks: 3 }),
  ]),
  serviceDeployments: [
    serviceDeployment(7, {
      status: "ROLLBACK_SUCCESSFUL",
      statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
      finishedAt: at(9),
      deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
    }),
    serviceDeployment(6),
  ],
  stopped: [crashed("cccc", 7, 1), crashed("bbbb", 7, 1), crashed("aaaa", 7, 1)],
  log: { "web/app/cccc0000000000000000000000000000": ["starting", "Error: DATABASE_URL is not set"] },
};
