import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { JsonObject } from "../../../facts/graph";
import type { KnownRollout } from "../../../plan/plan-json";
import { DEFAULT_ASSUMPTIONS } from "../../../plan/project/assumptions";
import { type RolloutInput, rolloutsOf, stepsOf } from "../../../plan/rollout/rollout";
import { resource, serviceGraph, urn } from "../graphs";

const roll = (given: Parameters<typeof serviceGraph>[1] = {}) =>
  rolloutsOf(serviceGraph("web", given), DEFAULT_ASSUMPTIONS)[0] as KnownRollout;
const tuned = {
  container: { linuxParameters: { initProcessEnabled: true } },
  group: { deregistrationDelay: 15, healthCheck: { interval: 10 } },
};

describe("the modeled rollout", () => {
  it("takes 390 seconds with AWS's defaults, and says which two settings cost most", () => {
    // 20 to place + 5 to pull + 5 to start + 30 to be checked, 300 to deregister, 30 to stop.
    const { seconds, strategy, costliest } = roll();
    assert.deepEqual([seconds, strategy], [390, "ROLLING"]);
    assert.deepEqual(costliest, [
      { setting: "deregistrationDelay", value: "300 s", seconds: 295, fast: "5 s" },
      { setting: "stopTimeout without an init process", value: "30 s", seconds: 28, fast: "an init process" },
    ]);
  });

  it("takes 57 seconds when tuned, step by step", () => {
    const { seconds, steps, rollbackSeconds } = roll(tuned);
    assert.deepEqual(
      steps.map(({ what, start, seconds: length }) => [what, start, length]),
      [
        ["place the tasks", 0, 20],
        ["pull the image", 20, 5],
        ["start the app", 25, 5],
        ["pass the health check", 30, 10],
        ["let old tasks finish their requests", 40, 15],
        ["stop old tasks", 55, 2],
      ],
    );
    assert.deepEqual([seconds, rollbackSeconds], [57, 57]);
  });

  it("waits two minutes more for a network load balancer, and for the slowest of several target groups", () => {
    for (const protocol of ["TCP", "TLS", "UDP"]) assert.equal(roll({ ...tuned, group: { ...tuned.group, protocol } }).seconds, 57 + 120);
    const graph = serviceGraph("web", tuned);
    const slow = resource("aws:lb/targetGroup:TargetGroup", "slow", {
      protocol: "HTTP",
      deregistrationDelay: 60,
      healthCheck: { interval: 25 },
    });
    const service = graph.find(({ type }) => type === "aws:ecs/service:Service")!;
    service.propertyDependencies.loadBalancers = [...(service.propertyDependencies.loadBalancers ?? []), slow.urn];
    const [both] = rolloutsOf([...graph, slow], DEFAULT_ASSUMPTIONS) as KnownRollout[];
    assert.equal(both!.seconds, 57 + 15 + 45);
  });

  it("goes in batches where the limits leave few slots", () => {
    // 4 tasks, at most 5 at once, none missing: 4 batches of 40 s, then 17 s.
    assert.equal(roll({ ...tuned, service: { desiredCount: 4, deploymentMaximumPercent: 125 } }).seconds, 4 * 40 + 17);
    // 4 tasks, half may be missing and none may be added: 2 batches, each after its old tasks have stopped.
    assert.equal(
      roll({ ...tuned, service: { desiredCount: 4, deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 50 } }).seconds,
      2 * (17 + 40),
    );
  });

  it("has no end where nothing may be added and nothing may be missing", () => {
    assert.equal(roll({ service: { deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 100 } }), undefined);
  });

  it("adds what blue/green, canary and linear wait for, and goes back at once", () => {
    const deploy = (deploymentConfiguration: JsonObject) => roll({ ...tuned, service: { deploymentConfiguration } });
    assert.deepEqual(
      [deploy({ strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" }).seconds, deploy({ strategy: "BLUE_GREEN" }).rollbackSeconds],
      [57 + 10 + 300, 10],
    );
    assert.equal(
      deploy({ strategy: "CANARY", bakeTimeInMinutes: 5, canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 } }).seconds,
      57 + 10 + 120 + 300,
    );
    // 25 % a step: three waits between four steps.
    assert.equal(
      deploy({ strategy: "LINEAR", bakeTimeInMinutes: 1, linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 2 } }).seconds,
      57 + 10 + 360 + 60,
    );
    assert.deepEqual(deploy({ strategy: "CANARY", bakeTimeInMinutes: 5, canaryConfiguration: { canaryBakeTimeInMinutes: 2 } }).costliest, [
      { setting: "bake time", value: "5 min", seconds: 300, fast: "none" },
      { setting: "bake time of the canary", value: "2 min", seconds: 120, fast: "none" },
    ]);
    assert.deepEqual(deploy({ strategy: "LINEAR", linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 2 } }).costliest[0], {
      setting: "bake time of a step",
      value: "2 min",
      seconds: 120,
      fast: "none",
    });
  });

  it("knows services without a load balancer, with and without a container health check", () => {
    const bare = (container: JsonObject) => {
      const [task, , service] = serviceGraph("web", { container });
      return rolloutsOf([task!, { ...service!, propertyDependencies: { taskDefinition: [task!.urn] } }], DEFAULT_ASSUMPTIONS)[0]!.seconds;
    };
    // 40 s unchecked, no deregistration, 30 s to stop.
    assert.equal(bare({}), 20 + 5 + 5 + 40 + 30);
    assert.equal(bare({ healthCheck: { interval: 12 }, stopTimeout: 7 }), 20 + 5 + 5 + 12 + 7);
  });

  it("tells EC2 with room from EC2 that must boot an instance", () => {
    const { seconds, secondsWithInstanceBoot } = roll({ ...tuned, service: { launchType: "EC2" } });
    assert.deepEqual([seconds, secondsWithInstanceBoot], [57 - 16, 57 - 16 + 180]);
  });

  it("waits for the alarms of a deployment", () => {
    const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "errors", { period: 60, evaluationPeriods: 2 });
    const [task, group, service] = serviceGraph("web", { ...tuned, service: { alarms: { enable: true, alarmNames: ["errors"] } } });
    const refs = { ...service!.propertyDependencies, alarms: [urn(alarm.type, "errors")] };
    assert.equal(
      rolloutsOf([task!, group!, alarm, { ...service!, propertyDependencies: refs }], DEFAULT_ASSUMPTIONS)[0]!.seconds,
      57 + 120,
    );
  });

  it("says when the circuit breaker gives up: three failed tasks, two at a time", () => {
    // Two rounds of: 20 to place, 5 to pull, 60 grace, 3 checks of 10, 2 to stop.
    assert.equal(
      roll({ ...tuned, service: { deploymentCircuitBreaker: { enable: true }, healthCheckGracePeriodSeconds: 60 } }).giveUpSeconds,
      2 * (20 + 5 + 60 + 30 + 2),
    );
    assert.equal(roll(tuned).giveUpSeconds, null);
  });

  it("follows the formula, and its steps follow one another without a gap", () => {
    const input = fc.record({
      desired: fc.integer({ min: 1, max: 40 }),
      minimumPercent: fc.integer({ min: 0, max: 100 }),
      maximumPercent: fc.integer({ min: 101, max: 300 }),
      place: fc.integer({ min: 1, max: 60 }),
      checkInterval: fc.integer({ min: 5, max: 60 }),
      deregistration: fc.integer({ min: 0, max: 300 }),
      stop: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(input, (given) => {
        const full: RolloutInput = {
          pull: 5,
          boot: 5,
          unhealthyThreshold: 3,
          grace: 0,
          strategy: "ROLLING",
          bake: 0,
          canaryBake: 0,
          stepBake: 0,
          stepPercent: 10,
          alarmBake: 0,
          ...given,
        };
        const steps = stepsOf(full);
        const extra = Math.floor((given.desired * given.maximumPercent) / 100) - given.desired;
        const removable = given.desired - Math.ceil((given.desired * given.minimumPercent) / 100);
        if (extra + removable === 0) return assert.equal(steps, undefined);
        assert.ok(steps);
        let at = 0;
        for (const { start, seconds } of steps) {
          assert.equal(start, at);
          at += seconds;
        }
        const batches = Math.ceil(given.desired / (extra + removable));
        const stops = extra === 0 ? batches : 1;
        assert.equal(at, batches * (given.place + 5 + 5 + given.checkInterval) + stops * (given.deregistration + given.stop));
      }),
    );
  });
});
