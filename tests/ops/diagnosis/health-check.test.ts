import assert from "node:assert/strict";
import { diagnose } from "../../../ops/diagnosis/diagnose";
import { answerOf, describeCheck } from "../../../ops/diagnosis/health-check";
import { at, evidence, service, stoppedTask, targetGroup } from "../answers";

const GREEN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web-green/fedcba9876543210";
const codes = (code: number) => ({ State: "unhealthy" as const, Description: `Health checks failed with these codes: [${code}]` });
/** A second target group, of another port and path. */
const green = (health: Parameters<typeof targetGroup>[0], fields = {}) => ({
  ...targetGroup(health, { TargetGroupArn: GREEN, Port: 9000, HealthCheckPath: "/ready", HealthCheckIntervalSeconds: 30, ...fields }),
  arn: GREEN,
});
const both = service([], {
  loadBalancers: [
    { targetGroupArn: targetGroup({}).arn, containerName: "app", containerPort: 8000 },
    { targetGroupArn: GREEN, containerName: "admin", containerPort: 9100 },
  ],
});

describe("the health check of one of several target groups", () => {
  it("is that of the group with the unhealthy target, with the container's port behind it", () => {
    const given = evidence({ service: both, targetGroups: [targetGroup({ State: "healthy" }), green(codes(404))] });
    assert.equal(describeCheck(given), "GET http://TASK:9100/ready, expecting 200, every 30 s");
    assert.equal(answerOf(given), codes(404).Description);
    assert.equal(diagnose(given).sentence, "The health check gets HTTP 404 for /ready and expects 200.");
  });

  it("is the first one's where both are unhealthy, or neither", () => {
    const first = "GET http://TASK:8000/healthz, expecting 200, every 10 s";
    assert.equal(describeCheck(evidence({ service: both, targetGroups: [targetGroup(codes(500)), green(codes(404))] })), first);
    assert.equal(describeCheck(evidence({ service: both, targetGroups: [targetGroup({}), green({})] })), first);
    assert.equal(answerOf(evidence({ service: both, targetGroups: [targetGroup(codes(500)), green(codes(404))] })), codes(500).Description);
  });

  it("has the first container's port where the service does not name the group", () => {
    const given = evidence({ service: { ...both, loadBalancers: both.loadBalancers!.slice(0, 1) }, targetGroups: [green(codes(404))] });
    assert.match(describeCheck(given), /TASK:8000\/ready/);
  });

  it("names the group in the sentence", () => {
    const given = evidence({
      service: both,
      targetGroups: [targetGroup({ State: "healthy" }), green({ State: "unhealthy", Reason: "Target.Timeout" })],
    });
    assert.match(diagnose(given).sentence, /on port 9100\/ready: the requests time out \(target group web-green\)\.$/);
  });
});

describe("a health check", () => {
  const check = (fields: Parameters<typeof targetGroup>[1]) => describeCheck(evidence({ targetGroups: [targetGroup({}, fields)] }));

  it("is described by its own port, protocol and matcher", () => {
    assert.equal(check({ HealthCheckPort: "9999" }), "GET http://TASK:9999/healthz, expecting 200, every 10 s");
    assert.equal(
      check({ HealthCheckProtocol: "HTTPS", Matcher: { HttpCode: "200-399" } }),
      "GET https://TASK:8000/healthz, expecting 200-399, every 10 s",
    );
    assert.equal(check({ Matcher: { GrpcCode: "12" } }), "GET http://TASK:8000/healthz, expecting 12, every 10 s");
    assert.equal(check({ HealthCheckProtocol: "TCP" }), "TCP connection to port 8000, every 10 s");
  });

  it("is described by AWS's defaults where AWS leaves it out", () => {
    assert.equal(describeCheck(evidence({ service: service([]) })), "GET http://TASK:?/, expecting 200, every 30 s");
    const bare = { arn: GREEN, group: { HealthCheckProtocol: "TCP" as const, Port: 5432 }, targets: [] };
    assert.equal(describeCheck(evidence({ service: service([]), targetGroups: [bare] })), "TCP connection to port 5432, every 30 s");
  });

  it("has an answer in the service's events too", () => {
    const message = "(port 8000) is unhealthy in (target-group x) due to (reason Request timed out)";
    assert.equal(answerOf(evidence({ events: ["has started 1 tasks", message] })), "Request timed out");
    assert.equal(answerOf(evidence({ events: ["has started 1 tasks"] })), undefined);
    assert.equal(
      answerOf(evidence({ targetGroups: [targetGroup({ State: "unhealthy", Reason: "Target.FailedHealthChecks" })] })),
      "Target.FailedHealthChecks",
    );
  });

  it("asks for an open port behind a network load balancer", () => {
    const group = { arn: GREEN, group: { HealthCheckProtocol: "TCP" as const, Port: 5432 }, targets: [] };
    const stopped = stoppedTask("a", 7, "Task failed ELB health checks in (target-group x)");
    const { sentence, advice } = diagnose(evidence({ service: service([]), failedTasks: [stopped], targetGroups: [group] }));
    assert.match(sentence, /on port \? \(target group /);
    assert.ok(advice.includes("It must accept a connection within 5 s."), advice.join(" | "));
  });

  it("gives a grace period of one and a half times the start, rounded up", () => {
    const startedAt = at(7);
    const stopped = stoppedTask("a", 7, "Task failed ELB health checks in (target-group x)", undefined, { startedAt });
    const log = [{ at: startedAt.getTime() + 41_000, text: "listening on port 8000" }];
    const slow = (healthCheckGracePeriodSeconds: number) =>
      diagnose(evidence({ service: { ...both, healthCheckGracePeriodSeconds }, failedTasks: [stopped], log }));
    assert.equal(slow(40).sentence, "The container app needs 41 s to start listening, but has a grace period of 40 s.");
    assert.match(slow(40).advice[0]!, /to 70 or more/);
    assert.doesNotMatch(slow(41).sentence, /grace period/);
  });
});
