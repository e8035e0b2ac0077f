import assert from "node:assert/strict";
import { LoadBalancer, type RedirectArgs, type ResponseArgs } from "../../../components";
import { maintenanceAction, redirectAction, responseAction } from "../../../components/load-balancer/answers";
import type { JsonObject } from "../../../facts/graph";
import { deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { makeService } from "../../helpers/variants";

const LISTENER = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2";
const balancer = (more = {}) => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...more });

describe("a redirect", () => {
  const targets: [to: string, redirect: object][] = [
    ["https://example.com", { protocol: "HTTPS", port: "443", host: "example.com" }],
    ["http://example.com:8080/", { protocol: "HTTP", port: "8080", host: "example.com", path: "/" }],
    ["https://#{host}/new/#{path}?from=old", { protocol: "HTTPS", port: "443", host: "#{host}", path: "/new/#{path}", query: "from=old" }],
    ["/new", { path: "/new" }],
    ["/new?", { path: "/new", query: "" }],
  ];
  for (const [to, redirect] of targets) {
    it(`to ${to} keeps what the target does not say`, () => {
      assert.deepEqual(redirectAction({ to, permanent: true }), { type: "redirect", redirect: { ...redirect, statusCode: "HTTP_301" } });
    });
  }

  it("is a rule of the load balancer's own, from its arguments or from the program", async () => {
    const www = { host: "www.example.com", to: "https://example.com", permanent: false };
    for (const make of [() => balancer({ redirects: { www } }), () => void balancer().redirect("www", www)]) {
      const made = await deploy(make);
      const rule = made.one("ListenerRule", "public-redirect-www");
      assert.deepEqual(rule.inputs.conditions, [{ hostHeader: { values: ["www.example.com"] } }]);
      assert.deepEqual((rule.inputs.actions as JsonObject[])[0]!.redirect, {
        protocol: "HTTPS",
        port: "443",
        host: "example.com",
        statusCode: "HTTP_302",
      });
      assert.deepEqual(made.sourcesOf(rule, "listenerArn"), ["Listener public-http"]);
      assert.deepEqual(Object.keys(rule.inputs.tags as object), ["Project", "Stack"]);
    }
  });

  it("is asked before what is wider, and with its own priority where it has one", async () => {
    let web = 0;
    const made = await deploy(() => {
      const lb = balancer({ redirects: { old: { path: "/old/*", to: "/new" }, fixed: { path: "/x", to: "/y", priority: 9 } } });
      web = lb.route({ path: "/*" }).priority("web");
    });
    const of = (name: string) => Number(made.inputs("ListenerRule", name).priority);
    assert.equal(of("public-redirect-fixed"), 9);
    assert.ok(of("public-redirect-old") < web);
  });

  it("on a load balancer that is there is for the stack's own domains", async () => {
    const args = { network: plainNetwork(), listenerArn: LISTENER, domain: ["a.example.com", "b.example.com"] };
    const made = await deploy(() => {
      LoadBalancer.existing("public", { ...args, redirects: { old: { path: "/old", to: "/" } } }).respond("gone", {
        path: "/gone",
        host: "c.example.com",
        status: 410,
      });
    });
    const hosts = (name: string) => (made.inputs("ListenerRule", name).conditions as JsonObject[])[0];
    assert.deepEqual(hosts("public-redirect-old"), { hostHeader: { values: ["a.example.com", "b.example.com"] } });
    assert.deepEqual(hosts("public-response-gone"), { hostHeader: { values: ["c.example.com"] } });
  });

  const refused: [args: RedirectArgs, complaint: string][] = [
    [{ to: "example.com" }, 'to: "example.com" is no place to redirect to; write a URL like "https://example.com", or a path like "/new".'],
    [{ to: "" }, 'to: "" is not a string; write one like "https://example.com".'],
    [{ path: "/a/*", to: "/a/b" }, "to: it leads to requests that the redirect takes, which would never end; narrow its host or path."],
    [
      { host: "*.example.com", to: "https://www.example.com" },
      "to: it leads to requests that the redirect takes, which would never end; narrow its host or path.",
    ],
    [{ host: "b", to: "/x" }, 'host: "b" does not end with a dot and letters, as in "*.example.com"; AWS takes no other host.'],
  ];
  for (const [args, complaint] of refused) {
    it(`is refused: ${JSON.stringify(args)}`, async () => {
      const at = 'LoadBalancer "public": redirects.x.';
      assert.equal(await refusal(() => balancer({ redirects: { x: args } })), `${at}${complaint}`);
      assert.equal(await refusal(() => balancer().redirect("x", args)), `${at}${complaint}`);
    });
  }

  it("may lead where it is only for some", async () => {
    const fine: RedirectArgs[] = [
      { path: "/a/*", to: "/b" },
      { to: "/b", methods: ["POST"] },
      { host: "www.example.com", to: "https://example.com" },
      { path: "/*", to: "https://#{host}/x" },
    ];
    for (const args of fine) await deploy(() => void balancer().redirect("x", args));
  });
});

