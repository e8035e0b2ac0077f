import assert from "node:assert/strict";
import { Cluster, FargateService, LoadBalancer, type RouteArgs } from "../../../components";
import type { Plan } from "../../../plan/plan-json";
import { compareMarkdown, compareText } from "../../../plan/report/report-compare";
import { compare, endangersState } from "../../../plan/update/compare";
import { sharedListeners } from "../../../plan/update/shared-listeners";
import { paintFor } from "../../../tool/paint";
import { deploy } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const listener = (id: string) => `arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/public/50dc6c495c0c9188/${id}`;

/** A stack with services on a listener of another stack, by name. */
const stack =
  (project: string, routes: Record<string, RouteArgs>, id = "f2f7dc8efc522ab2") =>
  async (): Promise<Plan> => {
    const { resources } = await deploy(() => {
      const network = plainNetwork();
      const cluster = new Cluster("apps", { network });
      const lb = LoadBalancer.existing("public", { network, listenerArn: listener(id) });
      for (const [name, route] of Object.entries(routes)) new FargateService(name, { cluster, image: "web:1", route: lb.route(route) });
    });
    return { project, stack: "prod", resources } as unknown as Plan;
  };
const told = async (other: () => Promise<Plan>, own: () => Promise<Plan>) =>
  sharedListeners(await other(), await own()).map(({ kind, what, text, advice }) => `${kind}: ${what}: ${text}: ${advice}`);

describe("the rules of two stacks on one listener", () => {
  it("are fine where each gets requests and has its own number", async () => {
    assert.deepEqual(await told(stack("shop", { shop: { path: "/shop/*" } }), stack("blog", { blog: { path: "/blog/*" }, all: {} })), []);
  });

  it("clash by a number, and the plan names one that keeps the order", async () => {
    assert.deepEqual(
      await told(
        stack("shop", { shop: { path: "/shop/*", priority: 100 } }),
        stack("blog", {
          blog: { path: "/blog/*", priority: 100 },
          drafts: { path: "/blog/drafts/*", priority: 98 },
          all: { priority: 104 },
        }),
      ),
      [
        "refused: ListenerRule blog: its priority 100 belongs to ListenerRule shop of shop/prod on the same listener: Give it other conditions: no number is free where it would be asked.",
      ],
    );
    assert.deepEqual(
      await told(stack("shop", { shop: { path: "/shop/*", priority: 100 } }), stack("blog", { blog: { path: "/blog/*", priority: 100 } })),
      [
        "refused: ListenerRule blog: its priority 100 belongs to ListenerRule shop of shop/prod on the same listener: Set its priority to 104 (`service.priority`, or `priority` of `lb.route`).",
      ],
    );
  });

  it("take each other's requests, and the plan says which gets none", async () => {
    const [wide, narrow] = [
      { path: "/*", priority: 100 },
      { path: "/blog/*", priority: 200 },
    ];
    assert.deepEqual(await told(stack("shop", { shop: wide }), stack("blog", { blog: narrow })), [
      "traffic: ListenerRule blog: no request reaches it: ListenerRule shop of shop/prod (priority 100) takes all of them: Set its priority to 96 (`service.priority`, or `priority` of `lb.route`).",
    ]);
    assert.deepEqual(await told(stack("blog", { blog: narrow }), stack("shop", { shop: wide })), [
      "traffic: ListenerRule shop: it takes all requests of ListenerRule blog of blog/prod (priority 200): Set its priority to 204 (`service.priority`, or `priority` of `lb.route`).",
    ]);
  });

  it("are told in a comparison of the two, which fails where a pipeline asks for that", async () => {
    const cost = {
      region: "eu-west-3",
      currency: "USD",
      monthlyIdle: 1,
      prices: { region: "eu-west-3", date: "2026-11-01", borrowed: [] },
    };
    const [other, own] = [
      await stack("shop", { shop: { priority: 100 } })(),
      await stack("blog", { blog: { path: "/blog/*", priority: 100 } })(),
    ];
    const comparison = compare({ ...other, cost, rollout: [] } as unknown as Plan, { ...own, cost, rollout: [] } as unknown as Plan);
    assert.ok(endangersState(comparison));
    const text = compareText(comparison, paintFor(false));
    assert.match(text, /^blog \/ prod, compared with shop \/ prod\n/);
    assert.match(
      text,
      /\n\nBefore you deploy\n {2}! ListenerRule blog: its priority 100 belongs to .*\n {4}Set its priority to 96 .*\n\nIdle cost/,
    );
    assert.match(
      compareMarkdown(comparison, { plan: { ...own, findings: [], undecided: [] } as unknown as Plan, resources: [] }),
      /\| ⚠️ ListenerRule blog: its priority 100 belongs to/,
    );
    assert.deepEqual([comparison.order, comparison.services, comparison.time], [[], [], null]);
  });

  it("have nothing to do with each other on two listeners", async () => {
    const all = { web: { path: "/*" } };
    assert.deepEqual(await told(stack("shop", all), stack("blog", all, "a2f7dc8efc522ab2")), []);
    const own = async (): Promise<Plan> => {
      const { resources } = await deploy(() => {
        const network = plainNetwork();
        const lb = new LoadBalancer("public", { network, accessLogs: false });
        new FargateService("web", { cluster: new Cluster("apps", { network }), image: "web:1", route: lb.route({}) });
      });
      return { project: "shop", stack: "dev", resources } as unknown as Plan;
    };
    assert.deepEqual(await told(own, own), [], "each stack makes its own");
  });
});
