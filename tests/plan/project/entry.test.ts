// How a program is loaded: as a CommonJS program or as an ES module, in each run from the top.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { loadProject } from "../../../plan/project/project";
import { record } from "../../../plan/record/record";
import { BASE, messageOf, withProject } from "../projects";

const MODULE = { ...BASE, "package.json": '{ "type": "module", "main": "main.js" }' };
const recordIn = (files: Record<string, string>) => withProject(files, (cwd) => record(loadProject({ cwd })));

describe("the program of a project", () => {
  it("can be an ES module that imports others and awaits", async () => {
    const { known, unknown } = await recordIn({
      ...MODULE,
      "main.js":
        'import { name } from "./lib/bucket.js";\nawait new Promise((resolve) => setTimeout(resolve, 5));\nexport const bucket = name;',
      "lib/bucket.js": 'import { s3 } from "@pulumi/aws";\nexport const name = new s3.Bucket("data").bucket;',
    });
    for (const { resources } of [known, unknown])
      assert.deepEqual(
        resources.map(({ name }) => name),
        ["shop-dev", "data"],
      );
    assert.match(String(known.outputs.bucket), /^data-[0-9a-f]{7}$/);
  });

  it("can be an ES module by its name alone, with a function as its default", async () => {
    const { known } = await recordIn({
      ...BASE,
      "package.json": '{ "main": "main.mjs" }',
      "main.mjs": "export default async () => ({ answer: 42 });",
    });
    assert.deepEqual(known.outputs, { answer: 42 });
  });

  it("is that of the folder, whatever file has its name beside it", () =>
    withProject({ ...BASE, "index.js": "exports.answer = 42;" }, async (cwd) => {
      const beside = `${cwd}.js`;
      writeFileSync(beside, "exports.answer = 0;");
      try {
        assert.deepEqual((await record(loadProject({ cwd }))).known.outputs, { answer: 42 });
      } finally {
        rmSync(beside);
      }
    }));

  it("is told apart from a program with a mistake", async () => {
    const wrong: [files: Record<string, string>, message: RegExp][] = [
      [
        { "main.js": 'import "./nope.js";' },
        /^The program cannot be loaded: Cannot find module '\S+nope\.js' imported from \S+main\.js\.$/,
      ],
      [{ "main.js": 'import { nope } from "@pulumi/aws";' }, /does not provide an export named 'nope' \(main\.js:1\)$/],
      [{ "main.js": '\nthrow new Error("not today");' }, /^The program failed: not today \(main\.js:2\)$/],
      [{ "package.json": "{}", "index.js": "\nlet a = = 3;" }, /^The program failed: SyntaxError: Unexpected token '=' \(index\.js:2\)$/],
      [{ "package.json": "{}" }, /^There is no program in \S+: write \S+index\.ts, or name its file as "main" in Pulumi\.yaml\.$/],
    ];
    for (const [files, message] of wrong) assert.match(await messageOf(() => recordIn({ ...MODULE, ...files })), message);
  });
});
