import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service, TaskDefinition } from "@aws-sdk/client-ecs";
import { adopt } from "../../../adopt/command";
import { translateDescriptions, translateServices } from "../../../adopt/ecs/adopt";
import { servicesOf, taskDefinitionOf } from "../../../adopt/ecs/documents";
import type { Known } from "../../../adopt/ecs/service";
import { type Ledger, leavesOf, showField } from "../../../adopt/ledger";
import { complaintsOf } from "../../../settings/complaints";
import { CLUSTER, everyField, service, taskDefinition } from "./descriptions";

const known = (task: TaskDefinition, its?: Service, more: Partial<Known> = {}): Known => ({
  task: taskDefinitionOf(task)!,
  ...(its && { service: servicesOf(its)[0]! }),
  ...more,
});
const VPC = { vpcId: "vpc-0a1b2c3d4e5f67890" };
const adopted = (...all: Known[]): Ledger => translateServices(all).ledger.close(complaintsOf);
const settingsOf = (...all: Known[]) => adopted(...all).settings;
const leftOf = (ledger: Ledger) => ledger.left.map(({ path, todo }) => `${showField(path)}: ${todo}`);
const app = (its: object, more: Partial<TaskDefinition> = {}) =>
  settingsOf(known(taskDefinition(more, its))).service as Record<string, unknown>;

/** How a container without a word runs, where Berth has safer defaults. */
const AS_IT_RUNS = { user: "0", readonlyRootFilesystem: false, writablePaths: [], dropCapabilities: [], initProcess: false };

