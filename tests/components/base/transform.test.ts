// The one escape hatch: every resource that a component makes can be changed by its `transform`, and every key of it reaches what it says.
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../../../components/alarms/alarms";
import type { AlarmsArgs } from "../../../components/alarms/arguments";
import { Notifications, type NotificationsArgs } from "../../../components/alarms/notifications";
import { Queue, type QueueArgs } from "../../../components/base/queue";
import { Cluster, type ClusterArgs } from "../../../components/cluster/cluster";
import type { FileBucketTransform } from "../../../components/files/file-bucket";
import type { FileSystemArgs } from "../../../components/files/file-system";
import { AppImage, type AppImageArgs } from "../../../components/image/image";
import { MirroredImage, type MirroredImageArgs } from "../../../components/image/mirrored-image";
import type { ExistingLoadBalancerArgs } from "../../../components/load-balancer/existing-load-balancer";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import type { TrustStoreTransform } from "../../../components/load-balancer/mutual-tls";
import { NetworkLoadBalancer, type NetworkLoadBalancerArgs } from "../../../components/load-balancer/network-load-balancer";
import type { WebAclTransform } from "../../../components/load-balancer/web-acl";
import type { NatInstanceTransform } from "../../../components/network/nat-instance";
import { Network, type NetworkArgs } from "../../../components/network/network";
import type { FargateServiceArgs } from "../../../components/service/arguments";
import { FargateService } from "../../../components/service/fargate-service";
import type { NamingTransform } from "../../../components/service/naming";
import type { ContainerTransform } from "../../../components/task/container-arguments";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { AUTHORITY_PEM } from "../../helpers/certificates";
import { type Deployed, deploy } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

/** Which resources (by `<type> <name>`) each key of a component's transform must reach. The type checker sees to it that no key is left out. */
type Reached<A extends { transform?: object }> = Record<
  Exclude<keyof NonNullable<A["transform"]>, "container">,
  string[] | Record<string, string[]>
>;

