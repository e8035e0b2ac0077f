import assert from "node:assert/strict";
import { describe as described } from "../../../adopt/import/described";
import { importId, isImportable, whyNotImported } from "../../../adopt/import/ids";
import type { JsonObject } from "../../../facts/graph";
import { canonicalType } from "../../../facts/types";
import { everyGraph } from "../../helpers/every-graph";

describe("the ids that pulumi import takes", () => {
  const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/0123456789abcdef/0123456789abcdef";
  const CASES: [type: string, inputs: JsonObject, outputs: JsonObject, id: string][] = [
    ["aws:ecs/service:Service", { cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop", name: "web" }, {}, "shop/web"],
    ["aws:ecs/service:Service", { cluster: "shop", name: "web" }, {}, "shop/web"],
    ["aws:ecs/service:Service", { name: "web" }, {}, "default/web"],
    ["aws:cloudwatch/logMetricFilter:LogMetricFilter", { logGroupName: "/ecs/web", name: "errors" }, {}, "/ecs/web:errors"],
    [
      "aws:appautoscaling/policy:Policy",
      { serviceNamespace: "ecs", resourceId: "service/shop/web", scalableDimension: "ecs:service:DesiredCount", name: "cpu" },
      {},
      "ecs/service/shop/web/ecs:service:DesiredCount/cpu",
    ],
    ["aws:iam/rolePolicy:RolePolicy", { role: "web-task", name: "app" }, {}, "web-task:app"],
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "web-task", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      {},
      "web-task/arn:aws:iam::aws:policy/ReadOnlyAccess",
    ],
    ["aws:lb/listener:Listener", { port: 443 }, { arn: LISTENER }, LISTENER],
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "tcp" }, { id: "sgr-0a" }, "sgr-0a"],
    ["aws:scheduler/schedule:Schedule", { name: "report" }, {}, "default/report"],
    ["aws:wafv2/webAcl:WebAcl", { name: "shop", scope: "REGIONAL" }, { id: "a1" }, "a1/shop/REGIONAL"],
  ];
  for (const [type, inputs, outputs, id] of CASES)
    it(`of ${type} with ${Object.keys({ ...inputs, ...outputs }).join(", ")} is ${id}`, () =>
      assert.equal(importId(type, inputs, outputs), id));

  it("need what they are made of", () => {
    assert.throws(() => importId("aws:ecs/service:Service", { cluster: "shop" }), /the id of aws:ecs\/service:Service needs name/);
    assert.throws(() => importId("aws:lb/targetGroup:TargetGroup", { name: "web" }, { arn: "" }), /needs arn/);
    assert.throws(() => importId("aws:ec2/vpc:Vpc", {}), /is not imported/);
  });

  it("are part of what is described, and absent for what is not imported", () => {
    assert.deepEqual(described("aws:iam/role:Role", { name: "web-task" }, {}, "web-task"), {
      type: "aws:iam/role:Role",
      id: "web-task",
      inputs: { name: "web-task" },
      outputs: {},
      name: "web-task",
    });
    assert.equal(described("aws:ecs/taskDefinition:TaskDefinition", { family: "web" }).id, "");
  });

  it("are known for every type of any stack or example, or it is said why a resource is not imported", async function () {
    this.timeout(120_000);
    const made = (await everyGraph()).flat().filter(({ type, custom }) => custom && !/^pulumi:/.test(type));
    const types = [...new Set(made.map(({ type }) => canonicalType(type)))].sort();
    assert.deepEqual(
      types.filter((type) => isImportable(type) === (whyNotImported(type) !== undefined)),
      [],
      "neither in the table of ids nor listed with a reason, or both",
    );
  });
});
