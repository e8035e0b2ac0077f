import assert from "node:assert/strict";
import * as fc from "fast-check";
import { asked, canonical, covers, freePriority, isWithin, type RuleCondition, said, valuesOf } from "../../facts/routes";

const path = (...values: string[]): RuleCondition => ({ pathPattern: { values } });
const host = (...values: string[]): RuleCondition => ({ hostHeader: { values } });
const header = (httpHeaderName: string, ...values: string[]): RuleCondition => ({ httpHeader: { httpHeaderName, values } });
const method = (...values: string[]): RuleCondition => ({ httpRequestMethod: { values } });
const query = (...queryStrings: { key?: string; value: string }[]): RuleCondition => ({ queryStrings });
const source = (...values: string[]): RuleCondition => ({ sourceIp: { values } });
const takes = (wide: RuleCondition[], narrow: RuleCondition[]) => covers(asked(wide), asked(narrow));

describe("a pattern within another", () => {
  /** All texts of up to six letters, one of which no pattern names. */
  const texts = [""];
  for (let length = 1, last = [""]; length <= 6; length++) {
    last = last.flatMap((text) => ["a", "b", "z"].map((letter) => text + letter));
    texts.push(...last);
  }
  const matcher = (pattern: string) => new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  const pattern = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 5 }).map((letters) => letters.join(""));

  it("matches nothing else, and says more where it matches less", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const [narrow, wide] = [matcher(one), matcher(other)];
        const isIn = texts.every((text) => !narrow.test(text) || wide.test(text));
        assert.equal(isWithin(one, other), isIn, `${one} in ${other}`);
        if (isIn && !isWithin(other, one)) assert.ok(said(one) > said(other), `${one} in ${other}`);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("a rule that takes all that another takes", () => {
  const cases: [what: string, wide: RuleCondition[], narrow: RuleCondition[], both?: boolean][] = [
    ["every path, the path that is said", [path("/*")], [path("/api/*")]],
    ["every path, said or not", [path("/*"), host("a.com")], [host("a.com")], true],
    ["every path beside another", [path("/a", "/*"), host("a.com")], [host("a.com")], true],
    ["hosts in another order and case", [host("A.com", "b.com")], [host("b.com", "a.COM")], true],
    ["more hosts", [host("a.com", "b.com")], [host("a.com")]],
    ["hosts with a wildcard", [host("*.a.com")], [host("x.a.com", "y.a.com")]],
    ["a value named twice", [path("/a", "/a*")], [path("/a*")], true],
    ["fewer conditions", [path("/a/*")], [path("/a/*"), method("GET")]],
    ["more methods", [method("GET", "PUT")], [method("PUT")]],
    ["a wider range", [source("10.0.0.0/8")], [source("10.1.0.0/16", "10.2.0.1/32")]],
    ["a wider range of IPv6", [source("2001:db8::/32")], [source("2001:db8:1::/48")]],
    ["headers whatever their case", [header("X-A", "Yes")], [header("x-a", "yes")], true],
    ["a value left open", [header("x-a", "y*")], [header("x-a", "yes", "yep")]],
    ["any parameter", [query({ value: "1" })], [query({ key: "v", value: "1" })]],
    ["one of two parameters", [query({ key: "v", value: "1" }, { key: "w", value: "1" })], [query({ key: "V", value: "1" })]],
    ["one condition of two on a header", [header("x-a", "*1*")], [header("x-a", "*1*"), header("x-a", "*2*")]],
    ["wildcards in another order", [path("/a?**")], [path("/a*?")], true],
    ["the same expression", [{ pathPattern: { regexValues: ["^/a"] } }], [{ pathPattern: { regexValues: ["^/a"] } }], true],
  ];
  for (const [what, wide, narrow, both = false] of cases) {
    it(what, () => {
      assert.ok(takes(wide, narrow));
      assert.equal(takes(narrow, wide), both);
    });
  }

  const apart: [what: string, one: RuleCondition[], other: RuleCondition[]][] = [
    ["paths of another case", [path("/A")], [path("/a")]],
    ["methods", [method("GET")], [method("PUT")]],
    ["headers of another name", [header("x-a", "1")], [header("x-b", "1")]],
    ["ranges of two kinds", [source("0.0.0.0/0")], [source("::/0")]],
    ["a value that only looks like another's name", [query({ key: "a", value: "x=b" })], [query({ key: "a=x", value: "b" })]],
    ["an expression and a pattern", [{ pathPattern: { regexValues: ["/a"] } }], [path("/a")]],
    ["other fields", [host("a.com")], [path("/a")]],
  ];
  for (const [what, one, other] of apart)
    it(`is none of two with ${what}`, () => assert.deepEqual([takes(one, other), takes(other, one)], [false, false]));

  it("has the same text as its twin, and as no other", () => {
    for (const [what, wide, narrow, both = false] of cases) assert.equal(canonical(asked(wide)) === canonical(asked(narrow)), both, what);
  });

  it("is told by the values of all conditions", () => {
    assert.deepEqual(
      valuesOf([
        path("/a"),
        host("a.com"),
        header("x", "1"),
        method("GET"),
        source("10.0.0.0/8"),
        query({ value: "1" }, { key: "k", value: "2" }),
      ]),
      ["/a", "a.com", "1", "GET", "10.0.0.0/8", "1", "k=2"],
    );
    assert.deepEqual(valuesOf([{ hostHeader: { regexValues: ["a"] } }]), ["a"]);
  });
});

describe("a number that is free", () => {
  const rule = (priority: number, ...paths: string[]) => ({ priority, asks: asked([path(...paths)]) });

  it("is the nearest with room before it and before the next", () => {
    assert.equal(freePriority(rule(100, "/a/*"), []), 100);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(100, "/b/*")]), 104);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(103, "/b/*")]), 99);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(104, "/b/*")]), 100);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(97, "/b/*")]), 101);
    assert.equal(freePriority(rule(2, "/a/*"), []), 4);
    assert.equal(freePriority(rule(50_000, "/a/*"), [rule(50_000, "/b/*")]), 49_996);
  });

  it("keeps the order: after what takes less, before what takes more", () => {
    assert.equal(freePriority(rule(200, "/a/*"), [rule(100, "/*")]), 96);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(200, "/a/b/*")]), 204);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(200, "/a/b/*"), rule(203, "/*")]), undefined);
    assert.equal(freePriority(rule(100, "/a/*"), [rule(100, "/a/*")]), 104, "its twin may come before or after");
  });
});