describe("a fixed answer", () => {
  it("has the type of its text", () => {
    const type = (args: Partial<ResponseArgs>) => responseAction({ status: 410, ...args }).fixedResponse;
    assert.deepEqual(type({}), { contentType: "text/plain", statusCode: "410" });
    assert.deepEqual(type({ body: "<p>gone" }), { contentType: "text/html", messageBody: "<p>gone", statusCode: "410" });
    assert.deepEqual(type({ body: "{}", contentType: "application/json" }), {
      contentType: "application/json",
      messageBody: "{}",
      statusCode: "410",
    });
  });

  it("is a rule of the load balancer's own", async () => {
    const made = await deploy(() => balancer({ responses: { old: { path: "/v1/*", status: 410, body: "gone" } } }));
    const { conditions, actions } = made.inputs("ListenerRule", "public-response-old");
    assert.deepEqual(conditions, [{ pathPattern: { values: ["/v1/*"] } }]);
    assert.deepEqual(actions, [responseAction({ status: 410, body: "gone" })]);
  });

  const refused: [args: ResponseArgs, complaint: string][] = [
    [{ status: 302 }, "status: 302 sends requests elsewhere; that is a redirect."],
    [{ status: 100 }, "status: 100 is out of range; allowed: 200 to 599; the nearest is 200."],
    [{ status: 200, body: "x".repeat(1025) }, "body: 1025 characters; allowed: 1024."],
  ];
  for (const [args, complaint] of refused) {
    it(`is refused: ${complaint}`, async () =>
      assert.equal(await refusal(() => balancer().respond("x", args)), `LoadBalancer "public": responses.x.${complaint}`));
  }

  it("is refused where a route takes the same, and under a name that is none", async () => {
    assert.match(
      await refusal(() => balancer({ responses: { x: { status: 503 } } }).route({})),
      /^LoadBalancer "public": route\.path: two routes of this load balancer take \/\*; /,
    );
    assert.equal(
      await refusal(() => balancer({ responses: { "a b": { status: 503 } } })),
      'LoadBalancer "public": responses: "a b" cannot be a name; allowed: 1 to 24 letters, digits and "-".',
    );
  });
});

describe("maintenance", () => {
  it("is a page with the words that are given, in HTML", () => {
    const { fixedResponse } = maintenanceAction("Back at <8> & later") as { fixedResponse: { messageBody: string } };
    assert.match(fixedResponse.messageBody, /^<!doctype html>.*<p>Back at &#60;8&#62; &#38; later<\/p>/);
    assert.deepEqual({ ...fixedResponse, messageBody: "" }, { contentType: "text/html", messageBody: "", statusCode: "503" });
    assert.match(JSON.stringify(maintenanceAction(true)), /Down for maintenance\./);
  });

  for (const rollout of ["rolling", { strategy: "blueGreen", testHeader: { "x-preview": "yes" } }] as const) {
    it(`leaves everything else as it is, and is asked just before the route: ${typeof rollout === "string" ? rollout : "blueGreen"}`, async () => {
      const path = { path: "/api/*" };
      const [before, made] = [
        await deploy(() => makeService("FargateService", { rollout, path })),
        await deploy(() => makeService("FargateService", { rollout, path, maintenance: true })),
      ];
      const page = made.one("ListenerRule", "web-maintenance");
      for (const resource of before.resources)
        assert.deepEqual(made.resources.find(({ urn }) => urn === resource.urn)?.inputs, resource.inputs);
      assert.equal(made.resources.length, before.resources.length + 1);
      assert.deepEqual(page.inputs.conditions, [{ pathPattern: { values: ["/api/*"] } }]);
      const number = (name: string) => Number(made.inputs("ListenerRule", name).priority);
      if (rollout === "rolling") assert.equal(number("web-maintenance"), number("web") - 2);
      else {
        assert.equal(number("web-maintenance"), number("web-production") - 1);
        assert.equal(number("web-test"), number("web-maintenance") - 1);
      }
      assert.ok(made.one("aws:ecs/service:Service").dependencies.includes(page.urn), "the page is there before a deployment begins");
    });
  }

  it("is refused where nobody would see it, or where its words are too many", async () => {
    assert.equal(
      await refusal(() => makeService("FargateService", { path: false, maintenance: true })),
      'FargateService "web": maintenance: the load balancer shows the page, and this service has no route; give it one, or leave it out.',
    );
    assert.match(
      await refusal(() => makeService("FargateService", { maintenance: "x".repeat(1000) })),
      /^FargateService "web": maintenance: 1000 characters are too many for the page; allowed: about 7\d\d\.$/,
    );
    await deploy(() => makeService("FargateService", { path: false, maintenance: false }));
  });
});
