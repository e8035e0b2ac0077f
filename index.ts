// The architecture of a stack. What differs between environments is in Pulumi.<stack>.yaml, which settings.ts reads.

import "./sdk/start";
import { EncryptionKey } from "./components/base/encryption-key";
import { Cluster } from "./components/cluster/cluster";
import { AppImage } from "./components/image/image";
import { LoadBalancer } from "./components/load-balancer/load-balancer";
import { Network } from "./components/network/network";
import { Ec2Service } from "./components/service/ec2-service";
import { FargateService } from "./components/service/fargate-service";
import { ManagedInstancesService } from "./components/service/managed-instances-service";
import { OneOffTask } from "./components/task/one-off-task";
import { ScheduledTask } from "./components/task/scheduled-task";
import { readSettings } from "./settings";

const settings = readSettings();

const key = settings.encryption === "own" ? new EncryptionKey("data", settings.common) : undefined;
const common = { ...settings.common, ...(key && { kmsKeyArn: key.arn }) };

const network = settings.existingNetwork
  ? Network.existing("net", { ...settings.existingNetwork, ...common })
  : new Network("net", { ...settings.network, ...common });
const apps = new Cluster("apps", { network, ...settings.cluster, ...common, ...(key && { ephemeralStorageKmsKeyArn: key.arn }) });
const image = new AppImage(settings.name, { ...settings.image, ...common }, settings.renamed);
const lb = new LoadBalancer("public", { network, ...settings.loadBalancer, ...common });
const Service = { fargate: FargateService, ec2: Ec2Service, "managed-instances": ManagedInstancesService }[settings.compute];
const route = lb.route(settings.route);
const web = new Service(settings.name, { cluster: apps, image, route, ...settings.service, ...common }, settings.renamed);
const tasks = settings.tasks.map(({ name, schedule, ...task }) => {
  const args = { cluster: apps, image, ...task, ...common };
  return schedule === undefined ? new OneOffTask(name, args) : new ScheduledTask(name, { ...args, schedule }).oneOff;
});

// `pulumi stack output` shows these; `berth status`, `logs`, `run` and the other commands read them.
export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const revision = settings.service.revision ?? "pulumi";
export const imageUri = image.ref;
export const taskDefinition = web.task.taskDefinition.arn;
export const logGroup = web.task.logGroup.name;
export const oneOffTasks = Object.fromEntries(tasks.map((task) => [task.name, task.runSettings]));
