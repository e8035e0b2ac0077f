// A migration before each rollout: it runs once, as a task of the new revision. If it fails, the update fails and the old revision keeps serving.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  // With the service's image, environment, secrets and network. Yours: ["node", "migrate.js"].
  preDeploy: ["node", "-e", "console.log('nothing to migrate yet')"],
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
