// A gRPC API in Go beside a web front, each with a host of its own, on one load balancer with one certificate.
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const domain = ["shop.example.com", "api.shop.example.com"];
const lb = new LoadBalancer("public", { network, domain, hostedZone: "example.com", accessLogs: false, deletionProtection: false });

const api = new FargateService("api", {
  cluster: apps,
  image: new AppImage("api", { context: "./api", forceDelete: true }),
  route: lb.route({ host: "api.shop.example.com" }),
  port: 50051,
  protocol: "grpc",
  // Without these two, any answer is a healthy one.
  healthCheck: { path: "/grpc.health.v1.Health/Check", matcher: "0" },
  // An image from scratch has no /tmp, and the server writes nothing.
  writablePaths: [],
});
const web = new FargateService("web", {
  cluster: apps,
  image: new AppImage("web", { context: "./web", forceDelete: true }),
  route: lb.route({ host: "shop.example.com" }),
  port: 8080,
  user: "101:101",
  healthCheck: { path: "/" },
  environment: { API: "api.shop.example.com:443" },
});

export const url = web.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = web.serviceName;
export const apiService = api.serviceName;
