// A unit test of this project's program, as Pulumi's guide teaches it (https://www.pulumi.com/docs/iac/guides/testing/unit): mocks answer in place of AWS. The
// tests below hold for any program on ECS; add those of yours.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadProject } from "../../plan/project/project";
import { REPOSITORY } from "../helpers/places";
import { acceptTransforms, awsIn } from "./mocks";
import { stacks } from "./project";

describe("index.ts", () => {
  const made: pulumi.runtime.MockResourceArgs[] = [];
  /** The inputs of all resources of a type. */
  const all = (type: string) => made.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
  let outputs: Record<string, unknown>;

  before("runs once, with the settings of the first stack", async () => {
    const { name, stack, config, secretKeys } = loadProject({ cwd: REPOSITORY, stack: stacks[0] });
    const aws = awsIn(config["aws:region"] ?? "us-east-1");
    await pulumi.runtime.setMocks(
      {
        newResource(resource) {
          made.push(resource);
          return aws.newResource(resource);
        },
        call: aws.call,
      },
      name,
      stack,
    );
    acceptTransforms();
    pulumi.runtime.setAllConfig(config, secretKeys);
    outputs = require("../../index") as Record<string, unknown>;
    // Waits until everything is registered.
    await pulumi.runtime.disconnect();
  });

  it("runs tasks, and keeps the logs of each container", () => {
    const tasks = all("aws:ecs/taskDefinition:TaskDefinition");
    assert.ok(tasks.length > 0);
    for (const { containerDefinitions } of tasks)
      for (const container of JSON.parse(containerDefinitions)) assert.ok(container.logConfiguration, container.name);
  });

  it("lets the internet reach load balancers only", () => {
    const balancers = all("aws:lb/loadBalancer:LoadBalancer").flatMap(({ securityGroups }) => securityGroups);
    const open = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ cidrIpv4 }) => cidrIpv4 === "0.0.0.0/0");
    for (const { securityGroupId } of open) assert.ok(balancers.includes(securityGroupId), securityGroupId);
  });

  it("exports a URL", () =>
    new Promise<void>((done, fail) => {
      pulumi.output(outputs.url as pulumi.Input<string>).apply((url) => {
        try {
          assert.match(url, /^https?:\/\//);
          done();
        } catch (error) {
          fail(error as Error);
        }
      });
    }));
});
