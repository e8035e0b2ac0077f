// Canary: a tenth of the traffic goes to the new revision for ten minutes; if too many of its requests fail, all traffic goes back.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  rollout: {
    strategy: "canary",
    canaryPercent: 10,
    canaryBakeTimeInMinutes: 10,
    bakeTimeInMinutes: 5,
    alarms: { errorPercent: 1, unhealthyTargets: true },
  },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
