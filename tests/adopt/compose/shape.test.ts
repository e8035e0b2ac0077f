import assert from "node:assert/strict";
import { join } from "node:path";
import { knownImage } from "../../../adopt/compose/known";
import { mention } from "../../../adopt/compose/shape";
import { adoptCompose } from "../../../adopt/compose/translate";
import { adopted, within } from "./project";

type Services = Record<string, Record<string, unknown>>;
const servicesOf = (services: object, more: object = {}, wanted: string[] = []) =>
  adopted({ services, ...more }, {}, wanted).settings.services as Services;
const web = { image: "acme/web:1" };

describe("what the services of a compose file become", () => {
  it("the first that is published gets all requests, and the others are told what they need", () => {
    const { settings, told } = adopted({
      services: { api: { image: "a/api:1", ports: ["8081:8081"] }, web: { ...web, ports: ["80:3000"] }, jobs: { image: "a/jobs:1" } },
    });
    const { api, web: its, jobs } = settings.services as Services;
    assert.deepEqual([its!.path, its!.port, api!.path, api!.port, jobs!.port], ["/*", 3000, undefined, 8081, undefined]);
    assert.match(told("services.api.ports[0]").join(), /set services\.api\.path or host/);
  });

  it("a port of one's own machine gets the requests only where no other is there, and that is said", () => {
    const local = { image: "a/admin:1", ports: ["127.0.0.1:9000:9000"] };
    const alone = adopted({ services: { admin: local } });
    assert.match(alone.told("services.admin.ports[0]").join(), /on your machine only, and the internet reaches the load balancer/);
    assert.equal(servicesOf({ admin: local, web: { ...web, ports: ["3000:3000"] } }).admin!.path, undefined);
  });

  it("callers find a service under the host and the port of before", () => {
    const {
      api,
      jobs,
      web: its,
    } = servicesOf({
      web: { ...web, ports: ["80:80"], environment: { API: "http://api:9000/v1", QUEUE: "jobs:7000", WHO: "jobs" } },
      api: { image: "a/api:1", networks: { default: { aliases: ["backend"] } } },
      jobs: { image: "a/jobs:1" },
      cron: { image: "a/cron:1", command: ["curl", "http://backend:9000/tick"] },
    });
    assert.deepEqual(its!.calls, ["api", "jobs"]);
    assert.deepEqual([api!.port, api!.connect, jobs!.port, jobs!.connect], [9000, { port: 9000 }, 7000, { protocol: "tcp" }]);
  });

  it("a service that has a name which DNS does not take is called by another, in the variables too", () => {
    const { my, web: its } = ((all: Services) => ({ my: all["my-api"], web: all.web }))(
      servicesOf({ web: { ...web, ports: ["80:80"], environment: { API: "http://my_api/x" } }, my_api: { image: "a/api:1" } }),
    );
    assert.deepEqual([its!.calls, its!.environment, my!.connect, my!.port], [["my-api"], { API: "http://my-api/x" }, true, 80]);
  });

  it("databases are told with what points to them, and --service takes one all the same", () => {
    const services = { web: { ...web, ports: ["80:80"], environment: { DB_HOST: "db", NAME: "db" } }, db: { image: "postgres:17" } };
    const { settings, told } = adopted({ services });
    assert.deepEqual((settings.service as Services).environment, { NAME: "db" });
    assert.equal(
      told("services.db").join(),
      "db is a database, and not run as a service: use Amazon RDS for PostgreSQL, or Aurora. What points to it: DB_HOST of web.",
    );
    assert.deepEqual(Object.keys(servicesOf(services, {}, ["web", "db"])), ["web", "db"]);
  });

  it("what others wait for runs before the deploy, with the variables of its service", () => {
    const migrate = { build: ".", command: "node migrate.js", environment: { A: "1", B: "2" } };
    const after = { migrate: { condition: "service_completed_successfully" } };
    const { settings, told } = adopted({
      services: { web: { build: ".", ports: ["80:80"], environment: { A: "1" }, depends_on: after }, migrate },
    });
    assert.deepEqual((settings.service as Services).preDeploy, ["node", "migrate.js"]);
    assert.deepEqual(told("services.migrate.environment.B"), ["The command runs with the variables of web: add it there."]);
    const alone = adopted({ services: { web: { ...web, depends_on: after }, migrate: { image: "flyway/flyway:11" } } });
    assert.match(alone.told("services.migrate").join(), /It runs once before web, in an image of its own/);
    const own = adopted({ services: { web: { build: ".", depends_on: after }, migrate: { build: ".", entrypoint: "x" } } });
    assert.deepEqual((own.settings.tasks as Services).migrate!.entryPoint, ["x"]);
  });

  it("a service with a profile is a task where it has the image of another, and else is left out", () => {
    const { settings, told } = adopted({
      services: {
        web: { build: "." },
        shell: { build: ".", command: "sh", profiles: ["dev"] },
        debug: { image: "a/debug:1", profiles: ["dev"] },
      },
    });
    assert.deepEqual((settings.tasks as Services).shell!.command, ["sh"]);
    assert.match(told("services.debug").join(), /^It is started only with a profile/);
  });

  it("services with one build share the stack's image, and a volume of several is one file system", () => {
    const volumes = ["files:/files"];
    const { settings } = adopted({
      services: { a: { build: "./x" }, b: { build: "./y", volumes }, c: { build: "./y", volumes }, d: { ...web } },
      volumes: { files: null },
    });
    const services = settings.services as Services;
    assert.deepEqual(
      [settings.image, services.a!.image, services.b!.image, services.d!.image],
      [{ context: "./y" }, { context: "./x" }, undefined, { imageUri: "acme/web:1" }],
    );
    assert.deepEqual([settings.fileSystems, services.b!.volumes], [{ files: {} }, { files: { efs: "files" } }]);
  });

  it("labels of Traefik are routes", () => {
    const labels = (rule: string) => [`traefik.http.routers.x.rule=${rule}`, "traefik.http.services.x.loadbalancer.server.port=3000"];
    const { a, b, c } = servicesOf({
      a: { ...web, labels: labels("Host(`a.example.com`, `b.example.com`) && PathPrefix(`/api/`)") },
      b: { ...web, labels: labels("PathPrefix(`/b`)") },
      c: { ...web, labels: labels("HostRegexp(`x`)"), ports: ["80:80"] },
    });
    assert.deepEqual([a!.host, a!.path, a!.port], [["a.example.com", "b.example.com"], ["/api", "/api/*"], 3000]);
    assert.deepEqual([b!.host, b!.path], [undefined, ["/b", "/b/*"]]);
    assert.equal(c!.path, undefined, "a proxy knew who gets what");
  });

  it("names that a stack has not are others, each its own", () => {
    const services = servicesOf({ "1_a.b": web, "a-b": web, ["x".repeat(30)]: web });
    assert.deepEqual(Object.keys(services), ["a-b", "a-b-1", "x".repeat(24)]);
  });

  it("secrets are variables: that of the file's variable, or their own name", () => {
    const { settings, told } = adopted({
      services: {
        web: {
          ...web,
          secrets: ["pw", { source: "a.key", target: "/keys/a" }],
          environment: ["PW_FILE=/run/secrets/pw", "DB_PASSWORD_FILE=/keys/a"],
        },
      },
      secrets: { pw: { file: "./pw" }, "a.key": { external: true } },
    });
    const service = settings.service as Services;
    assert.deepEqual(service.secrets, { PW: "/shop/prod/PW", DB_PASSWORD: "/shop/prod/DB_PASSWORD" });
    assert.equal(service.environment, undefined);
    assert.match(told("services.web.environment[1]").join(), /the app reads its value from DB_PASSWORD\./);
  });

  it("one credential of several services is stored once, and two of one name are two", () => {
    const { settings, steps } = adopted({
      services: { a: { ...web, environment: { API_KEY: "x1y2z3" } }, b: { ...web, environment: { API_KEY: "x1y2z3" } } },
    });
    assert.deepEqual(
      Object.values(settings.services as Services).map(({ secrets }) => secrets),
      [{ API_KEY: "/shop/prod/API_KEY" }, { API_KEY: "/shop/prod/API_KEY" }],
    );
    assert.deepEqual(steps.find(({ title }) => title === "Store the credentials")!.commands, [
      'read -rs VALUE && aws ssm put-parameter --type SecureString --name /shop/prod/API_KEY --value "$VALUE" --region eu-west-1',
    ]);
    const two = servicesOf({ a: { ...web, environment: { API_KEY: "x1y2z3" } }, b: { ...web, environment: { API_KEY: "other1" } } });
    assert.deepEqual([two.a!.secrets, two.b!.secrets], [{ API_KEY: "/shop/prod/a/API_KEY" }, { API_KEY: "/shop/prod/b/API_KEY" }]);
  });

  it("extends and include are read with the file", () => {
    const { settings, ledger } = adopted(
      {
        include: ["sub/more.yaml"],
        services: {
          base: { image: "a/b:1", command: ["a"], environment: { A: "1", B: "2" } },
          web: { extends: "base", command: ["b"], environment: ["B=3"] },
          other: { extends: { file: "sub/common.yaml", service: "x" } },
        },
      },
      {
        "sub/more.yaml": "services: { worker: { build: ., environment: { T: $T } } }\n",
        "sub/.env": "T=t\n",
        "sub/common.yaml": "services: { x: { build: ./x }, y: { image: 'unused' } }\n",
      },
    );
    const { web: its, other, worker } = settings.services as Services;
    assert.deepEqual([its!.command, its!.environment], [["b"], { A: "1", B: "3" }]);
    assert.deepEqual([settings.image, other!.image], [{ context: "./sub" }, { context: "./sub/x" }]);
    assert.deepEqual(worker!.environment, { T: "t" });
    assert.ok(!ledger.left.some(({ source }) => source.startsWith("sub/")));
  });

  it("an include says which folder its paths are of, and which file has its variables", () => {
    const include = { path: "sub/more.yaml", project_directory: "base", env_file: "vars.env" };
    const more = { services: { web: { build: "./app", environment: { A: "$A" } } } };
    const { settings } = adopted(
      { include: [include] },
      { "sub/more.yaml": JSON.stringify(more), "vars.env": "A=1\n", "base/.env": "A=2\n" },
    );
    assert.deepEqual([settings.image, (settings.service as Services).environment], [{ context: "./base/app" }, { A: "1" }]);
    const remote = adopted({ include: ["oci://example.com/x"], services: { web } });
    assert.match(remote.told("include[0]").join(), /docker compose config/);
  });

  it("a log driver is CloudWatch, or told as the setting that has it", () => {
    const told = (driver: string) =>
      adopted({ services: { web: { ...web, logging: { driver } } } })
        .told("services.web.logging")
        .join();
    assert.match(told("json-file"), /CloudWatch Logs/);
    assert.match(told("splunk"), /driver splunk with/);
    assert.match(told("fluentd"), /driver firelens with/);
  });

  it("a volume in the long form is told part by part", () => {
    const volumes = [{ type: "volume", source: "files", target: "/files", volume: { nocopy: true, subpath: "a" } }];
    const { told } = adopted({ services: { web: { ...web, volumes } } });
    const parts = ["type", "source", "target", "volume.nocopy", "volume.subpath"].map((part) =>
      told(`services.web.volumes[0].${part}`).join(),
    );
    assert.deepEqual(parts.slice(0, 3), ["= service.volumes.files", "= service.volumes.files", "= service.mounts.files"]);
    assert.match(parts[4]!, /^A mount is the whole file system/);
  });

  it("a file outside of the project is called by its own name, and its folders as the project finds them", () => {
    within({ "compose.yaml": "services: { web: { build: ./app } }\n", "deploy/x": "" }, (root) => {
      const { ledger } = adoptCompose(join(root, "compose.yaml"), { root: join(root, "deploy"), services: [], stack: "prod" });
      assert.deepEqual([ledger.get(["image", "context"]), ledger.taken[0]!.source], ["../app", "compose.yaml"]);
    });
  });

  it("merge keys and aliases are YAML's, and what stands beside a merge comes first", () => {
    const text =
      "x-a: &a { command: [a], init: true }\nx-b: &b { command: [b], scale: 2 }\nservices:\n  web:\n    <<: [*a, *b]\n    image: a/b:1\n";
    const { settings } = adopted(text);
    const { command, initProcess, desiredCount } = settings.service as Services;
    assert.deepEqual([command, initProcess, desiredCount], [["a"], true, 2]);
  });
});

