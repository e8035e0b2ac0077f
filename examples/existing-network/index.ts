// An existing VPC, by its ids. Nothing in it is changed; whether it suits a service (two zones, a route to ECR) is checked.
import { Config } from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const config = new Config();

// If another stack exports these three, name it instead: { stack: "organization/network/prod" }.
const network = Network.existing("net", {
  vpcId: config.require("vpcId"),
  publicSubnetIds: config.requireObject<string[]>("publicSubnetIds"),
  privateSubnetIds: config.requireObject<string[]>("privateSubnetIds"),
});
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new FargateService("web", { cluster: apps, image, route: lb.route({ path: "/*" }) });

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
