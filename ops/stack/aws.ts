import type { ACM } from "@aws-sdk/client-acm";
import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { ECR } from "@aws-sdk/client-ecr";
import type { ECS, ECSClientConfig } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAM } from "@aws-sdk/client-iam";
import type { Route53 } from "@aws-sdk/client-route-53";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { ServiceQuotas } from "@aws-sdk/client-service-quotas";
import type { SSM } from "@aws-sdk/client-ssm";
import type { STS } from "@aws-sdk/client-sts";
import { UserError } from "../../facts/errors";
import { hideVersionNotice, RETRIES } from "../../tool/aws-sdk";
import { isAccessDenied } from "../../tool/errors";
import type { AssumeRole, AwsSettings } from "./stack-settings";

type CredentialProvider = Extract<ECSClientConfig["credentials"], (...options: never[]) => unknown>;

/**
 * Per client: how to load it, and the Pulumi AWS provider's names for its endpoint (it accepts several). `require` and not `import()`:
 * the latter loads the SDK's many small modules three times as slowly.
 */
const CLIENTS = {
  acm: { endpoints: ["acm"], load: () => (require("@aws-sdk/client-acm") as typeof import("@aws-sdk/client-acm")).ACM },
  ec2: { endpoints: ["ec2"], load: () => (require("@aws-sdk/client-ec2") as typeof import("@aws-sdk/client-ec2")).EC2 },
  ecr: { endpoints: ["ecr"], load: () => (require("@aws-sdk/client-ecr") as typeof import("@aws-sdk/client-ecr")).ECR },
  iam: { endpoints: ["iam"], load: () => (require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam")).IAM },
  route53: {
    endpoints: ["route53"],
    load: () => (require("@aws-sdk/client-route-53") as typeof import("@aws-sdk/client-route-53")).Route53,
  },
  secrets: {
    endpoints: ["secretsmanager"],
    load: () => (require("@aws-sdk/client-secrets-manager") as typeof import("@aws-sdk/client-secrets-manager")).SecretsManager,
  },
  ssm: { endpoints: ["ssm"], load: () => (require("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm")).SSM },
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

type Clients = { [K in keyof typeof CLIENTS]: InstanceType<ReturnType<(typeof CLIENTS)[K]["load"]>> };

/** Refusals that a wrong account can be the reason of. */
const UNKNOWN_THERE = ["ClusterNotFoundException", "InvalidParameterException", "ClientException"];

/**
 * The AWS clients, each loaded at its first use, so that a verb pays only for what it calls. All share region, credentials and the
 * SDK's adaptive retries: throttled requests are sent more slowly, and do not fail.
 */
export class Aws {
  private readonly clients = new Map<string, unknown>();
  private credentials: CredentialProvider | undefined;
  private foreignAccount: Promise<UserError | undefined> | undefined;

  constructor(
    readonly settings: AwsSettings,
    /** The account that the resources are in, where it is known. */
    private readonly accountId?: string,
  ) {
    hideVersionNotice();
    this.credentials = settings.assumeRoles?.length || settings.profile ? credentialsOf(settings) : undefined;
  }

  readonly acm = (): ACM => this.client("acm");
  readonly ec2 = (): EC2 => this.client("ec2");
  readonly ecr = (): ECR => this.client("ecr");
  readonly iam = (): IAM => this.client("iam");
  readonly route53 = (): Route53 => this.client("route53");
  readonly secrets = (): SecretsManager => this.client("secrets");
  readonly ssm = (): SSM => this.client("ssm");
  readonly ecs = (): ECS => this.client("ecs");
  readonly elbv2 = (): ElasticLoadBalancingV2 => this.client("elbv2");
  readonly logs = (): CloudWatchLogs => this.client("logs");
  readonly cloudwatch = (): CloudWatch => this.client("cloudwatch");
  readonly autoScaling = (): ApplicationAutoScaling => this.client("autoScaling");
  readonly quotas = (): ServiceQuotas => this.client("quotas");
  readonly sts = (): STS => this.client("sts");

  /** The region in use; fails like any call where none is set. */
  async region(): Promise<string> {
    return this.ecs().config.region();
  }

  /** Starts again with the credentials that the chain has now: files and sessions may have been renewed since the SDK read them. */
  renew(): void {
    this.clients.clear();
    this.credentials = credentialsOf(this.settings, true);
  }

  private client<K extends keyof Clients>(service: K): Clients[K] {
    const known = this.clients.get(service) as Clients[K] | undefined;
    if (known) return known;
    const Client = CLIENTS[service].load() as new (config: object) => Clients[K];
    const client = new Client(this.config(service));
    if (this.accountId !== undefined && service !== "sts") this.explainForeignAccount(client as ECS);
    this.clients.set(service, client);
    return client;
  }

  /** A refusal whose reason is that the credentials are of another account says so. */
  private explainForeignAccount(client: ECS): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (!isAccessDenied(error) && !UNKNOWN_THERE.includes((error as Error).name)) throw error;
          this.foreignAccount ??= this.findForeignAccount();
          throw (await this.foreignAccount) ?? error;
        }
      },
      { step: "initialize" },
    );
  }

  private async findForeignAccount(): Promise<UserError | undefined> {
    const { accountId, settings } = this;
    const { Account } = await this.sts()
      .getCallerIdentity({})
      .catch(() => ({ Account: accountId }));
    if (Account === accountId) return undefined;
    const profile = settings.profile ? ` of the profile ${settings.profile}` : "";
    return new UserError(`The AWS credentials${profile} are for account ${Account}; the cluster is in account ${accountId}.`, [
      "Choose credentials of that account: AWS_PROFILE, --profile, or `aws:profile` and `aws:assumeRole` in the stack's settings.",
    ]);
  }

  private config(service: keyof typeof CLIENTS) {
    const { region, profile } = this.settings;
    const endpoint = endpointOf(this.settings, service);
    return {
      ...(region && { region }),
      ...(profile && { profile }),
      ...(endpoint && { endpoint }),
      ...(this.credentials && { credentials: this.credentials }),
      ...RETRIES,
    };
  }
}

