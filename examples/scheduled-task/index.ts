// Tasks without a service: a report every night, and an import that someone starts when there is something to import.
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
  // At three in the morning, Berlin's, summer and winter. A start that comes two hours late is no use.
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
// How each is started by hand: berth run --task import
export const oneOffTasks = { report: report.oneOff.runSettings, import: importer.runSettings };
