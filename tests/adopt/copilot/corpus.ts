// Workspaces of AWS Copilot, written after the shapes of its public documentation: together they have every documented field of every manifest.

const DOCKERFILE = 'FROM node:24-alpine\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n';

/** Every field of a load-balanced service, in two that exclude nothing. */
const web = `
name: web
type: Load Balanced Web Service
image:
  build:
    dockerfile: ./frontend/web.Dockerfile
    context: ./frontend
    target: final
    cache_from: ["web:latest"]
    args: { COMMIT: abc }
  port: 8080
  labels: { team: web }
  depends_on: { startup: success, envoy: start }
  healthcheck:
    command: ["CMD-SHELL", "curl -f http://localhost:8080 || exit 1"]
    interval: 15s
    retries: 3
    timeout: 6s
    start_period: 10s
http:
  path: /
  alias: ["example.com", "v1.example.com"]
  hosted_zone: Z0873220N255IR3MTNR4
  healthcheck:
    path: /_healthcheck
    port: 8081
    success_codes: '200,301'
    healthy_threshold: 3
    unhealthy_threshold: 4
    interval: 15s
    timeout: 10s
    grace_period: 45s
  deregistration_delay: 50s
  target_container: web
  target_port: 8080
  stickiness: true
  allowed_source_ips: ["10.24.34.0/23", "10.0.0.7"]
  redirect_to_https: true
  version: http1
  additional_rules:
    - path: customerdb
      target_port: 8081
      target_container: envoy
      healthcheck: /ready
      deregistration_delay: 20s
      stickiness: false
      allowed_source_ips: ["10.24.34.0/23"]
      alias: [{ name: admin.example.com, hosted_zone: Z0873220N255IR3MTNR4 }]
      redirect_to_https: false
    - path: orders
      target_port: 9090
      alias: orders.example.com
      hosted_zone: Z0873220N255IR3MTNR4
      version: http2
      healthcheck: { path: /, port: 9090, success_codes: '200', healthy_threshold: 2, unhealthy_threshold: 2, interval: 10s, timeout: 5s }
sidecars:
  envoy:
    port: 8081
    image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/envoy:1
    essential: true
    variables: { LEVEL: debug, FROM: { from_cfn: shop-level } }
    secrets: { TOKEN: /copilot/shop/prod/secrets/TOKEN }
    env_file: ./frontend/envoy.env
    mount_points: [{ source_volume: scratch, path: /scratch, read_only: false }]
    labels: { team: mesh }
    entrypoint: "/bin/envoy --log 'a b'"
    command: ["-c", "envoy.yaml"]
    healthcheck: { command: ["CMD", "true"], interval: 10s, retries: 2, timeout: 5s, start_period: 0s }
  startup:
    image: { location: registry.example.com/startup:2, credentials: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf" }
    essential: false
    depends_on: { envoy: start }
  built:
    image: { build: ./frontend/Dockerfile }
    credentialsParameter: arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf
cpu: 1024
memory: 2048
platform: linux/x86_64
count:
  range: { min: 1, max: 10, spot_from: 3 }
  cooldown: { in: 60s, out: 30s }
  cpu_percentage: 70
  memory_percentage: { value: 80, cooldown: { in: 80s, out: 160s } }
  requests: 30
  response_time: 2s
exec: true
deployment:
  rolling: recreate
  rollback_alarms: ["MyAlarm-ELB-4xx"]
entrypoint: /bin/entrypoint --p1
command: ["serve", "all"]
network:
  connect: { alias: front }
  vpc:
    placement: private
    security_groups: { deny_default: true, groups: [sg-0123456789abcdef0, { from_cfn: shop-group }] }
variables:
  LOG_LEVEL: info
  NUMBER: 5
  TABLE: { from_cfn: shop-table }
env_file: ./frontend/app.env
secrets:
  GITHUB_TOKEN: GITHUB_TOKEN
  DB: { secretsmanager: 'demo/test/mysql' }
  DB_PASSWORD: { secretsmanager: 'mysql:password::' }
  KEY: { from_cfn: shop-key }
  ARN: arn:aws:ssm:eu-west-1:111122223333:parameter/x
storage:
  ephemeral: 100
  readonly_fs: true
  volumes:
    scratch: { path: /var/scratch, read_only: false }
    shared: { path: /var/shared, read_only: true, efs: true }
    owned: { path: /var/owned, efs: { uid: 1000, gid: 1000 } }
    own: { path: /var/own, efs: { id: fs-0123456789abcdef0, root_dir: /, auth: { iam: true, access_point_id: fsap-0123456789abcdef0 } } }
    imported: { path: /var/imported, efs: { id: { from_cfn: shop-files } } }
publish:
  topics:
    - name: products
    - name: orders
      fifo: true
    - name: returns
      fifo: { content_based_deduplication: true }
logging:
  retention: 14
  image: public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0
  destination: { Name: cloudwatch, region: eu-west-1, log_group_name: /copilot/x, log_stream_prefix: web/ }
  enableMetadata: true
  secretOptions: { token: /copilot/token }
  configFilePath: /extra.conf
  variables: { A: b }
  secrets: { C: D }
  env_file: ./frontend/log.env
observability: { tracing: awsxray }
taskdef_overrides:
  - { path: "ContainerDefinitions[0].Ulimits[-].HardLimit", value: 1024 }
  - { path: Unknown.Thing, value: true }
environments:
  test: { count: 1 }
`;

