// Linear: a quarter of the traffic shifts every three minutes, so that load and caches can adapt.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  rollout: { strategy: "linear", stepPercent: 25, stepBakeTimeInMinutes: 3, bakeTimeInMinutes: 5 },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
