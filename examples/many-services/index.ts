// Three services on one load balancer: the shop has a host of its own, the other two share one by path.
import { Config } from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const certificateArn = new Config().require("certificateArn");

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, certificateArn, accessLogs: false, deletionProtection: false });

// Built here, and rolled out when its source changes.
const shop = new AppImage("shop", { context: "../../app", forceDelete: true });
new FargateService("shop", { cluster: apps, image: shop, route: lb.route({ host: "shop.example.com" }) });

// Built elsewhere and pushed by CI. Priorities follow from the routes, so the order of these lines does not matter.
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
new FargateService("users", {
  cluster: apps,
  image: new AppImage("users", { imageUri: `${registry}/users:2026-11-20.3` }),
  route: lb.route({ host: "api.example.com", path: "/users/*" }),
});
new FargateService("orders", {
  cluster: apps,
  image: new AppImage("orders", { imageUri: `${registry}/orders:2026-11-24.1` }),
  route: lb.route({ host: "api.example.com", path: "/orders/*" }),
  scaling: { min: 4, max: 20, requests: 1000 },
});

// Where the two host names must point, each with a CNAME or alias record.
export const target = lb.loadBalancer.dnsName;
export const region = network.location.region;
export const cluster = apps.clusterName;
