import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  type Arguments,
  type ArgumentsOf,
  flag,
  group,
  groupOr,
  input,
  integer,
  list,
  map,
  number,
  offOr,
  omit,
  oneOf,
  oneOrMore,
  optional,
  other,
  pick,
  plain,
  text,
} from "../../../components/base/schema";
import { complaintsOf, valuesOf } from "../../helpers/arguments";

const inner = group({ depth: optional(integer(0, 9), 3), name: optional(text()) });

describe("arguments", () => {
  it("have their defaults, within groups, lists and maps too", () => {
    const schema = group({
      port: optional(integer(1, 65535), 8000),
      user: optional(text()),
      inner: optional(inner, {}),
      none: optional(inner),
      many: list(inner),
      named: map(inner),
      log: optional(offOr(inner)),
    });
    assert.deepEqual(valuesOf(schema, { many: [{}, { depth: 5 }], named: { a: { name: "x" } }, log: {} }), {
      port: 8000,
      inner: { depth: 3 },
      many: [{ depth: 3 }, { depth: 5 }],
      named: { a: { depth: 3, name: "x" } },
      log: { depth: 3 },
    });
    assert.equal(valuesOf(schema, { many: [], named: {}, log: false }).log, false);
  });

  it("have defaults that follow from others", () => {
    const schema = group({ min: optional(integer(0, 99), 2), max: optional(integer(0, 99), ({ min }: { min: number }) => 5 * min) });
    assert.deepEqual([valuesOf(schema, {}).max, valuesOf(schema, { min: 3 }).max, valuesOf(schema, { min: 3, max: 4 }).max], [10, 15, 4]);
  });

  it("may be one value in place of a group that holds it", () => {
    const schema = group({ rollout: groupOr("strategy", group({ strategy: oneOf("slow", "fast"), step: optional(integer(1, 9), 2) })) });
    for (const rollout of ["fast", { strategy: "fast" }])
      assert.deepEqual(valuesOf(schema, { rollout }).rollout, { strategy: "fast", step: 2 });
    assert.deepEqual(complaintsOf(schema, { rollout: "fas" }), [
      'rollout: "fas" is not a valid value; allowed: slow, fast; did you mean "fast"?',
    ]);
    assert.deepEqual(complaintsOf(schema, { rollout: { strategy: "fast", step: 0 } }), [
      "rollout.step: 0 is out of range; allowed: 1 to 9; the nearest is 1.",
    ]);
  });

  it("may be one or several", () => {
    const schema = group({ words: oneOrMore(text()) });
    for (const words of ["a", ["a", "b"]]) assert.deepEqual(valuesOf(schema, { words }).words, words);
    assert.deepEqual(complaintsOf(schema, { words: [1] }), ["words[0]: 1 is not a string."]);
  });

  it("are read from strings, as a stack file holds them", () => {
    const schema = group({ port: integer(1, 99), on: flag(), share: number(0, 1), off: offOr(integer(1, 9)) });
    assert.deepEqual(valuesOf(schema, { port: "80", on: "false", share: "0.5", off: "false" }), {
      port: 80,
      on: false,
      share: 0.5,
      off: false,
    });
  });

  it("are what they are when Pulumi knows them only later, where they may be", () => {
    const schema = group({ url: input(text()), port: integer(1, 99), all: map(input(text())), tags: input(list(text())) });
    const later = pulumi.output("x");
    const promise = Promise.resolve(["x"]);
    const values = valuesOf(schema, { url: later, port: 1, all: { a: later, b: "x" }, tags: promise });
    assert.deepEqual([values.url === later, values.all.a === later, values.all.b, values.tags === promise], [true, true, "x", true]);
    assert.deepEqual(complaintsOf(schema, { url: later, port: pulumi.output(1), all: later, tags: promise }), [
      "port: an Output is not a number; allowed: 1 to 99.",
      "all: an Output is not an object with keys.",
    ]);
  });

  it("may be anything that is no plain value, and the same object comes out", () => {
    const thing = new Map();
    assert.equal(valuesOf(group({ thing: other<Map<string, string>>() }), { thing }).thing, thing);
  });

  it("are missing where there is no default", () => {
    const schema = group({
      thing: other<object>(),
      port: integer(1, 9),
      list: list(text()),
      map: map(text()),
      inner,
      either: offOr(integer(1, 9)),
    });
    const MISSING = "it is missing, and there is no default for it.";
    for (const given of [{}, { thing: undefined, port: undefined, list: undefined, map: undefined, inner: undefined, either: undefined }])
      assert.deepEqual(
        complaintsOf(schema, given),
        ["thing", "port", "list", "map", "inner", "either"].map((key) => `${key}: ${MISSING}`),
      );
  });

  it("are not null", () =>
    assert.deepEqual(complaintsOf(group({ port: optional(integer(1, 9), 1) }), { port: null }), [
      "port: null is not a number; allowed: 1 to 9.",
    ]));

  it("are known by their names, and by no name that every object has", () => {
    const schema = group({ port: optional(integer(1, 9)) });
    assert.deepEqual(complaintsOf(schema, { portt: 1 }), ['portt: there is no such key; did you mean "port"? Known here: port.']);
    assert.deepEqual(complaintsOf(schema, { toString: 1 }), ["toString: there is no such key. Known here: port."]);
  });

  it("of a map are what they are, whatever they are called", () => {
    const given = Object.fromEntries(["toString", "constructor", "__proto__"].map((key) => [key, "x"]));
    assert.deepEqual(valuesOf(group({ all: map(text()) }), { all: given }).all, given);
  });
});

