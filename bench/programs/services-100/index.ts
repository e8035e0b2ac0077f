import { AppImage, Cluster, FargateService, LoadBalancer, lightenSdk, Network } from "../../../components";

// A hundred services behind one load balancer, on the components.
lightenSdk();
const network = new Network("net");
const cluster = new Cluster("apps", { network });
const image = new AppImage("app", { imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1.0.0" });
const loadBalancer = new LoadBalancer("public", { network });

for (let number = 1; number <= 100; number++) {
  new FargateService(`service-${number}`, { cluster, image, route: loadBalancer.route({ path: `/${number}/*`, priority: number }) });
}

export const url = loadBalancer.url;
