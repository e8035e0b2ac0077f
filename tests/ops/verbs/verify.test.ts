import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../../ops/io";
import { readPlan } from "../../../ops/stack/plan";
import { REPOSITORY, TEMPLATE } from "../../helpers/places";
import { Failure, type Input, type Script } from "../scripted-aws";
import { healthy } from "../verify/account";
import { Stage, serving } from "./stage";

interface Report {
  version: number;
  project: string;
  stack: string;
  account: string;
  region: string;
  checks: { name: string; result: string; detail: string; cause?: string }[];
}

describe("berth verify", function () {
  this.timeout(60_000);
  const stage = Stage.use();
  const REAL = "111122223333";
  let fine: Script;
  before(async () => {
    const graph = await readPlan({ stack: "prod", region: "us-east-1" }, { cwd: TEMPLATE, env: process.env } as Io);
    fine = { ...healthy(graph), GetCallerIdentity: { Account: REAL, Arn: `arn:aws:sts::${REAL}:assumed-role/deploy/s`, UserId: "x" } };
  });
  const run = (script: Script = {}, ...more: string[]) =>
    stage.run(["verify", "--stack", "prod", ...more], [serving], { ...fine, ...script }, { env: stage.programs.env, cwd: TEMPLATE });
  const none = () => stage.programs.add("pulumi", "echo \"error: no stack named 'prod' found\" >&2; exit 255");

  it("finds nothing before the first deploy, and says what it has asked", async () => {
    none();
    const { status, out, err } = await run();
    assert.equal(status, 0);
    assert.match(out, /^ok {4}Quotas: Fargate On-Demand vCPUs, VPCs, Elastic IPs, .*: room for the update$/m);
    assert.match(out, /^ok {4}DNS: public hosted zone example\.com: there, and the names free$/m);
    assert.match(out, /^ok {4}Permissions: arn:aws:iam::\d+:role\/ci\/deploy may do what the update does \(\d+ actions\)$/m);
    assert.match(out, /^skip {2}The app in a container: not tried; --container builds the image and starts it as ECS would$/m);
    assert.doesNotMatch(out, /State:/);
    assert.match(err, /Nothing was found that a deploy of berth\/prod would fail by\. 1 thing could not be verified\.\n$/);
  });

  it("asks for the account that the credentials are of, not the one that a plan stands in", async () => {
    none();
    const cwd = join(REPOSITORY, "examples", "whole-task");
    await stage.run(["verify"], [serving], fine, { env: stage.programs.env, cwd });
    const asked = stage.aws.inputs("DescribeSecret").map(({ SecretId }) => SecretId);
    assert.ok(asked.includes(`arn:aws:secretsmanager:us-east-1:${REAL}:secret:prod/shop`), String(asked));
  });

  it("ends with 1 where something is found, and names it, also as JSON", async () => {
    none();
    const full: Script = { DescribeAddresses: { Addresses: Array.from({ length: 199 }, (_, i) => ({ PublicIp: `203.0.113.${i}` })) } };
    const text = await run(full);
    assert.equal(text.status, 1);
    assert.match(text.out, /^FAIL {2}Quotas: Elastic IPs: 199 of 200 in use, and the update takes \d more\.\n {6}Request an increase: /m);
    assert.match(text.err, /A deploy of berth\/prod would fail: 1 reason\. 1 thing could not be verified\.\n$/);

    const { status, out } = await run(full, "--json");
    assert.equal(status, 1);
    const report = JSON.parse(out) as Report;
    const { checks, ...head } = report;
    assert.deepEqual(head, { version: 1, project: "berth", stack: "prod", account: REAL, region: "us-east-1" });
    assert.deepEqual(
      checks.filter(({ result }) => result === "fail").map(({ name, cause }) => [name, cause]),
      [["Quotas", "quota"]],
    );
  });

  it("counts what is deployed as the stack's own: by the CLI, or by a file", async () => {
    const eips = [1, 2, 3].map((i) => ({
      urn: `urn:pulumi:prod::berth::berth:index:Network$awsx:ec2:Vpc$aws:ec2/vpc:Vpc$aws:ec2/subnet:Subnet$aws:ec2/eip:Eip::net-${i}`,
      type: "aws:ec2/eip:Eip",
      custom: true,
      id: `eipalloc-${i}`,
    }));
    const state = JSON.stringify({ deployment: { resources: eips } });
    const full: Script = {
      DescribeAddresses: { Addresses: [{ PublicIp: "203.0.113.1" }, { PublicIp: "203.0.113.2" }, { PublicIp: "203.0.113.3" }] },
      GetServiceQuota: ({ QuotaCode }: Input) => ({ Quota: { Value: QuotaCode === "L-0263D0A3" ? 3 : 200 } }),
    };
    stage.programs.add("pulumi", `echo '${state}'`);
    const own = await run(full);
    assert.equal(own.status, 0, own.out);
    assert.doesNotMatch(own.out, /Elastic IPs/);

    stage.programs.add("pulumi", "echo 'error: please log in' >&2; exit 1");
    const unknown = await run(full);
    assert.match(
      unknown.out,
      /^skip {2}State: pulumi stack export --stack prod failed: please log in\. .* Everything is taken to be new\.$/m,
    );
    assert.match(unknown.out, /^warn {2}Quotas: Elastic IPs: 3 of 3 in use, and the update takes 3 more\.$/m);
    assert.equal(unknown.status, 0);

    const file = join(stage.programs.directory, "state.json");
    writeFileSync(file, state);
    const told = await run(full, "--deployed", file);
    assert.doesNotMatch(told.out, /State:|Elastic IPs/);
  });

  it("ends with 2 where it cannot say anything", async () => {
    none();
    const expired = await run({ GetCallerIdentity: new Failure("ExpiredToken", "The security token is expired", 403) });
    assert.equal(expired.status, 2);
    assert.match(expired.err, /^AWS rejected the credentials \(ExpiredToken\)/);
    const noStack = await stage.run(["verify", "--stack", "nosuch"], [serving], fine, { env: stage.programs.env, cwd: TEMPLATE });
    assert.equal(noStack.status, 2);
    assert.match(noStack.err, /^There is no stack "nosuch"[\s\S]*`npx berth plan --stack nosuch` must succeed first/);
    const nowhere = await stage.run(["verify"], [serving], fine, { env: stage.programs.env });
    assert.equal(nowhere.status, 2);
    assert.match(nowhere.err, /^There is no Pulumi project \(Pulumi\.yaml\) in \//);
    const damaged = await run({}, "--deployed", stage.programs.directory);
    assert.equal(damaged.status, 2);
  });

  it("goes on where one thing cannot be asked at all", async () => {
    none();
    const { status, out } = await run({ DescribeVpcs: new Failure("InternalError", "try later", 400) });
    assert.equal(status, 0);
    assert.match(out, /^skip {2}Quotas: AWS answered InternalError: try later$/m);
    assert.match(out, /^ok {4}DNS: /m);
  });

  it("starts the app in a container where asked to, and names what a rollout would fail by", async () => {
    none();
    const docker = (rest: string) => stage.programs.add("docker", `case "$1" in version) echo 28.2.2;; ${rest} esac`);
    docker(
      'inspect) echo \'{"Running":false,"ExitCode":3,"OOMKilled":false}\';; image) echo null;; logs) echo "no database";; port) echo "127.0.0.1:1";;',
    );
    const crashed = await run({}, "--container", "--json");
    assert.equal(crashed.status, 1, crashed.err);
    const { checks } = JSON.parse(crashed.out) as Report;
    assert.deepEqual(
      checks.filter(({ result }) => result === "fail").map(({ cause }) => cause),
      ["crash-on-start"],
    );
    stage.programs.add("docker", "exit 1");
    assert.match((await run({}, "--container")).out, /^skip {2}The app in a container: not tried: there is no Docker$/m);
  });

  it("says that another stack's outputs are not known, unless it is given them", async () => {
    none();
    const cwd = join(REPOSITORY, "examples", "platform-api");
    const { out } = await stage.run(["verify"], [serving], fine, { env: stage.programs.env, cwd });
    assert.match(
      out,
      /^skip {2}Platform: what follows from the outputs of organization\/platform\/dev is not verified; --platform FILE gives them$/m,
    );
  });

  it("does not ask here for what is another provider's, and says so", async () => {
    none();
    const script: Script = {
      ...fine,
      ListHostedZonesByName: ({ dnsname }: Input) =>
        dnsname === "example.net" ? { HostedZones: [] } : (fine.ListHostedZonesByName as (input: Input) => object)({ dnsname }),
    };
    const { status, out } = await stage.run(["verify"], [serving], script, {
      env: stage.programs.env,
      cwd: join(REPOSITORY, "examples", "domains"),
    });
    assert.match(out, /^skip {2}Providers: what public-dns-111122223333-dns makes is not verified$/m);
    assert.match(out, /^ok {4}DNS: public hosted zone example\.com: there, and the names free$/m);
    assert.equal(status, 0);
  });
});