const edge = `
name: edge
type: 'Load Balanced Web Service'
image: { location: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/edge:1", port: 8080, credentials: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf" }
http: false
nlb:
  port: 443/tls
  alias: tcp.example.com
  target_container: edge
  target_port: 8080
  ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
  stickiness: true
  deregistration_delay: 30s
  healthcheck: { port: 8080, healthy_threshold: 3, unhealthy_threshold: 3, interval: 10s, timeout: 6s, grace_period: 30s }
  additional_listeners:
    - { port: 53/udp, target_port: 8053, target_container: dns, healthcheck: { port: 8054 } }
    - { port: 9000, stickiness: false, ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06, deregistration_delay: 10s }
sidecars:
  dns: { port: 8053/udp, image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dns:1" }
cpu: 256
memory: 512
platform: { osfamily: linux, architecture: x86_64 }
count: { spot: 2 }
exec: { enable: true }
network: { vpc: { placement: public, security_groups: [sg-0123456789abcdef0] }, connect: false }
deployment: { rolling: default, rollback_alarms: { cpu_utilization: 70, memory_utilization: 50 } }
`;

const api = `
name: api
type: Backend Service
image: { build: ./api/Dockerfile, port: 8080 }
http:
  alb: internal
  path: api
  alias: api.internal
  version: http2
  targetContainer: api
network: { connect: true, vpc: { placement: { subnets: { from_tags: { org: bi } } }, security_groups: [{ from_cfn: shop-group }] } }
count: { range: 3-5, cpu_percentage: 70, response_time: { value: 1s, cooldown: { in: 60s } } }
`;

const mails = `
name: mails
type: Worker Service
image: { build: { context: ./api }, labels: { team: mails } }
subscribe:
  topics:
    - { name: events, service: api, filter_policy: { store: [example] }, queue: { timeout: 20s, retention: 96h, delay: 1s, dead_letter: { tries: 2 }, fifo: true } }
    - { name: events, service: web, queue: true }
  queue:
    timeout: 45s
    retention: 96h
    delay: 30s
    dead_letter: { tries: 5 }
    fifo: { content_based_deduplication: true, deduplication_scope: messageGroup, throughput_limit: perMessageGroupId, high_throughput: false }
count:
  range: 1-10
  cooldown: { in: 30s }
  queue_delay: { acceptable_latency: 10m, msg_processing_time: 250ms, cooldown: { in: 30s, out: 60s } }
deployment: { rollback_alarms: { messages_delayed: 5 } }
`;

const report = `
name: report
type: Scheduled Job
image: { build: ./jobs/Dockerfile }
on: { schedule: "@every 2h" }
retries: 3
timeout: 1h30m
command: python report.py
`;

