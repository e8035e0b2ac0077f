// The whole graph of each stack, as a text to read in a review. After a change that was meant: UPDATE_SNAPSHOTS=1 npx mocha tests/stacks/snapshot.test.ts, and look at the difference.
import { join } from "node:path";
import { assertSnapshot } from "../helpers/snapshot";
import { stack } from "../helpers/stacks";
import { treeOf } from "../helpers/tree";

for (const name of ["dev", "prod"]) {
  describe(`the graph of ${name}`, () => {
    it("is what it was", async () => {
      assertSnapshot(join(__dirname, "snapshots", `${name}.txt`), treeOf((await stack(name)).recording), `the graph of ${name}`);
    });
  });
}
