// What AWS recorded, in order, and which of it is the last incident.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { condensed, type Entry, lastIncident, timeline } from "../../../ops/incident/timeline";
import { at, deployment, service, serviceDeployment } from "../answers";

const observation = {
  service: service([deployment(7)]),
  serviceDeployments: [],
  revisions: {},
  running: [],
  stopped: [],
  targetGroups: [],
};
const entry = (minute: number, failed: boolean, text = "task 0123abcd stopped", kind: Entry["kind"] = "stop"): Entry => ({
  at: at(minute),
  kind,
  text,
  failed,
});
const alarm = (minute: number, to: string) => ({
  AlarmName: "web",
  Timestamp: at(minute),
  HistorySummary: `Alarm updated from OK to ${to}`,
});
const texts = (entries: Entry[]) => entries.map(({ text, failed }) => [text, failed]);

describe("the time line of a service", () => {
  it("has alarms, of which only ALARM is a failure", () => {
    const alarms = [
      alarm(3, "OK"),
      alarm(2, "INSUFFICIENT_DATA"),
      alarm(1, "ALARM"),
      { AlarmName: "web", Timestamp: at(4), HistorySummary: "Alarm web was created" },
    ];
    assert.deepEqual(texts(timeline(observation, { alarms, scaling: [] }, at(0))), [
      ["web is in ALARM", true],
      ["web is in INSUFFICIENT_DATA", false],
      ["web is in OK", false],
    ]);
  });

  it("has a deployment of a revision that is no longer known, and its end where that is decided", () => {
    const going = serviceDeployment(7, { status: "IN_PROGRESS" });
    const failed = serviceDeployment(6, { status: "ROLLBACK_FAILED", stoppedAt: at(9), statusReason: "nothing to go back to" });
    assert.deepEqual(texts(timeline({ ...observation, serviceDeployments: [going, failed] }, { alarms: [], scaling: [] }, at(0))), [
      ["a revision begins to roll out", false],
      ["a revision begins to roll out", false],
      ["a revision failed, and could not be rolled back: nothing to go back to", true],
    ]);
  });

  it("leaves out the daily work of ECS, and keeps what it could not do", () => {
    const messages = [
      "(service web) has reached a steady state.",
      "(service web) has started 2 tasks: (task a).",
      "(service web) registered 1 targets in (target-group x)",
      "(service web) has stopped 1 running tasks: (task a).",
      "(service web) has begun draining connections on 1 tasks.",
      "(service web) (deployment ecs-svc/7) deployment completed.",
      "(service web) (port 8000) is unhealthy in (target-group x) due to (reason Health checks failed)",
      "(service web) was moved",
    ];
    const events = messages.map((message, i) => ({ id: String(i), createdAt: at(i), message }));
    const noted = { ...observation, service: { ...observation.service, events } };
    assert.deepEqual(texts(timeline(noted, { alarms: [], scaling: [] }, at(0))), [
      ["(port 8000) is unhealthy in (target-group x) due to (reason Health checks failed)", true],
      ["was moved", false],
    ]);
  });
});

describe("the last incident", () => {
  it("is the failures without a pause of more than half an hour, and half an hour around them", () => {
    const entries = [entry(0, true), entry(31, false), entry(45, true), entry(75, true), entry(90, false), entry(106, false)];
    const incident = lastIncident(entries)!;
    assert.deepEqual([incident.from, incident.to, incident.first], [at(45), at(75), entries[2]]);
    assert.deepEqual(incident.entries, entries.slice(1, 5));
  });

  it("names the last deployment that began before it, and none that began after", () => {
    const begins = (minute: number, name: string): Entry => ({
      ...entry(minute, false, `${name} begins to roll out`, "deployment"),
      begins: name,
    });
    const incident = lastIncident([begins(1, "web:6"), begins(2, "web:7"), entry(3, true), begins(4, "web:8"), entry(5, true)])!;
    assert.equal(incident.deployment?.begins, "web:7");
    assert.equal(lastIncident([entry(3, true), begins(4, "web:8")])!.deployment, undefined);
  });

  it("is undefined exactly where nothing failed, begins and ends with a failure, and has no long pause", () => {
    const some = fc.array(fc.record({ minute: fc.integer({ min: 0, max: 400 }), failed: fc.boolean() }), { maxLength: 30 });
    fc.assert(
      fc.property(some, (given) => {
        const entries = given.sort((a, b) => a.minute - b.minute).map(({ minute, failed }) => entry(minute, failed));
        const failures = entries.filter(({ failed }) => failed);
        const incident = lastIncident(entries);
        assert.equal(incident === undefined, failures.length === 0);
        if (!incident) return;
        assert.deepEqual([incident.to, incident.from], [failures.at(-1)!.at, incident.first.at]);
        const inside = failures.filter(({ at: when }) => when >= incident.from);
        for (const [i, one] of inside.entries()) assert.ok(i === 0 || one.at.getTime() - inside[i - 1]!.at.getTime() <= 1_800_000);
        const before = failures.filter(({ at: when }) => when < incident.from).at(-1);
        assert.ok(!before || incident.from.getTime() - before.at.getTime() > 1_800_000);
      }),
    );
  });
});

describe("what happens again and again", () => {
  it("is one line with a count, but for alarms, of which each turn counts", () => {
    const lines = condensed([
      entry(1, true, "task 0123abcd stopped: exit code 1"),
      entry(2, true, "task 89abcdef stopped: exit code 1"),
      entry(3, true, "web is in ALARM", "alarm"),
      entry(4, false, "web is in OK", "alarm"),
      entry(5, true, "web is in ALARM", "alarm"),
    ]);
    assert.deepEqual(
      lines.map(({ text, more, until }) => [text, more, until]),
      [
        ["task 0123abcd stopped: exit code 1", 1, at(2)],
        ["web is in ALARM", 0, at(3)],
        ["web is in OK", 0, at(4)],
        ["web is in ALARM", 0, at(5)],
      ],
    );
  });
});
