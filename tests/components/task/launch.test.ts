// What does not go together with where a service runs, and the room that services on one group leave each other.
import assert from "node:assert/strict";
import { Cluster, type ClusterArgs } from "../../../components/cluster/cluster";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import type { Ec2ServiceArgs, ManagedInstancesServiceArgs } from "../../../components/service/arguments";
import { Ec2Service } from "../../../components/service/ec2-service";
import { FargateService } from "../../../components/service/fargate-service";
import { ManagedInstancesService } from "../../../components/service/managed-instances-service";
import type { JsonObject } from "../../../facts/graph";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE } from "../../helpers/variants";

const SERVICE = "aws:ecs/service:Service";
const clusterOf = (args: Partial<ClusterArgs>) => new Cluster("apps", { network: plainNetwork(), ...args });
/** A worker on a group of t3.medium: two tasks on each in awsvpc mode. */
const onGroup = (group: Partial<NonNullable<ClusterArgs["ec2"]>[string]>, service: Partial<Ec2ServiceArgs> = {}) =>
  new Ec2Service("web", { cluster: clusterOf({ ec2: { it: { instanceTypes: ["t3.medium"], ...group } } }), image: IMAGE, ...service });
const onManaged = (managedInstances: ClusterArgs["managedInstances"], service: Partial<ManagedInstancesServiceArgs> = {}) =>
  new ManagedInstancesService("web", { cluster: clusterOf({ ...(managedInstances && { managedInstances }) }), image: IMAGE, ...service });
const percentOf = (made: Deployed, name: string) => made.inputs(SERVICE, name).deploymentMaximumPercent;