const nightly = `
name: nightly
type: Scheduled Job
image: { build: { context: ./api }, healthcheck: { command: ["CMD", "true"] } }
on: { schedule: "0 9 * * 1-5" }
`;

const hello = `
name: hello
type: Request-Driven Web Service
image: { build: ./api/Dockerfile, port: 8080 }
http:
  private: { endpoint: vpce-12345 }
  healthcheck: { path: /ok, healthy_threshold: 1, unhealthy_threshold: 3, interval: 5s, timeout: 1s }
  alias: hello.example.com
cpu: 1024
memory: 2048
platform: linux/x86_64
network: { vpc: { placement: private } }
observability: { tracing: awsxray }
command: ./start.sh --fast
variables: { LOG_LEVEL: info }
secrets: { TOKEN: TOKEN }
publish: { topics: [{ name: seen }] }
tags: { owner: web }
count: high-availability/3
`;

const site = `
name: site
type: Static Site
http: { alias: www.example.com, certificate: "arn:aws:acm:us-east-1:111122223333:certificate/x" }
files: [{ source: dist, destination: /, recursive: true, exclude: "*.map", reinclude: "a.map" }]
`;

const environment = `
name: prod
type: Environment
network:
  vpc:
    cidr: 10.0.0.0/16
    subnets:
      public: [{ cidr: 10.0.0.0/24, az: eu-west-1a }]
      private: [{ cidr: 10.0.3.0/24, az: eu-west-1a }]
    security_group:
      ingress: [{ ip_protocol: tcp, ports: 80, cidr: 0.0.0.0/0 }]
      egress: [{ ip_protocol: tcp, ports: 0-65535, cidr: 0.0.0.0/0 }]
    flow_logs: { retention: 30 }
cdn: { certificate: "arn:aws:acm:us-east-1:111122223333:certificate/x", terminate_tls: true, static_assets: { location: x.s3.amazonaws.com, alias: a.example.com, path: static/* } }
http:
  public:
    certificates: ["arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555", "arn:aws:acm:eu-west-1:111122223333:certificate/21111111-2222-3333-4444-555555555555"]
    access_logs: { bucket_name: my-bucket, prefix: access-logs }
    ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
    ingress: { cdn: false, source_ips: ["192.0.2.0/24", "198.51.100.10"] }
    security_groups: { ingress: { restrict_to: { cdn: false } } }
  private:
    certificates: ["arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"]
    subnets: [subnet-0123456789abcdef0]
    ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
    ingress: { vpc: true }
    security_groups: { ingress: { from_vpc: true } }
observability: { container_insights: true }
`;

const table = `
Parameters: { App: { Type: String }, Env: { Type: String }, Name: { Type: String } }
Resources:
  orders:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub "\${App}-orders" }
  ordersAccessPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: { Statement: [{ Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt orders.Arn }] } }
  group: { Type: AWS::EC2::SecurityGroup }
  password: { Type: AWS::SecretsManager::Secret }
  thing: { Type: AWS::IoT::Thing }
Outputs:
  ordersName: { Description: name, Value: !Ref orders }
  ordersAccessPolicy: { Value: !Ref ordersAccessPolicy }
  GroupId: { Value: !Ref group }
  DbPassword: { Value: !Ref password }
`;

const folder = (manifests: Record<string, string>, more: Record<string, string> = {}) => ({
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "frontend/Dockerfile": `${DOCKERFILE}FROM node:24-alpine AS final\nUSER app\n`,
  "frontend/web.Dockerfile": `${DOCKERFILE}FROM node:24-alpine AS final\nUSER app\n`,
  "frontend/app.env": "A=b\n",
  "frontend/envoy.env": "B=c\n",
  "api/Dockerfile": DOCKERFILE,
  "jobs/Dockerfile": "FROM python:3.14\n",
  "copilot/.workspace": "application: shop\n",
  ...Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`copilot/${name}/manifest.yml`, text])),
  ...more,
});

