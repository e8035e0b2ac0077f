// A service that calls somebody: alarms for what matters, deployments and nightly runs that fail, by e-mail and in Slack.
import {
  Alarms,
  AppImage,
  Cluster,
  EncryptionKey,
  FargateService,
  LoadBalancer,
  Network,
  Notifications,
  ScheduledTask,
} from "../../components";

// Alarms cannot publish to a topic that AWS's own key encrypts. This key lets them, and encrypts the rest, too.
const { arn: kmsKeyArn } = new EncryptionKey("data");
const network = new Network("net", { nat: "single", kmsKeyArn });
const apps = new Cluster("apps", { network, kmsKeyArn });
const image = new AppImage("web", { context: "../../app", forceDelete: true, kmsKeyArn });
const lb = new LoadBalancer("public", { network, domain: "app.example.com", accessLogs: false, deletionProtection: false });
const route = lb.route({ path: "/*" });
const web = new FargateService("web", { cluster: apps, image, route, rollout: "blueGreen", kmsKeyArn });
const nightly = { command: ["node", "-e", "console.log('report')"], schedule: "cron(0 3 * * ? *)" };
const report = new ScheduledTask("report", { cluster: apps, image, ...nightly, kmsKeyArn });

const slack = { teamId: "T0123ABCDEF", channelId: "C0123ABCDEF" };
const notifications = new Notifications("alerts", { emails: ["oncall@example.org"], slack, kmsKeyArn });
notifications.tellOf(web);
notifications.tellOfRuns(report);
const watched = new Alarms("alarms", { notifications, latency: 1 });
watched.watch(web, { memoryPercent: 95 });
watched.watchStarts(report);
watched.watchNetwork(network);
watched.watchCertificates(lb);

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const alarms = watched.names; // for berth status and berth why
