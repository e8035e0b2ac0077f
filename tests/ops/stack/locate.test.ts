import assert from "node:assert/strict";
import { join } from "node:path";
import { CLUSTER_ARN, deployment, revision, service, serviceDeployment } from "../answers";
import type { HarnessOptions } from "../harness";
import type { Step } from "../scene";
import { Failure } from "../scripted-aws";
import { FAST, PLACE, Stage } from "../verbs/stage";

const done: Step = { service: service([deployment(7)]), serviceDeployments: [serviceDeployment(7)] };

describe("the identity, region and endpoint that AWS is called with", () => {
  const stage = Stage.use();
  /** `berth wait` in a project whose dev stack has these settings, and a machine with two profiles. */
  async function wait(settings: string, args: string[] = ["--stack", "dev"], env: HarnessOptions["env"] = {}) {
    stage.programs
      .file("Pulumi.yaml", "name: web\n")
      .file("Pulumi.dev.yaml", `config:\n${settings}`)
      .file(
        "credentials",
        "[company]\naws_access_key_id = AKIACOMPANY\naws_secret_access_key = s\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n",
      )
      .file("config", "[profile other]\nregion = ap-south-1\n");
    const files = {
      AWS_SHARED_CREDENTIALS_FILE: join(stage.programs.directory, "credentials"),
      AWS_CONFIG_FILE: join(stage.programs.directory, "config"),
    };
    const options = { env: { ...files, ...env }, cwd: stage.programs.directory };
    const { status, err } = await stage.run(["wait", ...PLACE, ...FAST, ...args], [done], {}, options);
    assert.equal(status, 0, err);
    const [call] = stage.aws.calls;
    return `${call?.accessKey} ${call?.region}`;
  }
  const ENVIRONMENT = "AKIATEST us-east-1";

  it("is the stack's profile and region", async () => {
    assert.equal(await wait("  aws:region: eu-west-1\n  aws:profile: company\n"), "AKIACOMPANY eu-west-1");
  });

  it("is what a flag says, before the stack's settings", async () => {
    const settings = "  aws:region: eu-west-1\n  aws:profile: company\n";
    assert.equal(await wait(settings, ["--stack", "dev", "--profile", "other", "--region", "eu-north-1"]), "AKIAOTHER eu-north-1");
    assert.equal(await wait(settings, ["--stack", "dev"], { BERTH_REGION: "eu-north-1" }), "AKIACOMPANY eu-north-1");
  });

  it("is the environment's where the stack says nothing", async () => assert.equal(await wait("  web:port: 8000\n"), ENVIRONMENT));

  it("is the environment's without a stack, in whatever folder", async () => {
    assert.equal(await wait("  aws:region: eu-west-1\n  aws:profile: company\n", []), ENVIRONMENT);
  });

  it("is the profile's own region where nothing else says one", async () => {
    assert.equal(await wait("  aws:profile: other\n", ["--stack", "dev"], { AWS_REGION: undefined }), "AKIAOTHER ap-south-1");
  });

  it("is the stack's endpoint", async () => {
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    // The first run only starts the server whose address the settings then name.
    await wait("  web:port: 8000\n");
    const { aws } = stage;
    stage.programs.file("Pulumi.dev.yaml", `config:\n  aws:endpoints:\n    - ecs: ${aws.url}\n`);
    const before = aws.calls.length;
    const options = { env: nowhere, cwd: stage.programs.directory };
    const { status } = await stage.run(["wait", ...PLACE, ...FAST, "--stack", "dev"], [done], {}, options);
    assert.equal(status, 0);
    assert.equal(stage.aws.calls.length, 0);
    assert.ok(aws.calls.length > before);
  });

  it("is what an update hands on: the cluster's own region, the profile, roles and endpoints of its provider, whatever the stack's settings are", async () => {
    const Credentials = { AccessKeyId: "ASIAROLE", SecretAccessKey: "s", SessionToken: "t", Expiration: new Date(Date.now() + 3600_000) };
    const roles = [
      { roleArn: "arn:aws:iam::111122223333:role/hub", sessionName: "ci" },
      {
        roleArn: "arn:aws:iam::999988887777:role/spoke",
        externalId: "x-1",
        duration: "30m",
        policy: "{}",
        policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        tags: { team: "web" },
        transitiveTagKeys: ["team"],
        sourceIdentity: "me",
      },
    ];
    stage.programs
      .file("Pulumi.yaml", "name: web\n")
      .file("Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n  aws:profile: nobody\n")
      .file("credentials", "[company]\naws_access_key_id = AKIACOMPANY\naws_secret_access_key = s\n");
    const cluster = "arn:aws:ecs:ap-south-1:111122223333:cluster/apps";
    const env = {
      AWS_SHARED_CREDENTIALS_FILE: join(stage.programs.directory, "credentials"),
      BERTH_CLUSTER: cluster,
      BERTH_SERVICE: "web",
      BERTH_TASK_DEFINITION: revision(7),
      BERTH_PROFILE: "company",
      BERTH_ASSUME_ROLES: JSON.stringify(roles),
    };
    const options = { env, cwd: stage.programs.directory };
    const { status, err } = await stage.run(["wait", ...FAST], [done], { AssumeRole: { Credentials } }, options);
    assert.equal(status, 0, err);
    const [hub, spoke] = stage.aws.inputs("AssumeRole");
    assert.deepEqual([hub?.RoleArn, hub?.RoleSessionName], [roles[0]!.roleArn, "ci"]);
    assert.deepEqual(
      [spoke?.RoleArn, spoke?.RoleSessionName, spoke?.ExternalId, spoke?.DurationSeconds],
      [roles[1]!.roleArn, "berth", "x-1", "1800"],
    );
    assert.deepEqual([spoke?.Policy, spoke?.["PolicyArns.member.1.arn"], spoke?.SourceIdentity], ["{}", roles[1]!.policyArns![0], "me"]);
    assert.deepEqual(
      [spoke?.["Tags.member.1.Key"], spoke?.["Tags.member.1.Value"], spoke?.["TransitiveTagKeys.member.1"]],
      ["team", "web", "team"],
    );
    const described = stage.aws.calls.find(({ operation }) => operation === "DescribeServices");
    assert.deepEqual(described, { ...described, accessKey: "ASIAROLE", region: "ap-south-1", input: { cluster, services: ["web"] } });
    assert.equal(stage.aws.calls.find(({ operation }) => operation === "AssumeRole")?.accessKey, "AKIACOMPANY");
  });

  it("is a role that the stack's own STS endpoint gives", async () => {
    await wait("  web:port: 8000\n");
    const { aws } = stage;
    const before = aws.calls.length;
    const roles = JSON.stringify([{ roleArn: "arn:aws:iam::111122223333:role/deploy" }]);
    const env = { BERTH_ASSUME_ROLES: roles, BERTH_ENDPOINTS: JSON.stringify([{ sts: aws.url }]) };
    await stage.run(["wait", ...PLACE, ...FAST], [done], {}, { env });
    assert.deepEqual([...new Set(aws.calls.slice(before).map(({ operation }) => operation))], ["AssumeRole"]);
    assert.deepEqual(stage.aws.calls, []);
  });

  it("is the endpoint that an update hands on", async () => {
    await wait("  web:port: 8000\n");
    const { aws } = stage;
    const before = aws.calls.length;
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9", BERTH_ENDPOINTS: JSON.stringify([{ ecs: aws.url }]) };
    assert.equal((await stage.run(["wait", ...PLACE, ...FAST], [done], {}, { env })).status, 0);
    assert.ok(aws.calls.length > before);
  });

  it("is not another region than that of the cluster's ARN", async () => {
    const args = ["wait", "--cluster", CLUSTER_ARN, "--service", "web"];
    const { status, err } = await stage.run([...args, "--region", "eu-west-1"], [done]);
    assert.equal(status, 1);
    assert.match(err, /^--region eu-west-1: the cluster apps is in us-east-1; leave --region out, its ARN says it\.$/m);
    assert.equal((await stage.run([...args, ...FAST, "--region", "us-east-1"], [done])).status, 0);
  });

  describe("when the credentials are of another account than the cluster's", () => {
    const args = ["wait", "--cluster", CLUSTER_ARN, "--service", "web", ...FAST];
    const identity = (Account: string) => ({ GetCallerIdentity: { Account, Arn: "arn", UserId: "id" } });

    for (const name of ["ClusterNotFoundException", "AccessDeniedException"]) {
      it(`is explained instead of ${name}`, async () => {
        const DescribeServices = new Failure(name, "no");
        const { status, err } = await stage.run(args, [done], { DescribeServices, ...identity("999988887777") });
        assert.equal(status, 1);
        assert.match(err, /^The AWS credentials are for account 999988887777; the cluster is in account 111122223333\.$/m);
        assert.match(err, /Choose credentials of that account/);
      });
    }

    it("is not claimed where they are of the cluster's account, or AWS does not say", async () => {
      const DescribeServices = new Failure("ClusterNotFoundException", "no");
      const own = await stage.run(args, [done], { DescribeServices, ...identity("111122223333") });
      assert.match(own.err, /^There is no such ECS cluster in this region and account\.$/m);
      const unknown = await stage.run(args, [done], { DescribeServices });
      assert.match(unknown.err, /^There is no such ECS cluster in this region and account\.$/m);
      const byName = await stage.run(["wait", ...PLACE, ...FAST], [done], { DescribeServices, ...identity("999988887777") });
      assert.match(byName.err, /^There is no such ECS cluster/m);
    });

    it("is asked once for all refusals of optional reads", async () => {
      const denied = new Failure("AccessDeniedException", "x is not authorized to perform: ecs:Any");
      const script = { ListTasks: denied, ListServiceDeployments: denied, ...identity("111122223333") };
      const { status } = await stage.run(args, [done, done], script);
      assert.equal(status, 0);
      assert.equal(stage.aws.inputs("GetCallerIdentity").length, 1);
    });
  });

  it("is explained when AWS cannot be reached, or the credentials or the region are missing", async () => {
    const failures: [HarnessOptions["env"], RegExp][] = [
      [{ AWS_ENDPOINT_URL: "http://127.0.0.1:9" }, /^AWS cannot be reached: .*ECONNREFUSED/m],
      [{ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, /^There are no usable AWS credentials: /m],
      [{ AWS_REGION: "" }, /^No usable AWS region is set/m],
      [
        { AWS_REGION: undefined },
        /^No usable AWS region is set: give --region, or `aws:region` in the stack's settings, or AWS_REGION\.$/m,
      ],
    ];
    for (const [env, message] of failures) {
      const { status, err } = await stage.run(["wait", ...PLACE], [done], {}, { env });
      assert.equal(status, 1);
      assert.match(err, message);
    }
  });
});
