// EC2 instances that ECS chooses, starts, patches and terminates: EC2's prices and types, without servers to manage.
import { AppImage, Cluster, LoadBalancer, ManagedInstancesService, Network } from "../../components";

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
const web = new ManagedInstancesService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  cpu: "1 vCPU",
  memory: "2 GB",
  scaling: { min: 2, max: 12, cpu: 60 },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