describe("a service of ECS as settings", () => {
  it("keeps a plain one as it runs, where it stands", () => {
    const ledger = adopted(known(taskDefinition(), service(), VPC));
    assert.deepEqual(ledger.settings, {
      service: {
        name: "web",
        cpu: "0.5 vCPU",
        memory: "1 GB",
        port: 8080,
        ...AS_IT_RUNS,
        desiredCount: 3,
        rollout: { strategy: "rolling", circuitBreaker: false },
        securityGroups: ["sg-0a1b2c3d4e5f67890"],
        route: false,
      },
      image: { imageUri: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2" },
      cluster: { existing: { clusterArn: CLUSTER } },
      network: { existing: { vpcId: VPC.vpcId, privateSubnetIds: ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"] } },
    });
    assert.deepEqual(ledger.left, []);
  });

  it("has every field of any description in exactly one list, and no setting that a stack file may not have", () => {
    const { task, its } = everyField;
    const ledger = adopted(known(task, its, VPC));
    assert.deepEqual(complaintsOf(ledger.settings), []);
    const told = [...ledger.taken, ...ledger.changed, ...ledger.left];
    for (const [source, document] of [
      [`task definition ${task.family}`, taskDefinitionOf(task)],
      [`service ${its.serviceName}`, servicesOf(its)[0]],
    ] as const) {
      const own = told.filter((entry) => entry.source === source).map(({ path }) => JSON.stringify(path).slice(0, -1));
      for (const leaf of leavesOf(document)) {
        const text = JSON.stringify(leaf).slice(0, -1);
        const at = own.filter((path) => text === path || text.startsWith(`${path},`) || path === "[");
        assert.equal(at.length, 1, `${source} ${showField(leaf)} is in ${at.length} lists`);
      }
    }
    assert.deepEqual(
      ledger.left.filter(({ todo }) => /^Berth has no setting for it; see/.test(todo)).map(({ path }) => showField(path)),
      [],
      "each field is known by name",
    );
  });

  it("takes each field of a container over", () => {
    const its = app({
      command: ["node", "app.js"],
      entryPoint: ["/tini", "--"],
      environment: [{ name: "MODE", value: "x" }],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::settings/app.env" }],
      secrets: [
        { name: "A", valueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::" },
        { name: "B", valueFrom: "/prod/b" },
        { name: "C", valueFrom: "plain" },
      ],
      user: "1000:1000",
      readonlyRootFilesystem: true,
      stopTimeout: 60,
      startTimeout: 90,
      ulimits: [
        { name: "nofile", softLimit: 1024, hardLimit: 4096 },
        { name: "nproc", softLimit: 10, hardLimit: 10 },
      ],
      systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }],
      dockerLabels: { "com.Team": "shop" },
      linuxParameters: { capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] }, initProcessEnabled: true },
      healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3 },
      restartPolicy: { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 120 },
    });
    assert.deepEqual(its, {
      name: "web",
      cpu: "0.5 vCPU",
      memory: "1 GB",
      port: 8080,
      command: ["node", "app.js"],
      entryPoint: ["/tini", "--"],
      environment: { MODE: "x" },
      environmentFiles: ["arn:aws:s3:::settings/app.env"],
      secrets: {
        A: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::",
        B: "/prod/b",
        C: "arn:aws:ssm:eu-west-1:111122223333:parameter/plain",
      },
      writablePaths: [],
      stopTimeout: 60,
      startTimeout: 90,
      ulimits: { nofile: { softLimit: 1024, hardLimit: 4096 }, nproc: 10 },
      systemControls: { "net.core.somaxconn": "1024" },
      dockerLabels: { "com.Team": "shop" },
      addCapabilities: ["SYS_PTRACE"],
      containerHealthCheck: { command: ["CMD", "true"], interval: 30, timeout: 5, retries: 3, startPeriod: 0 },
      restartPolicy: { ignoredExitCodes: [0], restartAttemptPeriod: 120 },
    });
  });

  it("tells volumes of writable paths from those with mounts, file systems and folders of the instance", () => {
    const volumes = [
      { name: "tmp", host: {} },
      { name: "shared" },
      {
        name: "files",
        efsVolumeConfiguration: {
          fileSystemId: "fs-0123456789abcdef0",
          rootDirectory: "/",
          transitEncryption: "ENABLED" as const,
          authorizationConfig: { accessPointId: "fsap-0123456789abcdef0", iam: "ENABLED" as const },
        },
      },
    ];
    const mountPoints = [
      { sourceVolume: "tmp", containerPath: "/tmp", readOnly: false },
      { sourceVolume: "shared", containerPath: "/srv", readOnly: true },
      { sourceVolume: "files", containerPath: "/data" },
    ];
    const { writablePaths, mounts, volumes: its } = app({ mountPoints }, { volumes });
    assert.deepEqual(writablePaths, ["/tmp"]);
    assert.deepEqual(mounts, { shared: { path: "/srv", readOnly: true }, files: "/data" });
    assert.deepEqual(its, { shared: {}, files: { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" } });
  });

  it("leaves a file system without an access point to the user, and what mounts it with it", () => {
    const volumes = [{ name: "files", efsVolumeConfiguration: { fileSystemId: "fs-0123456789abcdef0" } }];
    const ledger = adopted(known(taskDefinition({ volumes }, { mountPoints: [{ sourceVolume: "files", containerPath: "/data" }] })));
    assert.match(
      leftOf(ledger).join("\n"),
      /^volumes\[0\]\.efsVolumeConfiguration: Berth mounts file systems through access points: make one for \//m,
    );
  });

  it("takes for the app what the load balancer leads to, and for sidecars all else", () => {
    const containerDefinitions = [
      { name: "app", image: "repo/app:1", cpu: 128, essential: true, portMappings: [{ containerPort: 3000 }] },
      {
        name: "nginx",
        image: "repo/nginx:1",
        essential: true,
        portMappings: [{ containerPort: 80 }, { containerPort: 9113, name: "metrics" }],
        dependsOn: [{ containerName: "app", condition: "START" as const }],
      },
    ];
    const loadBalancers = [
      {
        targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1",
        containerName: "nginx",
        containerPort: 80,
      },
    ];
    const ledger = adopted(known(taskDefinition({ containerDefinitions }), service({ loadBalancers }), VPC));
    const its = ledger.settings.service as Record<string, Record<string, object>>;
    assert.equal(its.port, 80);
    assert.deepEqual(its.ports, { metrics: { port: 9113 } });
    assert.deepEqual(its.dependsOn, { app: "START" });
    assert.deepEqual(its.sidecars!.app, { image: "repo/app:1", cpu: "0.125 vCPU", port: 3000, ...AS_IT_RUNS });
    assert.match(
      leftOf(ledger).join("\n"),
      /^loadBalancers\[0\]\.targetGroupArn: Name the listener in loadBalancer\.existing\.listenerArn/m,
    );
  });

  it("takes what FireLens's router sends on, and lets Berth make the router", () => {
    const containerDefinitions = [
      ...taskDefinition(
        {},
        {
          logConfiguration: {
            logDriver: "awsfirelens",
            options: { Name: "datadog", Host: "x" },
            secretOptions: [{ name: "apikey", valueFrom: "/dd/key" }],
          },
        },
      ).containerDefinitions!,
      {
        name: "router",
        image: "repo/router:1",
        memoryReservation: 50,
        essential: true,
        firelensConfiguration: { type: "fluentbit" as const },
      },
    ];
    const its = settingsOf(known(taskDefinition({ containerDefinitions }))).service as Record<string, unknown>;
    assert.deepEqual(its.logging, {
      driver: "firelens",
      options: { Name: "datadog", Host: "x" },
      secretOptions: { apikey: "/dd/key" },
      firelens: { image: "repo/router:1", memory: "50 MB" },
    });
    assert.equal(its.sidecars, undefined);
  });

  it("takes blue/green with its hooks and alarms", () => {
    const deploymentConfiguration = {
      strategy: "CANARY" as const,
      bakeTimeInMinutes: 10,
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 5 },
      alarms: { alarmNames: ["errors"], enable: true, rollback: true },
      lifecycleHooks: [
        {
          targetType: "PAUSE" as const,
          lifecycleStages: ["POST_SCALE_UP" as const],
          timeoutConfiguration: { timeoutInMinutes: 60, action: "ROLLBACK" as const },
        },
      ],
    };
    const loadBalancers = [{ targetGroupArn: "arn:x", containerName: "web", containerPort: 8080 }];
    const { rollout } = settingsOf(known(taskDefinition(), service({ deploymentConfiguration, loadBalancers }), VPC)).service as Record<
      string,
      unknown
    >;
    assert.deepEqual(rollout, {
      strategy: "canary",
      bakeTimeInMinutes: 10,
      canaryPercent: 5,
      alarms: { alarmNames: ["errors"] },
      lifecycleHooks: [{ stages: ["POST_SCALE_UP"], pause: true, timeoutInMinutes: 60, onTimeout: "ROLLBACK" }],
    });
  });

  it("takes EC2 and Fargate Spot by their capacity providers", () => {
    const on = (capacityProviderStrategy: Service["capacityProviderStrategy"], more: Partial<Service> = {}) => {
      const { launchType: _, ...rest } = service();
      return settingsOf(known(taskDefinition(), { ...rest, capacityProviderStrategy, ...more }, VPC));
    };
    assert.equal((on([{ capacityProvider: "FARGATE_SPOT", weight: 1 }]).service as Record<string, unknown>).capacity, "spot");
    const mixed = on([
      { capacityProvider: "FARGATE", base: 2, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
    ]);
    assert.equal((mixed.service as Record<string, unknown>).capacity, "mixed");
    const { compute, cluster } = on([{ capacityProvider: "apps", weight: 1, base: 0 }], { placementStrategy: [{ type: "random" }] });
    assert.equal(compute, "ec2");
    assert.deepEqual((cluster as Record<string, unknown>).existing, { clusterArn: CLUSTER, ec2CapacityProviders: { apps: "apps" } });
  });

  it("names no moving image and no credential, and says so", () => {
    const ledger = adopted(
      known(taskDefinition({}, { image: "nginx:latest", environment: [{ name: "DB_PASSWORD", value: "hunter2hunter2" }] })),
    );
    assert.equal(ledger.settings.image, undefined);
    const left = leftOf(ledger).join("\n");
    assert.match(left, /^containerDefinitions\[0\]\.image: "nginx:latest" is a moving tag;/m);
    assert.match(
      left,
      /^containerDefinitions\[0\]\.environment\[0\]: service\.environment\.DB_PASSWORD: its name says it holds a password/m,
    );
    assert.doesNotMatch(left, /hunter2/);
    const { image } = settingsOf(
      known(taskDefinition({}, { image: "nginx:latest" }), undefined, { digest: `nginx@sha256:${"a".repeat(64)}` }),
    );
    assert.deepEqual(image, { imageUri: `nginx@sha256:${"a".repeat(64)}` });
  });

  it("puts several services into one stack that have cluster and network in common, and leaves what they have not", () => {
    const other = service({ serviceName: "api_v2", clusterArn: CLUSTER.replace("shop", "other") });
    const ledger = adopted(known(taskDefinition(), service(), VPC), known(taskDefinition(), other, VPC));
    assert.deepEqual(Object.keys(ledger.settings.services as object), ["web", "api-v2"]);
    assert.match(leftOf(ledger).join("\n"), /^clusterArn: The stack has one, and another service has said which/m);
  });

  it("names services as a stack file can: two alike apart, and without what Pulumi puts behind a name", () => {
    const called = (...names: string[]) => {
      const all = names.map((serviceName) => known(taskDefinition(), service({ serviceName })));
      return Object.keys(settingsOf(...all).services as object);
    };
    assert.deepEqual(called("api_v2", "api.v2", "1st", `${"long".repeat(9)}-x`), ["api-v2", "api-v2-2", "st", "long".repeat(6)]);
    assert.deepEqual(called("web-b9e1a3a", "worker"), ["web", "worker"]);
  });

  const refusals: [string, Partial<TaskDefinition>, Partial<Service>, RegExp][] = [
    ["CodeDeploy", {}, { deploymentController: { type: "CODE_DEPLOY" } }, /^web is deployed by CodeDeploy, /],
    ["task sets", {}, { deploymentController: { type: "EXTERNAL" } }, /^web is deployed by something else, with task sets/],
    ["ECS Anywhere", { requiresCompatibilities: ["EXTERNAL"] }, {}, /^web runs on instances outside of AWS/],
    ["Windows", { runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } }, {}, /^web runs on Windows, /],
    ["Windows of the service", {}, { platformFamily: "Windows Server 2022 Core" }, /^web runs on Windows, /],
    ["App Mesh", { proxyConfiguration: { containerName: "envoy" } }, {}, /^web is part of an App Mesh, /],
    [
      "a classic load balancer",
      {},
      { loadBalancers: [{ loadBalancerName: "old", containerName: "web", containerPort: 80 }] },
      /^web is behind the classic load balancer old; /,
    ],
    ["host mode", { networkMode: "host" }, {}, /^web is in host network mode; allowed: /],
  ];
  for (const [what, task, its, message] of refusals)
    it(`refuses ${what}`, () => {
      assert.throws(
        () => translateServices([known(taskDefinition(task), service(its))]),
        (error: Error) => error.name === "UserError" && message.test(error.message) && error.message.endsWith("nothing was written."),
      );
    });
});

describe("berth adopt --task-definition", () => {
  it("takes a service whose family is not said", () => {
    assert.doesNotThrow(() => translateServices([known(taskDefinition({ runtimePlatform: {} }), service({ platformFamily: "" }))]));
  });

  const write = (files: Record<string, unknown>) => {
    const root = mkdtempSync(join(tmpdir(), "adopt-ecs-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    for (const [name, value] of Object.entries(files))
      writeFileSync(join(root, name), typeof value === "string" ? value : JSON.stringify(value));
    return { root, at: (name: string) => join(root, name) };
  };

  it("writes a stack file and a report of what AWS printed, wrapped or bare, with small letters or capitals", async () => {
    const capital = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(capital)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capital(inner)]))
          : value;
    const forms: [object, object][] = [
      [
        { taskDefinition: taskDefinition(), tags: [{ key: "Team", value: "shop" }] },
        { services: [service()], failures: [] },
      ],
      [{ ...taskDefinition(), tags: [{ key: "Team", value: "shop" }] }, service()],
      [
        capital({ taskDefinition: taskDefinition(), tags: [{ key: "Team", value: "shop" }] }) as object,
        capital({ services: [service()] }) as object,
      ],
    ];
    const texts = await Promise.all(
      forms.map(async ([task, its]) => {
        const { root, at } = write({ "td.json": task, "service.json": its });
        await adopt({ cwd: root, service: [], taskDefinition: at("td.json"), serviceDefinition: at("service.json") });
        assert.match(readFileSync(at("adopt.prod.md"), "utf8"), /Later: make it safer/);
        return readFileSync(at("Pulumi.prod.yaml"), "utf8");
      }),
    );
    assert.match(texts[0]!, /aws:region: eu-west-1\n {2}tags:\n {4}Team: shop\n/);
    assert.deepEqual(new Set(texts).size, 1);
  });

  it("says what is wrong with the files, and writes nothing", async () => {
    const { root, at } = write({
      "no.json": { services: [] },
      "td.json": taskDefinition(),
      "two.json": { services: [service({ serviceName: "a" }), service({ serviceName: "b" })] },
      "text.json": "x",
    });
    const before = readdirSync(root);
    const refused = (taskFile: string, serviceFile: string | undefined, wanted: string[], message: RegExp) =>
      assert.throws(() => translateDescriptions(at(taskFile), serviceFile && at(serviceFile), wanted), { name: "UserError", message });
    refused("no.json", undefined, [], /no\.json holds no task definition: save what /);
    refused("text.json", undefined, [], /text\.json is not JSON: save what /);
    refused("td.json", "no.json", [], /no\.json holds no service: /);
    refused("td.json", "two.json", [], /two\.json holds several services \(a, b\): say which one with --service\./);
    refused("td.json", "two.json", ["bb"], /^--service: "bb" is not a service in .*two\.json; allowed: a, b; did you mean "b"\?$/);
    await assert.rejects(adopt({ cwd: root, service: [], taskDefinition: at("no.json") }), /holds no task definition/);
    assert.deepEqual(readdirSync(root), before);
  });
});
