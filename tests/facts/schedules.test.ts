import assert from "node:assert/strict";
import { nextRuns, nextTimes } from "../../facts/schedules";

const NOW = new Date("2026-03-27T10:07:30Z"); // a Friday, two days before Europe's clocks go forward
const next = (expression: string, timezone = "UTC", count = 3) =>
  nextTimes(expression, timezone, NOW, count).map((time) => time.toISOString());

describe("a schedule", () => {
  const times: [expression: string, timezone: string, first: string[]][] = [
    ["rate(15 minutes)", "UTC", ["2026-03-27T10:22:30.000Z", "2026-03-27T10:37:30.000Z", "2026-03-27T10:52:30.000Z"]],
    ["rate(1 hour)", "UTC", ["2026-03-27T11:07:30.000Z"]],
    ["rate(2 days)", "UTC", ["2026-03-29T10:07:30.000Z"]],
    ["cron(0 3 * * ? *)", "UTC", ["2026-03-28T03:00:00.000Z", "2026-03-29T03:00:00.000Z", "2026-03-30T03:00:00.000Z"]],
    // The clocks go forward on the 29th: 3 in the morning in Berlin is 2, then 1 o'clock UTC.
    ["cron(0 3 * * ? *)", "Europe/Berlin", ["2026-03-28T02:00:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T01:00:00.000Z"]],
    ["cron(0 3 ? * MON-FRI *)", "UTC", ["2026-03-30T03:00:00.000Z"]],
    // AWS's 1 is Sunday.
    ["cron(0 3 ? * 1 *)", "UTC", ["2026-03-29T03:00:00.000Z"]],
    ["cron(0 3 ? * 2-6 *)", "UTC", ["2026-03-30T03:00:00.000Z"]],
    ["cron(0 3 ? * 7,2 *)", "UTC", ["2026-03-28T03:00:00.000Z", "2026-03-30T03:00:00.000Z"]],
    ["cron(0 3 ? * 2#1 *)", "UTC", ["2026-04-06T03:00:00.000Z"]],
    ["cron(0 3 ? * 6L *)", "UTC", ["2026-04-24T03:00:00.000Z", "2026-05-29T03:00:00.000Z"]],
    ["cron(0 0 L * ? *)", "UTC", ["2026-03-31T00:00:00.000Z", "2026-04-30T00:00:00.000Z"]],
    ["cron(0/20 10 * * ? *)", "UTC", ["2026-03-27T10:20:00.000Z", "2026-03-27T10:40:00.000Z", "2026-03-28T10:00:00.000Z"]],
    ["cron(0 0 1 1 ? 2030)", "UTC", ["2030-01-01T00:00:00.000Z"]],
    ["at(2030-01-31T12:00:00)", "America/New_York", ["2030-01-31T17:00:00.000Z"]],
  ];
  for (const [expression, timezone, first] of times) {
    it(`${expression} in ${timezone}`, () => assert.deepEqual(next(expression, timezone).slice(0, first.length), first));
  }

  it("that comes once is told once", () => {
    assert.equal(next("at(2030-01-31T12:00:00)").length, 1);
    assert.equal(next("cron(0 0 1 1 ? 2030)").length, 1);
  });

  it("that is over comes no more, and is no mistake of the next plan", () => {
    for (const over of ["at(2020-01-01T00:00:00)", "cron(0 3 * * ? 2020)"]) assert.deepEqual(next(over), []);
  });

  const CRON = '; six fields are needed: minute, hour, day of the month, month, day of the week, year, such as "cron(0 3 ? * MON-FRI *)".';
  const refused: [expression: string, message: string][] = [
    ["daily", '"daily" is not a schedule; write one like "cron(0 3 * * ? *)", "rate(1 hour)" or "at(2030-01-31T12:00:00)".'],
    ["Cron(0 3 * * ? *)", '"Cron(0 3 * * ? *)" is not a schedule;'],
    ["rate(0 minutes)", 'rate(0 minutes) is not a rate; write a whole number and minutes, hours or days, such as "rate(15 minutes)".'],
    ["rate(1.5 hours)", "rate(1.5 hours) is not a rate;"],
    ["rate(1 week)", "rate(1 week) is not a rate;"],
    ["cron(0 3 * * ?)", `cron(0 3 * * ?) has 5 fields${CRON}`],
    ["cron(@daily)", `cron(@daily) has 1 field${CRON}`],
    ["cron(0 3 * * * *)", `cron(0 3 * * * *) names both days; one of the day of the month and the day of the week must be "?"${CRON}`],
    ["cron(0 3 ? * ? *)", "cron(0 3 ? * ? *) names neither day;"],
    ["cron(60 3 * * ? *)", `cron(60 3 * * ? *) cannot be: the minute has "60"; allowed: 0 to 59${CRON}`],
    ["cron(0 24 * * ? *)", `cron(0 24 * * ? *) cannot be: the hour has "24"; allowed: 0 to 23${CRON}`],
    ["cron(0 3 ? * FUNDAY *)", `cron(0 3 ? * FUNDAY *) cannot be: the day of the week has "FUNDAY"; allowed: 1 to 7 or SUN to SAT${CRON}`],
    ["cron(0 3 0 * ? *)", `cron(0 3 0 * ? *) cannot be: the day of the month has "0"; allowed: 1 to 31${CRON}`],
    ["cron(0 3 32 * ? *)", 'cron(0 3 32 * ? *) cannot be: the day of the month has "32";'],
    ["cron(0 3 1-32 * ? *)", 'cron(0 3 1-32 * ? *) cannot be: the day of the month has "1-32";'],
    ["cron(0 3 0W * ? *)", 'cron(0 3 0W * ? *) cannot be: the day of the month has "0W";'],
    ["cron(0 3 ? 13 MON *)", 'cron(0 3 ? 13 MON *) cannot be: the month has "13"; allowed: 1 to 12 or JAN to DEC'],
    ["cron(0 3 ? * 0 *)", 'cron(0 3 ? * 0 *) cannot be: the day of the week has "0";'],
    ["cron(0 3 ? * MON#6 *)", 'cron(0 3 ? * MON#6 *) cannot be: the day of the week has "MON#6";'],
    ["cron(*/0 3 * * ? *)", 'cron(*/0 3 * * ? *) cannot be: the minute has "*/0";'],
    ["cron(0 3 * * ? 2200)", 'cron(0 3 * * ? 2200) cannot be: the year has "2200"; allowed: 1970 to 2199'],
    ["rate(1000000000 days)", 'rate(1000000000 days) would not come before the year 2200; write a shorter one, such as "rate(1 day)".'],
    ["at(2030-01-31)", 'at(2030-01-31) is not a time; write one like "at(2030-01-31T12:00:00)".'],
    ["at(2030-13-01T00:00:00)", "at(2030-13-01T00:00:00) is not a time;"],
    ["at(2030-02-31T00:00:00)", "at(2030-02-31T00:00:00) is not a time;"],
  ];
  for (const [expression, message] of refused) {
    it(`is not ${expression}`, () =>
      assert.throws(
        () => next(expression),
        ({ name, message: given }: Error) => {
          assert.deepEqual([name, given.slice(0, message.length)], ["UserError", message]);
          return true;
        },
      ));
  }

  it("needs a time zone that exists", () => {
    assert.throws(() => nextTimes("rate(1 day)", "Mars/Base", NOW), {
      message: '"Mars/Base" is not a time zone; write one like "Europe/Berlin".',
    });
  });
});

describe("the next runs of a schedule", () => {
  const CASES: [what: string, expression: string, timezone: string, from: string, runs: string[]][] = [
    [
      "stay at their hour when summer begins",
      "cron(30 8 ? * SAT,SUN,MON *)",
      "Europe/Berlin",
      "2027-03-27T00:00:00Z",
      ["2027-03-27 08:30", "2027-03-28 08:30", "2027-03-29 08:30", "2027-04-03 08:30", "2027-04-04 08:30"],
    ],
    [
      "are as far apart as a rate says, by the clock of the zone",
      "rate(12 hours)",
      "America/New_York",
      "2027-01-01T00:00:00Z",
      ["2027-01-01 07:00", "2027-01-01 19:00", "2027-01-02 07:00", "2027-01-02 19:00", "2027-01-03 07:00"],
    ],
    ["may be one", "at(2030-01-31T12:00:00)", "Asia/Tokyo", "2027-01-01T00:00:00Z", ["2030-01-31 12:00"]],
  ];
  for (const [what, expression, timezone, from, runs] of CASES)
    it(what, () => assert.deepEqual(nextRuns(expression, timezone, new Date(from)), runs));
});
