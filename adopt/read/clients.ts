// The AWS clients of an adoption, which only reads: region and credentials are the caller's own.
import { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { hideVersionNotice, RETRIES } from "../../tool/aws-sdk";

export type Clients = ReturnType<typeof clientsIn>;

export function clientsIn(region: string | undefined) {
  hideVersionNotice();
  const config = { ...(region !== undefined && { region }), ...RETRIES };
  return {
    autoScaling: new ApplicationAutoScaling(config),
    cloudFormation: new CloudFormation(config),
    ec2: new EC2(config),
    ecs: new ECS(config),
    elbv2: new ElasticLoadBalancingV2(config),
    iam: new IAM(config),
    logs: new CloudWatchLogs(config),
    sts: new STS(config),
  };
}
