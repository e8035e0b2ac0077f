// A stack on the platform of another: what is made of it, and what it reads from there.
import assert from "node:assert/strict";
import type { JsonObject } from "../../facts/graph";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { Deployed } from "../helpers/deploy";
import { TEMPLATE } from "../helpers/places";
import { complaintsAbout, settingsOf } from "../helpers/settings";

const PLATFORM = "organization/platform/prod";

/** What the template's stack `dev` makes with these settings, and what it exports. */
async function planned(config: string[], outputs?: JsonObject) {
  const project = loadProject({ cwd: TEMPLATE, stack: "dev", config, configPath: true });
  const own = /:(network|cluster|loadBalancer)$/;
  const kept = Object.fromEntries(
    Object.entries(project.config).filter(([key]) => !config.some((one) => one.startsWith("platform")) || !own.test(key)),
  );
  const platform = outputs && { platform: { file: "platform.json", outputs } };
  return new Deployed(await record({ ...project, config: { ...kept, ...domainOf(project.config, config) }, ...platform }));
}
/** The domain that the command line gives, among what the stack file says of the load balancer. */
function domainOf(config: Record<string, string>, given: string[]): Record<string, string> {
  const key = Object.keys(config).find((one) => one.endsWith(":loadBalancer"));
  const domain = given.find((one) => one.startsWith("loadBalancer.domain="))?.split("=")[1];
  return key && domain ? { [key]: JSON.stringify({ domain }) } : {};
}

describe("platform", () => {
  let exported: JsonObject;
  before(async () => {
    exported = (await planned(["encryption=own"])).recording.known.outputs;
  });

  it("takes network, cluster, load balancer and key from what a stack of Berth exports", async () => {
    const made = await planned([`platform=${PLATFORM}`, "encryption=platform", "service.path=/api/*"], exported);
    const its = exported.platform as Record<string, string>;
    const service = made.inputs("aws:ecs/service:Service");
    assert.equal(service.cluster, its.clusterArn);
    assert.deepEqual((service.networkConfiguration as JsonObject).subnets, its.publicSubnetIds);
    assert.equal(made.inputs("ListenerRule").listenerArn, its.listenerArn);
    assert.equal(made.inputs("TargetGroup").vpcId, its.vpcId);
    assert.equal(made.inputs("aws:cloudwatch/logGroup:LogGroup").kmsKeyId, its.kmsKeyArn);
    assert.equal(made.recording.known.outputs.url, `${its.baseUrl}/api/`);
    assert.equal(made.recording.known.outputs.platform, undefined, "it is no platform itself");
    for (const type of ["Vpc", "aws:ecs/cluster:Cluster", "aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener", "Key"])
      assert.deepEqual(made.names(type), [], type);
  });

  it("adds the stack's own domain to the load balancer", async () => {
    const made = await planned([`platform=${PLATFORM}`, "loadBalancer.domain=shop.example.com"], exported);
    assert.equal(made.inputs("Certificate").domainName, "shop.example.com");
    assert.equal(made.inputs("ListenerCertificate").listenerArn, (exported.platform as JsonObject).listenerArn);
    assert.equal(made.recording.known.outputs.url, "https://shop.example.com");
  });

  it("has redirects and fixed answers of the stack's own on the load balancer", async () => {
    const own = { redirects: { old: { path: "/old", to: "/new" } }, responses: { gone: { path: "/gone", status: 410 } } };
    const { existingLoadBalancer } = settingsOf({ platform: PLATFORM, loadBalancer: own });
    assert.deepEqual(existingLoadBalancer?.redirects, { old: { path: "/old", to: "/new" } });
    assert.deepEqual(existingLoadBalancer?.responses, own.responses);
    assert.deepEqual(
      await complaintsAbout({ platform: PLATFORM, loadBalancer: { redirects: { old: { path: "/old/*", to: "/old/x" } } } }),
      ["loadBalancer.redirects.old.to: it leads to requests that the redirect takes, which would never end; narrow its host or path."],
    );
  });

  it("is planned without what the stack exports, which is then unknown", async () => {
    const made = await planned([`platform=${PLATFORM}`]);
    assert.equal(made.inputs("aws:ecs/service:Service").cluster, "[unknown]");
  });

  it("says which output the stack lacks", async () => {
    const lacks = (outputs: JsonObject) =>
      planned([`platform=${PLATFORM}`, "encryption=platform"], outputs).then(
        () => assert.fail("nothing was refused"),
        ({ message }: Error) => message,
      );
    const { kmsKeyArn: _, ...rest } = exported.platform as JsonObject;
    assert.equal(
      await lacks({ platform: rest }),
      `Pulumi.dev.yaml: platform: ${PLATFORM} has no output kmsKeyArn; export it there, or give the ids here.`,
    );
    assert.match(await lacks({}), /^Pulumi\.dev\.yaml: platform: organization\/platform\/prod has no output \w+; export it there/);
  });

  it("needs no load balancer for workers", () => {
    const settings = settingsOf({ platform: PLATFORM, service: { route: false } });
    assert.deepEqual([settings.existingLoadBalancer, settings.loadBalancer], [undefined, undefined]);
    assert.equal(settings.existingCluster?.stack, PLATFORM);
  });

  it("is shared by two stacks of one project file, which have no name in common", async () => {
    const project = loadProject({ cwd: TEMPLATE, stack: "ec2", config: ["encryption=own"] });
    const named = async (stack: string) => {
      const { resources } = (await record({ ...project, stack })).known;
      const names = ["name", "family", "bucket", "namePrefix", "dashboardName"];
      return resources.flatMap(({ type, inputs }) =>
        names.flatMap((key) => (type.startsWith("aws:") && typeof inputs[key] === "string" ? [`${type} ${inputs[key]}`] : [])),
      );
    };
    const [blue, green] = [await named("blue"), await named("green")];
    assert.ok(blue.some((name) => name.includes("TaskDefinition")));
    assert.deepEqual(
      blue.filter((name) => green.includes(name)),
      [],
    );
  });

  it("goes by ids as well, group by group", () => {
    const clusterArn = "arn:aws:ecs:eu-west-3:123456789012:cluster/apps";
    const settings = settingsOf({ cluster: { existing: { clusterArn } } });
    assert.deepEqual(
      [settings.existingCluster, settings.existingNetwork, settings.existingLoadBalancer],
      [{ clusterArn }, undefined, undefined],
    );
  });
});
