import type { Rule } from "../define";
import acmCertificateValidation from "./acm-certificate-validation";
import autoscalingGroupCapacityRebalance from "./autoscaling-group-capacity-rebalance";
import autoscalingGroupElbHealth from "./autoscaling-group-elb-health";
import autoscalingGroupInstanceRefresh from "./autoscaling-group-instance-refresh";
import autoscalingGroupLaunchTemplate from "./autoscaling-group-launch-template";
import autoscalingGroupSize from "./autoscaling-group-size";
import autoscalingGroupTags from "./autoscaling-group-tags";
import autoscalingGroupTwoZones from "./autoscaling-group-two-zones";
import cloudwatchAlarmActs from "./cloudwatch-alarm-acts";
import ec2EipInUse from "./ec2-eip-in-use";
import ec2LaunchTemplateBridgeIngress from "./ec2-launch-template-bridge-ingress";
import ec2LaunchTemplateEcsAgent from "./ec2-launch-template-ecs-agent";
import ec2LaunchTemplateEcsAmi from "./ec2-launch-template-ecs-ami";
import ec2LaunchTemplateEncryptedVolumes from "./ec2-launch-template-encrypted-volumes";
import ec2LaunchTemplateImdsv2 from "./ec2-launch-template-imdsv2";
import ec2LaunchTemplateInstanceProfile from "./ec2-launch-template-instance-profile";
import ec2LaunchTemplateLatestVersion from "./ec2-launch-template-latest-version";
import ec2LaunchTemplateNoIngress from "./ec2-launch-template-no-ingress";
import ec2LaunchTemplateNoPublicIp from "./ec2-launch-template-no-public-ip";
import ec2LaunchTemplateNoSshIngress from "./ec2-launch-template-no-ssh-ingress";
import ec2LaunchTemplateNoSshKey from "./ec2-launch-template-no-ssh-key";
import ec2LaunchTemplateNoUserDataSecrets from "./ec2-launch-template-no-user-data-secrets";
import ec2NetworkAclNoAdminPorts from "./ec2-network-acl-no-admin-ports";
import ec2SecurityGroupDefaultUnused from "./ec2-security-group-default-unused";
import ec2SecurityGroupDescriptions from "./ec2-security-group-descriptions";
import ec2SecurityGroupHighRiskPorts from "./ec2-security-group-high-risk-ports";
import ec2SecurityGroupInUse from "./ec2-security-group-in-use";
import ec2SecurityGroupWorldPorts from "./ec2-security-group-world-ports";
import ec2SubnetNatInZone from "./ec2-subnet-nat-in-zone";
import ec2SubnetNoPublicIps from "./ec2-subnet-no-public-ips";
import ec2VpcDefaultSecurityGroup from "./ec2-vpc-default-security-group";
import ec2VpcDns from "./ec2-vpc-dns";
import ec2VpcEndpointInterface from "./ec2-vpc-endpoint-interface";
import ec2VpcFlowLogs from "./ec2-vpc-flow-logs";
import ec2VpcNoDefault from "./ec2-vpc-no-default";
import ec2VpcS3Endpoint from "./ec2-vpc-s3-endpoint";
import ec2VpcSubnetLayout from "./ec2-vpc-subnet-layout";
import ecrLifecycleKeepsRunningImages from "./ecr-lifecycle-keeps-running-images";
import ecrRepositoryImmutableTags from "./ecr-repository-immutable-tags";
import ecrRepositoryLifecycle from "./ecr-repository-lifecycle";
import ecrRepositoryNoForceDelete from "./ecr-repository-no-force-delete";
import ecrRepositoryNoPublicPolicy from "./ecr-repository-no-public-policy";
import ecrRepositoryScan from "./ecr-repository-scan";
import ecsCapacityProviderManagedDraining from "./ecs-capacity-provider-managed-draining";
import ecsCapacityProviderTerminationProtection from "./ecs-capacity-provider-termination-protection";
import ecsClusterCapacityProviders from "./ecs-cluster-capacity-providers";
import ecsClusterContainerInsights from "./ecs-cluster-container-insights";
import ecsServiceAfterListener from "./ecs-service-after-listener";
import ecsServiceAutoscaling from "./ecs-service-autoscaling";
import ecsServiceCapacityProviderStrategy from "./ecs-service-capacity-provider-strategy";
import ecsServiceCircuitBreaker from "./ecs-service-circuit-breaker";
import ecsServiceDeploymentHeadroom from "./ecs-service-deployment-headroom";
import ecsServiceExec from "./ecs-service-exec";
import ecsServiceHealthCheckGrace from "./ecs-service-health-check-grace";
import ecsServiceIngress from "./ecs-service-ingress";
import ecsServiceNoForce from "./ecs-service-no-force";
import ecsServiceNoPublicIp from "./ecs-service-no-public-ip";
import ecsServicePlatformVersion from "./ecs-service-platform-version";
import ecsServicePrivateSubnets from "./ecs-service-private-subnets";
import ecsServicePropagateTags from "./ecs-service-propagate-tags";
import ecsServiceSpreadZones from "./ecs-service-spread-zones";
import ecsServiceTwoTasks from "./ecs-service-two-tasks";
import ecsServiceTwoZones from "./ecs-service-two-zones";
import ecsServiceWaits from "./ecs-service-waits";
import ecsServiceZoneRebalancing from "./ecs-service-zone-rebalancing";
import ecsTaskDefinitionArchitecture from "./ecs-task-definition-architecture";
import ecsTaskDefinitionAwsvpc from "./ecs-task-definition-awsvpc";
import ecsTaskDefinitionDropCapabilities from "./ecs-task-definition-drop-capabilities";
import ecsTaskDefinitionEfsTransitEncryption from "./ecs-task-definition-efs-transit-encryption";
import ecsTaskDefinitionImagePinned from "./ecs-task-definition-image-pinned";
import ecsTaskDefinitionInitProcess from "./ecs-task-definition-init-process";
import ecsTaskDefinitionLogGroup from "./ecs-task-definition-log-group";
import ecsTaskDefinitionLogMode from "./ecs-task-definition-log-mode";
import ecsTaskDefinitionLogging from "./ecs-task-definition-logging";
import ecsTaskDefinitionNoFaultInjection from "./ecs-task-definition-no-fault-injection";
import ecsTaskDefinitionNoHostMounts from "./ecs-task-definition-no-host-mounts";
import ecsTaskDefinitionNoHostNamespaces from "./ecs-task-definition-no-host-namespaces";
import ecsTaskDefinitionNoPlaintextSecrets from "./ecs-task-definition-no-plaintext-secrets";
import ecsTaskDefinitionNoPrivileged from "./ecs-task-definition-no-privileged";
import ecsTaskDefinitionNonRootUser from "./ecs-task-definition-non-root-user";
import ecsTaskDefinitionReadOnlyRoot from "./ecs-task-definition-read-only-root";
import ecsTaskDefinitionSecretsByArn from "./ecs-task-definition-secrets-by-arn";
import ecsTaskDefinitionSeparateRoles from "./ecs-task-definition-separate-roles";
import ecsTaskDefinitionSize from "./ecs-task-definition-size";
import ecsTaskDefinitionStopTimeout from "./ecs-task-definition-stop-timeout";
import efsFileSystemProtected from "./efs-file-system-protected";
import elbLoadBalancerNoClassic from "./elb-load-balancer-no-classic";
import iamNoUsers from "./iam-no-users";
import iamPolicyNoAdmin from "./iam-policy-no-admin";
import iamPolicyNoServiceWildcards from "./iam-policy-no-service-wildcards";
import iamPolicyPassRole from "./iam-policy-pass-role";
import iamPolicyScopedDecrypt from "./iam-policy-scoped-decrypt";
import iamPolicyScopedResources from "./iam-policy-scoped-resources";
import iamRoleConfusedDeputy from "./iam-role-confused-deputy";
import iamRoleExactSecrets from "./iam-role-exact-secrets";
import iamRoleGithubTrust from "./iam-role-github-trust";
import iamRoleNoFullAccess from "./iam-role-no-full-access";
import iamRoleTrust from "./iam-role-trust";
import imageBuildCache from "./image-build-cache";
import imageBuildNoSecretArgs from "./image-build-no-secret-args";
import imageBuildPlatform from "./image-build-platform";
import imageBuildPush from "./image-build-push";
import kmsKeyDeletion from "./kms-key-deletion";
import kmsKeyNoPublicPolicy from "./kms-key-no-public-policy";
import kmsKeyPolicy from "./kms-key-policy";
import kmsKeyRotation from "./kms-key-rotation";
import lbListenerCertificate from "./lb-listener-certificate";
import lbListenerRedirect from "./lb-listener-redirect";
import lbListenerTlsPolicy from "./lb-listener-tls-policy";
import lbLoadBalancerAccessLogs from "./lb-load-balancer-access-logs";
import lbLoadBalancerDeletionProtection from "./lb-load-balancer-deletion-protection";
import lbLoadBalancerDesyncMitigation from "./lb-load-balancer-desync-mitigation";
import lbLoadBalancerDropInvalidHeaders from "./lb-load-balancer-drop-invalid-headers";
import lbLoadBalancerEgress from "./lb-load-balancer-egress";
import lbLoadBalancerHttps from "./lb-load-balancer-https";
import lbLoadBalancerSecurityGroup from "./lb-load-balancer-security-group";
import lbLoadBalancerTwoZones from "./lb-load-balancer-two-zones";
import lbTargetGroupDeregistrationDelay from "./lb-target-group-deregistration-delay";
import lbTargetGroupHealthCheck from "./lb-target-group-health-check";
import lbTargetGroupHealthCheckCadence from "./lb-target-group-health-check-cadence";
import lbTargetGroupTargetType from "./lb-target-group-target-type";
import logsLogGroupRetention from "./logs-log-group-retention";
import resourceNames from "./resource-names";
import resourceNoAccountSettings from "./resource-no-account-settings";
import resourceTags from "./resource-tags";
import route53RecordAlias from "./route53-record-alias";
import s3BucketEncryption from "./s3-bucket-encryption";
import s3BucketLifecycle from "./s3-bucket-lifecycle";
import s3BucketLogDelivery from "./s3-bucket-log-delivery";
import s3BucketNoAcls from "./s3-bucket-no-acls";
import s3BucketNoForceDestroy from "./s3-bucket-no-force-destroy";
import s3BucketPublicAccessBlock from "./s3-bucket-public-access-block";
import s3BucketTlsOnly from "./s3-bucket-tls-only";
import secretsArePulumiSecrets from "./secrets-are-pulumi-secrets";
import secretsmanagerSecretRecovery from "./secretsmanager-secret-recovery";
import snsTopicProtected from "./sns-topic-protected";
import ssmParameterSecureString from "./ssm-parameter-secure-string";
import wafWebAclKnownBadInputs from "./waf-web-acl-known-bad-inputs";
import wafWebAclRules from "./waf-web-acl-rules";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
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
