import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import type { ManagedInstancesCapacityArgs } from "../../../components/cluster/managed-instances";
import { ManagedInstancesService } from "../../../components/service/managed-instances-service";
import type { JsonObject } from "../../../facts/graph";
import { ACCOUNT, assertTrust, type Deployed, type DeployOptions, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE, outlivedBy } from "../../helpers/variants";

const TAGS = { Project: "shop", Stack: "test" };
const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";

const make = (args: ManagedInstancesCapacityArgs = {}, partition = "aws") =>
  new Cluster("apps", { network: plainNetwork(partition), managedInstances: args });
const deployOne = (args: ManagedInstancesCapacityArgs = {}, options: DeployOptions = {}) => deploy(() => make(args), options);
const providerOf = (made: Deployed) => made.inputs(PROVIDER).managedInstancesProvider as JsonObject;
const templateOf = (made: Deployed) => providerOf(made).instanceLaunchTemplate as JsonObject;

describe("managed instances with nothing said", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne();
  });

  it("are this provider to the letter", () => {
    const provider = made.one(PROVIDER);
    const { cluster: _, managedInstancesProvider, ...inputs } = provider.inputs;
    assert.deepEqual(inputs, { tags: TAGS });
    const { infrastructureRoleArn, instanceLaunchTemplate, ...how } = managedInstancesProvider as JsonObject;
    assert.deepEqual(how, {
      propagateTags: "CAPACITY_PROVIDER",
      infrastructureOptimization: { scaleInAfter: 300 },
      autoRepairConfiguration: { actionsStatus: "ENABLED" },
    });
    const { ec2InstanceProfileArn, networkConfiguration, ...template } = instanceLaunchTemplate as JsonObject;
    assert.deepEqual(template, {
      capacityOptionType: "ON_DEMAND",
      monitoring: "BASIC",
      storageConfiguration: { storageSizeGib: 30 },
      instanceRequirements: {
        vcpuCount: { min: 1, max: 8 },
        memoryMib: { min: 2048, max: 32768 },
        cpuManufacturers: ["intel", "amd"],
        instanceGenerations: ["current"],
      },
    });
    assert.match(String(infrastructureRoleArn), /:role\/apps-managed-infrastructure-/);
    assert.match(String(ec2InstanceProfileArn), /:instance-profile\/ecsInstanceRole-shop-test-apps-managed$/);
    const { subnets, securityGroups } = networkConfiguration as Record<string, string[]>;
    assert.deepEqual([subnets, securityGroups!.length], [["subnet-private-a", "subnet-private-b"], 1]);
    assert.deepEqual(made.sourcesOf(provider, "cluster"), ["Cluster apps"]);
    assert.deepEqual(made.sourcesOf(provider, "managedInstancesProvider").sort(), [
      "InstanceProfile apps-managed-instance",
      "Role apps-managed-infrastructure",
      "SecurityGroup apps-managed",
    ]);
  });

  it("are bought by ECS for this account's own ECS alone", () => {
    assertTrust(made.one("Role", "apps-managed-infrastructure"), "ecs.amazonaws.com");
    assert.deepEqual(
      made.names("RolePolicyAttachment").map((name) => [name, made.inputs("RolePolicyAttachment", name).policyArn]),
      [
        ["apps-managed-infrastructure", "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances"],
        ["apps-managed-instance", "arn:aws:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances"],
      ],
    );
  });

  it("are kept from the account's other roles and clusters, which AWS's policies reach", () => {
    const instanceRole = made.one("Role", "apps-managed-instance");
    const infrastructure = made.one("RolePolicy", "apps-managed-infrastructure");
    assert.deepEqual(policyOf(infrastructure).Statement, [
      {
        Sid: "OtherRoles",
        Effect: "Deny",
        Action: ["iam:PassRole"],
        NotResource: [`arn:aws:iam::${ACCOUNT}:role/${instanceRole.inputs.name}`],
      },
    ]);
    const clusterName = String(made.inputs("ClusterCapacityProviders").clusterName);
    const arn = (rest: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${rest}`;
    const actions = [
      "RegisterContainerInstance",
      "Poll",
      "StartTelemetrySession",
      "PutSystemLogEvents",
      "SubmitAttachmentStateChanges",
      "SubmitTaskStateChange",
    ];
    assert.deepEqual(policyOf(made.one("RolePolicy", "apps-managed-instance")).Statement, [
      {
        Sid: "OtherClusters",
        Effect: "Deny",
        Action: actions.map((action) => `ecs:${action}`),
        NotResource: [arn(`cluster/${clusterName}`), arn(`container-instance/${clusterName}/*`), arn(`task-set/${clusterName}/*`)],
      },
    ]);
  });

  it("have a role with the only beginning that AWS's policy hands on", () => {
    const role = made.one("Role", "apps-managed-instance");
    assert.equal(role.inputs.name, "ecsInstanceRole-shop-test-apps-managed");
    assert.deepEqual(policyOf(role, "assumeRolePolicy").Statement, [
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    const profile = made.one("InstanceProfile");
    assert.equal(profile.inputs.name, role.inputs.name);
    assert.deepEqual(made.sourcesOf(profile, "role"), ["Role apps-managed-instance"]);
  });

  it("wait for their rights and their way out, and drain while they have them", () => {
    const provider = made.one(PROVIDER);
    const needed: [type: string, name: string][] = [
      ["RolePolicyAttachment", "apps-managed-infrastructure"],
      ["RolePolicyAttachment", "apps-managed-instance"],
      ["RolePolicy", "apps-managed-infrastructure"],
      ["RolePolicy", "apps-managed-instance"],
      ["SecurityGroupEgressRule", "apps-managed-out"],
    ];
    for (const [type, name] of needed) assert.ok(provider.dependencies.includes(made.one(type, name).urn), `${type} ${name}`);
    assert.ok(outlivedBy(made, PROVIDER, "apps-managed").has("Cluster apps"));
    assert.ok(outlivedBy(made, "Command", "apps-attach-managed").has("CapacityProvider apps-managed"));
  });

  it("let nothing in", () => {
    assert.deepEqual(made.names("SecurityGroupIngressRule"), []);
    const { securityGroupId: _, description: __, ...rule } = made.inputs("SecurityGroupEgressRule");
    assert.deepEqual(rule, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", tags: TAGS });
    assert.deepEqual(made.one("SecurityGroup").options.customTimeouts, { delete: "20m" });
  });

  it("are attached to the cluster by a command that waits until AWS has them ACTIVE", () => {
    const { create, environment } = made.inputs("Command", "apps-attach-managed");
    assert.match(String(create), /berth\.js" attach-capacity-provider$/);
    assert.match((environment as Record<string, string>).BERTH_CAPACITY_PROVIDER!, /^apps-managed-[0-9a-f]{7}$/);
    assert.deepEqual(made.inputs("ClusterCapacityProviders").capacityProviders, ["FARGATE", "FARGATE_SPOT"]);
  });

  it("look nothing up", () => assert.deepEqual(made.recording.known.invokes, []));
});

describe("managed instances as their arguments say", () => {
  it("are bought, sized and watched so", async () => {
    const made = await deployOne({
      vcpus: { min: 2 },
      memory: { min: 4096, max: 65536 },
      architecture: "arm64",
      capacity: "spot",
      storageSize: 100,
      detailedMonitoring: true,
      scaleInAfter: -1,
    });
    const { capacityOptionType, monitoring, storageConfiguration, instanceRequirements } = templateOf(made);
    assert.deepEqual([capacityOptionType, monitoring, storageConfiguration], ["SPOT", "DETAILED", { storageSizeGib: 100 }]);
    assert.deepEqual(instanceRequirements, {
      vcpuCount: { min: 2 },
      memoryMib: { min: 4096, max: 65536 },
      cpuManufacturers: ["amazon-web-services"],
      instanceGenerations: ["current"],
    });
    assert.deepEqual(providerOf(made).infrastructureOptimization, { scaleInAfter: -1 });
  });

  it("are of the named types and of no other description", async () => {
    const { instanceRequirements } = templateOf(await deployOne({ instanceTypes: ["m7i.large", "c7i.*"] }));
    assert.deepEqual(instanceRequirements, {
      vcpuCount: { min: 1, max: 8 },
      memoryMib: { min: 2048, max: 32768 },
      allowedInstanceTypes: ["m7i.large", "c7i.*"],
    });
  });

  it("name the policies of their partition", async () => {
    const made = await deploy(() => make({}, "aws-us-gov"));
    for (const { inputs } of made.all("RolePolicyAttachment")) assert.match(String(inputs.policyArn), /^arn:aws-us-gov:iam::aws:policy\//);
  });

  it("have a role of at most 64 characters in the longest stack, and two such stacks have two", async () => {
    const roleIn = async (stack: string) => String((await deployOne({}, { stack })).inputs("Role", "apps-managed-instance").name);
    const long = "a-stack-with-a-name-that-is-far-longer-than-any-role-may-be-in-aws-";
    const [one, two] = [await roleIn(`${long}1`), await roleIn(`${long}2`)];
    for (const name of [one, two]) assert.match(name, /^ecsInstanceRole-shop-a-stack-[a-z-]{20,}-[0-9a-f]{8}$/);
    assert.deepEqual([one.length <= 64, two.length <= 64, one !== two], [true, true, true]);
  });
});

describe("managed instances with GPUs", () => {
  const withTask = (args: ManagedInstancesCapacityArgs, gpu: number) => () =>
    new ManagedInstancesService("web", { cluster: make(args), image: IMAGE, gpu });

  it("are asked for by number, kind and maker", async () => {
    const made = await deploy(withTask({ gpus: { min: 1, max: 2 } }, 2));
    const { instanceLaunchTemplate } = made.inputs("aws:ecs/capacityProvider:CapacityProvider").managedInstancesProvider as {
      instanceLaunchTemplate: { instanceRequirements: Record<string, unknown> };
    };
    const { acceleratorCount, acceleratorTypes, acceleratorManufacturers } = instanceLaunchTemplate.instanceRequirements;
    assert.deepEqual([acceleratorCount, acceleratorTypes, acceleratorManufacturers], [{ min: 1, max: 2 }, ["gpu"], ["nvidia"]]);
  });

  for (const args of [{ gpus: { min: 1 } }, { instanceTypes: ["g5.xlarge"] }, { instanceTypes: ["g6.*"] }])
    it(`run a task that asks for one: ${JSON.stringify(args)}`, async () => void (await deploy(withTask(args, 1))));

  const refused: [args: ManagedInstancesCapacityArgs, gpu: number, message: string][] = [
    [
      {},
      1,
      "gpus: a task of web asks for 1 GPU, and the instances have none; set gpus to { min: 1 }, or name instanceTypes that have some, such as g5.xlarge.",
    ],
    [{ gpus: { min: 1, max: 2 } }, 4, "gpus.max: a task of web asks for 4 GPUs, the largest instance allowed has 2; the nearest is 4."],
    [
      { instanceTypes: ["m7i.large", "g5.xlarge"] },
      2,
      "instanceTypes: a task of web asks for 2 GPUs, and none of m7i.large, g5.xlarge has as many; name types that have, such as g5.xlarge.",
    ],
  ];
  for (const [args, gpu, message] of refused)
    it(`have too few: ${JSON.stringify(args)}`, async () =>
      assert.equal(await refusal(withTask(args, gpu)), `Cluster "apps": managedInstances.${message}`));
});

describe("managed instances that cannot be", () => {
  const refused: [what: string, args: ManagedInstancesCapacityArgs, message: string][] = [
    [
      "a range upside down",
      { vcpus: { min: 4, max: 2 } },
      'Cluster "apps": managedInstances.vcpus.min: 4 is above max (2); the nearest is 2.',
    ],
    [
      "memory upside down",
      { memory: { min: 4096, max: 2048 } },
      'Cluster "apps": managedInstances.memory.min: 4096 is above max (2048); the nearest is 2048.',
    ],
    [
      "types of another architecture",
      { instanceTypes: ["t4g.medium", "m7g.*"] },
      'Cluster "apps": managedInstances.instanceTypes: t4g.medium is arm64, the tasks are x86_64; choose types of one architecture, or set architecture: arm64.',
    ],
    [
      "no type",
      { instanceTypes: ["large"] },
      'Cluster "apps": managedInstances.instanceTypes[0]: "large" is not an instance type; write one like "t4g.medium"; the nearest is "a1.large".',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => assert.equal(await refusal(() => make(args)), message));
  }

  it("in a network where tasks have public IPs and nothing else a way out", async () => {
    const network = { ...plainNetwork(), assignPublicIp: true };
    assert.equal(
      await refusal(() => new Cluster("apps", { network, managedInstances: {} })),
      'Cluster "apps": managedInstances: managed instances have no public IPs, so they cannot reach ECS and ECR from here; set nat of the network to single or perZone, or its endpoints to private.',
    );
  });
});
