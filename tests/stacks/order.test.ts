// What must be there before the tasks run, and must still be there when the last of them has stopped: read off the recorded graph as Pulumi's engine does.
import assert from "node:assert/strict";
import type { RecordedResource } from "../../facts/graph";
import type { Deployed } from "../helpers/deploy";
import { PRIVATE_AND_UNPROTECTED, stack } from "../helpers/stacks";

const SERVICE = "aws:ecs/service:Service";
/** The role of the flow logs, the doors to the load balancer and its redirect: tasks need none of them. */
const NOT_FOR_TASKS = ["net-flow", "public-80", "public-443", "public-http"];
const label = ({ type, name }: RecordedResource) => `${type.split(":").pop()} ${name}`;

/** All that a destroy may begin with, then what may follow, and so on: a resource goes when nothing is left that depends on it. */
function destroyInWaves(made: Deployed): RecordedResource[][] {
  const left = new Set(made.resources.filter(({ custom, read }) => custom && !read));
  const waves: RecordedResource[][] = [];
  while (left.size > 0) {
    const needed = new Set([...left].flatMap((resource) => [...made.outlives(resource)]));
    const wave = [...left].filter((resource) => !needed.has(resource));
    assert.ok(wave.length > 0, "resources wait for each other in a circle");
    for (const resource of wave) left.delete(resource);
    waves.push(wave);
  }
  return waves;
}

const variants: [what: string, name: string, config: string[]][] = [
  ["dev", "dev", []],
  ["prod", "prod", []],
  ["prod without NAT, by endpoints", "prod", PRIVATE_AND_UNPROTECTED],
];

for (const [what, name, config] of variants) {
  describe(`the order of ${what}`, () => {
    let made: Deployed;
    let service: RecordedResource;
    let outliving: Set<RecordedResource>;

    before(async () => {
      made = await stack(name, config);
      service = made.one(SERVICE);
      outliving = made.outlives(service);
    });

    it("has every way to ECR, right, log, door and capacity outlive the service", () => {
      const types = [
        "ListenerRule",
        "TargetGroup",
        "Listener",
        "RolePolicy",
        "TaskDefinition",
        "ClusterCapacityProviders",
        "SecurityGroupIngressRule",
        "SecurityGroupEgressRule",
        "aws:ecs/cluster:Cluster",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:ec2/vpc:Vpc",
        "Subnet",
        "Route",
        "RouteTableAssociation",
        "InternetGateway",
        "NatGateway",
        "VpcEndpoint",
      ];
      for (const type of types) {
        for (const resource of made.all(type).filter(({ name }) => !NOT_FOR_TASKS.includes(name)))
          assert.ok(outliving.has(resource), `${label(resource)} may go before the service`);
      }
      for (const group of ["web", "apps-exec"]) assert.ok(outliving.has(made.one("LogGroup", group)), group);
    });

    it("lets a destroy take the service before anything that its tasks need", () => {
      const waves = destroyInWaves(made);
      const when = (resource: RecordedResource) => waves.findIndex((wave) => wave.includes(resource));
      const own = when(service);
      for (const resource of outliving) {
        if (resource.custom) assert.ok(when(resource) > own, `${label(resource)} goes with the service or before it`);
      }
      // What goes first is what acts on the service, and what nobody's work depends on.
      const first = waves.slice(0, own).flat();
      for (const type of ["RolePolicy", "Route", "ListenerRule", "NatGateway", "VpcEndpoint", "ClusterCapacityProviders"])
        assert.deepEqual(first.filter((resource) => resource.type.endsWith(`:${type}`) && resource.name !== "net-flow").map(label), []);
    });

    it("takes scaling away before the service that it scales", () => {
      for (const type of ["Target", "Policy"])
        for (const resource of made.all(type)) assert.ok(made.outlives(resource).has(service), label(resource));
    });

    it("keeps the public load balancer's way to the internet while it is there", () => {
      const balancer = made.outlives(made.one("aws:lb/loadBalancer:LoadBalancer"));
      for (const gateway of made.all("InternetGateway")) assert.ok(balancer.has(gateway));
    });
  });
}
