import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Cluster } from "../../../components/cluster/cluster";
import type { ExistingClusterArgs } from "../../../components/cluster/existing-cluster";
import { Network } from "../../../components/network/network";
import { Ec2Service } from "../../../components/service/ec2-service";
import { FargateService } from "../../../components/service/fargate-service";
import { ManagedInstancesService } from "../../../components/service/managed-instances-service";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, type DeployOptions, deploy, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE } from "../../helpers/variants";

const ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/apps-1a2b3c4`;
const LOG = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:apps-exec-1a2b3c4`;
const EXPORTED = {
  clusterArn: ARN,
  execLogGroupArn: LOG,
  ec2CapacityProviders: { blue: "apps-blue-1", green: "apps-green-1" },
  managedInstancesCapacityProvider: "apps-managed-1",
};

type Given = Omit<ExistingClusterArgs, "network">;
const existing = (given: Given) => Cluster.existing("apps", { network: plainNetwork(), ...given });

/** Lets AWS say `status` of each cluster, or that there is none. */
async function inWorld<T>(status: string | undefined, work: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(aws.ecs, "getCluster")!;
  const value = async () => (status === undefined ? Promise.reject(new Error("couldn't find resource")) : { status });
  Object.defineProperty(aws.ecs, "getCluster", { value, configurable: true, enumerable: true });
  try {
    return await work();
  } finally {
    Object.defineProperty(aws.ecs, "getCluster", before);
  }
}

