import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatusReport } from "../../../ops/follow/status-report";
import { at, container, crashed, revision, task, taskDefinition } from "../answers";
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
    const reason = "Essential container in task exited (app exit code 1)";
    assert.deepEqual(report.lastStops, [{ task: "bbbb0000", revision: "web:6", at: at(6.5).toISOString(), reason }]);
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

  it("counts what AWS leaves out as none", async () => {
    const bare: Step = {
      ...serving,
      service: { ...serving.service!, desiredCount: undefined, runningCount: undefined, pendingCount: undefined },
    };
    const { out } = await stage.run(["status", ...PLACE, "--json"], [bare], {
      ...more,
      DescribeScalableTargets: { ScalableTargets: [{}] },
    });
    const report = JSON.parse(out) as StatusReport;
    assert.deepEqual(report.tasks, { desired: 0, running: 0, pending: 0 });
    assert.deepEqual([report.scaling?.minimum, report.scaling?.maximum], [0, 0]);
    const text = await stage.run(["status", ...PLACE], [bare], { ...more, DescribeScalableTargets: { ScalableTargets: [] } });
    assert.match(text.out, /^Tasks {7}0 of 0 running$/m);
    assert.doesNotMatch(text.out, /^Scaling/m);
  });

  it("says what it may not read, and shows the rest", async () => {
    const denied = (action: string) => new Failure("AccessDeniedException", `x is not authorized to perform: ${action} on resource: y`);
    const { status, out } = await stage.run(["status", ...PLACE], [detailed], {
      ...more,
      ListTasks: denied("ecs:ListTasks"),
      DescribeTaskDefinition: denied("ecs:DescribeTaskDefinition"),
      DescribeAlarms: denied("cloudwatch:DescribeAlarms"),
    });
    assert.equal(status, 0);
    assert.match(out, /^Not read {4}the service's tasks \(not permitted: ecs:ListTasks\)$/m);
    assert.match(out, /^Not read {4}who registered the revision \(not permitted: ecs:DescribeTaskDefinition\)$/m);
    assert.match(out, /^Not read {4}Alarms: AWS did not permit this/m);
    assert.match(out, /^Scaling {5}2 to 10 tasks/m);
  });

  describe("of a service that a pipeline deploys to", () => {
    const by = "arn:aws:sts::111122223333:assumed-role/pipeline/run-1";
    const registered = { DescribeTaskDefinition: { taskDefinition: taskDefinition(7, { registeredBy: by, registeredAt: at(7) }) } };
    const show = (outputs: object, args: string[] = []) => {
      stage.programs
        .file("Pulumi.yaml", "name: web\n")
        .add("pulumi", `echo '${JSON.stringify({ cluster: "apps", service: "web", ...outputs })}'`);
      return stage.run(
        ["status", ...args],
        [detailed],
        { ...more, ...registered },
        { env: stage.programs.env, cwd: stage.programs.directory },
      );
    };

    it("says who registered the revision, and which is Pulumi's", async () => {
      const { out } = await show({ taskDefinition: revision(5), revision: "external" });
      assert.match(out, new RegExp(`^Revision {4}registered by ${by} at 2026-11-26 12:07 UTC; Pulumi's is web:5$`, "m"));
      const report = JSON.parse((await show({ taskDefinition: revision(5) }, ["--json"])).out) as StatusReport;
      assert.deepEqual([report.registered, report.pulumiRevision], [{ by, at: at(7).toISOString() }, "web:5"]);
    });

    it("says no more than who where it is Pulumi's own", async () => {
      assert.match(
        (await show({ taskDefinition: revision(7) })).out,
        new RegExp(`^Revision {4}registered by ${by} at 2026-11-26 12:07 UTC$`, "m"),
      );
    });

    it("says that it is another one where AWS does not say who", async () => {
      stage.programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '{"cluster":"apps","service":"web","taskDefinition":"web:5"}'`);
      const { out } = await stage.run(["status"], [detailed], more, { env: stage.programs.env, cwd: stage.programs.directory });
      assert.match(out, /^Revision {4}not registered by Pulumi; Pulumi's is web:5$/m);
      const plain = await stage.run(["status", ...PLACE], [detailed], more);
      assert.doesNotMatch(plain.out, /^Revision/m);
    });
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
