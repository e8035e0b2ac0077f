import assert from "node:assert/strict";
import { CLUSTER_ARN, revision, taskDefinition } from "../answers";
import { Failure, type Input } from "../scripted-aws";
import { Stage } from "./stage";

describe("berth deregister", () => {
  const stage = Stage.use();
  const other = revision(1).replace("/web:", "/web-admin:");
  const script = {
    ListTaskDefinitions: [{ taskDefinitionArns: [other, revision(7)], nextToken: "more" }, { taskDefinitionArns: [revision(6)] }],
    DeregisterTaskDefinition: {},
    DeleteTaskDefinitions: {},
  };
  const ended = () => stage.aws.inputs("DeregisterTaskDefinition").map(({ taskDefinition }) => taskDefinition);

  it("ends every revision of the family on all pages, and of no other family that begins alike", async () => {
    const { status, err } = await stage.run(["deregister", "--family", "web"], [], script);
    assert.equal(status, 0);
    assert.equal(err, "Deregistered 2 revisions of web.\n");
    assert.deepEqual(ended(), [revision(7), revision(6)]);
    assert.deepEqual(stage.aws.inputs("DeleteTaskDefinitions"), [{ taskDefinitions: [revision(7), revision(6)] }]);
    assert.deepEqual(stage.aws.inputs("ListTaskDefinitions"), [
      { familyPrefix: "web", status: "ACTIVE" },
      { familyPrefix: "web", status: "ACTIVE", nextToken: "more" },
    ]);
  });

  it("deletes ten at a time, as many as AWS takes", async () => {
    const many = Array.from({ length: 23 }, (_, i) => revision(i + 1));
    await stage.run(["deregister", "--family", "web"], [], { ...script, ListTaskDefinitions: { taskDefinitionArns: many } });
    const sizes = stage.aws.inputs("DeleteTaskDefinitions").map(({ taskDefinitions }) => (taskDefinitions as string[]).length);
    assert.deepEqual(sizes, [10, 10, 3]);
    assert.deepEqual(ended(), many);
  });

  it("does not fail a destroy when only the deletion is refused", async () => {
    const DeleteTaskDefinitions = new Failure("AccessDeniedException", "not authorized to perform: ecs:DeleteTaskDefinitions");
    const { status, err } = await stage.run(["deregister"], [], { ...script, DeleteTaskDefinitions }, { env: { BERTH_FAMILY: "web" } });
    assert.equal(status, 0);
    assert.match(err, /They remain listed as inactive: not authorized to perform: ecs:DeleteTaskDefinitions/);
  });

  it("warns where the family has no revision, naming family and region, and lets the destroy go on", async () => {
    const ListTaskDefinitions = { taskDefinitionArns: [other] };
    const { status, err } = await stage.run(["deregister", "--family", "web", "--region", "eu-west-1"], [], {
      ...script,
      ListTaskDefinitions,
    });
    assert.equal(status, 0);
    assert.equal(err, "Warning: the family web has no active revision in eu-west-1; nothing was deregistered.\n");
    assert.deepEqual(ended(), []);
  });

  describe("in a family that has another owner too", () => {
    const ours = { Project: "shop", Stack: "dev" };
    const owners: Record<number, Record<string, string>> = {
      5: { ...ours, Team: "web" },
      6: { Project: "shop", Stack: "prod" },
      7: ours,
      8: { Stack: "dev" },
    };
    const shared = {
      ...script,
      ListTaskDefinitions: { taskDefinitionArns: [5, 6, 7, 8].map(revision) },
      DescribeTaskDefinition: ({ taskDefinition: arn }: Input) => {
        const number = Number(String(arn).split(":").pop());
        const tags = Object.entries(owners[number]!).map(([key, value]) => ({ key, value }));
        return { taskDefinition: taskDefinition(number), tags };
      },
    };
    const env = { BERTH_FAMILY: "web", BERTH_TAGS: JSON.stringify(ours) };

    it("takes only revisions that carry all of its tags, and names the others", async () => {
      const { status, err } = await stage.run(["deregister"], [], shared, { env });
      assert.equal(status, 0);
      assert.deepEqual(ended(), [revision(5), revision(7)]);
      assert.deepEqual(stage.aws.inputs("DeleteTaskDefinitions"), [{ taskDefinitions: [revision(5), revision(7)] }]);
      assert.deepEqual(
        stage.aws.inputs("DescribeTaskDefinition").map(({ include }) => include),
        [["TAGS"], ["TAGS"], ["TAGS"], ["TAGS"]],
      );
      assert.equal(err, "Deregistered 2 revisions of web.\nKept 2 revisions without the tags Project=shop, Stack=dev: web:6, web:8.\n");
    });

    it("takes none that was registered after its last one: it belongs to the task that follows", async () => {
      const { err } = await stage.run(["deregister"], [], shared, { env: { ...env, BERTH_TASK_DEFINITION: revision(6) } });
      assert.deepEqual(ended(), [revision(5)]);
      assert.match(err, /^Kept 2 revisions registered after web:6: web:7, web:8\.$/m);
      await stage.run(["deregister", "--up-to", "web:7"], [], shared, { env });
      assert.deepEqual(ended(), [revision(5), revision(7)]);
    });

    it("keeps all when the tags are no JSON object", async () => {
      for (const tags of ["dev", "[]", '{"Stack": 1}', "null"]) {
        const { status, err } = await stage.run(["deregister", "--family", "web", "--tags", tags], [], shared);
        assert.equal(status, 1);
        assert.match(err, /It must be a JSON object of strings, such as \{"Stack": "dev"\}\./);
        assert.deepEqual(ended(), []);
      }
    });
  });

  it("touches no family of the same name in another account", async () => {
    const cluster = CLUSTER_ARN.replace("111122223333", "999988887777");
    const { status, err } = await stage.run(["deregister", "--family", "web"], [], script, { env: { BERTH_CLUSTER: cluster } });
    assert.equal(status, 1);
    assert.match(err, /^The AWS credentials are for account 111122223333; the family web is in account 999988887777\.$/m);
    assert.deepEqual(ended(), []);
    assert.equal((await stage.run(["deregister", "--family", "web"], [], script, { env: { BERTH_CLUSTER: CLUSTER_ARN } })).status, 0);
  });

  it("needs a family", async () => {
    const { status, err } = await stage.run(["deregister"]);
    assert.equal(status, 1);
    assert.match(err, /required option '--family <name>' not specified/);
  });
});
