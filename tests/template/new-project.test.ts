// A project of somebody's own, as `pulumi new` makes it from this repository: README's two commands succeed in it, whatever its name, and after it was edited.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { REPOSITORY } from "../helpers/places";

const NAME = "my_shop.2";
const DESCRIPTION = `It's "mine": 100% & <b>`;

/** What a clone of this repository would have. Outside of a repository (this test may run in a project itself) that is all but what is installed and made. */
function filesOfTheTemplate(): string[] {
  const command = existsSync(join(REPOSITORY, ".git"))
    ? ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    : ["find", ".", "-type", "f", "-not", "-path", "*/node_modules/*", "-not", "-path", "./.cache/*", "-not", "-path", "./dist/*"];
  const [program = "", ...args] = command;
  const files = execFileSync(program, args, { cwd: REPOSITORY, encoding: "utf8" }).trim().split("\n");
  return files.filter((file) => existsSync(join(REPOSITORY, file)));
}

/** Pulumi's CLI copies each file with its placeholders replaced; then it names the project and takes out what is the template's. */
function newProject(folder: string): void {
  for (const file of filesOfTheTemplate()) {
    const target = join(folder, file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(REPOSITORY, file), target);
    const text = readFileSync(target, "utf8");
    const filled = text.replaceAll(/\$\{(PROJECT|DESCRIPTION)\}/g, (_, key) => (key === "PROJECT" ? NAME : DESCRIPTION));
    if (filled !== text) writeFileSync(target, filled);
  }
  const file = join(folder, "Pulumi.yaml");
  const project = parseDocument(readFileSync(file, "utf8"));
  project.set("name", NAME);
  project.set("description", DESCRIPTION);
  project.delete("template");
  writeFileSync(file, project.toString());
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
}

describe("a project made from the template", () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "berth-new-")));
    newProject(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function npm(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { AWS_REGION: _, AWS_DEFAULT_REGION: __, CI: ___, ...env } = process.env;
    return spawnSync("npm", args, { cwd: folder, encoding: "utf8", env, maxBuffer: 64 * 1024 * 1024 });
  }
  const edit = (file: string, change: (text: string) => string) => {
    const before = readFileSync(join(folder, file), "utf8");
    assert.notEqual(change(before), before, `${file} is as before`);
    writeFileSync(join(folder, file), change(before));
  };

  it("has its own name, and nothing left to fill in", () => {
    const project = parseDocument(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toJS() as Record<string, unknown>;
    assert.deepEqual([project.name, project.description, project.template], [NAME, DESCRIPTION, undefined]);
  });

  it("can be planned as it is", () => {
    const { status, stdout, stderr } = npm("run", "--silent", "plan", "--", "--json");
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as { project: string }).project, NAME);
  });

  it("can be planned and tested when its stacks, program and app are its own", function () {
    this.timeout(30 * 60_000);
    edit("Pulumi.dev.yaml", (text) => text.replace("us-east-1", "eu-central-1").replace("desiredCount: 1", "desiredCount: 3"));
    edit("Pulumi.prod.yaml", (text) => text.replace("app.example.com", "shop.example.org").replace("max: 10", "max: 40"));
    edit("index.ts", (text) => `${text}export const answer = 42;\n`);
    rmSync(join(folder, "Pulumi.ec2.yaml"));
    rmSync(join(folder, "app"), { recursive: true });
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app", "Dockerfile"), "FROM scratch\n");
    writeFileSync(join(folder, "README.md"), "# My shop\n");

    const planned = npm("run", "--silent", "plan", "--", "--stack", "prod");
    assert.equal(planned.status, 0, planned.stderr);
    const { status, stdout, stderr } = npm("test", "--", "--reporter", "dot");
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /\n {2}\d{4} passing/);
    assert.match(stdout, /LEFT OUT, because\n(.*\n)*.*: npm run test:all\n/);
  });
});
