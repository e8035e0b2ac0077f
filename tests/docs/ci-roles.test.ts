// The rights that the example ci-roles gives to a pipeline.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Made, madeIn, policyOf, rightsFor } from "../../examples/ci-roles/rights";
import type { JsonObject } from "../../facts/graph";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

const PLACE = { partition: "aws-cn", region: "cn-north-1", accountId: "111122223333" };
const BOUNDARY = "arn:aws-cn:iam::111122223333:policy/boundary";
/** What is allowed, as one line an action and resource. */
const allowed = (made: Made, boundary?: string) =>
  rightsFor(made, PLACE, boundary).flatMap(({ Action, Resource, Condition }) =>
    Action.flatMap((action) => [Resource].flat().map((on) => `${action} ${on}${Condition ? ` ${JSON.stringify(Condition)}` : ""}`)),
  );

describe("the rights of a pipeline", () => {
  for (const stack of ["dev", "prod"])
    it(`are for what the stack ${stack} is made of`, async () => {
      const { known } = await record(loadProject({ cwd: TEMPLATE, stack }));
      const made = new Map<string, Set<string>>();
      for (const { type, name, inputs } of known.resources)
        if (/^(aws|docker-build):/.test(type)) made.set(type, (made.get(type) ?? new Set()).add(String(inputs.name ?? `${name}-`)));
      const expected = Object.fromEntries([...made].map(([type, names]) => [type, [...names].sort()]));
      assert.deepEqual(madeIn(stack), expected, "its list is another: examples/ci-roles/README.md has the command that writes it");
    });

  it("make, change and delete what has a name by its name, what gets an id in the account and region", () => {
    assert.deepEqual(allowed({ "aws:ecr/repository:Repository": ["web-"], "aws:ec2/subnet:Subnet": ["net-1-"] }), [
      "ecr:*Tag* arn:aws-cn:ecr:cn-north-1:111122223333:repository/web-*",
      "ecr:CreateRepository arn:aws-cn:ecr:cn-north-1:111122223333:repository/web-*",
      "ecr:DeleteRepository arn:aws-cn:ecr:cn-north-1:111122223333:repository/web-*",
      "ecr:UpdateRepository* arn:aws-cn:ecr:cn-north-1:111122223333:repository/web-*",
      "ec2:*Tag* arn:aws-cn:ec2:cn-north-1:111122223333:*",
      "ec2:CreateSubnet arn:aws-cn:ec2:cn-north-1:111122223333:*",
      "ec2:DeleteSubnet arn:aws-cn:ec2:cn-north-1:111122223333:*",
      "ec2:ModifySubnet* arn:aws-cn:ec2:cn-north-1:111122223333:*",
    ]);
    assert.deepEqual(allowed({ "aws:route53/record:Record": ["web-"] }), [
      "route53:*Tag* arn:aws-cn:route53:::*",
      "route53:ChangeResourceRecordSets arn:aws-cn:route53:::*",
    ]);
    assert.deepEqual(allowed({ "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["web-"] }).slice(1), [
      "ec2:AuthorizeSecurityGroupIngress arn:aws-cn:ec2:cn-north-1:111122223333:*",
      "ec2:ModifySecurityGroupRules arn:aws-cn:ec2:cn-north-1:111122223333:*",
      "ec2:RevokeSecurityGroupIngress arn:aws-cn:ec2:cn-north-1:111122223333:*",
    ]);
  });

  it("name no resource where AWS cannot limit an action to one", () => {
    assert.deepEqual(allowed({ "aws:ecs/taskDefinition:TaskDefinition": ["web-"] }), [
      "ecs:DeregisterTaskDefinition *",
      "ecs:RegisterTaskDefinition *",
    ]);
    // The machine image is none of the account's.
    assert.ok(allowed({ "aws:autoscaling/group:Group": ["apps-"] }).includes("ec2:RunInstances *"));
  });

  it("pass roles to AWS's services alone, and make none without the boundary that there is", () => {
    const roles = { "aws:iam/role:Role": ["web-task-"], "aws:iam/rolePolicy:RolePolicy": ["web-task-"] };
    const on = "arn:aws-cn:iam::111122223333:role/web-task-*";
    const bound = ` {"StringEquals":{"iam:PermissionsBoundary":"${BOUNDARY}"}}`;
    const granting = (lines: string[]) => lines.filter((line) => /CreateRole|Put/.test(line));
    assert.deepEqual(
      granting(allowed(roles)),
      ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"].map((action) => `iam:${action} ${on}`),
    );
    assert.deepEqual(
      granting(allowed(roles, BOUNDARY)),
      ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"].map((action) => `iam:${action} ${on}${bound}`),
    );
    for (const lines of [allowed(roles), allowed(roles, BOUNDARY)]) {
      const [pass, ...more] = lines.filter((line) => line.includes("PassRole"));
      assert.match(pass!, /^iam:PassRole \S+role\/web-task-\* .*"iam:PassedToService":\[.*"ecs-tasks\.amazonaws\.com"/);
      assert.deepEqual(more, []);
      assert.deepEqual(
        lines.filter((line) => line.includes("iam:PassedToService")),
        [pass],
      );
      assert.ok(lines.includes(`iam:DeleteRolePolicy ${on}`));
      assert.deepEqual(
        lines.filter((line) => line.startsWith("iam:") && !line.includes(on)),
        [],
      );
    }
  });

  it("end at the boundary that there is, with the provider that there is", async () => {
    const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const config = [`permissionsBoundary=${BOUNDARY}`, `oidcProviderArn=${provider}`];
    const { known } = await record(loadProject({ cwd: join(REPOSITORY, "examples", "ci-roles"), stack: "dev", config }));
    assert.ok(known.resources.every(({ type }) => type !== "aws:iam/openIdConnectProvider:OpenIdConnectProvider"));
    const roles = known.resources.filter(({ type }) => type === "aws:iam/role:Role");
    assert.equal(roles.length, 4);
    for (const { inputs } of roles) {
      assert.equal(inputs.permissionsBoundary, BOUNDARY);
      assert.ok(JSON.stringify(inputs.assumeRolePolicy).includes(provider));
    }
    const stacks = known.resources.filter(({ name }) => /^deploy-\w+-stack$/.test(name));
    assert.equal(stacks.length, 2);
    for (const { inputs } of stacks) assert.ok(String(inputs.policy).includes(`"iam:PermissionsBoundary":"${BOUNDARY}"`));
  });

  /** The roles of the example by name: who may assume each, and what berth may do in it. */
  const rolesOf = async (...config: string[]) => {
    const { known } = await record(loadProject({ cwd: join(REPOSITORY, "examples", "ci-roles"), stack: "dev", config }));
    const of = (type: string, name: string) => known.resources.find((one) => one.type === type && one.name === name)!.inputs;
    return {
      urls: known.resources.flatMap(({ inputs }) => (typeof inputs.url === "string" ? [inputs.url] : [])),
      trust: (name: string) => JSON.stringify((of("aws:iam/role:Role", name).assumeRolePolicy as JsonObject).Statement),
      berth: String(of("aws:iam/rolePolicy:RolePolicy", "deploy-prod-berth").policy),
    };
  };

  it("are for the jobs of GitHub, or of GitLab, whose tokens name the branch", async () => {
    const github = await rolesOf();
    assert.deepEqual(github.urls, ["https://token.actions.githubusercontent.com"]);
    assert.ok(github.trust("deploy-prod").includes('"token.actions.githubusercontent.com:sub":"repo:example/shop:environment:prod"'));
    assert.ok(!github.trust("verify").includes("StringLike"));
    const gitlab = await rolesOf("host=gitlab");
    assert.deepEqual(gitlab.urls, ["https://gitlab.com"]);
    const equals =
      '"StringEquals":{"gitlab.com:aud":"sts.amazonaws.com","gitlab.com:sub":"project_path:example/shop:ref_type:branch:ref:main"}';
    for (const name of ["deploy-prod", "deploy-dev", "preview"]) assert.ok(gitlab.trust(name).includes(equals), name);
    const like = '"StringLike":{"gitlab.com:sub":"project_path:example/shop:ref_type:branch:ref:*"}';
    assert.ok(gitlab.trust("verify").includes(`"StringEquals":{"gitlab.com:aud":"sts.amazonaws.com"},${like}`));
    await assert.rejects(rolesOf("host=bitbucket"), /host: "bitbucket" is not a valid value; allowed: github, gitlab\./);
  });

  it("read the images of another account where that is named, and of none otherwise", async () => {
    assert.ok(!(await rolesOf()).berth.includes("GetDownloadUrlForLayer"));
    const { berth } = await rolesOf("imagesFrom=333344445555");
    assert.ok(berth.includes("arn:aws:ecr:eu-central-1:333344445555:repository/web-*") && !berth.includes("210987654321"));
  });

  it("have the place, project and services of whoever uses them", () => {
    const berth = policyOf("berth-policy.json", PLACE, "store", ["api", "jobs"]);
    const text = JSON.stringify(berth);
    for (const example of ["123456789012", "eu-central-1", "arn:aws:", "shop-", "web-"]) assert.ok(!text.includes(example), example);
    assert.deepEqual(berth.find(({ Sid }) => Sid === "PassTaskRoles")?.Resource, [
      "arn:aws-cn:iam::111122223333:role/api-*",
      "arn:aws-cn:iam::111122223333:role/jobs-*",
    ]);
  });

  it("fit into a role", () => {
    for (const stack of ["dev", "prod"]) {
      const policies = ["berth-policy.json", "verify-policy.json"].map((name) => policyOf(name, PLACE, "shop", ["web"]));
      const length = [rightsFor(madeIn(stack), PLACE, BOUNDARY), ...policies]
        .map((Statement) => JSON.stringify({ Version: "2012-10-17", Statement }).length)
        .reduce((sum, its) => sum + its);
      assert.ok(length <= 10_240, `${stack}: ${length} characters of inline policies`);
    }
  });
});
