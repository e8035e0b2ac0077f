// A GPU for each task: EC2 instances with AWS's GPU AMI, which ECS starts and terminates as tasks need them.
import { AppImage, Cluster, Ec2Service, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", {
  network,
  // One GPU, 4 vCPU and 16 GB each; the second type is used where the first is not available. Twice as many as tasks, so that a new task can start before an old
  // one stops. A model needs disk space.
  ec2: { gpu: { instanceTypes: ["g5.xlarge", "g4dn.xlarge"], min: 1, max: 4, rootVolumeSize: 100 } },
});
const image = new AppImage("model", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new Ec2Service("model", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  gpu: 1,
  // What an instance has, less what its system reserves.
  cpu: "3.5 vCPU",
  memory: "14 GB",
  scaling: { min: 1, max: 2 },
  // A model takes time to load.
  healthCheck: { gracePeriod: 300 },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
