import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY, TEMPLATE } from "../../helpers/places";
import { SERVICE_ARN } from "../answers";
import { Failure, type Input, type Script } from "../scripted-aws";
import { Stage, serving } from "./stage";

describe("berth doctor", () => {
  const stage = Stage.use();
  const healthy: Script = {
    GetCallerIdentity: { Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/dev", UserId: "AIDA" },
    ListClusters: { clusterArns: [SERVICE_ARN] },
    GetServiceQuota: ({ QuotaCode }: Input) =>
      QuotaCode === "L-3032A538"
        ? {
            Quota: {
              Value: 6,
              UsageMetric: { MetricNamespace: "AWS/Usage", MetricName: "ResourceCount", MetricDimensions: { Service: "Fargate" } },
            },
          }
        : { Quota: { Value: 5 } },
    GetMetricStatistics: { Datapoints: [{ Maximum: 2 }, { Maximum: 4 }] },
  };
  const tools = () =>
    stage.programs
      .add("pulumi", "echo v3.248.0")
      .add("docker", 'if [ "$1" = buildx ]; then echo "Platforms: linux/amd64*, linux/arm64"; else echo 28.2.2; fi')
      .add("session-manager-plugin", "echo 1.2.707.0");

  it("reports that everything is there", async () => {
    tools();
    const { status, out } = await stage.run(["doctor"], [serving], healthy, { env: stage.programs.env });
    assert.equal(status, 0);
    assert.deepEqual(out.trim().split("\n"), [
      `ok    Node.js: ${process.versions.node}`,
      "ok    Pulumi CLI: v3.248.0",
      "ok    Docker: engine 28.2.2",
      "ok    Image platforms: linux/amd64, linux/arm64",
      "ok    Session Manager plugin: 1.2.707.0",
      "ok    AWS region: us-east-1",
      "ok    AWS credentials: account 111122223333, arn:aws:iam::111122223333:user/dev",
      "ok    Amazon ECS: reachable, 1 clusters",
      "ok    Quota Fargate On-Demand vCPUs: 4 of 6 in use",
      "ok    Quota VPCs per region: limit 5; AWS does not measure the use",
      "ok    Quota Elastic IPs: limit 5; AWS does not measure the use",
      "ok    Quota Application Load Balancers: limit 5; AWS does not measure the use",
    ]);
  });

  it("counts no use where AWS has measured none, and fails at exactly the limit", async () => {
    tools();
    const vcpus = async (...Datapoints: object[]) => {
      const { out } = await stage.run(
        ["doctor"],
        [serving],
        { ...healthy, GetMetricStatistics: { Datapoints } },
        { env: stage.programs.env },
      );
      return /Fargate On-Demand vCPUs: (.*)/.exec(out)?.[1];
    };
    assert.equal(await vcpus(), "0 of 6 in use");
    assert.equal(await vcpus({}), "0 of 6 in use");
    assert.equal(await vcpus({ Maximum: 5 }), "5 of 6 in use");
    assert.equal(await vcpus({ Maximum: 6 }), "6 of 6 in use: none left");
  });

  it("says how to fix each thing, and ends with 1", async () => {
    stage.programs.add(
      "docker",
      'if [ "$1" = buildx ]; then echo "Platforms: linux/amd64"; else echo "Cannot connect to the Docker daemon" >&2; exit 1; fi',
    );
    const broken: Script = {
      ...healthy,
      GetMetricStatistics: { Datapoints: [{ Maximum: 6 }] },
      ListClusters: new Failure("AccessDeniedException", "not authorized to perform: ecs:ListClusters"),
    };
    const { status, out } = await stage.run(["doctor"], [serving], broken, { env: stage.programs.env });
    assert.equal(status, 1);
    assert.match(out, /^FAIL {2}Pulumi CLI: not found\n {6}Install it/m);
    assert.match(out, /^FAIL {2}Docker: Cannot connect to the Docker daemon\n {6}Start the Docker daemon/m);
    assert.match(out, /^warn {2}Image platforms: linux\/amd64; no emulation of linux\/arm64\n.*--install arm64$/m);
    assert.match(out, /^warn {2}Session Manager plugin: not found/m);
    assert.match(out, /^FAIL {2}Amazon ECS: AWS did not permit this \(AccessDeniedException\)/m);
    assert.match(
      out,
      /^FAIL {2}Quota Fargate On-Demand vCPUs: 6 of 6 in use: none left\n {6}Request an increase: Service Quotas, fargate, L-3032A538$/m,
    );
  });

  it("does not fail for quotas that it may not read, and prints JSON", async () => {
    tools();
    const denied = {
      ...healthy,
      GetServiceQuota: new Failure("AccessDeniedException", "not authorized to perform: servicequotas:GetServiceQuota"),
    };
    const { status, out } = await stage.run(["doctor", "--json"], [serving], denied, { env: stage.programs.env });
    assert.equal(status, 0);
    const checks = JSON.parse(out) as { name: string; result: string }[];
    assert.equal(checks.find(({ name }) => name === "Quota Elastic IPs")?.result, "warn");
  });

  it("goes no further without credentials", async () => {
    tools();
    const { status, out } = await stage.run(
      ["doctor"],
      [serving],
      { GetCallerIdentity: new Failure("ExpiredToken", "The security token is expired", 403) },
      { env: stage.programs.env },
    );
    assert.equal(status, 1);
    assert.match(
      out,
      /^FAIL {2}AWS credentials: AWS rejected the credentials \(ExpiredToken\): The security token is expired\n {6}Sign in again/m,
    );
    assert.doesNotMatch(out, /Quota/);
  });

  it("tries the app of a project in a container, unless told not to, and says where there is no Docker", async function () {
    this.timeout(60_000);
    tools();
    const port = 'port) echo "127.0.0.1:1";;';
    const docker = (rest: string) =>
      stage.programs.add(
        "docker",
        `case "$1" in version) echo 28.2.2;; buildx) echo "Platforms: linux/amd64, linux/arm64";; ${rest} ${port} esac`,
      );
    const run = (...options: string[]) =>
      stage.run(["doctor", ...options], [serving], healthy, { env: { ...stage.programs.env, AWS_REGION: undefined }, cwd: TEMPLATE });

    docker("build) echo 'no space left' >&2; exit 1;;");
    const built = await run();
    assert.equal(built.status, 1);
    assert.match(built.out, /\nFAIL {2}Image of web: does not build\n {6}no space left\n {6}Correct the Dockerfile, or what it needs\.\n$/);
    assert.doesNotMatch((await run("--no-container")).out, /Image of web/);

    // A plan that breaks a rule, or costs too much, is tried all the same.
    mkdirSync(join(REPOSITORY, ".cache"), { recursive: true });
    const folder = mkdtempSync(join(REPOSITORY, ".cache", "doctor-"));
    try {
      cpSync(TEMPLATE, join(folder, "project"), { recursive: true });
      appendFileSync(join(folder, "project", "Pulumi.dev.yaml"), "  budget: 1\n");
      const over = await stage.run(["doctor"], [serving], healthy, { env: stage.programs.env, cwd: join(folder, "project") });
      assert.match(over.out, /\nFAIL {2}Image of web: does not build\n/);

      appendFileSync(join(folder, "project", "Pulumi.dev.yaml"), "  services: { jobs: { image: { keep: 20 } } }\n");
      const in_ = (...more: string[]) =>
        stage.run(["doctor", ...more], [serving], healthy, { env: stage.programs.env, cwd: join(folder, "project") });
      assert.match((await in_()).out, /\nFAIL {2}jobs: Image of jobs: does not build\n/);
      const one = await in_("--service", "jobs");
      assert.match(one.out, /\nFAIL {2}Image of jobs: does not build\n/);
      assert.doesNotMatch(one.out, /of web/);
      const unknown = await in_("--service", "job");
      assert.match(
        unknown.err,
        /^--service: "job" is not a service whose image the stack builds; allowed: jobs, web; did you mean "jobs"\?$/m,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }

    const wrong = await run("--stack", "nosuch");
    assert.match(
      wrong.out,
      /FAIL {2}The app in a container: There is no stack "nosuch"[^\n]*\n {6}`npx berth plan --stack nosuch` must succeed first/,
    );

    stage.programs.add("docker", "exit 1");
    assert.match((await run()).out, /warn {2}The app in a container: not tried: there is no Docker\n$/);
  });
});
