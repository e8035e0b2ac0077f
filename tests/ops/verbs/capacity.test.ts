import assert from "node:assert/strict";
import type { Service, Task } from "@aws-sdk/client-ecs";
import { CLUSTER_ARN, deployment, SERVICE_ARN, service, task } from "../answers";
import { Failure, type Input, type Script } from "../scripted-aws";
import { FAST, Stage } from "./stage";

const ARN = "arn:aws:ecs:us-east-1:111122223333:capacity-provider/apps-managed";
const provider = (status: string | undefined, fields = {}) => ({ name: "apps-managed", capacityProviderArn: ARN, status, ...fields });

describe("berth attach-capacity-provider, before the provider is ACTIVE", () => {
  const stage = Stage.use();
  const env = { BERTH_CLUSTER: CLUSTER_ARN, BERTH_CAPACITY_PROVIDER: ARN };
  const DescribeClusters = { clusters: [{ status: "ACTIVE", capacityProviders: ["apps-managed", "other"] }] };
  const wait = (answers: object[], args: string[] = []) =>
    stage.run(["attach-capacity-provider", ...FAST, ...args], [], { DescribeCapacityProviders: answers, DescribeClusters }, { env });

  it("waits until the provider is ACTIVE, and prints each state once", async () => {
    const states = [undefined, "PROVISIONING", "PROVISIONING", "ACTIVE"];
    const { status, out, err } = await wait(states.map((state) => ({ capacityProviders: state ? [provider(state)] : [] })));
    assert.equal(status, 0);
    assert.match(out, /^apps-managed: ready after \d+ s\.\n$/);
    assert.equal(
      err,
      "The capacity provider apps-managed is not visible yet, not ACTIVE\nThe capacity provider apps-managed is PROVISIONING, not ACTIVE\n",
    );
    // Without the cluster, which does not have it yet.
    assert.deepEqual(stage.aws.inputs("DescribeCapacityProviders")[0], { capacityProviders: [ARN] });
    assert.equal(stage.aws.inputs("DescribeCapacityProviders").length, 4);
    assert.equal(stage.aws.calls[0]?.region, "us-east-1");
  });

  it("waits for each of several, by names too", async () => {
    const both = (state: string) => ({ capacityProviders: [provider("ACTIVE"), { name: "other", status: state }] });
    const { status, err } = await wait([both("PROVISIONING"), both("ACTIVE")], ["--capacity-provider", "apps-managed, other"]);
    assert.equal(status, 0);
    assert.equal(err, "The capacity provider other is PROVISIONING, not ACTIVE\n");
  });

  it("accepts an ACTIVE one whose update failed before", async () => {
    assert.equal((await wait([{ capacityProviders: [provider("ACTIVE", { updateStatus: "UPDATE_FAILED" })] }])).status, 0);
  });

  const failures: [string, object, RegExp][] = [
    [
      "could not be created",
      { updateStatus: "CREATE_FAILED", updateStatusReason: "The infrastructure role cannot be assumed." },
      /^The capacity provider apps-managed is PROVISIONING \(CREATE_FAILED\): The infrastructure role cannot be assumed\.$/m,
    ],
    [
      "is gone",
      { status: "INACTIVE", updateStatus: "DELETE_COMPLETE" },
      /apps-managed is INACTIVE \(DELETE_COMPLETE\): AWS gives no reason$/m,
    ],
    ["is being deleted", { status: "DEPROVISIONING" }, /apps-managed is DEPROVISIONING \(no update\)/],
  ];
  for (const [name, fields, message] of failures) {
    it(`ends at once for one that ${name}, with AWS's reason and what to do`, async () => {
      const { status, err } = await wait([{ capacityProviders: [provider("PROVISIONING", fields)] }]);
      assert.equal(status, 1);
      assert.match(err, message);
      assert.match(err, /The infrastructure role must allow ECS to assume it/);
      assert.match(err, /`pulumi up --replace URN`/);
      assert.equal(stage.aws.inputs("DescribeCapacityProviders").length, 1);
    });
  }

  it("gives up after the time it has", async () => {
    const { status, err } = await wait([{ capacityProviders: [provider("PROVISIONING")] }], ["--timeout", "0.0005"]);
    assert.equal(status, 1);
    assert.match(err, /^The capacity provider apps-managed is PROVISIONING, not ACTIVE after 0\.0005 minutes\.$/m);
  });

  it("ends with 130 on Ctrl-C", async () => {
    const DescribeCapacityProviders = { capacityProviders: [provider("PROVISIONING")] };
    const options = { env, interruptWhen: ({ err }: { err: string }) => err.includes("PROVISIONING") };
    assert.equal((await stage.run(["attach-capacity-provider", ...FAST], [], { DescribeCapacityProviders }, options)).status, 130);
  });

  it("needs the providers", async () => {
    const { status, err } = await stage.run(["attach-capacity-provider", "--cluster", "apps"]);
    assert.equal(status, 1);
    assert.match(err, /required option '--capacity-provider <names>' not specified/);
  });
});

