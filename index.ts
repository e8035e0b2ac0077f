// The architecture of a stack. What differs between environments is in Pulumi.<stack>.yaml, which settings.ts reads.

import "./sdk/start";
import { Alarms } from "./components/alarms/alarms";
import { Notifications } from "./components/alarms/notifications";
import { keepAdopted } from "./components/base/adopted";
import { EncryptionKey } from "./components/base/encryption-key";
import { Queue } from "./components/base/queue";
import { Cluster } from "./components/cluster/cluster";
import { FileSystem } from "./components/files/file-system";
import { AppImage, type ContainerImage } from "./components/image/image";
import { MirroredImage } from "./components/image/mirrored-image";
import { LoadBalancer } from "./components/load-balancer/load-balancer";
import { NetworkLoadBalancer } from "./components/load-balancer/network-load-balancer";
import { Network } from "./components/network/network";
import { Ec2Service } from "./components/service/ec2-service";
import { FargateService } from "./components/service/fargate-service";
import { ManagedInstancesService } from "./components/service/managed-instances-service";
import { Daemon } from "./components/task/daemon";
import { OneOffTask } from "./components/task/one-off-task";
import { ScheduledTask } from "./components/task/scheduled-task";
import { readSettings } from "./settings";
import { ofService, ofTask } from "./settings/parts";

const settings = readSettings();
const checkAdopted = keepAdopted(settings.adopted);

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
const balancers = [lb, nlb].filter((balancer) => balancer !== undefined);
const queues = new Map(
  settings.queues.map(({ name, renamed, existing, made }) => [
    name,
    existing ? Queue.existing(name, existing, renamed) : new Queue(name, { ...common, ...made }, renamed),
  ]),
);
// Made later, they would replace the instances that run already.
const daemons = settings.daemons.map(({ name, ...daemon }) => new Daemon(name, { cluster: apps, ...daemon, ...common }));

const made = { images, files, queues, lb, nlb };
const Service = { fargate: FargateService, ec2: Ec2Service, "managed-instances": ManagedInstancesService };
const services = new Map(
  settings.services.map(({ name, renamed, compute, calls: _, alarms: __, ...service }) => {
    const args = { cluster: apps, ...ofService(name, service, made), ...common };
    const opts = { ...renamed, ...(compute === "managed-instances" && { dependsOn: daemons }) };
    return [name, new Service[compute](name, args, opts)];
  }),
);
for (const { name, calls } of settings.services) services.get(name)!.calls(...calls.map((other) => services.get(other)!));
const tasks = settings.tasks.map(({ name, schedule, ...task }) => {
  const args = { cluster: apps, ...ofTask(name, task, made), ...common };
  return schedule === undefined ? new OneOffTask(name, args) : new ScheduledTask(name, { ...args, schedule });
});

const notifications = settings.notify && new Notifications("alerts", { ...settings.notify, ...common });
const alarms = settings.alarms && new Alarms("alarms", { ...settings.alarms, ...(notifications && { notifications }), ...common });
notifications?.tellOfAll({ services, tasks });
alarms?.watchAll({ services, tasks, queues, network, balancers }, settings.services);
checkAdopted();

// `pulumi stack output` shows these; `berth status`, `logs`, `run` and the other commands read them.
const addresses = balancers.flatMap((its) => ("elasticIps" in its ? its.elasticIps.map(({ publicIp }) => publicIp) : []));
const dnsRecords = balancers.flatMap((its) => its.dnsRecords);
export = {
  ...services.get(settings.main ?? "")?.outputs,
  ...(settings.byName && { services: Object.fromEntries([...services].map(([name, { outputs }]) => [name, outputs])) }),
  ...(addresses.length > 0 && { addresses }),
  region: network.location.region,
  cluster: apps.clusterName,
  // What the stack of another service needs to share network, cluster and load balancer: its setting `platform`.
  ...(settings.platform === undefined && {
    platform: { ...network.shared, ...apps.shared, ...lb?.shared, ...(key && { kmsKeyArn: key.arn }) },
  }),
  // With hostedZone: external, the records to make where DNS is.
  ...(dnsRecords.length > 0 && { dnsRecords }),
  oneOffTasks: Object.fromEntries(tasks.map(({ label, runSettings }) => [label, runSettings])),
  ...(alarms && { alarms: alarms.names }),
};
