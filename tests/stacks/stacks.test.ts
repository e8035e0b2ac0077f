import assert from "node:assert/strict";
import type { Json, RecordedResource } from "../../facts/graph";
import { planOf } from "../../plan/plan";
import type { Deployed } from "../helpers/deploy";
import { PRIVATE_AND_UNPROTECTED, recordStack, stack } from "../helpers/stacks";

const SERVICE = "aws:ecs/service:Service";
const label = ({ type, name }: RecordedResource) => `${type.split(":").pop()} ${name}`;
const own = (made: Deployed) => made.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");

/** AWS's types that have no tags. */
const UNTAGGED = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:appautoscaling/policy:Policy",
  "aws:appautoscaling/scheduledAction:ScheduledAction",
  "aws:ec2/route:Route",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
];

const tagged = (made: Deployed) => own(made).filter(({ type }) => type.startsWith("aws:") && !UNTAGGED.includes(type));

for (const name of ["dev", "prod"]) {
  describe(`the stack ${name}`, () => {
    let made: Deployed;
    before(async () => {
      made = await stack(name);
    });

    it("has the same resources, known and unknown", () => {
      const urns = (resources: RecordedResource[]) => resources.map(({ urn }) => urn).sort();
      assert.deepEqual(urns(made.recording.unknown.resources), urns(made.recording.known.resources));
    });

    it("has the same options, dependencies and plain inputs, known and unknown", () => {
      for (const known of made.recording.known.resources) {
        const unknown = made.recording.unknown.resources.find(({ urn }) => urn === known.urn)!;
        assert.deepEqual(unknown.options, known.options, label(known));
        assert.deepEqual(unknown.dependencies, known.dependencies, label(known));
        assert.deepEqual(Object.keys(unknown.inputs).sort(), Object.keys(known.inputs).sort(), label(known));
      }
    });

    it("gives the same bytes twice", async () => {
      const again = await recordStack(name);
      assert.equal(JSON.stringify(planOf(again.recording)), JSON.stringify(planOf(made.recording)));
    });

    it("names every child after its component and parents it there", () => {
      for (const { type, name: child, parent, urn } of own(made)) {
        if (type.startsWith("berth:") && parent?.includes("pulumi:pulumi:Stack")) continue;
        const above = made.get(parent ?? "");
        assert.notEqual(above.type, "pulumi:pulumi:Stack", `${urn} has no component above it`);
        assert.ok(
          child === above.name || child.startsWith(`${above.name}-`) || /\$awsx:ec2:Vpc\$/.test(urn),
          `${child} below ${above.name}`,
        );
      }
    });

    it("makes components of the library alone, each with outputs", () => {
      // The recorder refuses a component without outputs; here it counts that there are some.
      const components = made.resources.filter(({ custom, type }) => !custom && type !== "pulumi:pulumi:Stack");
      assert.ok(components.length >= 6);
      for (const { type } of components) assert.match(type, /^(berth:index:[A-Z]\w+|awsx:ec2:Vpc)$/);
    });

    it("tags everything that has tags", () => {
      for (const { urn, inputs } of tagged(made)) {
        const { Project, Stack } = (inputs.tags ?? {}) as Record<string, Json>;
        assert.deepEqual([Project, Stack], ["berth", name], urn);
      }
    });

    it("writes down no account, region or zone, and no name that AWS would have to be asked for", () => {
      for (const { inputs, type } of own(made)) {
        for (const key of ["name", "namePrefix", "bucket", "clusterIdentifier"]) {
          if (typeof inputs[key] !== "string" || /record:Record$|:Tag$|RegistryImage$|s3\/bucket[A-Z]/.test(type)) continue;
          assert.fail(`${type} has the fixed ${key} ${inputs[key]}`);
        }
      }
    });

    it("asks AWS where it is no more than once, and nothing for a service", () => {
      const tokens = made.recording.known.invokes.map(({ token }) => token.split(":").pop());
      assert.deepEqual(tokens.sort(), [
        "getAuthorizationToken",
        "getCallerIdentity",
        "getPartition",
        "getRegion",
        ...(name === "prod" ? ["getZone"] : []),
      ]);
    });

    it("hands out what people and the tool need", () => {
      const { outputs } = made.recording.known;
      for (const key of ["url", "region", "cluster", "service", "imageUri", "taskDefinition", "logGroup", "securityGroup"])
        assert.equal(typeof outputs[key], "string", key);
      assert.deepEqual([outputs.region, outputs.service], ["us-east-1", made.recording.known.outputs.service]);
      assert.match(String(outputs.service), /^web-/);
      assert.match(String(outputs.imageUri), /^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/web-[0-9a-f]{7}@sha256:[0-9a-f]{64}$/);
    });
  });
}

