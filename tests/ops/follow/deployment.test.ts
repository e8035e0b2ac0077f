import assert from "node:assert/strict";
import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import fc from "fast-check";
import {
  assess,
  type DeploymentHistory,
  describeStage,
  failedRevisions,
  headline,
  previousGood,
  timeoutMinutes,
} from "../../../ops/follow/deployment";
import { at, deployment, REVISIONS, revision, rollout, service, serviceDeployment, serviceRevision } from "../answers";

function history(fields: Partial<DeploymentHistory>): DeploymentHistory {
  return { service: service([deployment(7)]), serviceDeployments: [], revisions: REVISIONS, ...fields };
}

const BREAKER = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
const failed7 = (fields = {}) =>
  deployment(7, { status: "ACTIVE", rolloutState: "FAILED", desiredCount: 0, runningCount: 0, failedTasks: 3, ...fields });

describe("the state of a rollout, by service deployments", () => {
  const cases: [string, Partial<DeploymentHistory>, string][] = [
    ["success", { serviceDeployments: [serviceDeployment(7)] }, "serving"],
    ["pending", { serviceDeployments: [serviceDeployment(7, { status: "PENDING" })] }, "inProgress"],
    ["in progress", { serviceDeployments: [serviceDeployment(7, { status: "IN_PROGRESS" }), serviceDeployment(6)] }, "inProgress"],
    ["rolling back", { serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_IN_PROGRESS" })] }, "rollingBack"],
    ["a rollback that was asked for", { serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_REQUESTED" })] }, "rollingBack"],
    [
      "rolled back",
      {
        service: service([deployment(6), failed7()]),
        serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL" }), serviceDeployment(6)],
      },
      "rolledBack",
    ],
    ["a first deployment that failed", { serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_FAILED" })] }, "rollbackFailed"],
    [
      "given up without a rollback",
      {
        serviceDeployments: [
          serviceDeployment(7, { status: "STOPPED", deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 } }),
        ],
      },
      "failed",
    ],
    [
      "given up for an alarm",
      { serviceDeployments: [serviceDeployment(7, { status: "STOPPED", alarms: { status: "TRIGGERED" } })] },
      "failed",
    ],
    ["stopped by hand", { serviceDeployments: [serviceDeployment(7, { status: "STOPPED" })] }, "stopped"],
    [
      "superseded while it ran",
      {
        service: service([deployment(8)]),
        serviceDeployments: [serviceDeployment(8, { status: "IN_PROGRESS" }), serviceDeployment(7, { status: "STOPPED" })],
      },
      "superseded",
    ],
    [
      "superseded after its success",
      { service: service([deployment(8)]), serviceDeployments: [serviceDeployment(7), serviceDeployment(8)] },
      "superseded",
    ],
    [
      "still the one that serves, because what came later was rolled back",
      {
        service: service([deployment(7)]),
        serviceDeployments: [serviceDeployment(7), serviceDeployment(8, { status: "ROLLBACK_SUCCESSFUL" })],
      },
      "serving",
    ],
    [
      "a retry of a revision that was rolled back before",
      {
        service: service([
          deployment(7, { createdAt: at(30), rolloutState: "IN_PROGRESS", runningCount: 0 }),
          deployment(6, { status: "ACTIVE" }),
        ]),
        serviceDeployments: [serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL" }), serviceDeployment(6)],
      },
      "inProgress",
    ],
  ];
  for (const [name, fields, state] of cases) {
    it(name, () => assert.equal(assess(history(fields), revision(7)).state, state));
  }

  it("takes the newest of several attempts", () => {
    const attempts = [
      serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL" }),
      serviceDeployment(7, { createdAt: at(20), status: "IN_PROGRESS" }),
    ];
    assert.equal(assess(history({ serviceDeployments: attempts }), revision(7)).state, "inProgress");
  });

  it("carries AWS's reason, the time and the counts of tasks", () => {
    const known = serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL", statusReason: BREAKER, finishedAt: at(9) });
    const found = assess(history({ service: service([deployment(6)]), serviceDeployments: [known] }), revision(7));
    assert.equal(found.reason, BREAKER);
    assert.deepEqual(found.finishedAt, at(9));
    assert.equal(found.current, revision(6));
    assert.deepEqual(found.counts, { desired: 2, running: 2, pending: 0, failed: 0 });
  });
});

describe("the state of a rollout, by the service's own deployments", () => {
  const cases: [string, Parameters<typeof service>[0], string][] = [
    ["complete", [deployment(7)], "serving"],
    ["complete, but nothing runs yet", [deployment(7, { runningCount: 0 })], "inProgress"],
    ["complete with no task requested", [deployment(7, { desiredCount: 0, runningCount: 0 })], "serving"],
    ["in progress", [deployment(7, { rolloutState: "IN_PROGRESS", runningCount: 1 }), deployment(6, { status: "ACTIVE" })], "inProgress"],
    ["failed, and nothing to go back to", [failed7({ status: "PRIMARY" })], "failed"],
    ["failed, on the way back", [failed7(), deployment(6, { rolloutState: "IN_PROGRESS" })], "rollingBack"],
    ["failed, and listed before the one that serves", [failed7(), deployment(6)], "rolledBack"],
    ["failed, and listed after it", [deployment(6), failed7()], "rolledBack"],
    ["superseded", [deployment(8, { rolloutState: "IN_PROGRESS" }), deployment(7, { status: "ACTIVE" })], "superseded"],
    ["never deployed", [deployment(6)], "unseen"],
  ];
  for (const [name, deployments, state] of cases) {
    it(name, () => assert.equal(assess(history({ service: service(deployments) }), revision(7)).state, state));
  }

  it("does not depend on the order of anything", () => {
    const deployments = [failed7(), deployment(6), deployment(5, { status: "INACTIVE" })];
    const known = [serviceDeployment(5), serviceDeployment(6), serviceDeployment(7, { status: "ROLLBACK_SUCCESSFUL" })];
    const expected = assess(history({ service: service(deployments), serviceDeployments: known }), revision(7));
    expected.otherDeploymentIds.sort();
    fc.assert(
      fc.property(fc.shuffledSubarray(deployments, { minLength: 3 }), fc.shuffledSubarray(known, { minLength: 3 }), (some, others) => {
        const taken = assess(history({ service: service(some), serviceDeployments: others }), revision(7));
        assert.deepEqual({ ...taken, otherDeploymentIds: taken.otherDeploymentIds.sort() }, expected);
      }),
    );
  });
});

describe("the revision to go back to", () => {
  it("is the newest success that is not the current one", () => {
    const known = [
      serviceDeployment(5),
      serviceDeployment(7),
      serviceDeployment(6, { status: "ROLLBACK_SUCCESSFUL" }),
      serviceDeployment(8),
    ];
    assert.equal(previousGood(history({ serviceDeployments: known }), revision(8)), revision(7));
    assert.equal(previousGood(history({ serviceDeployments: known }), revision(7)), revision(8));
  });

  it("falls back on the service's completed deployments, and on nothing", () => {
    assert.equal(
      previousGood(history({ service: service([deployment(7), deployment(6, { status: "ACTIVE" })]) }), revision(7)),
      revision(6),
    );
    assert.equal(previousGood(history({}), revision(7)), undefined);
  });

  it("knows what failed", () => {
    const known = [
      serviceDeployment(5, { status: "ROLLBACK_SUCCESSFUL" }),
      serviceDeployment(6),
      serviceDeployment(8, { status: "ROLLBACK_FAILED" }),
    ];
    assert.deepEqual(
      failedRevisions(history({ service: service([deployment(6), failed7()]), serviceDeployments: known })),
      new Set([revision(5), revision(7), revision(8)]),
    );
  });
});

describe("how long a rollout may take", () => {
  const cases: [string, DeploymentConfiguration | undefined, number][] = [
    ["nothing known", undefined, 20],
    ["rolling, whatever the bake time says", { strategy: "ROLLING", bakeTimeInMinutes: 60 }, 20],
    ["blue/green with AWS's bake time", { strategy: "BLUE_GREEN" }, 35],
    ["blue/green", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 }, 25],
    ["canary", { strategy: "CANARY", bakeTimeInMinutes: 5, canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 7 } }, 32],
    ["canary with AWS's times", { strategy: "CANARY" }, 45],
    ["linear", { strategy: "LINEAR", bakeTimeInMinutes: 0, linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 2 } }, 26],
    [
      "a pause",
      {
        strategy: "BLUE_GREEN",
        bakeTimeInMinutes: 0,
        lifecycleHooks: [
          {
            targetType: "PAUSE",
            lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
            timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" },
          },
          { targetType: "AWS_LAMBDA", lifecycleStages: ["PRE_SCALE_UP"] },
        ],
      },
      80,
    ],
  ];
  for (const [name, configuration, minutes] of cases) {
    it(name, () => assert.equal(timeoutMinutes(configuration), minutes));
  }
});

describe("what a strategy is doing", () => {
  it("says nothing for a rolling update", () =>
    assert.equal(describeStage(rollout({ serviceDeployment: serviceDeployment(7) })), undefined));

  it("names stage, traffic share and a hook that waits", () => {
    const known = serviceDeployment(7, {
      lifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
      deploymentConfiguration: { strategy: "BLUE_GREEN" },
      targetServiceRevision: { arn: serviceRevision(7), requestedProductionTrafficWeight: 0 },
      lifecycleHookDetails: [{ hookId: "approve", status: "AWAITING_ACTION", expiresAt: at(60), timeoutAction: "ROLLBACK" }],
    });
    assert.equal(
      describeStage(rollout({ serviceDeployment: known })),
      "blue/green: test traffic is on the new tasks, 0 % of production traffic, hook approve waits for CONTINUE or ROLLBACK, ROLLBACK at 2026-11-26T13:00:00.000Z",
    );
  });
});

describe("the outcome in a sentence", () => {
  const cases: [Parameters<typeof rollout>[0], string][] = [
    [{ state: "serving", counts: { desired: 2, running: 2, pending: 0, failed: 0 } }, "web:7 serves: 2 of 2 tasks run."],
    [{ state: "rolledBack" }, "web:7 did not go live: ECS rolled the service back to web:6."],
    [{ state: "rollbackFailed", current: revision(7) }, "web:7 did not go live, and there is no earlier revision to go back to."],
    [{ state: "rollbackFailed" }, "web:7 did not go live, and the rollback failed; the service is now on web:6."],
    [{ state: "superseded", current: revision(8) }, "web:7 is not the revision that serves: web:8 was deployed after it."],
    [{ state: "unseen" }, "web:7 has no deployment on this service in ECS's records; the service runs web:6."],
    [{ state: "stopped" }, "The deployment of web:7 was stopped before its end; the service is now on web:6."],
  ];
  for (const [fields, sentence] of cases) {
    it(fields!.state!, () => assert.equal(headline(rollout(fields)), sentence));
  }
});
