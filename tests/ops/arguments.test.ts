import assert from "node:assert/strict";
import { count, flag, jsonStrings, listOf, pattern, positive, strategy, strings, timeSpan } from "../../ops/arguments";

type Reader = (text: string) => unknown;

const ACCEPTED: [Reader, string, unknown][] = [
  [positive, "0.5", 0.5],
  [positive, " 7 ", 7],
  [count, "0", 0],
  [count, " 12 ", 12],
  [timeSpan, "30s", 30_000],
  [timeSpan, "10m", 600_000],
  [timeSpan, "2h", 7_200_000],
  [timeSpan, " 1d ", 86_400_000],
  [pattern, "a|b", /a|b/],
  [listOf, "a, b,,c", ["a", "b", "c"]],
  [listOf, ' ["a,b", "c"]', ["a,b", "c"]],
  [jsonStrings, '["a", "b"]', ["a", "b"]],
  [strings, '{"a": "b"}', { a: "b" }],
  [strategy, '[{"capacityProvider": "FARGATE", "weight": 1}]', [{ capacityProvider: "FARGATE", weight: 1 }]],
  ...["true", "TRUE", "enabled", "1"].map((text): [Reader, string, unknown] => [flag, text, true]),
  ...["false", "Disabled", "0", ""].map((text): [Reader, string, unknown] => [flag, text, false]),
];

const REFUSED: [Reader, string[], string][] = [
  [positive, ["", " ", "0", "-1", "x", "Infinity"], "It must be a number above 0."],
  [count, ["", "-1", "1.5", "x"], "It must be a whole number, 0 or more."],
  [timeSpan, ["", "10", "10w", "1.5h", "h", "x10s"], "It must be a number with s, m, h or d, such as 30m or 2h."],
  [pattern, ["("], "It must be a regular expression (Invalid regular expression: /(/: Unterminated group)."],
  [listOf, ["[1]", "[", '["a", 1]'], 'It must be a JSON array of strings, such as ["npm", "run", "migrate"].'],
  [jsonStrings, ["a", "{}", "null", "[1]"], 'It must be a JSON array of strings, such as ["npm", "run", "migrate"].'],
  [strings, ["a", "[]", "null", '{"a": 1}'], 'It must be a JSON object of strings, such as {"Stack": "dev"}.'],
  [
    strategy,
    ["FARGATE", "{}", "[1]", "[null]", '[{"weight": 1}]'],
    'It must be a JSON array such as [{"capacityProvider": "FARGATE", "weight": 1}].',
  ],
  [flag, ["yes", "2", "truee", "xfalse"], "It must be true or false."],
];

describe("the value of an option", () => {
  for (const [read, text, value] of ACCEPTED)
    it(`${JSON.stringify(text)} is taken by ${read.name}`, () => assert.deepEqual(read(text), value));
  for (const [read, texts, message] of REFUSED)
    for (const text of texts) it(`${JSON.stringify(text)} is refused by ${read.name}`, () => assert.throws(() => read(text), { message }));
});
