import assert from "node:assert/strict";
import { tagComplaint, tagsComplaint } from "../../facts/tags";

describe("a tag", () => {
  const refused: [key: string, value: string, complaint: string][] = [
    ["Team", "R&D (EU)", 'the character "&" is not possible in a tag; allowed: letters, digits, spaces and "+ - = . _ : / @".'],
    ["Team!", "a", 'the character "!" is not possible in a tag; allowed: letters, digits, spaces and "+ - = . _ : / @".'],
    ["", "a", "a tag has no name; give it one."],
    ["AWS:team", "a", 'the tag "AWS:team" begins with "aws:", which AWS keeps for itself.'],
    ["k".repeat(129), "a", `the tag "${"k".repeat(20)}…" has 129 characters; allowed: 128.`],
    ["Team", "v".repeat(257), "the value has 257 characters; allowed: 256."],
  ];
  for (const [key, value, complaint] of refused)
    it(`that AWS refuses: ${key.slice(0, 10)}=${value.slice(0, 10)}`, () => assert.equal(tagComplaint(key, value), complaint));

  it("that AWS takes, to the last character", () => {
    for (const [key, value] of [
      ["Équipe 3", "ventes+achats=a.b_c:/d@e-f"],
      ["k".repeat(128), "v".repeat(256)],
      ["Team", ""],
    ])
      assert.equal(tagComplaint(key!, value!), undefined);
  });
});

describe("tags together", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, ""]));

  it("are at most fifty with the two of Berth's own", () => {
    assert.equal(tagsComplaint(many(48)), undefined);
    assert.equal(tagsComplaint(many(49)), "there are 51 tags with Project and Stack; allowed: 50.");
    assert.equal(tagsComplaint({ ...many(48), Project: "mine" }), undefined);
  });

  it("differ in more than case", () =>
    assert.equal(tagsComplaint({ team: "a", project: "b" }), '"project" and "Project" are one tag to IAM; leave out one of them.'));
});
