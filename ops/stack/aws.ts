import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECS, ECSClientConfig } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { STS } from "@aws-sdk/client-sts";
import type { AwsSettings } from "./stack-settings";

type CredentialProvider = Extract<ECSClientConfig["credentials"], (...options: never[]) => unknown>;

/**
 * Per client: how to load it, and the Pulumi AWS provider's names for its endpoint (it accepts several). `require` and not `import()`:
 * the latter loads the SDK's many small modules three times as slowly.
 */
const CLIENTS = {
  ecs: { endpoints: ["ecs"], load: () => (require("@aws-sdk/client-ecs") as typeof import("@aws-sdk/client-ecs")).ECS },
  elbv2: {
    endpoints: ["elbv2", "elasticloadbalancingv2"],
    load: () =>
      (require("@aws-sdk/client-elastic-load-balancing-v2") as typeof import("@aws-sdk/client-elastic-load-balancing-v2"))
        .ElasticLoadBalancingV2,
  },
  logs: {
    endpoints: ["logs", "cloudwatchlogs", "cloudwatchlog"],
    load: () => (require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs,
  },
  cloudwatch: {
    endpoints: ["cloudwatch"],
    load: () => (require("@aws-sdk/client-cloudwatch") as typeof import("@aws-sdk/client-cloudwatch")).CloudWatch,
  },
  autoScaling: {
    endpoints: ["applicationautoscaling", "appautoscaling"],
    load: () =>
      (require("@aws-sdk/client-application-auto-scaling") as typeof import("@aws-sdk/client-application-auto-scaling"))
        .ApplicationAutoScaling,
  },
  quotas: {
    endpoints: ["servicequotas"],
    load: () => (require("@aws-sdk/client-service-quotas") as typeof import("@aws-sdk/client-service-quotas")).ServiceQuotas,
  },
  sts: { endpoints: ["sts"], load: () => (require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts")).STS },
};

/**
 * The AWS clients, each loaded at its first use, so that a verb pays only for what it calls. All share region, credentials and the
 * SDK's adaptive retries: throttling is answered by slowing down, not by funhealthy.
 */
export class Aws {
  private readonly credentials: CredentialProvider | undefined;

  constructor(readonly settings: AwsSettings) {
    // The SDK's notice that later versions of it leave Node.js 20 is for this project, which pins the versions, not for its users.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    this.credentials = settings.assumeRoles?.length || settings.profile ? credentialsOf(settings) : undefined;
  }

  readonly ecs = once((): ECS => new (CLIENTS.ecs.load())(this.config("ecs")));
  readonly elbv2 = once((): ElasticLoadBalancingV2 => new (CLIENTS.elbv2.load())(this.config("elbv2")));
  readonly logs = once((): CloudWatchLogs => new (CLIENTS.logs.load())(this.config("logs")));
  readonly cloudwatch = once((): CloudWatch => new (CLIENTS.cloudwatch.load())(this.config("cloudwatch")));
  readonly autoScaling = once((): ApplicationAutoScaling => new (CLIENTS.autoScaling.load())(this.config("autoScaling")));
  readonly quotas = once((): ServiceQuotas => new (CLIENTS.quotas.load())(this.config("quotas")));
  readonly sts = once((): STS => new (CLIENTS.sts.load())(this.config("sts")));

  /** The region in use; fails like any call where none is set. */
  async region(): Promise<string> {
    return this.ecs().config.region();
  }

  private config(service: keyof typeof CLIENTS) {
    const { region, profile } = this.settings;
    const endpoint = endpointOf(this.settings, service);
    return {
      ...(region && { region }),
      ...(profile && { profile }),
      ...(endpoint && { endpoint }),
      ...(this.credentials && { credentials: this.credentials }),
      retryMode: "adaptive",
      maxAttempts: 8,
    };
  }
}

/** The stack's profile, then its roles one after the other. A named profile goes before keys in the environment, as it does for the provider. */
function credentialsOf(settings: AwsSettings): CredentialProvider {
  return async () => {
    const providers = require("@aws-sdk/credential-providers") as typeof import("@aws-sdk/credential-providers");
    const { fromIni, fromTemporaryCredentials } = providers;
    const { region, profile, assumeRoles = [] } = settings;
    const endpoint = endpointOf(settings, "sts");
    const clientConfig = { ...(region && { region }), ...(endpoint && { endpoint }) };
    let credentials: CredentialProvider | undefined = profile ? fromIni({ profile, clientConfig }) : undefined;
    for (const role of assumeRoles) {
      credentials = fromTemporaryCredentials({
        ...(credentials && { masterCredentials: credentials }),
        params: {
          RoleArn: role.roleArn,
          RoleSessionName: role.sessionName ?? "berth",
          ...(role.externalId && { ExternalId: role.externalId }),
          ...(role.durationSeconds && { DurationSeconds: role.durationSeconds }),
        },
        clientConfig,
      });
    }
    return credentials!();
  };
}

function endpointOf(settings: AwsSettings, service: keyof typeof CLIENTS): string | undefined {
  return CLIENTS[service].endpoints.map((key) => settings.endpoints?.[key]).find((url) => url);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
