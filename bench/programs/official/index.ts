// The way of Pulumi's own container templates: awsx for everything, root imports, a type check at every start. This is what start-up is compared with.
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

const cluster = new aws.ecs.Cluster("apps");
const loadBalancer = new awsx.lb.ApplicationLoadBalancer("public");
const repository = new awsx.ecr.Repository("web", { forceDelete: true });
const image = new awsx.ecr.Image("web", { repositoryUrl: repository.url, context: "./app", platform: "linux/amd64" });

new awsx.ecs.FargateService("web", {
  cluster: cluster.arn,
  assignPublicIp: true,
  taskDefinitionArgs: {
    container: {
      name: "web",
      image: image.imageUri,
      cpu: 512,
      memory: 1024,
      essential: true,
      portMappings: [{ containerPort: 8000, targetGroup: loadBalancer.defaultTargetGroup }],
    },
  },
});

export const url = pulumi.interpolate`http://${loadBalancer.loadBalancer.dnsName}`;
