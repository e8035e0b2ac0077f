import assert from "node:assert/strict";
import { either, every, form, items, type Limit, length, range, words } from "../../facts/limits";

const cases: [limit: Limit, allowed: string, right: unknown[], wrong: [value: unknown, complaint: string][]][] = [
  [
    range(5, 300, "seconds"),
    "5 to 300 seconds",
    [5, 300, "60"],
    [
      [4, "4 is out of range; allowed: 5 to 300 seconds; the nearest is 5."],
      ["301", "301 is out of range; allowed: 5 to 300 seconds; the nearest is 300."],
      [5.5, "5.5 is not a whole number; allowed: 5 to 300 seconds; the nearest is 6."],
      ["", '"" is not a number.'],
      [Number.NaN, "null is not a number."],
      [{}, "{} is not a number."],
    ],
  ],
  [
    range(60, 86_400, "seconds", 60),
    "60 to 86400 seconds in steps of 60",
    [60, 120],
    [[90, "90 is not a multiple of 60; allowed: 60 to 86400 seconds in steps of 60; the nearest is 120."]],
  ],
  [range(1, Infinity), "1 or more", [1, 1e9], [[0, "0 is out of range; allowed: 1 or more; the nearest is 1."]]],
  [words("EC2", "ELB"), "EC2, ELB", ["EC2"], [["ec2", '"ec2" is not a valid value; allowed: EC2, ELB; did you mean "EC2"?']]],
  [words(60, 600), "60, 600", [60, "600"], [[90, "90 is not a valid value; allowed: 60, 600."]]],
  [
    form(/^a+$/, "letters a"),
    "letters a",
    ["aa"],
    [
      ["b", '"b" is not possible; allowed: letters a.'],
      [1, "1 is not a string."],
      ["b".repeat(70), `"${"b".repeat(59)}… is not possible; allowed: letters a.`],
    ],
  ],
  [
    length(1, 3),
    "1 to 3 characters",
    ["a", "abc"],
    [
      ["", "it has 0 characters; allowed: 1 to 3."],
      ["abcd", "it has 4 characters; allowed: 1 to 3."],
    ],
  ],
  [
    items(1, 2),
    "1 to 2 entries",
    [[1], { a: 1, b: 2 }],
    [
      [[], "it has 0 entries; allowed: 1 to 2."],
      [{ a: 1, b: 2, c: 3 }, "it has 3 entries; allowed: 1 to 2."],
    ],
  ],
  [
    every(length(1, 3), form(/^a/, "an a first")),
    "1 to 3 characters; an a first",
    ["ab"],
    [
      ["abcd", "it has 4 characters; allowed: 1 to 3."],
      ["b", '"b" is not possible; allowed: an a first.'],
    ],
  ],
  [either(words(0), range(30, 900)), "0, or 30 to 900", [0, 30], [[1, "1 is not possible; allowed: 0, or 30 to 900."]]],
];

describe("a limit", () => {
  for (const [limit, allowed, right, wrong] of cases) {
    it(`of ${allowed}`, () => {
      assert.equal(limit.allowed, allowed);
      for (const value of right) assert.equal(limit.complaint(value), undefined, String(value));
      for (const [value, complaint] of wrong) assert.equal(limit.complaint(value), complaint);
    });
  }

  it("names the first of many words", () => {
    const letters = [..."abcdefghijklmnopqrstuvwxyz"];
    assert.equal(words(...letters).allowed, "a, b, c and 23 others");
    assert.equal(words(...letters.slice(2)).allowed, letters.slice(2).join(", "));
  });
});
