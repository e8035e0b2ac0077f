// Rolling, with alarms: the circuit breaker detects tasks that do not start, the alarms detect tasks that start and answer with errors.
import { MetricAlarm } from "@pulumi/aws/cloudwatch";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
// An alarm of your own. This one detects what the load balancer cannot: orders have stopped coming in.
const orders = new MetricAlarm("no-orders", {
  namespace: "Shop",
  metricName: "Orders",
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 3,
  comparisonOperator: "LessThanThreshold",
  threshold: 1,
  treatMissingData: "notBreaching",
  name: "shop-no-orders",
});
const web = new FargateService(
  "web",
  {
    cluster: apps,
    image,
    route: lb.route({ path: "/*" }),
    rollout: { strategy: "rolling", alarms: { errorPercent: 5, unhealthyTargets: true, alarmNames: ["shop-no-orders"] } },
  },
  { dependsOn: [orders] },
);

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
