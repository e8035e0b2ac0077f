// Telemetry: the collector to the letter, its configuration, what the app is told of it, and what it may do.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { type TelemetryArgs, telemetry } from "../../../components/task/telemetry";
import type { JsonObject } from "../../../facts/graph";
import { complaintsOf } from "../../helpers/arguments";
import { type Deployed, deploy, policyOf, refusal } from "../../helpers/deploy";
import { bigCluster, IMAGE, makeService, type ServiceGiven, VARIANT_NAMES, type Variant } from "../../helpers/variants";

type Definition = JsonObject & { name: string; environment: { name: string; value: string }[]; logConfiguration: JsonObject };
const definitions = (made: Deployed) => {
  const all = JSON.parse(String(made.inputs("TaskDefinition").containerDefinitions)) as Definition[];
  return Object.fromEntries(all.map((one) => [one.name, one]));
};
type Given = TelemetryArgs | "otel" | "cloudwatch";
const make = (args: Given, more: ServiceGiven = {}, variant: Variant = "FargateService") =>
  makeService(variant, { telemetry: args, path: false, ...more });
const service = (args: Given = "otel", more?: ServiceGiven, variant?: Variant) => deploy(() => make(args, more, variant));
const variables = ({ environment }: Definition) => Object.fromEntries(environment.map(({ name, value }) => [name, value]));

