import assert from "node:assert/strict";
import type { ServiceDeployment, Task } from "@aws-sdk/client-ecs";
import { assess } from "../../../ops/follow/deployment";
import type { Observation } from "../../../ops/follow/observe";
import { Prospects } from "../../../ops/follow/prospects";
import { targetsOf } from "../../../ops/follow/targets";
import { at, container, crashed, REVISIONS, revision, stoppedTask, TARGET_GROUP_ARN, task } from "../answers";
import { behindBalancer, withAddress } from "../scene";
import { going, updating } from "./rollouts";

type Scene = { stopped?: Task[]; running?: Task[]; deployment?: Partial<ServiceDeployment>; targets?: Observation["targetGroups"] };

function observation({ stopped = [], running = [], deployment = {}, targets = [] }: Scene): Observation {
  const service = { ...updating(0), ...behindBalancer };
  return { service, serviceDeployments: [going(7, deployment)], revisions: REVISIONS, running, stopped, targetGroups: targets };
}

/** Whether the rollout of revision 7 counts as lost at each of the polls, which are so many seconds apart. */
function lost(scenes: Scene[], seconds = 5): boolean[] {
  const prospects = new Prospects();
  return scenes.map((scene, i) => {
    const seen = observation(scene);
    const rollout = assess(seen, revision(7));
    return prospects.isLost(seen, rollout, targetsOf(seen, rollout), i * seconds);
  });
}

const twice = (scene: Scene) => lost([scene, scene]);
const unwatched = { deploymentCircuitBreaker: { status: "DISABLED" as const } };
const crashes = [crashed("cccc", 7, 1), crashed("bbbb", 7, 1), crashed("aaaa", 7, 1)];
const later = (minutes: number, tasks: Task[]) => tasks.map((each) => ({ ...each, stoppedAt: at(7 + minutes) }));
const pulls = (reason: string) => ["a", "b", "c"].map((id) => stoppedTask(id, 7, `CannotPullContainerError: ${reason}`));

