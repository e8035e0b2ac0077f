import assert from "node:assert/strict";
import { at, deployment, revision, service, serviceDeployment, serviceRevision, taskDefinition } from "../answers";
import type { Step } from "../scene";
import type { Script } from "../scripted-aws";
import { FAST, PLACE, Stage, serving } from "./stage";

describe("berth rollback", () => {
  const stage = Stage.use();
  const back: Step = {
    service: service([deployment(6, { createdAt: at(20) })]),
    serviceDeployments: [serviceDeployment(6, { createdAt: at(20) }), serviceDeployment(7)],
  };
  const updated: Script = { UpdateService: { service: {} } };

  it("deploys the previous good revision, follows it and warns of the next up", async () => {
    const { status, out, err } = await stage.run(["rollback", ...PLACE, ...FAST], [serving, back], updated);
    assert.equal(status, 0);
    assert.deepEqual(stage.aws.inputs("UpdateService"), [{ cluster: "apps", service: "web", taskDefinition: revision(6) }]);
    assert.equal(out, "web:6 serves: 2 of 2 tasks run.\n");
    assert.match(err, /^Rolling web back from web:7 to web:6\.$/m);
    assert.match(err, /The next `pulumi up` deploys the program's revision again/);
  });

  it("lets ECS take a deployment back that still runs, and follows that to its end", async () => {
    const at7 = { sourceServiceRevisions: [{ arn: serviceRevision(6) }] };
    const moving = serviceDeployment(7, { ...at7, status: "IN_PROGRESS" });
    const both = service([deployment(7, { rolloutState: "IN_PROGRESS" }), deployment(6, { status: "ACTIVE" })]);
    const steps: Step[] = [
      { service: both, serviceDeployments: [moving, serviceDeployment(6)] },
      { service: both, serviceDeployments: [moving, serviceDeployment(6)] },
      { service: both, serviceDeployments: [serviceDeployment(7, { ...at7, status: "ROLLBACK_IN_PROGRESS" }), serviceDeployment(6)] },
      {
        service: service([deployment(6)]),
        serviceDeployments: [serviceDeployment(7, { ...at7, status: "ROLLBACK_SUCCESSFUL" }), serviceDeployment(6)],
      },
    ];
    const { status, out } = await stage.run(["rollback", ...PLACE, ...FAST], steps, { StopServiceDeployment: {} });
    assert.equal(status, 0);
    assert.equal(out, "web:6 serves again; web:7 was rolled back.\n");
    assert.deepEqual(stage.aws.inputs("StopServiceDeployment"), [
      { serviceDeploymentArn: moving.serviceDeploymentArn, stopType: "ROLLBACK" },
    ]);
    assert.deepEqual(stage.aws.inputs("UpdateService"), []);
  });

  it("waits for a service that shows the update late", async () => {
    const { status } = await stage.run(["rollback", ...PLACE, ...FAST], [serving, serving, serving, back], updated);
    assert.equal(status, 0);
  });

  it("takes a named revision, by its number too", async () => {
    const { status } = await stage.run(["rollback", ...PLACE, ...FAST, "--to", "6"], [serving, back], updated);
    assert.equal(status, 0);
    assert.equal(stage.aws.inputs("UpdateService")[0]?.taskDefinition, revision(6));
  });

  it("passes over a revision that failed, where ECS remembers no success", async () => {
    const step: Step = { service: service([deployment(8), deployment(7, { status: "ACTIVE", rolloutState: "FAILED" })]) };
    const ListTaskDefinitions = { taskDefinitionArns: [revision(8), revision(7), revision(6), revision(5)] };
    await stage.run(["rollback", ...PLACE, ...FAST], [step, back], { ...updated, ListTaskDefinitions });
    assert.equal(stage.aws.inputs("UpdateService")[0]?.taskDefinition, revision(6));
  });

  it("goes back from the revision that is deployed, and from the service's own where none is", async () => {
    const elsewhere: Step = { ...serving, service: { ...serving.service!, taskDefinition: revision(5) } };
    const one = await stage.run(["rollback", ...PLACE, ...FAST], [elsewhere, back], updated);
    assert.match(one.err, /^Rolling web back from web:7 to web:6\.$/m);
    const none: Step = { service: { ...service([]), taskDefinition: revision(7) }, serviceDeployments: serving.serviceDeployments! };
    const other = await stage.run(["rollback", ...PLACE, ...FAST], [none, back], updated);
    assert.match(other.err, /^Rolling web back from web:7 to web:6\.$/m);
  });

  it("looks on every page, and at no other family that begins alike", async () => {
    const step: Step = { service: service([deployment(8)]) };
    const other = revision(5).replace("/web:", "/web-admin:");
    const pages = [{ taskDefinitionArns: [revision(8), other], nextToken: "more" }, { taskDefinitionArns: [revision(5)] }];
    await stage.run(["rollback", ...PLACE, ...FAST], [step, back], { ...updated, ListTaskDefinitions: pages });
    assert.deepEqual(stage.aws.inputs("ListTaskDefinitions"), [
      { familyPrefix: "web", status: "ACTIVE", sort: "DESC" },
      { familyPrefix: "web", status: "ACTIVE", sort: "DESC", nextToken: "more" },
    ]);
    assert.equal(stage.aws.inputs("UpdateService")[0]?.taskDefinition, revision(5));
  });

  it("rolls back a deployment of the same revision too, although no other revision is known", async () => {
    const moving = serviceDeployment(7, { status: "IN_PROGRESS", sourceServiceRevisions: [{ arn: serviceRevision(7) }] });
    const steps: Step[] = [
      { service: service([deployment(7, { rolloutState: "IN_PROGRESS" })]), serviceDeployments: [moving] },
      { service: service([deployment(7)]), serviceDeployments: [{ ...moving, status: "ROLLBACK_SUCCESSFUL" }] },
    ];
    const { status, err } = await stage.run(["rollback", ...PLACE, ...FAST], steps, { StopServiceDeployment: {} });
    assert.equal(status, 0, err);
    assert.match(err, /^Rolling back the deployment of web:7 to web\.$/m);
    assert.deepEqual(stage.aws.inputs("UpdateService"), []);
  });

  it("deploys a named revision although a deployment runs", async () => {
    const moving = serviceDeployment(7, { status: "IN_PROGRESS", sourceServiceRevisions: [{ arn: serviceRevision(6) }] });
    const step = { service: service([deployment(7, { rolloutState: "IN_PROGRESS" })]), serviceDeployments: [moving] };
    const { status } = await stage.run(["rollback", ...PLACE, ...FAST, "--to", "web:6"], [step, back], updated);
    assert.equal(status, 0);
    assert.equal(stage.aws.inputs("UpdateService")[0]?.taskDefinition, revision(6));
    assert.deepEqual(stage.aws.inputs("StopServiceDeployment"), []);
  });

  it("does not warn of the next up where a pipeline deploys", async () => {
    stage.programs.file("Pulumi.yaml", "name: web\n");
    stage.programs.add("pulumi", `echo '{"cluster":"apps","service":"web","revision":"external"}'`);
    const { err } = await stage.run(["rollback", ...FAST], [serving, back], updated, {
      env: stage.programs.env,
      cwd: stage.programs.directory,
    });
    assert.match(err, /^Rolling web back from web:7 to web:6\.$/m);
    assert.doesNotMatch(err, /pulumi up/);
  });

  const refusals: [string, string[], Script, RegExp][] = [
    ["the current revision", ["--to", "7"], {}, /web:7 is the revision that the service already runs/],
    ["a revision that does not exist", ["--to", "99"], {}, /There is no task definition web:99 in this region and account\./],
    [
      "a deregistered revision",
      ["--to", "6"],
      { DescribeTaskDefinition: { taskDefinition: taskDefinition(6, { status: "INACTIVE" }) } },
      /web:6 is deregistered \(INACTIVE\), so ECS cannot deploy it\./,
    ],
  ];
  for (const [name, args, more, message] of refusals) {
    it(`refuses ${name}`, async () => {
      const { status, err } = await stage.run(["rollback", ...PLACE, ...FAST, ...args], [serving], more);
      assert.equal(status, 1);
      assert.match(err, message);
      assert.deepEqual(stage.aws.inputs("UpdateService"), []);
    });
  }

  it("says when there is nothing to go back to", async () => {
    const { status, err } = await stage.run(["rollback", ...PLACE], [{ service: service([deployment(7)]) }], {
      ListTaskDefinitions: { taskDefinitionArns: [revision(7)] },
    });
    assert.equal(status, 1);
    assert.match(err, /There is no earlier revision of web to go back to\./);
  });
});
