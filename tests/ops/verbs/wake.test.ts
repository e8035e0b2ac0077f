import assert from "node:assert/strict";
import { CLUSTER_ARN } from "../answers";
import { Stage, serving } from "./stage";

describe("berth wake", () => {
  const stage = Stage.use();
  const env = { BERTH_CLUSTER: CLUSTER_ARN, BERTH_SERVICE: "web", BERTH_MIN_TASKS: "2", BERTH_MAX_TASKS: "10" };
  const script = {
    DescribeScalableTargets: { ScalableTargets: [{ MinCapacity: 0, MaxCapacity: 0 }] },
    RegisterScalableTarget: {},
    UpdateService: { service: {} },
  };
  const wake = (desiredCount: number, more = {}) =>
    stage.run(["wake"], [{ service: { ...serving.service!, desiredCount } }], { ...script, ...more }, { env });

  it("gives a service that sleeps its range, and tasks", async () => {
    const { status, out } = await wake(0);
    assert.equal(status, 0);
    assert.equal(out, "web: 2 to 10 tasks; 2 requested.\n");
    assert.deepEqual(stage.aws.inputs("RegisterScalableTarget"), [
      {
        ServiceNamespace: "ecs",
        ResourceId: "service/apps/web",
        ScalableDimension: "ecs:service:DesiredCount",
        MinCapacity: 2,
        MaxCapacity: 10,
      },
    ]);
    assert.deepEqual(stage.aws.inputs("UpdateService"), [{ cluster: CLUSTER_ARN, service: "web", desiredCount: 2 }]);
  });

  it("leaves one that is awake as it is, for its range may be newer", async () => {
    const { out } = await wake(7, { DescribeScalableTargets: { ScalableTargets: [{ MinCapacity: 4, MaxCapacity: 20 }] } });
    assert.equal(out, "web: awake.\n");
    assert.deepEqual([stage.aws.inputs("RegisterScalableTarget"), stage.aws.inputs("UpdateService")], [[], []]);
  });

  it("registers no scaling where the service has none any more", async () => {
    await wake(0, { DescribeScalableTargets: { ScalableTargets: [] } });
    assert.deepEqual(stage.aws.inputs("RegisterScalableTarget"), []);
    assert.equal(stage.aws.inputs("UpdateService").length, 1);
  });

  it("warns about a service that is gone, and lets the update go on", async () => {
    const { status, err } = await stage.run(["wake"], [{}], script, { env });
    assert.equal(status, 0);
    assert.equal(err, "Warning: there is no service web in the cluster apps; nothing to wake.\n");
  });

  const mistakes: [string, Record<string, string | undefined>, RegExp][] = [
    ["no service", { ...env, BERTH_SERVICE: undefined }, /--cluster and --service are missing/],
    ["no cluster", { ...env, BERTH_CLUSTER: undefined }, /--cluster and --service are missing/],
    ["a count that is none", { ...env, BERTH_MIN_TASKS: "-1" }, /It must be a whole number, 0 or more\./],
    ["no count", { ...env, BERTH_MAX_TASKS: undefined }, /required option '--max-tasks <count>' not specified/],
  ];
  for (const [name, given, message] of mistakes) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await stage.run(["wake"], [serving], script, { env: given });
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});
