// The whole graph of each stack, as a text to read in a review. After a change that was meant: UPDATE_SNAPSHOTS=1 npx mocha, and look at the difference.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stack } from "../helpers/stacks";
import { treeOf } from "../helpers/tree";

for (const name of ["dev", "prod"]) {
  describe(`the graph of ${name}`, () => {
    it("is what it was", async () => {
      const file = join(__dirname, "snapshots", `${name}.txt`);
      const now = treeOf((await stack(name)).recording);
      if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, now);
      assert.ok(existsSync(file), `${file} is missing; UPDATE_SNAPSHOTS=1 writes it`);
      assert.equal(
        now,
        readFileSync(file, "utf8"),
        `the graph of ${name} has changed; if that was meant, UPDATE_SNAPSHOTS=1 renews ${file}`,
      );
    });
  });
}
