// A service on the network, cluster and load balancer of another stack. What is its own is made here, and goes with this stack; nothing else of the
// platform is changed.
import { Config } from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const stack = new Config().require("platform");

const network = Network.existing("net", { stack });
const apps = Cluster.existing("apps", { network, stack });
// With domain: "shop.example.com" the load balancer serves that name too, with a certificate of this stack.
const lb = LoadBalancer.existing("public", { network, stack });
const image = new AppImage("shop", { context: "../../app", forceDelete: true });
const shop = new FargateService("shop", { cluster: apps, image, route: lb.route({ path: "/*" }) });

export const url = shop.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = shop.serviceName;
