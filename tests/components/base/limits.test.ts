// Each limit of each argument, from the schemas themselves: the component refuses what breaks it, a stack file does, and both say the same.
import assert from "node:assert/strict";
import { Alarms } from "../../../components/alarms/alarms";
import { alarms } from "../../../components/alarms/arguments";
import { Notifications, notifications } from "../../../components/alarms/notifications";
import { EncryptionKey, encryptionKey } from "../../../components/base/encryption-key";
import { showPath } from "../../../components/base/origin";
import { existingQueue, Queue, queue } from "../../../components/base/queue";
import { type Arguments, type Described, group } from "../../../components/base/schema";
import { Cluster, cluster } from "../../../components/cluster/cluster";
import { existingCluster } from "../../../components/cluster/existing-cluster";
import { AppImage, appImage } from "../../../components/image/image";
import { MirroredImage, mirroredImage } from "../../../components/image/mirrored-image";
import { answers } from "../../../components/load-balancer/answers";
import { sites } from "../../../components/load-balancer/domains";
import { existingLoadBalancer } from "../../../components/load-balancer/existing-load-balancer";
import { LoadBalancer, loadBalancer } from "../../../components/load-balancer/load-balancer";
import { LogBucket, logBucket } from "../../../components/load-balancer/log-bucket";
import { type RouteArgs, route } from "../../../components/load-balancer/route";
import { WebAcl, webAcl } from "../../../components/load-balancer/web-acl";
import { existingNetwork } from "../../../components/network/existing-network";
import { Network, network } from "../../../components/network/network";
import { ec2Service, fargateService, service } from "../../../components/service/arguments";
import { Ec2Service } from "../../../components/service/ec2-service";
import { FargateService } from "../../../components/service/fargate-service";
import { ManagedInstancesService } from "../../../components/service/managed-instances-service";
import { oneOffTask, scheduledTask, task } from "../../../components/task/arguments";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { Task } from "../../../components/task/task";
import { OF_THE_STACK } from "../../../settings/service";
import { stack } from "../../../settings/stack";
import { deploy } from "../../helpers/deploy";
import { type Broken, brokenOf } from "../../helpers/facts";
import type { plainNetwork } from "../../helpers/network";
import { type Config, complaintsAbout } from "../../helpers/settings";
import { bigCluster, IMAGE } from "../../helpers/variants";

/** What a program gives: more than the types allow. */
type Given = Record<string, unknown>;

interface Subject {
  whose: string;
  entries: Arguments;
  /** Makes the component, or the route, with these arguments beside what it must have. */
  make: (args: Given, world: World) => unknown;
  /** Where a stack file has an argument; undefined where it has not. */
  key?: (path: string[]) => string[] | undefined;
  /** What must stand beside an argument in a stack file. */
  beside?: Given;
}

interface World {
  network: ReturnType<typeof plainNetwork>;
  cluster: Cluster;
  balancer: LoadBalancer;
}
const worldOf = (): World => {
  const cluster = bigCluster();
  const { network } = cluster;
  return { cluster, network, balancer: new LoadBalancer("x", { network, accessLogs: false }) };
};

const under =
  (...group: string[]) =>
  (path: string[]) =>
    OF_THE_STACK.some((key) => key === path[0]) ? path : [...group, ...path];
/** The cluster's instances stand by themselves. */
const clusterKey = ([first = "", ...rest]: string[]) =>
  first === "ec2" && rest.length > 1
    ? ["ec2", ...rest.slice(1)]
    : first === "managedInstances"
      ? [first, ...rest]
      : first === "ec2"
        ? undefined
        : under("cluster")([first, ...rest]);

