import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import type { JsonObject } from "../../../facts/graph";
import { deploy } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const TAGS = { Project: "shop", Stack: "test" };

describe("Cluster", () => {
  it("is on Fargate and Spot, observed, and keeps a log of shells", async () => {
    const made = await deploy(() => {
      new Cluster("apps", { network: plainNetwork() });
      new Cluster("dev", { network: plainNetwork(), containerInsights: "disabled", execLogRetentionInDays: 7, tags: { team: "red" } });
    });
    const { configuration, ...inputs } = made.inputs("aws:ecs/cluster:Cluster", "apps");
    assert.deepEqual(inputs, { settings: [{ name: "containerInsights", value: "enhanced" }], tags: TAGS });
    const { executeCommandConfiguration } = configuration as { executeCommandConfiguration: JsonObject };
    assert.equal(executeCommandConfiguration.logging, "OVERRIDE");
    assert.deepEqual(made.sourcesOf(made.one("aws:ecs/cluster:Cluster", "apps"), "configuration"), ["LogGroup apps-exec"]);
    assert.deepEqual(made.inputs("aws:ecs/cluster:Cluster", "dev").settings, [{ name: "containerInsights", value: "disabled" }]);
    assert.deepEqual(
      ["apps-exec", "dev-exec"].map((name) => made.inputs("LogGroup", name).retentionInDays),
      [90, 7],
    );
    const { clusterName: _, ...providers } = made.inputs("ClusterCapacityProviders", "apps");
    assert.deepEqual(providers, {
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", base: 1, weight: 1 }],
    });
  });
});
