// What a change of a live service does, seen in what two programs register: the old resource stays where a new one has another name, and is changed where it has not.
import assert from "node:assert/strict";
import { Cluster, FargateService, LoadBalancer, OneOffTask, ScheduledTask } from "../../../components";
import type { ServiceArgs } from "../../../components/service/arguments";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { makeService } from "../../helpers/variants";

const SERVICE = "aws:ecs/service:Service";
const secret = (name: string) => `arn:aws:secretsmanager:eu-west-3:123456789012:secret:${name}-AbCdEf`;
const reason = (made: Deployed) => (made.inputs("Command", "web-rollout").environment as Record<string, string>).BERTH_REASON;
const service = (args: Partial<ServiceArgs> = {}) => deploy(() => makeService("FargateService", args));

describe("a live service whose port changes", () => {
  it("has rules for the new port beside those for the old, and the target group that it has", async () => {
    const [before, after] = [await service(), await service({ port: 9000 })];
    assert.ok(before.names("SecurityGroupIngressRule").includes("web-in-8000"));
    assert.ok(after.names("SecurityGroupIngressRule").includes("web-in-9000"));
    assert.ok(after.names("SecurityGroupEgressRule").includes("web-requests-9000"));
    assert.deepEqual(after.one("TargetGroup").options.ignoreChanges, ["port"]);
  });

  it("takes over the rules that an earlier version named without the port", async () => {
    const made = await service();
    for (const [type, name] of [
      ["SecurityGroupIngressRule", "web-in"],
      ["SecurityGroupEgressRule", "web-requests"],
    ])
      assert.deepEqual(
        made.one(type!, `${name}-8000`).options.aliases.map((urn) => urn.split("::").pop()),
        [name],
      );
  });
});

describe("the rights of a live service", () => {
  it("are a policy of another name when a secret goes, for the old revision needs the old ones", async () => {
    const names = async (secrets: Record<string, string>) =>
      (await service({ secrets })).names("RolePolicy").filter((name) => name.startsWith("web-execution"));
    const [both, one, again] = [
      await names({ A: secret("a"), B: secret("b") }),
      await names({ A: secret("a") }),
      await names({ A: secret("a") }),
    ];
    assert.notDeepEqual(both, one);
    assert.deepEqual(one, again);
    assert.match(one[0]!, /^web-execution-[0-9a-f]{8}$/);
  });

  it("are a policy of another name when the image comes from elsewhere, and when the keys of secrets change", async () => {
    const execution = async (args: Partial<ServiceArgs>) =>
      (await service(args)).names("RolePolicy").find((name) => name.startsWith("web-execution"));
    const image = (name: string) => `123456789012.dkr.ecr.eu-west-3.amazonaws.com/team/${name}@sha256:0123`;
    const key = "arn:aws:kms:eu-west-3:123456789012:key/k";
    const names = [
      await execution({ image: image("web") }),
      await execution({ image: image("shop") }),
      await execution({ image: image("web"), secretsKmsKeyArns: [key] }),
      await execution({ image: "public.ecr.aws/x/web:1" }),
    ];
    assert.equal(new Set(names).size, 4);
    assert.equal(names[3], "web-execution");
    assert.equal(await execution({ image: image("web").replace("0123", "4567") }), names[0], "a new tag or digest is no other repository");
  });
});

