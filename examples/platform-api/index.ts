// A second service on the same network, cluster and load balancer. It knows nothing of the first: the more specific path is asked first.
import { Config } from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const stack = new Config().require("platform");

const network = Network.existing("net", { stack });
const apps = Cluster.existing("apps", { network, stack });
const lb = LoadBalancer.existing("public", { network, stack });
const image = new AppImage("api", { context: "../../app", forceDelete: true });
const api = new FargateService("api", { cluster: apps, image, route: lb.route({ path: "/api/*" }) });

export const url = api.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = api.serviceName;