describe("berth detach-capacity-provider, while the provider is in use", () => {
  const stage = Stage.use();
  const env = { BERTH_CLUSTER: CLUSTER_ARN, BERTH_CAPACITY_PROVIDER: "apps-managed" };
  const on = (capacityProvider: string) => [{ capacityProvider, weight: 1 }];
  const web = (fields: Partial<Service>) => service([deployment(7, { capacityProviderStrategy: on("FARGATE") })], fields);
  const taskOn = (id: string, capacityProviderName: string, fields: Partial<Task> = {}) => task(id, 7, { capacityProviderName, ...fields });

  /** What the cluster holds at each poll. */
  function cluster(...polls: { services?: Service[]; running?: Task[]; stopped?: Task[] }[]) {
    let index = -1;
    const now = () => polls[Math.min(Math.max(index, 0), polls.length - 1)]!;
    const arnsOf = (desired: unknown) => ((desired === "STOPPED" ? now().stopped : now().running) ?? []).map(({ taskArn }) => taskArn);
    return {
      DescribeClusters: { clusters: [] },
      ListServices: ({ nextToken }: Input) => {
        if (nextToken) return { serviceArns: [`${SERVICE_ARN}-2`] };
        index++;
        return { serviceArns: [SERVICE_ARN], nextToken: "more" };
      },
      DescribeServices: ({ services }: Input) => ({ services: (services as string[])[0] === SERVICE_ARN ? (now().services ?? []) : [] }),
      ListTasks: ({ desiredStatus, nextToken }: Input) =>
        nextToken ? { taskArns: arnsOf(desiredStatus).slice(1) } : { taskArns: arnsOf(desiredStatus).slice(0, 1), nextToken: "more" },
      DescribeTasks: ({ tasks }: Input) => ({
        tasks: [...(now().running ?? []), ...(now().stopped ?? [])].filter(({ taskArn }) => (tasks as string[]).includes(taskArn!)),
      }),
    };
  }
  const wait = (script: ReturnType<typeof cluster>, args: string[] = [], given: Record<string, string | undefined> = env) =>
    stage.run(["detach-capacity-provider", ...FAST, ...args], [], script, { env: given });

  it("waits until no service and no task uses the provider", async () => {
    const { status, out, err } = await wait(
      cluster(
        { services: [web({ capacityProviderStrategy: on("apps-managed") })], running: [taskOn("a", "apps-managed")] },
        { services: [web({ capacityProviderStrategy: on("FARGATE") })], running: [taskOn("b", "FARGATE"), taskOn("a", "apps-managed")] },
        { services: [web({})], stopped: [taskOn("a", "apps-managed", { lastStatus: "DEPROVISIONING" })] },
        { services: [web({})], running: [taskOn("b", "FARGATE")], stopped: [taskOn("a", "apps-managed", { lastStatus: "STOPPED" })] },
      ),
    );
    assert.equal(status, 0, err);
    assert.match(out, /^apps-managed: ready after \d+ s\.\n$/);
    assert.equal(err, "apps-managed: in use by service web, 1 task of service:web\napps-managed: in use by 1 task of service:web\n");
    assert.ok(stage.aws.inputs("ListServices").some(({ nextToken }) => nextToken === "more"));
    assert.ok(stage.aws.inputs("ListTasks").some(({ nextToken, desiredStatus }) => nextToken === "more" && desiredStatus === "STOPPED"));
    assert.deepEqual([...new Set(stage.aws.inputs("ListServices").map(({ maxResults }) => maxResults))], [10]);
  });

  it("sees a provider that an old deployment of a service still uses", async () => {
    const old = web({ deployments: [deployment(7), deployment(6, { status: "ACTIVE", capacityProviderStrategy: on("apps-managed") })] });
    const { err } = await wait(cluster({ services: [old] }, {}));
    assert.equal(err, "apps-managed: in use by service web\n");
  });

  it("passes over a service that is gone", async () => {
    const gone = web({ status: "INACTIVE", capacityProviderStrategy: on("apps-managed") });
    assert.deepEqual((await wait(cluster({ services: [gone] }))).err, "");
  });

  it("names what uses it when the time is over, and what to do", async () => {
    const running = ["a", "b"].map((id) => taskOn(id, "apps-managed", { group: "family:job" }));
    const services = ["s1", "s2", "s3", "s4"].map((serviceName) => web({ serviceName, capacityProviderStrategy: on("apps-managed") }));
    const { status, err } = await wait(cluster({ services, running }), ["--timeout", "0.0005"]);
    assert.equal(status, 1);
    assert.match(
      err,
      /^apps-managed: in use by service s1, service s2, service s3 and 2 more after 0\.0005 minutes, so the cluster apps cannot give it up\.$/m,
    );
    assert.match(err, /Stop these tasks, or move these services to other capacity/);
    const alone = await wait(cluster({ running }), ["--timeout", "0.0005"]);
    assert.match(alone.err, /in use by 2 tasks of family:job after/);
  });

  it("needs the cluster, and the permission to read it", async () => {
    const nowhere = await wait(cluster({}), [], { ...env, BERTH_CLUSTER: undefined });
    assert.match(nowhere.err, /^--cluster is missing: name the cluster of the capacity providers\.$/m);
    const denied = new Failure("AccessDeniedException", "not authorized to perform: ecs:ListServices");
    const { status, err } = await stage.run(["detach-capacity-provider"], [], { ...cluster({}), ListServices: denied }, { env });
    assert.equal(status, 1);
    assert.match(err, /ecs:ListServices/);
  });
});

