// Django behind a load balancer and a Celery worker, with PostgreSQL and Valkey (Redis): one image, and a migration before each rollout.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";
import { makeData } from "./data";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("shop", { context: "./app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });

// Both services are the same code with the same data, so they share these.
const { variables, groups } = makeData(network);
const app = { cluster: apps, image, ...variables };
const web = new FargateService("web", {
  ...app,
  route: lb.route({ path: "/*" }),
  healthCheck: { path: "/health/" },
  cpu: "0.5 vCPU",
  memory: "1 GB",
  preDeploy: ["python", "manage.py", "migrate", "--noinput"],
});

// A job may take two minutes to end; if Spot takes its task away, it comes again from the queue.
const worker = new FargateService("worker", {
  ...app,
  command: ["celery", "--app", "shop", "worker", "--loglevel", "INFO"],
  capacity: "mixed",
  stopTimeout: 120,
  scaling: { min: 1, max: 10, cpu: 60, memory: false },
});
for (const service of [web, worker]) {
  service.allowTo(groups.database, 5432);
  service.allowTo(groups.cache, 6379);
}

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const workerService = worker.serviceName;