describe("what is caught before AWS hears of it", () => {
  const refused: [what: string, make: () => unknown, message: string][] = [
    [
      "more CPU than an instance has",
      () => onGroup({}, { cpu: "4 vCPU", memory: "1 GB" }),
      'Cluster "apps": ec2.it.instanceTypes: a task of web asks for 4 vCPU, but a t3.medium has 2 vCPU for tasks; choose a larger type, or a smaller task.',
    ],
    [
      "more memory than the agent leaves",
      () => onGroup({}, { memory: "4 GB" }),
      'Cluster "apps": ec2.it.instanceTypes: a task of web asks for 4 GB, but a t3.medium has 3745 MB of memory (4 GB less what the system and the ECS agent keep) for tasks; choose a larger type, or a smaller task.',
    ],
    [
      "a task on the smallest of the types",
      () => onGroup({ instanceTypes: ["m5.large", "t3.nano"] }, { memory: "1 GB" }),
      'Cluster "apps": ec2.it.instanceTypes: a task of web asks for 1 GB, but a t3.nano has 412 MB of memory (512 MB less what the system and the ECS agent keep) for tasks; choose a larger type, or a smaller task.',
    ],
    [
      "an image for ARM on x86",
      () => onGroup({}, { architecture: "arm64" }),
      'Ec2Service "web": architecture: the image of web is for arm64, the instances (t3.medium) are x86_64; set architecture: x86_64, or choose other instance types.',
    ],
    [
      "an image for x86 on ARM",
      () => onGroup({ instanceTypes: ["t4g.medium"] }),
      'Ec2Service "web": architecture: the image of web is for x86_64, the instances (t4g.medium) are arm64; set architecture: arm64, or choose other instance types.',
    ],
    [
      "a group that has no room for a rollout",
      () => onGroup({ max: 2 }, { desiredCount: 4 }),
      'Cluster "apps": ec2.it.max: 2 instances hold 4 tasks of web (2 on a t3.medium, limited by network interfaces), but it runs up to 4 and needs room for one more to roll out; the nearest max is 3.',
    ],
    [
      "a group that has no room for what Auto Scaling may ask for",
      () => onGroup({ max: 4 }, { scaling: { min: 2, max: 8 } }),
      'Cluster "apps": ec2.it.max: 4 instances hold 8 tasks of web (2 on a t3.medium, limited by network interfaces), but it runs up to 8 and needs room for one more to roll out; the nearest max is 5.',
    ],
    [
      "room for one task more that is less than a task when there are few",
      () => onGroup({ max: 6 }, { scaling: { min: 2, max: 10 } }),
      'Ec2Service "web": rollout.maximumPercent: with 120 percent of 2 tasks no further one may start, and with minimumHealthyPercent 100 none may stop first; the nearest is 150 (raise ec2.max if the instances do not hold that), or set minimumHealthyPercent to 50.',
    ],
    [
      "more percent than there is room for",
      () => onGroup({ max: 3 }, { desiredCount: 4, rollout: { strategy: "rolling", maximumPercent: 200 } }),
      'Ec2Service "web": rollout.maximumPercent: 200 percent of the tasks do not fit on the instances; the nearest is 150, or raise ec2.max.',
    ],
    [
      "a percentage that lets no task start",
      () => onGroup({}, { desiredCount: 2, rollout: { strategy: "rolling", maximumPercent: 120 } }),
      'Ec2Service "web": rollout.maximumPercent: with 120 percent of 2 tasks no further one may start, and with minimumHealthyPercent 100 none may stop first; the nearest is 150 (raise ec2.max if the instances do not hold that), or set minimumHealthyPercent to 50.',
    ],
    [
      "tasks on a group without instances",
      () => onGroup({ min: 0, max: 0 }, { desiredCount: 1 }),
      'Cluster "apps": ec2.it.max: the group may have no instance, but web wants 1 tasks; the nearest is 1.',
    ],
    [
      "tasks on a group that is empty and stays so",
      () => onGroup({ min: 0, managedScaling: false }, { desiredCount: 1 }),
      'Cluster "apps": ec2.it.min: the group starts with no instance and managedScaling is off, so web would wait for ever; set min to 1 or more, or managedScaling: true.',
    ],
    [
      "tasks beyond a number of instances that nobody raises",
      () => onGroup({ min: 1, managedScaling: false }, { desiredCount: 2 }),
      'Cluster "apps": ec2.it.max: 1 instance holds 2 tasks of web (2 on a t3.medium, limited by network interfaces), but it runs up to 2 and needs room for one more to roll out; the nearest max is 2.',
    ],
    [
      "more GPUs than an instance has",
      () => onGroup({ instanceTypes: ["g5.xlarge"] }, { gpu: 2, desiredCount: 1 }),
      'Cluster "apps": ec2.it.instanceTypes: web asks for 2 GPUs, a g5.xlarge has 1; choose a type with enough, such as "g5.xlarge".',
    ],
    [
      "GPUs on instances without",
      () => onGroup({}, { gpu: 1, desiredCount: 1 }),
      'Cluster "apps": ec2.it.instanceTypes: web asks for 1 GPUs, a t3.medium has 0; choose a type with enough, such as "g5.xlarge".',
    ],
    [
      "GPUs on Fargate",
      () => new FargateService("web", { cluster: clusterOf({}), image: IMAGE, gpu: 1 }),
      'FargateService "web": gpu: Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.',
    ],
    [
      "a disk of its own on an instance",
      () => onGroup({}, { desiredCount: 1, ephemeralStorage: 30 }),
      'Ec2Service "web": ephemeralStorage: only a task on Fargate has a disk of its own; leave it out, or give the instances a larger one.',
    ],
    [
      "no instances at all",
      () => new Ec2Service("web", { cluster: clusterOf({}), image: IMAGE }),
      'Ec2Service "web": cluster: it has no EC2 instances; make it with ec2: { ec2: { instanceTypes: ["t3.medium"] } }, or run on Fargate.',
    ],
    [
      "a group that is not there",
      () => onGroup({}, { groups: [{ group: "big" }] }),
      'Ec2Service "web": groups[0].group: the cluster has no group "big"; it has it.',
    ],
    ["no group", () => onGroup({}, { groups: [] }), 'Ec2Service "web": groups: the list is empty; name at least one.'],
    [
      "a group without weight",
      () => onGroup({}, { groups: [{ group: "it", weight: 0 }] }),
      'Ec2Service "web": groups: no group has a weight above 0, so no task would run; give one at least weight: 1.',
    ],
    [
      "a group twice",
      () => onGroup({}, { groups: [{ group: "it" }, { group: "it" }] }),
      'Ec2Service "web": groups: "it" is named twice; name each group once.',
    ],
    [
      "two bases",
      () =>
        onGroup(
          {},
          {
            groups: [
              { group: "it", base: 1 },
              { group: "spot", base: 1 },
            ],
          },
        ),
      'Ec2Service "web": groups: it and spot have a base each; AWS takes one: leave out the others.',
    ],
    [
      "bridge mode on several groups",
      () => onGroup({}, { networkMode: "bridge", groups: [{ group: "it" }, { group: "spot" }] }),
      'Ec2Service "web": groups: in bridge mode a service runs on one group, because its requests come to that group\'s instances; name one, or use awsvpc.',
    ],
    [
      "a number of daemons",
      () => onGroup({}, { daemon: true, desiredCount: 2 }),
      'Ec2Service "web": daemon: a daemon runs one task on each instance; leave desiredCount, scaling and sleep out.',
    ],
    [
      "a command before the rollout that is none",
      () => onGroup({}, { preDeploy: [] }),
      'Ec2Service "web": preDeploy: the list is empty; name at least one.',
    ],
    [
      "no managed instances",
      () => onManaged(undefined),
      'ManagedInstancesService "web": cluster: it has no managed instances; make it with managedInstances: {}, or run on Fargate.',
    ],
    [
      "an image for ARM on managed x86",
      () => onManaged({}, { architecture: "arm64" }),
      'ManagedInstancesService "web": architecture: the image of web is for arm64, the managed instances are x86_64; set managedInstances.architecture to arm64, or build the image for the other.',
    ],
    [
      "more CPU than the largest managed instance",
      () => onManaged({ vcpus: { min: 1, max: 2 } }, { cpu: "3 vCPU" }),
      'Cluster "apps": managedInstances.vcpus.max: a task of web asks for 3 vCPU, the largest instance allowed has 2 vCPU; the nearest is 3.',
    ],
    [
      "all memory of the largest managed instance",
      () => onManaged({ memory: { min: 2048, max: 4096 } }, { memory: "4 GB" }),
      'Cluster "apps": managedInstances.memory.max: a task of web asks for 4 GB, the largest instance allowed has 4 GB, of which the system keeps some; allow more than the task.',
    ],
  ];
  for (const [what, make, message] of refused) {
    it(what, async () => assert.equal(await refusal(make), message));
  }

  it("lets AWS move tasks between zones only where they are spread over zones first, and held to none", async () => {
    const spread = { type: "spread", field: "attribute:ecs.availability-zone" };
    const inZone = { type: "memberOf", expression: "attribute:ecs.availability-zone == eu-west-3a" };
    for (const [placement, moves] of [
      [{}, "ENABLED"],
      [{ placementStrategies: [] }, "ENABLED"],
      [{ placementStrategies: [spread, { type: "random" }] }, "ENABLED"],
      [{ placementStrategies: [{ type: "binpack", field: "memory" }, spread] }, "DISABLED"],
      [{ placementConstraints: [{ type: "distinctInstance" }] }, "ENABLED"],
      [{ placementConstraints: [inZone] }, "DISABLED"],
    ] as const) {
      const made = await deploy(() => onGroup({}, { desiredCount: 2, ...placement } as Partial<Ec2ServiceArgs>));
      assert.equal(made.inputs(SERVICE).availabilityZoneRebalancing, moves, JSON.stringify(placement));
    }
  });

  it("but not what no upper end forbids", async () => {
    const made = await deploy(() => onManaged({ vcpus: { min: 1 }, memory: { min: 1024 } }, { cpu: "64 vCPU", memory: "400 GB" }));
    assert.equal(made.inputs("TaskDefinition").cpu, "65536");
  });
});

