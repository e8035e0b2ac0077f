// Routes that move from one service to another: which rules change, and what meets the requests meanwhile.
import assert from "node:assert/strict";
import { Cluster, FargateService, type FargateServiceArgs, LoadBalancer } from "../../components";
import type { RouteArgs } from "../../components/load-balancer/route";
import { locationIn } from "../../plan/record/region";
import { labelOf } from "../../plan/update/serving/hazard";
import { hazardsOf } from "../../plan/update/serving/hazards";
import { Update } from "../../plan/update/serving/update";
import { deploy, REGION } from "../helpers/deploy";
import { plainNetwork } from "../helpers/network";

/** Services by name, each with its route, if it has one, and the name that it had. */
type Services = Record<string, RouteArgs | { formerly: string; route: RouteArgs } | null>;

async function update(before: Services, after: Services, args: Partial<FargateServiceArgs> = {}) {
  const graph = async (services: Services) =>
    (
      await deploy(() => {
        const network = plainNetwork();
        const cluster = new Cluster("apps", { network });
        const lb = new LoadBalancer("public", { network, accessLogs: false });
        for (const [name, given] of Object.entries(services)) {
          const { formerly, route } = given && "route" in given ? given : { formerly: undefined, route: given };
          new FargateService(
            name,
            { cluster, image: "web:1", ...args, ...(route && { route: lb.route(route) }) },
            formerly === undefined ? {} : { aliases: [{ name: formerly }] },
          );
        }
      })
    ).resources;
  return new Update(await graph(before), await graph(after), locationIn(REGION));
}
const hazards = (made: Update) => hazardsOf(made).map(({ kind, what, text }) => `${kind}: ${what}: ${text}`);
const steps = (made: Update, type: string) =>
  made.changes.filter(({ resource }) => resource.type.endsWith(type)).map(({ action, resource }) => `${action} ${resource.name}`);

describe("routes of live services", () => {
  const [v1, v2] = [{ path: "/v1/*" }, { path: "/v2/*" }];

  it("swap in one update, in which no rule wants a priority that another still has", async () => {
    const made = await update({ a: v1, b: v2 }, { a: v2, b: v1 });
    assert.deepEqual(steps(made, "ListenerRule"), ["update a", "update b"]);
    assert.deepEqual(hazards(made), [
      // Between the two, a request finds no rule; that its new rule leads to a live service is no hazard.
      "traffic: Service a: ListenerRule a is updated: no rule leads to it",
      "traffic: Service b: ListenerRule b is updated: no rule leads to it",
    ]);
  });

  it("move to a service that had none, whose rule may be asked before its tasks serve: the plan says so", async () => {
    const made = await update({ a: v1, b: null }, { a: null, b: v1 });
    assert.deepEqual(steps(made, "ListenerRule"), ["create b", "delete a"]);
    assert.deepEqual(hazards(made), ["traffic: Service a: ListenerRule b is made: TargetGroup b has no targets"]);
  });

  it("move from a service that goes to one that serves already", async () => {
    const made = await update({ a: v1, b: v2 }, { b: v1 });
    assert.deepEqual(
      hazards(made).filter((one) => !one.startsWith("removed")),
      [],
    );
  });

  it("fail when their service goes and the new one's rule is asked first, until its tasks serve", async () => {
    const made = await update({ web: v1 }, { shop: v1 });
    assert.deepEqual(
      hazards(made).filter((one) => !one.startsWith("removed")),
      ["traffic: Service shop: ListenerRule shop is made: TargetGroup shop has no targets"],
    );
  });

  it("stay when their service gets another name that Pulumi knows as an alias: one deployment, and nothing else is replaced", async () => {
    for (const rollout of ["rolling", "blueGreen"] as const) {
      const made = await update({ web: v1 }, { shop: { formerly: "web", route: v1 } }, { rollout });
      assert.deepEqual(hazards(made), []);
      assert.deepEqual(
        made.changes.filter(({ action }) => action !== "update").map(({ action, resource }) => `${action} ${labelOf(resource)}`),
        ["replace TaskDefinition shop", "replace Policy shop-cpu", "replace Policy shop-memory"],
      );
    }
  });
});
