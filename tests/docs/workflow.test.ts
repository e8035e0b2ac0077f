// The workflows that docs/ci.md gives away: they call what is there, store no key, and let nobody write into their scripts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { stack } from "../helpers/stacks";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  needs?: string;
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  strategy?: { "max-parallel": number; matrix: { stack: string[] } };
  steps: Step[];
}

const FOLDER = join(REPOSITORY, "docs", "ci");
const WORKFLOWS = readdirSync(FOLDER).filter((name) => name.endsWith(".yml") && name !== "gitlab-ci.yml");
interface Workflow<J> {
  permissions: Record<string, string>;
  jobs: J;
}
const textOf = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const text = textOf("deploy.yml");
const { permissions, jobs } = parse(text) as Workflow<{ check: Job; comment: Job; deploy: Job }>;
const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

describe("the workflows for GitHub", () => {
  for (const name of WORKFLOWS) {
    it(`are what GitHub takes, as its own parser reads them: ${name}`, () => {
      const complaints = (file: string) =>
        JSON.parse(execFileSync(process.execPath, [join(__dirname, "parse-workflow.mjs"), file], { encoding: "utf8" })) as string[];
      assert.deepEqual(complaints(join(FOLDER, name)), []);
      const folder = mkdtempSync(join(tmpdir(), "berth-workflow-"));
      try {
        const wrong = join(folder, "wrong.yml");
        writeFileSync(
          wrong,
          textOf(name)
            .replace("runs-on", "run-on")
            .replace(/matrix.stack|github.event.number/, "matrices.stack"),
        );
        for (const said of [/Unexpected value 'run-on'/, /matrices/]) assert.match(complaints(wrong).join("\n"), said);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it(`pin each action by its commit, with its version beside it: ${name}`, () => {
      const uses = [...textOf(name).matchAll(/uses: (.*)/g)].map(([, action]) => action!);
      assert.ok(uses.length >= 4);
      for (const action of uses) assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });
  }

  it("look for drift with a token of the repository's own, and change nothing", () => {
    const workflow = parse(textOf("drift.yml")) as Workflow<{ drift: Job }>;
    assert.deepEqual(workflow.permissions, { contents: "read", "id-token": "write" });
    const { drift } = workflow.jobs;
    assert.equal(drift.environment, undefined);
    assert.deepEqual(drift.strategy?.matrix.stack, jobs.deploy.strategy?.matrix.stack);
    const [, preview] = drift.steps.flatMap(({ run }) => run ?? []);
    assert.equal(preview, 'pulumi preview --refresh --diff --expect-no-changes --stack "$STACK"');
  });

  it("comment what a pull request changes, where its token may, and verify before they deploy", () => {
    const { comment, deploy } = jobs;
    assert.match(comment.if!, /head\.repo\.full_name == github\.repository$/);
    assert.deepEqual(comment.permissions, { contents: "read", "pull-requests": "write" });
    assert.match(
      comment.steps.at(-1)!.run!,
      /--against "\$RUNNER_TEMP\/base\.json" --markdown[\s\S]*startswith\("<!-- berth plan"\)[\s\S]*--method PATCH[\s\S]*gh pr comment/,
    );
    const runs = deploy.steps.flatMap(({ run }) => run ?? []);
    const at = (command: string) => runs.findIndex((run) => run.startsWith(command));
    assert.ok(at("npx berth verify") > 0 && at("npx berth verify") < at("pulumi up"));
  });

  it("calls scripts and stacks that there are, and reads outputs that they have", async () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const names = scripts.flatMap((run) => [...run.matchAll(/npm run (\w+)/g)].map(([, name]) => name));
    assert.deepEqual([...new Set(names)], ["check", "plan"]);
    for (const name of names) assert.ok(manifest.scripts[name!], name);
    const planned = scripts.flatMap((run) => [...run.matchAll(/plan -- --stack (\w+)/g)].map(([, name]) => name));
    assert.deepEqual(planned, jobs.deploy.strategy?.matrix.stack);
    for (const stack of planned) assert.ok(existsSync(join(TEMPLATE, `Pulumi.${stack}.yaml`)), stack);
    const { outputs } = (await stack("prod")).recording.known;
    const read = scripts.flatMap((run) => [...run.matchAll(/pulumi stack output (\w+)/g)].map(([, name]) => name!));
    assert.deepEqual(read, ["imageUri"]);
    for (const name of read) assert.match(String(outputs[name]), /^\d{12}\.dkr\.ecr\..*@sha256:/);
  });

  it("deploys from main alone, one stack after the other, each as its environment allows", () => {
    const { deploy } = jobs;
    assert.deepEqual([deploy.if, deploy.needs, deploy.strategy?.["max-parallel"]], ["github.event_name == 'push'", "check", 1]);
    assert.match(String(deploy.environment), /^\$\{\{ matrix\.stack \}\}$/);
  });

  it("may read the sources, and only a deploy may ask for a token", () => {
    assert.deepEqual(permissions, { contents: "read" });
    assert.equal(jobs.check.permissions, undefined);
    assert.deepEqual(jobs.deploy.permissions, { contents: "read", "id-token": "write", attestations: "write" });
    assert.doesNotMatch(text, /secrets\.AWS|ACCESS_KEY/);
  });

  it("takes no text of GitHub's into a script: what a script needs stands in its environment", () => {
    assert.ok(scripts.length >= 6);
    for (const run of scripts) assert.doesNotMatch(run, /\$\{\{/);
    for (const run of scripts)
      for (const [, name] of run.matchAll(/\$([A-Z_]+)/g))
        assert.match(name!, /^(STACK|GITHUB_OUTPUT|GITHUB_REPOSITORY|BASE|PULL_REQUEST|RUNNER_TEMP)$/);
  });

  it("attests the image that was deployed, by its digest, in its repository", () => {
    const { steps } = jobs.deploy;
    const at = (pattern: RegExp) => steps.findIndex(({ uses, run }) => pattern.test(uses ?? run ?? ""));
    const order = [/aws-credentials/, /pulumi up/, /output imageUri/, /sbom-action/, /attest-sbom/, /attest-build-provenance/].map(at);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(!order.includes(-1));
    const attests = steps.filter(({ uses }) => uses?.startsWith("actions/attest"));
    for (const { with: given } of attests) {
      assert.equal(given?.["push-to-registry"], true);
      assert.match(String(given?.["subject-digest"]), /steps\.image\.outputs\.digest/);
      assert.match(String(given?.["subject-name"]), /steps\.image\.outputs\.name/);
    }
    assert.equal(attests.length, 2);
  });
});

describe("the workflow for review stacks", () => {
  const review = readFileSync(join(REPOSITORY, "docs", "ci", "review.yml"), "utf8");
  const {
    permissions: all,
    defaults,
    jobs: its,
  } = parse(review) as {
    permissions: Record<string, string>;
    defaults: { run: { shell: string } };
    jobs: { stack: Job; reap: Job };
  };
  const runs = Object.values(its).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

  it("calls what berth has, and fails where a part of a pipe does", () => {
    const called = runs.flatMap((run) => [...run.matchAll(/npx berth (\w+) (\w+)/g)].map(([, verb, action]) => `${verb} ${action}`));
    assert.deepEqual(called, ["review up", "review down", "review reap"]);
    assert.equal(defaults.run.shell, "bash");
  });

  it("runs no code of a fork, and may do what it needs", () => {
    assert.match(String(its.stack.if), /head\.repo\.full_name == github\.repository/);
    assert.equal(its.reap.if, "github.event_name == 'schedule'");
    assert.deepEqual(all, { contents: "read" });
    assert.deepEqual(its.stack.permissions, { contents: "read", "id-token": "write", "pull-requests": "write" });
    assert.deepEqual(its.reap.permissions, { contents: "read", "id-token": "write", "pull-requests": "read" });
    assert.doesNotMatch(review, /secrets\.AWS|ACCESS_KEY|pull_request_target/);
  });

  it("takes no text of GitHub's into a script", () => {
    for (const run of runs) assert.doesNotMatch(run, /\$\{\{/);
  });
});