/** Everything at once, which no app has. */
export const EVERYTHING = folder(
  { web, edge, api, mails, report, nightly, hello, site, "environments/prod": environment },
  {
    "copilot/web/addons/orders.yml": table,
    "copilot/web/addons/addons.parameters.yml": "Parameters:\n  Bucket: !Ref Bucket\n",
    "copilot/environments/addons/shared.yml": table,
    "copilot/web/overrides/cfn.patches.yml": "- op: add\n",
    "copilot/environments/overrides/stack.ts": "",
    "copilot/pipelines/main/manifest.yml": "name: main\n",
  },
);

/** Typical apps, whose stack files are looked at as a whole. */
export const APPS = {
  "one service": folder({
    web: `name: web\ntype: Load Balanced Web Service\nimage: { build: ./frontend/Dockerfile, port: 8080 }\nhttp: { path: / }\ncount: 2\nexec: true\nvariables: { STAGE: '\${COPILOT_ENVIRONMENT_NAME}-\${COPILOT_APPLICATION_NAME}' }\n`,
    "environments/prod": "name: prod\ntype: Environment\n",
  }),
  "a service, a backend, a worker and a job": folder({
    web: "name: web\ntype: Load Balanced Web Service\nimage: { build: ./frontend/Dockerfile, port: 8080 }\nhttp: { path: /, alias: example.com }\nnetwork: { connect: true }\n",
    api: "name: api\ntype: Backend Service\nimage: { build: ./api/Dockerfile, port: 9000 }\nnetwork: { connect: true, vpc: { placement: private } }\n",
    mails:
      "name: mails\ntype: Worker Service\nimage: { build: ./api/Dockerfile }\nsubscribe: { queue: { timeout: 60s, dead_letter: { tries: 3 } } }\ncount: { range: 1-5, queue_delay: { acceptable_latency: 1m, msg_processing_time: 500ms } }\n",
    nightly:
      "name: nightly\ntype: Scheduled Job\nimage: { build: ./api/Dockerfile }\non: { schedule: '@daily' }\ncommand: node nightly.js\n",
    report,
  }),
  "an internal load balancer in an imported network": folder({
    api: "name: api\ntype: Backend Service\nimage: { build: ./api/Dockerfile, port: 9000 }\nhttp: { path: api, healthcheck: /ok }\nplatform: linux/arm64\nenvironments: { prod: { count: 2, network: { vpc: { placement: private } } } }\n",
    "environments/prod":
      "name: prod\ntype: Environment\nnetwork: { vpc: { id: vpc-0123456789abcdef0, subnets: { public: [{ id: subnet-0123456789abcdef0 }, { id: subnet-0123456789abcdef1 }], private: [{ id: subnet-0123456789abcdef2 }, { id: subnet-0123456789abcdef3 }] } } }\nhttp: { private: { ingress: { vpc: true } } }\n",
  }),
  "a service of App Runner": folder({
    hello,
    "environments/prod": "name: prod\ntype: Environment\nhttp: { public: { access_logs: true } }\n",
  }),
};

export const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop-publ/50dc6c495c0c9188/f2f7dc8efc522ab2";

/** What `aws cloudformation describe-stacks` prints of an environment. */
export const STACKS = {
  Stacks: [
    {
      StackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop-prod/0a1b",
      StackName: "shop-prod",
      Outputs: Object.entries({
        VpcId: "vpc-0123456789abcdef0",
        PublicSubnets: "subnet-0123456789abcdef0,subnet-0123456789abcdef1,",
        PrivateSubnets: "subnet-0123456789abcdef2,subnet-0123456789abcdef3,",
        ServiceDiscoveryNamespaceID: "ns-0123456789abcdef",
        EnvironmentSecurityGroup: "sg-0fedcba9876543210",
        PublicLoadBalancerDNSName: "shop-publ-1.eu-west-1.elb.amazonaws.com",
        HTTPListenerArn: LISTENER,
        ManagedFileSystemID: "fs-0123456789abcdef0",
        ClusterId: "shop-prod-Cluster-AbCdEf",
      }).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    },
    ...["web", "api", "mails", "nightly", "report", "hello", "other", "web-AddonsStack-1AB"].map((name) => ({
      StackName: `shop-prod-${name}`,
    })),
  ],
};
