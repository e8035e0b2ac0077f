import assert from "node:assert/strict";
import * as fc from "fast-check";
import { hoursComplaint, overlapComplaint, rangeComplaint, rangeMoments } from "../../facts/hours";

const NIGHT = { min: 2, max: 10 };
const moments = (schedule: Record<string, string>) =>
  rangeMoments(schedule, NIGHT).moments.map(({ name, schedule: cron, min, max }) => [name, cron, `${min}..${max}`]);

describe("hours with a range of tasks", () => {
  const TABLE: [what: string, schedule: Record<string, string>, moments: string[][]][] = [
    [
      "begin with theirs and end with the other",
      { "weekdays 08:00-20:00": "4..20" },
      [
        ["0800-mon-fri", "cron(0 8 ? * MON-FRI *)", "4..20"],
        ["2000-mon-fri", "cron(0 20 ? * MON-FRI *)", "2..10"],
      ],
    ],
    [
      "may end on the next day",
      { "friday 22:30-06:00": "0..0" },
      [
        ["0600-sat", "cron(0 6 ? * SAT *)", "2..10"],
        ["2230-fri", "cron(30 22 ? * FRI *)", "0..0"],
      ],
    ],
    [
      "may follow on each other, with nothing between",
      { "weekdays 08:00-12:00": "4..20", "mon-thu 12:00-18:00": "6..30" },
      [
        ["0800-mon-fri", "cron(0 8 ? * MON-FRI *)", "4..20"],
        ["1200-fri", "cron(0 12 ? * FRI *)", "2..10"],
        ["1200-mon-thu", "cron(0 12 ? * MON-THU *)", "6..30"],
        ["1800-mon-thu", "cron(0 18 ? * MON-THU *)", "2..10"],
      ],
    ],
    [
      "may be whole days",
      { "sat,sun 00:00-24:00": "1..2" },
      [
        ["0000-mon", "cron(0 0 ? * MON *)", "2..10"],
        ["0000-sun-sat", "cron(0 0 ? * SUN,SAT *)", "1..2"],
      ],
    ],
    [
      "may be of every day, and of days around the end of the week",
      { "daily 09:00-10:00": "3..9", "fri-mon 11:00-12:00": "5..9" },
      [
        ["0900-daily", "cron(0 9 ? * * *)", "3..9"],
        ["1000-daily", "cron(0 10 ? * * *)", "2..10"],
        ["1100-sun-mon-fri-sat", "cron(0 11 ? * SUN,MON,FRI,SAT *)", "5..9"],
        ["1200-sun-mon-fri-sat", "cron(0 12 ? * SUN,MON,FRI,SAT *)", "2..10"],
      ],
    ],
  ];
  for (const [what, schedule, expected] of TABLE)
    it(what, () => {
      assert.equal(overlapComplaint(schedule), undefined);
      assert.deepEqual(moments(schedule), expected);
    });

  it("are of one time zone", () => {
    assert.equal(rangeMoments({ "weekdays 08:00-20:00 Europe/Berlin": "4..20" }, NIGHT).timezone, "Europe/Berlin");
    assert.equal(rangeMoments({ "weekdays 08:00-20:00": "4..20" }, NIGHT).timezone, "UTC");
    assert.equal(
      overlapComplaint({ "monday 08:00-20:00 Europe/Berlin": "4..20", "friday 08:00-20:00": "4..20" }),
      '"monday 08:00-20:00 Europe/Berlin" is of Europe/Berlin, "friday 08:00-20:00" of UTC; name the same time zone in each.',
    );
  });

  it("change the range at no moment twice, whatever they are", () => {
    const hour = fc.integer({ min: 0, max: 23 });
    const text = fc.tuple(fc.constantFrom("daily", "weekdays", "weekends", "mon-wed", "sat,tue"), hour, hour);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (all) => {
        const schedule = Object.fromEntries(all.map(([days, from, to]) => [`${days} ${from}:00-${to}:00`, "1..5"]));
        fc.pre(Object.keys(schedule).every((key) => hoursComplaint(key) === undefined) && overlapComplaint(schedule) === undefined);
        const names = moments(schedule).map(([, cron]) => cron);
        assert.equal(new Set(names).size, names.length);
      }),
      { numRuns: 300 },
    );
  });

  const WRONG: [text: string, complaint: string | undefined][] = [
    ["weekdays 8-20", '"weekdays 8-20" is not a time of the week; write one like "weekdays 08:00-20:00 Europe/Berlin".'],
    ["weekdays 08:00-25:00", '"weekdays 08:00-25:00" is not a time of the week; write one like "weekdays 08:00-20:00 Europe/Berlin".'],
    ["weekdays 08:00-08:00", "it begins and ends at 08:00; choose two different times."],
    ["weekdays 08:00-20:00 Europe/Berlln", '"Europe/Berlln" is not a time zone; write one like "Europe/Berlin".'],
    ["mon-thu 8:00-20:00", undefined],
  ];
  for (const [text, complaint] of WRONG)
    it(`${complaint ? "are not" : "are"} ${text}`, () => assert.equal(hoursComplaint(text), complaint));

  it("are not of a day that there is not", () => {
    assert.match(
      hoursComplaint("mondey 08:00-20:00")!,
      /^"mondey" is not a day or days of the week; allowed: daily, weekdays, .*; did you mean "monday"\?$/,
    );
  });

  const OVERLAPS: Record<string, string>[] = [
    { "weekdays 08:00-20:00": "4..20", "friday 18:00-22:00": "6..9" },
    { "saturday 22:00-06:00": "4..20", "sunday 05:00-07:00": "6..9" },
    { "daily 08:00-20:00": "4..20", "monday 08:00-20:00": "6..9" },
  ];
  for (const schedule of OVERLAPS)
    it(`do not overlap: ${Object.keys(schedule).join(" and ")}`, () => {
      assert.match(overlapComplaint(schedule)!, /^".*" begins within ".*"; let the hours not overlap\.$/);
    });

  const RANGES: [text: string, complaint: string | undefined][] = [
    ["0..0", undefined],
    ["4..20", undefined],
    ["4-20", '"4-20" is not a range of tasks; write one like "4..20".'],
    ["20..4", '20 is above 4; write the fewest tasks first, such as "4..20".'],
    ["1..6000", "6000 is out of range; allowed: 0 to 5000 tasks; the nearest is 5000."],
  ];
  for (const [text, complaint] of RANGES)
    it(`${complaint ? "do not have" : "have"} a range of ${text}`, () => assert.equal(rangeComplaint(text), complaint));
});
