// Output that could not be written is an error: a script must not take half a plan for a whole one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../helpers/places";
import { withProject } from "./projects";

const BERTH = join(REPOSITORY, "bin", "berth.js");

describe("output that cannot be written", () => {
  for (const args of [["prices", "--json"], ["completion", "bash"], ["--help"]]) {
    it(`is an error of ${args.join(" ")} on a full disk`, function () {
      if (!existsSync("/dev/full")) this.skip();
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [BERTH, ...args], { stdio: ["ignore", full, "pipe"], encoding: "utf8" });
      closeSync(full);
      assert.equal(stderr, "The output could not be written (ENOSPC): free space where it goes, or write it elsewhere.\n");
      assert.equal(status, 1);
    });
  }

  it("is an error where a part of it found room", () =>
    withProject({}, (cwd) => {
      const run = spawnSync(
        "sh",
        ["-c", 'ulimit -f 1 && exec "$0" "$1" prices --region us-east-1 --json > out.json', process.execPath, BERTH],
        {
          cwd,
          encoding: "utf8",
        },
      );
      assert.deepEqual([run.stderr.split(":")[0], run.status], ["The output could not be written (EFBIG)", 1]);
      assert.ok(readFileSync(join(cwd, "out.json")).length >= 512);
    }));

  it("is none where it goes to a file whole, or to a reader who has seen enough", () =>
    withProject({}, (cwd) => {
      const whole = spawnSync("sh", ["-c", '"$0" "$1" prices --region us-east-1 --json > out.json', process.execPath, BERTH], {
        cwd,
        encoding: "utf8",
      });
      assert.deepEqual([whole.stderr, whole.status], ["", 0]);
      assert.ok(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8")));
      const head = spawnSync(
        "bash",
        ["-c", 'set -o pipefail; "$0" "$1" prices --region us-east-1 --json | head -c 1', process.execPath, BERTH],
        {
          cwd,
          encoding: "utf8",
        },
      );
      assert.deepEqual([head.stdout, head.stderr, head.status], ["{", "", 0]);
    }));
});
