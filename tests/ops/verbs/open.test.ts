import assert from "node:assert/strict";
import { Stage, serving } from "./stage";

describe("berth open", () => {
  const stage = Stage.use();
  const open = (outputs: string) => {
    stage.programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '${outputs}'`);
    return stage.run(["open"], [serving], {}, { env: stage.programs.env, cwd: stage.programs.directory });
  };

  it("prints the URL", async () => assert.equal((await open('{"url":"https://web.example.com"}')).out, "https://web.example.com\n"));

  it("says what is no web address behind a network load balancer", async () => {
    const { status, err } = await open('{"url":"db.example.com:5432"}');
    assert.equal(status, 1);
    assert.match(err, /db\.example\.com:5432 is no web address, so there is nothing to open; connect to it\./);
  });

  it("says when there is none, and opens nothing that is no web address", async () => {
    for (const outputs of ["{}", '{"url":"file:///etc/passwd"}']) {
      const { status, err } = await open(outputs);
      assert.equal(status, 1);
      assert.match(err, /The stack has no output url/);
    }
  });
});
