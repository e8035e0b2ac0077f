import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Config, complaintsAbout, imageOf, serviceOf, settingsOf } from "../helpers/settings";

const SECRET = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf:password::";
const PARAMETER = "arn:aws:ssm:eu-west-3:123456789012:parameter/db";

describe("settings", () => {
  it("of nothing are production's defaults", () => {
    assert.deepEqual(settingsOf({}), {
      platform: undefined,
      encryption: "aws",
      common: { tags: {} },
      existingNetwork: undefined,
      existingCluster: undefined,
      existingLoadBalancer: undefined,
      existingKey: undefined,
      network: {},
      networkLoadBalancer: undefined,
      cluster: {},
      images: [{ name: "web", renamed: undefined, forceDelete: false, context: "./app", architecture: "x86_64" }],
      mirrors: [],
      loadBalancer: { deletionProtection: true, forceDestroyLogs: false },
      services: [
        {
          name: "web",
          renamed: undefined,
          compute: "fargate",
          image: "web",
          calls: [],
          sendsTo: [],
          alarms: undefined,
          ports: [],
          route: {},
          listener: undefined,
        },
      ],
      main: "web",
      byName: false,
      tasks: [],
      daemons: [],
      fileSystems: [],
      queues: [],
      notify: undefined,
      alarms: undefined,
    });
  });

  it("know a service by the name that it had", () =>
    assert.deepEqual(serviceOf({ service: { name: "shop", formerName: "web" } }).renamed, { aliases: [{ name: "web" }] }));

  it("read human units and AWS's numbers alike", () => {
    const sizes = (cpu: unknown, memory: unknown) => {
      const service = serviceOf({ service: { cpu, memory } });
      return [service.cpu, service.memory];
    };
    for (const [cpu, memory] of [
      ["0.5 vCPU", "1 GB"],
      [512, 1024],
      ["512", "1024"],
      [".5 vcpu", "1024 MiB"],
    ])
      assert.deepEqual(sizes(cpu, memory), [512, 1024]);
  });

  it("read numbers and switches as text, as the command line gives them", () => {
    const { network, loadBalancer, services, images } = settingsOf({
      deletionProtection: "false",
      network: { zones: "3", flowLogs: "false" },
      loadBalancer: { idleTimeout: "61", accessLogs: "90" },
      service: { port: "8080", desiredCount: "0", readonlyRootFilesystem: "false", logRetentionInDays: "7" },
    });
    assert.deepEqual([network.zones, network.flowLogs], [3, false]);
    assert.deepEqual(
      [loadBalancer?.idleTimeout, loadBalancer?.accessLogs, loadBalancer?.deletionProtection, loadBalancer?.forceDestroyLogs],
      [61, 90, false, true],
    );
    const [service] = services;
    assert.deepEqual(
      [service?.port, service?.desiredCount, service?.readonlyRootFilesystem, service?.logRetentionInDays],
      [8080, 0, false, 7],
    );
    assert.equal(images[0]?.forceDelete, true);
  });

  it("take environment variables and tags for text", () => {
    const { services, common } = settingsOf({
      tags: { floor: 7, open: true },
      service: { environment: { WORKERS: 4, DEBUG: false, NAME: "x" } },
    });
    assert.deepEqual(services[0]?.environment, { WORKERS: "4", DEBUG: "false", NAME: "x" });
    assert.deepEqual(common.tags, { floor: "7", open: "true" });
  });

  it("let the particular win over deletionProtection", () => {
    const { images, loadBalancer } = settingsOf({
      deletionProtection: false,
      image: { forceDelete: false },
      loadBalancer: { deletionProtection: true, forceDestroyLogs: false },
    });
    assert.deepEqual([images[0]?.forceDelete, loadBalancer?.deletionProtection, loadBalancer?.forceDestroyLogs], [false, true, false]);
  });

  it("build nothing where an image is given", () => {
    assert.equal("context" in imageOf({ image: { imageUri: "repo:1" } }), false);
  });

  it("give a private network an endpoint for each service that a task calls before the app runs", () => {
    const { network } = settingsOf({
      network: { endpoints: "private", endpointServices: ["sqs"] },
      service: { secrets: { A: SECRET, B: PARAMETER, C: SECRET }, exec: true, readonlyRootFilesystem: false },
    });
    assert.deepEqual(network.endpointServices, ["sqs", "secretsmanager", "ssm", "ssmmessages"]);
    const splunk = { driver: "splunk", options: { "splunk-url": "https://logs.example.com" }, secretOptions: { "splunk-token": SECRET } };
    const routed = settingsOf({ network: { endpoints: "private" }, service: { logging: splunk } });
    assert.deepEqual(routed.network.endpointServices, ["secretsmanager"]);
    const firehose = { firelens: { to: "firehose", deliveryStream: "team-logs" } };
    const streamed = settingsOf({ network: { endpoints: "private" }, tasks: { clean: { logging: firehose } } });
    assert.deepEqual(streamed.network.endpointServices, ["kinesis-firehose"]);
    const traced = settingsOf({ network: { endpoints: "private" }, service: { telemetry: "otel" } });
    assert.deepEqual(traced.network.endpointServices, ["xray"]);
    const measured = settingsOf({ network: { endpoints: "private" }, tasks: { clean: { telemetry: { collector: "cloudwatch" } } } });
    assert.deepEqual(measured.network.endpointServices, ["xray", "monitoring"]);
    const ofTasks = { tasks: { clean: { secrets: { A: PARAMETER }, exec: true, readonlyRootFilesystem: false } } };
    const endpoints = (more: Config) => settingsOf({ network: { endpoints: "private" }, ...ofTasks, ...more }).network.endpointServices;
    assert.deepEqual(endpoints({}), ["ssm", "ssmmessages"], "of tasks");
    assert.deepEqual(endpoints({ encryption: "own" }), ["ssm", "ssmmessages", "kms"], "sessions with an own key");
    assert.deepEqual(endpoints({ kmsKeyArn: "arn:aws:kms:eu-west-3:123456789012:key/k" }), ["ssm", "ssmmessages", "kms"]);
    const AT = "eu-west-3:123456789012";
    const permissions = {
      read: [`arn:aws:sqs:${AT}:jobs`, `arn:aws:dynamodb:${AT}:table/t`, "arn:aws:s3:::b"],
      write: [`arn:aws:sns:${AT}:t`],
    };
    assert.deepEqual(endpoints({ service: { permissions } }), ["ssm", "ssmmessages", "sqs", "dynamodb", "sns"], "what the app may use");
    assert.deepEqual(endpoints({ service: { permissions: [{ actions: ["sqs:SendMessage"], resources: ["*"] }] } }), ["ssm", "ssmmessages"]);
    assert.equal("endpointServices" in settingsOf({ service: { secrets: { A: SECRET }, permissions } }).network, false);
  });

  it("split the service's route and name from its arguments", () => {
    const its = { host: "*.example.com", path: "/api/*", methods: ["GET"], rewrite: "/" };
    const { name, route, port, ...others } = serviceOf({ service: { name: "shop", ...its, port: 80 } });
    assert.deepEqual([name, route, port], ["shop", its, 80]);
    assert.deepEqual(others, {
      renamed: undefined,
      compute: "fargate",
      image: "shop",
      calls: [],
      sendsTo: [],
      alarms: undefined,
      ports: [],
      listener: undefined,
    });
  });

  it("take a longest name", () => assert.equal(serviceOf({ service: { name: "a".repeat(24) } }).name, "a".repeat(24)));

  it("ignore other projects' keys and providers' own", () => {
    assert.equal(serviceOf({ "aws:region": "eu-west-3", "other:service": "x" }).name, "web");
  });
});

