// Log lines, reasons and events come from others, through AWS: on a terminal they may be colored, and do no more.
import assert from "node:assert/strict";
import { colored } from "../../tool/printable";
import { at, crashed } from "../ops/answers";
import { PLACE, Stage, serving } from "../ops/verbs/stage";

const RED = "\u001b[1;31mred\u001b[0m";
const EVIL = `${RED}\u001b[2J\u001b]0;title\u0007\u001b[3A\u009b2J\u202e\r\u0008`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
const STEERING = /\u001b(?!\[[\d;]*m)|[\u0007\u0008\r\u009b\u202e]/;

describe("texts that AWS hands on", () => {
  const stage = Stage.use();
  const event = { eventId: "1", logStreamName: `web/app/${"aaaa".padEnd(32, "0")}`, timestamp: at(1).getTime(), message: `${EVIL}end` };

  it("keep their colors in the log, and lose what moves a cursor", async () => {
    const { out } = await stage.run(["logs", ...PLACE], [serving], { FilterLogEvents: { events: [event] } });
    assert.equal(out, `12:01:00.000 aaaa0000 ${RED}end\n`);
  });

  it("are the log to the byte as JSON, where every such character is written out", async () => {
    const { out } = await stage.run(["logs", ...PLACE, "--json"], [serving], { FilterLogEvents: { events: [event] } });
    assert.equal((JSON.parse(out) as { message: string }).message, event.message);
    assert.doesNotMatch(out, STEERING);
  });

  it("steer nothing from a stopped task's reason", async () => {
    const stopped = [{ ...crashed("cccc", 7, 1), stoppedReason: `${EVIL}gone` }];
    const { err } = await stage.run(["logs", ...PLACE, "--previous"], [{ ...serving, stopped }], { FilterLogEvents: { events: [] } });
    assert.match(err, /stopped: .*gone/);
    assert.doesNotMatch(err, STEERING);
    const { out } = await stage.run(["status", ...PLACE], [{ ...serving, stopped }]);
    assert.match(out, /gone/);
    assert.doesNotMatch(out, STEERING);
  });

  it("steer nothing on the time line of an incident, and stay on their line", async () => {
    const stopped = [{ ...crashed("cccc", 7, 1), stoppedAt: new Date(), stoppedReason: `${EVIL}one\n  two` }];
    const { out } = await stage.run(["why", ...PLACE], [{ ...serving, stopped }], { DescribeScalingActivities: {} });
    assert.match(out, /^ {2}\d\d:\d\d:\d\d {2}stop .*one two/m);
    assert.doesNotMatch(out, STEERING);
  });
});

describe("a colored text", () => {
  for (const [given, shown] of [
    ["plain\ttext\n", "plain\ttext\n"],
    [RED, RED],
    ["\u001b[mback", "\u001b[mback"],
    ["\u001b[38;5;196mred", "\u001b[38;5;196mred"],
    ["\u001b[Kx\u001b[10;10Hy", "xy"],
    ["\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007", "link"],
    ["half\u001b[", "half["],
  ])
    it(`of ${JSON.stringify(given)} is ${JSON.stringify(shown)}`, () => assert.equal(colored(given!), shown));
});
