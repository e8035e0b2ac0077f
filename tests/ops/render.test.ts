import assert from "node:assert/strict";
import { familyOf, revisionName, shortTaskId, targetGroupName } from "../../facts/arns";
import { Display, table } from "../../ops/render";
import { quote } from "../../ops/verbs/exec";
import { duration, plural } from "../../tool/text";
import { revision, TARGET_GROUP_ARN } from "./answers";

const ESCAPE = "\u001b";
const MOVES = new RegExp(`${ESCAPE}\\[(\\d+)A${ESCAPE}\\[0J|([\\s\\S])`, "g");

/** What a terminal shows after the text was written to it: understands line ends, "up n lines" and "erase below". */
function screen(text: string): string[] {
  const lines = [""];
  let row = 0;
  for (const [, up, other] of text.matchAll(MOVES)) {
    if (up !== undefined) {
      row -= Number(up);
      lines.splice(row, lines.length, "");
    } else if (other === "\n") {
      row++;
      lines[row] = "";
    } else lines[row]! += other!;
  }
  return lines;
}

describe("the live display", () => {
  const written = (terminal: boolean, play: (display: Display) => void, width = 40) => {
    let text = "";
    const err = (more: string) => {
      text += more;
    };
    play(new Display({ err, erase: (lines) => err(`${ESCAPE}[${lines}A${ESCAPE}[0J`), terminal, width }));
    return text;
  };

  it("replaces the status on a terminal, and keeps events above it", () => {
    const text = written(true, (display) => {
      display.status(["0 of 2", "  stage one"], "1 s");
      display.event("a task stopped");
      display.status(["1 of 2"], "2 s");
      display.status(["2 of 2"], "3 s");
    });
    assert.deepEqual(screen(text), ["a task stopped", "2 of 2", "3 s", ""]);
  });

  it("cuts a line that would wrap", () => {
    const text = written(true, (display) => display.status(["a".repeat(50)], "1 s"), 10);
    assert.deepEqual(screen(text), [`${"a".repeat(9)}…`, "1 s", ""]);
  });

  it("writes a change once, no clock and no control codes elsewhere", () => {
    const text = written(false, (display) => {
      display.status(["0 of 2"], "1 s");
      display.status(["0 of 2"], "2 s");
      display.event("a task stopped");
      display.status(["1 of 2"], "3 s");
    });
    assert.equal(text, "0 of 2\na task stopped\n1 of 2\n");
  });
});

describe("a table", () => {
  it("has columns of equal width and no blanks at the end", () => {
    assert.deepEqual(
      table([
        ["A", "B", ""],
        ["long", "b", "c"],
      ]),
      ["A     B", "long  b  c"],
    );
  });
});

describe("names", () => {
  it("are the short ones that people know", () => {
    assert.equal(revisionName(revision(7)), "web:7");
    assert.equal(familyOf(revision(7)), "web");
    assert.equal(shortTaskId("arn:aws:ecs:us-east-1:111122223333:task/apps/0123456789abcdef"), "01234567");
    assert.equal(targetGroupName(TARGET_GROUP_ARN), "web-blue");
    assert.equal(plural(1, "task"), "1 task");
    assert.equal(plural(0, "task"), "0 tasks");
  });

  it("of time spans are rounded as people say them", () => {
    assert.deepEqual([0, 59.4, 59.6, 185, 3600, 7860].map(duration), [
      "0 s",
      "59 s",
      "1 min 00 s",
      "3 min 05 s",
      "1 h 00 min",
      "2 h 11 min",
    ]);
  });

  it("of commands survive a shell's word splitting", () => {
    assert.deepEqual(["ls", "a b", "it's", "$HOME", ""].map(quote), ["ls", "'a b'", "'it'\\''s'", "'$HOME'", "''"]);
  });
});
