import assert from "node:assert/strict";
import { isColored, paintFor, visible } from "../../tool/paint";

describe("colors", () => {
  const cases: [env: NodeJS.ProcessEnv, terminal: boolean, elsewhere: boolean][] = [
    [{}, true, false],
    [{ TERM: "xterm" }, true, false],
    [{ TERM: "dumb" }, false, false],
    [{ CLICOLOR: "0" }, false, false],
    [{ CLICOLOR: "1" }, true, false],
    [{ NO_COLOR: "1" }, false, false],
    [{ NO_COLOR: "" }, true, false],
    [{ FORCE_COLOR: "1", TERM: "dumb" }, true, true],
    [{ FORCE_COLOR: "0" }, false, false],
    [{ FORCE_COLOR: "false" }, false, false],
    [{ FORCE_COLOR: "" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
    [{ CLICOLOR_FORCE: "1", CLICOLOR: "0" }, true, true],
    [{ CLICOLOR_FORCE: "0" }, true, false],
  ];
  for (const [env, terminal, elsewhere] of cases) {
    it(`are ${terminal ? "" : "not "}on a terminal and ${elsewhere ? "" : "not "}elsewhere with ${JSON.stringify(env)}`, () => {
      assert.equal(isColored({ isTTY: true }, env), terminal);
      assert.equal(isColored({}, env), elsewhere);
    });
  }

  it("do not count in the width of a text", () => {
    const paint = paintFor(true);
    assert.equal(visible(`${paint.bold("two")} ${paint.red("words")}`), 9);
    assert.equal(paintFor(false).red("plain"), "plain");
  });
});
