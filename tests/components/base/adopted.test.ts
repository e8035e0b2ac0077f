import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { keepAdopted } from "../../../components/base/adopted";
import { shortType } from "../../../facts/types";
import { deploy, refusal } from "../../helpers/deploy";
import { everyGraph } from "../../helpers/every-graph";
import { complaintsAbout } from "../../helpers/settings";
import { stack } from "../../helpers/stacks";
import { messageOf } from "../../plan/projects";

const keep = (key: string, inputs: object) => `adopted=${JSON.stringify({ [key]: inputs })}`;
const inputsOf = async (type: string, name: string, ...config: string[]) => (await stack("dev", config)).one(type, name).inputs;

describe("what stands in AWS already", () => {
  it("keeps its name and what else AWS cannot change, whatever component makes it", async () => {
    const its = { name: "shop-prod-web", port: 80 };
    const before = await inputsOf("aws:lb/targetGroup:TargetGroup", "web");
    const kept = await inputsOf("aws:lb/targetGroup:TargetGroup", "web", keep("lb.TargetGroup web", its));
    assert.deepEqual(kept, { ...before, ...its });
    assert.notEqual(before.port, 80);
  });

  it("changes nothing of others, and nothing where nothing is named", async () => {
    const others = async (...config: string[]) =>
      (await stack("dev", config)).resources
        .filter(({ type }) => type !== "aws:iam/role:Role")
        .map(({ urn, dependencies }) => [urn, dependencies]);
    assert.deepEqual(await others(keep("iam.Role web-task", { name: "shop" })), await others());
    assert.deepEqual((await stack("dev", ["adopted={}"])).resources, (await stack("dev")).resources);
  });

  it("is of a program of one's own too, with a whole name in place of the beginning of one", async () => {
    const program = (name: string) => () => {
      const check = keepAdopted({ [`cloudwatch.LogGroup ${name}`]: { name: "/ecs/shop" } });
      new aws.cloudwatch.LogGroup("shop", { namePrefix: "shop-", retentionInDays: 7 });
      check();
    };
    const { inputs } = (await deploy(program("shop"))).one("aws:cloudwatch/logGroup:LogGroup", "shop");
    assert.deepEqual(inputs, { name: "/ecs/shop", retentionInDays: 7 });
    assert.match(
      await refusal(program("shopp")),
      /"cloudwatch.LogGroup shopp" is not a resource of this program; did you mean "cloudwatch.LogGroup shop"/,
    );
  });

  it("is refused where it names no resource of the program, with the nearest of its type", async () => {
    const message = (key: string) => messageOf(() => stack("dev", [keep(key, { name: "shop" })]));
    assert.equal(
      await message("ecs.Service wev"),
      'Pulumi.dev.yaml: adopted: "ecs.Service wev" is not a resource of this program; did you mean "ecs.Service web"?',
    );
    assert.equal(await message("sns.Topic alerts"), 'Pulumi.dev.yaml: adopted: "sns.Topic alerts" is not a resource of this program.');
  });

  it("is refused with what the type does not have, or what changes in place", async () => {
    const CASES: [adopted: unknown, complaint: string][] = [
      [{ web: { name: "x" } }, 'adopted: "web" is not a resource; write type and name of one, like "ecs.Service web".'],
      [{ "ecs.Service": { name: "x" } }, 'adopted: "ecs.Service" is not a resource; write type and name of one, like "ecs.Service web".'],
      [{ "ecs.Servise web": { name: "x" } }, 'adopted: "ecs.Servise" is not a type with an input to keep; did you mean "ecs.Service"?'],
      [{ "ecs.TaskDefinition web": { family: "x" } }, 'adopted: "ecs.TaskDefinition" is not a type with an input to keep.'],
      [
        { "ecs.Service web": { desiredCount: 2 } },
        'adopted.ecs.Service web: "desiredCount" is not an input that AWS cannot change of an ecs.Service; allowed: cluster, iamRole, launchType, name, schedulingStrategy.',
      ],
      [
        { "iam.Role web-task": { nam: "x" } },
        'adopted.iam.Role web-task: "nam" is not an input that AWS cannot change of an iam.Role; allowed: name, path; did you mean "name"?',
      ],
      [{ "iam.Role web-task": { name: null } }, "adopted.iam.Role web-task.name: null is not a value."],
      [{ "iam.Role web-task": "shop" }, 'adopted.iam.Role web-task: "shop" is not an object with keys.'],
    ];
    for (const [adopted, complaint] of CASES) assert.deepEqual(await complaintsAbout({ adopted }), [complaint]);
  });

  it("is named by type and name, which are one resource's in every stack and example", async function () {
    this.timeout(120_000);
    for (const graph of await everyGraph()) {
      const keys = graph.filter(({ type }) => type.startsWith("aws:")).map(({ type, name }) => `${shortType(type)} ${name}`);
      assert.equal(new Set(keys).size, keys.length);
    }
  });
});
