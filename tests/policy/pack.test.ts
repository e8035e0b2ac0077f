// The pack under Pulumi's analyzer protocol: started and asked as the engine does it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "../../facts/graph";
import { rules } from "../../policy/rules";
import { set } from "./cases/case";
import { Engine } from "./engine";
import { type Mode, record, urnOf } from "./graphs";
import { nodesOf, type World, world } from "./world";

const root = path.resolve(__dirname, "../..");
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const folder = path.join(root, "policy");
let engine: Engine;

/** Plain inputs as the engine sends them: with its own mark for what is not known. */
function struct(inputs: Record<string, unknown>): Struct {
  const text = JSON.stringify(inputs).replaceAll("[unknown]", unknown);
  return Struct.fromJavaScript(JSON.parse(text) as Record<string, JavaScriptValue>);
}

function options(r: Resource): messages.AnalyzerResourceOptions {
  const o = new messages.AnalyzerResourceOptions();
  o.setIgnorechangesList([...r.options.ignoreChanges]);
  return o;
}

function recordChanged(change: (w: World) => void, mode: Mode): readonly Resource[] {
  const w = world();
  change(w);
  return record(nodesOf(w), mode).resources;
}

/** What both requests say of a resource. */
function described<M extends messages.AnalyzeRequest | messages.AnalyzerResource>(message: M, r: Resource): M {
  message.setType(r.type);
  message.setName(r.name);
  message.setUrn(r.urn);
  message.setProperties(struct(r.inputs));
  message.setOptions(options(r));
  return message;
}

async function analyze(resources: readonly Resource[]): Promise<messages.AnalyzeDiagnostic[]> {
  const found: messages.AnalyzeDiagnostic[] = [];
  for (const r of resources) {
    const request = described(new messages.AnalyzeRequest(), r);
    const answer = await engine.ask<messages.AnalyzeRequest, messages.AnalyzeResponse>(engine.client.analyze, request);
    found.push(...answer.getDiagnosticsList());
  }
  return found;
}

async function analyzeStack(resources: readonly Resource[]): Promise<messages.AnalyzeDiagnostic[]> {
  const request = new messages.AnalyzeStackRequest();
  for (const r of resources) {
    const resource = described(new messages.AnalyzerResource(), r);
    resource.setDependenciesList([...r.dependencies]);
    for (const [key, urns] of Object.entries(r.propertyDependencies)) {
      const on = new messages.AnalyzerPropertyDependencies();
      on.setUrnsList([...urns]);
      resource.getPropertydependenciesMap().set(key, on);
    }
    request.addResources(resource);
  }
  const answer = await engine.ask<messages.AnalyzeStackRequest, messages.AnalyzeResponse>(engine.client.analyzeStack, request);
  return answer.getDiagnosticsList();
}

async function configure(
  config: Record<string, { level?: messages.EnforcementLevel; properties?: Record<string, unknown> }>,
): Promise<void> {
  const request = new messages.ConfigureAnalyzerRequest();
  for (const [name, { level = messages.EnforcementLevel.MANDATORY, properties = {} }] of Object.entries(config)) {
    const c = new messages.PolicyConfig();
    c.setEnforcementlevel(level);
    c.setProperties(struct(properties));
    request.getPolicyconfigMap().set(name, c);
  }
  await engine.ask(engine.client.configure, request);
}