describe("Cluster.existing", () => {
  it("runs services and tasks on a cluster that is there, and makes nothing of one", async () => {
    const made = await deploy(() => {
      const cluster = existing({ clusterArn: ARN, execLogGroupArn: LOG });
      new FargateService("web", { cluster, image: IMAGE, exec: true, readonlyRootFilesystem: false });
      new ScheduledTask("report", { cluster, image: IMAGE, schedule: "rate(1 hour)" });
    });
    assert.equal(made.inputs("aws:ecs/service:Service").cluster, ARN);
    assert.equal((made.inputs("aws:scheduler/schedule:Schedule").target as JsonObject).arn, ARN);
    assert.equal(String(made.inputs("aws:appautoscaling/target:Target").resourceId).split("/")[1], "apps-1a2b3c4");
    assert.match(JSON.stringify(made.inputs("RolePolicy", "web-task").policy), /log-group:apps-exec-1a2b3c4:\*/);
    for (const type of ["aws:ecs/cluster:Cluster", "ClusterCapacityProviders", "CapacityProvider", "StackReference"])
      assert.deepEqual(made.names(type), [], type);
    assert.deepEqual(made.recording.known.invokes.filter(({ token }) => token === "aws:ecs/getCluster:getCluster").length, 1);
  });

  it("grants nothing on a session log that nobody has named", async () => {
    const made = await deploy(
      () => new FargateService("web", { cluster: existing({ clusterArn: ARN }), image: IMAGE, exec: true, readonlyRootFilesystem: false }),
    );
    const { policy } = made.inputs("RolePolicy", "web-task");
    assert.match(String(policy), /ssmmessages:CreateDataChannel/);
    assert.doesNotMatch(String(policy), /logs:/);
  });

  const onInstances = (given: Given, groups?: { group: string; weight: number }[]) => () => {
    const cluster = existing(given);
    new Ec2Service("web", { cluster, image: IMAGE, ...(groups && { groups }) });
    new ManagedInstancesService("api", { cluster, image: IMAGE });
  };
  const providersOf = async (given: Given, groups?: { group: string; weight: number }[], options?: DeployOptions) => {
    const made = await deploy(onInstances(given, groups), options);
    return ["web", "api"].map((name) => {
      const { capacityProviderStrategies } = made.inputs("aws:ecs/service:Service", name);
      return (capacityProviderStrategies as JsonObject[]).map(({ capacityProvider }) => capacityProvider);
    });
  };

  it("runs services on capacity providers by name: the first of the groups, or those that a service names", async () => {
    const { execLogGroupArn: _, ...ids } = EXPORTED;
    const both = [
      { group: "green", weight: 1 },
      { group: "blue", weight: 1 },
    ];
    assert.deepEqual(await providersOf(ids), [["apps-blue-1"], ["apps-managed-1"]]);
    assert.deepEqual(await providersOf(ids, both), [["apps-green-1", "apps-blue-1"], ["apps-managed-1"]]);
  });

  it("takes all of it from what a stack exports", async () => {
    const stack = "organization/platform/prod";
    assert.deepEqual(await providersOf({ stack }, undefined, { platform: { platform: EXPORTED } }), [["apps-blue-1"], ["apps-managed-1"]]);
    const made = await deploy(
      () => new FargateService("web", { cluster: existing({ stack }), image: IMAGE, exec: true, readonlyRootFilesystem: false }),
      {
        platform: EXPORTED,
      },
    );
    assert.equal(made.inputs("aws:ecs/service:Service").cluster, ARN);
    assert.match(String(made.inputs("RolePolicy", "web-task").policy), /apps-exec-1a2b3c4/);
    assert.deepEqual(made.recording.messages.map(({ text }) => text).sort(), [
      "what organization/platform/prod exports is read from platform.json.",
      `whether ${ARN} is an active cluster, pulumi preview asks AWS.`,
    ]);
  });

  it("is planned without the stack's outputs, which are then unknown", async () => {
    const made = await deploy(() => new FargateService("web", { cluster: existing({ stack: "o/p/s" }), image: IMAGE }));
    assert.equal(made.inputs("aws:ecs/service:Service").cluster, "[unknown]");
    assert.match(made.recording.messages.map(({ text }) => text).join("\n"), /^what o\/p\/s exports is unknown here;/m);
  });

  it("exports what `existing` takes", async () => {
    const exported = (make: () => { shared: object }) =>
      deploy(make, { outputs: true }).then((made) => made.recording.known.outputs.shared);
    const network = () => new Network("net", { nat: "single", flowLogs: false });
    const ec2 = { blue: { instanceTypes: ["m5.large"] } };
    const own = (await exported(() => new Cluster("apps", { network: network(), ec2, managedInstances: {} }))) as typeof EXPORTED;
    assert.match(own.clusterArn, /^arn:aws:ecs:eu-west-3:\d+:cluster\/apps-/);
    assert.match(own.execLogGroupArn, /:log-group:apps-exec-/);
    assert.match(own.ec2CapacityProviders.blue, /^apps-blue-/);
    assert.match(own.managedInstancesCapacityProvider, /^apps-managed-/);
    assert.deepEqual(Object.keys((await exported(() => new Cluster("apps", { network: network() }))) as object), [
      "clusterArn",
      "execLogGroupArn",
    ]);
    assert.deepEqual(await exported(() => existing(EXPORTED)), EXPORTED);
    assert.deepEqual(await exported(() => existing({ clusterArn: ARN })), { clusterArn: ARN });
  });

  const of = 'ExistingCluster "apps": ';
  const refused: [what: string, given: Given, message: string][] = [
    ["neither an ARN nor a stack", {}, `${of}clusterArn: it is missing; give it, or a stack that exports it.`],
    [
      "an ARN and a stack",
      { clusterArn: ARN, stack: "o/p/s" },
      `${of}stack: stack and clusterArn are both given; the ids come from one of them.`,
    ],
    [
      "a log group and a stack",
      { execLogGroupArn: LOG, stack: "o/p/s" },
      `${of}stack: stack and execLogGroupArn are both given; the ids come from one of them.`,
    ],
    [
      "a name",
      { clusterArn: "apps" },
      `${of}clusterArn: "apps" is not the ARN of a cluster; write one like "arn:aws:ecs:eu-west-1:111122223333:cluster/apps".`,
    ],
    [
      "the ARN of a service",
      { clusterArn: ARN.replace("cluster/", "service/") },
      `${of}clusterArn: "${ARN.replace("cluster/", "service/")}" is not the ARN of a cluster; write one like "arn:aws:ecs:eu-west-1:111122223333:cluster/apps".`,
    ],
    [
      "half a stack's name",
      { stack: "platform/prod" },
      `${of}stack: "platform/prod" is not the full name of a stack; write one like "organization/network/prod".`,
    ],
    [
      "Fargate as a group",
      { clusterArn: ARN, ec2CapacityProviders: { spot: "FARGATE_SPOT" } },
      `${of}ec2CapacityProviders.spot: FARGATE_SPOT is there without being named; leave it out.`,
    ],
  ];
  for (const [what, given, message] of refused)
    it(`refuses ${what}`, async () => assert.equal(await refusal(() => existing(given)), message));

  it("refuses a cluster of another region, or that AWS does not know", async () => {
    const elsewhere = ARN.replace(REGION, "us-east-1");
    const network = () => Network.existing("net", { vpcId: "vpc-0a1b2c3d", privateSubnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] });
    assert.equal(
      await refusal(() => Cluster.existing("apps", { network: network(), clusterArn: elsewhere })),
      `${of}clusterArn: ${elsewhere} is in us-east-1; allowed: ${REGION}, where the stack is.`,
    );
    assert.equal(
      await inWorld(undefined, () => refusal(() => existing({ clusterArn: ARN }))),
      `${of}clusterArn: AWS finds no cluster ${ARN}; give the ARN of one that is there (couldn't find resource).`,
    );
    assert.equal(
      await inWorld("INACTIVE", () => refusal(() => existing({ clusterArn: ARN }))),
      `${of}clusterArn: ${ARN} is INACTIVE; give the ARN of a cluster that is ACTIVE.`,
    );
  });

  it("refuses capacity that the cluster has not, and bridge mode, by name", async () => {
    const service = (given: Given, more: object) => () => new Ec2Service("web", { cluster: existing(given), image: IMAGE, ...more });
    const ids = { clusterArn: ARN, ec2CapacityProviders: EXPORTED.ec2CapacityProviders };
    const mine = 'Ec2Service "web": ';
    assert.equal(
      await refusal(service({ clusterArn: ARN }, {})),
      `${mine}cluster: no EC2 instances are known of it; name their capacity provider in ec2CapacityProviders, or run on Fargate.`,
    );
    assert.equal(
      await refusal(service(ids, { groups: [{ group: "red" }] })),
      `${mine}groups[0].group: the cluster has no group "red"; it has blue, green.`,
    );
    assert.equal(
      await refusal(service({ stack: "o/p/s" }, {}), { platform: { clusterArn: ARN, execLogGroupArn: LOG } }),
      `${mine}cluster: no EC2 instances are known of it; name their capacity provider in ec2CapacityProviders, or run on Fargate.`,
    );
    assert.equal(
      await refusal(service(ids, { networkMode: "bridge" })),
      `${mine}networkMode: in bridge mode requests come to the instances, and who may reach those is not for this stack to change; set networkMode: awsvpc.`,
    );
    assert.equal(
      await refusal(() => new ManagedInstancesService("api", { cluster: existing({ clusterArn: ARN }), image: IMAGE })),
      'ManagedInstancesService "api": cluster: no managed instances are known of it; name their capacity provider in managedInstancesCapacityProvider, or run on Fargate.',
    );
  });

  it("refuses instances of the stack's own where another stack's tasks have public IPs", async () => {
    const ids = { vpcId: "vpc-0a1b2c3d", publicSubnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"], tasks: "public" };
    const cluster = (more: object) => () => new Cluster("apps", { network: Network.existing("net", { stack: "o/p/s" }), ...more });
    const publicly = { platform: { platform: ids } };
    assert.match(
      await refusal(cluster({ ec2: { blue: { instanceTypes: ["m5.large"] } } }), publicly),
      /^Cluster "apps": ec2\.blue: instances and their tasks have no public IPs, /,
    );
    assert.match(
      await refusal(cluster({ managedInstances: {} }), publicly),
      /^Cluster "apps": managedInstances: managed instances have no public IPs, /,
    );
    await deploy(cluster({}), publicly);
  });

  it("refuses a stack without the output", async () => {
    assert.equal(
      await refusal(() => existing({ stack: "o/platform/s" }), { platform: { url: "http://x" } }),
      `${of}stack: o/platform/s has no output clusterArn; export it there, or give the ids here.`,
    );
  });
});
