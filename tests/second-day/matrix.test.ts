import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedResource } from "../../facts/graph";
import { REPOSITORY } from "../helpers/places";
import { type Exception, OPEN, UNAVOIDABLE } from "./exceptions";
import { KEYS } from "./keys";
import { applies, changesPage, covers } from "./page";
import { keyOf, ROWS, rowOf } from "./rows";
import { STACKS, type StackName } from "./settings";
import { type Journey, journeysOf, metBy, recorded, secondUpdate } from "./updates";

/** A recording takes a tenth of a second on an idle machine, and a row has up to sixteen; the page has all rows. */
const TIMEOUT = 600_000;

const nameOf = (journey: Journey) => journey.name.replace(/, (unset|back)/g, "");

describe("the second day: a setting changed on a live stack", function () {
  this.timeout(TIMEOUT);
  const used = new Map<Exception, number>();

  for (const row of ROWS) {
    const journeys = journeysOf(row);
    const name = nameOf(journeys[0]!);
    it(name, async () => {
      const found: string[] = [];
      const refusals: string[] = [];
      for (const journey of journeys) {
        const met = await metBy(journey);
        if (typeof met === "string") {
          refusals.push(met);
          continue;
        }
        // What makes it so is the same on every stack.
        if (journey.stack === journeys[0]!.stack) {
          const second = secondUpdate(journey, met);
          assert.deepEqual([second.changes, second.order.steps], [[], []], `${journey.stack}: ${journey.name}: a second update is empty`);
        }
        for (const hazard of met.hazards) {
          const exception = [...OPEN, ...UNAVOIDABLE].find((one) => applies(one, name) && covers(one, hazard));
          if (exception) used.set(exception, (used.get(exception) ?? 0) + 1);
          else found.push(`${journey.stack}: ${journey.name}: ${hazard.kind}: ${hazard.what}: ${hazard.text}`);
        }
      }
      assert.deepEqual(found, []);
      if (row.refused) {
        assert.equal(refusals.length, journeys.length, "the program refuses it everywhere");
        for (const refusal of refusals) assert.match(refusal, row.refused);
      } else assert.ok(refusals.length < journeys.length, `the program refuses it on every stack: ${refusals[0]}`);
    });
  }

  for (const stack of Object.keys(STACKS) as StackName[])
    it(`of ${stack} by a program that says the same once more is empty`, async () => {
      const [first, second] = [await recorded(stack, {}), await recorded(stack, {})] as RecordedResource[][];
      assert.deepEqual(second, first);
    });

  it("has a row for every key of the stack file, made from its schema where none is written", () => {
    const rows = new Set(ROWS.map(({ key }) => keyOf(key)));
    assert.deepEqual(
      [...KEYS.keys()].filter((key) => !rows.has(key)),
      [],
    );
    const made = (key: string) => Object.values(rowOf(key, KEYS.get(key)!).to);
    assert.deepEqual(
      ["service.stopTimeout", "service.capacity", "service.exec", "service.initProcess", "service.command", "tasks.<name>.retries"].map(
        made,
      ),
      [[2], ["mixed"], [true], [false], [["x"]], [0]],
    );
  });

  it("is what docs/changes.md says (UPDATE_SNAPSHOTS=1 renews it)", async () => {
    const file = join(REPOSITORY, "docs", "changes.md");
    const page = await changesPage();
    if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, page);
    assert.equal(readFileSync(file, "utf8"), page);
  });

  it("has no exception that nothing needs any more", () => {
    const idle = [...OPEN, ...UNAVOIDABLE].filter((one) => !used.has(one));
    assert.deepEqual(idle, []);
  });

  after(() => {
    const lines = OPEN.map((one) => `${one.open.padEnd(4)} ${one.change} (${one.kinds.join(", ")}): ${used.get(one) ?? 0}`);
    if (lines.length > 0) console.log(["", "Still open:", ...lines].join("\n"));
  });
});
