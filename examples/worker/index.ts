// A worker: no route, so no load balancer, no port and nothing that comes in. It takes jobs from a queue and grows with its CPU.
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
  // A job that was begun may take its two minutes; one whose task Spot takes back comes again from the queue.
  stopTimeout: 120,
  capacity: "mixed",
  scaling: { min: 2, max: 20, cpu: 60, memory: false },
});

export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = worker.serviceName;
