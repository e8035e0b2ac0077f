// EC2 instances that ECS chooses, starts, patches and terminates: EC2's prices and types, without servers to manage.
import { AppImage, Cluster, Daemon, LoadBalancer, ManagedInstancesService, MirroredImage, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", {
  network,
  managedInstances: {
    architecture: "arm64",
    vcpus: { min: 2, max: 8 },
    memory: { min: 4096, max: 32768 },
    // Any size of these families; leave it out for any type that fits.
    instanceTypes: ["m7g.*", "c7g.*", "m8g.*", "c8g.*"],
  },
});
const image = new AppImage("web", { context: "../../app", architecture: "arm64", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
// An agent on each instance, which ECS starts before any other task there; made after the services, it would replace their instances.
const mirrored = new MirroredImage("agent", { source: "public.ecr.aws/datadog/agent:7.70.0", architecture: "arm64", forceDelete: true });
const agent = new Daemon("agent", { cluster: apps, image: mirrored, architecture: "arm64" });
const web = new ManagedInstancesService(
  "web",
  {
    cluster: apps,
    image,
    route: lb.route({ path: "/*" }),
    cpu: "1 vCPU",
    memory: "2 GB",
    scaling: { min: 2, max: 12, cpu: 60 },
  },
  { dependsOn: [agent] },
);

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
