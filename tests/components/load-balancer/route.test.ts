import assert from "node:assert/strict";
import { describe as describeRoute, type RouteConditions, ruleConditions } from "../../../components/load-balancer/conditions";
import { transforms } from "../../../components/load-balancer/route";
import { deploy } from "../../helpers/deploy";
import { makeService } from "../../helpers/variants";

describe("what a rule asks of a request", () => {
  const cases: [given: RouteConditions, conditions: object[], said: string][] = [
    [{}, [{ pathPattern: { values: ["/*"] } }], "/*"],
    [{ host: "a.com" }, [{ hostHeader: { values: ["a.com"] } }], "a.com/*"],
    [
      { host: ["a.com", "b.com"], path: ["/x/*", "/y"] },
      [{ hostHeader: { values: ["a.com", "b.com"] } }, { pathPattern: { values: ["/x/*", "/y"] } }],
      "{a.com, b.com}{/x/*, /y}",
    ],
    [
      { methods: ["GET", "HEAD"], query: { v: ["1", "2"], w: "*" }, sourceRanges: ["10.0.0.0/8"], headers: { "x-a": "1" } },
      [
        { httpRequestMethod: { values: ["GET", "HEAD"] } },
        {
          queryStrings: [
            { key: "v", value: "1" },
            { key: "v", value: "2" },
          ],
        },
        { queryStrings: [{ key: "w", value: "*" }] },
        { sourceIp: { values: ["10.0.0.0/8"] } },
        { httpHeader: { httpHeaderName: "x-a", values: ["1"] } },
      ],
      "{GET, HEAD} /* with v=1 or 2, w=*, x-a: 1 from 10.0.0.0/8",
    ],
  ];
  for (const [given, conditions, said] of cases) {
    it(said, () => {
      assert.deepEqual(ruleConditions(given), conditions);
      assert.equal(describeRoute(given), said);
    });
  }
});

describe("a path that is rewritten", () => {
  /** What an app sees of a request, as a load balancer replaces what its expression matches. */
  const seen = (route: Parameters<typeof transforms>[0], request: string) => {
    const [made] = transforms(route) as unknown[];
    const { regex, replace } = (made as { urlRewriteConfig: { rewrite: { regex: string; replace: string } } }).urlRewriteConfig.rewrite;
    return request.replace(new RegExp(regex), replace);
  };
  const cases: [path: string | string[] | undefined, rewrite: string, request: string, app: string][] = [
    ["/api/*", "/", "/api/users?q=/api/", "/users?q=/api/"],
    ["/api/*", "/", "/api/", "/"],
    ["/api/*", "/v2", "/api/users", "/v2/users"],
    ["/api/*", "/v2/", "/api/users", "/v2/users"],
    ["/api*", "/", "/api/users", "/users"],
    ["/api*", "/", "/api", "/"],
    [["/api", "/api/*"], "/", "/api", "/"],
    [["/api/*", "/api/v1/*"], "/", "/api/v1/users", "/users"],
    [["/api/*", "/api/v1/*"], "/", "/api/v2/users", "/v2/users"],
    ["/a.b+c$/*", "/", "/a.b+c$/x", "/x"],
    ["/a.b/*", "/", "/acb/x", "/acb/x"],
    [undefined, "/v2", "/users", "/v2/users"],
  ];
  for (const [path, rewrite, request, app] of cases)
    it(`${String(path)} as ${rewrite}: ${request} is ${app}`, () => assert.equal(seen({ ...(path && { path }), rewrite }, request), app));

  it("is none unless it is asked for", () => assert.deepEqual(transforms({ path: "/api/*" }), []));

  it("is rewritten by every rule of the service, whatever its rollout", async () => {
    const rewrite = { regex: "^/api/?(.*)$", replace: "/$1" };
    for (const rollout of ["rolling", { strategy: "blueGreen", testHeader: { "x-preview": "yes" } }] as const) {
      const made = await deploy(() => makeService("FargateService", { rollout, path: { path: "/api/*", rewrite: "/" } }));
      const rules = made.all("ListenerRule");
      assert.equal(rules.length, rollout === "rolling" ? 1 : 2);
      for (const { inputs } of rules) assert.deepEqual(inputs.transforms, [{ type: "url-rewrite", urlRewriteConfig: { rewrite } }]);
    }
    const plain = await deploy(() => makeService("FargateService"));
    assert.ok(!("transforms" in plain.inputs("ListenerRule")));
  });
});
