// Whatever settings are accepted, AWS takes all values of their plan, and some event starts a task.
import assert from "node:assert/strict";
import { join } from "node:path";
import * as fc from "fast-check";
import "../../components"; // Loaded once, before the recordings, which would load them each time.
import { recordKnown } from "../../plan/record/record";
import { runPolicies } from "../../policy/engine/run";
import { rules } from "../../policy/rules";
import { legalValues, merge, taken, VALUES } from "../helpers/any-settings";
import { TEMPLATE } from "../helpers/places";
import { type Config, configOf } from "../helpers/settings";

const RUNS = 400;
const CHECKED = rules.filter(({ name }) => name === "plan-aws-limits" || name === "plan-service-starts");

/** Values that are legal for few settings, and at the edge of what AWS takes for them. */
const EDGES: unknown[] = [
  ...VALUES,
  ...[
    4, 7, 14, 15, 21, 23, 24, 28, 29, 31, 40, 50, 99, 101, 120, 121, 185, 200, 255, 299, 300, 301, 363, 400, 500, 599, 600, 601, 999, 1000,
    1440, 3600, 3653, 4000, 5000, 16_384, 20_160, 50_000, 65_535, 65_536, 1_000_000,
  ],
  ...[
    "größer",
    "it's",
    "a_b",
    "A",
    "-a",
    "a-",
    "x.y",
    "(x)",
    "x".repeat(24),
    "x".repeat(40),
    "x".repeat(63),
    "x".repeat(128),
    "x".repeat(255),
    "x".repeat(256),
  ],
  ...[
    "/ä",
    "/*/*/*",
    "/a b",
    "/$x~'\"@:+&",
    "*.example.*",
    "a_b.example.com",
    "*.*.*.*.example.com",
    `${"x".repeat(60)}.example.com`,
    "xn--bcher-kva.example",
  ],
  ...["200-499", "200,404", "0-99", "0", "299-200", "http2", "grpc", "blueGreen", "canary", "linear", "rolling"],
  ...["rate(1 minute)", "cron(0 0 L * ? *)", "cron(0 3 ? * 2#1 *)", "at(2099-12-31T23:59:59)", "Asia/Kolkata", "00:00", "23:59"],
  ...["10.0.0.0/28", "172.16.0.0/16", "2001:db8::/32", "g5.xlarge", "m7g.*", "u-24tb1.112xlarge", "c7g.medium"],
  ["10.0.0.0/8", "192.168.0.0/16"],
  Array.from({ length: 31 }, (_, n) => `10.${n}.0.0/16`),
  ["SYS_ADMIN", "NET_RAW"],
  ["ALL", "CHOWN"],
  ["/tmp", "/var/cache/a-b_c", "/a"],
  ["app.example.com", "www.example.com"],
  { command: ["CMD-SHELL", "exit 0"], interval: 300, timeout: 60, retries: 10, startPeriod: 300 },
  { interval: 300, timeout: 120, healthyThreshold: 10, unhealthyThreshold: 10, matcher: "200-499" },
  { min: 0, cpu: false, memory: false },
  { min: 1, max: 5000, cpu: 1, memory: 100, scaleInCooldown: 3600, scaleOutCooldown: 0 },
  { strategy: "canary", canaryPercent: 0.1, bakeTimeInMinutes: 1440 },
  { report: { command: ["a"], schedule: "rate(1 day)", retries: 185, maximumDelay: 1440, ephemeralStorage: 200 } },
  { A: "x".repeat(4000), B: "größer" },
  Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`t${n}`, "x".repeat(256)])),
];

/** What the two rules find in what these settings give; undefined where a component or the plan refuses them. */
async function found(config: Config): Promise<string[] | undefined> {
  const settings = configOf({ "aws:region": "eu-west-3", ...config });
  try {
    const graph = await recordKnown({
      name: "berth",
      stack: "dev",
      root: TEMPLATE,
      main: join(TEMPLATE, "index.ts"),
      config: settings,
      secretKeys: [],
      notes: [],
    });
    return runPolicies({ ...graph, region: "eu-west-3" }, {}, new Date(), CHECKED).findings.map(({ urn, message }) => `${urn}: ${message}`);
  } catch (error) {
    assert.equal((error as Error).name, "UserError", (error as Error).stack);
    return undefined;
  }
}

describe("accepted settings", () => {
  it(`give a plan of which AWS takes every value, and that starts a task: ${RUNS} at random`, async function () {
    this.timeout(600_000);
    const legal = legalValues(EDGES).filter(([, values]) => values.length > 0);
    const setting = fc.constantFrom(...legal).chain(([path, values]) => fc.tuple(fc.constant(path), fc.constantFrom(...values)));
    const accepted = fc.array(setting, { minLength: 1, maxLength: 8 }).map(merge).filter(taken);
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(accepted, async (config) => {
        // Some are refused by a component; as many as are wanted are planned all the same.
        const findings = planned < RUNS ? await found(config) : undefined;
        if (!findings) return;
        planned++;
        // A fixed number of 0 parks a service: AWS takes it, and the plan wants it said.
        const parked = Number((config.service as { desiredCount?: unknown } | undefined)?.desiredCount ?? 1) === 0;
        assert.deepEqual(
          findings.filter((text) => !(parked && text.includes("desiredCount is 0"))),
          [],
        );
      }),
      { numRuns: RUNS * 3 },
    );
    assert.ok(planned >= RUNS, `only ${planned} were planned`);
  });
});
