import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  conditionsComplaint,
  describe as describeRoute,
  type RouteConditions,
  ruleConditions,
} from "../../../components/load-balancer/conditions";
import { Priorities } from "../../../components/load-balancer/priorities";
import { asked, type Condition, covers } from "../../../facts/routes";
import { refuse } from "../../helpers/arguments";
import { messageOf } from "../../plan/projects";

const alone = (route: RouteConditions, service = "web") => new Priorities().assign(route, service, refuse);

describe("priorities of routes", () => {
  /** Each takes some of the requests of the one behind it, so AWS must ask it first. */
  const chains: [what: string, routes: RouteConditions[]][] = [
    ["longer paths", [{ path: "/api/v1/*" }, { path: "/api/*" }, { path: "/a*" }, { path: "/*" }]],
    ["a folder in a folder", [{ path: "/a/b/*" }, { path: "/a/*" }, {}]],
    ["one letter more", [{ path: "/abc*" }, { path: "/ab*" }, { path: "/a*" }]],
    ["deep folders", [{ path: "/a/long/way/down/into/the/tree/of/paths/x/*" }, { path: "/a/long/way/down/into/the/tree/of/paths/*" }]],
    ["an exact path", [{ path: "/api/" }, { path: "/api/*" }]],
    ["a host", [{ host: "api.example.com" }, { host: "*.example.com" }, {}]],
    ["a host of more labels", [{ host: "*.api.example.com" }, { host: "*.example.com" }, { host: "*.com" }]],
    ["a host with a letter open", [{ host: "api.example.com" }, { host: "ap?.example.com" }, {}]],
    ["a path on a host", [{ host: "api.example.com", path: "/v1/*" }, { host: "api.example.com" }, { path: "/*" }]],
    ["fewer hosts", [{ host: "a.example.com" }, { host: ["a.example.com", "b.example.com"] }, { host: "*.example.com" }]],
    ["fewer paths", [{ path: "/a/*" }, { path: ["/a/*", "/b/*"] }, { path: ["/a/*", "/b/*", "/c/*"] }, {}]],
    ["a path beside a wider one", [{ path: "/a/*" }, { path: ["/a/*", "/deep/down/*"] }]],
    ["how a part ends", [{ path: "/a/b" }, { path: "/a/b*" }, { path: "/a/*" }, { path: "/a*" }]],
    ["a part in the middle", [{ path: "/a/b/*" }, { path: "/*/b/*" }, { path: "/*/*" }, {}]],
    ["fewer methods", [...[1, 2, 3, 4, 5].map((count) => ({ methods: ["GET", "HEAD", "PUT", "POST", "DELETE"].slice(0, count) })), {}]],
    ["a method on a host", [{ host: "a.example.com", methods: ["GET"] }, { host: "a.example.com" }]],
    ["a longer mask", [{ sourceRanges: ["10.1.1.1/32"] }, { sourceRanges: ["10.1.0.0/16"] }, { sourceRanges: ["10.0.0.0/8"] }, {}]],
    ["a longer mask of IPv6", [{ sourceRanges: ["2001:db8::/48"] }, { sourceRanges: ["2001:db8::/32"] }]],
    ["fewer ranges", [{ sourceRanges: ["10.0.0.0/8"] }, { sourceRanges: ["10.0.0.0/8", "192.168.0.0/16"] }]],
    ["a parameter", [{ query: { v: "1" } }, { query: { v: "*" } }, { query: { "*": "*" } }, {}]],
    ["a value of a header", [{ headers: { a: "yes" } }, { headers: { a: "ye*" } }, { headers: { a: "y*" } }, { headers: { a: "*" } }]],
    ["a header", [{ headers: { "x-beta": "yes" } }, { path: "/*" }]],
    ["one header more", [{ headers: { "x-beta": "yes", "x-team": "red" } }, { headers: { "x-beta": "yes" } }]],
    ["a header on a path", [{ path: "/api/*", headers: { "x-beta": "yes" } }, { headers: { "x-beta": "yes" } }, { path: "/*" }]],
  ];
  for (const [what, routes] of chains) {
    it(`ask what is more specific first: ${what}`, () => {
      const given = routes.map((route) => alone(route));
      assert.deepEqual(
        given,
        [...given].sort((a, b) => a - b),
        routes.map(describeRoute).join(" < "),
      );
      assert.equal(new Set(given).size, given.length);
    });
  }

  it("ask a path inside another first, whatever their names", () => {
    const segment = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 6 }),
        segment,
        fc.option(fc.constantFrom("a.example.com", "*.example.com")),
        (above, below, host) => {
          const on = (segments: string[]) => ({ path: `/${segments.map((name) => `${name}/`).join("")}*`, ...(host && { host }) });
          assert.ok(alone(on([...above, below])) < alone(on(above)));
        },
      ),
    );
  });

  /** Routes of any kind that AWS takes, and what makes one narrower. */
  const list = <T>(one: fc.Arbitrary<T>) => fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
  const path = fc
    .tuple(list(fc.constantFrom("a", "b", "api", "v1", "x*", "*", "?", "a?")), fc.constantFrom("", "*", "/*", "/", "/x*"))
    .map(([segments, end]) => `/${segments.join("/")}${end}`);
  const value = fc.constantFrom("yes", "no", "*", "y*", "ye*", "?es");
  /** As many of the conditions, the first ones first, as AWS takes in one rule. */
  const fitting = (given: RouteConditions): RouteConditions => {
    const all = Object.entries(given);
    const counts = all.map((_, i) => all.length - i);
    const most = counts.find((count) => conditionsComplaint(Object.fromEntries(all.slice(0, count))) === undefined) ?? 0;
    return Object.fromEntries(all.slice(0, most));
  };
  const some = <T>(names: string[], one: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...names), one, { minKeys: 1, maxKeys: 2 });
  const route: fc.Arbitrary<RouteConditions> = fc
    .record(
      {
        host: list(
          fc.constantFrom("a.example.com", "B.example.com", "*.example.com", "a*.example.com", "?.example.com", "*.a.example.com"),
        ),
        path: list(path),
        methods: list(fc.constantFrom("GET", "HEAD", "POST")),
        query: some(["v"], list(value)),
        sourceRanges: list(fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "10.1.1.1/32", "192.168.0.0/16", "2001:db8::/32", "2001:db8::/48")),
        headers: some(["x-a", "x-b"], list(value)),
      },
      { requiredKeys: [] },
    )
    .map(fitting);
  /** Some values of a list, each with a wildcard of its own filled in or not. */
  const narrowedList = (values: string[]) =>
    fc
      .shuffledSubarray(values, { minLength: 1 })
      .chain((kept) =>
        fc.tuple(
          ...kept.map((one) =>
            fc
              .tuple(fc.constantFrom("*", "", "q*", "*q", "q", "q/*"), fc.constantFrom("?", "q"))
              .map(([star, letter]) => (/\d/.test(one) ? one : one.replace("*", star).replace("?", letter))),
          ),
        ),
      );
  const narrowedMap = (map: Record<string, string[]>) =>
    fc
      .tuple(...Object.values(map).map(narrowedList))
      .map((values) => Object.fromEntries(Object.keys(map).map((key, i) => [key, values[i]!])));
  const narrowed = (wide: RouteConditions): fc.Arbitrary<RouteConditions> =>
    fc
      .tuple(
        route,
        ...Object.values(wide).map((given: string[] | Record<string, string[]>) =>
          Array.isArray(given) ? narrowedList(given) : narrowedMap(given),
        ),
      )
      .map(([more, ...values]) => {
        const its = Object.fromEntries(Object.keys(wide).map((key, i) => [key, values[i]]));
        return fitting({ ...its, ...more, ...its });
      });
  const asks = (given: RouteConditions) => asked(ruleConditions(given));
  /** Both list a value beside others: then they may have one level. */
  const share = (one: Condition[], other: Condition[]) =>
    one.some(({ field, values }) =>
      other.some((its) => its.field === field && values.length > 1 && its.values.length > 1 && values.some((v) => its.values.includes(v))),
    );

  /** Paths of more than four parts that have a wildcard before the last one share a level, however much they say. */
  const isCoarse = ({ path = [] }: RouteConditions) => [path].flat().some((one) => one.split("/").length > 5 && /[*?].*\//.test(one));

  it("ask what takes only requests of another first, in whatever stack it is", () => {
    const stack = route.chain((wide) => fc.tuple(fc.constant(wide), narrowed(wide), narrowed(wide), route));
    let compared = 0;
    fc.assert(
      fc.property(fc.array(stack, { minLength: 1, maxLength: 4 }), fc.string(), (stacks, name) => {
        // Each stack knows its own routes alone.
        const all = stacks.flat().map((given, i) => ({ given, asks: asks(given), priority: alone(given, `${name}${i}`) }));
        for (const wide of all) {
          for (const narrow of all) {
            const isNarrower = covers(wide.asks, narrow.asks) && !covers(narrow.asks, wide.asks);
            if (!isNarrower || share(wide.asks, narrow.asks) || (isCoarse(wide.given) && isCoarse(narrow.given))) continue;
            compared++;
            assert.ok(narrow.priority < wide.priority, `${describeRoute(narrow.given)} before ${describeRoute(wide.given)}`);
          }
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(compared > 5000, String(compared));
  });

  it("do not depend on the order or the case in which conditions are given", () => {
    const given = { host: ["a.example.com", "b.example.com"], headers: { "x-a": ["1", "2"], "X-B": "yes" }, methods: ["GET", "PUT"] };
    const other = { methods: ["PUT", "GET"], headers: { "x-b": "YES", "X-A": ["2", "1"] }, host: ["B.example.com", "A.example.com"] };
    assert.equal(alone(given), alone(other));
  });

  const paths = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,12}\/\*$/), { minLength: 1, maxLength: 100 });

  it("are unique and in AWS's range, with room for three more rules before each", () => {
    fc.assert(
      fc.property(fc.uniqueArray(route, { maxLength: 8, selector: (one) => JSON.stringify(asks(one)) }), paths, (routes, more) => {
        const priorities = new Priorities();
        const given = [...routes.map((one) => alone(one)), ...more.map((path) => priorities.assign({ path }, "web", refuse))];
        assert.equal(new Set(given.slice(routes.length)).size, more.length);
        for (const priority of given) assert.ok(priority >= 4 && priority <= 50_000 && priority % 3 === 2, String(priority));
      }),
    );
  });

  it("rarely clash between stacks that do not know each other", () => {
    const clashing = (stacks: number, given: (name: string) => RouteConditions) => {
      const worlds = Array.from({ length: 100 }, (_, world) =>
        Array.from({ length: stacks }, (_, i) => alone(given(`service-${world}-${i}`), `s${world}-${i}`)),
      );
      return worlds.filter((numbers) => new Set(numbers).size < stacks).length;
    };
    assert.ok(clashing(10, (name) => ({ host: `${name}.example.com` })) <= 6);
    assert.ok(clashing(25, (name) => ({ host: `${name}.example.com` })) <= 20);
    assert.ok(clashing(25, (name) => ({ path: `/${name}/*` })) <= 25);
    assert.ok(clashing(25, (name) => ({ host: "app.example.com", path: `/${name}/*` })) <= 25);
  });

  it("follow from the route, not from what is there besides, as long as no two want the same", () => {
    fc.assert(
      fc.property(paths, (routes) => {
        const wanted = routes.map((path) => alone({ path }));
        fc.pre(new Set(wanted).size === wanted.length);
        const [forwards, backwards] = [new Priorities(), new Priorities()];
        assert.deepEqual(
          routes.map((path) => forwards.assign({ path }, "web", refuse)),
          wanted,
        );
        assert.deepEqual(
          [...routes].reverse().map((path) => backwards.assign({ path }, "web", refuse)),
          [...wanted].reverse(),
        );
      }),
    );
  });

  it("are there for a hundred services of like names", () => {
    const priorities = new Priorities();
    const numbers = Array.from({ length: 100 }, (_, i) => i + 100);
    const given = numbers.map((number) => priorities.assign({ path: `/service-${number}/*` }, `service-${number}`, refuse));
    assert.equal(new Set([...given, priorities.assign({}, "web", refuse)]).size, 101);
    assert.ok(Math.max(...given) < alone({}));
  });

  it("stay what a deployed stack has", () => {
    // A new number for the same route would renumber the rules of every stack that is up, and AWS refuses two rules that swap places.
    assert.equal(alone({ path: "/*" }), 49892);
  });

  it("differ for the services that take a route one after the other: the new rule does not want what the old one still has", () => {
    assert.notEqual(alone({ path: "/*" }, "web"), alone({ path: "/*" }, "shop"));
    const routes = [{ path: "/a/*" }, { path: "/b/*" }];
    const numbers = routes.flatMap((route) => ["web", "api"].map((service) => alone(route, service)));
    assert.equal(new Set(numbers).size, 4);
  });

  it("have nothing in common with the numbers of earlier versions, which a stack has until its next update", () => {
    for (const path of ["/*", "/a/*", "/b/*"]) assert.equal(alone({ path }) % 3, 2);
  });
});

