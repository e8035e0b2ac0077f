import assert from "node:assert/strict";
import type { Container, Task } from "@aws-sdk/client-ecs";
import { diagnose } from "../../../ops/diagnosis/diagnose";
import { eventsOf, failedContainer, failedTasksOf, mainContainer, reasonsOf } from "../../../ops/diagnosis/evidence";
import { at, container, crashed, deployment, evidence, REVISIONS, rollout, service, stoppedTask, task, taskDefinition } from "../answers";

const defined = (...containers: { name: string; essential?: boolean }[]) => taskDefinition(7, { containerDefinitions: containers });

describe("the container that a person means by the app", () => {
  const balanced = service([], { loadBalancers: [{ containerName: "web" }] });
  it("is the one behind the load balancer", () => {
    assert.equal(mainContainer(defined({ name: "proxy" }, { name: "web" }), balanced)?.name, "web");
  });
  it("is the first essential one otherwise, and essential is the default", () => {
    assert.equal(
      mainContainer(defined({ name: "init", essential: false }, { name: "app" }, { name: "other", essential: true }))?.name,
      "app",
    );
    assert.equal(mainContainer(defined({ name: "init", essential: false }, { name: "app", essential: true }), balanced)?.name, "app");
  });
  it("is the essential one that the task is named after, whatever stands before it, where no load balancer tells", () => {
    const named = (family: string, ...containers: { name: string; essential?: boolean }[]) =>
      mainContainer({ ...defined(...containers), family })?.name;
    const [agent, report] = [{ name: "agent" }, { name: "report" }];
    assert.equal(named("shop-prod-report", agent, report), "report");
    assert.equal(named("report", agent, report), "report");
    assert.equal(named("shop-api-dev-report-0123abcd", agent, report), "report");
    assert.equal(named("shop-prod-myreport", agent, report), "agent");
    assert.equal(named("shop-prod-report", agent, { ...report, essential: false }), "agent");
  });
  it("is the first where none is essential, and none without a definition", () => {
    assert.equal(mainContainer(defined({ name: "a", essential: false }, { name: "b", essential: false }))?.name, "a");
    assert.equal(mainContainer(undefined), undefined);
  });
});

describe("the container that a task failed by", () => {
  const blamed = (...containers: Partial<Container>[]) =>
    failedContainer(task("a", 7, { containers: containers.map((fields) => container(fields)) }))?.name;
  it("is the one with a reason, then one that exited badly, then the first that exited, then an unhealthy one", () => {
    assert.equal(blamed({ name: "a", exitCode: 1 }, { name: "b", reason: "OutOfMemory" }), "b");
    assert.equal(blamed({ name: "a", exitCode: 0 }, { name: "b", exitCode: 143 }, { name: "c", exitCode: 1 }), "c");
    assert.equal(blamed({ name: "a" }, { name: "b", exitCode: 143 }, { name: "c", exitCode: 0 }), "b");
    assert.equal(blamed({ name: "a" }, { name: "b", healthStatus: "UNHEALTHY" }), "b");
    assert.equal(blamed({ name: "a" }), undefined);
    assert.equal(failedContainer(undefined), undefined);
  });
});

describe("the tasks that failed", () => {
  const failed = (...stopped: Task[]) => failedTasksOf(rollout({ otherDeploymentIds: ["ecs-svc/1"] }), stopped).length;
  const one = crashed("a", 7, 1);
  it("are those of the rollout, from its start on", () => {
    assert.equal(failed(one), 1);
    assert.equal(failed({ ...one, createdAt: at(7) }), 1, "created in the same moment");
    assert.equal(failed({ ...one, createdAt: at(6.9) }), 0, "created before");
    assert.equal(failed({ ...one, createdAt: undefined }), 1, "no time known");
    assert.equal(failed({ ...one, startedBy: "ecs-svc/1" }), 0, "of another deployment of the same revision");
    assert.equal(failed({ ...one, startedBy: "ecs-svc/2" }), 1, "of a deployment that is no longer listed");
    assert.equal(
      failed({ ...crashed("a", 6, 1), createdAt: at(8), startedBy: "ecs-svc/7000000000000000000" }),
      1,
      "by the deployment, whatever the revision",
    );
    assert.equal(failed({ ...crashed("a", 6, 1), createdAt: at(8) }), 0, "of another revision");
  });
  it("are none that were stopped on purpose", () => {
    for (const reason of [
      "Scaling activity initiated by deployment",
      "scaling down",
      "Deployment completed",
      "Task definition updated",
      "stopped for the capacity limit",
      "Service deleted",
      "stopped by user",
    ])
      assert.equal(failed({ ...one, stoppedReason: reason }), 0, reason);
    assert.equal(failed({ ...one, stopCode: "UserInitiated" }), 0);
    assert.equal(failed({ ...one, stoppedReason: undefined }), 1);
  });
});

