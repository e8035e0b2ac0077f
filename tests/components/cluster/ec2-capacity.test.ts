import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import type { Ec2CapacityArgs } from "../../../components/cluster/ec2-capacity";
import type { Invoke, JsonObject } from "../../../facts/graph";
import { ACCOUNT, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { label, outlivedBy } from "../../helpers/variants";

const TAGS = { Project: "shop", Stack: "test" };
const GROUP = "aws:autoscaling/group:Group";
const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";

/** A cluster with one group, `it`. */
const make = (args: Partial<Ec2CapacityArgs> = {}, partition = "aws") =>
  new Cluster("apps", { network: plainNetwork(partition), ec2: { it: { instanceTypes: ["t3.medium"], ...args } } });
const deployOne = (args: Partial<Ec2CapacityArgs> = {}) => deploy(() => make(args));
const userDataOf = (made: Deployed) => Buffer.from(String(made.inputs("LaunchTemplate").userData), "base64").toString("utf8");
/** What a policy allows, action by action, and on what. */
const grantsOf = (made: Deployed, name: string) => policyOf(made.one("RolePolicy", name)).Statement.map((s) => [s.Action, s.Resource]);

describe("a group of instances with nothing but a type", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne();
  });

  it("starts them from this template to the letter", () => {
    const template = made.one("LaunchTemplate");
    const { userData: _, iamInstanceProfile, vpcSecurityGroupIds, ...inputs } = template.inputs;
    assert.deepEqual(inputs, {
      imageId: "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
      instanceType: "t3.medium",
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: false },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeSize: 30, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" } },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: TAGS })),
      tags: TAGS,
    });
    assert.deepEqual(Object.keys(iamInstanceProfile as JsonObject), ["arn"]);
    assert.deepEqual(made.sourcesOf(template, "iamInstanceProfile"), ["InstanceProfile apps-it"]);
    assert.equal((vpcSecurityGroupIds as string[]).length, 1);
    assert.deepEqual(made.sourcesOf(template, "vpcSecurityGroupIds"), ["SecurityGroup apps-it"]);
    assert.match(userDataOf(made), /^ECS_CLUSTER=apps-[0-9a-f]{7}$/m);
    assert.deepEqual(made.sourcesOf(template, "userData"), ["Cluster apps"]);
  });

  it("keeps them in this group to the letter, and leaves their number to ECS", () => {
    const group = made.one(GROUP);
    const { launchTemplate, tags, ...inputs } = group.inputs;
    assert.deepEqual(inputs, {
      vpcZoneIdentifiers: ["subnet-private-a", "subnet-private-b"],
      minSize: 2,
      maxSize: 10,
      healthCheckType: "EC2",
      protectFromScaleIn: true,
      forceDelete: true,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 200,
          skipMatching: true,
          scaleInProtectedInstances: "Refresh",
          autoRollback: false,
        },
      },
    });
    const { id, version } = launchTemplate as JsonObject;
    assert.match(String(id), /^lt-/);
    assert.equal(version, "1", "a number, so that a new one is a difference: $Latest is none");
    assert.deepEqual(made.sourcesOf(group, "launchTemplate"), ["LaunchTemplate apps-it"]);
    assert.deepEqual(
      (tags as JsonObject[]).map(({ key, value, propagateAtLaunch }) => [key, value, propagateAtLaunch]),
      [
        ["Project", "shop", true],
        ["Stack", "test", true],
        ["Name", "apps-it", true],
        ["AmazonECSManaged", "true", true],
      ],
    );
    assert.deepEqual([group.options.ignoreChanges, group.options.customTimeouts], [[], { delete: "20m" }]);
  });

  it("is a capacity provider that scales, drains and protects", () => {
    const provider = made.one(PROVIDER);
    const { autoScalingGroupProvider, ...inputs } = provider.inputs;
    const { autoScalingGroupArn: _, ...how } = autoScalingGroupProvider as JsonObject;
    assert.deepEqual(inputs, { tags: TAGS });
    assert.deepEqual(how, {
      managedDraining: "ENABLED",
      managedTerminationProtection: "ENABLED",
      managedScaling: {
        status: "ENABLED",
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 10,
        instanceWarmupPeriod: 60,
      },
    });
    assert.deepEqual(made.sourcesOf(provider, "autoScalingGroupProvider"), ["Group apps-it"]);
  });

  it("is attached to the cluster by a command of its own, which detaches it when it goes", () => {
    const attach = made.one("Command", "apps-attach-it");
    const { create, delete: end, environment, triggers } = attach.inputs;
    assert.match(String(create), /berth\.js" attach-capacity-provider$/);
    assert.match(String(end), /berth\.js" detach-capacity-provider$/);
    const { BERTH_CAPACITY_PROVIDER } = environment as Record<string, string>;
    assert.match(BERTH_CAPACITY_PROVIDER!, /^apps-it-[0-9a-f]{7}$/);
    assert.ok(
      (triggers as string[]).includes(BERTH_CAPACITY_PROVIDER!),
      "another provider is attached before the one it replaces is detached",
    );
    assert.deepEqual(attach.options.customTimeouts, { create: "20m", delete: "60m" });
    assert.ok(
      attach.dependencies.includes(made.one("ClusterCapacityProviders").urn),
      "writing the association would drop what is attached",
    );
  });

  it("stays with the cluster until no service uses it: AWS's whole list is never written again", () => {
    const { inputs, options } = made.one("ClusterCapacityProviders");
    assert.deepEqual(inputs.capacityProviders, ["FARGATE", "FARGATE_SPOT"]);
    assert.deepEqual(options.ignoreChanges, ["capacityProviders", "defaultCapacityProviderStrategies"]);
  });

  it("lets EC2 take its role, with the agent's rights and Session Manager's and none else", () => {
    const role = made.one("Role");
    assert.deepEqual(policyOf(role, "assumeRolePolicy").Statement, [
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    assert.equal(made.inputs("RolePolicyAttachment", "apps-it-ssm").policyArn, "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
    const clusterName = String(made.inputs("ClusterCapacityProviders").clusterName);
    const arn = (rest: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${rest}`;
    const inside = (kind: string) => arn(`${kind}/${clusterName}/*`);
    const ecs = (...actions: string[]) => actions.map((action) => `ecs:${action}`);
    const changes = ["SubmitAttachmentStateChanges", "SubmitContainerStateChange", "SubmitTaskStateChange"];
    assert.deepEqual(grantsOf(made, "apps-it-ecs"), [
      [ecs("DiscoverPollEndpoint"), ["*"]],
      [ecs("RegisterContainerInstance", "DeregisterContainerInstance", ...changes), [arn(`cluster/${clusterName}`)]],
      [ecs("Poll", "StartTelemetrySession", "UpdateContainerInstancesState"), [inside("container-instance")]],
      [ecs("ListTagsForResource"), [inside("container-instance"), inside("task")]],
    ]);
    assert.deepEqual(made.sourcesOf(made.one("RolePolicy", "apps-it-ecs"), "policy"), ["Cluster apps"]);
    const profile = made.one("InstanceProfile");
    assert.deepEqual(made.sourcesOf(profile, "role"), ["Role apps-it"]);
    const rights = [...made.all("RolePolicyAttachment"), ...made.all("RolePolicy")];
    assert.deepEqual(rights.map(label).sort(), ["RolePolicy apps-it-ecs", "RolePolicy apps-it-ssm", "RolePolicyAttachment apps-it-ssm"]);
    for (const right of rights) assert.ok(profile.dependencies.includes(right.urn), right.name);
  });

  it("keeps the parameters of the account from its instances, which AWS's policy for Session Manager hands out", () => {
    assert.deepEqual(policyOf(made.one("RolePolicy", "apps-it-ssm")).Statement, [
      { Sid: "Parameters", Effect: "Deny", Action: ["ssm:GetParameter", "ssm:GetParameters"], Resource: "*" },
    ]);
  });

  it("lets nothing in and everything out, before the first instance starts", () => {
    assert.deepEqual(made.names("SecurityGroupIngressRule"), []);
    const { securityGroupId: _, description: __, ...rule } = made.inputs("SecurityGroupEgressRule");
    assert.deepEqual(rule, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", tags: TAGS });
    assert.ok(made.one(GROUP).dependencies.includes(made.one("SecurityGroupEgressRule", "apps-it-out").urn));
    assert.deepEqual(made.one("SecurityGroup").options.customTimeouts, { delete: "20m" });
    assert.equal(made.inputs("SecurityGroup").vpcId, "vpc-1");
  });

  it("goes in this order: attachment, provider, group, template and profile, cluster", () => {
    const order: [type: string, name: string][] = [
      ["Command", "apps-attach-it"],
      [PROVIDER, "apps-it"],
      [GROUP, "apps-it"],
      ["LaunchTemplate", "apps-it"],
      ["InstanceProfile", "apps-it"],
      ["RolePolicy", "apps-it-ecs"],
      ["Role", "apps-it"],
    ];
    for (const [i, [type, name]] of order.entries()) {
      const outlived = outlivedBy(made, type, name);
      for (const [laterType, laterName] of order.slice(i + 1))
        assert.ok(outlived.has(label(made.one(laterType, laterName))), `${laterType} goes before ${type}`);
      for (const [earlierType, earlierName] of order.slice(0, i))
        assert.ok(!outlived.has(label(made.one(earlierType, earlierName))), `${type} waits for ${earlierType}`);
    }
    assert.ok(outlivedBy(made, GROUP, "apps-it").has("Cluster apps"), "the cluster holds instances to the end");
  });

  it("looks nothing up", () => assert.deepEqual(made.recording.known.invokes, []));
});

describe("a group as its arguments say", () => {
  let made: Deployed;
  before(async () => {
    made = await deployOne({
      instanceTypes: ["t4g.medium", "m7g.large"],
      min: 0,
      max: 7,
      amiFamily: "bottlerocket",
      maxInstanceLifetime: 14,
      spotPercent: 60,
      onDemandBase: 2,
      rootVolumeSize: 80,
      detailedMonitoring: true,
      targetCapacity: 90,
      terminationProtection: false,
      sleep: { stop: "20:00", start: "07:00", timezone: "Europe/Berlin" },
    });
  });

  it("buys some of several types on Spot", () => {
    const { mixedInstancesPolicy, launchTemplate, capacityRebalance, maxInstanceLifetime, minSize, maxSize } = made.inputs(GROUP);
    const { instancesDistribution, launchTemplate: template } = mixedInstancesPolicy as Record<string, JsonObject>;
    assert.deepEqual(instancesDistribution, {
      onDemandBaseCapacity: 2,
      onDemandPercentageAboveBaseCapacity: 40,
      spotAllocationStrategy: "price-capacity-optimized",
    });
    assert.deepEqual(template!.overrides, [{ instanceType: "t4g.medium" }, { instanceType: "m7g.large" }]);
    assert.equal((template!.launchTemplateSpecification as JsonObject).version, "1");
    assert.deepEqual([launchTemplate, capacityRebalance, maxInstanceLifetime], [undefined, true, 14 * 86400]);
    assert.deepEqual([minSize, maxSize], [0, 7]);
  });

  it("runs ARM's Bottlerocket with a data volume, observed each minute", () => {
    const { imageId, blockDeviceMappings, monitoring } = made.inputs("LaunchTemplate");
    assert.equal(imageId, "resolve:ssm:/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id");
    const disks = (blockDeviceMappings as { deviceName: string; ebs: JsonObject }[]).map(({ deviceName, ebs }) => [
      deviceName,
      ebs.volumeSize,
      ebs.encrypted,
    ]);
    assert.deepEqual(disks, [
      ["/dev/xvda", 4, "true"],
      ["/dev/xvdb", 80, "true"],
    ]);
    assert.deepEqual(monitoring, { enabled: true });
    assert.match(userDataOf(made), /^\[settings\.ecs\]\ncluster = "apps-[0-9a-f]{7}"$/m);
  });

  it("takes instances away without protection", () => {
    assert.equal(made.inputs(GROUP).protectFromScaleIn, false);
    const { managedTerminationProtection, managedDraining, managedScaling } = made.inputs(PROVIDER).autoScalingGroupProvider as JsonObject;
    assert.deepEqual(
      [managedTerminationProtection, managedDraining, (managedScaling as JsonObject).targetCapacity],
      ["DISABLED", "ENABLED", 90],
    );
  });

  it("may be empty in its hours of sleep, and a later update does not wake it", () => {
    assert.deepEqual(made.one(GROUP).options.ignoreChanges, ["minSize"]);
    const schedules = ["apps-it-stop", "apps-it-start"].map((name) => {
      const { autoscalingGroupName: _, ...inputs } = made.inputs("Schedule", name);
      return inputs;
    });
    const both = { timeZone: "Europe/Berlin", maxSize: 7, desiredCapacity: -1 };
    assert.deepEqual(schedules, [
      { ...both, scheduledActionName: "stop", recurrence: "0 20 * * 1-5", minSize: 0 },
      { ...both, scheduledActionName: "start", recurrence: "0 7 * * 1-5", minSize: 0 },
    ]);
    for (const schedule of made.all("Schedule")) assert.deepEqual(made.sourcesOf(schedule, "autoscalingGroupName"), ["Group apps-it"]);
  });

  it("wakes up with the fewest instances that it may have", async () => {
    const awake = await deployOne({ min: 3, sleep: { stop: "20:00", start: "07:00" } });
    assert.deepEqual(
      ["apps-it-stop", "apps-it-start"].map((name) => awake.inputs("Schedule", name).minSize),
      [0, 3],
    );
  });
});

describe("the number of instances", () => {
  it("of several types on demand is all on demand", async () => {
    const made = await deployOne({ instanceTypes: ["t3.medium", "t3a.medium"], min: 8 });
    const { mixedInstancesPolicy, capacityRebalance, minSize, maxSize } = made.inputs(GROUP);
    const { onDemandPercentageAboveBaseCapacity } = (mixedInstancesPolicy as Record<string, JsonObject>).instancesDistribution!;
    assert.deepEqual([onDemandPercentageAboveBaseCapacity, capacityRebalance, minSize, maxSize], [100, undefined, 8, 16]);
  });

  it("is left alone without managed scaling, and protection needs that scaling", async () => {
    const { autoScalingGroupProvider } = (await deployOne({ managedScaling: false })).inputs(PROVIDER);
    const { managedScaling, managedTerminationProtection, managedDraining } = autoScalingGroupProvider as JsonObject;
    assert.deepEqual(
      [(managedScaling as JsonObject).status, managedTerminationProtection, managedDraining],
      ["DISABLED", "DISABLED", "ENABLED"],
    );
  });
});

describe("the AMI", () => {
  it("is the one for GPUs on types that have them", async () => {
    const made = await deployOne({ instanceTypes: ["g5.xlarge"] });
    assert.match(String(made.inputs("LaunchTemplate").imageId), /^resolve:ssm:.*\/gpu\/recommended\/image_id$/);
    assert.match(userDataOf(made), /^ECS_ENABLE_GPU_SUPPORT=true$/m);
  });

  it("is looked up where its releases are followed, and a refresh can then go back", async () => {
    const made = await deployOne({ ami: "follow" });
    assert.deepEqual(
      made.recording.known.invokes.map(({ token, args }) => [token, args.name]),
      [["aws:ssm/getParameter:getParameter", "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"]],
    );
    assert.match(String(made.inputs("LaunchTemplate").imageId), /^ami-[0-9a-f]{17}$/);
    const { preferences } = made.inputs(GROUP).instanceRefresh as { preferences: JsonObject };
    assert.equal(preferences.autoRollback, true);
  });

  it("of one's own is looked up for its architecture, and a refresh can go back", async () => {
    const made = await deployOne({ ami: "ami-0123456789abcdef0" });
    const [{ token, args }, ...others] = made.recording.known.invokes as [Invoke, ...Invoke[]];
    assert.deepEqual(
      [token, args.filters, others],
      ["aws:ec2/getAmi:getAmi", [{ name: "image-id", values: ["ami-0123456789abcdef0"] }], []],
    );
    const { preferences } = made.inputs(GROUP).instanceRefresh as { preferences: JsonObject };
    assert.equal(preferences.autoRollback, true);
  });

  it("of one's own that is of another architecture is refused once AWS says so, and not by what a plan makes up", async () => {
    const program = () => make({ instanceTypes: ["t4g.medium"], ami: "ami-0123456789abcdef0" });
    const planned = await deploy(program);
    assert.ok(
      planned.recording.messages.some(({ text }) =>
        text.endsWith("whether ami-0123456789abcdef0 is an AMI for arm64, pulumi preview asks AWS."),
      ),
      JSON.stringify(planned.recording.messages),
    );

    const { getAmiOutput } = aws.ec2;
    const told = () => pulumi.output({ id: "ami-0123456789abcdef0", architecture: "x86_64" });
    Object.defineProperty(aws.ec2, "getAmiOutput", { value: told, configurable: true, enumerable: true });
    try {
      assert.equal(
        await refusal(program),
        'Cluster "apps": ec2.it.ami: ami-0123456789abcdef0 is x86_64, the instance types are arm64; choose an AMI and types of one architecture.',
      );
    } finally {
      Object.defineProperty(aws.ec2, "getAmiOutput", { value: getAmiOutput, configurable: true, enumerable: true });
    }
  });

  it("of Amazon Linux has no variant for ARM's GPUs, Bottlerocket has", async () => {
    assert.equal(
      await refusal(() => make({ instanceTypes: ["g5g.xlarge"] })),
      'Cluster "apps": ec2.it.amiFamily: AWS has no Amazon Linux 2023 with GPUs for arm64 (g5g.xlarge); set amiFamily: bottlerocket, or choose x86_64 types such as g5.xlarge.',
    );
    const made = await deployOne({ instanceTypes: ["g5g.xlarge"], amiFamily: "bottlerocket" });
    assert.equal(made.inputs("LaunchTemplate").imageId, "resolve:ssm:/aws/service/bottlerocket/aws-ecs-2-nvidia/arm64/latest/image_id");
  });
});

describe("a cluster", () => {
  it("may have several groups, attached one after the other", async () => {
    const made = await deploy(
      () =>
        new Cluster("apps", {
          network: plainNetwork(),
          ec2: { b: { instanceTypes: ["t3.medium"] }, a: { instanceTypes: ["t4g.medium"] } },
        }),
    );
    const [first, second] = ["apps-attach-b", "apps-attach-a"].map((name) => made.one("Command", name));
    assert.ok(second!.dependencies.includes(first!.urn), "each writes the whole list");
  });

  it("names policies and clusters of its partition", async () => {
    const made = await deploy(() => make({}, "aws-cn"));
    assert.match(String(made.inputs("RolePolicyAttachment").policyArn), /^arn:aws-cn:iam::aws:policy\//);
    const arns = grantsOf(made, "apps-it-ecs").flatMap(([, resources]) => resources as string[]);
    for (const arn of arns.slice(1)) assert.match(arn, /^arn:aws-cn:ecs:/);
  });

  it("may pull Bottlerocket's own containers, and no other image", async () => {
    const made = await deployOne({ amiFamily: "bottlerocket" });
    assert.deepEqual(grantsOf(made, "apps-it-ecs").slice(4), [
      [["ecr:GetAuthorizationToken"], ["*"]],
      [
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [`arn:aws:ecr:${REGION}:*:repository/bottlerocket-*`],
      ],
    ]);
  });

  it("warns of types that are newer than what is known of them", async () => {
    const made = await deployOne({ instanceTypes: ["m99.large"] });
    const warnings = made.recording.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /m99\.large: not among the instance types of /);
  });
});

describe("a group that cannot be", () => {
  const refused: [what: string, args: Partial<Ec2CapacityArgs>, message: string][] = [
    ["min above max", { min: 5, max: 4 }, 'Cluster "apps": ec2.it.min: 5 is above max (4); the nearest is 4.'],
    [
      "half an instance",
      { min: 1.5 },
      'Cluster "apps": ec2.it.min: 1.5 is not a whole number; allowed: 0 to 5000 instances; the nearest is 2.',
    ],
    [
      "too many instances",
      { max: 6000 },
      'Cluster "apps": ec2.it.max: 6000 is out of range; allowed: 0 to 5000 instances; the nearest is 5000.',
    ],
    [
      "more than all on Spot",
      { spotPercent: 120 },
      'Cluster "apps": ec2.it.spotPercent: 120 is out of range; allowed: 0 to 100 percent; the nearest is 100.',
    ],
    [
      "too small a disk",
      { rootVolumeSize: 8 },
      'Cluster "apps": ec2.it.rootVolumeSize: 8 is out of range; allowed: 30 to 16384 GiB; the nearest is 30.',
    ],
    [
      "a target of nothing",
      { targetCapacity: 0 },
      'Cluster "apps": ec2.it.targetCapacity: 0 is out of range; allowed: 1 to 100 percent; the nearest is 1.',
    ],
    [
      "a life of two years",
      { maxInstanceLifetime: 730 },
      'Cluster "apps": ec2.it.maxInstanceLifetime: 730 is out of range; allowed: 1 to 365 days; the nearest is 365.',
    ],
    [
      "an unheard-of type",
      { instanceTypes: ["big"] },
      'Cluster "apps": ec2.it.instanceTypes[0]: "big" is not an instance type; write one like "t4g.medium".',
    ],
    [
      "two architectures",
      { instanceTypes: ["t3.medium", "t4g.medium"] },
      'Cluster "apps": ec2.it.instanceTypes: t3.medium is x86_64, t4g.medium is arm64; one group has one AMI and so one architecture: leave out one of them.',
    ],
    [
      "no time to sleep",
      { sleep: { stop: "late", start: "7:00" } },
      'Cluster "apps": ec2.it.sleep.stop: "late" is not a time of day; write one like "20:00".',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => assert.equal(await refusal(() => make(args)), message));
  }

  it("in a network where tasks have public IPs and nothing else a way out", async () => {
    const network = { ...plainNetwork(), assignPublicIp: true };
    assert.equal(
      await refusal(() => new Cluster("apps", { network, ec2: { it: { instanceTypes: ["t3.medium"] } } })),
      'Cluster "apps": ec2.it: instances and their tasks have no public IPs, so they cannot reach ECS and ECR from here; set nat of the network to single or perZone, or its endpoints to private.',
    );
  });

  for (const name of ["ecs", "aws-apps", "Fargate"]) {
    it(`in a cluster that AWS keeps the name of: ${name}`, async () => {
      assert.equal(
        await refusal(() => new Cluster(name, { network: plainNetwork(), ec2: { it: { instanceTypes: ["t3.medium"] } } })),
        `Cluster "${name}": name: "${name}" cannot name a cluster with instances: AWS keeps capacity providers that begin with aws, ecs or fargate for itself; the nearest is "apps-${name}".`,
      );
    });
  }
});
