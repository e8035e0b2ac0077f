import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe as describeRoute, Priorities, type RouteConditions } from "../../../components/load-balancer/priorities";
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
    ["a host of more labels", [{ host: "*.api.example.com" }, { host: "*.example.com" }, { host: "*" }]],
    ["a host with a letter open", [{ host: "api.example.com" }, { host: "ap?.example.com" }, {}]],
    ["a path on a host", [{ host: "api.example.com", path: "/v1/*" }, { host: "api.example.com" }, { path: "/*" }]],
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

  const paths = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,12}\/\*$/), { minLength: 1, maxLength: 100 });

  it("are unique and in AWS's range, with room for two more rules before each", () => {
    fc.assert(
      fc.property(paths, (routes) => {
        const priorities = new Priorities();
        const given = routes.map((path) => priorities.assign({ path }, "web", refuse));
        assert.equal(new Set(given).size, given.length);
        for (const priority of given) assert.ok(priority >= 3 && priority <= 50_000 && priority % 3 === 1, String(priority));
      }),
    );
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
    assert.equal(alone({ path: "/*" }), 46759);
  });

  it("differ for the services that take a route one after the other: the new rule does not want what the old one still has", () => {
    assert.notEqual(alone({ path: "/*" }, "web"), alone({ path: "/*" }, "shop"));
    const routes = [{ path: "/a/*" }, { path: "/b/*" }];
    const numbers = routes.flatMap((route) => ["web", "api"].map((service) => alone(route, service)));
    assert.equal(new Set(numbers).size, 4);
  });

  it("have nothing in common with the numbers of version 0.1, which a stack has until its next update", () => {
    for (const path of ["/*", "/a/*", "/b/*"]) assert.notEqual(alone({ path }) % 3, 0);
  });
});

describe("explicit priorities", () => {
  it("are admitted as they are", () => assert.doesNotThrow(() => new Priorities().admit({ path: "/x" }, 7, refuse)));

  it("make way for none: a chosen one goes elsewhere", () => {
    const priorities = new Priorities();
    const wanted = alone({ path: "/x/*" });
    priorities.admit({ path: "/y/*" }, wanted, refuse);
    assert.notEqual(priorities.assign({ path: "/x/*" }, "web", refuse), wanted);
  });

  it("clash", async () => {
    const priorities = new Priorities();
    priorities.admit({ host: "a.example.com", path: "/v1/*", headers: { "x-b": ["1", "2"], "x-a": "3" } }, 7, refuse);
    assert.equal(
      await messageOf(() => priorities.admit({}, 7, refuse)),
      "priority: 7 is taken by the route a.example.com/v1/* with x-a: 3, x-b: 1 or 2; give /* another one, or leave it out.",
    );
  });

  it("are needed by nobody for two routes that take the same", async () => {
    const priorities = new Priorities();
    priorities.admit({ path: "/*" }, undefined, refuse);
    assert.equal(
      await messageOf(() => priorities.admit({}, undefined, refuse)),
      "path: two routes of this load balancer take /*; the second would never be reached. Give them different hosts, paths or headers.",
    );
  });
});
