/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
import assert from "node:assert/strict";
import { interpolate, readVariables } from "../../../adopt/compose/variables";

const set = { A: "1", EMPTY: "", DEEP: "d" };

describe("the variables of a compose file", () => {
  const table: [text: string, expected: string, unset?: string[]][] = [
    ["plain", "plain"],
    ["$A and ${A}", "1 and 1"],
    ["$$A", "$A"],
    ["$$$A", "$1"],
    ["100$", "100$"],
    ["${NO}", "", ["NO"]],
    ["$NO-x", "-x", ["NO"]],
    ["${NO:-b}", "b"],
    ["${NO-b}", "b"],
    ["${EMPTY:-b}", "b"],
    ["${EMPTY-b}", ""],
    ["${A:-b}", "1"],
    ["${NO:-${DEEP:-x}}!", "d!"],
    ["${NO:-${NEITHER}}", "", ["NEITHER"]],
    ["${A:+yes}${NO:+yes}${EMPTY:+yes}${EMPTY+yes}", "yesyes"],
    ["${NO:?must be there}", "", ["NO"]],
    ["${A:?must be there}", "1"],
    ["${not a name}", "${not a name}"],
    ["${unclosed", "${unclosed"],
  ];
  for (const [text, expected, unset = []] of table) {
    it(`${text} is "${expected}"${unset.length > 0 ? `, and ${unset.join()} is not set` : ""}`, () => {
      const found = interpolate(text, set);
      assert.deepEqual([found.text, found.unset], [expected, unset]);
    });
  }

  it("are read from a file as Compose reads it", () => {
    const text = [
      "# comment",
      "PLAIN=a b # why",
      "HASH=a#b",
      "  SPACED =  x  ",
      "export EXPORTED=e",
      'DOUBLE="a\\nb $PLAIN \\"q\\""',
      "SINGLE='$PLAIN \\n'",
      'LINES="-----BEGIN\n-----END"',
      "EMPTY=",
      "GIVEN",
      "NOT_GIVEN",
      "USES=${PLAIN}-${GIVEN:-x}",
    ].join("\r\n");
    assert.deepEqual(readVariables(text, { GIVEN: "g" }), {
      PLAIN: "a b",
      HASH: "a#b",
      SPACED: "x",
      EXPORTED: "e",
      DOUBLE: 'a\nb a b "q"',
      SINGLE: "$PLAIN \\n",
      LINES: "-----BEGIN\n-----END",
      EMPTY: "",
      GIVEN: "g",
      USES: "a b-g",
    });
  });
});
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are Compose's, not this file's */