describe("berth attach-capacity-provider and detach-capacity-provider, at the cluster", () => {
  const stage = Stage.use();
  const env = { BERTH_CLUSTER: CLUSTER_ARN, BERTH_CAPACITY_PROVIDER: ARN };
  const strategy = [
    { capacityProvider: "FARGATE", base: 1, weight: 1 },
    { capacityProvider: "apps-managed", base: 0, weight: 1 },
  ];

  /** A cluster that has these providers, and answers a change as scripted. */
  function clusterWith(held: string[], { puts = [{}], status = [] as (string | undefined)[], attachments = [] as object[] } = {}) {
    let providers = held;
    let looks = 0;
    let changes = 0;
    return {
      DescribeCapacityProviders: { capacityProviders: [provider("ACTIVE")] },
      ListServices: { serviceArns: [] },
      ListTasks: { taskArns: [] },
      DescribeClusters: () => ({
        clusters: [
          {
            clusterName: "apps",
            status: "ACTIVE",
            capacityProviders: providers,
            defaultCapacityProviderStrategy: strategy.filter(({ capacityProvider }) => providers.includes(capacityProvider)),
            attachmentsStatus: status[looks++],
            attachments,
          },
        ],
      }),
      PutClusterCapacityProviders: ({ capacityProviders }: Input) => {
        const answer = puts[Math.min(changes++, puts.length - 1)]!;
        if (!(answer instanceof Failure)) providers = capacityProviders as string[];
        return answer;
      },
    };
  }
  const run = (verb: string, script: object, args: string[] = []) => stage.run([verb, ...FAST, ...args], [], script as Script, { env });
  const puts = () => stage.aws.inputs("PutClusterCapacityProviders");

  it("adds the provider to the list that the cluster has, and waits until the cluster has changed", async () => {
    const script = clusterWith(["FARGATE"], { status: [undefined, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"] });
    const { status, out, err } = await run("attach-capacity-provider", script);
    assert.equal(status, 0, err);
    assert.match(out, /^apps-managed: ready after \d+ s\.\n$/);
    assert.equal(err, "The cluster apps is updating its capacity providers\n");
    assert.deepEqual(puts(), [
      { cluster: CLUSTER_ARN, capacityProviders: ["FARGATE", "apps-managed"], defaultCapacityProviderStrategy: strategy.slice(0, 1) },
    ]);
    assert.equal(stage.aws.inputs("DescribeClusters").length, 3);
    assert.deepEqual(stage.aws.inputs("DescribeClusters")[0], { clusters: [CLUSTER_ARN], include: ["ATTACHMENTS"] });
  });

  it("adds it only when it is ACTIVE", async () => {
    const DescribeCapacityProviders = [{ capacityProviders: [provider("PROVISIONING")] }, { capacityProviders: [provider("ACTIVE")] }];
    const { err } = await run("attach-capacity-provider", { ...clusterWith([]), DescribeCapacityProviders });
    assert.match(err, /^The capacity provider apps-managed is PROVISIONING, not ACTIVE\nThe cluster apps is updating/);
    const names = stage.aws.calls.map(({ operation }) => operation);
    const before = names.slice(0, names.indexOf("PutClusterCapacityProviders"));
    assert.equal(before.filter((name) => name === "DescribeCapacityProviders").length, 2);
    assert.equal(puts().length, 1);
  });

  it("changes nothing where the cluster has it", async () => {
    assert.equal((await run("attach-capacity-provider", clusterWith(["apps-managed", "FARGATE"]))).status, 0);
    assert.deepEqual(puts(), []);
  });

  it("removes it, from the default strategy too", async () => {
    const { status, err } = await run("detach-capacity-provider", clusterWith(["FARGATE", "apps-managed"]));
    assert.equal(status, 0, err);
    assert.deepEqual(puts(), [
      { cluster: CLUSTER_ARN, capacityProviders: ["FARGATE"], defaultCapacityProviderStrategy: strategy.slice(0, 1) },
    ]);
  });

  it("removes it only when nothing uses it", async () => {
    const script = clusterWith(["FARGATE", "apps-managed"]);
    const ListTasks = [{ taskArns: ["a"] }, { taskArns: [] }];
    const DescribeTasks = { tasks: [task("a", 7, { capacityProviderName: "apps-managed", lastStatus: "STOPPING" })] };
    const { status, err } = await run("detach-capacity-provider", { ...script, ListTasks, DescribeTasks });
    assert.equal(status, 0, err);
    assert.match(err, /^apps-managed: in use by 1 task of service:web\n/);
    assert.equal(puts().length, 1);
  });

  it("tries again while AWS is busy with the cluster or still counts a task", async () => {
    const busy = new Failure("UpdateInProgressException", "The cluster is being updated.");
    const used = new Failure("ResourceInUseException", "The specified capacity provider is in use and cannot be removed.");
    const { status, err } = await run("detach-capacity-provider", clusterWith(["apps-managed"], { puts: [busy, used, used, {}] }));
    assert.equal(status, 0, err);
    assert.deepEqual(err.split("\n").slice(0, 3), [busy.message, used.message, "The cluster apps is updating its capacity providers"]);
    assert.equal(puts().length, 4);
  });

  it("fails for what a retry does not fix", async () => {
    const refused = new Failure("InvalidParameterException", "Too many capacity providers.");
    const { status, err } = await run("attach-capacity-provider", clusterWith([], { puts: [refused] }));
    assert.equal(status, 1);
    assert.match(err, /Too many capacity providers/);
    assert.equal(puts().length, 1);
  });

  it("says why the cluster could not change", async () => {
    const attachments = [
      { status: "FAILED", details: [{ name: "statusReason", value: "no scaling plan" }] },
      { status: "CREATED", details: [{ name: "statusReason", value: "fine" }] },
    ];
    const { status, err } = await run("attach-capacity-provider", clusterWith([], { status: [undefined, "UPDATE_FAILED"], attachments }));
    assert.equal(status, 1);
    assert.match(err, /^The cluster apps could not change its capacity providers \(statusReason: no scaling plan\)\.$/m);
    // A change that failed before this one is written again.
    assert.equal(
      (await run("attach-capacity-provider", clusterWith(["apps-managed"], { status: ["UPDATE_FAILED", "UPDATE_COMPLETE"] }))).status,
      0,
    );
    assert.equal(puts().length, 1);
  });

  it("has nothing to remove from a cluster that is gone", async () => {
    const DescribeClusters = { clusters: [{ status: "INACTIVE", capacityProviders: ["apps-managed"] }] };
    assert.equal((await run("detach-capacity-provider", { ...clusterWith([]), DescribeClusters })).status, 0);
    assert.deepEqual(puts(), []);
  });
});
