// A web service behind a load balancer, which calls an API that only it can reach.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });

// Room for the proxy that runs in each task.
const size = { cpu: "0.5 vCPU", memory: "1 GB" };
const api = new FargateService("api", {
  cluster: apps,
  image: new AppImage("api", { context: "../../app", forceDelete: true }),
  connect: { requestTimeout: 5 },
  ...size,
});
const web = new FargateService("web", {
  cluster: apps,
  image: new AppImage("web", { context: "./app", forceDelete: true }),
  route: lb.route({ path: "/*" }),
  ...size,
});
// API_URL in the environment of web, and a security-group rule; web is deployed after api.
web.calls(api);

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const apiService = api.serviceName;
