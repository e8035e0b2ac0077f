// No shell is built from settings: programs are started by name with a list of arguments, and the commands of an update are constants.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";

const FOLDERS = ["adopt", "bin", "components", "ops", "plan", "policy", "settings", "tool"];

const SOURCES = FOLDERS.flatMap((folder) =>
  readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/.test(name) && !name.includes("node_modules"))
    .map((name) => `${folder}/${name}`),
)
  .concat("settings.ts", "tests/fixtures/template/index.ts")
  .map((name) => ({ name, text: readFileSync(join(REPOSITORY, name), "utf8") }));

const namesOf = (pattern: RegExp) => SOURCES.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

describe("the sources of the tool and the library", () => {
  it("are found", () => assert.ok(SOURCES.length > 100));

  it("start programs in four places, without a shell", () => {
    const starting = SOURCES.filter(({ text }) => /child_process/.test(text));
    assert.deepEqual(
      starting.map(({ name, text }) => [name, text.match(/import \{(.*)\} from "node:child_process"/)?.[1]?.trim()]).sort(),
      [
        ["ops/stack/locate.ts", "execFile"],
        ["ops/stack/pulumi-cli.ts", "spawn"],
        ["ops/verbs/exec.ts", "spawn"],
        ["tool/state-file.ts", "execFileSync"],
      ],
    );
    for (const { name, text } of starting) assert.doesNotMatch(text, /\bshell\s*:/, name);
  });

  it("run no text as code, but for the word that collects garbage", () => {
    assert.deepEqual(namesOf(/\beval\(|new Function\(|node:vm|runInNewContext/), ["plan/command.ts"]);
    const { text } = SOURCES.find(({ name }) => name === "plan/command.ts")!;
    assert.deepEqual(text.match(/runInNewContext\(.*?\)/g), ['runInNewContext("gc")']);
  });

  it("make commands of an update in one place, whose script is made of constants", () => {
    assert.deepEqual(namesOf(/\b(create|update|delete):\s*(command\(|`|"node)/), ["components/base/berth-command.ts"]);
    const { text } = SOURCES.find(({ name }) => name === "components/base/berth-command.ts")!;
    assert.match(text, /type Verb =(?:\s*\|?\s*"[a-z-]+")+;/);
    assert.deepEqual(
      [...text.matchAll(/(create|delete): ([^A-Z]\S*?)[,}]/g)].map(([, , script]) => script),
      ["command(verb)", "command(create)", "command(remove)", "command(verb)"],
    );
    assert.match(text, /return `node "\$\{script\.split\(path\.sep\)\.join\("\/"\)\}" \$\{verb\}`;/);
    assert.deepEqual(namesOf(/new (local|command\.local|remote|command\.remote)\.(Command|run)\b.*(create|update|delete):/), []);
  });
});
