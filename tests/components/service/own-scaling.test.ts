// A policy of the program's own decides how many tasks run.

import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { deploy } from "../../helpers/deploy";
import { makeService } from "../../helpers/variants";

it("a service without metrics of its tasks has a scalable target for a policy of the program's own", async () => {
  const made = await deploy(() => {
    const web = makeService("FargateService", { path: false, scaling: { min: 0, max: 4, cpu: false, memory: false } });
    const { resourceId, scalableDimension, serviceNamespace } = web.scaling!.target;
    return {
      policy: new aws.appautoscaling.Policy("queue", { policyType: "StepScaling", resourceId, scalableDimension, serviceNamespace }),
    };
  });
  const target = made.one("aws:appautoscaling/target:Target", "web").inputs;
  assert.deepEqual([target.minCapacity, target.maxCapacity], [0, 4]);
  const policies = made.all("aws:appautoscaling/policy:Policy");
  assert.deepEqual(
    policies.map(({ name, inputs }) => [name, inputs.resourceId]),
    [["queue", target.resourceId]],
  );
});
