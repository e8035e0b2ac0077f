import assert from "node:assert/strict";
import { containers } from "../helpers/service";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";
import { stack } from "../helpers/stacks";
import { messageOf } from "../plan/projects";

const CACHED = "111122223333.dkr.ecr.eu-west-3.amazonaws.com/docker-hub/library/nginx:1.29";
const PROXY = { image: "public.ecr.aws/nginx/nginx:1.29-alpine" };
const planned = (config: Config) =>
  stack(
    "dev",
    Object.entries(config).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  );

describe("sidecars in a stack file", () => {
  it("are containers beside the app, of services and of tasks", async () => {
    const made = await planned({
      service: { sidecars: { proxy: { ...PROXY, port: 8080, essential: false } }, dependsOn: { proxy: "START" } },
      tasks: { report: { command: ["node"], sidecars: { sql: { image: "sql:1", command: ["serve"] } } } },
    });
    const [proxy, web] = containers(made, "web");
    assert.deepEqual([proxy!.name, proxy!.image, proxy!.essential], ["proxy", PROXY.image, false]);
    assert.deepEqual(web!.dependsOn, [{ containerName: "proxy", condition: "START" }]);
    assert.deepEqual(
      containers(made, "report").map(({ name, command }) => [name, command]),
      [
        ["report", ["node"]],
        ["sql", ["serve"]],
      ],
    );
    assert.deepEqual(made.names("Repository"), ["web", "web-cache"]);
  });

  it("are copied into ECR where that is asked, each into a repository of its own that a tag does not change", async () => {
    const made = await planned({ service: { sidecars: { proxy: { ...PROXY, mirror: true } } } });
    assert.deepEqual(made.names("Repository"), ["web", "web-cache", "web.proxy"]);
    assert.equal(made.inputs("RemoteImage").name, PROXY.image);
    const task = made.one("TaskDefinition", "web");
    assert.ok(made.sourcesOf(task, "containerDefinitions").includes("RegistryImage web.proxy"));
    assert.match(String(containers(made, "web")[0]!.image), /@sha256:/);
  });

  it("know their repository again under another name of the service", () => {
    const { mirrors } = settingsOf({ service: { name: "shop", formerName: "web", sidecars: { proxy: { ...PROXY, mirror: true } } } });
    assert.deepEqual(mirrors, [
      {
        name: "shop.proxy",
        renamed: { aliases: [{ name: "web.proxy" }] },
        source: PROXY.image,
        architecture: "x86_64",
        forceDelete: false,
      },
    ]);
  });

  it("are pulled through a cache of ECR's with the rights that this takes", async () => {
    const made = await planned({ service: { sidecars: { proxy: { image: CACHED, pullThroughCache: true } } } });
    const policy = made.all("RolePolicy").find(({ name }) => name.startsWith("web-execution"))!;
    assert.match(String(policy.inputs.policy), /ecr:BatchImportUpstreamImage[^}]*repository\/docker-hub\/library\/nginx/);
  });

  it("are pulled from a private registry with its login, as the app's own image is", async () => {
    const login = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:registry-AbCdEf";
    const made = await planned({
      image: { imageUri: "ghcr.io/acme/web:1", registryCredentials: login },
      service: { sidecars: { proxy: { image: "ghcr.io/acme/proxy:1", registryCredentials: login }, other: { image: "other:1" } } },
      network: { endpoints: "private" },
    });
    const credentials = { credentialsParameter: login };
    assert.deepEqual(
      containers(made, "web").map((one) => one.repositoryCredentials),
      [undefined, credentials, credentials],
    );
    const endpoints = JSON.stringify(
      made
        .all("awsx:ec2:Vpc")
        .concat(made.all("VpcEndpoint"))
        .map(({ inputs }) => inputs),
    );
    assert.match(endpoints, /\.secretsmanager"/);
  });

  it("are refused under the keys of the file", async () => {
    const sidecars = {
      "a b": PROXY,
      proxy: { image: "nginx", port: 0 },
      cache: { ...PROXY, pullThroughCache: true },
      both: { image: CACHED, mirror: true, pullThroughCache: true },
      init: {},
      login: { image: CACHED, registryCredentials: "arn:aws:secretsmanager:eu-west-3:123456789012:secret:x" },
      word: { ...PROXY, registryCredentials: "password" },
    };
    assert.deepEqual(await complaintsAbout({ service: { sidecars } }), [
      'service.sidecars: "a b" is not possible; allowed: 1 to 255 letters, digits, hyphens and underscores.',
      "service.sidecars.proxy.port: 0 is out of range; allowed: 1 to 65535; the nearest is 1.",
      'service.sidecars.proxy.image: "nginx" has neither tag nor digest; give a digest (…@sha256:…) or a tag that is never pushed twice.',
      `service.sidecars.cache.pullThroughCache: "${PROXY.image}" is not in ECR; give the image's name there: <account>.dkr.ecr.<region>.amazonaws.com/<prefix of the rule>/<name>:<tag>.`,
      "service.sidecars.both.pullThroughCache: the deploy copies the image already (mirror: true); leave out one of them.",
      "service.sidecars.init.image: it is missing, and there is no default for it.",
      "service.sidecars.login.registryCredentials: the image is in ECR, which ECS reads by the execution role; leave it out.",
      "service.sidecars.word.registryCredentials: this is not the ARN of a secret that holds a login; allowed: Secrets Manager (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>), without a key.",
    ]);
  });

  for (const [at, config] of [
    ["service.sidecars.proxy", { service: { sidecars: { proxy: { ...PROXY, port: 8000 } } } }],
    ["services.api.sidecars.proxy", { services: { api: { sidecars: { proxy: { ...PROXY, port: 8000 } } } } }],
  ] as [string, Config][])
    it(`are refused by the program under the keys of the file, too: ${at}`, async () =>
      assert.match(
        await messageOf(() => planned(config)),
        new RegExp(`^Pulumi\\.dev\\.yaml: ${at}\\.port: 8000 is the port of (web|api), too`),
      ));
});