describe("the events of a rollout", () => {
  const observation = {
    service: service([deployment(7)], { events: [{ id: "b", createdAt: at(7) }, { id: "a", createdAt: at(6.9) }, { id: "c" }] }),
    serviceDeployments: [],
    revisions: REVISIONS,
    running: [],
    stopped: [],
    targetGroups: [],
  };
  it("are those since its start, and none while its start is unknown", () => {
    assert.deepEqual(
      eventsOf(observation, rollout()).map(({ id }) => id),
      ["b", "c"],
    );
    assert.deepEqual(eventsOf(observation, rollout({ startedAt: undefined })), []);
  });
});

describe("a crash", () => {
  const sentence = (fields: Partial<Task>, ...more: Task[]) =>
    diagnose(evidence({ failedTasks: [{ ...crashed("a", 7, 1), ...fields }, ...more] })).sentence;
  it("is told by the exit code, whatever the stop code", () => {
    assert.equal(sentence({ stopCode: "TaskFailedToStart" }), "The container app crashed: exit code 1 after 3 s.");
    assert.equal(
      sentence({ stopCode: "EssentialContainerExited", containers: [container({})] }),
      "An essential container exited after 3 s.",
    );
    assert.equal(diagnose(evidence({ failedTasks: [stoppedTask("a", 7, "some reason", [container()])] })).cause, "unknown");
  });
  it("is told with what the exit code means", () => {
    const meanings = {
      126: "the command is not executable",
      127: "the command was not found",
      134: "aborted",
      137: "killed, most often for memory",
      139: "segmentation fault",
    };
    for (const [exitCode, meaning] of Object.entries(meanings))
      assert.equal(
        sentence({ containers: [container({ exitCode: Number(exitCode) })] }),
        `The container app crashed: exit code ${exitCode} (${meaning}) after 3 s.`,
      );
    assert.equal(
      sentence({ containers: [container({ exitCode: 143 })] }),
      "The container app crashed: exit code 143 (terminated) after 3 s.",
    );
    assert.equal(sentence({ containers: [container({ exitCode: 2 })] }), "The container app crashed: exit code 2 after 3 s.");
  });
  it("is told with how long the container lived, as far as AWS says", () => {
    const times = { createdAt: at(7.1), startedAt: at(7.2), executionStoppedAt: at(7.3), stoppingAt: at(7.4), stoppedAt: at(7.5) };
    assert.match(sentence(times), / after 6 s\.$/);
    assert.match(sentence({ ...times, executionStoppedAt: undefined }), / after 12 s\.$/);
    assert.match(sentence({ ...times, executionStoppedAt: undefined, stoppingAt: undefined }), / after 18 s\.$/);
    assert.match(sentence({ ...times, startedAt: undefined }), / after 12 s\.$/);
    assert.match(sentence({ ...times, startedAt: undefined, createdAt: undefined }), /exit code 1\.$/);
    assert.match(sentence({}, crashed("b", 7, 1)), / after 3 s \(2 tasks so far\)\.$/);
  });
});

describe("a stopped task's reasons", () => {
  it("are the task's and its containers'", () => {
    assert.equal(
      reasonsOf(stoppedTask("a", 7, "why", [container({ reason: "one" }), container(), container({ reason: "two" })])),
      "why | one | two",
    );
    assert.equal(reasonsOf(undefined), "");
  });
});
