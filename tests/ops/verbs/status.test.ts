import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { container, crashed, task } from "../answers";
import type { FakePrograms } from "../fake-programs";
import { behindBalancer, type Step, withAddress } from "../scene";
import { Failure, type Script } from "../scripted-aws";
import { PLACE, Stage, serving } from "./stage";

describe("berth status", () => {
  const stage = Stage.use();
  const detailed: Step = {
    ...serving,
    service: {
      ...serving.service!,
      ...behindBalancer,
      runningCount: 1,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
      deploymentConfiguration: { strategy: "ROLLING", alarms: { alarmNames: ["web-5xx"], enable: true, rollback: true } },
    },
    running: [
      withAddress(
        task("aaaa", 7, {
          healthStatus: "HEALTHY",
          capacityProviderName: "FARGATE",
          availabilityZone: "us-east-1a",
          containers: [container({ imageDigest: `sha256:${"d".repeat(64)}` })],
        }),
        "10.0.1.7",
      ),
    ],
    stopped: [crashed("bbbb", 6, 1)],
    targets: [{ Target: { Id: "10.0.1.7", Port: 8000 }, TargetHealth: { State: "healthy" } }],
  };
  const more: Script = {
    DescribeScalableTargets: {
      ScalableTargets: [{ ServiceNamespace: "ecs", ResourceId: "service/apps/web", MinCapacity: 2, MaxCapacity: 10 }],
    },
    DescribeScalingPolicies: {
      ScalingPolicies: [
        {
          PolicyName: "cpu",
          PolicyType: "TargetTrackingScaling",
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 60,
            PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
          },
        },
      ],
    },
    DescribeAlarms: { MetricAlarms: [{ AlarmName: "web-5xx", StateValue: "OK" }] },
  };

  it("shows tasks, image, deployment, capacity, scaling, alarms and the last stops", async () => {
    const { status, out } = await stage.run(["status", ...PLACE], [detailed], more);
    assert.equal(status, 0);
    assert.deepEqual(out.split("\n").slice(0, 6), [
      "web in apps: ACTIVE, revision web:7",
      "Tasks       1 of 2 running",
      "Deployment  web:7 serves: 2 of 2 tasks run.",
      "Capacity    FARGATE (base 1, weight 1)",
      "Scaling     2 to 10 tasks; ECSServiceAverageCPUUtilization at 60",
      "Alarm       OK web-5xx",
    ]);
    const row = (start: string) =>
      out
        .split("\n")
        .find((line) => line.trim().startsWith(start))
        ?.trim()
        .split(/\s{2,}/);
    assert.deepEqual(row("aaaa")?.slice(0, 7), ["aaaa0000", "RUNNING", "HEALTHY", "web:7", "d".repeat(12), "FARGATE", "us-east-1a"]);
    assert.deepEqual(row("web-blue"), ["web-blue", "10.0.1.7:8000", "healthy"]);
    assert.match(out, /bbbb0000 {2}web:6 +.* {2}Essential container in task exited \(app exit code 1\)/);
  });

  it("prints the same as JSON", async () => {
    const { out } = await stage.run(["status", ...PLACE, "--json"], [detailed], more);
    const report = JSON.parse(out) as Record<string, unknown>;
    assert.equal(report.revision, "web:7");
    assert.deepEqual(report.tasks, { desired: 2, running: 1, pending: 0 });
    assert.deepEqual(report.alarms, [{ name: "web-5xx", state: "OK" }]);
    assert.deepEqual(report.scaling, { minimum: 2, maximum: 10, policies: ["ECSServiceAverageCPUUtilization at 60"] });
  });

  it("shows the rest when scaling may not be read", async () => {
    const denied = new Failure("AccessDeniedException", "not authorized to perform: application-autoscaling:DescribeScalableTargets");
    const { status, out } = await stage.run(["status", ...PLACE], [detailed], { ...more, DescribeScalableTargets: denied });
    assert.equal(status, 0);
    assert.match(
      out,
      /^Not read {4}Scaling: AWS did not permit this \(AccessDeniedException\): not authorized to perform: application-autoscaling:DescribeScalableTargets$/m,
    );
    assert.match(out, /^Alarm {7}OK web-5xx$/m);
  });

  it("finds the service by the stack's outputs", async () => {
    stage.programs
      .file("Pulumi.yaml", "name: web\n")
      .add("pulumi", `echo "$@" > ${stage.programs.directory}/args; echo '{"cluster":"apps","service":"web","region":"eu-west-1"}'`);
    const { status } = await stage.run(["status", "--stack", "prod"], [detailed], more, {
      env: { ...stage.programs.env, AWS_REGION: undefined },
      cwd: stage.programs.directory,
    });
    assert.equal(status, 0);
    assert.equal(readFileSync(join(stage.programs.directory, "args"), "utf8"), "stack output --json --stack prod\n");
    assert.deepEqual(stage.aws.inputs("DescribeServices")[0], { cluster: "apps", services: ["web"] });
    assert.equal(stage.aws.calls[0]?.region, "eu-west-1");
  });

  const failures: [string, (programs: FakePrograms) => void, RegExp][] = [
    ["no Pulumi CLI", () => undefined, /^The Pulumi CLI is not installed, or not on PATH/],
    [
      "no such stack",
      (bin) => bin.add("pulumi", "echo \"error: no stack named 'dev' found\" >&2; exit 255"),
      /^Pulumi cannot give the outputs of the stack dev: no stack named 'dev' found$/m,
    ],
    [
      "outputs without a service",
      (bin) => bin.add("pulumi", `echo '{"url":"http://x","cluster":"apps"}'`),
      /^The stack dev has no output service; it has: url, cluster\.$/m,
    ],
    ["outputs that are no JSON", (bin) => bin.add("pulumi", "echo hello"), /in a form that is not JSON/],
  ];
  for (const [name, prepare, message] of failures) {
    it(`says what is wrong: ${name}`, async () => {
      prepare(stage.programs.file("Pulumi.yaml", "name: web\n"));
      const { status, err } = await stage.run(["status"], [detailed], more, { env: stage.programs.env, cwd: stage.programs.directory });
      assert.equal(status, 1);
      assert.match(err, message);
      assert.match(err, /--cluster NAME --service NAME/);
    });
  }
});
