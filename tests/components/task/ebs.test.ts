import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { VolumeArgs } from "../../../components";
import { group } from "../../../components/base/schema";
import { type EbsArgs, ebs, runConfiguration, volumeConfiguration } from "../../../components/task/ebs";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { parseDisk } from "../../../facts/sizes";
import { valuesOf } from "../../helpers/arguments";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { complaintsAbout } from "../../helpers/settings";
import { bigCluster, IMAGE, makeService, outlivedBy, VARIANT_NAMES } from "../../helpers/variants";

const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const withDisk = (its: EbsArgs = { size: "100 GB" }) => ({ volumes: { data: { ebs: its } }, mounts: { data: "/data" } });
const configured = (made: Deployed) => made.inputs("aws:ecs/service:Service", "web").volumeConfiguration;

/** The role by its ARN, which the mocked AWS makes of its name. */
const roleOf = (made: Deployed) => {
  assert.ok(made.sourcesOf(made.one("aws:ecs/service:Service", "web"), "volumeConfiguration").includes("Role web-volume"));
  const { managedEbsVolume } = configured(made) as { managedEbsVolume: { roleArn: string } };
  assert.match(managedEbsVolume.roleArn, /:role\/web-volume-[0-9a-f]{7}$/);
  return managedEbsVolume.roleArn;
};

