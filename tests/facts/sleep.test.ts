import assert from "node:assert/strict";
import { isTimezone, type SleepArgs, sleepComplaint, sleepMoments, timeComplaint, timeOfDay, timezoneComplaint } from "../../facts/sleep";

const momentsOf = (args: SleepArgs) => sleepMoments({ timezone: "UTC", weekends: true, ...args });

describe("sleep hours", () => {
  it("are weekdays' evenings and mornings, so that the weekend is slept through", () => {
    assert.deepEqual(momentsOf({ stop: "20:30", start: "7:05", timezone: "Europe/Berlin" }), {
      stop: { application: "cron(30 20 ? * MON-FRI *)", group: "30 20 * * 1-5" },
      start: { application: "cron(5 7 ? * MON-FRI *)", group: "5 7 * * 1-5" },
      timezone: "Europe/Berlin",
    });
  });

  it("that begin after midnight end the day before: Friday's on Saturday", () => {
    const { stop, start } = momentsOf({ stop: "01:00", start: "07:00" });
    assert.deepEqual(stop, { application: "cron(0 1 ? * TUE-SAT *)", group: "0 1 * * 2-6" });
    assert.deepEqual(start, { application: "cron(0 7 ? * MON-FRI *)", group: "0 7 * * 1-5" });
  });

  it("may be every night's, and are UTC's if nothing is said", () => {
    const every = (application: string, group: string) => ({ application, group });
    assert.deepEqual(momentsOf({ stop: "20:00", start: "07:00", weekends: false }), {
      stop: every("cron(0 20 ? * * *)", "0 20 * * *"),
      start: every("cron(0 7 ? * * *)", "0 7 * * *"),
      timezone: "UTC",
    });
    assert.equal(momentsOf({ stop: "01:00", start: "07:00", weekends: false }).stop.application, "cron(0 1 ? * * *)");
  });

  it("are two times of day in a time zone", () => {
    assert.equal(timeComplaint("24:00"), '"24:00" is not a time of day; write one like "20:00".');
    assert.equal(timeComplaint("7"), '"7" is not a time of day; write one like "20:00".');
    assert.equal(timeComplaint("7:00"), undefined);
    assert.equal(sleepComplaint({ stop: "7:00", start: "07:00" }), "it stops and starts at 7:00; choose two different times.");
    assert.equal(sleepComplaint({ stop: "7:00", start: "07:01" }), undefined);
    assert.equal(timezoneComplaint("Berlin"), '"Berlin" is not a time zone; write one like "Europe/Berlin".');
    assert.equal(timezoneComplaint("Europe/Berlin"), undefined);
  });

  it("read times of day", () => {
    assert.deepEqual(["00:00", "9:59", "23:59"].map(timeOfDay), [
      { hour: 0, minute: 0 },
      { hour: 9, minute: 59 },
      { hour: 23, minute: 59 },
    ]);
    assert.deepEqual(["24:00", "12:60", "12", "12:5", " 12:00", "12:00 "].map(timeOfDay), Array(6).fill(undefined));
  });

  it("know the world's time zones", () => assert.deepEqual(["America/Lima", "UTC", "Mars/Base"].map(isTimezone), [true, true, false]));
});