const NAT_INSTANCE: Reached<{ transform?: NatInstanceTransform }> = {
  securityGroup: ["SecurityGroup it-nat"],
  ingress: ["SecurityGroupIngressRule it-nat-in"],
  egress: ["SecurityGroupEgressRule it-nat-out"],
  networkInterface: ["NetworkInterface it-nat"],
  eip: ["Eip it-nat"],
  eipAssociation: ["EipAssociation it-nat"],
  launchTemplate: ["LaunchTemplate it-nat"],
  group: ["Group it-nat"],
};
const NETWORK: Reached<NetworkArgs> = {
  vpc: ["Vpc it"],
  wayOut: { natGateway: ["NatGateway it"], natRoute: ["Route it-private-1", "Route it-private-2"] },
  defaultSecurityGroup: ["DefaultSecurityGroup it-default"],
  s3Endpoint: ["VpcEndpoint it-s3"],
  endpoint: ["VpcEndpoint it-ecr-api", "VpcEndpoint it-ecr-dkr", "VpcEndpoint it-logs"],
  endpointSecurityGroup: ["SecurityGroup it-endpoints"],
  endpointIngress: ["SecurityGroupIngressRule it-endpoints-https"],
  egressOnlyInternetGateway: ["EgressOnlyInternetGateway it"],
  ipv6Route: ["Route it-ipv6-public-1", "Route it-ipv6-public-2", "Route it-ipv6-private-1", "Route it-ipv6-private-2"],
  flowLogGroup: ["LogGroup it-flow"],
  flowLogRole: ["Role it-flow"],
  flowLogPolicy: ["RolePolicy it-flow"],
  flowLog: ["FlowLog it-flow"],
};
const QUEUE: Reached<QueueArgs> = {
  queue: ["Queue it"],
  deadLetterQueue: ["Queue it-dead-letters"],
  policy: ["QueuePolicy it", "QueuePolicy it-dead-letters"],
};
const IMAGE: Reached<AppImageArgs> = {
  repository: ["Repository it"],
  repositoryPolicy: ["RepositoryPolicy it"],
  lifecyclePolicy: ["LifecyclePolicy it"],
  cacheRepository: ["Repository it-cache"],
  cacheLifecyclePolicy: ["LifecyclePolicy it-cache"],
  image: ["Image it"],
};
const MIRROR: Reached<MirroredImageArgs> = {
  repository: ["Repository it"],
  lifecyclePolicy: ["LifecyclePolicy it"],
  remoteImage: ["RemoteImage it"],
  tag: ["Tag it"],
  registryImage: ["RegistryImage it"],
};
const CLUSTER: Reached<ClusterArgs> = {
  cluster: ["Cluster it"],
  capacityProviders: ["ClusterCapacityProviders it"],
  execLogGroup: ["LogGroup it-exec"],
  namespace: ["HttpNamespace it"],
  dnsNamespace: ["PrivateDnsNamespace it"],
};
const WWW = { www: { host: "www.example.com", to: "https://example.com" } };
const LOAD_BALANCER: Reached<LoadBalancerArgs> = {
  securityGroup: ["SecurityGroup it"],
  ingress: ["SecurityGroupIngressRule it-80", "SecurityGroupIngressRule it-443"],
  signInEgress: ["SecurityGroupEgressRule it-sign-in"],
  loadBalancer: ["LoadBalancer it"],
  http: ["Listener it-http"],
  https: ["Listener it-https"],
  listenerRule: ["ListenerRule it-redirect-www"],
  listenerCertificate: ["ListenerCertificate it-partner"],
  certificate: ["Certificate it"],
  validationRecord: ["Record it-validation-app.example.com"],
  certificateValidation: ["CertificateValidation it"],
  aliasRecord: ["Record it-alias-app.example.com"],
  logBucket: {
    bucket: ["Bucket it-logs"],
    publicAccessBlock: ["BucketPublicAccessBlock it-logs"],
    ownershipControls: ["BucketOwnershipControls it-logs"],
    encryption: ["BucketServerSideEncryptionConfiguration it-logs"],
    lifecycle: ["BucketLifecycleConfiguration it-logs"],
    policy: ["BucketPolicy it-logs"],
  },
  fixedAddresses: {
    securityGroup: ["SecurityGroup it-fixed"],
    ingress: ["SecurityGroupIngressRule it-fixed-80", "SecurityGroupIngressRule it-fixed-443"],
    elasticIp: ["Eip it-fixed-1", "Eip it-fixed-2"],
    loadBalancer: ["LoadBalancer it-fixed"],
    targetGroup: ["TargetGroup it-fixed-80", "TargetGroup it-fixed-443"],
    attachment: ["TargetGroupAttachment it-fixed-80", "TargetGroupAttachment it-fixed-443"],
    listener: ["Listener it-fixed-80", "Listener it-fixed-443"],
    ingressBehind: ["SecurityGroupIngressRule it-fixed-in-80", "SecurityGroupIngressRule it-fixed-in-443"],
    egress: ["SecurityGroupEgressRule it-fixed-out-80", "SecurityGroupEgressRule it-fixed-out-443"],
  },
  waf: {
    webAcl: ["WebAcl it-waf"],
    logGroup: ["LogGroup it-waf"],
    logging: ["WebAclLoggingConfiguration it-waf"],
  } satisfies Record<keyof WebAclTransform, string[]>,
  webAclAssociation: ["WebAclAssociation it-waf"],
  trustStore: {
    bucket: ["Bucket it-trust"],
    publicAccessBlock: ["BucketPublicAccessBlock it-trust"],
    ownershipControls: ["BucketOwnershipControls it-trust"],
    encryption: ["BucketServerSideEncryptionConfiguration it-trust"],
    lifecycle: ["BucketLifecycleConfiguration it-trust"],
    policy: ["BucketPolicy it-trust"],
    object: ["BucketObjectv2 it-trust-77ee443494f9ec7c"],
    trustStore: ["TrustStore it-trust"],
  } satisfies Record<keyof TrustStoreTransform, string[]>,
};
const EXISTING_LOAD_BALANCER: Reached<ExistingLoadBalancerArgs> = {
  listenerRule: ["ListenerRule it-redirect-www"],
  certificate: ["Certificate it"],
  validationRecord: ["Record it-validation-app.example.com"],
  certificateValidation: ["CertificateValidation it"],
  aliasRecord: ["Record it-alias-app.example.com"],
  listenerCertificate: ["ListenerCertificate it"],
};
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/partner";
const AUTHORITY = "arn:aws:acm-pca:eu-west-3:123456789012:certificate-authority/mine";
const DISK = {
  volumeRole: ["Role it-volume"],
  volumePolicyAttachment: ["RolePolicyAttachment it-volume"],
  volumePolicy: ["RolePolicy it-volume", "RolePolicy it-volume-key"],
};
type OfNeighbors = keyof NamingTransform | "neighborIngress" | "neighborEgress" | "fileSystem" | "fileBucket" | keyof typeof DISK;
const NEIGHBORS: Pick<Reached<FargateServiceArgs>, OfNeighbors> = {
  ...DISK,
  tlsRole: ["Role it-tls"],
  tlsPolicy: ["RolePolicy it-tls", "RolePolicy it-tls-key"],
  tlsPolicyAttachment: ["RolePolicyAttachment it-tls"],
  discovery: ["Service it"],
  neighborIngress: ["SecurityGroupIngressRule it-to-2049", "SecurityGroupIngressRule it-to-5432"],
  neighborEgress: ["SecurityGroupEgressRule it-to-2049", "SecurityGroupEgressRule it-to-5432"],
  fileSystem: {
    fileSystem: ["FileSystem it-files"],
    policy: ["FileSystemPolicy it-files"],
    backupPolicy: ["BackupPolicy it-files"],
    accessPoint: ["AccessPoint it-files"],
    securityGroup: ["SecurityGroup it-files"],
    mountTarget: ["MountTarget it-files-1", "MountTarget it-files-2"],
  } satisfies Reached<FileSystemArgs>,
  fileBucket: {
    bucket: ["Bucket it-env"],
    publicAccessBlock: ["BucketPublicAccessBlock it-env"],
    ownershipControls: ["BucketOwnershipControls it-env"],
    encryption: ["BucketServerSideEncryptionConfiguration it-env"],
    lifecycle: ["BucketLifecycleConfiguration it-env"],
    policy: ["BucketPolicy it-env"],
    object: ["BucketObjectv2 it-env-6954dc09f6eb49ae"],
  } satisfies Record<keyof FileBucketTransform, string[]>,
};
const NETWORK_LOAD_BALANCER: Reached<NetworkLoadBalancerArgs> = {
  securityGroup: ["SecurityGroup it"],
  ingress: ["SecurityGroupIngressRule it-5432"],
  elasticIp: ["Eip it-1", "Eip it-2"],
  loadBalancer: ["LoadBalancer it"],
  certificate: ["Certificate it"],
  validationRecord: ["Record it-validation-app.example.com"],
  certificateValidation: ["CertificateValidation it"],
  aliasRecord: ["Record it-alias-app.example.com"],
};
const SERVICE: Omit<Reached<FargateServiceArgs>, OfNeighbors | "listener"> = {
  executionRole: ["Role it-execution"],
  executionPolicy: ["RolePolicy it-execution-5ae68a2b"],
  taskRole: ["Role it-task"],
  taskPolicy: ["RolePolicy it-task-08120bee"],
  logGroup: ["LogGroup it"],
  metricFilter: ["LogMetricFilter it-errors"],
  secret: ["Secret it-KEY"],
  secretVersion: ["SecretVersion it-KEY"],
  taskDefinition: ["TaskDefinition it"],
  securityGroup: ["SecurityGroup it"],
  ingress: ["SecurityGroupIngressRule it-in-8000"],
  egress: ["SecurityGroupEgressRule it-out"],
  loadBalancerEgress: ["SecurityGroupEgressRule it-requests-8000"],
  targetGroup: ["TargetGroup it", "TargetGroup it-green"],
  listenerRule: ["ListenerRule it-production", "ListenerRule it-test"],
  service: ["Service it"],
  infrastructureRole: ["Role it-traffic"],
  infrastructurePolicy: ["RolePolicy it-traffic"],
  alarm: ["MetricAlarm it-errors", "MetricAlarm it-errors-green", "MetricAlarm it-unhealthy", "MetricAlarm it-unhealthy-green"],
  scaling: {
    target: ["Target it"],
    policy: ["Policy it-cpu", "Policy it-memory"],
    scheduledAction: ["ScheduledAction it-start", "ScheduledAction it-stop"],
  },
};
const ALARMS: Reached<AlarmsArgs> = {
  alarm: ["MetricAlarm it-web-memory", "MetricAlarm it-web-restarts", "MetricAlarm it-web-tasks"],
  rule: ["EventRule it-web-stops"],
};
const NOTIFICATIONS: Reached<NotificationsArgs> = {
  topic: ["Topic it"],
  topicPolicy: ["TopicPolicy it"],
  subscription: ["TopicSubscription it-https", "TopicSubscription it-oncall@example.org"],
  slackRole: ["Role it-slack"],
  slack: ["SlackChannelConfiguration it-slack"],
  rule: ["EventRule it-web-deployment", "EventRule it-web-start"],
  target: ["EventTarget it-web-deployment", "EventTarget it-web-start"],
};

