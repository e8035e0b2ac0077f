import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readEnvFile } from "../../facts/env-file";

const pairs = (text: string) => readEnvFile(text).variables.map(({ line, name, value }) => [line, name, value]);

describe("a file with environment variables", () => {
  it("has a variable on each line, comments and empty lines", () => {
    assert.deepEqual(pairs("# mode\nMODE=two\r\n\nURL=http://x/?a=b c\nEMPTY=\n"), [
      [2, "MODE", "two"],
      [4, "URL", "http://x/?a=b c"],
      [5, "EMPTY", ""],
    ]);
    assert.deepEqual(pairs("\uFEFFMODE=two"), [[1, "MODE", "two"]]);
  });

  const REFUSED: [line: string, complaint: RegExp][] = [
    ["export MODE=two", /^line 1: "export" is a shell's, and no shell reads the file; write NAME=value\.$/],
    ["MODE", /^line 1: MODE has no value; write MODE=value\.$/],
    ["MODE = two", /^line 1: it is not NAME=value; .* no space around "="\.$/],
    ["2MODE=two", /^line 1: it is not NAME=value/],
    [" MODE=two", /^line 1: it is not NAME=value/],
    ['MODE="two"', /^line 1: the quotes around the value of MODE would be part of it; leave them out\.$/],
    ["MODE='two'", /^line 1: the quotes around/],
    [
      "DB_PASSWORD=hunter2",
      /^line 1: DB_PASSWORD: its name says it holds a password, and the file is kept as it is in the state and in S3\. Give it as secrets/,
    ],
    ["KEY=AKIAIOSFODNN7EXAMPLE", /^line 1: KEY: its value has the form of an AWS access key id, and/],
  ];
  for (const [line, complaint] of REFUSED)
    it(`is refused with ${line.replace(/hunter2/, "…")}`, () => {
      const { complaints, variables } = readEnvFile(line);
      assert.equal(complaints.length, 1);
      assert.match(complaints[0]!, complaint);
      assert.deepEqual(variables, []);
      assert.doesNotMatch(complaints[0]!, /hunter2|AKIAIOSFODNN7EXAMPLE/);
    });

  it("says all that is wrong, by its line", () => {
    assert.deepEqual(
      readEnvFile("A=1\nB\n\nC D=1").complaints.map((one) => one.split(":")[0]),
      ["line 2", "line 4"],
    );
  });

  it("is read as it was written, whatever the values", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}x$/);
    const value = fc.stringMatching(/^[a-z0-9 =#$.]{0,20}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (given) => {
        const { variables, complaints } = readEnvFile(given.map(([key, text]) => `${key}=${text}`).join("\n"));
        assert.deepEqual(complaints, []);
        assert.deepEqual(
          variables.map((one) => [one.name, one.value]),
          given,
        );
      }),
    );
  });
});
