import assert from "node:assert/strict";
import { join } from "node:path";
import { BASE, berth, withProject } from "../projects";

const LISTENER = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2";
const PROGRAM = `
import * as aws from "@pulumi/aws";
new aws.lb.ListenerRule("web", {
  listenerArn: "${LISTENER}",
  priority: 100,
  conditions: [{ pathPattern: { values: ["/web/*"] } }],
  actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" } }],
});
`;
const TYPE = "aws:lb/listenerRule:ListenerRule";
const rule = (priority: number, path: string, project = "blog") => ({
  urn: `urn:pulumi:prod::${project}::${TYPE}::blog`,
  type: TYPE,
  inputs: { listenerArn: LISTENER, priority, conditions: [{ pathPattern: { values: [path] } }], __defaults: [] },
  propertyDependencies: { listenerArn: null },
});
const exported = (...resources: object[]) => ({ version: 3, deployment: { manifest: {}, resources } });

/** What a plan beside files of these contents says, without the folder. */
const planned = (...contents: unknown[]) => {
  const files = Object.fromEntries(
    contents.map((content, i) => [`other-${i}.json`, typeof content === "string" ? content : JSON.stringify(content)]),
  );
  return withProject({ ...BASE, "index.ts": PROGRAM, ...files }, (cwd) => {
    const beside = Object.keys(files).flatMap((file) => ["--beside", join(cwd, file)]);
    const { status, stdout, stderr } = berth("plan", "--cwd", cwd, "--json", ...beside);
    const messages = stdout === "" ? [] : (JSON.parse(stdout) as { messages: { text: string }[] }).messages.map(({ text }) => text);
    return { status, messages, stderr: stderr.replaceAll(`${cwd}/`, "") };
  });
};

const CLASH =
  "ListenerRule web: its priority 100 belongs to ListenerRule blog of blog/prod on the same listener. Set its priority to 96 (`service.priority`, or `priority` of `lb.route`).";
const UNREACHED =
  "ListenerRule web: no request reaches it: ListenerRule blog of blog/prod (priority 70) takes all of them. Set its priority to 66 (`service.priority`, or `priority` of `lb.route`).";

describe("berth plan --beside", function () {
  this.timeout(300_000);

  it("warns of a clash with what is deployed of another stack, and of a rule that gets nothing beside another's plan", async () => {
    const { status, messages } = await planned(
      exported(rule(100, "/*")),
      { project: "blog", stack: "prod", resources: [rule(70, "/web*")] },
      exported(rule(50, "/blog/*")),
    );
    assert.equal(status, 0);
    assert.deepEqual(messages, [CLASH, UNREACHED]);
  });

  it("refuses what is no other stack's, with one sentence", async () => {
    const how = "write it with berth plan --json or pulumi stack export in the project of the other stack.";
    for (const [content, said] of [
      ["{", `other-0.json is not JSON: ${how}`],
      [{ url: "https://example.com" }, `other-0.json has no resources of a stack: ${how}`],
      [exported(), `other-0.json has no resources of a stack: ${how}`],
      [
        { project: "shop", stack: "dev", resources: [rule(1, "/*", "shop")] },
        "--beside names the stack dev of shop, which is the planned one: name the file of another stack.",
      ],
    ] as const) {
      const { status, stderr, messages } = await planned(content);
      assert.deepEqual([status, messages, stderr.trim()], [2, [], said]);
    }
    const missing = berth("plan", "--beside", "nowhere.json");
    assert.deepEqual([missing.status, missing.stderr.trim()], [2, `nowhere.json cannot be read (ENOENT): ${how}`]);
  });
});
