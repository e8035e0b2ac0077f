import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import type { JsonObject } from "../../facts/graph";
import { planOf } from "../../plan/plan";
import { JSON_VERSION } from "../../plan/plan-json";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { BASE, berth, withProject } from "./projects";

const schema = (name: string) => JSON.parse(readFileSync(join(REPOSITORY, "plan", `${name}.schema.json`), "utf8")) as JsonObject;
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
const isPlan = ajv.compile(schema("plan"));
const isComparison = ajv.compile(schema("comparison"));

describe("the JSON of a plan", function () {
  this.timeout(300_000);

  const examples = readdirSync(join(REPOSITORY, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const programs = [
    ...["dev", "prod", "ec2"].map((stack) => ({ cwd: TEMPLATE, stack })),
    ...examples.map(({ name }) => ({ cwd: join(REPOSITORY, "examples", name), stack: "dev" })),
  ];
  for (const options of programs) {
    it(`is as its schema says: ${options.cwd.slice(REPOSITORY.length + 1)} ${options.stack}`, async () => {
      const { plan } = planOf(await record(loadProject(options)));
      const printed = JSON.parse(JSON.stringify({ version: JSON_VERSION, ...plan })) as JsonObject;
      assert.ok(isPlan(printed), ajv.errorsText(isPlan.errors));
    });
  }

  const SERVICE = `import { ecs } from "@pulumi/aws";
    new ecs.Service("web", { desiredCount: 1, tags: { a: process.env.NOBODY_SETS_THIS ?? "b" } });
    new ecs.Cluster("apps");`;

  it("has its version, as that of a comparison has; both schemas refuse what lacks a part", () =>
    withProject({ ...BASE, "index.ts": SERVICE }, (cwd) => {
      const printed = (...more: string[]) => JSON.parse(berth("plan", "--cwd", cwd, "--json", ...more).stdout) as JsonObject;
      const plan = printed();
      assert.ok(isPlan(plan), ajv.errorsText(isPlan.errors));
      assert.equal(plan.version, 1);
      const before = join(cwd, "before.json");
      const { findings: _, ...without } = plan;
      assert.equal(isPlan(without), false);
      assert.equal(isPlan({ ...plan, version: 2 }), false);
      writeFileSync(
        before,
        JSON.stringify({ ...without, resources: (plan.resources as JsonObject[]).filter(({ name }) => name !== "apps") }),
      );
      const comparison = printed("--against", before);
      assert.ok(isComparison(comparison), ajv.errorsText(isComparison.errors));
      assert.equal(comparison.version, 1);
      assert.equal((comparison.newFindings as unknown[]).length, (comparison.findings as unknown[]).length);
      assert.equal(isComparison({ ...comparison, goneFindings: undefined }), false);
      assert.equal(isComparison({ ...comparison, added: [{}] }), false);
    }));

  it("of a later version is told from a damaged one", () =>
    withProject({ ...BASE, "index.ts": SERVICE }, (cwd) => {
      const plan = JSON.parse(berth("plan", "--cwd", cwd, "--json").stdout) as JsonObject;
      writeFileSync(join(cwd, "later.json"), JSON.stringify({ ...plan, version: 2 }));
      const { status, stderr } = berth("plan", "--cwd", cwd, "--against", join(cwd, "later.json"));
      const file = join(cwd, "later.json");
      const said = `${file} is of another version of berth, whose plans have another shape: write it again with this one, berth plan --json > ${file}.`;
      assert.deepEqual([status, stderr.trim()], [2, said]);
    }));
});
