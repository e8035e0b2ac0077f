// The one file that the tool writes: the HTML report.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BASE, withProject } from "../plan/projects";
import { runBerth } from "./tool";

const SHOP = { ...BASE, "index.ts": "export const answer = 42;" };

describe("the file of a report", () => {
  it("can be written by its owner alone, even where the user's mask lets everyone write", () =>
    withProject(SHOP, (cwd) => {
      const mask = process.umask(0);
      try {
        const { status, stderr } = runBerth(["plan", "--cwd", cwd, "--html", join(cwd, "report.html")]);
        assert.deepEqual([status, stderr], [0, `The report is in ${join(cwd, "report.html")}.\n`]);
      } finally {
        process.umask(mask);
      }
      assert.equal(statSync(join(cwd, "report.html")).mode & 0o777, 0o644);
    }));

  it("takes the place of an older one, whose mode it keeps", () =>
    withProject({ ...SHOP, "report.html": "old, and longer than nothing" }, (cwd) => {
      chmodSync(join(cwd, "report.html"), 0o600);
      assert.equal(runBerth(["plan", "--cwd", cwd, "--html", join(cwd, "report.html")]).status, 0);
      const text = readFileSync(join(cwd, "report.html"), "utf8");
      assert.match(text, /^<!doctype html>[\s\S]*<\/html>\n$/);
      assert.equal(statSync(join(cwd, "report.html")).mode & 0o777, 0o600);
    }));

  for (const there of [true, false]) {
    it(`is not written through a link to a file that is ${there ? "" : "not "}there`, () =>
      withProject(SHOP, (cwd) => {
        const [precious, link] = [join(cwd, "precious"), join(cwd, "report.html")];
        if (there) writeFileSync(precious, "precious");
        symlinkSync(precious, link);
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd, "--html", link]);
        assert.equal(stderr, `The report cannot be written to ${link}: it is a symbolic link; name the file itself.\n`);
        assert.deepEqual([status, stdout], [2, ""]);
        assert.equal(existsSync(precious) && readFileSync(precious, "utf8"), there && "precious");
      }));
  }

  const FAILING: [what: string, files: Record<string, string>][] = [
    ["the program is wrong", { ...SHOP, "index.ts": "throw new Error('not today');" }],
    ["the settings are wrong", { ...SHOP, "Pulumi.dev.yaml": "config: [" }],
  ];
  for (const [what, files] of FAILING) {
    it(`is not there, nor any other, when ${what}; an older one stays`, () =>
      withProject({ ...files, "old.html": "old" }, (cwd) => {
        const before = readdirSync(cwd);
        for (const name of ["new.html", "old.html"]) {
          const { status, stdout } = runBerth(["plan", "--cwd", cwd, "--json", "--html", join(cwd, name)]);
          assert.deepEqual([status, stdout], [2, ""]);
        }
        assert.deepEqual(readdirSync(cwd), before);
        assert.equal(readFileSync(join(cwd, "old.html"), "utf8"), "old");
      }));
  }
});
