// What a setting decides and no constructor can check: the finding names the setting.
import assert from "node:assert/strict";
import { FargateService } from "../../components/service/fargate-service";
import { findingsOf } from "../../plan/findings";
import { deploy } from "../helpers/deploy";
import { bigCluster, IMAGE } from "../helpers/variants";

it("a role with more rights than IAM takes names the permissions", async () => {
  const actions = Array.from({ length: 600 }, (_, n) => `s3:GetObject${n}`);
  const made = await deploy(() => {
    new FargateService("web", { cluster: bigCluster(), image: IMAGE, permissions: [{ actions, resources: ["arn:aws:s3:::x/*"] }] });
  });
  const { findings } = findingsOf(made.resources, [], { region: "eu-west-3" });
  const [finding, ...others] = findings.filter(({ rule }) => rule === "plan-aws-limits");
  assert.deepEqual(others, []);
  assert.match(finding?.message ?? "", /^its inline policies have \d+ characters together; allowed: 10240\.$/);
  assert.equal(finding?.fix, 'Set permissions on FargateService "web".');
});
