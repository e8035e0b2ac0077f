import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { type CheckFlags, check } from "../../../adopt/check/check";
import { register } from "../../../adopt/cli";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { REPOSITORY } from "../../helpers/places";
import { policyActions } from "../../ops/permissions";
import { Failure, type Input, type Script, type ScriptedAws } from "../../ops/scripted-aws";
import { service } from "../ecs/descriptions";
import { ACCOUNT } from "../read/scene";
import { scripted } from "../read/scripted";
import { APPS, STACKS } from "./corpus";

const CLUSTER = "shop-prod-Cluster-AbCdEf";
const NAME = "shop-prod-web-Service-0a1B2c3D4e5F";
const arn = (rest: string) => `arn:aws:ecs:eu-west-1:${ACCOUNT}:${rest}`;
const [OLD, NEW] = [arn("task-definition/shop-prod-web:7"), arn("task-definition/web:1")];
const running = (more: object = {}) =>
  service({
    serviceName: NAME,
    serviceArn: arn(`service/${CLUSTER}/${NAME}`),
    clusterArn: arn(`cluster/${CLUSTER}`),
    taskDefinition: OLD,
    desiredCount: 2,
    runningCount: 2,
    deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED" }],
    ...more,
  });
const template = (policy: string) => `Resources:\n  A: { Type: X, DeletionPolicy: Retain }\n  B: { Type: X${policy} }\n`;
const [LOSES, KEEPS] = [template(""), template(", DeletionPolicy: Retain")];
const [environment] = STACKS.Stacks;
const stacks = (...all: [name: string, status: string][]) => ({
  Stacks: [
    { ...environment, StackStatus: "UPDATE_COMPLETE", CreationTime: new Date(0) },
    ...all.map(([StackName, StackStatus]) => ({ StackName, StackStatus, CreationTime: new Date(0) })),
  ],
});
const resource = (type: string, name: string, outputs: object) => ({
  urn: `urn:pulumi:prod::shop::${type}::${name}`,
  type,
  custom: true,
  id: name,
  outputs,
});
const IMPORTED = [resource("aws:ecs/service:Service", "web", { name: NAME })];
const UPDATED = [...IMPORTED, resource("aws:ecs/taskDefinition:TaskDefinition", "web", { arn: NEW })];

