import assert from "node:assert/strict";
import { crashed, deployment, revision, service, task, taskDefinition } from "../answers";
import type { Step } from "../scene";
import type { Input } from "../scripted-aws";
import { FAST, PLACE, Stage } from "./stage";

describe("berth-run", () => {
  const stage = Stage.use();
  /** Without the token by which the SDK makes a retried request harmless: it is random. */
  const runTaskInputs = () => stage.aws.inputs("RunTask").map(({ clientToken: _, ...input }) => input);
  const looks = (...tasks: object[]) => tasks.map((found) => ({ tasks: [found] }));
  const started = task("aaaa", 7, { lastStatus: "PROVISIONING" });
  const ended = (exitCode: number) => crashed("aaaa", 7, exitCode);
  const network = { awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" as const } };
  const step: Step = {
    service: service([deployment(7)], {
      networkConfiguration: network,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
      platformVersion: "LATEST",
    }),
    log: { [`web/app/${"aaaa".padEnd(32, "0")}`]: ["migrating", "done"] },
  };
  const GetLogEvents = ({ nextToken }: Input) => ({
    events: nextToken
      ? []
      : [
          { timestamp: 1, message: "migrating" },
          { timestamp: 2, message: "done" },
        ],
    nextForwardToken: "f/1",
  });

  it("runs with the service's own settings, prints the log and returns the exit code", async () => {
    const { status, out } = await stage.run(["run", ...PLACE, ...FAST, "--", "npm", "run", "migrate"], [step], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(started, task("aaaa", 7), ended(0)),
      GetLogEvents,
    });
    assert.equal(status, 0);
    assert.equal(out, "migrating\ndone\n");
    assert.deepEqual(runTaskInputs(), [
      {
        cluster: "apps",
        taskDefinition: revision(7),
        count: 1,
        startedBy: "berth-run",
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: network,
        capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
        platformVersion: "LATEST",
        overrides: { containerOverrides: [{ name: "app", command: ["npm", "run", "migrate"] }] },
      },
    ]);
  });

  const VOLUME = { name: "data", managedEBSVolume: { roleArn: "arn:role", sizeInGiB: 10 } };

  it("gets a volume as the service's tasks have, where its revision has one, and deletes it with the task", async () => {
    const tagSpecifications = [{ resourceType: "volume" as const, propagateTags: "SERVICE" as const }];
    const its = { ...VOLUME, managedEBSVolume: { ...VOLUME.managedEBSVolume, tagSpecifications } };
    const withDisk = { ...step, service: { ...step.service, deployments: [{ ...deployment(7), volumeConfigurations: [its] }] } };
    for (const configuredAtLaunch of [true, false]) {
      const definition = taskDefinition(7);
      await stage.run(["run", ...PLACE, ...FAST, "--", "ls"], [withDisk as Step], {
        RunTask: { tasks: [started] },
        DescribeTasks: looks(started, ended(0)),
        DescribeTaskDefinition: { taskDefinition: { ...definition, volumes: [{ name: "data", configuredAtLaunch }] } },
        GetLogEvents,
      });
      assert.deepEqual(
        runTaskInputs().at(-1)!.volumeConfigurations,
        configuredAtLaunch
          ? [
              {
                name: "data",
                managedEBSVolume: {
                  roleArn: "arn:role",
                  sizeInGiB: 10,
                  tagSpecifications: [{ resourceType: "volume", propagateTags: "TASK_DEFINITION" }],
                  terminationPolicy: { deleteOnTermination: true },
                },
              },
            ]
          : undefined,
      );
    }
  });

  it("gets the volume that the environment names", async () => {
    const env = { BERTH_VOLUMES: JSON.stringify([VOLUME]) };
    await stage.run(
      ["run", ...PLACE, ...FAST, "--", "ls"],
      [step],
      {
        RunTask: { tasks: [started] },
        DescribeTasks: looks(started, ended(0)),
        GetLogEvents,
      },
      { env },
    );
    assert.deepEqual(runTaskInputs()[0]!.volumeConfigurations, [VOLUME]);
  });

  it("stops the rest of the task when a container that is not essential has ended, and returns its exit code", async () => {
    const definition = taskDefinition(7);
    const agent = { ...definition.containerDefinitions![0]!, name: "agent" };
    const containers = (lastStatus: string, exitCode?: number) => [
      { name: "app", lastStatus: "RUNNING" },
      { name: "agent", lastStatus, ...(exitCode !== undefined && { exitCode }) },
    ];
    const runs = async (essential: boolean, exitCode: number) => {
      const goesOn = task("aaaa", 7, { containers: containers("STOPPED", exitCode) });
      const result = await stage.run(["run", ...PLACE, ...FAST, "--container", "agent", "--", "check"], [step], {
        RunTask: { tasks: [started] },
        DescribeTasks: looks(task("aaaa", 7, { containers: containers("RUNNING") }), goesOn, goesOn, {
          ...goesOn,
          lastStatus: "STOPPED",
        }),
        DescribeTaskDefinition: {
          taskDefinition: { ...definition, containerDefinitions: [...definition.containerDefinitions!, { ...agent, essential }] },
        },
        StopTask: {},
        GetLogEvents,
      });
      return [result.status, stage.aws.inputs("StopTask")];
    };
    const stopped = { cluster: started.clusterArn, reason: "berth run: the container agent has ended" };
    assert.deepEqual(await runs(false, 0), [0, [{ ...stopped, task: started.taskArn }]]);
    assert.deepEqual((await runs(true, 0))[1], [], "ECS does so itself");
    assert.equal((await runs(false, 3))[0], 3);
  });

  it("needs no service when the environment has everything", async () => {
    const strategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    const env = {
      BERTH_CLUSTER: "apps",
      BERTH_TASK_DEFINITION: revision(7),
      BERTH_SUBNETS: "subnet-1,subnet-2",
      BERTH_SECURITY_GROUPS: '["sg-1"]',
      BERTH_ASSIGN_PUBLIC_IP: "true",
      BERTH_CAPACITY_PROVIDER_STRATEGY: JSON.stringify(strategy),
      BERTH_COMMAND: '["npm","run","migrate"]',
      BERTH_CONTAINER: "app",
    };
    const { status } = await stage.run(
      ["run", ...FAST],
      [step],
      { RunTask: { tasks: [started] }, DescribeTasks: looks(ended(0)), GetLogEvents },
      { env },
    );
    assert.equal(status, 0);
    assert.deepEqual(stage.aws.inputs("DescribeServices"), []);
    assert.deepEqual(runTaskInputs(), [
      {
        cluster: "apps",
        taskDefinition: revision(7),
        count: 1,
        startedBy: "berth-run",
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
        },
        capacityProviderStrategy: strategy,
        overrides: { containerOverrides: [{ name: "app", command: ["npm", "run", "migrate"] }] },
      },
    ]);
  });

  it("runs a task of the stack with that task's settings", async () => {
    const migrate = {
      taskDefinition: revision(7),
      subnets: ["subnet-9"],
      securityGroups: ["sg-9"],
      assignPublicIp: false,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
    };
    const outputs = JSON.stringify({ cluster: "apps", service: "web", region: "eu-west-1", oneOffTasks: { migrate } });
    stage.programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '${outputs}'`);
    const options = { env: { ...stage.programs.env, AWS_REGION: undefined }, cwd: stage.programs.directory };
    const answers = { RunTask: { tasks: [started] }, DescribeTasks: looks(ended(0)), GetLogEvents };
    const { status, err } = await stage.run(["run", ...FAST, "--task", "migrate"], [step], answers, options);
    assert.equal(status, 0, err);
    assert.deepEqual(runTaskInputs(), [
      {
        cluster: "apps",
        taskDefinition: revision(7),
        count: 1,
        startedBy: "berth-run",
        propagateTags: "TASK_DEFINITION",
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-9"], securityGroups: ["sg-9"], assignPublicIp: "DISABLED" } },
        capacityProviderStrategy: migrate.capacityProviderStrategy,
      },
    ]);
    assert.equal(stage.aws.calls[0]?.region, "eu-west-1");

    const unknown = await stage.run(["run", "--task", "import"], [step], answers, options);
    assert.equal(unknown.status, 1);
    assert.match(unknown.err, /^The stack has no task import; it has: migrate\.$/m);

    const inherited = await stage.run(["run", "--task", "toString"], [step], answers, options);
    assert.match(inherited.err, /^The stack has no task toString; it has: migrate\.$/m);
  });

  it("returns the command's own exit code, with the cause", async () => {
    const { status, err } = await stage.run(["run", ...PLACE, ...FAST, "--", "false"], [step], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(ended(42)),
      GetLogEvents,
    });
    assert.equal(status, 42);
    assert.match(err, /^Why: The container app crashed: exit code 42/m);
    assert.doesNotMatch(err, /migrating/, "the log was on stdout already");
  });

  it("explains a task that never started", async () => {
    const failed = {
      ...started,
      lastStatus: "STOPPED",
      stopCode: "TaskFailedToStart",
      stoppedReason: "CannotPullContainerError: web:gone: not found",
    };
    const { status, err } = await stage.run(["run", ...PLACE, ...FAST], [{ ...step, log: {} }], {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(failed),
    });
    assert.equal(status, 1);
    assert.match(err, /^Why: The image \S+ does not exist\.$/m);
  });

  it("explains a start that ECS refused", async () => {
    const { status, err } = await stage.run(["run", ...PLACE], [step], {
      RunTask: { tasks: [], failures: [{ arn: "ci", reason: "RESOURCE:MEMORY" }] },
    });
    assert.equal(status, 1);
    assert.match(
      err,
      /^ECS did not start the task \(RESOURCE:MEMORY\)\. No instance of the cluster has enough memory left for the task\.$/m,
    );
  });

  it("stops the task on Ctrl-C", async () => {
    const { status, err } = await stage.run(
      ["run", ...PLACE, ...FAST],
      [step],
      {
        RunTask: { tasks: [started] },
        DescribeTasks: looks(task("aaaa", 7), task("aaaa", 7), ended(143)),
        GetLogEvents,
        StopTask: { task: started },
      },
      { interruptWhen: ({ err }) => err.includes("running") },
    );
    assert.equal(status, 130);
    assert.match(err, /^Stopping the task: interrupted\./m);
    assert.deepEqual(stage.aws.inputs("StopTask"), [
      { cluster: task("a", 7).clusterArn, task: started.taskArn, reason: "berth run: interrupted" },
    ]);
  });

  it("stops the task at the timeout", async () => {
    const answers = {
      RunTask: { tasks: [started] },
      DescribeTasks: looks(task("aaaa", 7), task("aaaa", 7), task("aaaa", 7), ended(143)),
      GetLogEvents,
      StopTask: { task: started },
    };
    const { status } = await stage.run(["run", ...PLACE, ...FAST, "--timeout", "0.0001"], [step], answers);
    assert.equal(status, 124);
    assert.equal(stage.aws.inputs("StopTask").length, 1);
  });

  const mistakes: [string, string[], RegExp][] = [
    ["a wrong container", ["--container", "db"], /There is no container db in web:7; it has: app\./],
    [
      "a wrong strategy",
      ["--capacity-provider-strategy", "FARGATE"],
      /It must be a JSON array such as \[\{"capacityProvider": "FARGATE", "weight": 1\}\]/,
    ],
  ];
  for (const [name, args, message] of mistakes) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await stage.run(["run", ...PLACE, ...args], [step]);
      assert.equal(status, 1);
      assert.match(err, message);
    });
  }
});
