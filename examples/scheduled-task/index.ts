// Tasks without a service: a report every night, and an import on demand.
import { AppImage, Cluster, Network, OneOffTask, ScheduledTask } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("jobs", { context: "../../app", forceDelete: true });

const report = new ScheduledTask("report", {
  cluster: apps,
  image,
  // Yours: ["node", "report.js"].
  command: ["node", "-e", "console.log('reported')"],
  cpu: "0.5 vCPU",
  memory: "1 GB",
  // At three in the morning in Berlin, in summer and winter. A start more than two hours late is not useful.
  schedule: "cron(0 3 * * ? *)",
  timezone: "Europe/Berlin",
  maximumDelay: 120,
});
const importer = new OneOffTask("import", {
  cluster: apps,
  image,
  command: ["node", "-e", "console.log('imported')"],
  cpu: "2 vCPU",
  memory: "8 GB",
});

export const region = network.location.region;
export const cluster = apps.clusterName;
// How each is started on demand: berth run --task import
export const oneOffTasks = { report: report.oneOff.runSettings, import: importer.runSettings };
