// A NATS server: clients connect by TLS through a network load balancer at fixed addresses, and its monitoring page is behind an HTTPS one inside the VPC.
import { Cluster, FargateService, LoadBalancer, MirroredImage, Network, NetworkLoadBalancer } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const common = { network, hostedZone: "example.com", deletionProtection: false };
const nlb = new NetworkLoadBalancer("clients", {
  ...common,
  domain: "nats.example.com",
  elasticIps: true,
  allowedCidrBlocks: ["203.0.113.0/24"],
});
const inside = { internal: true, allowedCidrBlocks: ["10.0.0.0/16"] };
const lb = new LoadBalancer("inside", { ...common, ...inside, domain: "monitor.example.com", accessLogs: false });

const nats = new FargateService("nats", {
  cluster: apps,
  image: new MirroredImage("nats", { source: "nats:2.12.2-alpine", forceDelete: true }),
  command: ["nats-server", "--port", "4222", "--http_port", "8222"],
  port: 4222,
  protocol: "tcp",
  // TLS ends at the load balancer.
  route: nlb.listener({ port: 4222, protocol: "tls" }),
  healthCheck: { protocol: "http", port: 8222, path: "/healthz" },
  ports: { monitor: { port: 8222, route: lb.route({}), healthCheck: { path: "/healthz" } } },
  desiredCount: 1,
});

export const url = nats.url;
export const region = network.location.region;
export const cluster = apps.clusterName;
export const service = nats.serviceName;