describe("a volume that ECS makes for each task", () => {
  for (const variant of VARIANT_NAMES)
    it(`is configured by a ${variant}, and left open by its revision`, async () => {
      const made = await deploy(() => makeService(variant, withDisk()));
      assert.deepEqual(made.inputs("TaskDefinition", "web").volumes, [{ name: "tmp" }, { name: "data", configureAtLaunch: true }]);
      assert.deepEqual(configured(made), {
        name: "data",
        managedEbsVolume: {
          roleArn: roleOf(made),
          encrypted: true,
          volumeType: "gp3",
          sizeInGb: 100,
          fileSystemType: "xfs",
          tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }],
        },
      });
    });

  it("has what is said of it, and the stack's key", async () => {
    const its = { type: "gp3", iops: 6000, throughput: 500, snapshot: "snap-0123456789abcdef0", fileSystem: "ext4" } as const;
    const made = await deploy(() => makeService("FargateService", { ...withDisk(its), kmsKeyArn: KEY }));
    assert.deepEqual(configured(made), {
      name: "data",
      managedEbsVolume: {
        roleArn: roleOf(made),
        encrypted: true,
        kmsKeyId: KEY,
        volumeType: "gp3",
        iops: 6000,
        throughput: 500,
        snapshotId: "snap-0123456789abcdef0",
        fileSystemType: "ext4",
        tagSpecifications: [{ resourceType: "volume", propagateTags: "SERVICE" }],
      },
    });
  });

  it("is made by a role of ECS's, which keeps to the region, before the service and until after it", async () => {
    const made = await deploy(() => makeService("FargateService", { ...withDisk(), kmsKeyArn: KEY }));
    assert.match(String(made.inputs("Role", "web-volume").assumeRolePolicy), /"Service":"ecs\.amazonaws\.com"/);
    assert.equal(
      made.inputs("RolePolicyAttachment", "web-volume").policyArn,
      "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes",
    );
    assert.deepEqual(policyOf(made.one("RolePolicy", "web-volume")).Statement, [
      {
        Sid: "OtherRegions",
        Effect: "Deny",
        Action: ["ec2:AttachVolume", "ec2:CreateVolume", "ec2:DeleteVolume", "ec2:DetachVolume"],
        NotResource: [
          "arn:aws:ec2:eu-west-3:123456789012:volume/*",
          "arn:aws:ec2:eu-west-3:123456789012:instance/*",
          "arn:aws:ec2:eu-west-3:*:snapshot/*",
        ],
      },
    ]);
    assert.deepEqual(policyOf(made.one("RolePolicy", "web-volume-key")).Statement, [
      {
        Sid: "EncryptVolumes",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        Resource: [KEY],
      },
      {
        Sid: "LendKey",
        Effect: "Allow",
        Action: ["kms:CreateGrant"],
        Resource: [KEY],
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
    for (const [type, name] of [
      ["Role", "web-volume"],
      ["RolePolicyAttachment", "web-volume"],
      ["RolePolicy", "web-volume"],
      ["RolePolicy", "web-volume-key"],
    ] as const)
      assert.ok(outlivedBy(made, "aws:ecs/service:Service", "web").has(`${type} ${name}`), `${type} ${name}`);
  });

  it("has no role of its own where no volume is one", async () => {
    const made = await deploy(() => makeService("FargateService", { volumes: { data: {} }, mounts: { data: "/data" }, kmsKeyArn: KEY }));
    assert.equal(configured(made), undefined);
    assert.deepEqual(
      made.all("Role").filter(({ name }) => name.includes("volume")),
      [],
    );
  });

  it("is there for preDeploy, too, as RunTask takes it", async () => {
    const made = await deploy(() => makeService("FargateService", { ...withDisk(), kmsKeyArn: KEY, preDeploy: ["migrate"] }));
    const environment = made.inputs("Command", "web-pre-deploy").environment as Record<string, string>;
    assert.deepEqual(JSON.parse(environment.BERTH_VOLUMES!), [
      {
        name: "data",
        managedEBSVolume: {
          roleArn: roleOf(made),
          encrypted: true,
          kmsKeyId: KEY,
          volumeType: "gp3",
          sizeInGiB: 100,
          filesystemType: "xfs",
          tagSpecifications: [{ resourceType: "volume", propagateTags: "TASK_DEFINITION" }],
          terminationPolicy: { deleteOnTermination: true },
        },
      },
    ]);
    assert.ok(outlivedBy(made, "Command", "web-pre-deploy").has("RolePolicyAttachment web-volume"));
  });

  const REFUSED: [given: EbsArgs, message: string][] = [
    [{}, 'size: it is missing; write how large the volume is, such as "100 GB".'],
    [{ size: "1.5 GB" }, 'size: "1.5 GB" is not a size in whole GiB; write "100 GB" or 100 (GiB).'],
    [{ size: 20_000 }, "size: 20000 is out of range; allowed: 1 to 16384 GiB for gp3; the nearest is 16384."],
    [{ size: 100, type: "st1" }, "size: 100 is out of range; allowed: 125 to 16384 GiB for st1; the nearest is 125."],
    [{ size: 3, type: "io2", iops: 100 }, "size: 3 is out of range; allowed: 4 to 16384 GiB for io2; the nearest is 4."],
    [{ size: 10, type: "io2" }, "iops: it is missing; io2 has what is written here, such as 3000."],
    [
      { size: 10, type: "io2", iops: 20_000 },
      "iops: 20000 is out of range; allowed: 100 to 10000 for 10 GiB of io2; the nearest is 10000.",
    ],
    [{ size: 10, iops: 2000 }, "iops: 2000 is out of range; allowed: 3000 to 5000 for 10 GiB of gp3; the nearest is 3000."],
    [{ size: 1, iops: 3001 }, "iops: 3001 is out of range; allowed: 3000 to 3000 for 1 GiB of gp3; the nearest is 3000."],
    [{ size: 100, iops: 17_000 }, "iops: 17000 is out of range; allowed: 3000 to 16000 for gp3; the nearest is 16000."],
    [{ size: 200, type: "sc1", iops: 3000 }, "iops: sc1 has no number of its own; leave it out, or set type: gp3."],
    [{ size: 200, type: "st1", throughput: 200 }, "throughput: st1 has no number of its own; leave it out, or set type: gp3."],
    [
      { size: 200, throughput: 800 },
      "throughput: 800 is above a quarter of iops (3000), which AWS takes at most; the nearest is 750, or raise iops.",
    ],
    [{ size: 200, throughput: 2000 }, "throughput: 2000 is out of range; allowed: 125 to 1000 MiB/s; the nearest is 1000."],
    [{ snapshot: "vol-1" }, 'snapshot: "vol-1" is not the id of a snapshot; write one like "snap-0123456789abcdef0".'],
  ];
  for (const [given, message] of REFUSED)
    it(`is refused with ${JSON.stringify(given)}`, async () => {
      assert.equal(
        (await refusal(() => makeService("FargateService", withDisk(given)))).split("\n")[0],
        `FargateService "web": volumes.data.ebs.${message}`,
      );
      const [said] = await complaintsAbout({ service: withDisk(given) });
      assert.equal(said, `service.volumes.data.ebs.${message}`);
    });

  const PAIRS: [what: string, volumes: Record<string, VolumeArgs>, message: string][] = [
    ["efs", { data: { efs: {}, ebs: { size: 1 } } }, "volumes.data.efs: ebs is given, too; a volume is one of them: leave out the other."],
    [
      "a second one",
      { data: { ebs: { size: 1 } }, more: { ebs: { size: 1 } } },
      "volumes.more.ebs: data is one already, and AWS takes one for a task; use efs, or leave it out for an empty volume.",
    ],
  ];
  for (const [what, volumes, message] of PAIRS)
    it(`is refused beside ${what}`, async () => {
      const mounts = Object.fromEntries(Object.keys(volumes).map((name) => [name, `/${name}`]));
      assert.equal(await refusal(() => makeService("FargateService", { volumes, mounts })), `FargateService "web": ${message}`);
    });

  it("is refused to tasks that run by themselves", async () => {
    const why = "each start of a task by itself would have to say how the volume is; use efs, ephemeralStorage, or a service.";
    const args = () => ({ cluster: bigCluster(), image: IMAGE, ...withDisk() });
    assert.equal(await refusal(() => new OneOffTask("once", args())), `OneOffTask "once": volumes.data.ebs: ${why}`);
    assert.match(await refusal(() => new ScheduledTask("nightly", { ...args(), schedule: "rate(1 day)" })), /by itself would have to say/);
    assert.deepEqual(await complaintsAbout({ service: {}, tasks: { report: { service: "web", ...withDisk() } } }), [
      `tasks.report.volumes.data.ebs: ${why}`,
    ]);
  });

  it("is refused in a stack file to a daemon", async () => {
    assert.deepEqual(await complaintsAbout({ compute: "ec2", service: { daemon: true, ...withDisk() } }), [
      "service.volumes.data.ebs: AWS makes no volumes for a daemon's tasks; use hostPath, or leave daemon out.",
    ]);
  });

  it("is refused to a daemon and on Bottlerocket", async () => {
    assert.equal(
      await refusal(() => makeService("Ec2Service", { daemon: true, ...withDisk() })),
      `Ec2Service "web": volumes.data.ebs: AWS makes no volumes for a daemon's tasks; use hostPath, or leave daemon out.`,
    );
    const cluster = () => bigCluster(undefined, { ec2: { blue: { instanceTypes: ["m5.large"], amiFamily: "bottlerocket" } } });
    assert.equal(
      await refusal(() => makeService("Ec2Service", withDisk(), cluster())),
      'Ec2Service "web": volumes.data.ebs: Bottlerocket attaches no volume that ECS makes; set amiFamily: al2023 for the instances.',
    );
  });

  it("is the same for the service and for a single run", async () => {
    const schema = group({ ebs });
    const sizes = fc.integer({ min: 1, max: 16_384 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom("xfs", "ext4", "ext3"), async (size, fileSystem) => {
        const { ebs: its } = valuesOf(schema, { ebs: { size, fileSystem } });
        const { managedEbsVolume } = volumeConfiguration("data", its, { roleArn: "role" });
        const text = await new Promise<string>((resolve) => runConfiguration("data", its, { roleArn: "role" }).apply(resolve));
        const [run] = JSON.parse(text) as [{ managedEBSVolume: Record<string, unknown> }];
        const { sizeInGb, fileSystemType } = managedEbsVolume as { sizeInGb?: number; fileSystemType?: string };
        assert.deepEqual([run.managedEBSVolume.sizeInGiB, run.managedEBSVolume.filesystemType], [sizeInGb, fileSystemType]);
        assert.deepEqual([sizeInGb, fileSystemType], [size, fileSystem]);
      }),
      { numRuns: 20 },
    );
  });

  it("has a size in whole GiB", () => {
    for (const [given, gib] of [
      ["100 GB", 100],
      ["100GiB", 100],
      ["2 TB", 2048],
      ["3 t", 3072],
      [7, 7],
      ["7", 7],
      ["0", undefined],
      [1.5, undefined],
      ["100 MB", undefined],
      ["GB", undefined],
    ] as const)
      assert.equal(parseDisk(given), gib, String(given));
  });
});