describe("a rule about several arguments", () => {
  const asked: unknown[] = [];
  const schema = group(
    { min: optional(integer(0, 99), 2), max: optional(integer(0, 99), 9), inner: optional(inner, {}), url: optional(input(text())) },
    {
      about: ["min", "inner.depth"],
      at: "min",
      complain: (values, given) => {
        asked.push([values.min, values.inner.depth, given.min]);
        return values.min > values.inner.depth ? "too much" : undefined;
      },
    },
    { about: ["url"], at: "url", complain: ({ url }) => (url === undefined ? undefined : "given") },
    { about: ["max"], at: "max", complain: ({ max }) => (max === 1 ? [{ at: "inner.depth", text: "elsewhere" }] : undefined) },
  );
  beforeEach(() => asked.splice(0));

  it("is asked with the defaults, and knows what was given", () => {
    assert.deepEqual(complaintsOf(schema, {}), []);
    assert.deepEqual(complaintsOf(schema, { min: "4" }), ["min: too much"]);
    assert.deepEqual(asked, [
      [2, 3, undefined],
      [4, 3, 4],
    ]);
  });

  it("is asked while others are wrong, but not while its own are", () => {
    assert.deepEqual(complaintsOf(schema, { min: 4, max: -1 }), [
      "max: -1 is out of range; allowed: 0 to 99; the nearest is 0.",
      "min: too much",
    ]);
    assert.deepEqual(complaintsOf(schema, { min: 100 }), ["min: 100 is out of range; allowed: 0 to 99; the nearest is 99."]);
    assert.deepEqual(complaintsOf(schema, { min: 4, inner: { depth: 10 } }), [
      "inner.depth: 10 is out of range; allowed: 0 to 9; the nearest is 9.",
    ]);
    assert.deepEqual(complaintsOf(schema, { min: 4, inner: "x" }), ['inner: "x" is not an object with keys.']);
  });

  it("knows that a value is given that is known only later", () =>
    assert.deepEqual(complaintsOf(schema, { url: pulumi.output("x") }), ["url: given"]));

  it("may be about a value further within", () => assert.deepEqual(complaintsOf(schema, { max: 1 }), ["inner.depth: elsewhere"]));
});

describe("schemas", () => {
  const entries = { port: optional(integer(1, 9)), thing: other<object>(), name: text() };

  it("are picked from", () => {
    assert.deepEqual(Object.keys(plain(entries)), ["port", "name"]);
    assert.deepEqual(Object.keys(plain(entries, ["name"])), ["port"]);
    assert.deepEqual(Object.keys(omit(entries, "port")), ["thing", "name"]);
    assert.deepEqual(pick({ port: 1, stray: 2 }, entries), { port: 1 });
  });

  it("have an argument for each of the interface, of the same type, and no other", () => {
    interface Args {
      port?: number;
      name: string;
    }
    const right = { port: optional(integer(1, 9)), name: text() } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: name is missing
    const missing = { port: optional(integer(1, 9)) } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: no such argument
    const stray = { port: optional(integer(1, 9)), name: text(), color: text() } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: must be given
    const may = { port: optional(integer(1, 9)), name: optional(text()) } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: may be left out
    const must = { port: integer(1, 9), name: text() } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: a string
    const wrong = { port: optional(text()), name: text() } satisfies ArgumentsOf<Args>;
    // @ts-expect-error: only one of two words
    const narrow = { word: oneOf("a") } satisfies ArgumentsOf<{ word: "a" | "b" }>;
    // @ts-expect-error: may be known only later
    const early = { url: text() } satisfies ArgumentsOf<{ url: pulumi.Input<string> }>;
    const all: Arguments[] = [right, missing, stray, may, must, wrong, narrow, early];
    assert.equal(all.length, 8);
  });
});