describe("dev", () => {
  it("follows the region and partition of its settings", async () => {
    const china = await stack("dev", ["aws:region=cn-north-1"]);
    const text = JSON.stringify(china.recording.known);
    assert.doesNotMatch(text, /us-east-1|arn:aws:/);
    assert.match(text, /arn:aws-cn:ecs:cn-north-1/);
  });

  it("is cheap: no NAT, one smallest task on Spot, short memories", async () => {
    const made = await stack("dev");
    for (const type of ["NatGateway", "FlowLog", "Bucket", "Target"]) assert.deepEqual(made.names(type), [], type);
    const { desiredCount, capacityProviderStrategies, networkConfiguration } = made.inputs(SERVICE);
    assert.deepEqual([desiredCount, capacityProviderStrategies], [1, [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }]]);
    const { assignPublicIp, subnets } = networkConfiguration as Record<string, Json>;
    assert.deepEqual([assignPublicIp, (subnets as string[]).length], [true, 2]);
    const { cpu, memory } = made.inputs("TaskDefinition");
    assert.deepEqual([cpu, memory], ["256", "512"]);
    for (const { inputs } of made.all("LogGroup")) assert.equal(inputs.retentionInDays, 7);
  });

  it("can be destroyed", async () => {
    const made = await stack("dev");
    for (const { inputs } of made.all("Repository")) assert.equal(inputs.forceDelete, true);
    assert.equal(made.inputs("aws:lb/loadBalancer:LoadBalancer").enableDeletionProtection, false);
  });

  it("relaxes no security: roles, doors and containers are prod's", async () => {
    const [dev, prod] = await Promise.all([stack("dev"), stack("prod")]);
    const rules = (made: Deployed, type: string) =>
      made
        .all(type)
        .map(({ name, inputs }) => [name, inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4])
        .filter(([each]) => String(each).startsWith("web"));
    assert.deepEqual(rules(dev, "SecurityGroupIngressRule"), rules(prod, "SecurityGroupIngressRule"));
    const container = (made: Deployed) => {
      const [web] = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions));
      return [web.user, web.readonlyRootFilesystem, web.linuxParameters, web.secrets];
    };
    assert.deepEqual(container(dev), container(prod));
    assert.equal(container(dev)[1], true);
    const actions = (made: Deployed, role: string) =>
      JSON.parse(String(made.inputs("RolePolicy", role).policy)).Statement.map((each: { Action: string[] }) => each.Action);
    assert.deepEqual(actions(dev, "web-execution"), actions(prod, "web-execution"));
  });
});

describe("prod", () => {
  it("is safe: three zones with a NAT gateway each, private tasks, HTTPS, records of everything", async () => {
    const made = await stack("prod");
    assert.equal(made.all("NatGateway").length, 3);
    assert.equal(made.all("Subnet").length, 6);
    const { networkConfiguration } = made.inputs(SERVICE);
    const { assignPublicIp, subnets } = networkConfiguration as Record<string, Json>;
    assert.deepEqual([assignPublicIp, (subnets as string[]).length], [false, 3]);
    assert.deepEqual(
      made.all("Listener").map(({ inputs }) => [inputs.port, inputs.protocol]),
      [
        [80, "HTTP"],
        [443, "HTTPS"],
      ],
    );
    for (const { inputs } of made.all("LogGroup")) assert.equal(inputs.retentionInDays, 90);
    assert.equal(made.one("FlowLog").inputs.trafficType, "ALL");
    assert.equal(made.names("Bucket").length, 1);
    assert.deepEqual(made.inputs("aws:ecs/cluster:Cluster").settings, [{ name: "containerInsights", value: "enhanced" }]);
    const { minCapacity, maxCapacity } = made.inputs("Target");
    assert.deepEqual([minCapacity, maxCapacity], [2, 10]);
    assert.deepEqual(made.names("Policy"), ["web-cpu", "web-memory", "web-requests"]);
    assert.equal(made.recording.known.outputs.url, "https://app.example.com");
  });

  it("has the user's tags on everything too", async () => {
    for (const { urn, inputs } of tagged(await stack("prod", PRIVATE_AND_UNPROTECTED))) {
      // awsx adds some of its own.
      const { Name: _, SubnetType: __, ...tags } = inputs.tags as Record<string, Json>;
      assert.deepEqual(tags, { Project: "berth", Stack: "prod", team: "red" }, urn);
    }
  });

  it("resists a destroy, until deletionProtection says otherwise", async () => {
    const guards = (made: Deployed) => [
      made.inputs("aws:lb/loadBalancer:LoadBalancer").enableDeletionProtection,
      ...made.all("Repository").map(({ inputs }) => inputs.forceDelete),
      made.inputs("Bucket").forceDestroy,
    ];
    const protectedOnes = (made: Deployed) => made.resources.filter(({ options }) => options.protect).map(({ name }) => name);
    const [prod, unprotected] = [await stack("prod"), await stack("prod", PRIVATE_AND_UNPROTECTED)];
    assert.deepEqual(guards(prod), [true, false, false, false]);
    assert.deepEqual(guards(unprotected), [false, true, true, true]);
    assert.deepEqual(protectedOnes(prod).sort(), ["public", "public-logs", "web", "web-cache"]);
    assert.deepEqual(protectedOnes(unprotected), []);
  });
});

describe("a stack whose services call each other", () => {
  it("has what each of them asks for, by the names of the stack file", async () => {
    const made = await stack("dev", ["services.jobs.calls[0]=web", "service.connect=true"]);
    assert.ok(made.one(SERVICE, "jobs").dependencies.includes(made.one(SERVICE, "web").urn));
    const [container] = JSON.parse(String(made.inputs("TaskDefinition", "jobs").containerDefinitions)) as { environment: Json[] }[];
    assert.deepEqual(container!.environment, [{ name: "WEB_URL", value: "http://web" }]);
  });
});
