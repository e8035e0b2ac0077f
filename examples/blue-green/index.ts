// Blue/green: the new tasks start beside the old ones, a person tests them with a header, then all traffic shifts at once.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });
const web = new FargateService("web", {
  cluster: apps,
  image,
  route: lb.route({ path: "/*" }),
  rollout: {
    strategy: "blueGreen",
    // curl -H "x-preview: yes" reaches the new revision before anyone else does.
    testHeader: { "x-preview": "yes" },
    // The deployment waits here for `aws ecs continue-service-deployment`; after an hour without an answer it is rolled back.
    lifecycleHooks: [{ stages: ["POST_TEST_TRAFFIC_SHIFT"], pause: true, timeoutInMinutes: 60 }],
    // The old tasks stay this long, so that a rollback takes seconds.
    bakeTimeInMinutes: 10,
  },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
