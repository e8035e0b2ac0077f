// No internet access in either direction: tasks reach AWS through private endpoints, users reach the load balancer from inside the VPC, and a public image
// (the sidecar) is mirrored into ECR when the stack is deployed.
import { AppImage, Cluster, FargateService, LoadBalancer, MirroredImage, Network } from "../../components";

const range = "10.20.0.0/16";
// ECR, S3 and logs always have endpoints; list what else the app calls.
const network = new Network("net", { cidrBlock: range, endpoints: "private", endpointServices: ["sqs"] });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const redis = new MirroredImage("redis", { source: "public.ecr.aws/docker/library/redis:8-alpine", forceDelete: true });
const lb = new LoadBalancer("inside", {
  network,
  internal: true,
  allowedCidrBlocks: [range],
  accessLogs: false,
  deletionProtection: false,
});
const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  memory: "1 GB",
  environment: { CACHE: "127.0.0.1:6379" },
  // A cache for each task. If it stops, the app continues: requests are slower, not lost.
  sidecars: { redis: { image: redis, command: ["redis-server", "--save", "", "--maxmemory", "256mb"], essential: false } },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