const any = (type: unknown) => type as new (name: string, args: object) => unknown;
const SUBJECTS: Subject[] = [
  { whose: 'EncryptionKey "x"', entries: encryptionKey, make: (args) => new EncryptionKey("x", args) },
  { whose: 'Queue "x"', entries: queue, make: (args) => new Queue("x", args), key: under("service", "queue") },
  {
    whose: 'ExistingQueue "x"',
    entries: existingQueue,
    make: (args) => Queue.existing("x", args as never),
    key: under("service", "queue"),
  },
  { whose: 'Alarms "x"', entries: alarms, make: (args) => new Alarms("x", args), key: under("alarms") },
  { whose: 'Notifications "x"', entries: notifications, make: (args) => new Notifications("x", args), key: under("notify") },
  { whose: 'Network "x"', entries: network, make: (args) => new Network("x", args), key: under("network") },
  {
    whose: 'ExistingNetwork "x"',
    entries: existingNetwork,
    make: (args) => Network.existing("x", args),
    key: under("network", "existing"),
  },
  { whose: 'AppImage "x"', entries: appImage, make: (args) => new AppImage("x", { context: "./app", ...args }), key: under("image") },
  { whose: 'MirroredImage "x"', entries: mirroredImage, make: (args) => new MirroredImage("x", { source: "x:1", ...args }) },
  { whose: 'LogBucket "x"', entries: logBucket, make: (args, { network: { location } }) => new LogBucket("x", { location, ...args }) },
  { whose: 'WebAcl "x"', entries: webAcl, make: (args) => new WebAcl("x", args) },
  {
    whose: 'LoadBalancer "x"',
    entries: loadBalancer,
    make: (args, world) => new LoadBalancer("x", { network: world.network, ...args }),
    key: under("loadBalancer"),
  },
  {
    whose: 'ExistingLoadBalancer "x"',
    entries: existingLoadBalancer,
    make: (args, world) => LoadBalancer.existing("x", { network: world.network, ...args }),
    // What is the stack's own on any load balancer stands beside `existing`.
    key: (path) => under("loadBalancer", ...(Object.hasOwn({ ...sites, ...answers }, path[0]!) ? [] : ["existing"]))(path),
  },
  {
    whose: 'ExistingCluster "x"',
    entries: existingCluster,
    make: (args, world) => Cluster.existing("x", { network: world.network, ...args }),
    key: under("cluster", "existing"),
  },
  {
    whose: 'LoadBalancer "x"',
    entries: { route: group(route) },
    make: ({ route: given }, world) => world.balancer.route(given as RouteArgs),
    key: ([, ...path]) => (path.length > 0 ? ["service", ...path] : undefined),
  },
  { whose: 'Cluster "x"', entries: cluster, make: (args, world) => new Cluster("x", { network: world.network, ...args }), key: clusterKey },
  ...[
    { type: FargateService, entries: fargateService },
    { type: Ec2Service, entries: ec2Service },
    { type: ManagedInstancesService, entries: service },
  ].map(({ type, entries }) => ({
    whose: `${type.name} "x"`,
    entries: entries as Arguments,
    make: (args: Given, world: World) => new (any(type))("x", { cluster: world.cluster, image: IMAGE, ...args }),
    key: under("service"),
  })),
  {
    whose: 'Task "x"',
    entries: task,
    make: (args, world) =>
      new Task("x", { cluster: world.cluster, image: IMAGE, ...args }, { requires: "EC2", networkMode: "awsvpc" }, undefined),
  },
  {
    whose: 'OneOffTask "x"',
    entries: oneOffTask,
    make: (args, world) => new OneOffTask("x", { cluster: world.cluster, image: IMAGE, ...args }),
    key: under("tasks", "x"),
  },
  {
    whose: 'ScheduledTask "x"',
    entries: scheduledTask,
    make: (args, world) => new ScheduledTask("x", { cluster: world.cluster, image: IMAGE, schedule: "rate(1 day)", ...args }),
    key: under("tasks", "x"),
    beside: { schedule: "rate(1 day)" },
  },
];

/** Arguments that a stack file does not have: those that the stack decides elsewhere, and those that only a program can give. */
const NOT_IN_STACK_FILES =
  /^(groups|essential|xyzzy)\b|^tasks\.x\.networkMode|^ec2(\.KEY|\.sleep.*)?$|^route$|^cluster\.(ec2|managedInstances)$|^managedInstances\.architecture$/;