describe("berth adopt check", () => {
  it("has its own flags, which the verb above has too", async () => {
    const program = new Command("berth").exitOverride();
    register(program);
    const args = ["adopt", "check", "--cluster", "shop", "--region", "eu-west-1", "--cwd", REPOSITORY];
    await assert.rejects(program.parseAsync(args, { from: "user" }), { message: /^--service is missing: name a service of the cluster/ });
  });

  let aws: ScriptedAws;
  const start = scripted();
  after(removeAppFolders);

  const scene = (more: Script = {}): Script => ({
    GetCallerIdentity: { Account: ACCOUNT, Arn: "a", UserId: "x" },
    DescribeStacks: stacks(["shop-prod-web", "UPDATE_COMPLETE"]),
    GetTemplate: { TemplateBody: LOSES },
    ListServices: { serviceArns: [running().serviceArn] },
    DescribeServices: ({ services }: Input) => ({ services: (services as string[]).includes(NAME) ? [running()] : [], failures: [] }),
    ...more,
  });
  const serving = (more: object): Script => ({ DescribeServices: { services: [running(more)], failures: [] } });
  /** `state`: undefined where Pulumi's CLI is not there, null where there is no stack. */
  const run = async (script: Script, state: object[] | null | undefined, flags: Partial<CheckFlags> = {}, file = "config: {}\n") => {
    aws = await start(script);
    const root = appFolder({ ...APPS["one service"], "Pulumi.yaml": "name: shop\nruntime: nodejs\n", "Pulumi.prod.yaml": file });
    if (state !== undefined) {
      writeFileSync(join(root, "state.json"), JSON.stringify({ deployment: { resources: state ?? [] } }));
      const none = "echo \"error: no stack named 'prod' found\" >&2; exit 255";
      writeFileSync(join(root, "pulumi"), `#!/bin/sh\n${state ? `/bin/cat ${join(root, "state.json")}` : none}\n`);
      chmodSync(join(root, "pulumi"), 0o755);
    }
    process.env.PATH = root;
    const of = flags.cluster === undefined ? { copilot: join(root, "copilot"), env: "prod" } : {};
    return await check({ cwd: root, service: [], ...of, ...flags });
  };
  const says = (text: string, ...parts: string[]) => {
    for (const part of parts) assert.ok(text.includes(part), `${part} is not in\n${text}`);
  };

  it("says what is next, and what it saw", async () => {
    const { text, status } = await run(scene(), null);
    assert.equal(status, 0);
    says(
      text,
      "done      Deploy nothing by Copilot any more\n          the stack is not being changed\n",
      "next      Keep every resource when its stack goes\n          1 of 2 resources of shop-prod-web is not retained: B\n",
      "not yet   Import what runs\n          web is not in the state of prod\n",
      "not yet   Update\n          web runs shop-prod-web:7, which prod did not register\n",
      "not yet   Delete the stacks",
      "shop-prod-web is UPDATE_COMPLETE",
    );
  });
  it("follows the steps to the end", async () => {
    const kept = { GetTemplate: { TemplateBody: KEEPS } };
    says((await run(scene(kept), [])).text, "done      Keep every", "1 stack would delete nothing", "next      Import what runs");
    says((await run(scene(kept), IMPORTED)).text, "done      Import what runs", "next      Update");
    const updated = serving({ taskDefinition: NEW });
    says((await run(scene({ ...kept, ...updated }), UPDATED)).text, "done      Update", "next      Delete the stacks");
    const { text, status } = await run(scene({ ...updated, DescribeStacks: stacks() }), UPDATED);
    assert.equal(status, 0, text);
    says(text, "done      Delete the stacks", "there is no stack shop-prod-web");
    assert.doesNotMatch(text, /^(next|not yet)/m);
  });
  it("ends with 1 where a step was skipped, or the service is not steady", async () => {
    const wrong = async (script: Script, state: object[] | undefined, message: string, file?: string) => {
      const { text, status } = await run(scene(script), state, {}, file);
      says(text, `  - ${message}\n`);
      assert.equal(status, 1);
    };
    const leaving = { DescribeStacks: stacks(["shop-prod-web", "DELETE_IN_PROGRESS"]) };
    await wrong(leaving, IMPORTED, "shop-prod-web is DELETE_IN_PROGRESS, and 1 of 2 resources of shop-prod-web is not retained: B.");
    await wrong({ DescribeStacks: stacks() }, [], "there is no stack shop-prod-web, and prod has not imported web.");
    await wrong({ DescribeStacks: stacks() }, IMPORTED, "there is no stack shop-prod-web, and prod has not updated web.");
    await wrong({ ListServices: { serviceArns: [] } }, IMPORTED, "ECS has no service web any more.");
    await wrong(serving({ runningCount: 1 }), undefined, "web is not steady: 1 of 2 tasks run.");
    const two = [{ rolloutState: "IN_PROGRESS" }, { rolloutState: "FAILED" }];
    await wrong(serving({ deployments: two }), undefined, "web is not steady: 2 deployments are there, a deployment failed.");
    const message = "prod is updated, and services.web.queue was not named before: the stack has a new one.";
    await wrong(serving({ taskDefinition: NEW }), UPDATED, message, "config:\n  services: { web: { queue: {} } }\n");
  });
  it("says that Copilot is at work, and what the stack file does not name yet", async () => {
    const { text } = await run(
      scene({ DescribeStacks: stacks(["shop-prod-web", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"]) }),
      [],
      {},
      "config:\n  services: { web: { queue: {}, volumes: { a: { efs: {} }, b: { efs: fs-1 } } } }\n",
    );
    says(
      text,
      "next      Deploy nothing by Copilot any more\n          shop-prod-web is UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
      "not yet   Name the queues that are there\n          services.web.queue has no arn of what is there",
      "not yet   Name the file system that is there\n          services.web.volumes.a has no efs of what is there",
    );
    assert.doesNotMatch(text, /volumes\.b/);
  });
  it("says what it has no permission for, and goes on", async () => {
    const denied = new Failure("AccessDeniedException", "no", 403);
    const { text, status } = await run(scene({ GetTemplate: denied, ListServices: denied }), []);
    assert.equal(status, 0);
    says(
      text,
      "not seen  Keep every resource",
      "not seen  Import what runs\n          ECS could not be asked",
      "You have no permission for cloudformation:GetTemplate, ecs:ListServices: what depends on it was not seen.",
    );
    says((await run(scene({ DescribeStacks: denied }), [])).text, "You have no permission for cloudformation:DescribeStacks:");
  });
  it("says where Pulumi's CLI is not there", async () =>
    says((await run(scene(), undefined)).text, "not seen  Import what runs", "Pulumi's CLI is not installed"));
  it("names the stack that could be meant", async () => {
    const none = { Stacks: [{ StackName: "shop-prd", StackStatus: "CREATE_COMPLETE", CreationTime: new Date(0) }] };
    await assert.rejects(
      run(scene({ DescribeStacks: none }), []),
      /There is no stack "shop-prod" of CloudFormation; there are shop-prd; did you mean "shop-prd"\?/,
    );
    const other = { DescribeStacks: stacks(["shop-prod-webs", "CREATE_COMPLETE"]), ListServices: { serviceArns: [] } };
    await assert.rejects(run(scene(other), [], { service: ["web"] }), /no stack "shop-prod-web" .*did you mean "shop-prod-webs"/);
    await assert.rejects(check({ cwd: ".", service: [] }), /What is checked is not named/);
  });
  it("looks at a service adopted live, too", async () => {
    const { text, status } = await run(scene(serving({ taskDefinition: NEW })), UPDATED, { cluster: CLUSTER, service: [NAME] });
    assert.equal(status, 0);
    says(text, "done      Import what runs", "done      Update");
    assert.doesNotMatch(text, /Copilot|CloudFormation/);
  });
  it("calls nothing that the policy in the documentation does not permit", async () => {
    await run(scene(), []);
    const called = aws.calls.map(({ action }) => action).filter((action) => !action.startsWith("sts:"));
    assert.deepEqual(
      called.filter((action) => !policyActions("adopt-policy.json").includes(action)),
      [],
    );
    assert.ok(called.includes("cloudformation:DescribeStacks") && called.includes("cloudformation:GetTemplate"));
  });
});
