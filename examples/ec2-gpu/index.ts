// A GPU for each task: EC2 instances with AWS's GPU AMI, started and ended by ECS as tasks need them.
import { AppImage, Cluster, Ec2Service, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", {
  network,
  // One GPU, 4 vCPU and 16 GB each; the second type is taken where the first is sold out. Twice as many as tasks, so that a single one can be replaced by
  // another that is ready. A model needs room on the disk.
  ec2: { gpu: { instanceTypes: ["g5.xlarge", "g4dn.xlarge"], min: 1, max: 4, rootVolumeSize: 100 } },
});
const image = new AppImage("model", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new Ec2Service("model", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  gpu: 1,
  // What an instance has, less what its system keeps.
  cpu: "3.5 vCPU",
  memory: "14 GB",
  scaling: { min: 1, max: 2 },
  // A model takes its time to load.
  healthCheck: { gracePeriod: 300 },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
