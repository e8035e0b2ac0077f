// The data stores, and what an app needs to use them: where they are, its password, and the security group that they admit.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../../components";

export function makeData({ vpcId, privateSubnetIds: subnetIds }: Network) {
  const clients = new aws.ec2.SecurityGroup("clients", { vpcId, description: "Tasks that use the data stores" });
  const admitting = (name: string, port: number) =>
    new aws.ec2.SecurityGroup(name, {
      vpcId,
      description: `${name}: tasks that use it`,
      ingress: [{ description: "Tasks", protocol: "tcp", fromPort: port, toPort: port, securityGroups: [clients.id] }],
    });

  // AWS makes the password, keeps it in Secrets Manager and changes it every week.
  const database = new aws.rds.Instance("database", {
    engine: "postgres",
    engineVersion: "17",
    instanceClass: "db.t4g.micro",
    allocatedStorage: 20,
    storageType: "gp3",
    storageEncrypted: true,
    dbName: "shop",
    username: "shop",
    manageMasterUserPassword: true,
    dbSubnetGroupName: new aws.rds.SubnetGroup("database", { subnetIds }).name,
    vpcSecurityGroupIds: [admitting("database", 5432).id],
    skipFinalSnapshot: true,
  });
  const cache = new aws.elasticache.ReplicationGroup("cache", {
    description: "Queue of the Celery workers",
    engine: "valkey",
    nodeType: "cache.t4g.micro",
    numCacheClusters: 1,
    transitEncryptionEnabled: true,
    atRestEncryptionEnabled: true,
    subnetGroupName: new aws.elasticache.SubnetGroup("cache", { subnetIds }).name,
    securityGroupIds: [admitting("cache", 6379).id],
  });

  const secret = database.masterUserSecrets.apply(([first]) => first!.secretArn);
  return {
    environment: {
      DATABASE_HOST: database.address,
      DATABASE_NAME: "shop",
      REDIS_URL: pulumi.interpolate`rediss://${cache.primaryEndpointAddress}:6379/0`,
    },
    secrets: {
      DATABASE_USER: pulumi.interpolate`${secret}:username::`,
      DATABASE_PASSWORD: pulumi.interpolate`${secret}:password::`,
    },
    securityGroups: [clients.id],
  };
}