describe("a rollout that cannot succeed", () => {
  it("is one whose last three tasks crashed the same way, at the second poll that sees it", () => {
    assert.deepEqual(twice({ stopped: crashes, deployment: unwatched }), [false, true]);
  });

  it("is seen whatever the strategy", () => {
    for (const strategy of ["ROLLING", "BLUE_GREEN", "CANARY", "LINEAR"] as const)
      assert.deepEqual(twice({ stopped: crashes, deployment: { ...unwatched, deploymentConfiguration: { strategy } } }), [false, true]);
  });

  it("is seen only while it goes on", () => {
    const over = { ...unwatched, status: "ROLLBACK_IN_PROGRESS" as const };
    assert.deepEqual(twice({ stopped: crashes, deployment: over }), [false, false]);
  });

  it("starts over when a poll does not see it", () => {
    const failing = { stopped: crashes, deployment: unwatched };
    assert.deepEqual(lost([failing, { deployment: unwatched }, failing, failing]), [false, false, false, true]);
  });

  const cases: [string, Scene, boolean][] = [
    ["two crashes", { stopped: crashes.slice(1) }, false],
    ["another exit code among the last three", { stopped: [crashes[0]!, crashed("bbbb", 7, 2), crashes[2]!] }, false],
    ["another exit code before the last three", { stopped: [...crashes, crashed("0000", 7, 2)] }, true],
    [
      "another container",
      { stopped: [crashes[0]!, crashes[1]!, { ...crashes[2]!, containers: [container({ name: "b", exitCode: 1 })] }] },
      false,
    ],
    ["tasks of an earlier attempt", { stopped: [crashes[0]!, crashes[1]!, { ...crashes[2]!, createdAt: at(1) }] }, false],
    ["tasks of the old revision", { stopped: [crashed("cccc", 6, 1), crashed("bbbb", 6, 1), crashed("aaaa", 6, 1)] }, false],
    ["an image that does not exist", { stopped: pulls("web:gone: not found") }, true],
    ["no capacity", { stopped: ["a", "b", "c"].map((id) => stoppedTask(id, 7, "Capacity is unavailable at this time.")) }, false],
    ["a registry that refuses too many pulls", { stopped: later(60, pulls("toomanyrequests")) }, false],
    ["a permission that may be on its way", { stopped: later(1, pulls("403 Forbidden")) }, false],
    ["a permission that is missing after minutes", { stopped: later(6, pulls("403 Forbidden")) }, true],
    ["a task that its health check found healthy", { stopped: crashes, running: [task("dddd", 7, { healthStatus: "HEALTHY" })] }, false],
    ["a healthy task of the old revision", { stopped: crashes, running: [task("dddd", 6, { healthStatus: "HEALTHY" })] }, true],
    ["a task that lives on", { stopped: later(1, crashes), running: [task("dddd", 7)] }, false],
    ["a task that has only just started", { stopped: later(1, crashes), running: [task("dddd", 7, { startedAt: at(8) })] }, true],
    ["a task that is not up yet", { stopped: later(1, crashes), running: [task("dddd", 7, { lastStatus: "PENDING" })] }, true],
    [
      "a crash after minutes of work",
      { stopped: [{ ...crashes[0]!, startedAt: at(7.2), executionStoppedAt: at(12.2), stoppedAt: at(12.3) }, crashes[1]!, crashes[2]!] },
      false,
    ],
    [
      "a crash just before that",
      { stopped: [{ ...crashes[0]!, startedAt: at(7.2), executionStoppedAt: at(12.1), stoppedAt: at(12.3) }, crashes[1]!, crashes[2]!] },
      true,
    ],
  ];
  for (const [name, scene, expected] of cases) {
    it(`${expected ? "is" : "is not"} one with ${name}`, () => {
      assert.deepEqual(twice({ ...scene, deployment: unwatched }), [false, expected]);
    });
  }

  it("is not one of which the load balancer found a task healthy, even if only once", () => {
    const health = (State: "healthy" | "unhealthy") => [
      { arn: TARGET_GROUP_ARN, targets: [{ Target: { Id: "10.0.1.7", Port: 8000 }, TargetHealth: { State } }] },
    ];
    const up = withAddress(task("dddd", 7, { startedAt: at(7.4) }), "10.0.1.7");
    const failing = { stopped: crashes, running: [up], deployment: unwatched };
    assert.deepEqual(lost([{ ...failing, targets: health("unhealthy") }, failing]), [false, true]);
    assert.deepEqual(lost([{ ...failing, targets: health("healthy") }, failing, failing]), [false, false, false]);
  });

  describe("under a circuit breaker of ECS's own", () => {
    const watched = (threshold: number) => ({ deploymentCircuitBreaker: { status: "MONITORING" as const, failureCount: 3, threshold } });
    const polls = (threshold: number, count: number) =>
      Array.from({ length: count }, () => ({ stopped: crashes, deployment: watched(threshold) }));

    it("is left to ECS for a minute", () => {
      const found = lost(polls(3, 14), 5);
      assert.deepEqual([found.indexOf(true), found[13]], [12, true]);
    });

    it("needs as many failures as the breaker does", () => assert.deepEqual(lost(polls(4, 3), 60), [false, false, false]));
  });

  it("is left to ECS's breaker too where AWS keeps no record of deployments", () => {
    const seen = { ...observation({ stopped: crashes }), serviceDeployments: [] };
    const prospects = new Prospects();
    const at = (seconds: number) => prospects.isLost(seen, assess(seen, revision(7)), [], seconds);
    assert.deepEqual([at(0), at(59), at(60)], [false, false, true]);
    const off = {
      ...seen,
      service: { ...seen.service, deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } } },
    };
    const other = new Prospects();
    assert.deepEqual(
      [other.isLost(off, assess(off, revision(7)), [], 0), other.isLost(off, assess(off, revision(7)), [], 1)],
      [false, true],
    );
  });
});