describe("the collector of telemetry", () => {
  let made: Deployed;
  before(async () => {
    made = await service();
  });

  it("is this to the letter", () => {
    const { image, environment: _, logConfiguration, ...collector } = definitions(made)["otel-collector"]!;
    assert.match(String(image), /^123456789012\.dkr\.ecr\.eu-west-3\.amazonaws\.com\/apps-otel-collector-[0-9a-f]{7}@sha256:/);
    assert.deepEqual(collector, {
      name: "otel-collector",
      essential: false,
      cpu: 0,
      memoryReservation: 128,
      portMappings: [],
      user: "4317:4317",
      readonlyRootFilesystem: true,
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
      linuxParameters: { capabilities: { add: [], drop: ["ALL"] }, initProcessEnabled: true },
      restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
      stopTimeout: 30,
      healthCheck: { command: ["CMD", "/healthcheck"], interval: 10, timeout: 5, retries: 3, startPeriod: 30 },
    });
    assert.equal(logConfiguration.logDriver, "awslogs");
    assert.deepEqual(
      made.all("RemoteImage").map(({ inputs }) => inputs.name),
      ["public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0"],
    );
  });

  it("listens to the task alone, and hands traces to X-Ray and metrics to CloudWatch", () => {
    const { AOT_CONFIG_CONTENT: text } = variables(definitions(made)["otel-collector"]!);
    const [group] = made.all("LogGroup").filter(({ name }) => name === "web-telemetry");
    assert.equal(group!.inputs.retentionInDays, 90);
    const processors = ["memory_limiter", "resourcedetection", "batch"];
    const { exporters, ...rest } = parse(text!) as { exporters: { awsemf: { log_group_name: string } } };
    assert.deepEqual(rest, {
      extensions: { health_check: { endpoint: "127.0.0.1:13133" } },
      receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } } } },
      processors: {
        memory_limiter: { check_interval: "1s", limit_mib: 128 },
        resourcedetection: { detectors: ["env", "ecs"], override: false },
        batch: {},
      },
      service: {
        extensions: ["health_check"],
        telemetry: { metrics: { level: "none" } },
        pipelines: {
          traces: { receivers: ["otlp"], processors, exporters: ["awsxray"] },
          metrics: { receivers: ["otlp"], processors, exporters: ["awsemf"] },
        },
      },
    });
    const { log_group_name, ...awsemf } = exporters.awsemf;
    assert.match(log_group_name, /^web-telemetry-[0-9a-f]{7}$/);
    assert.deepEqual(
      { ...exporters, awsemf },
      {
        awsxray: { region: "eu-west-3" },
        awsemf: { region: "eu-west-3", namespace: "shop/test", log_stream_name: "{TaskId}", dimension_rollup_option: "NoDimensionRollup" },
      },
    );
  });

  it("may send traces and write its log group, and nothing else", () => {
    const [policy] = made.all("RolePolicy").filter(({ name }) => name.startsWith("web-task"));
    const [traces, metrics, ...others] = policyOf(policy!).Statement;
    assert.deepEqual(traces, { Sid: "SendTraces", Effect: "Allow", Action: ["xray:PutTraceSegments"], Resource: ["*"] });
    assert.deepEqual(metrics!.Action, ["logs:CreateLogStream", "logs:PutLogEvents"]);
    assert.match(String(metrics!.Resource), /^arn:aws:logs:eu-west-3:123456789012:log-group:web-telemetry-[0-9a-f]{7}:\*$/);
    assert.deepEqual(others, []);
    const log = made.one("LogGroup", "web-telemetry");
    assert.ok(made.outlives(made.one("aws:ecs/service:Service")).has(log));
  });

  it("is known to the app, which starts after it", () => {
    const { web } = definitions(made);
    assert.deepEqual(web!.dependsOn, [{ containerName: "otel-collector", condition: "START" }]);
    assert.deepEqual(variables(web!), {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=shop,deployment.environment.name=test",
      OTEL_SERVICE_NAME: "web",
    });
  });

  it("leaves the app the variables that it has", async () => {
    const environment = { OTEL_SERVICE_NAME: "shop", OTEL_TRACES_SAMPLER: "parentbased_traceidratio" };
    const secrets = { OTEL_RESOURCE_ATTRIBUTES: "arn:aws:ssm:eu-west-3:123456789012:parameter/attributes" };
    const { web } = definitions(await service("otel", { environment, secrets }));
    const { OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES } = variables(web!);
    assert.deepEqual([OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES], ["shop", "parentbased_traceidratio", undefined]);
  });

  it("is another image, with more memory, if that is said", async () => {
    const image = "123456789012.dkr.ecr.eu-west-3.amazonaws.com/team/collector:2.1.0";
    const its = await service({ image, memory: "256 MB" });
    const collector = definitions(its)["otel-collector"]!;
    assert.deepEqual([collector.image, collector.memoryReservation], [image, 256]);
    assert.match(variables(collector).AOT_CONFIG_CONTENT!, /"limit_mib":256/);
    assert.deepEqual(its.names("berth:index:MirroredImage"), []);
  });

  for (const variant of VARIANT_NAMES) {
    it(`is there on ${variant}`, async () => {
      assert.deepEqual(Object.keys(definitions(await service("otel", {}, variant))), ["otel-collector", "web"]);
    });
  }

  it("is there in tasks by hand and on a schedule, and beside FireLens", async () => {
    const one = await deploy(() => new OneOffTask("clean", { cluster: bigCluster(), image: IMAGE, telemetry: "otel" }));
    const given = {
      cluster: bigCluster,
      image: IMAGE,
      schedule: "rate(1 day)",
      telemetry: {},
      logging: { firelens: "cloudwatch" as const },
    };
    const again = await deploy(() => new ScheduledTask("clean", { ...given, cluster: given.cluster() }));
    assert.deepEqual(Object.keys(definitions(one)), ["clean", "otel-collector"]);
    const { clean, "otel-collector": collector } = definitions(again);
    assert.deepEqual(clean!.dependsOn, [
      { containerName: "log-router", condition: "START" },
      { containerName: "otel-collector", condition: "START" },
    ]);
    assert.deepEqual([collector!.logConfiguration.logDriver, collector!.dependsOn], ["awslogs", undefined]);
  });

  it("has its name and its ports for itself, and needs the task's network", async () => {
    const beside = (name: string, port?: number) => ({ sidecars: { [name]: { image: IMAGE, ...(port && { port }) } } });
    assert.equal(
      await refusal(() => make("otel", beside("otel-collector"))),
      'FargateService "web": sidecars.otel-collector: the collector of telemetry has this name; choose another.',
    );
    for (const port of [4317, 4318, 13133])
      assert.equal(
        await refusal(() => make("otel", beside("other", port))),
        `FargateService "web": sidecars.other.port: ${port} is the port of otel-collector, too, and the containers of a task share its network; choose another.`,
      );
    assert.equal(
      await refusal(() => make("otel", { port: 4318 })),
      'FargateService "web": port: 4318 is the port of otel-collector, too, and the containers of a task share its network; choose another.',
    );
    assert.equal(
      await refusal(() => make("otel", { ports: { admin: { port: 4317 } } })),
      'FargateService "web": ports.admin.port: 4317 is the port of otel-collector, too, and the containers of a task share its network; choose another, or name that container.',
    );
    assert.equal(
      await refusal(() => make("otel", { networkMode: "bridge" }, "Ec2Service")),
      'Ec2Service "web": telemetry: in bridge mode the containers of a task have no network in common; leave it out, or use awsvpc.',
    );
  });

  it("takes these arguments", async () => {
    assert.deepEqual(complaintsOf(telemetry, { collector: "jaeger" }), [
      'collector: "jaeger" is not a valid value; allowed: otel, cloudwatch.',
    ]);
    assert.deepEqual(complaintsOf(telemetry, { memory: "much" }), ['memory: "much" is not a size; write "128 MB" or 128 (MiB).']);
    assert.equal(
      await refusal(() => make({ memory: 512 })),
      'FargateService "web": telemetry.memory: 512 MB for the collector leaves nothing of the task\'s 512 MB; make it smaller, or give the task more memory.',
    );
    const secret = await refusal(() => make("otel", { environment: { OTEL_EXPORTER_OTLP_HEADERS: pulumi.secret("x") } }));
    assert.match(secret, /environment\.OTEL_EXPORTER_OTLP_HEADERS: it is a Pulumi secret/);
  });
});

