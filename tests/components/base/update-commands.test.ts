// The commands of an update: the one before a rollout (`preDeploy`) and the one that follows it.
import assert from "node:assert/strict";
import { isAbsolute } from "node:path";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { makeService, outlivedBy, VARIANT_NAMES } from "../../helpers/variants";

const SERVICE = "aws:ecs/service:Service";
const UGLY = ["sh", "-c", `echo "$HOME"; rm -rf / && node 'migrate.js'`];

describe("the container of the command before a rollout", () => {
  const image = "agent:1";
  const make = (sidecar: object, container = "agent") =>
    makeService("FargateService", {
      preDeploy: { command: ["check"], container },
      sidecars: { agent: { image, ...sidecar } },
      path: false,
    });

  it("runs in the container that is named", async () => {
    const { BERTH_CONTAINER, BERTH_COMMAND } = (await deploy(() => make({ essential: false }))).inputs("Command", "web-pre-deploy")
      .environment as Record<string, string>;
    assert.deepEqual([BERTH_CONTAINER, BERTH_COMMAND], ["agent", '["check"]']);
  });

  it("is refused in one that there is not, and in one that never ends", async () => {
    const at = 'FargateService "web": preDeploy.container:';
    assert.equal(
      await refusal(() => make({}, "agents")),
      `${at} "agents" is not a sidecar of the service; allowed: agent; did you mean "agent"?`,
    );
    assert.equal(
      await refusal(() => makeService("FargateService", { preDeploy: { command: ["check"], container: "agent" } })),
      `${at} the service has no sidecar "agent"; leave it out for the app's own container.`,
    );
    assert.equal(
      await refusal(() => make({ restartPolicy: true })),
      `${at} ECS starts agent again whenever it ends; take its restartPolicy away, or name another container.`,
    );
  });
});