/** The stack's profile, then its roles one after the other. A named profile goes before keys in the environment, as it does for the provider. */
function credentialsOf(settings: AwsSettings, ignoreCache = false): CredentialProvider {
  return async () => {
    const providers = require("@aws-sdk/credential-providers") as typeof import("@aws-sdk/credential-providers");
    const { fromIni, fromNodeProviderChain, fromTemporaryCredentials } = providers;
    const { region, profile, assumeRoles = [] } = settings;
    const endpoint = endpointOf(settings, "sts");
    const clientConfig = { ...(region && { region }), ...(endpoint && { endpoint }) };
    const own = profile ? fromIni({ profile, clientConfig, ignoreCache }) : fromNodeProviderChain({ clientConfig, ignoreCache });
    const assumed = assumeRoles.reduce<CredentialProvider>(
      (masterCredentials, params) => fromTemporaryCredentials({ masterCredentials, params: sessionOf(params), clientConfig }),
      own,
    );
    return assumed();
  };
}

/** A role of the settings, in the words of STS. */
function sessionOf({ roleArn, sessionName = "berth", externalId, durationSeconds, ...more }: AssumeRole) {
  const { policy, policyArns, tags, transitiveTagKeys, sourceIdentity } = more;
  return {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId && { ExternalId: externalId }),
    ...(durationSeconds && { DurationSeconds: durationSeconds }),
    ...(policy && { Policy: policy }),
    ...(policyArns && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(transitiveTagKeys && { TransitiveTagKeys: transitiveTagKeys }),
    ...(sourceIdentity && { SourceIdentity: sourceIdentity }),
  };
}

function endpointOf(settings: AwsSettings, service: keyof typeof CLIENTS): string | undefined {
  return CLIENTS[service].endpoints.map((key) => settings.endpoints?.[key]).find((url) => url);
}