describe("a live service", () => {
  it("moves to other capacity in place, by a deployment that is followed", async () => {
    const [spot, mixed] = [await service({ capacity: "spot" } as object), await service({ capacity: "mixed" } as object)];
    for (const made of [spot, mixed]) assert.equal(made.inputs(SERVICE).forceNewDeployment, true);
    assert.notDeepEqual(spot.inputs(SERVICE).triggers, mixed.inputs(SERVICE).triggers);
    assert.notEqual(reason(spot), reason(mixed));
  });

  const starts: [what: string, args: Partial<ServiceArgs>][] = [
    ["a test header", { rollout: { strategy: "blueGreen", testHeader: { "x-preview": "yes" } } }],
    ["a grace period", { healthCheck: { gracePeriod: 120 } }],
    ["exec", { exec: true, readonlyRootFilesystem: false }],
    ["the circuit breaker", { rollout: { strategy: "rolling", circuitBreaker: false } }],
    ["a fixed number of tasks", { desiredCount: 3 }],
    ["a property by transform", { transform: { service: { platformVersion: "1.4.0" } } }],
  ];
  for (const [what, args] of starts)
    it(`is followed when it changes: ${what}`, async () => assert.notEqual(reason(await service(args)), reason(await service())));

  it("is not followed for what starts no deployment: its tags, and the number of tasks that Auto Scaling keeps", async () => {
    const base = reason(await service());
    assert.equal(reason(await service({ tags: { Team: "shop" } })), base);
    assert.equal(reason(await service({ scaling: { min: 4 } })), base);
  });

  it("has no alarms and no circuit breaker in words, for what is left out stays as it was in AWS", async () => {
    const off = (await service({ rollout: { strategy: "rolling", circuitBreaker: false } })).inputs(SERVICE);
    assert.deepEqual(
      [off.alarms, off.deploymentCircuitBreaker],
      [
        { alarmNames: ["none"], enable: false, rollback: false },
        { enable: false, rollback: false },
      ],
    );
    const canary = (await service({ rollout: "canary" })).inputs(SERVICE);
    assert.deepEqual(canary.deploymentCircuitBreaker, { enable: false, rollback: false });
  });

  it("has target groups of its own for a load balancer of another scheme", async () => {
    const trigger = async (internal: boolean) => {
      const made = await deploy(() => {
        const network = plainNetwork();
        const route = new LoadBalancer("public", { network, internal, accessLogs: false }).route({ path: "/*" });
        new FargateService("web", { cluster: new Cluster("apps", { network }), image: "web:1", route });
      });
      return made.one("TargetGroup").options.replacementTrigger;
    };
    assert.deepEqual([await trigger(false), await trigger(true)], ["internet-facing", "internal"]);
  });

  it("wakes when its hours of sleep are taken away, but not when it goes itself", async () => {
    const made = await service({ sleep: { stop: "20:00", start: "07:00" }, scaling: { min: 3, max: 6 } });
    const wake = made.one("Command", "web-wake");
    assert.match(String(wake.inputs.delete), /berth\.js" wake$/);
    const { BERTH_MIN_TASKS, BERTH_MAX_TASKS } = wake.inputs.environment as Record<string, string>;
    assert.deepEqual([BERTH_MIN_TASKS, BERTH_MAX_TASKS], ["3", "6"]);
    assert.equal(wake.options.deletedWith, made.one(SERVICE).urn);
    for (const action of made.all("ScheduledAction")) assert.ok(wake.dependencies.includes(action.urn), action.name);
    assert.deepEqual((await service()).names("Command").includes("web-wake"), false);
  });
});

describe("a service whose revisions a pipeline deploys", () => {
  it("leaves the one that it runs, and follows only what the update itself starts", async () => {
    const [one, other] = [await service({ revision: "external" }), await service({ revision: "external", environment: { A: "1" } })];
    assert.deepEqual(one.one(SERVICE).options.ignoreChanges, ["desiredCount", "taskDefinition"]);
    const follower = one.inputs("Command", "web-rollout").environment as Record<string, string>;
    assert.ok(!("BERTH_TASK_DEFINITION" in follower), "the tool follows whatever the service runs");
    assert.equal(reason(one), reason(other));
    assert.notEqual(reason(one), reason(await service({ revision: "external", healthCheck: { gracePeriod: 120 } })));
    assert.deepEqual((await service({ desiredCount: 1, revision: "external" })).one(SERVICE).options.ignoreChanges, ["taskDefinition"]);
  });

  it("has no command before a revision", async () =>
    assert.match(
      await refusal(() => makeService("FargateService", { revision: "external", preDeploy: ["true"] })),
      /^FargateService "web": preDeploy: it runs before Pulumi deploys a revision/,
    ));
});

describe("a daemon", () => {
  it("has the launch type EC2 and no strategy, which AWS refuses for it", async () => {
    const { schedulingStrategy, launchType, capacityProviderStrategies, desiredCount } = (
      await deploy(() => makeService("Ec2Service", { daemon: true } as object))
    ).inputs(SERVICE);
    assert.deepEqual([schedulingStrategy, launchType, capacityProviderStrategies, desiredCount], ["DAEMON", "EC2", undefined, undefined]);
  });
});

describe("a task that gets a schedule, or loses it", () => {
  const both = (scheduled: boolean) =>
    deploy(() => {
      const args = { cluster: new Cluster("apps", { network: plainNetwork() }), image: "web:1", command: ["node", "report.js"] };
      if (scheduled) new ScheduledTask("report", { ...args, schedule: "rate(1 day)" });
      else new OneOffTask("report", args);
    });
  const oneOff = (made: Deployed) => made.resources.find(({ type }) => type === "berth:index:OneOffTask")!;

  it("is the same task to Pulumi, so that its revisions stay", async () => {
    const [plain, scheduled] = [oneOff(await both(false)), oneOff(await both(true))];
    assert.notEqual(plain.urn, scheduled.urn);
    assert.ok(scheduled.options.aliases.includes(plain.urn), scheduled.options.aliases.join());
    assert.ok(plain.options.aliases.includes(scheduled.urn), plain.options.aliases.join());
  });
});

describe("two stacks whose names run together", () => {
  it("share neither a family nor a role", async () => {
    const families = new Set<unknown>();
    for (const [project, stack] of [
      ["shop", "api-dev"],
      ["shop-api", "dev"],
    ]) {
      const made = await deploy(() => makeService("ManagedInstancesService"), { project: project!, stack: stack! });
      families.add(made.inputs("TaskDefinition").family);
      families.add(made.inputs("Role", "apps-managed-instance").name);
    }
    assert.equal(families.size, 4);
  });
});
