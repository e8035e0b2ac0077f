// The architecture of a stack. What differs between environments is in Pulumi.<stack>.yaml, which settings.ts reads.

import "./sdk/start";
import { Alarms } from "./components/alarms/alarms";
import { Notifications } from "./components/alarms/notifications";
import { EncryptionKey } from "./components/base/encryption-key";
import { Queue, type QueueLike } from "./components/base/queue";
import { Cluster } from "./components/cluster/cluster";
import { FileSystem } from "./components/files/file-system";
import { AppImage, type ContainerImage } from "./components/image/image";
import { MirroredImage } from "./components/image/mirrored-image";
import { LoadBalancer } from "./components/load-balancer/load-balancer";
import type { NetworkListenerArgs } from "./components/load-balancer/network-listener";
import { NetworkLoadBalancer } from "./components/load-balancer/network-load-balancer";
import type { RouteArgs } from "./components/load-balancer/route";
import { Network } from "./components/network/network";
import { Ec2Service } from "./components/service/ec2-service";
import { FargateService } from "./components/service/fargate-service";
import { ManagedInstancesService } from "./components/service/managed-instances-service";
import { Daemon } from "./components/task/daemon";
import { OneOffTask } from "./components/task/one-off-task";
import { ScheduledTask } from "./components/task/scheduled-task";
import { readSettings } from "./settings";
import { mounting } from "./settings/file-systems";
import { withImages } from "./settings/sidecars";

const settings = readSettings();

const key = settings.existingKey
  ? EncryptionKey.existing("data", settings.existingKey)
  : settings.encryption === "own" && new EncryptionKey("data", settings.common);
const common = { ...settings.common, ...(key && { kmsKeyArn: key.arn }) };

const network = settings.existingNetwork
  ? Network.existing("net", { ...settings.existingNetwork, ...common })
  : new Network("net", { ...settings.network, ...common });
const apps = settings.existingCluster
  ? Cluster.existing("apps", { network, ...settings.existingCluster, ...common })
  : new Cluster("apps", { network, ...settings.cluster, ...common, ...(key && { ephemeralStorageKmsKeyArn: key.arn }) });
const images = new Map<string, ContainerImage>([
  ...settings.images.map(({ name, renamed, ...args }) => [name, new AppImage(name, { ...args, ...common }, renamed)] as const),
  ...settings.mirrors.map(({ name, renamed, ...args }) => [name, new MirroredImage(name, { ...args, ...common }, renamed)] as const),
]);
const lb = settings.existingLoadBalancer
  ? LoadBalancer.existing("public", { network, ...settings.existingLoadBalancer, ...common })
  : settings.loadBalancer && new LoadBalancer("public", { network, ...settings.loadBalancer, ...common });
const files = new Map(settings.fileSystems.map(({ name, ...args }) => [name, new FileSystem(name, { network, ...args, ...common })]));
const nlb = settings.networkLoadBalancer && new NetworkLoadBalancer("network", { network, ...settings.networkLoadBalancer, ...common });
const dnsRecords = [lb, nlb].flatMap((balancer) => (balancer ? balancer.dnsRecords : []));
const queues = new Map(
  settings.queues.map(({ name, renamed, existing, made }): [string, QueueLike] => [
    name,
    existing ? Queue.existing(name, existing, renamed) : new Queue(name, { ...common, ...made }, renamed),
  ]),
);
const queuesOf = (names: string[] = []) => names.map((name) => queues.get(name)!);
const Service = { fargate: FargateService, ec2: Ec2Service, "managed-instances": ManagedInstancesService };
const reached = (route?: RouteArgs, listener?: NetworkListenerArgs) => (listener ? nlb?.listener(listener) : route && lb?.route(route));
// Made later, they would replace the instances that run already.
const daemons = settings.daemons.map(({ name, ...daemon }) => new Daemon(name, { cluster: apps, ...daemon, ...common }));
const services = new Map(
  settings.services.map(
    ({ name, renamed, compute, image, sidecars, volumes, route, listener, ports, calls: _, alarms: __, sendsTo, ...service }) => {
      const own = { image: images.get(image)!, sidecars: withImages(name, sidecars, images), volumes: mounting(volumes, files) };
      const further = ports.map(([port, { route, listener, ...its }]) => [port, { ...its, route: reached(route, listener) }] as const);
      const requests = { route: reached(route, listener), ports: Object.fromEntries(further) };
      const queue = queues.get(name);
      const work = { ...(queue && { queue }), sendsTo: queuesOf(sendsTo) };
      const args = { cluster: apps, ...service, ...own, ...requests, ...work, ...common };
      const opts = { ...renamed, ...(compute === "managed-instances" && { dependsOn: daemons }) };
      return [name, new Service[compute](name, args, opts)];
    },
  ),
);
for (const { name, calls } of settings.services) services.get(name)!.calls(...calls.map((other) => services.get(other)!));
const tasks = settings.tasks.map(({ name, image, sidecars, volumes, schedule, sendsTo, ...task }) => {
  const own = { image: images.get(image)!, sidecars: withImages(name, sidecars, images), volumes: mounting(volumes, files) };
  const args = { cluster: apps, ...task, ...own, sendsTo: queuesOf(sendsTo), ...common };
  return schedule === undefined ? new OneOffTask(name, args) : new ScheduledTask(name, { ...args, schedule });
});

const notifications = settings.notify && new Notifications("alerts", { ...settings.notify, ...common });
const alarms = settings.alarms && new Alarms("alarms", { ...settings.alarms, ...(notifications && { notifications }), ...common });
for (const { name, alarms: own } of settings.services) {
  notifications?.tellOf(services.get(name)!);
  if (own !== false) alarms?.watch(services.get(name)!, own);
}
for (const task of tasks) {
  if (!(task instanceof ScheduledTask)) continue;
  notifications?.tellOfRuns(task);
  alarms?.watchStarts(task);
}
for (const [name, queue] of queues) alarms?.watchQueue(queue, services.get(name));
alarms?.watchNetwork(network);
for (const balancer of [lb, nlb]) if (balancer) alarms?.watchCertificates(balancer);

const addresses = [lb, nlb].flatMap((its) => (its && "elasticIps" in its ? its.elasticIps.map(({ publicIp }) => publicIp) : []));
const outputs = new Map(
  settings.services.map(({ name, image, revision = "pulumi" }) => {
    const { url, serviceName, securityGroup, task } = services.get(name)!;
    const its = { service: serviceName, revision, imageUri: images.get(image)!.ref, taskDefinition: task.taskDefinition.arn };
    return [name, { ...(url && { url }), ...its, logGroup: task.logGroup.name, securityGroup: securityGroup.id }];
  }),
);

// `pulumi stack output` shows these; `berth status`, `logs`, `run` and the other commands read them.
export = {
  ...outputs.get(settings.main ?? ""),
  ...(settings.byName && { services: Object.fromEntries(outputs) }),
  ...(addresses.length > 0 && { addresses }),
  region: network.location.region,
  cluster: apps.clusterName,
  // What the stack of another service needs to share network, cluster and load balancer: its setting `platform`.
  ...(settings.platform === undefined && {
    platform: { ...network.shared, ...apps.shared, ...lb?.shared, ...(key && { kmsKeyArn: key.arn }) },
  }),
  // With hostedZone: external, the records to make where DNS is.
  ...(dnsRecords.length > 0 && { dnsRecords }),
  oneOffTasks: Object.fromEntries(tasks.map((task) => [task.label, (task instanceof ScheduledTask ? task.oneOff : task).runSettings])),
  ...(alarms && { alarms: alarms.names }),
};
