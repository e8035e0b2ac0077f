// What the tasks run on: one word, and the settings of the instances.
import assert from "node:assert/strict";
import { type Config, complaintsAbout, serviceOf, settingsOf } from "../helpers/settings";

const NAT = { network: { nat: "single" } };
const clusterOf = (config: Config) => settingsOf({ ...NAT, ...config }).cluster;

describe("compute", () => {
  it("is Fargate, with no instances, unless something else is said", () => {
    assert.equal(serviceOf({}).compute, "fargate");
    assert.deepEqual(clusterOf({ ec2: { min: 5 }, managedInstances: { storageSize: 50 } }), {});
  });

  it("on EC2 makes one group, of a type for the architecture", () => {
    assert.deepEqual(clusterOf({ compute: "ec2" }), { ec2: { ec2: { instanceTypes: ["t3.medium"] } } });
    assert.deepEqual(clusterOf({ compute: "ec2", architecture: "arm64" }), { ec2: { ec2: { instanceTypes: ["t4g.medium"] } } });
  });

  it("on EC2 reads every setting of the group, as text too", () => {
    const ec2 = {
      instanceTypes: ["m5.large", "m5a.large"],
      min: "1",
      max: 12,
      amiFamily: "bottlerocket",
      ami: "ami-0123456789abcdef0",
      maxInstanceLifetime: 14,
      spotPercent: "50",
      onDemandBase: 0,
      rootVolumeSize: 50,
      detailedMonitoring: "true",
      managedScaling: true,
      targetCapacity: 90,
      terminationProtection: "false",
    };
    const read = { ...ec2, min: 1, spotPercent: 50, detailedMonitoring: true, terminationProtection: false };
    assert.deepEqual(clusterOf({ compute: "ec2", ec2 }), { ec2: { ec2: read } });
  });

  it("on EC2 says in the service's words how instances are bought and when they sleep; the group's own words win", () => {
    const service = { capacity: "mixed", sleep: { stop: "20:00", start: "07:00" } };
    assert.deepEqual(clusterOf({ compute: "ec2", service }), {
      ec2: { ec2: { instanceTypes: ["t3.medium"], spotPercent: 75, sleep: service.sleep } },
    });
    const percentOf = (capacity: string, ec2 = {}) =>
      (clusterOf({ compute: "ec2", service: { capacity }, ec2 }).ec2 as { ec2: { spotPercent: number } }).ec2.spotPercent;
    assert.deepEqual([percentOf("onDemand"), percentOf("spot"), percentOf("spot", { spotPercent: 20 })], [0, 100, 20]);
  });

  it("on managed instances reads every setting of theirs", () => {
    const managedInstances = {
      vcpus: { min: 2, max: 4 },
      memory: { min: 4096 },
      instanceTypes: ["m7g.*"],
      storageSize: 80,
      detailedMonitoring: true,
      scaleInAfter: -1,
    };
    assert.deepEqual(clusterOf({ compute: "managed-instances", architecture: "arm64", managedInstances, service: { capacity: "spot" } }), {
      managedInstances: { ...managedInstances, capacity: "spot", architecture: "arm64" },
    });
    assert.deepEqual(clusterOf({ compute: "managed-instances" }), { managedInstances: { architecture: "x86_64" } });
  });

  it("gives a service what it takes on them, and nothing else", () => {
    const keys = (config: Config) =>
      Object.keys(serviceOf({ ...NAT, ...config })).filter(
        (key) => !["name", "renamed", "compute", "image", "calls", "sendsTo", "route", "ports", "listener", "alarms"].includes(key),
      );
    assert.deepEqual(keys({ service: { capacity: "spot", networkMode: "awsvpc", daemon: false, port: 80 } }).sort(), ["capacity", "port"]);
    const mixed = { capacity: "mixed", networkMode: "bridge", port: 80 };
    assert.deepEqual(keys({ compute: "ec2", service: mixed }).sort(), ["networkMode", "port"]);
    assert.deepEqual(keys({ compute: "managed-instances", service: { capacity: "spot", port: 80 } }), ["port"]);
  });

  it("takes any size of task on instances, and Fargate's alone on Fargate", async () => {
    for (const compute of ["ec2", "managed-instances"])
      assert.equal(serviceOf({ ...NAT, compute, service: { cpu: 300, memory: 700 } }).cpu, 300);
    assert.match((await complaintsAbout({ service: { cpu: 300, memory: 700 } }))[0]!, /^service\.cpu: .* is not a Fargate size;/);
  });

  it("of instances in a private network gives their agents a way to ECS", () => {
    const { network } = settingsOf({ compute: "ec2", network: { nat: "none", endpoints: "private" } });
    assert.deepEqual(network.endpointServices, ["ecs", "ecs-agent", "ecs-telemetry"]);
  });

  const whole = (low: number, high: number, unit: string) => `allowed: ${low} to ${high} ${unit}`;
  const refused: [config: Config, complaint: string][] = [
    [
      { compute: "ec2", network: { nat: "none" } },
      "network.nat: instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: ec2 set nat to single or perZone, or endpoints to private.",
    ],
    [
      { compute: "managed-instances", network: { nat: "none" } },
      "network.nat: instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: managed-instances set nat to single or perZone, or endpoints to private.",
    ],
    [
      { service: { networkMode: "bridge" } },
      "service.networkMode: tasks on Fargate always have a network interface of their own; set compute: ec2, or leave it out.",
    ],
    [
      { service: { gpu: 1 } },
      "service.gpu: Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.",
    ],
    [{ service: { daemon: true } }, "service.daemon: Fargate has no instances to run one task on each; set compute: ec2, or leave it out."],
    [
      { ...NAT, compute: "managed-instances", service: { networkMode: "bridge" } },
      "service.networkMode: tasks on Managed Instances have a network interface of their own here; set compute: ec2, or leave it out.",
    ],
    [
      { ...NAT, compute: "managed-instances", service: { daemon: true } },
      "service.daemon: on Managed Instances what runs once on each instance is no service; name it in daemons, set compute: ec2, or leave it out.",
    ],
    [
      { ...NAT, compute: "managed-instances", service: { capacity: "mixed" } },
      "service.capacity: ECS buys managed instances of one kind; allowed: onDemand, spot.",
    ],
    [{ ec2: { min: 5, max: 3 } }, "ec2.min: 5 is above max (3); the nearest is 3."],
    [{ ec2: { max: 1 } }, "ec2.min: 2 is above max (1); the nearest is 1."],
    [{ ec2: { min: -1 } }, `ec2.min: -1 is out of range; ${whole(0, 5000, "instances")}; the nearest is 0.`],
    [
      { ec2: { instanceTypes: ["t3.medium", "t4g.medium"] } },
      "ec2.instanceTypes: t3.medium is x86_64, t4g.medium is arm64; one group has one AMI and so one architecture: leave out one of them.",
    ],
    [{ ec2: { instanceTypes: [] } }, "ec2.instanceTypes: the list is empty; name at least one."],
    [
      { ec2: { ami: "latest" } },
      'ec2.ami: "latest" is not a valid value; allowed: stay, follow, or the id of an AMI; write one like "ami-0123456789abcdef0".',
    ],
    [{ ec2: { amiFamily: "al2" } }, 'ec2.amiFamily: "al2" is not a valid value; allowed: al2023, bottlerocket; did you mean "al2023"?'],
    [{ ec2: { rootVolumeSize: 8 } }, `ec2.rootVolumeSize: 8 is out of range; ${whole(30, 16384, "GiB")}; the nearest is 30.`],
    [{ ec2: { spotPercent: 101 } }, `ec2.spotPercent: 101 is out of range; ${whole(0, 100, "percent")}; the nearest is 100.`],
    [{ ec2: { maxInstanceLifetime: 0 } }, `ec2.maxInstanceLifetime: 0 is out of range; ${whole(1, 365, "days")}; the nearest is 1.`],
    [{ managedInstances: { vcpus: { min: 4, max: 2 } } }, "managedInstances.vcpus.min: 4 is above max (2); the nearest is 2."],
    [{ managedInstances: { vcpus: { max: 2 } } }, "managedInstances.vcpus.min: it is missing, and there is no default for it."],
    [
      { managedInstances: { memory: { min: 1 } } },
      `managedInstances.memory.min: 1 is out of range; ${whole(1024, 25165824, "MiB")}; the nearest is 1024.`,
    ],
    [
      { managedInstances: { scaleInAfter: -2 } },
      `managedInstances.scaleInAfter: -2 is out of range; ${whole(-1, 3600, "seconds")}; the nearest is -1.`,
    ],
  ];
  for (const [config, complaint] of refused) {
    it(`is refused: ${JSON.stringify(config)}`, async () => assert.deepEqual(await complaintsAbout(config), [complaint]));
  }
});

