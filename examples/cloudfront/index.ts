// A service that users reach by CloudFront alone: its load balancer is inside the VPC, and CloudFront connects to it by a VPC origin.
import { cloudfront } from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AppImage, Cluster, FargateService, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single" });
const apps = new Cluster("apps", { network });
const image = new AppImage("web", { context: "../../app", forceDelete: true });
const domain = "origin.example.com"; // what CloudFront checks the certificate by
const lb = new LoadBalancer("inside", {
  network,
  internal: true,
  domain,
  allowedPrefixLists: ["cloudfront"],
  accessLogs: false,
  deletionProtection: false,
});
const web = new FargateService("web", { cluster: apps, image, route: lb.route({ path: "/*" }) });

const tls = { originProtocolPolicy: "https-only", originSslProtocols: { items: ["TLSv1.2"], quantity: 1 } };
const endpoint = { name: "web", arn: lb.loadBalancer.arn, httpPort: 80, httpsPort: 443, ...tls };
const origin = new cloudfront.VpcOrigin("web", { vpcOriginEndpointConfig: endpoint }, { dependsOn: [lb.listener] });
const distribution = new cloudfront.Distribution("web", {
  enabled: true,
  origins: [{ originId: "web", domainName: domain, vpcOriginConfig: { vpcOriginId: origin.id } }],
  defaultCacheBehavior: {
    targetOriginId: "web",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    cachedMethods: ["GET", "HEAD"],
    // AWS's own: nothing is cached until you choose another, and all but the host reaches the service.
    cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    originRequestPolicyId: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});
export const url = pulumi.interpolate`https://${distribution.domainName}`;
export const [region, cluster, service] = [network.location.region, apps.clusterName, web.serviceName];
