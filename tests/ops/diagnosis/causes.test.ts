import assert from "node:assert/strict";
import { join } from "node:path";
import { CAUSES } from "../../../ops/diagnosis/causes";
import { diagnose } from "../../../ops/diagnosis/diagnose";
import { renderDiagnosis } from "../../../ops/render";
import { paintFor } from "../../../tool/paint";
import { assertSnapshot } from "../../helpers/snapshot";
import { evidence } from "../answers";
import { ELB_STOP, healthStop, unhealthy } from "./cause-case";
import { RUN_CASES } from "./cause-cases-run";
import { START_CASES } from "./cause-cases-start";

const PLAIN = paintFor(false);
const CASES = [...START_CASES, ...RUN_CASES];

describe("causes of a failed rollout", () => {
  for (const { cause, name, given, sentence, advice } of CASES) {
    it(`names ${name}`, () => {
      const diagnosis = diagnose(evidence(given));
      assert.equal(diagnosis.cause, cause);
      assert.equal(diagnosis.sentence, sentence);
      assert.match(diagnosis.advice.join("\n"), advice);
    });
  }

  it("says what it said, and what to do", () => {
    const text = CASES.map(({ name, given }) => {
      const { sentence, advice } = diagnose(evidence(given));
      return [`${name}:`, `  ${sentence}`, ...advice.map((step) => `  - ${step}`), ""].join("\n");
    });
    assertSnapshot(join(__dirname, "causes.txt"), text.join("\n"), "the text of a cause");
  });

  it("has a case for every entry of the table, and no two entries of one name", () => {
    const ids = CAUSES.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
    assert.deepEqual(
      ids.filter((id) => !CASES.some(({ cause }) => cause === id)),
      [],
    );
  });

  it("says so when there is no trace of a cause", () => {
    const diagnosis = diagnose(evidence());
    assert.equal(diagnosis.cause, "unknown");
    assert.match(diagnosis.sentence, /no trace/);
  });

  it("says where the log is that it cannot show", () => {
    const failed = evidence(healthStop([]));
    const [app] = failed.taskDefinition!.containerDefinitions!;
    app!.logConfiguration = { logDriver: "awsfirelens", options: { Name: "s3", bucket: "team-logs" } };
    const diagnosis = diagnose(failed);
    const sentence = "The log of app is not in CloudWatch: FireLens sends it to s3 (team-logs).";
    assert.deepEqual(diagnosis.log, { container: "app", lines: [], elsewhere: sentence });
    assert.ok(renderDiagnosis(diagnosis, PLAIN).includes(`  ${sentence}`));
  });

  it("carries the evidence: stopped reason, exit code, log, the failing check and its answer", () => {
    const diagnosis = diagnose(
      evidence({
        ...healthStop([{ at: 0, text: "starting" }]),
        targetGroups: unhealthy("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]"),
      }),
    );
    assert.equal(diagnosis.stoppedReason, ELB_STOP);
    assert.deepEqual(diagnosis.containers, [{ name: "app", exitCode: 143, reason: undefined }]);
    assert.deepEqual(diagnosis.log, { container: "app", lines: ["starting"] });
    assert.ok(!renderDiagnosis(diagnosis, PLAIN).join("\n").includes("CloudWatch"));
    assert.deepEqual(diagnosis.healthCheck, {
      check: "GET http://TASK:8000/healthz, expecting 200, every 10 s",
      answer: "Health checks failed with these codes: [404]",
    });
  });
});
