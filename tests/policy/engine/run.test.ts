import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../../facts/errors";
import type { Json, JsonObject } from "../../../facts/graph";
import { NO_OPTIONS } from "../../../facts/graph";
import { runPolicies } from "../../../policy/engine/run";
import type { RecordedStack } from "../../../policy/graph/recorded";
import { rules } from "../../../policy/rules";
import { set } from "../cases/case";
import { id, type Mode, make, record, urnOf } from "../graphs";
import { lookups, nodesOf, userData, type World, world } from "../world";

const rule = "ecs-service-two-tasks";
const today = new Date("2027-03-31T23:00:00Z");

function stackOf(change: (w: World) => void, mode: Mode = "known"): RecordedStack {
  const w = world();
  change(w);
  return record(nodesOf(w), mode, lookups);
}

const lonely = stackOf((w) => set(w.service, { desiredCount: 1 }));

describe("runPolicies", () => {
  it("finds nothing in a stack that keeps every rule", () => {
    const { findings, excepted, undecided } = runPolicies(stackOf(() => undefined));
    assert.deepEqual({ findings, excepted, undecided }, { findings: [], excepted: [], undecided: [] });
  });

  it("tells the rule, its severity and level, the resource, what is wrong and how to mend it", () => {
    assert.deepEqual(runPolicies(lonely).findings, [
      {
        rule,
        severity: "high",
        level: "mandatory",
        urn: urnOf(world().service),
        message: "desiredCount is 1; set it to 2 or more.",
        fix: rules.find((r) => r.name === rule)?.fix,
      },
    ]);
  });

  it("never shows a credential", () => {
    const canary = "c4n4ry-53cr3t";
    const key = "AKIACANARY1234567890";
    const stack = stackOf((w) => {
      w.app.environment!.push({ name: "DB_PASS", value: canary }, { name: "X", value: key }, { name: "Y", value: `https://u:${canary}@x` });
      set(w.template, { userData: userData(`DB_PASSWORD=${canary}`, key) });
      set(w.secretVersion, { secretString: canary });
      set(w.parameter, { value: canary, insecureValue: canary });
      set(w.image, { buildArgs: { TOKEN: canary }, registries: [{ address: "registry.example", username: "u", password: canary }] });
    });
    const outcome = runPolicies(stack);
    assert.equal(outcome.findings.length, 12);
    assert.doesNotMatch(JSON.stringify(outcome), new RegExp(`${canary}|${key}`));
  });

  it("says nothing of a secret value but that it is one", () => {
    const { findings, undecided } = runPolicies(stackOf((w) => set(w.lbGroup, { description: "[secret]" })));
    assert.deepEqual(findings, []);
    assert.ok(undecided.some(({ rule, message }) => rule === "plan-aws-limits" && message === "description is a secret."));
  });

  it("puts the most severe first", () => {
    const stack = stackOf((w) => {
      set(w.service, { desiredCount: 1, forceDelete: true });
      set(w.lbIngress, { fromPort: 22, toPort: 22 });
      set(w.vpc, { enableDnsHostnames: false });
    });
    const severities = runPolicies(stack).findings.map((f) => f.severity);
    assert.deepEqual(severities, ["critical", "high", "high", "low", "low"]);
  });

  it("knows where values come from, if the lookups are recorded", () => {
    const { resources } = stackOf(() => undefined);
    const messages = (invokes: RecordedStack["invokes"]) => runPolicies({ resources, invokes }).findings.map((f) => f.message);
    assert.deepEqual(messages([]), ['imageId is "ami-0123456789abcdef0", an AMI that nothing looks up; look it up by its SSM parameter.']);
    assert.deepEqual(messages([{ token: "aws:ec2/getAmi:getAmi", args: { owners: ["amazon"] } }]), []);
    assert.deepEqual(messages(undefined), []);
    const defaultVpc = { token: "aws:ec2/getVpc:getVpc", args: { default: true } };
    assert.deepEqual(messages([...lookups, defaultVpc]), [
      "the program looks up the default VPC; create a VPC, or look one up by id or tags.",
    ]);
  });

  it("counts a security group that the stack exports as used", () => {
    const spare = make("aws:ec2/securityGroup:SecurityGroup", "spare", {
      description: "One-off tasks",
      tags: { project: "shop", stack: "prod" },
    });
    const out = { securityGroupId: id(spare), description: "out", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8" };
    const rule = make("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "spare", out);
    const found = (outputs: Record<string, unknown>, mode: Mode) => {
      const outcome = runPolicies({ ...record([...nodesOf(world()), rule], mode, lookups), outputs });
      return [outcome.findings.map((f) => f.message), outcome.undecided.some((u) => u.rule === "ec2-security-group-in-use")];
    };
    assert.deepEqual(found({ tasks: { groups: ["spare-id"] } }, "known"), [[], false]);
    assert.deepEqual(found({ "spare-id": "x" }, "known"), [["nothing uses it; remove it."], false]);
    assert.deepEqual(found({ tasks: { groups: ["[unknown]"] } }, "unknown"), [[], true]);
  });

  it("says what it could not decide, and finds nothing there", () => {
    const outcome = runPolicies(stackOf((w) => delete w.app.user, "unknown"));
    assert.deepEqual(outcome.findings, []);
    assert.deepEqual(
      outcome.undecided.filter((u) => u.rule === "ecs-task-definition-non-root-user").map((u) => [u.severity, u.urn, u.message]),
      ["web", "batch"].map((name) => [
        "medium",
        `urn:pulumi:prod::shop::aws:ecs/taskDefinition:TaskDefinition::${name}`,
        "containerDefinitions is not known before the deploy.",
      ]),
    );
    assert.ok(!outcome.undecided.some((u) => u.rule === "ecs-service-circuit-breaker"));
  });

  describe("levels", () => {
    it("are advisory for rules of low severity, else mandatory", () => {
      const stack = stackOf((w) => set(w.service, { desiredCount: 1, forceDelete: true }));
      assert.deepEqual(
        runPolicies(stack).findings.map((f) => f.level),
        ["mandatory", "advisory"],
      );
    });
    it("can be set", () => assert.equal(runPolicies(lonely, { levels: { [rule]: "advisory" } }).findings[0]!.level, "advisory"));
    it("can be off", () => {
      const { findings, off } = runPolicies(lonely, { levels: { [rule]: "off" } });
      assert.deepEqual({ findings, off }, { findings: [], off: [rule] });
    });
  });

  it("takes thresholds from the configuration", () => {
    assert.deepEqual(runPolicies(lonely, { parameters: { [rule]: { minimumTasks: 1 } } }).findings, []);
    const { findings } = runPolicies(lonely, { parameters: { [rule]: { minimumTasks: 3 } } });
    assert.deepEqual(
      findings.map((f) => f.message),
      [
        "minCapacity of the scalable target web is 2; set it to 3 or more.",
        "minCapacity of the scalable target batch is 2; set it to 3 or more.",
      ],
    );
  });

  describe("exceptions", () => {
    const reason = "It is down at night.";
    const except = (resource: string, until?: string) => runPolicies(lonely, { exceptions: [{ rule, resource, reason, until }] }, today);

    for (const resource of ["web", "aws:ecs/service:Service::web", urnOf(world().service), "w*", "*::web", "we?"]) {
      it(`accept a violation of ${resource}`, () => {
        const { findings, excepted } = except(resource, "2027-03-31");
        assert.deepEqual(findings, []);
        assert.deepEqual(
          excepted.map((e) => [e.finding.message, e.exception.reason]),
          [["desiredCount is 1; set it to 2 or more.", reason]],
        );
      });
    }

    it("end after their last day, and are then told of beside the violation", () => {
      const { findings, excepted } = except("web", "2027-03-30");
      assert.deepEqual(excepted, []);
      assert.deepEqual(
        findings.map((f) => [f.rule, f.level, f.message]),
        [
          [rule, "mandatory", "desiredCount is 1; set it to 2 or more."],
          ["policy-exception-expired", "advisory", `The exception of web from ${rule} ended on 2027-03-30.`],
        ],
      );
    });

    it("are told of when they accept nothing", () => {
      const { findings } = except("batch");
      assert.deepEqual(
        findings.map((f) => f.rule),
        [rule, "policy-exception-unused"],
      );
      assert.match(findings[1]!.message, /exception of batch from ecs-service-two-tasks accepts nothing/);
    });
  });

  describe("refuses a configuration", () => {
    const refuses = (what: string, config: object, message: string) =>
      it(what, () =>
        assert.throws(
          () => runPolicies(lonely, config),
          (e) => e instanceof UserError && e.message === message,
        ),
      );
    const hint = 'allowed: the rules in policy/README.md; did you mean "ecs-service-two-tasks"?';
    refuses(
      "with the level of no rule",
      { levels: { "ecs-service-tow-tasks": "off" } },
      `policy.levels: "ecs-service-tow-tasks" is not a rule; ${hint}`,
    );
    refuses(
      "of another shape",
      { exception: [] },
      'policy: "exception" is not one of its keys; allowed: levels, parameters, exceptions, enforce; did you mean "exceptions"?',
    );
    refuses("with a list of levels", { levels: ["off"] }, "policy.levels: not a map; give a level for each rule.");
    refuses(
      "with a parameter in the rule's place",
      { parameters: { minimumDays: 3 } },
      "policy.parameters: not a map of maps; give a value for each rule and parameter.",
    );
    refuses(
      "with a single exception",
      { exceptions: { rule } },
      "policy.exceptions: not a list of maps; give rule, resource and reason of each exception.",
    );
    refuses(
      "with no level",
      { levels: { [rule]: "warn" } },
      `policy.levels.${rule}: "warn" is not a valid value; allowed: off, advisory, mandatory.`,
    );
    refuses(
      "with the parameters of no rule",
      { parameters: { "ecs-service-two-task": {} } },
      `policy.parameters: "ecs-service-two-task" is not a rule; ${hint}`,
    );
    refuses(
      "with a parameter that the rule lacks",
      { parameters: { [rule]: { minimum: 1 } } },
      `policy.parameters.${rule}.minimum: "minimum" is not a parameter of the rule; allowed: minimumTasks; did you mean "minimumTasks"?`,
    );
    refuses(
      "with a parameter of another kind",
      { parameters: { [rule]: { minimumTasks: "2" } } },
      `policy.parameters.${rule}.minimumTasks: "2" is not a number; the default is 2.`,
    );
    refuses(
      "with a parameter out of range",
      { parameters: { [rule]: { minimumTasks: 0 } } },
      `policy.parameters.${rule}.minimumTasks: 0 is out of range; allowed: 1 or more; the nearest is 1.`,
    );
    const exception = { rule, resource: "web", reason: "x" };
    refuses(
      "with an exception from no rule",
      { exceptions: [{ ...exception, rule: "iam-no-user" }] },
      `policy.exceptions[0].rule: "iam-no-user" is not a rule; allowed: the rules in policy/README.md; did you mean "iam-no-users"?`,
    );
    refuses(
      "with an exception that names no rule",
      { exceptions: [{ resource: "web", reason: "x" }] },
      "policy.exceptions[0].rule: nothing is not a rule; allowed: the rules in policy/README.md.",
    );
    refuses(
      "with a parameter that every object has",
      { parameters: { "logs-log-group-retention": { toString: 1 } } },
      'policy.parameters.logs-log-group-retention.toString: "toString" is not a parameter of the rule; allowed: minimumDays.',
    );
    refuses(
      "with a parameter of a rule that has none",
      { parameters: { "ec2-vpc-dns": { minimum: 1 } } },
      "policy.parameters.ec2-vpc-dns.minimum: the rule has no parameters; leave it out.",
    );
    refuses("with a word in a switch's place", { enforce: "no" }, 'policy.enforce: "no" is not a boolean; allowed: true, false.');
    refuses(
      "with a parameter that is too large",
      { parameters: { "ecs-task-definition-stop-timeout": { maximumSeconds: 500 } } },
      "policy.parameters.ecs-task-definition-stop-timeout.maximumSeconds: 500 is out of range; allowed: 2 to 120; the nearest is 120.",
    );
    refuses(
      "with an exception of nothing",
      { exceptions: [{ ...exception, resource: "" }] },
      "policy.exceptions[0].resource: not given; name the resource (its name, type::name or URN; * matches any text).",
    );
    refuses(
      "with an exception without a reason",
      { exceptions: [{ ...exception, reason: " " }] },
      `policy.exceptions[0].reason: not given; say why web may break ${rule}.`,
    );
    for (const until of ["2027-02-30", "tomorrow", "2027-1-1"])
      refuses(
        `with an exception until ${until}`,
        { exceptions: [{ ...exception, until }] },
        `policy.exceptions[0].until: "${until}" is not a date; write it as YYYY-MM-DD.`,
      );
  });
});

describe("the rules on graphs of any kind", () => {
  const whole = stackOf(() => undefined);
  /** Where a value stands: the resource, then keys and indices. */
  type Place = { resource: number; path: string[] };
  const places: Place[] = whole.resources.flatMap((r, resource) => placesIn(r.inputs).map((path) => ({ resource, path })));

  function placesIn(value: unknown): string[][] {
    if (value === null || typeof value !== "object") return [];
    return Object.entries(value).flatMap(([k, v]) => [[k], ...placesIn(v).map((p) => [k, ...p])]);
  }

  /** The stack with something else in these places; `undefined` takes away what is there. */
  function withInstead(at: Place[], instead: Json | undefined): RecordedStack {
    const copy = structuredClone(whole);
    for (const { resource, path } of at) {
      let target = copy.resources[resource]!.inputs;
      for (const key of path.slice(0, -1)) target = (target?.[key] ?? {}) as JsonObject;
      const key = path.at(-1)!;
      if (typeof target !== "object" || target === null) continue;
      if (instead === undefined && Array.isArray(target)) target.splice(Number(key), 1);
      else if (instead === undefined) delete target[key];
      else target[key] = instead;
    }
    return copy;
  }

  it("never take what is not known for a violation", () => {
    fc.assert(
      fc.property(fc.subarray(places, { maxLength: 40 }), (at) => {
        assert.deepEqual(runPolicies(withInstead(at, "[unknown]")).findings, []);
      }),
      { numRuns: 60 },
    );
  });

  it("bear that anything is missing", () => {
    fc.assert(
      fc.property(fc.subarray(places, { maxLength: 20 }), (at) => {
        runPolicies(withInstead(at, undefined));
      }),
      { numRuns: 60 },
    );
  });

  it("bear resources without inputs", () => {
    const bare = { ...whole, resources: whole.resources.map((r) => ({ ...r, inputs: {}, propertyDependencies: {}, dependencies: [] })) };
    assert.ok(runPolicies(bare).findings.length > 0);
  });

  it("leave resources of other providers alone", () => {
    const foreign = [
      "gcp:storage/bucket:Bucket",
      "kubernetes:apps/v1:Deployment",
      "random:index/randomPassword:RandomPassword",
      "my:app:Component",
    ];
    const resources = foreign.map((type) => ({
      urn: `urn:pulumi:dev::x::${type}::a`,
      type,
      name: "a",
      parent: null,
      options: NO_OPTIONS,
      inputs: { name: "public", privileged: true, password: "hunter2", policy: "*" },
      dependencies: [],
      propertyDependencies: {},
    }));
    assert.deepEqual(runPolicies({ resources, invokes: [] }).findings, []);
  });
});
