import assert from "node:assert/strict";
import * as fc from "fast-check";
import { showPath } from "../../../components/base/origin";
import { group } from "../../../components/base/schema";
import { type OrderArgs, type Ordered, order, orderComplaints, orderDefinition, type StartCondition } from "../../../components/task/order";
import { complaintsOf, valuesOf } from "../../helpers/arguments";
import { deploy, refusal } from "../../helpers/deploy";
import { containers as containersOf } from "../../helpers/service";
import { makeService, type ServiceGiven, VARIANT_NAMES } from "../../helpers/variants";

const ORDER = group(order);
const defined = (args: OrderArgs) => orderDefinition(valuesOf(ORDER, args));
const CHECK = { containerHealthCheck: { command: ["CMD", "true"] } };
const INIT = { image: "init:1", essential: false };

describe("the order of containers", () => {
  it("is what the arguments say, each under AWS's name, containers by name", () => {
    assert.deepEqual(defined({}), {});
    assert.deepEqual(defined({ dependsOn: { proxy: "HEALTHY", init: "SUCCESS" }, startTimeout: 60, restartPolicy: true }), {
      dependsOn: [
        { containerName: "init", condition: "SUCCESS" },
        { containerName: "proxy", condition: "HEALTHY" },
      ],
      startTimeout: 60,
      restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
    });
    assert.deepEqual(defined({ restartPolicy: { ignoredExitCodes: [0, 3], restartAttemptPeriod: 60 } }).restartPolicy, {
      enabled: true,
      ignoredExitCodes: [0, 3],
      restartAttemptPeriod: 60,
    });
    assert.deepEqual(defined({ restartPolicy: false }), {});
  });

  it("has its limits", () =>
    assert.deepEqual(
      complaintsOf(ORDER, {
        dependsOn: { init: "DONE" },
        startTimeout: 1,
        restartPolicy: { ignoredExitCodes: Array.from({ length: 51 }, (_, code) => code), restartAttemptPeriod: 30 },
      }),
      [
        'dependsOn.init: "DONE" is not a valid value; allowed: START, COMPLETE, SUCCESS, HEALTHY.',
        "startTimeout: 1 is out of range; allowed: 2 to 3600 seconds; the nearest is 2.",
        "restartPolicy.ignoredExitCodes: 51 exit codes; allowed: at most 50.",
        "restartPolicy.restartAttemptPeriod: 30 is out of range; allowed: 60 to 1800 seconds; the nearest is 60.",
      ],
    ));

  for (const variant of VARIANT_NAMES)
    it(`is in the task of a ${variant}`, async () => {
      const sidecars: ServiceGiven["sidecars"] = {
        init: { ...INIT, startTimeout: 90 },
        proxy: { image: "proxy:1", ...CHECK, dependsOn: { init: "SUCCESS" }, restartPolicy: true },
      };
      const [init, proxy, web] = containersOf(await deploy(() => makeService(variant, { sidecars, dependsOn: { proxy: "HEALTHY" } })));
      assert.deepEqual([init!.name, init!.essential, init!.startTimeout, init!.dependsOn], ["init", false, 90, undefined]);
      assert.deepEqual(proxy!.dependsOn, [{ containerName: "init", condition: "SUCCESS" }]);
      assert.deepEqual(proxy!.restartPolicy, { enabled: true, restartAttemptPeriod: 300 });
      assert.deepEqual(web!.dependsOn, [{ containerName: "proxy", condition: "HEALTHY" }]);
    });

  it("lets a sidecar wait for the health check that the app has of its route", async () => {
    const made = await deploy(() =>
      makeService("FargateService", { sidecars: { agent: { image: "agent:1", dependsOn: { web: "HEALTHY" } } } }),
    );
    assert.deepEqual(containersOf(made)[0]!.dependsOn, [{ containerName: "web", condition: "HEALTHY" }]);
  });

  const REFUSED: [title: string, args: ServiceGiven, sentence: string][] = [
    [
      "itself",
      { sidecars: { a: { ...INIT, dependsOn: { a: "START" } } } },
      "sidecars.a.dependsOn.a: a container cannot wait for itself; allowed: web.",
    ],
    [
      "itself, alone",
      { dependsOn: { web: "START" } },
      "dependsOn.web: a container cannot wait for itself; allowed: none, it is the only one.",
    ],
    [
      "a container that is not there",
      { sidecars: { proxy: INIT, init: INIT }, dependsOn: { prox: "START" } },
      'dependsOn.prox: "prox" is not a container of the task; allowed: proxy, init; did you mean "proxy"?',
    ],
    ["anything, where it is alone", { dependsOn: { proxy: "START" } }, "dependsOn.proxy: the task has no other container; leave it out."],
    [
      "the health of what has no check",
      { sidecars: { proxy: INIT }, dependsOn: { proxy: "HEALTHY" } },
      "dependsOn.proxy: proxy has no health check to wait for; give it a containerHealthCheck, or wait for START.",
    ],
    [
      "the health of a worker",
      { path: false, sidecars: { agent: { ...INIT, dependsOn: { web: "HEALTHY" } } } },
      "sidecars.agent.dependsOn.web: web has no health check to wait for; give it a containerHealthCheck, or wait for START.",
    ],
    ...(["COMPLETE", "SUCCESS"] as const).map((condition): [string, ServiceGiven, string] => [
      `${condition} of an essential container`,
      { sidecars: { init: { image: "init:1" } }, dependsOn: { init: condition } },
      "dependsOn.init: init is essential, so the task ends with it and nothing is left to wait; set essential: false for it, or wait for START or HEALTHY.",
    ]),
    [
      "each other in a circle",
      { sidecars: { a: { ...INIT, dependsOn: { b: "START" } }, b: { ...INIT, dependsOn: { web: "START" } } }, dependsOn: { a: "START" } },
      "dependsOn.a: web waits for a, which waits for b, which waits for web, so none of them would start; leave one of these out.",
    ],
  ];
  for (const [title, args, sentence] of REFUSED)
    it(`refuses to wait for ${title}`, async () =>
      assert.equal(await refusal(() => makeService("FargateService", args)), `FargateService "web": ${sentence}`));

  it("needs an essential container", async () =>
    assert.equal(
      await refusal(() => makeService("FargateService", { essential: false, sidecars: { init: INIT } })),
      'FargateService "web": essential: no container is essential, and a task ends with one that is; set it to true here.',
    ));

  it("names all that is wrong at once", async () =>
    assert.equal(
      await refusal(() =>
        makeService("FargateService", { sidecars: { a: { ...INIT, dependsOn: { a: "START" } } }, dependsOn: { b: "START" } }),
      ),
      `FargateService "web": 2 arguments are wrong
  dependsOn.b: "b" is not a container of the task; allowed: a.
  sidecars.a.dependsOn.a: a container cannot wait for itself; allowed: web.`,
    ));

  it("that is accepted names containers of the task and lets each of them start; what is refused would not", () => {
    const names = ["a", "b", "c", "d"];
    const condition = fc.constantFrom<StartCondition>("START", "COMPLETE", "SUCCESS", "HEALTHY");
    const container = fc.record({
      dependsOn: fc.dictionary(fc.constantFrom(...names, "e"), condition, { maxKeys: 2 }),
      essential: fc.boolean(),
      check: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(container, { minLength: 1, maxLength: 4 }), (all) => {
        const containers = all.map(({ check, ...args }, i): Ordered => {
          const containerHealthCheck = check && { command: ["CMD", "true"], interval: 10, timeout: 5, retries: 3, startPeriod: 30 };
          return { key: names[i]!, at: i === 0 ? [] : ["sidecars", names[i]!], args: { ...args, containerHealthCheck } };
        });
        const complaints = orderComplaints(containers);
        for (const { path, text } of complaints) {
          const [owner] = containers.filter(({ at }) => at.every((key, n) => path[n] === key) && path.length === at.length + 2);
          assert.ok(showPath(path) === "essential" || owner, showPath(path));
          assert.match(text, /[.?]$/);
        }
        assert.equal(complaints.length === 0, starts(containers), JSON.stringify(containers));
      }),
      { numRuns: 500 },
    );
  });
});

/** Whether ECS takes the containers and each of them starts at some time: one after the other, as those that it waits for have. */
function starts(containers: readonly Ordered[]): boolean {
  if (!containers.some(({ args }) => args.essential)) return false;
  const started = new Set<string>();
  for (let before = -1; before < started.size; ) {
    before = started.size;
    for (const { key, args } of containers) {
      const reached = ([name, condition]: [string, StartCondition]) => {
        const other = containers.find((one) => one.key === name && started.has(name));
        if (!other) return false;
        if (condition === "HEALTHY") return Boolean(other.args.containerHealthCheck);
        return condition === "START" || !other.args.essential;
      };
      if (Object.entries(args.dependsOn).every(reached)) started.add(key);
    }
  }
  return started.size === containers.length;
}
