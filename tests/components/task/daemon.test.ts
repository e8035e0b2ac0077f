// Daemons of Managed Instances: one task on each instance.
import assert from "node:assert/strict";
import { Cluster } from "../../../components/cluster/cluster";
import { Daemon, type DaemonArgs } from "../../../components/task/daemon";
import { ACCOUNT, assertTrust, type Deployed, deploy, policyOf, REGION, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { rightsName } from "../../helpers/service";
import { bigCluster, IMAGE, outlivedBy } from "../../helpers/variants";

const TAGS = { Project: "shop", Stack: "test" };
const DAEMON = "aws:ecs/daemon:Daemon";
const DEFINITION = "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition";

type Given = Partial<Omit<DaemonArgs, "cluster">>;
const make = (args: Given = {}, cluster = bigCluster()) => new Daemon("agent", { cluster, image: IMAGE, ...args });
const containerOf = (made: Deployed) => (made.inputs(DEFINITION).containerDefinitions as Record<string, unknown>[])[0]!;

describe("a daemon with nothing said", () => {
  let made: Deployed;
  before(async () => {
    made = await deploy(() => make());
  });

  it("is this daemon to the letter", () => {
    const { clusterArn: _, capacityProviderArns: __, daemonTaskDefinitionArn: ___, ...inputs } = made.inputs(DAEMON);
    assert.deepEqual(inputs, { deploymentConfiguration: { drainPercent: 25, bakeTimeInMinutes: 0 }, tags: TAGS });
    const daemon = made.one(DAEMON);
    assert.deepEqual(made.sourcesOf(daemon, "clusterArn"), ["Cluster apps"]);
    assert.deepEqual(made.sourcesOf(daemon, "capacityProviderArns"), ["CapacityProvider apps-managed"]);
    assert.deepEqual(made.sourcesOf(daemon, "daemonTaskDefinitionArn"), ["DaemonTaskDefinition agent"]);
  });

  it("is this definition to the letter", () => {
    const { containerDefinitions: _, executionRoleArn: __, taskRoleArn: ___, ...inputs } = made.inputs(DEFINITION);
    assert.deepEqual(inputs, { family: "shop-test-agent", cpu: "256", memory: "512", volumes: [{ name: "tmp" }], tags: TAGS });
    const { logConfiguration, ...container } = containerOf(made);
    assert.deepEqual(container, {
      name: "agent",
      image: IMAGE,
      essential: true,
      cpu: 0,
      environments: [],
      user: "1000:1000",
      readonlyRootFilesystem: true,
      mountPoints: [{ containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" }],
      systemControls: [],
      linuxParameters: { initProcessEnabled: true, capabilities: { adds: [], drops: ["ALL"] } },
      stopTimeout: 30,
    });
    assert.equal((logConfiguration as Record<string, unknown>).logDriver, "awslogs");
    const definition = made.one(DEFINITION);
    assert.deepEqual(made.sourcesOf(definition, "executionRoleArn"), ["Role agent-execution"]);
    assert.deepEqual(made.sourcesOf(definition, "taskRoleArn"), ["Role agent-task"]);
  });

  it("has roles for tasks, and is no service", () => {
    for (const role of ["agent-execution", "agent-task"]) assertTrust(made.one("Role", role), "ecs-tasks.amazonaws.com", "ecs");
    for (const type of ["aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"]) assert.deepEqual(made.names(type), []);
  });

  it("goes before the instances and the rights that it has", () => {
    const after = outlivedBy(made, DAEMON, "agent");
    for (const one of [
      "CapacityProvider apps-managed",
      "DaemonTaskDefinition agent",
      "LogGroup agent",
      `RolePolicy ${rightsName(made, "agent-execution")}`,
    ])
      assert.ok(after.has(one), one);
  });
});

describe("a daemon", () => {
  it("has what is said of it, in the provider's words", async () => {
    const made = await deploy(() =>
      make({
        command: ["run"],
        entryPoint: ["/agent"],
        environment: { MODE: "host" },
        user: "0",
        addCapabilities: ["SYS_ADMIN"],
        ulimits: { nofile: 4096 },
        containerHealthCheck: { command: ["CMD", "check"], interval: 20 },
        restartPolicy: true,
        volumes: { root: { hostPath: "/var/log" } },
        mounts: { root: { path: "/host", readOnly: true } },
        cpu: "0.5 vCPU",
        memory: "1 GB",
        drainPercent: 50,
        bakeTime: 5,
        logRetentionInDays: 14,
      }),
    );
    const { cpu, memory, volumes } = made.inputs(DEFINITION);
    assert.deepEqual([cpu, memory, volumes], ["512", "1024", [{ name: "tmp" }, { name: "root", hosts: [{ sourcePath: "/var/log" }] }]]);
    const { commands, entryPoints, environments, user, linuxParameters, ulimits, healthCheck, restartPolicy, mountPoints } =
      containerOf(made);
    assert.deepEqual([commands, entryPoints, environments, user], [["run"], ["/agent"], [{ name: "MODE", value: "host" }], "0"]);
    assert.deepEqual(linuxParameters, { initProcessEnabled: true, capabilities: { adds: ["SYS_ADMIN"], drops: ["ALL"] } });
    assert.deepEqual(ulimits, [{ name: "nofile", softLimit: 4096, hardLimit: 4096 }]);
    assert.deepEqual(healthCheck, { commands: ["CMD", "check"], interval: 20, timeout: 5, retries: 3, startPeriod: 30 });
    assert.deepEqual(restartPolicy, { enabled: true, restartAttemptPeriod: 300 });
    assert.deepEqual((mountPoints as object[])[1], { containerPath: "/host", readOnly: true, sourceVolume: "root" });
    assert.deepEqual(made.inputs(DAEMON).deploymentConfiguration, { drainPercent: 50, bakeTimeInMinutes: 5 });
    assert.equal(made.inputs("LogGroup", "agent").retentionInDays, 14);
  });

  it("has rights and secrets as a task has them", async () => {
    const secret = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:agent-key-AbCdEf`;
    const statement = { sid: "Read", actions: ["ec2:DescribeInstances"], resources: ["*"] };
    const made = await deploy(() => make({ secrets: { API_KEY: secret }, permissions: [statement] }));
    assert.deepEqual(containerOf(made).secrets, [{ name: "API_KEY", valueFrom: secret }]);
    const rights = made.names("RolePolicy").filter((name) => name.startsWith("agent-task"));
    assert.deepEqual(
      policyOf(made.one("RolePolicy", rights[0]!)).Statement.map(({ Action }) => Action),
      [["ec2:DescribeInstances"]],
    );
  });

  it("may be changed before it is made", async () => {
    const transform = { container: { privileged: true }, daemon: { propagateTags: "DAEMON" }, daemonTaskDefinition: { cpu: "128" } };
    const made = await deploy(() => make({ transform }));
    assert.deepEqual(
      [containerOf(made).privileged, made.inputs(DAEMON).propagateTags, made.inputs(DEFINITION).cpu],
      [true, "DAEMON", "128"],
    );
  });

  it("runs on the instances of a cluster that is there already", async () => {
    const clusterArn = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/apps`;
    const made = await deploy(() => {
      const network = plainNetwork();
      make({}, Cluster.existing("apps", { network, clusterArn, managedInstancesCapacityProvider: "blue" }) as unknown as Cluster);
    });
    const { capacityProviderArns } = made.inputs(DAEMON);
    assert.deepEqual(capacityProviderArns, [`arn:aws:ecs:${REGION}:${ACCOUNT}:capacity-provider/blue`]);
  });

  const REFUSED: [name: string, args: Given, message: string][] = [
    ["a share above all", { drainPercent: 101 }, "drainPercent: 101 is out of range; allowed: 1 to 100 percent; the nearest is 100."],
    ["no share", { drainPercent: 0 }, "drainPercent: 0 is out of range; allowed: 1 to 100 percent; the nearest is 1."],
    ["days of waiting", { bakeTime: 1441 }, "bakeTime: 1441 is out of range; allowed: 0 to 1440 minutes; the nearest is 1440."],
    [
      "a file system",
      { volumes: { data: { efs: {} } }, mounts: { data: "/data" } } as Given,
      "volumes.data.efs: there is no such key. Known here: hostPath.",
    ],
    [
      "another architecture",
      { architecture: "arm64" },
      "architecture: the image of agent is for arm64, the managed instances are x86_64; set managedInstances.architecture to arm64, or build the image for the other.",
    ],
  ];
  for (const [name, args, message] of REFUSED)
    it(`refuses ${name}`, async () => assert.equal(await refusal(() => make(args)), `Daemon "agent": ${message}`));

  it("refuses a cluster without managed instances", async () => {
    const text = await refusal(() => make({}, new Cluster("apps", { network: plainNetwork() })));
    assert.match(text, /^Daemon "agent": .*managed/i);
  });
});
