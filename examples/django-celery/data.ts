// The data stores, what an app needs to know of them, and their security groups.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../../components";

export function makeData({ vpcId, privateSubnetIds: subnetIds }: Network) {
  // Nothing comes in until a service is allowed to.
  const groups = {
    database: new aws.ec2.SecurityGroup("database", { vpcId, description: "The database: services that use it" }),
    cache: new aws.ec2.SecurityGroup("cache", { vpcId, description: "The cache: services that use it" }),
  };

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
    vpcSecurityGroupIds: [groups.database.id],
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
    securityGroupIds: [groups.cache.id],
  });

  const secret = database.masterUserSecrets.apply(([first]) => first!.secretArn);
  const variables = {
    environment: {
      DATABASE_HOST: database.address,
      DATABASE_NAME: "shop",
      REDIS_URL: pulumi.interpolate`rediss://${cache.primaryEndpointAddress}:6379/0`,
    },
    secrets: {
      DATABASE_USER: pulumi.interpolate`${secret}:username::`,
      DATABASE_PASSWORD: pulumi.interpolate`${secret}:password::`,
    },
  };
  return { variables, groups };
}