describe("explicit priorities", () => {
  it("are reserved as they are", () => assert.doesNotThrow(() => new Priorities().reserve({ path: "/x" }, 7, refuse)));

  it("make way for none: a chosen one goes elsewhere", () => {
    const priorities = new Priorities();
    const wanted = alone({ path: "/x/*" });
    priorities.reserve({ path: "/y/*" }, wanted, refuse);
    assert.notEqual(priorities.assign({ path: "/x/*" }, "web", refuse), wanted);
  });

  it("clash", async () => {
    const priorities = new Priorities();
    priorities.reserve({ host: "a.example.com", path: "/v1/*", headers: { "x-b": ["1", "2"], "x-a": "3" } }, 7, refuse);
    assert.equal(
      await messageOf(() => priorities.reserve({}, 7, refuse)),
      "priority: 7 is taken by the route a.example.com/v1/* with x-a: 3, x-b: 1 or 2; give /* another one, or leave it out.",
    );
  });

  it("are needed by nobody for two routes that take the same", async () => {
    const priorities = new Priorities();
    priorities.reserve({ path: "/*" }, undefined, refuse);
    assert.equal(
      await messageOf(() => priorities.reserve({}, undefined, refuse)),
      "path: two routes of this load balancer take /*; the second would never be reached. Give them different conditions.",
    );
  });

  it("are needed by nobody for twins in other words, and given to those that differ", async () => {
    const priorities = new Priorities();
    priorities.reserve({ host: ["A.example.com", "b.example.com"], path: "/*", methods: ["GET", "PUT"] }, undefined, refuse);
    assert.equal(
      await messageOf(() => priorities.reserve({ host: ["b.example.com", "a.example.com"], methods: ["PUT", "GET"] }, undefined, refuse)),
      "path: two routes of this load balancer take {PUT, GET} {b.example.com, a.example.com}/* (as {GET, PUT} {A.example.com, b.example.com}/*); the second would never be reached. Give them different conditions.",
    );
    for (const other of [{ methods: ["GET"] }, { methods: ["GET", "PUT"], sourceRanges: ["10.0.0.0/8"] }, {}])
      priorities.reserve({ host: ["a.example.com", "b.example.com"], ...other }, undefined, refuse);
    priorities.reserve({ path: "/Api/*" }, undefined, refuse);
    priorities.reserve({ path: "/api/*" }, undefined, refuse);
  });
});
