import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { FileSystem } from "../../../components/files/file-system";
import { Network } from "../../../components/network/network";
import { FargateService } from "../../../components/service/fargate-service";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import type { JsonObject, RecordedResource } from "../../../facts/graph";
import { computeState } from "../../../plan/record/mocks";
import { pictureOf } from "../../../plan/report/picture";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { statements } from "../../helpers/service";
import { bigCluster, IMAGE, makeService, outlivedBy, type ServiceGiven, VARIANT_NAMES } from "../../helpers/variants";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const FILES = { volumes: { data: { efs: {} } }, mounts: { data: "/data" } };
/** What AWS would compute of a resource. */
const computed = ({ recording }: Deployed, { urn, type, name, inputs }: RecordedResource) =>
  computeState({ urn, type, name, inputs, place: recording.place });
const find = (made: Deployed, type: string, name: string) => made.all(type).find((one) => one.name === name)!;
const idOf = (made: Deployed, type: string, name: string) => computed(made, find(made, type, name)).id;
const arnOf = (made: Deployed, type: string, name: string) => computed(made, find(made, type, name)).state.arn;
/** The resource of a type that has an id. */
const withId = (made: Deployed, type: string, id: unknown) => made.all(type).find((one) => computed(made, one).id === id)!;

describe("a file system", () => {
  it("is encrypted, reached with TLS alone, backed up, and not lost by accident", async () => {
    const made = await deploy(() => new FileSystem("files", { network: plainNetwork() }));
    assert.deepEqual(made.inputs(FILE_SYSTEM, "files"), {
      encrypted: true,
      throughputMode: "elastic",
      tags: { Name: "files", Project: "shop", Stack: "test" },
    });
    assert.equal(made.one(FILE_SYSTEM).options.protect, true);
    assert.deepEqual(made.inputs("BackupPolicy", "files").backupPolicy, { status: "ENABLED" });
    assert.deepEqual(policyOf(made.one("FileSystemPolicy")).Statement, [
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite", "elasticfilesystem:ClientRootAccess"],
        Resource: arnOf(made, FILE_SYSTEM, "files"),
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("belongs to one user, below a folder of its own", async () => {
    const made = await deploy(() => new FileSystem("files", { network: plainNetwork(), owner: "33:34" }));
    const { posixUser, rootDirectory } = made.inputs("AccessPoint", "files");
    assert.deepEqual(posixUser, { uid: 33, gid: 34 });
    assert.deepEqual(rootDirectory, { path: "/data", creationInfo: { ownerUid: 33, ownerGid: 34, permissions: "0750" } });
  });

  it("has what is chosen, and what is off is sent as off", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await deploy(
      () =>
        new FileSystem("files", {
          network: plainNetwork(),
          kmsKeyArn,
          throughput: "bursting",
          infrequentAccessAfter: 1,
          backup: false,
          deletionProtection: false,
        }),
    );
    const { kmsKeyId, throughputMode, lifecyclePolicies } = made.inputs(FILE_SYSTEM, "files");
    assert.deepEqual([kmsKeyId, throughputMode, lifecyclePolicies], [kmsKeyArn, "bursting", [{ transitionToIa: "AFTER_1_DAY" }]]);
    assert.equal(made.one(FILE_SYSTEM).options.protect, false);
    assert.deepEqual(made.inputs("BackupPolicy", "files").backupPolicy, { status: "DISABLED" });
    const month = await deploy(() => new FileSystem("files", { network: plainNetwork(), infrequentAccessAfter: 30 }));
    assert.deepEqual(month.inputs(FILE_SYSTEM, "files").lifecyclePolicies, [{ transitionToIa: "AFTER_30_DAYS" }]);
  });

  it("has a mount target in a private subnet of each zone, in a group of its own that nothing comes into", async () => {
    for (const zones of [2, 3]) {
      const made = await deploy(() => new FileSystem("files", { network: new Network("net", { zones, nat: "none" }) }));
      const targets = made.all("MountTarget");
      assert.deepEqual(
        targets.map(({ name }) => name),
        Array.from({ length: zones }, (_, i) => `files-${i + 1}`),
      );
      const subnets = targets.map(({ inputs }) => withId(made, "aws:ec2/subnet:Subnet", inputs.subnetId));
      assert.equal(new Set(subnets.map(({ inputs }) => inputs.availabilityZone)).size, zones);
      for (const { inputs } of subnets) assert.equal((inputs.tags as JsonObject).SubnetType, "Private");
      for (const { inputs } of targets) assert.deepEqual(inputs.securityGroups, [idOf(made, "SecurityGroup", "files")]);
      assert.deepEqual(
        made.all("SecurityGroupIngressRule").map(({ name }) => name),
        [],
      );
    }
  });

  it("is refused in another number of zones than the network's", async () => {
    assert.equal(
      await refusal(() => new FileSystem("files", { network: new Network("net", { zones: 3 }), zones: 2 })),
      'FileSystem "files": zones: 2 zones; the tasks run in 3, and reach what is in their own; set it to 3.',
    );
  });

  it("is refused to root", async () => {
    assert.equal(
      await refusal(() => new FileSystem("files", { network: plainNetwork(), owner: "0:0" })),
      'FileSystem "files": owner: "0:0" is not the ids of a user, not root, and a group; write one like "1000:1000".',
    );
  });
});

describe("a volume that is a file system", () => {
  for (const variant of VARIANT_NAMES) {
    describe(`of a ${variant}`, () => {
      let made: Deployed;
      before(async () => {
        made = await deploy(() => makeService(variant, { ...FILES, preDeploy: ["node", "migrate.js"], rollout: "blueGreen" }));
      });

      it("is mounted with TLS through its access point by the role of the task", () => {
        assert.deepEqual(made.inputs("TaskDefinition", "web").volumes, [
          { name: "tmp" },
          {
            name: "data",
            efsVolumeConfiguration: {
              fileSystemId: idOf(made, FILE_SYSTEM, "web-data"),
              rootDirectory: "/",
              transitEncryption: "ENABLED",
              authorizationConfig: { accessPointId: idOf(made, "AccessPoint", "web-data"), iam: "ENABLED" },
            },
          },
        ]);
        const right = (Sid: string, action: string) => ({
          Sid,
          Effect: "Allow",
          Action: [`elasticfilesystem:${action}`],
          Resource: [arnOf(made, FILE_SYSTEM, "web-data")],
          Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": [arnOf(made, "AccessPoint", "web-data")] } },
        });
        assert.deepEqual(statements(made, "web-task"), [right("MountFiles", "ClientMount"), right("WriteFiles", "ClientWrite")]);
      });

      it("lets in the tasks alone, on the port of NFS", () => {
        const rules = made
          .all("SecurityGroupIngressRule")
          .filter(({ inputs }) => inputs.securityGroupId === idOf(made, "SecurityGroup", "web-data"));
        const [{ inputs }, ...others] = rules as [(typeof rules)[0]];
        assert.deepEqual(others, []);
        const { referencedSecurityGroupId, fromPort, toPort, ipProtocol } = inputs;
        assert.deepEqual([fromPort, toPort, ipProtocol], [2049, 2049, "tcp"]);
        const { securityGroups } = made.inputs("aws:ecs/service:Service", "web").networkConfiguration as { securityGroups: string[] };
        assert.ok(securityGroups.includes(String(referencedSecurityGroupId)));
      });

      it("is there before a task mounts it, and outlives the last", () => {
        const first = ["MountTarget web-data-1", "MountTarget web-data-2", "FileSystemPolicy web-data", "AccessPoint web-data"];
        for (const user of [outlivedBy(made, "aws:ecs/service:Service", "web"), outlivedBy(made, "Command", "web-pre-deploy")])
          for (const one of [...first, "SecurityGroupIngressRule web-to-2049"]) assert.ok(user.has(one), one);
      });

      it("belongs to the user of the container", () => {
        assert.deepEqual(made.inputs("AccessPoint", "web-data").posixUser, { uid: 1000, gid: 1000 });
      });
    });
  }

  it("is one for tasks of an EC2 instance that share its group, too", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster();
      const data = new FileSystem("files", { network: cluster.network });
      const given: ServiceGiven = { volumes: { data: { efs: data } }, mounts: { data: "/data" }, networkMode: "bridge", path: false };
      makeService("Ec2Service", given, cluster);
    });
    const [rule] = made.all("SecurityGroupIngressRule").filter(({ name }) => name.includes("2049"));
    assert.equal(rule!.inputs.referencedSecurityGroupId, idOf(made, "SecurityGroup", "apps-blue"));
  });

  it("belongs to the numbers of the container's user, and to 1000 where it has none or is root", async () => {
    for (const [user, uid, gid] of [
      ["101:102", 101, 102],
      ["33", 33, 33],
      ["nginx", 1000, 1000],
      ["0:0", 1000, 1000],
    ] as const) {
      const made = await deploy(() => makeService("FargateService", { ...FILES, user }));
      assert.deepEqual(made.inputs("AccessPoint", "web-data").posixUser, { uid, gid }, user);
    }
    const own = { ...FILES, user: "33", volumes: { data: { efs: { owner: "44:44" } } } };
    const made = await deploy(() => makeService("FargateService", own));
    assert.deepEqual(made.inputs("AccessPoint", "web-data").posixUser, { uid: 44, gid: 44 });
  });

  it("is only mounted, and not written to, where all containers only read it", async () => {
    const made = await deploy(() =>
      makeService("FargateService", { volumes: { data: { efs: {} } }, mounts: { data: { path: "/data", readOnly: true } } }),
    );
    assert.deepEqual(
      statements(made, "web-task").map(({ Sid }) => Sid),
      ["MountFiles"],
    );
  });

  it("has rights of another name when they change, beside those of the tasks that still run", async () => {
    const names = async (given: ServiceGiven) =>
      (await deploy(() => makeService("FargateService", given))).names("RolePolicy").filter((name) => name.startsWith("web-task"));
    const [reads, writes] = [await names({ ...FILES, mounts: { data: { path: "/data", readOnly: true } } }), await names(FILES)];
    assert.equal(reads.length, 1);
    assert.match(reads[0]!, /^web-task-[0-9a-f]{8}$/);
    assert.notDeepEqual(reads, writes);
  });

  it("may be one that a program has made, for several services and tasks", async () => {
    const made = await deploy(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      const data = new FileSystem("files", { network: cluster.network });
      const shared = { cluster, image: IMAGE, volumes: { data: { efs: data } }, mounts: { data: "/data" } };
      new FargateService("web", shared);
      new FargateService("worker", shared);
      new OneOffTask("import", { ...shared, transform: { egress: {} } });
      new ScheduledTask("nightly", { ...shared, schedule: "rate(1 day)" });
    });
    assert.equal(made.all(FILE_SYSTEM).length, 1);
    const group = idOf(made, "SecurityGroup", "files");
    assert.deepEqual(
      made
        .all("SecurityGroupIngressRule")
        .filter(({ inputs }) => inputs.securityGroupId === group)
        .map(({ name, inputs }) => [name, withId(made, "SecurityGroup", inputs.referencedSecurityGroupId).name])
        .sort(),
      [
        ["import-to-2049", "import"],
        ["nightly-to-2049", "nightly"],
        ["web-to-2049", "web"],
        ["worker-to-2049", "worker"],
      ],
    );
    assert.equal(made.inputs("SecurityGroupEgressRule", "import-to-2049").referencedSecurityGroupId, group);
    const first = outlivedBy(made, "Schedule", "nightly");
    for (const one of ["SecurityGroupIngressRule nightly-to-2049", "MountTarget files-1"]) assert.ok(first.has(one), one);
  });

  it("may be one that exists, by its id and that of its access point", async () => {
    const its = { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" };
    const made = await deploy(() => makeService("FargateService", { volumes: { data: its }, mounts: { data: "/data" } }));
    assert.deepEqual(made.all(FILE_SYSTEM), []);
    const [, { efsVolumeConfiguration }] = made.inputs("TaskDefinition", "web").volumes as [JsonObject, JsonObject];
    assert.deepEqual(efsVolumeConfiguration, {
      fileSystemId: its.efs,
      rootDirectory: "/",
      transitEncryption: "ENABLED",
      authorizationConfig: { accessPointId: its.accessPoint, iam: "ENABLED" },
    });
    assert.deepEqual(
      statements(made, "web-task").map(({ Resource, Condition }) => [Resource, Condition]),
      Array(2).fill([
        [`arn:aws:elasticfilesystem:eu-west-3:123456789012:file-system/${its.efs}`],
        {
          StringEquals: {
            "elasticfilesystem:AccessPointArn": [`arn:aws:elasticfilesystem:eu-west-3:123456789012:access-point/${its.accessPoint}`],
          },
        },
      ]),
    );
    assert.deepEqual(
      made.names("SecurityGroupIngressRule").filter((name) => name.includes("2049")),
      [],
    );
    const let_in = { ...its, efs: pulumi.output(its.efs), mountTargetSecurityGroup: "sg-0123456789abcdef0" };
    const open = await deploy(() => makeService("FargateService", { volumes: { data: let_in }, mounts: { data: "/data" } }));
    assert.equal(open.inputs("SecurityGroupIngressRule", "web-to-2049").securityGroupId, "sg-0123456789abcdef0");
  });

  const ID = "fs-0123456789abcdef0";
  const REFUSED: [what: string, volume: NonNullable<ServiceGiven["volumes"]>[string], message: string][] = [
    [
      "an id without an access point",
      { efs: ID },
      "volumes.data.accessPoint: it is missing; give the access point that the tasks are to use.",
    ],
    [
      "an access point of nothing",
      { efs: {}, accessPoint: "fsap-0123456789abcdef0" },
      "volumes.data.accessPoint: it belongs to a file system that efs names by its id; name one, or leave it out.",
    ],
    [
      "another id",
      { efs: "vol-0123" },
      'volumes.data.efs: "vol-0123" is not the id of a file system; write one like "fs-0123456789abcdef0".',
    ],
    [
      "a folder of the instance, too",
      { efs: {}, hostPath: "/x" },
      "volumes.data.hostPath: efs is given, too; a volume is one of them: leave out the other.",
    ],
    [
      "a wrong choice",
      { efs: { throughput: "elastik" as "elastic" } },
      'volumes.data.efs.throughput: "elastik" is not a valid value; allowed: elastic, bursting; did you mean "elastic"?',
    ],
    ["too many zones", { efs: { zones: 7 } }, "volumes.data.efs.zones: 7 is out of range; allowed: 1 to 6 zones; the nearest is 6."],
  ];
  for (const [what, data, message] of REFUSED)
    it(`is refused with ${what}`, async () => {
      assert.equal(
        await refusal(() => makeService("FargateService", { volumes: { data }, mounts: { data: "/data" } })),
        `FargateService "web": ${message}`,
      );
    });

  it("is refused in another network than the cluster's", async () => {
    assert.match(
      await refusal(() => {
        const data = new FileSystem("files", { network: plainNetwork() });
        makeService("FargateService", { volumes: { data: { efs: data } }, mounts: { data: "/data" } });
      }),
      /^FargateService "web": volumes\.data\.efs: files is in another network than the cluster; both must be made with the same one\.$/,
    );
  });

  it("is refused on Bottlerocket, which mounts none with TLS", async () => {
    const cluster = () =>
      bigCluster(plainNetwork(), { ec2: { blue: { instanceTypes: ["m5.large"], max: 40, amiFamily: "bottlerocket" } } });
    assert.equal(
      await refusal(() => makeService("Ec2Service", FILES, cluster())),
      'Ec2Service "web": volumes.data.efs: Bottlerocket mounts no file system with TLS; set amiFamily: al2023 for the instances.',
    );
  });

  it("is in the picture, beside each service that mounts it", async () => {
    const made = await deploy(() => makeService("FargateService", FILES));
    const { nodes, edges } = pictureOf(made.resources);
    const files = nodes.find(({ title }) => title === "web-data")!;
    assert.deepEqual([files.detail, files.kind], [["file system"], "data"]);
    assert.ok(edges.some(({ from, to }) => from === made.one("aws:ecs/service:Service").urn && to === files.id));
  });
});
