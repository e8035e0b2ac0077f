import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { itUnless, missing } from "../../helpers/left-out";
import { Stage } from "./stage";

const has = (shell: string) => spawnSync(shell, ["-c", "exit"]).status === 0;

describe("berth completion", () => {
  const stage = Stage.use();
  let project: string;
  before(() => {
    project = mkdtempSync(join(tmpdir(), "berth completion "));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod-eu.yaml"]) writeFileSync(join(project, file), "");
    mkdirSync(join(project, "sub"));
  });
  after(() => rmSync(project, { recursive: true }));

  const inShell = (shell: string, script: string) => {
    const { status, stdout, stderr } = spawnSync(shell, ["-c", script], { encoding: "utf8", cwd: join(project, "sub") });
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout.split("\n").filter((line) => line !== "");
  };

  /** What is typed, the last word not to its end, and what is offered for it. */
  const cases: [typed: string[], offered: string[]][] = [
    [["berth", "st"], ["status"]],
    [["berth", "logs", "--sin"], ["--since"]],
    [
      ["berth", "status", "--stack", ""],
      ["dev", "prod-eu"],
    ],
    [["berth", "wait", "-s", "p"], ["prod-eu"]],
    [["berth", "secrets", "s"], ["set"]],
    [["npx", "ber"], ["berth"]],
    [["npx", "berth", "roll"], ["rollback"]],
    [["npx", "berth", "logs", "--sin"], ["--since"]],
    [["npx", "berth", "logs", "-s", "d"], ["dev"]],
  ];

  itUnless(has("bash") ? undefined : missing("there is no bash"), "completes berth and npx berth in bash", async () => {
    const { out } = await stage.run(["completion", "bash"]);
    assert.match(out, / in -s\|--stack\|--against-stack\) words=\$\(_berth_stacks\) ;; esac$/m);
    assert.match(out, /^complete -F _berth berth\ncomplete -o default -F _berth npx\n$/m);
    for (const [typed, offered] of [...cases, [["npx", "tsc", "--no"], []] as (typeof cases)[number]]) {
      const words = typed.map((word) => `'${word}'`).join(" ");
      const script = `${out}\nCOMP_WORDS=(${words}); COMP_CWORD=${typed.length - 1}; _berth; printf '%s\\n' "\${COMPREPLY[@]}"`;
      assert.deepEqual(inShell("bash", script), offered, typed.join(" "));
    }
  });

  itUnless(has("fish") ? undefined : missing("there is no fish"), "completes berth and npx berth in fish", async () => {
    const { out } = await stage.run(["completion", "fish"]);
    for (const [typed, offered] of cases) {
      const found = inShell("fish", `${out}\ncomplete -C '${typed.join(" ")}'`);
      // Files and packages are offered as well; a description follows each word.
      assert.deepEqual(
        found.map((line) => line.split("\t")[0] ?? "").filter((word) => !word.startsWith("npm") && !word.includes("/")),
        offered,
        typed.join(" "),
      );
    }
  });

  it("knows every verb and option, in each shell", async () => {
    const bash = (await stage.run(["completion", "bash"])).out;
    for (const verb of ["wait", "status", "logs", "exec", "run", "rollback", "open", "doctor"])
      assert.match(bash, new RegExp(`^ {4}${verb}\\) words="--stack `, "m"));
    assert.equal((await stage.run(["completion", "zsh"])).out, `autoload -U +X bashcompinit && bashcompinit\n${bash}`);
    const fish = (await stage.run(["completion", "fish"])).out.split("\n");
    const verbs = bash.match(/verb=1 words="([^"]*)"/)?.[1];
    for (const [program, condition] of [
      ["berth", ""],
      ["npx", "__fish_seen_subcommand_from berth; and "],
    ]) {
      assert.ok(
        fish.includes(
          `complete -c ${program} -f -n '${condition}not __fish_seen_subcommand_from ${verbs}' -a wait -d 'follow a rollout to its end'`,
        ),
      );
      assert.ok(
        fish.includes(
          `complete -c ${program} -n '${condition}__fish_seen_subcommand_from wait' -l stack -s s -x -a '(__berth_stacks)' -d 'the Pulumi stack; default: dev'`,
        ),
      );
    }
  });

  it("knows no other shell", async () => {
    const { status, err } = await stage.run(["completion", "tcsh"]);
    assert.equal(status, 1);
    assert.match(err, /"tcsh" is not a supported shell; allowed: bash, zsh, fish\./);
  });
});
