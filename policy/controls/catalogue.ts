import type { Severity } from "@pulumi/policy";

/** One core control: a statement about a deployed stack that the standards make, and the standards' own ids for it. */
export interface Control {
  id: string;
  title: string;
  severity: Severity;
  /** The standards' ids, `<standard>:<id>`: FSBP is AWS Foundational Security Best Practices. */
  sources: string[];
  /** Set where the control speaks of tasks on that capacity only. */
  variant?: "fargate" | "ec2";
  /** True where the control holds as soon as nothing it speaks of is in the stack. */
  conditional: boolean;
}

// id | severity | when | title | standards. A table, because that is how auditors read it.
const table = `
TD-01 | high | always | Container root filesystem is read-only | FSBP:ECS.5, Checkov:CKV_AWS_336, ControlTower:CT.ECS.PR.6, Prowler:ecs_task_definitions_containers_readonly_access
TD-02 | medium | always | Linux containers run as a non-root user | FSBP:ECS.20, ControlTower:CT.ECS.PR.3, Config:ecs-task-definition-nonroot-user, AWS-ECS-docs:security-tasks-containers
TD-03 | high | always | Containers are not privileged | FSBP:ECS.4, Checkov:CKV_AWS_334, ControlTower:CT.ECS.PR.11, AWS-ECS-docs:security-tasks-containers
TD-04 | high | always | Task does not share the host PID namespace | FSBP:ECS.3, Checkov:CKV_AWS_335, ControlTower:CT.ECS.PR.10
TD-05 | high | always | Task does not share the host IPC namespace | AWS-ECS-topic:task-definition-parameters
TD-06 | medium | always | Task does not use host network mode | SecurityHub:ECS.17, SecurityHub:ECS.1(retired), cdk-nag:NIST.800.53.R5-ECSTaskDefinitionUserForHostMode, ControlTower:CT.ECS.PR.8
TD-07 | medium | always | Tasks use awsvpc network mode (own ENI and security group) | ControlTower:CT.ECS.PR.4, Config:ecs-awsvpc-networking-enabled, AWS-ECS-docs:security-network, AWS-ECS-docs:security-iam-roles
TD-08 | high | always | Every container has a log configuration | FSBP:ECS.9, ControlTower:CT.ECS.PR.5, cdk-nag:AwsSolutions-ECS7, Prowler:ecs_task_definitions_logging_enabled
TD-09 | low | always | Log delivery mode is set explicitly, with a buffer when non-blocking | Prowler:ecs_task_definitions_logging_block_mode, AWS-ECS-docs:API_LogConfiguration
TD-10 | critical | always | No plaintext credentials in container environment | FSBP:ECS.8, Trivy:AVD-AWS-0036, ControlTower:CT.ECS.PR.12, Config:ecs-no-environment-secrets
TD-12 | high | conditional | Secrets are referenced by ARN, never by value | FSBP:ECS.8, AWS-ECS-topic:specifying-sensitive-data
TD-13 | medium | always | Task role and execution role are different and both present | Checkov:CKV_AWS_249, AWS-ECS-docs:security-iam-roles
TD-14 | medium | always | CPU and memory limits are set | ControlTower:CT.ECS.PR.7, Config:ecs-task-definition-memory-hard-limit, AWS-ECS-docs:security-tasks-containers
TD-15 | medium | fargate | Fargate task size is a valid cpu/memory pair and containers fit and use it | AWS-ECS-docs:fargate-tasks-services
TD-17 | medium | always | Linux capabilities are dropped | AWS-ECS-docs:security-tasks-containers, AWS-ECS-docs:fargate-tasks-services
TD-18 | low | always | Init process enabled (signal forwarding, zombie reaping) | AWS-ECS-docs:ecs-exec, AWS-ECS-docs:container-considerations
TD-19 | medium | always | Stop timeout is explicit and within limits | AWS-ECS-docs:load-balancer-connection-draining, AWS-ECS-docs:container-considerations
TD-21 | high | always | Application image is pinned to a digest or unique immutable tag | AWS-ECS-docs:container-considerations, FSBP:ECR.2, WellArchitected-topic:OPS05
TD-22 | medium | always | CPU architecture is explicit and equals the image platform | AWS-ECS-topic:task-definition-parameters
TD-23 | medium | conditional | EFS volumes use transit encryption | FSBP:ECS.18, Checkov:CKV_AWS_97, Trivy:AVD-AWS-0035
TD-25 | high | ec2 | No host path or Docker socket mounts | AWS-ECS-docs:security-tasks-containers
TD-26 | low | always | Fault injection is off | AWS-ECS-topic:fault-injection
TD-29 | medium | always | awslogs options point at a log group managed in the stack | AWS-ECS-docs:using_awslogs
SVC-01 | high | always | Service tasks get no public IP | FSBP:ECS.2, FSBP:ECS.16, Checkov:CKV_AWS_333, ControlTower:CT.ECS.PR.9
SVC-02 | high | always | Service tasks run in private subnets | AWS-ECS-topic:networking-inbound, WellArchitected-topic:SEC05, FSBP:ECS.2
SVC-03 | medium | fargate | Fargate platform version is LATEST or 1.4.0+ | FSBP:ECS.10, Checkov:CKV_AWS_332, ControlTower:CT.ECS.PR.1
SVC-04 | high | always | Deployment circuit breaker with rollback | AWS-ECS-docs:deployment-circuit-breaker, WellArchitected-topic:REL08
SVC-06 | high | always | Rolling deployment never drops below desired capacity and can always progress | AWS-ECS-docs:service-options, AWS-ECS-docs:deployment-type-ecs
SVC-07 | high | always | At least two tasks | WellArchitected-topic:REL10, AWS-ECS-docs:capacity-availability-best-practice, AWS-ECS-docs:service-rebalancing
SVC-08 | medium | always | Availability Zone rebalancing enabled | AWS-ECS-docs:service-rebalancing
SVC-09 | high | always | Service subnets span at least two AZs | WellArchitected-topic:REL10, AWS-ECS-docs:capacity-availability-best-practice
SVC-10 | medium | always | Health check grace period is set behind a load balancer | AWS-ECS-topic:create-service, AWS-ECS-docs:load-balancer-healthcheck
SVC-11 | medium | always | pulumi up waits for steady state | WellArchitected-topic:OPS06, Pulumi:aws.ecs.Service
SVC-12 | medium | always | ECS Exec is off by default; when on, its prerequisites hold | AWS-ECS-docs:ecs-exec, Checkov:CKV_AWS_223
SVC-13 | low | always | Tags propagate to tasks | SecurityHub:ECS.13, SecurityHub:ECS.15, AWS-ECS-topic:ecs-using-tags
SVC-14 | medium | ec2 | EC2 services spread over AZs first | AWS-ECS-topic:task-placement, AWS-ECS-docs:service-rebalancing
SVC-15 | medium | ec2 | EC2 services use a capacity provider strategy, not launchType | AWS-ECS-docs:asg-capacity-providers
SVC-16 | medium | conditional | Capacity provider strategy is well formed; Spot never carries the base | AWS-ECS-docs:asg-capacity-providers, AWS-ECS-topic:fargate-capacity-providers
SVC-17 | medium | always | Service auto scaling is configured | WellArchitected-topic:REL07, AWS-ECS-docs:capacity-autoscaling-best-practice
SVC-20 | low | always | Service is created after its listener | Pulumi:dependsOn
SVC-21 | low | always | No force flags in production | Pulumi:forceDelete
CL-01 | medium | always | Container Insights enabled | FSBP:ECS.12, Checkov:CKV_AWS_65, Trivy:AVD-AWS-0034, ControlTower:CT.ECS.PR.2
CL-04 | medium | ec2 | Capacity providers are attached to the cluster | AWS-ECS-docs:asg-capacity-providers
CP-01 | medium | ec2 | Managed termination protection with managed scaling | FSBP:ECS.19, AWS-ECS-docs:managed-termination-protection
CP-02 | medium | ec2 conditional | ASG scale-in protection accompanies managed termination protection | AWS-ECS-docs:managed-termination-protection
CP-03 | high | ec2 | Managed instance draining enabled | AWS-ECS-docs:managed-instance-draining
ASG-01 | medium | ec2 | Auto Scaling group spans at least two AZs | FSBP:AutoScaling.2, Prowler:autoscaling_group_multiple_az
ASG-02 | medium | ec2 | Auto Scaling group uses a launch template | FSBP:AutoScaling.9, Checkov:CKV_AWS_315
ASG-04 | low | ec2 conditional | ELB health checks when the ASG is attached to a load balancer | FSBP:AutoScaling.1, Checkov:CKV2_AWS_15, cdk-nag:AwsSolutions-AS2
ASG-05 | medium | ec2 | Instance refresh rolls out new launch template versions without fighting scale-in protection | AWS-ECS-docs:managed-instance-draining, WellArchitected-topic:REL08
ASG-06 | low | ec2 | ASG tags propagate to instances | Checkov:CKV_AWS_153, CIS-Compute:2.14, SecurityHub:AutoScaling.10
ASG-08 | medium | ec2 conditional | Capacity rebalance when Spot is used | Prowler:autoscaling_group_capacity_rebalance_enabled, AWS-ECS-docs:managed-instance-draining
ASG-09 | medium | ec2 | Group size allows deploys and HA | WellArchitected-topic:REL10, AWS-ECS-docs:asg-capacity-providers
LT-01 | high | ec2 | IMDSv2 required | FSBP:EC2.170, FSBP:EC2.8, Checkov:CKV_AWS_79, Trivy:AVD-AWS-0028
LT-02 | medium | ec2 | IMDS hop limit is 1 | Checkov:CKV_AWS_341, SecurityHub:AutoScaling.4(retired)
LT-03 | high | ec2 | All EBS volumes of the launch template are encrypted | FSBP:EC2.181, FSBP:EC2.3, Checkov:CKV_AWS_8, Trivy:AVD-AWS-0008
LT-04 | high | ec2 | Instances get no public IP | FSBP:EC2.25, FSBP:EC2.9, Checkov:CKV_AWS_88, Trivy:AVD-AWS-0009
LT-05 | medium | ec2 | No SSH key pair | FSBP:SSM.1, AWS-ECS-topic:ecs-security
LT-06 | critical | ec2 conditional | No secrets in user data | Checkov:CKV_AWS_46, Trivy:AVD-AWS-0029, Trivy:AVD-AWS-0129, CIS-Compute:2.13
LT-08 | high | ec2 | Instance profile with least privilege | Checkov:CKV2_AWS_41, FSBP:SSM.1, AWS-ECS-docs:security-iam-roles
LT-09 | high | ec2 conditional | ECS agent is configured: cluster, IMDS block for tasks, privileged containers disabled | AWS-ECS-docs:security-iam-roles, AWS-ECS-docs:security-network, AWS-ECS-docs:security-tasks-containers
LT-11 | medium | ec2 conditional | AMI comes from the ECS-optimized SSM parameter | Trivy:AVD-AWS-0344, CIS-Compute:2.1.4, AWS-ECS-topic:ecs-optimized-ami
LT-12 | medium | ec2 conditional | New launch template versions are used | Pulumi:aws.ec2.LaunchTemplate
ECR-01 | high | always | Images are scanned | FSBP:ECR.1, Checkov:CKV_AWS_163, Trivy:AVD-AWS-0030, Pulumi-compliance:ecr.Repository.enableImageScan
ECR-02 | medium | always | Image tags are immutable | FSBP:ECR.2, Checkov:CKV_AWS_51, Trivy:AVD-AWS-0031, AWS-ECS-docs:security-tasks-containers
ECR-03 | medium | always | Each repository has a lifecycle policy | FSBP:ECR.3, Prowler:ecr_repositories_lifecycle_policy_enabled
ECR-04 | high | always | Lifecycle policy cannot expire running or rollback images | WellArchitected-topic:REL08, AWS-ECS-docs:container-considerations
ECR-05 | high | conditional | Repository policy grants no public access | Checkov:CKV_AWS_32, Trivy:AVD-AWS-0032, cdk-nag:AwsSolutions-ECR1
ECR-07 | medium | always | Repository deletion is protected in prod | Pulumi:forceDelete
IMG-01 | medium | always | Image build pushes a unique, content-addressed tag | AWS-ECS-docs:container-considerations, FSBP:ECR.2
IMG-02 | medium | always | Target platform is explicit | AWS-ECS-topic:task-definition-parameters
IMG-03 | high | always | No secrets in build args | docker-build:buildArgs, Trivy:AVD-AWS-0036
IMG-04 | low | always | Build cache is exported and imported | AWS-blog:ecr-remote-cache-buildkit
LB-01 | medium | always | ALB access logs enabled | FSBP:ELB.5, Checkov:CKV_AWS_91, cdk-nag:AwsSolutions-ELB2, Pulumi-compliance:lb.LoadBalancer.enableAccessLogging
LB-02 | medium | always | ALB drops invalid header fields | FSBP:ELB.4, Checkov:CKV_AWS_131, Trivy:AVD-AWS-0052, cdk-nag:NIST.800.53.R4-ALBHttpDropInvalidHeaderEnabled
LB-03 | medium | always | ALB deletion protection (prod) | FSBP:ELB.6, Checkov:CKV_AWS_150, cdk-nag:NIST.800.53.R5-ELBDeletionProtectionEnabled
LB-04 | medium | always | Desync mitigation is defensive or strictest | FSBP:ELB.12, Checkov:CKV_AWS_328
LB-05 | medium | always | ALB spans at least two AZs | FSBP:ELB.13, Prowler:elbv2_is_in_multiple_az
LB-06 | high | always | Client traffic is HTTPS | FSBP:ELB.18, Checkov:CKV_AWS_2, Trivy:AVD-AWS-0054, Pulumi-compliance:lb.Listener.disallowUnencryptedTraffic
LB-07 | medium | always | HTTP listeners redirect to HTTPS | FSBP:ELB.1, Checkov:CKV2_AWS_20, Checkov:CKV_AWS_103, cdk-nag:NIST.800.53.R5-ALBHttpToHttpsRedirection
LB-08 | medium | always | HTTPS listener uses a recommended TLS policy | FSBP:ELB.17, Checkov:CKV_AWS_103, Checkov:CKV2_AWS_74, Trivy:AVD-AWS-0047
LB-09 | medium | conditional | HTTPS listener uses an ACM certificate that has been validated | cdk-nag:NIST.800.53.R5-ELBv2ACMCertificateRequired, FSBP:ELB.18
LB-12 | medium | always | ALB has a dedicated security group | FSBP:EC2.18, Checkov:CKV2_AWS_5
LB-17 | low | always | Load balancer types are application/network, not classic | FSBP:ELB.2, FSBP:ELB.3, cdk-nag:AwsSolutions-ELB1
TG-01 | medium | always | Target group defines an explicit health check path | Checkov:CKV_AWS_261, AWS-ECS-docs:load-balancer-healthcheck
TG-02 | medium | always | Health check cadence suits fast deploys | AWS-ECS-docs:load-balancer-healthcheck, AWS-ECS-docs:capacity-availability-best-practice
TG-03 | low | always | Recovery threshold is 2-3, unhealthy threshold 2-5 | AWS-ECS-docs:load-balancer-healthcheck
TG-04 | medium | always | Deregistration delay is short but non-zero | AWS-ECS-docs:load-balancer-connection-draining
TG-05 | medium | always | Target type matches network mode | AWS-ECS-topic:service-load-balancing
TG-07 | low | always | Health check matcher accepts success only | AWS-ECS-docs:load-balancer-healthcheck
VPC-01 | high | always | No use of the default VPC | Checkov:CKV_AWS_148, Trivy:AVD-AWS-0101
VPC-02 | medium | always | VPC flow logs enabled | FSBP:EC2.6, Checkov:CKV2_AWS_11, Trivy:AVD-AWS-0178, cdk-nag:AwsSolutions-VPC7
VPC-03 | high | always | Default security group allows nothing | FSBP:EC2.2, Checkov:CKV2_AWS_12, Trivy:AVD-AWS-0173, cdk-nag:NIST.800.53.R5-VPCDefaultSecurityGroupClosed
VPC-04 | medium | always | Subnets do not auto-assign public IPs | FSBP:EC2.15, Checkov:CKV_AWS_130, Trivy:AVD-AWS-0164, cdk-nag:NIST.800.53.R5-VPCSubnetAutoAssignPublicIpDisabled
VPC-05 | high | always | Public and private subnets in at least two AZs | WellArchitected-topic:REL10, Prowler:vpc_subnet_different_az, Prowler:vpc_subnet_separate_private_public
VPC-06 | high | always | Private subnets have no route to an internet gateway | cdk-nag:NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW, Checkov:CKV2_AWS_35
VPC-07 | medium | always | Egress does not depend on another AZ (prod) | WellArchitected-topic:REL10, VPC:nat-gateway-basics
VPC-08 | low | always | S3 gateway endpoint on private route tables | ECR:vpc-endpoints, WellArchitected-topic:COST08
VPC-10 | medium | conditional | Interface endpoints are multi-AZ, private-DNS and closed to the VPC | Prowler:vpc_endpoint_multi_az_enabled, ECR:vpc-endpoints
VPC-12 | medium | conditional | Network ACLs, if declared, do not open admin ports | FSBP:EC2.21, FSBP:EC2.16, Checkov:CKV_AWS_229, Checkov:CKV_AWS_230
VPC-13 | low | always | DNS support and hostnames on | VPC:vpc-dns
VPC-15 | low | conditional | Elastic IPs are in use | SecurityHub:EC2.12, Checkov:CKV2_AWS_19
SG-01 | high | always | World-open ingress only on 80 and 443 | FSBP:EC2.18, SecurityHub:EC2.13, SecurityHub:EC2.14, SecurityHub:EC2.53
SG-02 | critical | always | High-risk ports are not world-open | FSBP:EC2.19, Checkov:CKV_AWS_260, cdk-nag:NIST.800.53.R5-EC2RestrictedCommonPorts
SG-03 | high | always | Tasks accept traffic only from the ALB security group on the container port | AWS-ECS-docs:security-network
SG-04 | medium | always | ALB egress is limited to its targets | Checkov:CKV_AWS_382, Trivy:AVD-AWS-0104
SG-06 | low | always | Security groups and rules have descriptions | Checkov:CKV_AWS_23, Trivy:AVD-AWS-0099, Trivy:AVD-AWS-0124, cdk-nag:AwsSolutions-EC27
SG-07 | low | always | No orphan security groups; no mixing of inline and standalone rules | Checkov:CKV2_AWS_5, Pulumi:aws.ec2.SecurityGroup
SG-08 | high | ec2 conditional | No SSH/RDP ingress at all on container instances | SecurityHub:EC2.13, SecurityHub:EC2.14, CIS-Compute:2.9
SG-09 | medium | always | Default security group is not used by any resource | CIS-Compute:2.7, FSBP:EC2.2
SG-10 | medium | ec2 conditional | Container instances accept no direct traffic in awsvpc mode | AWS-ECS-docs:security-network
IAM-01 | high | conditional | No full administrative policies | FSBP:IAM.1, Checkov:CKV_AWS_62, Checkov:CKV2_AWS_40, cdk-nag:NIST.800.53.R5-IAMPolicyNoStatementsWithAdminAccess
IAM-02 | medium | conditional | No service-wide wildcard actions | FSBP:IAM.21, Checkov:CKV_AWS_63, cdk-nag:AwsSolutions-IAM5
IAM-03 | medium | conditional | Wildcard resources only for actions that cannot be scoped | Checkov:CKV_AWS_355, Checkov:CKV_AWS_290, Checkov:CKV_AWS_289, Checkov:CKV_AWS_288
IAM-04 | medium | conditional | KMS decrypt is never granted on all keys | FSBP:KMS.1, FSBP:KMS.2
IAM-05 | critical | always | Role trust is limited to the intended service | Checkov:CKV_AWS_60, Checkov:CKV_AWS_61
IAM-06 | low | always | ecs-tasks trust has a confused-deputy condition | AWS-ECS-docs:task-iam-roles
IAM-08 | high | always | No administrator or full-access managed policies | Checkov:CKV_AWS_274, Checkov:CKV2_AWS_56, Prowler:iam_role_administratoraccess_policy
IAM-09 | medium | conditional | Execution role reads exactly the declared secrets | AWS-ECS-topic:task_execution_IAM_role, FSBP:IAM.21
IAM-10 | high | always | No IAM users or access keys | FSBP:IAM.2, Checkov:CKV_AWS_273, Checkov:CKV_AWS_40, Trivy:AVD-AWS-0143
IAM-11 | medium | conditional | iam:PassRole is scoped | Trivy:AVD-AWS-0342, cdk-nag:AwsSolutions-IAM5
IAM-14 | high | conditional | CI deploy role (if created) has a constrained OIDC trust | Checkov:CKV_AWS_393
LOG-01 | medium | always | Log groups have explicit retention | Checkov:CKV_AWS_66, cdk-nag:NIST.800.53.R5-CloudWatchLogGroupRetentionPeriod, SecurityHub:CloudWatch.16
ALM-02 | medium | conditional | Alarms act | SecurityHub:CloudWatch.15, SecurityHub:CloudWatch.17, Checkov:CKV_AWS_319
KMS-01 | medium | conditional | CMK rotation enabled | SecurityHub:KMS.4, Checkov:CKV_AWS_7, Trivy:AVD-AWS-0065, cdk-nag:AwsSolutions-KMS5
KMS-02 | critical | conditional | Key policy has no public principal | FSBP:KMS.5, Checkov:CKV_AWS_33
KMS-03 | low | conditional | Key policy is explicit | Checkov:CKV2_AWS_64
KMS-04 | medium | conditional | Keys are not easily lost | FSBP:KMS.3, Checkov:CKV_AWS_227, Pulumi-compliance:kms.Key.disallowBypassPolicyLockoutSafetyCheck
S3-01 | high | conditional | Log bucket blocks all public access | FSBP:S3.8, FSBP:S3.1, FSBP:S3.2, FSBP:S3.3
S3-02 | medium | conditional | Bucket policy denies non-TLS requests | FSBP:S3.5, Checkov:CKV_AWS_379, cdk-nag:AwsSolutions-S10
S3-03 | high | conditional | Log delivery grant is minimal | FSBP:S3.6, Checkov:CKV_AWS_70, ELB:enable-access-logging, Checkov:CKV_AWS_93
S3-04 | medium | conditional | Bucket is encrypted with a mode the writer supports | Checkov:CKV_AWS_19, Trivy:AVD-AWS-0088(deprecated), ELB:enable-access-logging, Pulumi-compliance:s3.Bucket.enableServerSideEncryption
S3-05 | low | conditional | Lifecycle expiration and multipart abort | FSBP:S3.13, SecurityHub:S3.10, Checkov:CKV2_AWS_61, Checkov:CKV_AWS_300
S3-06 | medium | conditional | ACLs disabled | FSBP:S3.12, Checkov:CKV2_AWS_65, Checkov:CKV_AWS_20, Checkov:CKV_AWS_57
S3-07 | low | conditional | Log bucket is not force-destroyed in prod | Pulumi:forceDestroy
SEC-03 | high | conditional | SSM parameters holding secrets are SecureString | Checkov:CKV2_AWS_34, Checkov:CKV2_AWS_36
SEC-04 | high | conditional | Secret values are Pulumi secrets | Pulumi:secrets
SEC-05 | low | conditional | Secrets keep a recovery window in prod | AWS:secretsmanager
WAF-01 | medium | conditional | Web ACL has rules, metrics and actions | FSBP:WAF.10, FSBP:WAF.12, Checkov:CKV_AWS_175, Checkov:CKV_AWS_342
WAF-02 | medium | conditional | Web ACL blocks known bad inputs (Log4j) | Checkov:CKV_AWS_192, Checkov:CKV2_AWS_76
ACM-01 | high | conditional | Certificate uses DNS validation and a strong key | FSBP:ACM.2, FSBP:ACM.1, Checkov:CKV_AWS_234, Checkov:CKV_AWS_233
DNS-01 | low | conditional | DNS record is an alias to the ALB with target health evaluation | Checkov:CKV2_AWS_23, WellArchitected-topic:REL10
SNS-01 | medium | conditional | Topic policy is not public; transport and storage encrypted | FSBP:SNS.4, SecurityHub:SNS.1, Checkov:CKV_AWS_26, Checkov:CKV_AWS_169
EFS-01 | medium | conditional | EFS encrypted, backed up, reached through access points | FSBP:EFS.1, FSBP:EFS.8, FSBP:EFS.3, FSBP:EFS.4
GEN-01 | low | always | All taggable resources are tagged | SecurityHub:ECS.13, SecurityHub:ECS.14, SecurityHub:ECS.15, SecurityHub:EC2.35-50
GEN-02 | medium | conditional | Production safeguards are profile-driven and reversible | WellArchitected-topic:OPS, Pulumi:config
GEN-03 | low | conditional | No literal account ids, regions or AZ names | WellArchitected-topic:OPS
GEN-04 | low | always | Physical names are not hard-coded | Pulumi:autonaming
GEN-05 | medium | always | The stack manages no account-wide settings | WellArchitected-topic:OPS
`;

function control(row: string): Control {
  const [id = "", severity, when = "", title = "", sources = ""] = row.split(" | ");
  const variant = when.includes("fargate") ? "fargate" : when.includes("ec2") ? "ec2" : undefined;
  return {
    id,
    title,
    severity: severity as Severity,
    sources: sources.split(", "),
    ...(variant && { variant }),
    conditional: when.includes("conditional"),
  };
}

/** The core controls, in the order of the table. */
export const catalogue: readonly Control[] = table.trim().split("\n").map(control);
