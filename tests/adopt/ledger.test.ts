import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Ledger, leavesOf, showField } from "../../adopt/ledger";
import { countsOf, reportOf } from "../../adopt/report";
import { complaintsOf } from "../../settings/complaints";

const fine = () => [];

describe("the account of an adoption", () => {
  it("leaves each field that nobody mentions to the user, and no other", () => {
    const ledger = new Ledger();
    const source = ledger.source("a.yaml", { cpu: 256, ports: [8000, { name: "x" }], none: {}, deep: { kept: 1, lost: null } });
    source.take(["cpu"], ["service", "cpu"], 256);
    source.change(["deep", "kept"], "it is different");
    source.same(["ports", 0], "the default");
    ledger.close(fine);
    assert.deepEqual(
      ledger.left.map(({ source, path, todo }) => `${source} ${showField(path)} ${todo}`),
      ["ports[1].name", "none", "deep.lost"].map((path) => `a.yaml ${path} Berth has no setting for it; see whether the service needs it.`),
    );
    assert.deepEqual(ledger.settings, { service: { cpu: 256 } });
  });

  it("accounts for a whole map by its name", () => {
    const ledger = new Ledger();
    const source = ledger.source("a", { env: { A: 1, B: { C: 2 } }, environment: 1 });
    source.take(["env"], ["x"], 1);
    ledger.close(fine);
    assert.deepEqual(
      ledger.left.map(({ path }) => path),
      [["environment"]],
    );
  });

  it("has every field of any document in exactly one list", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (document, dice) => {
        const ledger = new Ledger();
        const source = ledger.source("d", document);
        for (const leaf of leavesOf(document)) {
          const die = dice.next().value;
          if (die === 0) source.take(leaf, ["settings", "x"], 1);
          if (die === 1) source.change(leaf, "why");
          if (die === 2) source.leave(leaf, "todo");
          if (die === 3) source.same(leaf, "so it is");
        }
        ledger.close(fine);
        const told = [...ledger.taken, ...ledger.changed, ...ledger.left].map(({ path }) => JSON.stringify(path)).sort();
        assert.deepEqual(
          told,
          leavesOf(document)
            .map((leaf) => JSON.stringify(leaf))
            .sort(),
        );
      }),
    );
  });

  it("takes back a setting that a stack file may not have, with the sentence of the settings", () => {
    const ledger = new Ledger();
    const source = ledger.source("compose.yaml", { cpus: 99, name: "x", image: "i" });
    source.take(["cpus"], ["service", "cpu"], "99 vCPU");
    source.take(["name"], ["service", "path"], "/x");
    ledger.close(complaintsOf);
    assert.deepEqual(ledger.settings, { service: { path: "/x" } });
    assert.equal(ledger.left.length, 2);
    assert.match(ledger.left[0]!.todo, /^service\.cpu: 99 vCPU is not a Fargate size; allowed: /);
    assert.deepEqual(
      ledger.taken.map(({ path }) => path),
      [["name"]],
    );
  });

  it("takes back the whole map in which a key is missing, and no empty map stays", () => {
    const ledger = new Ledger();
    const source = ledger.source("c", { a: 1 });
    source.take(["a"], ["service", "scaling", "schedule"], [{}]);
    ledger.close(complaintsOf);
    assert.deepEqual(ledger.settings, {});
    assert.deepEqual(
      ledger.left.map(({ path }) => path),
      [["a"]],
    );
  });

  it("tells what is missing beside the settings, and ends", () => {
    const ledger = new Ledger();
    ledger.source("c", {});
    ledger.set(["compute"], "ec2");
    ledger.close((settings) => (settings.compute === "ec2" ? [{ path: ["network", "nat"], text: "it is missing." }] : []));
    assert.deepEqual(ledger.settings, { compute: "ec2" });
    assert.deepEqual(
      ledger.left.map(({ source, todo }) => `${source}: ${todo}`),
      ["c: Berth has no setting for it; see whether the service needs it.", "settings: network.nat: it is missing."].reverse(),
    );
  });

  it("is printed without one value, the rest first, and cells that hold no bar", () => {
    const ledger = new Ledger();
    const source = ledger.source("a|b.yaml", { password: "hunter2", cpu: "1", x: 1 });
    source.take(["password"], ["service", "environment", "P"], "hunter2");
    source.change(["cpu"], "rounded up", { setting: ["service", "cpu"], value: 2, keep: "set it" });
    ledger.close(fine);
    const steps = [{ title: "Look", text: "Why.", commands: ["aws a"], check: ["aws b"], rollback: ["aws c"] }];
    const report = reportOf({ ledger, steps }, "a.yaml", "prod");
    assert.doesNotMatch(report, /hunter2/);
    assert.match(
      report,
      /^# From a\.yaml to Pulumi\.prod\.yaml\n\n1 field is taken over, 1 is changed on purpose, and 1 has no setting\.\n\n## Not expressible/,
    );
    assert.match(report, /\| a\\\|b\.yaml \| `cpu` \| Rounded up\. \| Set it\. \|/);
    assert.match(
      report,
      /### 1\. Look\n\nWhy\.\n\n```sh\naws a\n```\n\nTo see that it worked:\n\n```sh\naws b\n```\n\nTo go back from here:\n\n```sh\naws c\n```/,
    );
    assert.equal(
      countsOf({ taken: [], changed: [], left: [] }),
      "0 fields are taken over, 0 are changed on purpose, and 0 have no setting.",
    );
  });
});
