// What a rule knows of the region: the stack's, or the provider's of a resource; where the plan assumes it, nothing.
import assert from "node:assert/strict";
import { makePlan } from "../../plan/plan";
import { BASE, withProject } from "./projects";

const PROGRAM = `
import * as aws from "@pulumi/aws";
const kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/0123";
new aws.cloudwatch.LogGroup("here", { retentionInDays: 7, kmsKeyId });
new aws.cloudwatch.LogGroup("elsewhere", { retentionInDays: 7, kmsKeyId }, { provider: new aws.Provider("west", { region: "us-west-2" }) });
`;

/** What the rule on values finds, and what it leaves undecided, by resource. */
async function found(stackFile: string): Promise<[findings: string[], undecided: string[]]> {
  return withProject({ ...BASE, "Pulumi.dev.yaml": stackFile, "index.ts": PROGRAM }, async (cwd) => {
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
    try {
      const { plan } = await makePlan({ cwd });
      const of = (all: { rule: string; urn: string; message: string }[]) =>
        all
          .filter(({ rule }) => rule === "plan-aws-limits")
          .map(({ urn, message }) => `${urn.split("::").pop()}: ${message.split(";")[0]}`);
      return [of(plan.findings), of(plan.undecided)];
    } finally {
      Object.assign(process.env, { ...(AWS_REGION && { AWS_REGION }), ...(AWS_DEFAULT_REGION && { AWS_DEFAULT_REGION }) });
    }
  });
}

describe("a key's region", () => {
  const elsewhere = "elsewhere: kmsKeyId: what kms has in eu-west-1 cannot be used in us-west-2";

  it("is compared with that of the stack, or of the resource's provider", async () => {
    assert.deepEqual(await found("config:\n  aws:region: eu-west-1\n"), [[elsewhere], []]);
    assert.deepEqual(await found("config:\n  aws:region: us-east-1\n"), [
      [elsewhere, "here: kmsKeyId: what kms has in eu-west-1 cannot be used in us-east-1"],
      [],
    ]);
  });

  it("is undecided where the plan assumes the stack's", async () => {
    assert.deepEqual(await found("config: {}\n"), [[elsewhere], ["here: nothing says in which region the stack is."]]);
  });
});
