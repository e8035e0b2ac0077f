// The workflow that docs/ci.md gives away: it calls what is there, stores no key, and lets nobody write into its scripts.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

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

const text = readFileSync(join(REPOSITORY, "docs", "ci", "deploy.yml"), "utf8");
const { permissions, jobs } = parse(text) as { permissions: Record<string, string>; jobs: { check: Job; deploy: Job } };
const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

describe("the workflow for GitHub", () => {
  it("calls scripts and stacks that there are", () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const names = scripts.flatMap((run) => [...run.matchAll(/npm run (\w+)/g)].map(([, name]) => name));
    assert.deepEqual([...new Set(names)], ["check", "plan"]);
    for (const name of names) assert.ok(manifest.scripts[name!], name);
    const planned = scripts.flatMap((run) => [...run.matchAll(/plan -- --stack (\w+)/g)].map(([, name]) => name));
    assert.deepEqual(planned, jobs.deploy.strategy?.matrix.stack);
    for (const stack of planned) assert.ok(existsSync(join(TEMPLATE, `Pulumi.${stack}.yaml`)), stack);
    assert.match(readFileSync(join(TEMPLATE, "index.ts"), "utf8"), /imageUri: images\.get/);
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
    for (const run of scripts) for (const [, name] of run.matchAll(/\$([A-Z_]+)/g)) assert.match(name!, /^(STACK|GITHUB_OUTPUT)$/);
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