for (const variant of VARIANT_NAMES) {
  describe(`the commands of ${variant}`, () => {
    let made: Deployed;
    const environmentOf = (name: string) => made.inputs("Command", name).environment as Record<string, string>;
    before(async () => {
      made = await deploy(() => makeService(variant, { preDeploy: UGLY, redeploy: "monday", desiredCount: 2 }));
    });

    it("run the same constant scripts whatever the settings are, when they are made and when a setting changes", () => {
      for (const [name, verb] of [
        ["web-pre-deploy", "run"],
        ["web-rollout", "wait"],
      ]) {
        const { create, update, delete: end, triggers, environment: _, ...others } = made.inputs("Command", name);
        assert.equal(create, `node "../../../bin/berth.js" ${verb}`);
        assert.deepEqual([update, end, triggers, others], [undefined, undefined, undefined, {}]);
      }
    });

    it("are told what to work on, and no credentials, region, profile or path of this machine", () => {
      for (const name of ["web-pre-deploy", "web-rollout", "web-revisions"]) {
        for (const [key, value] of Object.entries(environmentOf(name))) {
          assert.match(key, /^BERTH_[A-Z_]+$/);
          assert.doesNotMatch(key, /REGION|PROFILE|KEY|TOKEN|CREDENTIAL|CWD|PATH/);
          assert.ok(!isAbsolute(value) && !value.includes(process.cwd()), `${key}=${value}`);
        }
      }
    });

    it("before the rollout run the new revision's task where the service runs, with the command as data", () => {
      const { BERTH_SUBNETS, BERTH_SECURITY_GROUPS, BERTH_ASSIGN_PUBLIC_IP, ...environment } = environmentOf("web-pre-deploy");
      assert.deepEqual(Object.keys(environment).sort(), [
        "BERTH_CAPACITY_PROVIDER_STRATEGY",
        "BERTH_CLUSTER",
        "BERTH_COMMAND",
        "BERTH_CONTAINER",
        "BERTH_TASK_DEFINITION",
      ]);
      const service = made.inputs(SERVICE);
      assert.deepEqual(JSON.parse(environment.BERTH_COMMAND!), UGLY);
      assert.deepEqual(JSON.parse(environment.BERTH_CAPACITY_PROVIDER_STRATEGY!), service.capacityProviderStrategies);
      assert.deepEqual([environment.BERTH_TASK_DEFINITION, environment.BERTH_CONTAINER], [service.taskDefinition, "web"]);
      assert.match(environment.BERTH_CLUSTER!, /^arn:aws:ecs:eu-west-3:123456789012:cluster\/apps-[0-9a-f]{7}$/);
      const { securityGroups, subnets, assignPublicIp } = service.networkConfiguration as JsonObject;
      assert.deepEqual(
        [BERTH_SUBNETS!.split(","), [BERTH_SECURITY_GROUPS], BERTH_ASSIGN_PUBLIC_IP],
        [subnets, securityGroups, String(assignPublicIp)],
      );
    });

    it("before the rollout wait for all that the service's tasks need, and have an hour", () => {
      const command = made.one("Command", "web-pre-deploy");
      const [before, after] = [outlivedBy(made, "Command", "web-pre-deploy"), outlivedBy(made, SERVICE, "web")];
      assert.deepEqual(
        [...after].filter((each) => !before.has(each)),
        ["Command web-pre-deploy"],
      );
      assert.ok(made.one(SERVICE).dependencies.includes(command.urn));
      assert.deepEqual(command.options.customTimeouts, { create: "60m", update: "60m" });
    });

    it("after it follow this revision, and again when anything changes that starts a deployment", () => {
      const { BERTH_REASON, ...environment } = environmentOf("web-rollout");
      const service = made.inputs(SERVICE);
      assert.deepEqual(Object.keys(environment).sort(), [
        "BERTH_CLUSTER",
        "BERTH_SERVICE",
        "BERTH_TASK_DEFINITION",
        "BERTH_TIMEOUT_MINUTES",
      ]);
      assert.deepEqual([environment.BERTH_TASK_DEFINITION, environment.BERTH_TIMEOUT_MINUTES], [service.taskDefinition, "20"]);
      assert.match(environment.BERTH_SERVICE!, /^web-[0-9a-f]{7}$/);
      assert.match(BERTH_REASON!, /^[0-9a-f]{16}$/);
      const follower = made.one("Command", "web-rollout");
      assert.ok(follower.dependencies.includes(made.one(SERVICE).urn));
      assert.deepEqual(follower.options.customTimeouts, { create: "25m", update: "25m" });
      assert.equal(service.waitForSteadyState, false);
    });
  });
}

describe("the command before a rollout", () => {
  it("is not there unless it is asked for", async () => {
    const made = await deploy(() => makeService("FargateService"));
    assert.deepEqual(made.names("Command"), ["apps-attach-blue", "apps-attach-managed", "web-revisions", "web-rollout"]);
  });

  it("says the same when nothing changed, and something else for a new revision alone", async () => {
    const environment = async (variable: string, healthCheck = {}) => {
      const made = await deploy(() => makeService("FargateService", { preDeploy: ["true"], environment: { A: variable }, healthCheck }));
      return {
        command: made.inputs("Command", "web-pre-deploy").environment,
        containers: made.inputs("TaskDefinition").containerDefinitions,
      };
    };
    const [one, again, other] = [await environment("1"), await environment("1", { interval: 20 }), await environment("2")];
    assert.deepEqual(one.command, again.command);
    assert.notEqual(one.containers, other.containers);
    const made = await deploy(() => makeService("FargateService", { preDeploy: ["true"] }));
    assert.deepEqual(
      Object.keys(made.one("Command", "web-pre-deploy").inputs),
      ["create", "environment"],
      "it is the revision's ARN in the environment that makes it run again",
    );
    assert.ok(made.sourcesOf(made.one("Command", "web-pre-deploy"), "environment").includes("TaskDefinition web"));
  });
});
