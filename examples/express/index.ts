// An Express app (Next.js, NestJS and Remix are the same): port and health check path are those of its Dockerfile, so the service names neither.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const image = new AppImage("shop", { context: "./app", forceDelete: true });

// The plan says where each is from: `port: 3000, from EXPOSE (app/Dockerfile:10).`
const shop = new FargateService("shop", { cluster: apps, image, route: lb.route({ path: "/*" }) });

export const url = shop.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = shop.serviceName;
