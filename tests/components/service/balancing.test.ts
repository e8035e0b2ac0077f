// How requests are spread over the tasks: sticky sessions, slow start, the algorithm.
import assert from "node:assert/strict";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { makeService, type ServiceGiven } from "../../helpers/service";
import { makeService as makeVariant, VARIANT_NAMES } from "../../helpers/variants";

const KEYS = ["stickiness", "slowStart", "loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation"];
const spread = async (given: ServiceGiven, name = "web") => {
  const inputs = (await deploy(() => makeService(given))).inputs("TargetGroup", name);
  return Object.fromEntries(KEYS.filter((key) => key in inputs).map((key) => [key, inputs[key]]));
};

describe("the spreading of requests", () => {
  const cases: [given: ServiceGiven, inputs: object][] = [
    [{}, {}],
    [{ stickiness: true }, { stickiness: { enabled: true, type: "lb_cookie", cookieDuration: 86_400 } }],
    [{ stickiness: { duration: 3600 } }, { stickiness: { enabled: true, type: "lb_cookie", cookieDuration: 3600 } }],
    [
      { stickiness: { cookie: "JSESSIONID" } },
      { stickiness: { enabled: true, type: "app_cookie", cookieDuration: 86_400, cookieName: "JSESSIONID" } },
    ],
    [{ stickiness: false }, { stickiness: { enabled: false, type: "lb_cookie" } }],
    [{ slowStart: 30 }, { slowStart: 30 }],
    [
      { loadBalancingAlgorithmType: "weighted_random" },
      { loadBalancingAlgorithmType: "weighted_random", loadBalancingAnomalyMitigation: "on" },
    ],
    [
      { loadBalancingAlgorithmType: "least_outstanding_requests", stickiness: {} },
      {
        stickiness: { enabled: true, type: "lb_cookie", cookieDuration: 86_400 },
        loadBalancingAlgorithmType: "least_outstanding_requests",
        loadBalancingAnomalyMitigation: "off",
      },
    ],
    [
      { loadBalancingAlgorithmType: "round_robin", slowStart: 900, stickiness: false },
      {
        stickiness: { enabled: false, type: "lb_cookie" },
        slowStart: 900,
        loadBalancingAlgorithmType: "round_robin",
        loadBalancingAnomalyMitigation: "off",
      },
    ],
    [
      { loadBalancingAlgorithmType: "weighted_random", stickiness: false },
      {
        stickiness: { enabled: false, type: "lb_cookie" },
        loadBalancingAlgorithmType: "weighted_random",
        loadBalancingAnomalyMitigation: "on",
      },
    ],
  ];
  for (const [given, inputs] of cases) it(JSON.stringify(given), async () => assert.deepEqual(await spread(given), inputs));

  it("is the same of both target groups of a rollout, whose weights alone say which of them a request goes to", async () => {
    const made = await deploy(() => makeService({ stickiness: { duration: 60 }, slowStart: 60, rollout: "canary" }));
    for (const name of ["web", "web-green"]) {
      const { stickiness, slowStart } = made.inputs("TargetGroup", name);
      assert.deepEqual([stickiness, slowStart], [{ enabled: true, type: "lb_cookie", cookieDuration: 60 }, 60]);
    }
    const [{ forward }] = made.inputs("ListenerRule", "web-production").actions as [{ forward: object }];
    assert.deepEqual(Object.keys(forward), ["targetGroups"]);
  });

  for (const variant of VARIANT_NAMES)
    it(`is that of ${variant}`, async () => {
      const made = await deploy(() => makeVariant(variant, { slowStart: 45 }));
      assert.equal(made.inputs("TargetGroup", "web").slowStart, 45);
    });

  const refused: [given: ServiceGiven, message: string][] = [
    [
      { slowStart: 30, loadBalancingAlgorithmType: "least_outstanding_requests" },
      "loadBalancingAlgorithmType: a slow start goes with round_robin only, and this is least_outstanding_requests; leave slowStart out, or choose round_robin.",
    ],
    [
      { slowStart: 30, loadBalancingAlgorithmType: "weighted_random" },
      "loadBalancingAlgorithmType: a slow start goes with round_robin only, and this is weighted_random; leave slowStart out, or choose round_robin.",
    ],
    [
      { stickiness: true, loadBalancingAlgorithmType: "weighted_random" },
      "loadBalancingAlgorithmType: weighted_random has no sticky sessions; leave stickiness out, or choose least_outstanding_requests.",
    ],
    [
      { stickiness: { cookie: "AWSALBAPP-0" } },
      'stickiness.cookie: "AWSALBAPP-0" begins with AWSALB, which AWS keeps for its own cookies; name the app\'s.',
    ],
    [{ stickiness: { cookie: "a b" } }, 'stickiness.cookie: "a b" is not a cookie\'s name; write one like "JSESSIONID".'],
    ...(["stickiness", "slowStart", "loadBalancingAlgorithmType"] as const).map((key): [ServiceGiven, string] => [
      { path: false, [key]: { stickiness: true, slowStart: 30, loadBalancingAlgorithmType: "round_robin" }[key] },
      `${key}: the load balancer spreads the requests, and this service has no route; give it one, or leave it out.`,
    ]),
  ];
  for (const [given, message] of refused)
    it(`is not ${JSON.stringify(given)}`, async () =>
      assert.equal(await refusal(() => makeService(given)), `FargateService "web": ${message}`));
});

describe("the connections of a load balancer", () => {
  const inputs = async (args: { idleTimeout?: number; clientKeepAlive?: number }) => {
    const made = await deploy(() => new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, ...args }));
    const { idleTimeout, clientKeepAlive } = made.inputs("aws:lb/loadBalancer:LoadBalancer");
    return [idleTimeout, clientKeepAlive];
  };

  it("are closed when idle, and by age where that is said", async () => {
    assert.deepEqual(await inputs({}), [60, undefined]);
    assert.deepEqual(await inputs({ idleTimeout: 4000, clientKeepAlive: 60 }), [4000, 60]);
  });
});
