// A shop and its tenants, with many names on one load balancer.
import { Config } from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const config = new Config();
const domain = config.require("domain");

// IPv6 too: the load balancer has records of both families.
const network = new Network("net", { nat: "single", ipv6: true });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", {
  network,
  // One certificate for the shop; www is sent to it.
  domain: [domain, `api.${domain}`],
  redirectFrom: `www.${domain}`,
  domains: {
    // A certificate of their own for the tenants, whose zone is in another account.
    tenants: {
      domain: ["tenants.example.net", "*.tenants.example.net"],
      hostedZone: { zone: "example.net", roleArn: config.require("dnsRoleArn") },
    },
    // DNS is elsewhere: the output dnsRecords lists the records to make there, and the update waits for the one that proves the name.
    partner: { domain: "shop.example.org", hostedZone: "external" },
  },
  accessLogs: false,
  deletionProtection: false,
});

const image = new AppImage("shop", { context: "../../app", forceDelete: true });
new FargateService("shop", { cluster: apps, image, route: lb.route({ host: [domain, "shop.example.org"] }) });
new FargateService("api", { cluster: apps, image, route: lb.route({ host: `api.${domain}` }) });
new FargateService("tenants", { cluster: apps, image, route: lb.route({ host: ["tenants.example.net", "*.tenants.example.net"] }) });

export const url = lb.url;
export const dnsRecords = lb.dnsRecords;
export const region = network.location.region;
export const cluster = apps.clusterName;