describe("services on one group", () => {
  it("share its room, and each may roll within what the others leave", async () => {
    const made = await deploy(() => {
      const cluster = clusterOf({ ec2: { it: { instanceTypes: ["t3.medium"], max: 6 } } });
      new Ec2Service("api", { cluster, image: IMAGE, desiredCount: 4 });
      new Ec2Service("web", { cluster, image: IMAGE, desiredCount: 5 });
    });
    // Twelve tasks fit: api may have all it wants, web what is left beside api's four.
    assert.deepEqual([percentOf(made, "api"), percentOf(made, "web")], [200, 160]);
  });

  it("are refused when the last of them does not fit any more", async () => {
    const message = await refusal(() => {
      const cluster = clusterOf({ ec2: { it: { instanceTypes: ["t3.medium"], max: 4 } } });
      new Ec2Service("api", { cluster, image: IMAGE, desiredCount: 4 });
      new Ec2Service("web", { cluster, image: IMAGE, desiredCount: 4 });
    });
    assert.match(message, /^Cluster "apps": ec2\.it\.max: 4 instances hold 4 tasks of web .* the nearest max is 5\.$/);
  });

  it("in two colors need room for both", async () => {
    const rolled = (max: number) => () => {
      const cluster = clusterOf({ ec2: { it: { instanceTypes: ["t3.medium"], max } } });
      const route = new LoadBalancer("public", { network: cluster.network, accessLogs: false }).route({ path: "/*" });
      new Ec2Service("web", { cluster, image: IMAGE, route, desiredCount: 4, rollout: "blueGreen" });
    };
    assert.match(await refusal(rolled(3)), /needs room for as many again to roll out; the nearest max is 4\.$/);
    assert.equal(percentOf(await deploy(rolled(4)), "web"), 200);
  });

  it("in bridge mode are more on an instance", async () => {
    const made = await deploy(() => onGroup({ max: 2 }, { desiredCount: 7, networkMode: "bridge" }));
    assert.equal(percentOf(made, "web"), 200);
  });

  it("roll by stopping one first where nothing more fits, if they may", async () => {
    const rollout = { strategy: "rolling", minimumHealthyPercent: 50, maximumPercent: 100 } as const;
    const made = await deploy(() => onGroup({ max: 3 }, { desiredCount: 4, rollout }));
    const { deploymentMinimumHealthyPercent, deploymentMaximumPercent, availabilityZoneRebalancing } = made.inputs(SERVICE);
    assert.deepEqual([deploymentMinimumHealthyPercent, deploymentMaximumPercent, availabilityZoneRebalancing], [50, 100, "DISABLED"]);
  });

  it("may be on several groups by weight", async () => {
    const made = await deploy(() => {
      const cluster = clusterOf({
        ec2: { steady: { instanceTypes: ["t3.medium"] }, spot: { instanceTypes: ["t3.medium"], spotPercent: 100, max: 3 } },
      });
      const groups = [
        { group: "steady", base: 2, weight: 1 },
        { group: "spot", weight: 1 },
      ];
      new Ec2Service("web", { cluster, image: IMAGE, desiredCount: 8, groups });
    });
    const strategy = made.inputs(SERVICE).capacityProviderStrategies as JsonObject[];
    assert.deepEqual(
      strategy.map(({ capacityProvider, base, weight }) => [String(capacityProvider).replace(/-[0-9a-f]{7}$/, ""), base, weight]),
      [
        ["apps-steady", 2, 1],
        ["apps-spot", 0, 1],
      ],
    );
    assert.equal(percentOf(made, "web"), 150, "the three instances of the one hold six of its half of eight");
  });
});