describe("a compose file that is none", () => {
  const refused: [what: string, files: Record<string, string>, message: RegExp, services?: string[]][] = [
    ["no file", {}, /^compose\.yaml does not exist, or is no file\.$/],
    ["no YAML", { "compose.yaml": "services: [\n" }, /^compose\.yaml, line 2, column 1: .* Correct the YAML there\.$/],
    ["a list", { "compose.yaml": "- a\n" }, /^compose\.yaml must be a map of keys and values/],
    ["no services", { "compose.yaml": "volumes: {}\n" }, /^compose\.yaml has no services, so there is nothing to run\.$/],
    [
      "databases alone",
      { "compose.yaml": "services: { db: { image: 'postgres:17' } }\n" },
      /^compose\.yaml has no service that ECS would run: db is a database, for which AWS has Amazon RDS for PostgreSQL, or Aurora\.$/,
    ],
    [
      "a service that is not there",
      { "compose.yaml": "services: { web: { image: 'a:1' } }\n" },
      /^--service "wep" is not a service of the compose file; allowed: web; did you mean "web"\?$/,
      ["wep"],
    ],
    [
      "extends of nobody",
      { "compose.yaml": "services: { web: { extends: base } }\n" },
      /^compose\.yaml: web extends base, which is not there\.$/,
    ],
    ["extends of itself", { "compose.yaml": "services: { a: { extends: b }, b: { extends: a } }\n" }, /extends itself; take that out\.$/],
    [
      "extends of a file that is not there",
      { "compose.yaml": "services: { web: { extends: { file: b.yaml, service: x } } }\n" },
      /^b\.yaml does not exist, or is no file\.$/,
    ],
    ["include of itself", { "compose.yaml": "include: [compose.yaml]\nservices: {}\n" }, /includes itself/],
    [
      "one service twice",
      { "compose.yaml": "include: [b.yaml]\nservices: { web: { image: 'a:1' } }\n", "b.yaml": "services: { web: { image: 'b:1' } }\n" },
      /both have services\.web; name one of them otherwise/,
    ],
  ];
  for (const [what, files, message, services = []] of refused) {
    it(what, () => {
      within(files, (root) =>
        assert.throws(
          () => adoptCompose(join(root, "compose.yaml"), { root, services, stack: "prod" }),
          (error: Error) => error.name === "UserError" && (message.test(error.message) || assert.fail(error.message)),
        ),
      );
    });
  }
});

