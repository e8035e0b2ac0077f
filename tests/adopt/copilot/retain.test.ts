import assert from "node:assert/strict";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { deletedWith, retain, retained } from "../../../adopt/copilot/retain";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";

const TEMPLATE = `# A service of Copilot's
Description: CloudFormation template that represents a load balanced web service on Amazon ECS.
Metadata:
  Manifest: |
    name: web
    # a comment stays
Parameters:
  AppName: { Type: String }
Conditions:
  HasAddons: !Not [!Equals [!Ref AddonsTemplateURL, ""]]
Resources:
  LogGroup:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Join ['', [/copilot/, !Ref AppName]]
      Owner: 012345678901
      Version: 2012-10-17
      Enabled: on
  EnvControllerAction:
    Type: Custom::EnvControllerFunction
    DeletionPolicy: Delete
    Properties: { ServiceToken: !GetAtt EnvControllerFunction.Arn }
  Service:
    Type: AWS::ECS::Service
    DependsOn: [LogGroup]
    DeletionPolicy: Retain
Outputs:
  Arn: { Value: !GetAtt Service.Arn }
`;
type Map = Record<string, unknown>;

describe("a template of which nothing is deleted", () => {
  it("has the policy on each resource, custom ones among them, and a mark that makes it a change", () => {
    const { Resources } = parse(retained(TEMPLATE, "t"), { logLevel: "silent" }) as { Resources: Record<string, Map> };
    assert.deepEqual(Object.keys(Resources), ["LogGroup", "EnvControllerAction", "Service", "BerthRetained"]);
    for (const resource of Object.values(Resources)) assert.equal(resource.DeletionPolicy, "Retain");
    assert.equal(Resources.BerthRetained!.Type, "AWS::CloudFormation::WaitConditionHandle");
  });
  it("is otherwise the same, letter for letter of each value", () => {
    const text = retained(TEMPLATE, "t");
    for (const part of [
      "!Join [ '', [ /copilot/, !Ref AppName ] ]",
      "Owner: 012345678901",
      "Version: 2012-10-17",
      "Enabled: on",
      "    # a comment stays",
      '!Not [ !Equals [ !Ref AddonsTemplateURL, "" ] ]',
      "!GetAtt EnvControllerFunction.Arn",
    ])
      assert.ok(text.includes(part), `${part} is not in\n${text}`);
    assert.equal(retained(text, "t"), text, "and a second time nothing changes");
  });
  it("of any shape keeps each value", () => {
    const value = fc.oneof(fc.string(), fc.constantFrom("yes", "007", "1.0", "~", "null", "2020-01-01", "a: b", "# c", "line\nline\n"));
    const resource = fc.record({
      Type: fc.constant("AWS::X::Y"),
      Properties: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,5}$/), fc.oneof(value, fc.array(value))),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,8}$/), resource, { minKeys: 1 }), (Resources) => {
        const text = stringify({ Resources });
        const out = parse(retained(text, "t")) as { Resources: Record<string, Map> };
        const { BerthRetained: _, ...rest } = out.Resources;
        const before = (parse(text) as { Resources: Record<string, Map> }).Resources;
        assert.deepEqual(rest, Object.fromEntries(Object.entries(before).map(([id, its]) => [id, { ...its, DeletionPolicy: "Retain" }])));
      }),
      { numRuns: 200 },
    );
  });
  it("says which resources would be deleted", () => {
    assert.deepEqual(deletedWith(TEMPLATE, "t"), ["LogGroup", "EnvControllerAction"]);
    assert.deepEqual(deletedWith(retained(TEMPLATE, "t"), "t"), []);
  });
  it("is printed from a file, or only looked at", () => {
    const folder = appFolder({ "before.yml": TEMPLATE, "after.yml": retained(TEMPLATE, "t") });
    assert.equal(retain(join(folder, "before.yml"), {}), retained(TEMPLATE, "t"));
    assert.equal(retain(join(folder, "after.yml"), { check: true }), "");
    assert.throws(
      () => retain(join(folder, "before.yml"), { check: true }),
      /^UserError: LogGroup, EnvControllerAction would be deleted with the stack\.$/,
    );
    assert.throws(() => retain(join(folder, "none.yml"), {}), /^UserError: .*none\.yml cannot be read/);
    removeAppFolders();
  });
  it("is refused in a sentence where it is none", () => {
    assert.throws(() => retained("a: 1\n", "web.yml"), /^UserError: web\.yml is no template: it has no Resources\./);
    assert.throws(() => retained("Resources: [\n", "web.yml"), /^UserError: web\.yml, line 2, column 1: /);
  });
});