/** What starts a worker's first task. */
const WORKER = {
  target: ["Target it"],
  policy: ["Policy it-first-task", "Policy it-messages"],
  alarm: ["MetricAlarm it-first-task"],
};

type Table = Record<string, string[] | Record<string, string[]>>;
type Change = (args: object, opts: pulumi.CustomResourceOptions, name: string) => undefined;

/** A transform for each key of the table, that leaves the key behind on what it changes. */
function marks(table: Table, above = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([key, reached]) => {
      const path = above + key;
      const change: Change = (_, opts, name) => {
        opts.ignoreChanges = [...((opts.ignoreChanges as string[] | undefined) ?? []), `${path} of ${name}`];
        return undefined;
      };
      return [key, Array.isArray(reached) ? change : marks(reached, `${path}.`)];
    }),
  );
}

const flat = (table: Table, above = ""): [key: string, resource: string][] =>
  Object.entries(table).flatMap(([key, reached]) =>
    Array.isArray(reached) ? reached.map((resource): [string, string] => [above + key, resource]) : flat(reached, `${above}${key}.`),
  );

/** What was reached, as the table has it; and what the component made without asking any transform. */
function seen(made: Deployed, component: string) {
  const root = made.one(`berth:index:${component}`).urn;
  const within = (urn: string | null): boolean => urn === root || (urn !== null && within(made.get(urn).parent));
  const reached: [key: string, resource: string][] = [];
  const missed: string[] = [];
  for (const resource of made.resources) {
    const own = within(resource.parent) && !/awsx:ec2:Vpc\$/.test(resource.urn) && !resource.type.startsWith("berth:");
    const label = `${resource.type.split(":").pop()} ${resource.name}`;
    const keys = resource.options.ignoreChanges.flatMap((text) => text.match(/^(.*) of (.*)$/)?.slice(1, 3) ?? []);
    if (keys.length > 0) {
      reached.push([keys[0]!, label]);
      assert.equal(keys[1], resource.name, "a transform is told the name");
    } else if (own) missed.push(label);
  }
  return { reached: reached.sort(), missed };
}

