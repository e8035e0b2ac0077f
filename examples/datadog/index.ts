// A service whose log goes to Datadog: a router in each task (FireLens, Fluent Bit) takes the app's output and sends it on, with a key from Secrets Manager.
import { Secret } from "@pulumi/aws/secretsmanager";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
// Its value comes by hand, and never into this program: see README.md.
const key = new Secret("datadog-api-key");

const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  logging: {
    firelens: "datadog",
    // Datadog in Europe. Lines about health checks are not worth their price.
    options: { Host: "http-intake.logs.datadoghq.eu", dd_source: "nodejs", "exclude-pattern": "GET /health" },
    secretOptions: { apikey: key.arn },
  },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const apiKey = key.name;
