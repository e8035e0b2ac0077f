import type { Rule } from "../engine/define";
import planBudget from "./cost/plan-budget";
import planAwsLimits from "./deploy/plan-aws-limits";
import planBlueGreenParts from "./deploy/plan-blue-green-parts";
import planBridgePorts from "./deploy/plan-bridge-ports";
import planCertificateNames from "./deploy/plan-certificate-names";
import planConnectParts from "./deploy/plan-connect-parts";
import planContainerPort from "./deploy/plan-container-port";
import planElasticAddresses from "./deploy/plan-elastic-addresses";
import planGrpcListener from "./deploy/plan-grpc-listener";
import planHealthCheckPort from "./deploy/plan-health-check-port";
import planInstancesForRollout from "./deploy/plan-instances-for-rollout";
import planLoadBalancerQuotas from "./deploy/plan-load-balancer-quotas";
import planNameLength from "./deploy/plan-name-length";
import planPublicAddress from "./deploy/plan-public-address";
import planRolloutPossible from "./deploy/plan-rollout-possible";
import planRouteCertificate from "./deploy/plan-route-certificate";
import planRulePriority from "./deploy/plan-rule-priority";
import planRuleReached from "./deploy/plan-rule-reached";
import planServiceStarts from "./deploy/plan-service-starts";
import planSubnetRoom from "./deploy/plan-subnet-room";
import planTargetGroupReached from "./deploy/plan-target-group-reached";
import planTaskFitsInstance from "./deploy/plan-task-fits-instance";
import planWayToNames from "./deploy/plan-way-to-names";
import planWayToRegistry from "./deploy/plan-way-to-registry";
import planWayToServices from "./deploy/plan-way-to-services";
import acmCertificateValidation from "./security/acm-certificate-validation";
import autoscalingGroupCapacityRebalance from "./security/autoscaling-group-capacity-rebalance";
import autoscalingGroupElbHealth from "./security/autoscaling-group-elb-health";
import autoscalingGroupInstanceRefresh from "./security/autoscaling-group-instance-refresh";
import autoscalingGroupLaunchTemplate from "./security/autoscaling-group-launch-template";
import autoscalingGroupSize from "./security/autoscaling-group-size";
import autoscalingGroupTags from "./security/autoscaling-group-tags";
import autoscalingGroupTwoZones from "./security/autoscaling-group-two-zones";
import cloudwatchAlarmActs from "./security/cloudwatch-alarm-acts";
import ec2EipInUse from "./security/ec2-eip-in-use";
import ec2LaunchTemplateBridgeIngress from "./security/ec2-launch-template-bridge-ingress";
import ec2LaunchTemplateEcsAgent from "./security/ec2-launch-template-ecs-agent";
import ec2LaunchTemplateEcsAmi from "./security/ec2-launch-template-ecs-ami";
import ec2LaunchTemplateEncryptedVolumes from "./security/ec2-launch-template-encrypted-volumes";
import ec2LaunchTemplateImdsv2 from "./security/ec2-launch-template-imdsv2";
import ec2LaunchTemplateInstanceProfile from "./security/ec2-launch-template-instance-profile";
import ec2LaunchTemplateLatestVersion from "./security/ec2-launch-template-latest-version";
import ec2LaunchTemplateNoIngress from "./security/ec2-launch-template-no-ingress";
import ec2LaunchTemplateNoPublicIp from "./security/ec2-launch-template-no-public-ip";
import ec2LaunchTemplateNoSshIngress from "./security/ec2-launch-template-no-ssh-ingress";
import ec2LaunchTemplateNoSshKey from "./security/ec2-launch-template-no-ssh-key";
import ec2LaunchTemplateNoUserDataSecrets from "./security/ec2-launch-template-no-user-data-secrets";
import ec2NetworkAclNoAdminPorts from "./security/ec2-network-acl-no-admin-ports";
import ec2SecurityGroupDefaultUnused from "./security/ec2-security-group-default-unused";
import ec2SecurityGroupDescriptions from "./security/ec2-security-group-descriptions";
import ec2SecurityGroupHighRiskPorts from "./security/ec2-security-group-high-risk-ports";
import ec2SecurityGroupInUse from "./security/ec2-security-group-in-use";
import ec2SecurityGroupWorldPorts from "./security/ec2-security-group-world-ports";
import ec2SubnetNatInZone from "./security/ec2-subnet-nat-in-zone";
import ec2SubnetNoPublicIps from "./security/ec2-subnet-no-public-ips";
import ec2VpcDefaultSecurityGroup from "./security/ec2-vpc-default-security-group";
import ec2VpcDns from "./security/ec2-vpc-dns";
import ec2VpcEndpointInterface from "./security/ec2-vpc-endpoint-interface";
import ec2VpcFlowLogs from "./security/ec2-vpc-flow-logs";
import ec2VpcNoDefault from "./security/ec2-vpc-no-default";
import ec2VpcS3Endpoint from "./security/ec2-vpc-s3-endpoint";
import ec2VpcSubnetLayout from "./security/ec2-vpc-subnet-layout";
import ecrLifecycleKeepsRunningImages from "./security/ecr-lifecycle-keeps-running-images";
import ecrRepositoryImmutableTags from "./security/ecr-repository-immutable-tags";
import ecrRepositoryLifecycle from "./security/ecr-repository-lifecycle";
import ecrRepositoryNoForceDelete from "./security/ecr-repository-no-force-delete";
import ecrRepositoryNoPublicPolicy from "./security/ecr-repository-no-public-policy";
import ecrRepositoryScan from "./security/ecr-repository-scan";
import ecsCapacityProviderManagedDraining from "./security/ecs-capacity-provider-managed-draining";
import ecsCapacityProviderTerminationProtection from "./security/ecs-capacity-provider-termination-protection";
import ecsClusterCapacityProviders from "./security/ecs-cluster-capacity-providers";
import ecsClusterContainerInsights from "./security/ecs-cluster-container-insights";
import ecsServiceAfterListener from "./security/ecs-service-after-listener";
import ecsServiceAutoscaling from "./security/ecs-service-autoscaling";
import ecsServiceCapacityProviderStrategy from "./security/ecs-service-capacity-provider-strategy";
import ecsServiceCircuitBreaker from "./security/ecs-service-circuit-breaker";
import ecsServiceDeploymentHeadroom from "./security/ecs-service-deployment-headroom";
import ecsServiceExec from "./security/ecs-service-exec";
import ecsServiceHealthCheckGrace from "./security/ecs-service-health-check-grace";
import ecsServiceIngress from "./security/ecs-service-ingress";
import ecsServiceNoForce from "./security/ecs-service-no-force";
import ecsServiceNoPublicIp from "./security/ecs-service-no-public-ip";
import ecsServicePlatformVersion from "./security/ecs-service-platform-version";
import ecsServicePrivateSubnets from "./security/ecs-service-private-subnets";
import ecsServicePropagateTags from "./security/ecs-service-propagate-tags";
import ecsServiceSpreadZones from "./security/ecs-service-spread-zones";
import ecsServiceTwoTasks from "./security/ecs-service-two-tasks";
import ecsServiceTwoZones from "./security/ecs-service-two-zones";
import ecsServiceWaits from "./security/ecs-service-waits";
import ecsServiceZoneRebalancing from "./security/ecs-service-zone-rebalancing";
import ecsTaskDefinitionArchitecture from "./security/ecs-task-definition-architecture";
import ecsTaskDefinitionAwsvpc from "./security/ecs-task-definition-awsvpc";
import ecsTaskDefinitionDropCapabilities from "./security/ecs-task-definition-drop-capabilities";
import ecsTaskDefinitionEfsTransitEncryption from "./security/ecs-task-definition-efs-transit-encryption";
import ecsTaskDefinitionImagePinned from "./security/ecs-task-definition-image-pinned";
import ecsTaskDefinitionInitProcess from "./security/ecs-task-definition-init-process";
import ecsTaskDefinitionLogGroup from "./security/ecs-task-definition-log-group";
import ecsTaskDefinitionLogMode from "./security/ecs-task-definition-log-mode";
import ecsTaskDefinitionLogging from "./security/ecs-task-definition-logging";
import ecsTaskDefinitionNoFaultInjection from "./security/ecs-task-definition-no-fault-injection";
import ecsTaskDefinitionNoHostMounts from "./security/ecs-task-definition-no-host-mounts";
import ecsTaskDefinitionNoHostNamespaces from "./security/ecs-task-definition-no-host-namespaces";
import ecsTaskDefinitionNoPlaintextSecrets from "./security/ecs-task-definition-no-plaintext-secrets";
import ecsTaskDefinitionNoPrivileged from "./security/ecs-task-definition-no-privileged";
import ecsTaskDefinitionNonRootUser from "./security/ecs-task-definition-non-root-user";
import ecsTaskDefinitionReadOnlyRoot from "./security/ecs-task-definition-read-only-root";
import ecsTaskDefinitionSecretsByArn from "./security/ecs-task-definition-secrets-by-arn";
import ecsTaskDefinitionSeparateRoles from "./security/ecs-task-definition-separate-roles";
import ecsTaskDefinitionSize from "./security/ecs-task-definition-size";
import ecsTaskDefinitionStopTimeout from "./security/ecs-task-definition-stop-timeout";
import efsFileSystemProtected from "./security/efs-file-system-protected";
import elbLoadBalancerNoClassic from "./security/elb-load-balancer-no-classic";
import iamNoUsers from "./security/iam-no-users";
import iamPolicyNoAdmin from "./security/iam-policy-no-admin";
import iamPolicyNoServiceWildcards from "./security/iam-policy-no-service-wildcards";
import iamPolicyPassRole from "./security/iam-policy-pass-role";
import iamPolicyScopedDecrypt from "./security/iam-policy-scoped-decrypt";
import iamPolicyScopedResources from "./security/iam-policy-scoped-resources";
import iamRoleConfusedDeputy from "./security/iam-role-confused-deputy";
import iamRoleExactSecrets from "./security/iam-role-exact-secrets";
import iamRoleGithubTrust from "./security/iam-role-github-trust";
import iamRoleNoFullAccess from "./security/iam-role-no-full-access";
import iamRoleTrust from "./security/iam-role-trust";
import imageBuildCache from "./security/image-build-cache";
import imageBuildNoSecretArgs from "./security/image-build-no-secret-args";
import imageBuildPlatform from "./security/image-build-platform";
import imageBuildPush from "./security/image-build-push";
import kmsKeyDeletion from "./security/kms-key-deletion";
import kmsKeyNoPublicPolicy from "./security/kms-key-no-public-policy";
import kmsKeyPolicy from "./security/kms-key-policy";
import kmsKeyRotation from "./security/kms-key-rotation";
import lbListenerCertificate from "./security/lb-listener-certificate";
import lbListenerRedirect from "./security/lb-listener-redirect";
import lbListenerTlsPolicy from "./security/lb-listener-tls-policy";
import lbLoadBalancerAccessLogs from "./security/lb-load-balancer-access-logs";
import lbLoadBalancerDeletionProtection from "./security/lb-load-balancer-deletion-protection";
import lbLoadBalancerDesyncMitigation from "./security/lb-load-balancer-desync-mitigation";
import lbLoadBalancerDropInvalidHeaders from "./security/lb-load-balancer-drop-invalid-headers";
import lbLoadBalancerEgress from "./security/lb-load-balancer-egress";
import lbLoadBalancerHttps from "./security/lb-load-balancer-https";
import lbLoadBalancerSecurityGroup from "./security/lb-load-balancer-security-group";
import lbLoadBalancerTwoZones from "./security/lb-load-balancer-two-zones";
import lbTargetGroupDeregistrationDelay from "./security/lb-target-group-deregistration-delay";
import lbTargetGroupHealthCheck from "./security/lb-target-group-health-check";
import lbTargetGroupHealthCheckCadence from "./security/lb-target-group-health-check-cadence";
import lbTargetGroupTargetType from "./security/lb-target-group-target-type";
import logsLogGroupRetention from "./security/logs-log-group-retention";
import resourceNames from "./security/resource-names";
import resourceNoAccountSettings from "./security/resource-no-account-settings";
import resourceTags from "./security/resource-tags";
import route53RecordAlias from "./security/route53-record-alias";
import s3BucketEncryption from "./security/s3-bucket-encryption";
import s3BucketLifecycle from "./security/s3-bucket-lifecycle";
import s3BucketLogDelivery from "./security/s3-bucket-log-delivery";
import s3BucketNoAcls from "./security/s3-bucket-no-acls";
import s3BucketNoForceDestroy from "./security/s3-bucket-no-force-destroy";
import s3BucketPublicAccessBlock from "./security/s3-bucket-public-access-block";
import s3BucketTlsOnly from "./security/s3-bucket-tls-only";
import secretsArePulumiSecrets from "./security/secrets-are-pulumi-secrets";
import secretsmanagerSecretRecovery from "./security/secretsmanager-secret-recovery";
import snsTopicProtected from "./security/sns-topic-protected";
import ssmParameterSecureString from "./security/ssm-parameter-secure-string";
import wafWebAclKnownBadInputs from "./security/waf-web-acl-known-bad-inputs";
import wafWebAclRules from "./security/waf-web-acl-rules";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  planBudget,
  planAwsLimits,
  planBlueGreenParts,
  planBridgePorts,
  planCertificateNames,
  planConnectParts,
  planContainerPort,
  planElasticAddresses,
  planGrpcListener,
  planHealthCheckPort,
  planInstancesForRollout,
  planLoadBalancerQuotas,
  planNameLength,
  planPublicAddress,
  planRolloutPossible,
  planRouteCertificate,
  planRulePriority,
  planRuleReached,
  planServiceStarts,
  planSubnetRoom,
  planTargetGroupReached,
  planTaskFitsInstance,
  planWayToNames,
  planWayToRegistry,
  planWayToServices,
  acmCertificateValidation,
  autoscalingGroupCapacityRebalance,
  autoscalingGroupElbHealth,
  autoscalingGroupInstanceRefresh,
  autoscalingGroupLaunchTemplate,
  autoscalingGroupSize,
  autoscalingGroupTags,
  autoscalingGroupTwoZones,
  cloudwatchAlarmActs,
  ec2EipInUse,
  ec2LaunchTemplateBridgeIngress,
  ec2LaunchTemplateEcsAgent,
  ec2LaunchTemplateEcsAmi,
  ec2LaunchTemplateEncryptedVolumes,
  ec2LaunchTemplateImdsv2,
  ec2LaunchTemplateInstanceProfile,
  ec2LaunchTemplateLatestVersion,
  ec2LaunchTemplateNoIngress,
  ec2LaunchTemplateNoPublicIp,
  ec2LaunchTemplateNoSshIngress,
  ec2LaunchTemplateNoSshKey,
  ec2LaunchTemplateNoUserDataSecrets,
  ec2NetworkAclNoAdminPorts,
  ec2SecurityGroupDefaultUnused,
  ec2SecurityGroupDescriptions,
  ec2SecurityGroupHighRiskPorts,
  ec2SecurityGroupInUse,
  ec2SecurityGroupWorldPorts,
  ec2SubnetNatInZone,
  ec2SubnetNoPublicIps,
  ec2VpcDefaultSecurityGroup,
  ec2VpcDns,
  ec2VpcEndpointInterface,
  ec2VpcFlowLogs,
  ec2VpcNoDefault,
  ec2VpcS3Endpoint,
  ec2VpcSubnetLayout,
  ecrLifecycleKeepsRunningImages,
  ecrRepositoryImmutableTags,
  ecrRepositoryLifecycle,
  ecrRepositoryNoForceDelete,
  ecrRepositoryNoPublicPolicy,
  ecrRepositoryScan,
  ecsCapacityProviderManagedDraining,
  ecsCapacityProviderTerminationProtection,
  ecsClusterCapacityProviders,
  ecsClusterContainerInsights,
  ecsServiceAfterListener,
  ecsServiceAutoscaling,
  ecsServiceCapacityProviderStrategy,
  ecsServiceCircuitBreaker,
  ecsServiceDeploymentHeadroom,
  ecsServiceExec,
  ecsServiceHealthCheckGrace,
  ecsServiceIngress,
  ecsServiceNoForce,
  ecsServiceNoPublicIp,
  ecsServicePlatformVersion,
  ecsServicePrivateSubnets,
  ecsServicePropagateTags,
  ecsServiceSpreadZones,
  ecsServiceTwoTasks,
  ecsServiceTwoZones,
  ecsServiceWaits,
  ecsServiceZoneRebalancing,
  ecsTaskDefinitionArchitecture,
  ecsTaskDefinitionAwsvpc,
  ecsTaskDefinitionDropCapabilities,
  ecsTaskDefinitionEfsTransitEncryption,
  ecsTaskDefinitionImagePinned,
  ecsTaskDefinitionInitProcess,
  ecsTaskDefinitionLogGroup,
  ecsTaskDefinitionLogMode,
  ecsTaskDefinitionLogging,
  ecsTaskDefinitionNoFaultInjection,
  ecsTaskDefinitionNoHostMounts,
  ecsTaskDefinitionNoHostNamespaces,
  ecsTaskDefinitionNoPlaintextSecrets,
  ecsTaskDefinitionNoPrivileged,
  ecsTaskDefinitionNonRootUser,
  ecsTaskDefinitionReadOnlyRoot,
  ecsTaskDefinitionSecretsByArn,
  ecsTaskDefinitionSeparateRoles,
  ecsTaskDefinitionSize,
  ecsTaskDefinitionStopTimeout,
  efsFileSystemProtected,
  elbLoadBalancerNoClassic,
  iamNoUsers,
  iamPolicyNoAdmin,
  iamPolicyNoServiceWildcards,
  iamPolicyPassRole,
  iamPolicyScopedDecrypt,
  iamPolicyScopedResources,
  iamRoleConfusedDeputy,
  iamRoleExactSecrets,
  iamRoleGithubTrust,
  iamRoleNoFullAccess,
  iamRoleTrust,
  imageBuildCache,
  imageBuildNoSecretArgs,
  imageBuildPlatform,
  imageBuildPush,
  kmsKeyDeletion,
  kmsKeyNoPublicPolicy,
  kmsKeyPolicy,
  kmsKeyRotation,
  lbListenerCertificate,
  lbListenerRedirect,
  lbListenerTlsPolicy,
  lbLoadBalancerAccessLogs,
  lbLoadBalancerDeletionProtection,
  lbLoadBalancerDesyncMitigation,
  lbLoadBalancerDropInvalidHeaders,
  lbLoadBalancerEgress,
  lbLoadBalancerHttps,
  lbLoadBalancerSecurityGroup,
  lbLoadBalancerTwoZones,
  lbTargetGroupDeregistrationDelay,
  lbTargetGroupHealthCheck,
  lbTargetGroupHealthCheckCadence,
  lbTargetGroupTargetType,
  logsLogGroupRetention,
  resourceNames,
  resourceNoAccountSettings,
  resourceTags,
  route53RecordAlias,
  s3BucketEncryption,
  s3BucketLifecycle,
  s3BucketLogDelivery,
  s3BucketNoAcls,
  s3BucketNoForceDestroy,
  s3BucketPublicAccessBlock,
  s3BucketTlsOnly,
  secretsArePulumiSecrets,
  secretsmanagerSecretRecovery,
  snsTopicProtected,
  ssmParameterSecureString,
  wafWebAclKnownBadInputs,
  wafWebAclRules,
];