describe("hours of sleep", () => {
  it("are times of day in a time zone", () => {
    const sleep = { stop: "20:00", start: "7:30", timezone: "Europe/Berlin", weekends: false };
    assert.deepEqual(serviceOf({ service: { sleep } }).sleep, sleep);
  });

  const refused: [sleep: unknown, complaint: string][] = [
    [{ stop: "8 pm", start: "07:00" }, 'service.sleep.stop: "8 pm" is not a time of day; write one like "20:00".'],
    [{ stop: "20:00", start: 7 }, 'service.sleep.start: 7 is not a string; write one like "07:00".'],
    [{ stop: "20:00" }, "service.sleep.start: it is missing, and there is no default for it."],
    [{ stop: "07:00", start: "7:00" }, "service.sleep.stop: it stops and starts at 07:00; choose two different times."],
    [
      { stop: "20:00", start: "07:00", timezone: "Berlin" },
      'service.sleep.timezone: "Berlin" is not a time zone; write one like "Europe/Berlin".',
    ],
  ];
  for (const [sleep, complaint] of refused) {
    it(`are not ${JSON.stringify(sleep)}`, async () => assert.deepEqual(await complaintsAbout({ service: { sleep } }), [complaint]));
  }
});

describe("a daemon", () => {
  for (const [key, value] of Object.entries({ desiredCount: 2, scaling: { min: 1 }, sleep: { stop: "20:00", start: "07:00" } })) {
    it(`has no ${key}`, async () => {
      const complaints = await complaintsAbout({ ...NAT, compute: "ec2", service: { daemon: true, [key]: value } });
      assert.deepEqual(complaints, ["service.daemon: a daemon runs one task on each instance; leave desiredCount, scaling and sleep out."]);
    });
  }
});