describe("what is known of images and texts", () => {
  it("knows what is not run as a service, by the last part of its name", () => {
    const known = [
      "postgres",
      "bitnami/postgresql:16",
      "docker.io/library/redis:7-alpine",
      "valkey/valkey",
      "rabbitmq:4-management",
      "mysql@sha256:00",
      "docker.elastic.co/elasticsearch/elasticsearch:9",
      "localstack/localstack",
      "minio/minio",
      "mongo:8",
    ];
    for (const image of known) assert.ok(knownImage(image), image);
    for (const image of [
      "acme/web",
      "nginx",
      "prometheuscommunity/postgres-exporter",
      "acme/redis-client:1",
      "redis.example.com/web:1",
      "node:24",
    ])
      assert.equal(knownImage(image), undefined, image);
  });

  const mentions: [text: string, host: string, variable: string | undefined, expected: object | undefined][] = [
    ["http://api:9000/x", "api", "X", { port: 9000, scheme: "http" }],
    ["postgres://u:p@db/x", "db", "X", { scheme: "postgres" }],
    ["u@db", "db", "X", {}],
    ["kafka:9092,kafka2:9092", "kafka", "X", { port: 9092 }],
    ["kafka:9092,kafka2:9093", "kafka2", "X", { port: 9093 }],
    ["db", "db", "DB_HOST", {}],
    ["db", "db", "DB_NAME", undefined],
    ["db", "db", undefined, {}],
    ["http://api.example.com", "api", "X", undefined],
    ["http://my-api:80", "api", "X", undefined],
    ["the web is wide", "web", "X", undefined],
  ];
  for (const [text, host, variable, expected] of mentions) {
    it(`${variable ?? "a word"}: ${text} ${expected ? "names" : "does not name"} ${host}`, () =>
      assert.deepEqual(mention(text, host, variable), expected));
  }
});