describe("encrypted settings", () => {
  const plainly = (at: string, which: string) =>
    `${at}: encrypted values are kept secret in image.secrets, as value in secrets, in signIn.clientSecret and in notify.httpsEndpoint alone; ${which} would stand in plain text in the state and in AWS. `;
  const elsewhere = "Leave it in plain text, or keep it in Secrets Manager or Parameter Store and name it in secrets.";

  it("are refused in the environment, by their mark or by Pulumi's word for the whole key", async () => {
    const complaint = (name: string) =>
      `${plainly(`service.environment.${name}`, "this one")}Give it as secrets: { ${name}: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { ${name}: "prod/db" }; ECS then hands it to the container as the same variable.`;
    // Offline: the planner marks the one value.
    const offline = { service: { environment: { LEVEL: "debug", KEY: "[secret]" } } };
    assert.deepEqual(await complaintsAbout(offline, ["service"]), [complaint("KEY")]);
    // In the real thing: decrypted, and no word about which it was.
    const online = { service: { environment: { LEVEL: "debug", KEY: "hunter2" } } };
    const password = await complaintsAbout({ service: { environment: { PASSWORD: "hunter2" } } }, ["service"]);
    assert.deepEqual(password, [complaint("PASSWORD")], "one mistake, one complaint");
    assert.deepEqual(await complaintsAbout(online, ["service"]), [complaint("LEVEL"), complaint("KEY")]);
  });

  const places: [config: Config, at: string][] = [
    [{ service: { command: ["a", "[secret]"] } }, "service.command[1]"],
    [{ service: { port: "[secret]" } }, "service.port"],
    [{ service: { preDeploy: ["[secret]"] } }, "service.preDeploy[0]"],
    [{ tasks: { clean: { command: ["[secret]"] } } }, "tasks.clean.command[0]"],
    [{ tags: { team: "[secret]" } }, "tags.team"],
    [{ image: { buildArgs: { X: "[secret]" } } }, "image.buildArgs.X"],
  ];
  for (const [config, at] of places) {
    const [key] = Object.keys(config);
    it(`are refused at ${at}`, async () => {
      assert.deepEqual(await complaintsAbout(config, [key!]), [plainly(at, "this one") + elsewhere]);
      const decrypted = JSON.parse(JSON.stringify(config).replaceAll("[secret]", "8000")) as Config;
      assert.deepEqual(await complaintsAbout(decrypted, [key!]), [plainly(key!, "one here") + elsewhere], "decrypted");
      settingsOf(decrypted);
    });
  }

  describe("as the value of a variable", () => {
    const PLACES: [group: (its: object) => Config, at: string][] = [
      [(service) => ({ service }), "service"],
      [(api) => ({ services: { api } }), "services.api"],
      [(clean) => ({ tasks: { clean } }), "tasks.clean"],
    ];
    const secrets = (value: unknown) => ({ secrets: { DB: { value }, OTHER: "prod/other" } });
    for (const [group, at] of PLACES) {
      const key = at.split(".")[0]!;
      const settled = (settings: ReturnType<typeof settingsOf>) => (key === "tasks" ? settings.tasks : settings.services)[0]!.secrets;
      it(`are kept in ${at}`, () => {
        for (const value of ["[secret]", "hunter2"])
          assert.deepEqual(settled(settingsOf(group(secrets(value)), [key])), { DB: { value }, OTHER: "prod/other" });
      });

      it(`are wanted in ${at}: plain text is refused, and not shown`, async () => {
        const complaint = `${at}.secrets.DB.value: it is in plain text; encrypt it: pulumi config set --secret --path ${at}.secrets.DB.value.`;
        assert.deepEqual(await complaintsAbout(group(secrets("hunter2"))), [complaint]);
        const beside = { secrets: { DB: { value: "hunter2" }, OTHER: { value: "[secret]" } } };
        assert.deepEqual(await complaintsAbout(group(beside), [key]), [complaint], "where the plan knows which is encrypted");
      });
    }

    it("leave an encrypted value elsewhere to be refused, where the plan knows which it is", async () => {
      const config = { service: { ...secrets("[secret]"), environment: { LEVEL: "[secret]" } } };
      const [complaint, ...others] = await complaintsAbout(config, ["service"]);
      assert.match(
        complaint!,
        /^service\.environment\.LEVEL: encrypted values are kept secret in image\.secrets, as value in secrets, in signIn\.clientSecret and in notify\.httpsEndpoint alone;/,
      );
      assert.deepEqual(others, []);
    });

    it("are no other key of a variable, and no variable of that name", async () => {
      const [of] = await complaintsAbout({ service: { secrets: { DB: { secret: "[secret]" } } } }, ["service"]);
      assert.match(of!, /^service\.secrets\.DB\.secret: encrypted values are kept secret/);
      const [named] = await complaintsAbout({ service: { secrets: { value: "[secret]" } } }, ["service"]);
      assert.match(named!, /^service\.secrets\.value: encrypted values are kept secret/);
    });

    it("need an endpoint in a private network, as names do", () => {
      const endpoints = (its: object) =>
        settingsOf({ network: { endpoints: "private" }, service: { secrets: its } }).network.endpointServices;
      assert.deepEqual(endpoints({ DB: { value: "[secret]" } }), ["secretsmanager"]);
      const sidecars = { agent: { image: "agent:1", secrets: { TOKEN: "/agent/token" } } };
      assert.deepEqual(settingsOf({ network: { endpoints: "private" }, service: { sidecars } }).network.endpointServices, ["ssm"]);
      assert.deepEqual(endpoints({ A: "/prod/a", B: "prod/b", C: { secret: "c", key: "k" } }), ["ssm", "secretsmanager"]);
    });
  });

  describe("as the secret with which a load balancer asks who somebody is", () => {
    const signIn = (clientSecret: string) => ({ signIn: { issuer: "https://accounts.google.com", clientId: "shop", clientSecret } });
    const loadBalancer = { domain: "shop.example.com" };
    const PLACES: [group: (its: object) => Config, at: string][] = [
      [(service) => ({ service, loadBalancer }), "service"],
      [(api) => ({ services: { api }, loadBalancer }), "services.api"],
      [(admin) => ({ service: { ports: { admin: { port: 9000, path: "/admin/*", ...admin } } }, loadBalancer }), "service.ports.admin"],
    ];
    for (const [group, at] of PLACES) {
      const key = at.split(".")[0]!;
      it(`are kept in ${at}, and wanted`, async () => {
        for (const value of ["[secret]", "hunter2"]) settingsOf(group(signIn(value)), [key]);
        const place = `${at}.signIn.clientSecret`;
        assert.deepEqual(await complaintsAbout(group(signIn("hunter2"))), [
          `${place}: it is in plain text; encrypt it: pulumi config set --secret --path ${place}.`,
        ]);
      });
    }

    it("reach the route", () =>
      assert.equal(serviceOf({ service: signIn("[secret]"), loadBalancer }).route?.signIn?.clientSecret, "[secret]"));

    it("are none where a secret is named, and hide no other one", async () => {
      const its = { issuer: "https://accounts.google.com", clientId: "shop", clientSecret: { secret: "prod/sign-in", key: "secret" } };
      assert.deepEqual(serviceOf({ service: { signIn: its }, loadBalancer }).route?.signIn?.clientSecret, its.clientSecret);
      const [of] = await complaintsAbout({ service: { signIn: its, environment: { TOKEN: "x" } }, loadBalancer }, ["service"]);
      assert.match(of!, /^service\.environment\.TOKEN: encrypted values are kept secret/);
    });

    it("are no other part of it", async () => {
      const [of] = await complaintsAbout({ service: { signIn: { ...signIn("[secret]").signIn, clientId: "[secret]" } }, loadBalancer }, [
        "service",
      ]);
      assert.match(of!, /^service\.signIn\.clientId: encrypted values are kept secret/);
    });
  });

  for (const key of ["compute", "service", "network", "image", "cluster", "loadBalancer", "tags", "deletionProtection"]) {
    it(`are no whole key: ${key}`, async () =>
      assert.deepEqual(await complaintsAbout({ [key]: "[secret]" }, [key]), [plainly(key, "one here") + elsewhere]));
  }

  it("of a build are secrets, readable or not", async () => {
    const { secrets } = imageOf({ image: { secrets: { npm: "[secret]", pip: "hunter2" } } }, ["image"]);
    for (const value of Object.values(secrets ?? {})) assert.equal(await pulumi.isSecret(pulumi.output(value)), true);
    assert.deepEqual(Object.keys(secrets ?? {}), ["npm", "pip"]);
  });
});
