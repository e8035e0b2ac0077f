// A worker: without a route there is no load balancer, and nothing can connect to it. It takes jobs from a queue and scales on CPU.
import { Queue } from "@pulumi/aws/sqs";
import { AppImage, Cluster, FargateService, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("worker", { context: "../../app", forceDelete: true });
const jobs = new Queue("jobs", { sqsManagedSseEnabled: true, visibilityTimeoutSeconds: 120 });

const worker = new FargateService("worker", {
  cluster: apps,
  image,
  // Yours: ["node", "worker.js"].
  command: ["node", "-e", "setInterval(() => console.log('no job'), 60000)"],
  environment: { QUEUE_URL: jobs.url },
  permissions: [
    { sid: "Jobs", actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], resources: [jobs.arn] },
  ],
  // A started job has two minutes to finish; if Spot takes its task away, it comes again from the queue.
  stopTimeout: 120,
  capacity: "mixed",
  scaling: { min: 2, max: 20, cpu: 60, memory: false },
});

export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = worker.serviceName;
