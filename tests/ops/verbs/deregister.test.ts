import assert from "node:assert/strict";
import { revision } from "../answers";
import { Failure } from "../scripted-aws";
import { Stage } from "./stage";

describe("berth deregister", () => {
  const stage = Stage.use();
  const other = revision(1).replace("/web:", "/web-admin:");
  const script = {
    ListTaskDefinitions: [{ taskDefinitionArns: [other, revision(7)], nextToken: "more" }, { taskDefinitionArns: [revision(6)] }],
    DeregisterTaskDefinition: {},
    DeleteTaskDefinitions: {},
  };

  it("ends every revision of the family, and of no other that begins alike", async () => {
    const { status, err } = await stage.run(["deregister", "--family", "web"], [], script);
    assert.equal(status, 0);
    assert.equal(err, "Deregistered 2 revisions of web.\n");
    const ended = stage.aws.inputs("DeregisterTaskDefinition").map(({ taskDefinition }) => taskDefinition);
    assert.deepEqual(ended, [revision(7), revision(6)]);
    assert.deepEqual(stage.aws.inputs("DeleteTaskDefinitions"), [{ taskDefinitions: [revision(7), revision(6)] }]);
  });

  it("does not fail a destroy when only the deletion is refused", async () => {
    const DeleteTaskDefinitions = new Failure("AccessDeniedException", "not authorized to perform: ecs:DeleteTaskDefinitions");
    const { status, err } = await stage.run(["deregister"], [], { ...script, DeleteTaskDefinitions }, { env: { BERTH_FAMILY: "web" } });
    assert.equal(status, 0);
    assert.match(err, /They remain listed as inactive: not authorized to perform: ecs:DeleteTaskDefinitions/);
  });

  it("needs a family", async () => {
    const { status, err } = await stage.run(["deregister"]);
    assert.equal(status, 1);
    assert.match(err, /required option '--family <name>' not specified/);
  });
});
