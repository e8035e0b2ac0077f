// All that a task can be, in one service: a shop that answers HTTP and gRPC on two ports, waits for a container that prepares its files (EFS), reads secrets by
// name, and whose log a router sends to Datadog.
import { Cluster, FargateService, FileSystem, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", {
  network,
  domain: "shop.example.com",
  hostedZone: "example.com",
  accessLogs: false,
  deletionProtection: false,
});
const catalog = new FileSystem("catalog", { network, deletionProtection: false });
const image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:1.4.2";

const shop = new FargateService("shop", {
  cluster: apps,
  image,
  cpu: "0.5 vCPU",
  memory: "1 GB",
  route: lb.route({ path: "/*" }),
  ports: { orders: { port: 50051, protocol: "grpc", route: lb.route({ path: "/shop.Orders/*" }) } },
  volumes: { catalog: { efs: catalog } },
  mounts: { catalog: { path: "/catalog", readOnly: true } },
  // Another image of the same team, which ends with 0 once the files are there.
  sidecars: {
    prepare: { image, command: ["./prepare", "/catalog"], essential: false, mounts: { catalog: "/catalog" } },
  },
  dependsOn: { prepare: "SUCCESS" },
  secrets: { DATABASE_URL: "prod/shop:url", STRIPE_KEY: "/prod/shop/stripe" },
  permissions: { read: ["arn:aws:s3:::shop-pictures"], write: ["arn:aws:sqs:us-east-1:111122223333:orders"] },
  logging: { firelens: "datadog", secretOptions: { apikey: "prod/datadog:key" } },
});

export const url = shop.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = shop.serviceName;