describe("transform", () => {
  after(removeAppFolders);
  const cases: [component: string, table: Table, make: (transform: never) => unknown, untouched: string[]][] = [
    [
      "Network",
      NETWORK,
      (transform) => new Network("it", { nat: "regional", endpoints: "private", ipv6: true, transform }),
      ["Stash it-range"],
    ],
    ["NatInstance", NAT_INSTANCE, (natInstance) => new Network("it", { nat: "instance", transform: { wayOut: { natInstance } } }), []],
    ["Queue", QUEUE, (transform) => new Queue("it", { transform }), []],
    [
      "Scaling",
      WORKER,
      (transform) => {
        const cluster = new Cluster("apps", { network: plainNetwork() });
        new FargateService("it", {
          cluster,
          image: "web:1",
          queue: new Queue("jobs"),
          scaling: { min: 0 },
          transform: { scaling: transform },
        });
      },
      [],
    ],
    ["AppImage", IMAGE, (transform) => new AppImage("it", { context: "./app", sharedWith: ["210987654321"], transform }), []],
    ["MirroredImage", MIRROR, (transform) => new MirroredImage("it", { source: "nginx:1.29", transform }), []],
    [
      "Cluster",
      CLUSTER,
      (transform) => new Cluster("it", { network: plainNetwork(), namespace: "shop", dnsNamespace: "shop.internal", transform }),
      [],
    ],
    [
      "Naming",
      NEIGHBORS,
      (transform) => {
        const cluster = new Cluster("apps", { network: plainNetwork() });
        const connect = { tls: { certificateAuthorityArn: AUTHORITY } };
        const its = { ...(transform as object), egress: {} };
        const folder = appFolder({ "app.env": "MODE=two\n" });
        const volumes = { files: { efs: {} }, disk: { ebs: { size: 1 } } };
        const files = { volumes, mounts: { files: "/files", disk: "/disk" }, environmentFiles: [`${folder}/app.env`] };
        new FargateService("it", { cluster, image: "web:1", connect, dns: true, kmsKeyArn: KEY, ...files, transform: its }).allowTo(
          "sg-0123456789",
          5432,
        );
      },
      [],
    ],
    [
      "LoadBalancer",
      LOAD_BALANCER,
      (transform) => {
        const names = { domain: "app.example.com", domains: { partner: { certificateArn: CERTIFICATE } }, redirects: WWW, waf: true };
        const signIn = { issuer: "https://accounts.google.com", clientId: "it", clientSecret: "x" };
        const mutualTls = { certificates: `${appFolder({ "ca.pem": AUTHORITY_PEM })}/ca.pem` };
        new LoadBalancer("it", { network: plainNetwork(), ...names, mutualTls, fixedAddresses: true, transform }).route({ signIn });
      },
      [],
    ],
    [
      "ExistingLoadBalancer",
      EXISTING_LOAD_BALANCER,
      (transform) => {
        const listenerArn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2";
        LoadBalancer.existing("it", { network: plainNetwork(), listenerArn, domain: "app.example.com", redirects: WWW, transform });
      },
      [],
    ],
    [
      "NetworkLoadBalancer",
      NETWORK_LOAD_BALANCER,
      (transform) => {
        new NetworkLoadBalancer("it", { network: plainNetwork(), domain: "app.example.com", elasticIps: true, transform }).listener({
          port: 5432,
        });
      },
      [],
    ],
    [
      "NetworkTraffic",
      {
        targetGroup: ["TargetGroup it"],
        listener: ["Listener it"],
        ingress: ["SecurityGroupIngressRule it-in-5432"],
        loadBalancerEgress: ["SecurityGroupEgressRule it-requests-5432"],
      },
      (transform) => {
        const network = plainNetwork();
        const cluster = new Cluster("apps", { network });
        const route = new NetworkLoadBalancer("fixed", { network }).listener({ port: 5432 });
        new FargateService("it", { cluster, image: "web:1", port: 5432, protocol: "tcp", route, transform });
      },
      [],
    ],
    [
      "Alarms",
      ALARMS,
      (transform) =>
        new Alarms("it", { transform }).watch(
          new FargateService("web", { cluster: new Cluster("apps", { network: plainNetwork() }), image: "web:1" }),
        ),
      [],
    ],
    [
      "Notifications",
      NOTIFICATIONS,
      (transform) => {
        const slack = { teamId: "T0123ABCDEF", channelId: "C0123ABCDEF" };
        const subscribers = { emails: ["oncall@example.org"], httpsEndpoint: "https://example.org/secret", slack };
        const web = new FargateService("web", { cluster: new Cluster("apps", { network: plainNetwork() }), image: "web:1" });
        new Notifications("it", { ...subscribers, kmsKeyArn: KEY, transform }).tellOf(web);
      },
      [],
    ],
    [
      "FargateService",
      SERVICE,
      (transform) => {
        const network = plainNetwork();
        const cluster = new Cluster("apps", { network });
        const route = new LoadBalancer("public", { network }).route({ path: "/*" });
        const permissions = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] }];
        const rollout = { strategy: "blueGreen", testHeader: { "x-preview": "yes" } } as const;
        const sleep = { stop: "20:00", start: "07:00" };
        const secrets = { KEY: { value: "hunter2" } };
        const logging = { metricFilters: { errors: "?ERROR" } };
        new FargateService("it", { cluster, image: "web:1", route, logging, permissions, rollout, secrets, sleep, transform });
      },
      // The tool's own commands are nothing of AWS's.
      ["Command it-revisions", "Command it-rollout", "Command it-wake"],
    ],
  ];
  for (const [component, table, make, untouched] of cases) {
    it(`reaches every resource of ${component}`, async () => {
      const made = await deploy(() => make(marks(table) as never));
      const { reached, missed } = seen(made, component);
      assert.deepEqual(reached, flat(table).sort());
      assert.deepEqual(missed.sort(), untouched);
    });
  }

  describe("of containers", () => {
    const containersOf = async (container: ContainerTransform) => {
      const made = await deploy(() => {
        const cluster = new Cluster("apps", { network: plainNetwork() });
        new FargateService("it", { cluster, image: "web:1", sidecars: { agent: { image: "agent:1" } }, transform: { container } });
      });
      return JSON.parse(String(made.inputs("TaskDefinition", "it").containerDefinitions)) as Record<string, unknown>[];
    };
    const ULIMITS = [{ name: "nofile" as const, softLimit: 65536, hardLimit: 65536 }];

    it("lays an object over each", async () => {
      const made = await containersOf({ ulimits: ULIMITS, stopTimeout: 10 });
      assert.deepEqual(
        made.map(({ name, ulimits, stopTimeout }) => [name, ulimits, stopTimeout]),
        [
          ["agent", ULIMITS, 10],
          ["it", ULIMITS, 10],
        ],
      );
    });

    it("asks a function for each by its name, which stays", async () => {
      const made = await containersOf((definition) => {
        if (definition.name !== "agent") return undefined;
        return { ...definition, name: "other", dockerLabels: { team: "red" } };
      });
      assert.deepEqual(
        made.map(({ name, dockerLabels }) => [name, dockerLabels]),
        [
          ["agent", { team: "red" }],
          ["it", undefined],
        ],
      );
    });

    it("takes changes made in place", async () => {
      const [agent] = await containersOf((definition) => {
        definition.essential = false;
        return undefined;
      });
      assert.equal(agent!.essential, false);
    });
  });

  it("lays an object over the arguments", async () => {
    const made = await deploy(
      () => new Cluster("it", { network: plainNetwork(), transform: { execLogGroup: { retentionInDays: 1, skipDestroy: true } } }),
    );
    const { retentionInDays, skipDestroy, tags } = made.inputs("LogGroup");
    assert.deepEqual([retentionInDays, skipDestroy, tags], [1, true, { Project: "shop", Stack: "test" }]);
  });

  it("takes new arguments from a function, or changes made in place", async () => {
    const made = await deploy(
      () =>
        new Cluster("it", {
          network: plainNetwork(),
          transform: {
            cluster: (args, opts) => {
              opts.protect = true;
              return { ...args, settings: [] };
            },
            execLogGroup: (args) => {
              args.retentionInDays = 3;
              return undefined;
            },
          },
        }),
    );
    assert.deepEqual([made.inputs("aws:ecs/cluster:Cluster").settings, made.inputs("LogGroup").retentionInDays], [[], 3]);
    assert.equal(made.one("aws:ecs/cluster:Cluster").options.protect, true);
    assert.equal(made.one("LogGroup").options.protect, false);
  });

  it("leaves the resource where it is: below its component", async () => {
    const made = await deploy(
      () =>
        new Cluster("it", {
          network: plainNetwork(),
          transform: {
            cluster: (_, opts) => {
              opts.dependsOn = [];
              return undefined;
            },
          },
        }),
    );
    assert.equal(made.one("aws:ecs/cluster:Cluster").parent, made.one("berth:index:Cluster").urn);
  });
});