/** Whether a stack file has such a key. */
function has({ facts }: Described, [first, ...rest]: string[]): boolean {
  if (first === undefined) return true;
  if (facts.kind === "group") return first === "xyzzy" || (Object.hasOwn(facts.entries, first) && has(facts.entries[first]!, rest));
  if (facts.kind === "map" || facts.kind === "list") return has(facts.item, rest);
  if (facts.kind === "either") return facts.choices.some((choice) => has(choice, [first, ...rest]));
  return false;
}

const place = (path: string[], value: unknown): Config => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Config;

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.equal((error as Error).name, "UserError", (error as Error).stack);
    return (error as Error).message;
  }
  return "nothing was refused";
}
/** The lines of a message, each with whose it is. */
function linesOf(message: string, whose: string): string[] {
  const [headline = "", ...lines] = message.split("\n  ");
  if (lines.length === 0) return [headline];
  assert.equal(headline, `${whose}: ${lines.length} arguments are wrong`);
  return lines.map((line) => `${whose}: ${line}`);
}

/** Every argument of a component with a value that breaks a limit; `top` is the argument itself, of which the value is one. */
const casesOf = (entries: Arguments): (Broken & { top: string })[] =>
  Object.entries(entries).flatMap(([top, entry]) => brokenOf(entry).map(({ path, ...one }) => ({ ...one, top, path: [top, ...path] })));

describe("a limit of an argument", () => {
  for (const { whose, entries, make, key, beside = {} } of SUBJECTS) {
    const cases = casesOf(entries);

    describe(`of ${whose.split(" ")[0]}`, () => {
      /** By case, what the constructor said. */
      const said: string[] = [];

      before(async () => {
        await deploy(() => {
          const world = worldOf();
          for (const { top, value } of cases) said.push(messageOf(() => make({ [top]: value }, world)));
        });
      });

      it("is kept by the constructor, which names itself, the argument, what was given and what is allowed", () => {
        assert.ok(cases.length > 0);
        for (const [i, { path, says }] of cases.entries()) {
          const line = linesOf(said[i]!, whose).find((one) => one.startsWith(`${whose}: ${showPath(path)}: `));
          assert.ok(line, `${whose} ${showPath(path)}: ${said[i]}`);
          for (const part of says) assert.ok(line.includes(part), `${JSON.stringify(part)} is not in: ${line}`);
          assert.match(line, /[.?]$/);
        }
      });

      if (key) {
        it("is kept by a stack file, in the same words", async () => {
          let compared = 0;
          for (const [i, { top, path, value }] of cases.entries()) {
            const keyPath = key(path);
            if (keyPath === undefined || !has(stack, keyPath)) {
              assert.match(
                showPath(keyPath ?? path)
                  .replace(/^(service|tasks\.x)\.(?!networkMode)/, "")
                  .replace(/^route\./, ""),
                NOT_IN_STACK_FILES,
              );
              continue;
            }
            const prefix = key([top]) ?? keyPath.slice(0, 1);
            // The cluster's groups of instances have a name of their own in a program.
            const inner = top === "ec2" ? (value as Given).KEY : top === "route" ? (value as Given)[path[1]!] : value;
            const where = top === "route" ? keyPath.slice(0, 2) : prefix;
            const config = place(where.slice(0, -1), { ...(where[0] === "tasks" && beside), [where.at(-1)!]: inner });
            const complaints = await complaintsAbout(config);
            const line = linesOf(said[i]!, whose).find((one) => one.startsWith(`${whose}: ${showPath(path)}: `))!;
            const sentence = line.slice(`${whose}: ${showPath(path)}: `.length);
            const own: string | undefined = complaints.find((one) => one.startsWith(`${showPath(keyPath)}: `));
            assert.ok(own, `${showPath(keyPath)}: ${complaints.join("\n")}`);
            if (!sentence.startsWith("there is no such key")) assert.equal(own, `${showPath(keyPath)}: ${sentence}`);
            compared++;
          }
          assert.ok(compared > 0);
        });
      }
    });
  }
});