describe("the policy pack", () => {
  before(async function () {
    this.timeout(120_000);
    engine = await Engine.start(folder);
  });
  after(() => engine?.stop());
  afterEach(() => configure({}));

  it("tells the engine its name and all its rules", async () => {
    const info = await engine.info();
    assert.equal(info.getName(), "berth");
    assert.deepEqual(
      info.getPoliciesList().map((p) => p.getName()),
      rules.map((r) => r.name),
    );
    const policy = info.getPoliciesList().find((p) => p.getName() === "ecs-service-two-tasks");
    assert.equal(policy?.getSeverity(), messages.PolicySeverity.POLICY_SEVERITY_HIGH);
    assert.equal(policy?.getEnforcementlevel(), messages.EnforcementLevel.MANDATORY);
    assert.deepEqual(policy?.getConfigschema()?.getProperties()?.toJavaScript().minimumTasks, {
      type: "integer",
      default: 2,
      minimum: 1,
      description: "Fewest tasks of a service.",
    });
  });

  for (const mode of ["known", "unknown"] as const) {
    it(`finds nothing in a stack that keeps every rule, with everything ${mode}`, async () => {
      const resources = recordChanged(() => undefined, mode);
      const found = [...(await analyze(resources)), ...(await analyzeStack(resources))];
      assert.deepEqual(
        found.map((d) => d.getMessage()),
        [],
      );
    });

    it(`finds what one resource shows, with everything ${mode}`, async () => {
      const resources = recordChanged((w) => set(w.lb, { dropInvalidHeaderFields: false }), mode);
      const [found, ...others] = await analyze(resources);
      assert.equal(found!.getPolicyname(), "lb-load-balancer-drop-invalid-headers");
      assert.equal(
        found!.getMessage(),
        "Application Load Balancers drop invalid header fields.\ndropInvalidHeaderFields is not true; set it to true.",
      );
      assert.equal(found!.getEnforcementlevel(), messages.EnforcementLevel.MANDATORY);
      assert.deepEqual(others, []);
    });

    it(`finds what the whole stack shows, with everything ${mode}`, async () => {
      const resources = recordChanged((w) => set(w.scalingTarget, { minCapacity: 1 }), mode);
      const [found, ...others] = await analyzeStack(resources);
      assert.equal(found!.getPolicyname(), "ecs-service-two-tasks");
      assert.equal(found!.getUrn(), urnOf(world().service));
      assert.match(found!.getMessage(), /minCapacity of the scalable target web is 1; set it to 2 or more\.$/);
      assert.deepEqual(others, []);
    });
  }

  it("keeps to the team's levels, thresholds and exceptions", async () => {
    const resources = recordChanged((w) => {
      set(w.service, { desiredCount: 1 });
      set(w.lb, { enableDeletionProtection: false });
      set(w.vpc, { enableDnsHostnames: false });
      set(w.logGroup, { retentionInDays: 5 });
    }, "known");
    await configure({
      "ecs-service-two-tasks": { properties: { exceptions: [{ resource: "web", reason: "It is down at night." }] } },
      "lb-load-balancer-deletion-protection": { level: messages.EnforcementLevel.DISABLED },
      "ec2-vpc-dns": { level: messages.EnforcementLevel.ADVISORY },
      "logs-log-group-retention": { properties: { minimumDays: 14 } },
    });
    const found = [...(await analyze(resources)), ...(await analyzeStack(resources))];
    assert.deepEqual(
      found.map((d) => [d.getPolicyname(), d.getEnforcementlevel()]),
      [
        ["ec2-vpc-dns", messages.EnforcementLevel.ADVISORY],
        ["logs-log-group-retention", messages.EnforcementLevel.MANDATORY],
      ],
    );
  });

  it("does not take what the engine will fill in for the program's", async () => {
    const resources = recordChanged((w) => {
      set(w.parameter, { insecureValue: "[unknown]" });
      set(w.lb, { subnetMappings: "[unknown]" });
      set(w.publicB, { availabilityZone: "eu-west-1a" });
    }, "unknown");
    assert.deepEqual(
      (await analyzeStack(resources)).map((d) => d.getPolicyname()),
      ["ec2-vpc-subnet-layout", "lb-load-balancer-two-zones", "ec2-subnet-nat-in-zone"].sort(),
    );
  });

  it("names the versions that the project pins", () => {
    const read = (file: string) =>
      (JSON.parse(readFileSync(path.join(root, file), "utf8")) as { dependencies: Record<string, string> }).dependencies;
    const [own, project] = [read("policy/package.json"), read("package.json")];
    assert.deepEqual(own, Object.fromEntries(Object.keys(own).map((name) => [name, project[name]])));
  });

  it("does not take what the engine adds after an update for the program's", async () => {
    const resources = recordChanged((w) => {
      set(w.asg, { desiredCapacity: 4 });
      set(w.taskGroup, { ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 8000, securityGroups: ["balancer-id"], description: "" }] });
    }, "known");
    assert.deepEqual(
      (await analyzeStack(resources)).map((d) => d.getMessage()),
      [],
    );
  });
});

describe("the policy pack for a stack whose file says what may be broken", () => {
  /** What the pack tells the engine to configure it with, by rule. */
  async function initialConfig(policy: unknown): Promise<Map<string, [messages.EnforcementLevel, unknown]>> {
    engine = await Engine.start(folder, { "shop:policy": policy, "aws:region": "eu-west-3" });
    const info = await engine.info();
    const entries = [...info.getInitialconfigMap().entries()] as [string, messages.PolicyConfig][];
    return new Map(entries.map(([name, c]) => [name, [c.getEnforcementlevel(), c.getProperties()?.toJavaScript() ?? {}]]));
  }
  afterEach(() => engine?.stop());
  const { ADVISORY, DISABLED, MANDATORY } = messages.EnforcementLevel;

  it("is configured by it", async () => {
    const config = await initialConfig({
      levels: { "ec2-vpc-dns": "off", "ecs-service-exec": "advisory" },
      parameters: { "logs-log-group-retention": { minimumDays: 14 } },
      exceptions: [
        { rule: "ecs-service-two-tasks", resource: "web", reason: "It is down at night.", until: "2999-01-01" },
        { rule: "ecs-service-two-tasks", resource: "api", reason: "It is slow to start." },
      ],
    });
    assert.equal(config.size, rules.length);
    assert.deepEqual(config.get("ec2-vpc-dns"), [DISABLED, {}]);
    assert.deepEqual(config.get("ecs-service-exec"), [ADVISORY, {}]);
    assert.deepEqual(config.get("logs-log-group-retention"), [MANDATORY, { minimumDays: 14 }]);
    assert.deepEqual(config.get("ecs-service-two-tasks"), [
      MANDATORY,
      {
        exceptions: [
          { resource: "web", reason: "It is down at night.", until: "2999-01-01" },
          { resource: "api", reason: "It is slow to start." },
        ],
      },
    ]);
    assert.deepEqual(config.get("lb-load-balancer-https"), [MANDATORY, {}]);
  });

  it("only advises where the stack file says so, and looks away where it says that", async () => {
    const config = await initialConfig({ enforce: false, levels: { "ec2-vpc-dns": "off" } });
    assert.deepEqual(config.get("ec2-vpc-dns"), [DISABLED, {}]);
    assert.deepEqual([...new Set([...config.values()].map(([level]) => level))].sort(), [ADVISORY, DISABLED].sort());
  });

  it("keeps to its own levels where the setting of that name is something else's", async () => {
    assert.equal((await initialConfig({ claims: "insurance" })).size, 0);
  });

  it("does not start with a rule that is not there, and names the nearest", async () => {
    await assert.rejects(
      initialConfig({ levels: { "ec2-vpc-dn": "off" } }),
      /policy\.levels: "ec2-vpc-dn" is not a rule; allowed: the rules in policy\/README\.md; did you mean "ec2-vpc-dns"\?/,
    );
  });
});