describe("the CloudWatch agent", () => {
  let made: Deployed;
  before(async () => {
    made = await service("cloudwatch");
  });

  it("is this to the letter: it writes its configuration where it looks for it, and nowhere else", () => {
    const { image, environment: _, logConfiguration, ...agent } = definitions(made)["cloudwatch-agent"]!;
    assert.match(String(image), /^123456789012\.dkr\.ecr\.eu-west-3\.amazonaws\.com\/apps-cloudwatch-agent-[0-9a-f]{7}@sha256:/);
    const at = (folder: string) => ({
      containerPath: `/opt/aws/amazon-cloudwatch-agent/${folder}`,
      readOnly: false,
      sourceVolume: `opt-aws-amazon-cloudwatch-agent-${folder}`,
    });
    assert.deepEqual(agent, {
      name: "cloudwatch-agent",
      essential: false,
      cpu: 0,
      memoryReservation: 128,
      portMappings: [],
      user: "0",
      readonlyRootFilesystem: true,
      mountPoints: [at("etc"), at("var")],
      volumesFrom: [],
      systemControls: [],
      linuxParameters: { capabilities: { add: [], drop: ["ALL"] }, initProcessEnabled: true },
      restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
      stopTimeout: 30,
    });
    assert.equal(logConfiguration.logDriver, "awslogs");
    const volumes = made.inputs("TaskDefinition").volumes as unknown as { name: string }[];
    for (const { sourceVolume } of [at("etc"), at("var")]) assert.ok(volumes.some(({ name }) => name === sourceVolume));
    assert.deepEqual(
      made.all("RemoteImage").map(({ inputs }) => inputs.name),
      ["public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300066.1b1374"],
    );
  });

  it("listens to the task alone, on ports of their own for traces and metrics, and asks nothing of an instance", () => {
    const { CW_CONFIG_CONTENT: text } = variables(definitions(made)["cloudwatch-agent"]!);
    assert.deepEqual(JSON.parse(text!), {
      agent: { region: "eu-west-3" },
      traces: {
        traces_collected: { otlp: { grpc_endpoint: "127.0.0.1:4317", http_endpoint: "127.0.0.1:4318" } },
        local_mode: true,
      },
      metrics: {
        namespace: "shop/test",
        metrics_collected: { otlp: { grpc_endpoint: "127.0.0.1:4319", http_endpoint: "127.0.0.1:4320" } },
      },
    });
  });

  it("may send traces, and metrics of the stack's namespace, and has no log group for them", () => {
    const [policy] = made.all("RolePolicy").filter(({ name }) => name.startsWith("web-task"));
    assert.deepEqual(policyOf(policy!).Statement, [
      { Sid: "SendTraces", Effect: "Allow", Action: ["xray:PutTraceSegments"], Resource: ["*"] },
      {
        Sid: "WriteMetrics",
        Effect: "Allow",
        Action: ["cloudwatch:PutMetricData"],
        Resource: ["*"],
        Condition: { StringEquals: { "cloudwatch:namespace": "shop/test" } },
      },
    ]);
    assert.deepEqual(
      made.all("LogGroup").filter(({ name }) => name.includes("telemetry")),
      [],
    );
  });

  it("is known to the app, which starts after it", () => {
    const { web } = definitions(made);
    assert.deepEqual(web!.dependsOn, [{ containerName: "cloudwatch-agent", condition: "START" }]);
    assert.deepEqual(variables(web!), {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://127.0.0.1:4320/v1/metrics",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=shop,deployment.environment.name=test",
      OTEL_SERVICE_NAME: "web",
    });
  });

  it("is there on each launch choice, and in tasks by hand and on a schedule", async () => {
    for (const variant of VARIANT_NAMES)
      assert.deepEqual(Object.keys(definitions(await service("cloudwatch", {}, variant))), ["cloudwatch-agent", "web"], variant);
    const given = { image: IMAGE, telemetry: { collector: "cloudwatch" as const, memory: "200 MB" } };
    const one = await deploy(() => new OneOffTask("clean", { ...given, cluster: bigCluster() }));
    const again = await deploy(() => new ScheduledTask("clean", { ...given, cluster: bigCluster(), schedule: "rate(1 day)" }));
    for (const its of [one, again]) assert.equal(definitions(its)["cloudwatch-agent"]!.memoryReservation, 200);
  });

  it("has its name and its ports for itself, and rights beside those of another collector", async () => {
    assert.match(
      await refusal(() => make("cloudwatch", { sidecars: { "cloudwatch-agent": { image: IMAGE } } })),
      /sidecars\.cloudwatch-agent: the collector of telemetry has this name; choose another\.$/,
    );
    for (const port of [4317, 4318, 4319, 4320])
      assert.match(await refusal(() => make("cloudwatch", { port })), /port: \d+ is the port of cloudwatch-agent, too,/);
    const rights = (its: Deployed) => its.all("RolePolicy").find(({ name }) => name.startsWith("web-task"))!.name;
    assert.notEqual(rights(made), rights(await service("otel")));
  });
});
