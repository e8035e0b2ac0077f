// Files that several tasks share (EFS): what the web service writes, a worker reads, and a task cleans up at night.
import { AppImage, Cluster, FargateService, FileSystem, LoadBalancer, Network, ScheduledTask } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });

// In production leave deletionProtection out: a destroy then keeps the files, and says so before it begins.
const uploads = new FileSystem("uploads", { network, deletionProtection: false });
const app = { cluster: apps, image, volumes: { uploads: { efs: uploads } } };

const web = new FargateService("web", { ...app, route: lb.route({ path: "/*" }), mounts: { uploads: "/uploads" } });
const thumbnails = new FargateService("thumbnails", {
  ...app,
  // Yours: ["node", "thumbnails.js"].
  command: ["node", "-e", "setInterval(() => console.log(fs.readdirSync('/uploads')), 60000)"],
  mounts: { uploads: { path: "/uploads", readOnly: true } },
  desiredCount: 1,
});
new ScheduledTask("cleanup", {
  ...app,
  command: ["node", "-e", "console.log(fs.readdirSync('/uploads').length, 'files')"],
  mounts: { uploads: "/uploads" },
  schedule: "cron(0 4 * * ? *)",
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const worker = thumbnails.serviceName;
