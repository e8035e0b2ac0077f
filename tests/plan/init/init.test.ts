import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { frameworkOf } from "../../../plan/init/framework";
import { type InitFlags, init } from "../../../plan/init/init";
import { REPOSITORY } from "../../helpers/places";
import { berth, messageOf, withProject } from "../projects";

const PROJECT = { "Pulumi.yaml": "name: shop\nruntime: nodejs\n", "index.ts": 'import { readSettings } from "./settings";\n' };
const DOCKERFILE = 'FROM node:24\nUSER 1001:1001\nEXPOSE 3000\nCMD ["node", "server.js"]\n';
const EXPRESS = '{ "dependencies": { "express": "5.1.0" } }';

interface Outcome {
  said: string[];
  /** A file of the project, read; undefined where there is none. */
  config(stack: string): Record<string, unknown> | undefined;
  text(stack: string): string;
}

/** Runs init in a project with these files. */
const run = (files: Record<string, string>, flags: Partial<InitFlags> = {}): Promise<Outcome> =>
  withProject({ ...PROJECT, ...files }, (cwd) => {
    const said = init({ cwd, stack: [], ...flags }).split("\n");
    const texts = new Map(
      ["dev", "prod", "staging"].flatMap((stack) => {
        const file = join(cwd, `Pulumi.${stack}.yaml`);
        return existsSync(file) ? [[stack, readFileSync(file, "utf8")] as const] : [];
      }),
    );
    return {
      said,
      text: (stack) => texts.get(stack) ?? "",
      config: (stack) => (parse(texts.get(stack) ?? "") as { config?: Record<string, unknown> } | null)?.config,
    };
  });
const refused = (files: Record<string, string>, flags: Partial<InitFlags> = {}) => messageOf(() => run(files, flags));

describe("berth init", () => {
  it("writes the stack files of an app, and says why each setting is as it is", async () => {
    const { said, config } = await run({ "app/Dockerfile": DOCKERFILE, "app/package.json": EXPRESS }, { region: "eu-central-1" });
    const own = { healthCheck: { path: "/" }, user: "1001:1001" };
    assert.deepEqual(config("prod"), { "aws:region": "eu-central-1", service: own });
    assert.deepEqual(config("dev"), {
      "aws:region": "eu-central-1",
      deletionProtection: false,
      network: { zones: 2, nat: "none", flowLogs: false },
      loadBalancer: { accessLogs: false },
      service: { desiredCount: 1, ...own },
      policy: { enforce: false },
    });
    assert.deepEqual(said.slice(said.indexOf("Pulumi.prod.yaml (new)")), [
      "Pulumi.prod.yaml (new)",
      '  aws:region: "eu-central-1"  --region',
      "  service.port  left to EXPOSE (app/Dockerfile:3), which the plan reads",
      '  service.healthCheck.path: "/"  Express (package.json) has no health check of its own; "/" must answer 200, or give another path',
      '  service.user: "1001:1001"  USER (app/Dockerfile:2)',
      "",
      "Next: npx berth plan --stack dev; npx berth doctor --stack dev tries the app in a container.",
      "",
    ]);
    assert.equal(said[0], "app/Dockerfile: Express (package.json), upon node:24");
  });

  it("adds to a stack file what it does not say, keeps its comments, and changes nothing that it says", async () => {
    const dev =
      "# Mine.\nconfig:\n  aws:region: us-west-2 # near\n  service:\n    user: 2000:2000\n    healthCheck: { path: /ok }\n  image: { cache: false }\n";
    const { said, text } = await run(
      { "shop/Dockerfile": DOCKERFILE, "shop/package.json": EXPRESS, "Pulumi.dev.yaml": dev },
      { stack: ["dev"] },
    );
    assert.equal(text("dev"), dev.replace("image: { cache: false }", "image: { cache: false, context: ./shop }"));
    assert.equal(text("prod"), "");
    assert.ok(said.includes('  service.user  left as it is in the file; "1001:1001" was found: USER (shop/Dockerfile:2)'), said.join("\n"));
    assert.ok(said.includes('  image.context: "./shop"  the Dockerfile is shop/Dockerfile'));
    const again = await run(
      { "shop/Dockerfile": DOCKERFILE, "shop/package.json": EXPRESS, "Pulumi.dev.yaml": text("dev") },
      { stack: ["dev"] },
    );
    assert.equal(again.text("dev"), text("dev"));
  });

  it("leaves a file alone where a key's place is taken by something else", async () => {
    const dev = "config:\n  service: none\n";
    const { said, text } = await run({ Dockerfile: DOCKERFILE, "Pulumi.dev.yaml": dev }, { stack: ["dev"] });
    assert.equal(text("dev"), "config:\n  service: none\n  image:\n    context: .\n");
    assert.ok(
      said.includes('  service.user  not written, because service is no map in the file; "1001:1001": USER (Dockerfile:2)'),
      said.join("\n"),
    );
  });

  it("completes each of several services that runs the app's image, and no other", async () => {
    const files = { "api/Dockerfile": DOCKERFILE, "app/Dockerfile": "FROM node:24\nUSER 2000:2000\n" };
    const services =
      "services:\n    web: { path: / }\n    mails: {}\n    api: { image: { context: ./api/ } }\n    ads: { image: { imageUri: repo/ads:1 } }";
    const usersOf = async (more: string, flags: Partial<InitFlags> = {}) => {
      const { config } = await run({ ...files, "Pulumi.dev.yaml": `config:\n  ${services}\n${more}` }, { stack: ["dev"], ...flags });
      const {
        service,
        services: several,
        image,
      } = config("dev") as { service?: { user?: string }; services: Record<string, { user?: string }>; image?: object };
      return [service?.user, ...["web", "mails", "api", "ads"].map((name) => several[name]!.user), image];
    };
    const none = undefined;
    assert.deepEqual(await usersOf(""), [none, "2000:2000", "2000:2000", none, none, none]);
    assert.deepEqual(await usersOf("  service: {}\n"), ["2000:2000", "2000:2000", "2000:2000", none, none, none]);
    assert.deepEqual(await usersOf("", { context: "api" }), [none, none, none, "1001:1001", none, none]);
    assert.deepEqual(await usersOf("  image: { context: api }\n  service: {}\n", { context: "./api" }), [
      "1001:1001",
      "1001:1001",
      "1001:1001",
      "1001:1001",
      none,
      { context: "api" },
    ]);
  });

  it("takes the app in the project's folder, in app/, or where it is told", async () => {
    const both = { Dockerfile: "FROM a", "app/Dockerfile": "FROM b", "web/Dockerfile": "FROM c", "node_modules2/x": "" };
    assert.equal((await run(both)).said[0], "Dockerfile: no framework that is known, upon a");
    assert.equal((await run(both, { context: "web" })).said[0], "web/Dockerfile: no framework that is known, upon c");
    assert.equal(
      (await run({ "web/Dockerfile": "FROM c", "tests/Dockerfile": "FROM t" })).said[0],
      "web/Dockerfile: no framework that is known, upon c",
    );
    assert.match(await refused({ "docs/Dockerfile": "FROM t" }), /^There is no Dockerfile, nor one in a folder here: write one/);
    assert.match(await refused(both, { context: "api" }), /^There is no api\/Dockerfile: write one/);
  });

  it("decides by the Dockerfile first, then by the framework", async () => {
    const decided = async (dockerfile: string, files: Record<string, string> = {}) =>
      (
        await run({
          "app/Dockerfile": dockerfile,
          ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`app/${name}`, text])),
        })
      ).config("prod");
    const only = { "aws:region": "us-east-1" };
    assert.deepEqual(await decided("FROM a"), only);
    assert.deepEqual(await decided("FROM --platform=linux/arm64 a"), { ...only, architecture: "arm64" });
    assert.deepEqual(await decided("FROM a\nVOLUME /tmp /data"), { ...only, service: { writablePaths: ["/tmp", "/data"] } });
    for (const user of ["root", "0:0", "1000", "1000:1000", "$APP_UID"])
      assert.deepEqual(await decided(`FROM a\nUSER ${user}`), only, user);
    assert.deepEqual(await decided("FROM node:24\nUSER node"), only);
    assert.deepEqual(await decided("FROM python:3\nUSER app"), { ...only, service: { user: "app" } });
    const pom = { "pom.xml": "<artifactId>spring-boot-starter-actuator</artifactId>" };
    const size = { cpu: "0.5 vCPU", memory: "1 GB" };
    assert.deepEqual(await decided("FROM java", pom), {
      ...only,
      service: { port: 8080, healthCheck: { path: "/actuator/health" }, ...size },
    });
    assert.deepEqual(await decided("FROM java\nENV PORT=9000\nHEALTHCHECK CMD curl http://localhost:9000/h", pom), {
      ...only,
      service: size,
    });
    assert.deepEqual(await decided("FROM caddy", { "package.json": EXPRESS }), { ...only, service: { healthCheck: { path: "/" } } });
    assert.deepEqual(await decided("FROM a", { Gemfile: "gem 'sidekiq'" }), only);
  });

  it("names the variables that the app wants, and no value of them", async () => {
    const { said } = await run({
      Dockerfile: "FROM a",
      ".env.example": "# of the app\nDATABASE_URL=postgres://me:hunter2@db/shop\nexport LOG_LEVEL=info\n",
    });
    const line = said.find((text) => text.includes(".env.example"));
    assert.equal(
      line,
      ".env.example names DATABASE_URL, LOG_LEVEL: put plain values into service.environment, and credentials into service.secrets, by name or ARN.",
    );
    assert.ok(!said.join().includes("hunter2"));
  });

  it("is refused where no project with Berth's settings is, and where the Dockerfile cannot be built", async () => {
    assert.match(
      await refused({ Dockerfile: "FROM a", "index.ts": "export const a = 1;" }),
      /^No project with Berth's settings is here: make one with `pulumi new`/,
    );
    assert.equal(await refused({ Dockerfile: "FROM a\nEXPOS 1" }), "Dockerfile:2: EXPOS is not an instruction; did you mean EXPOSE?");
    assert.match(await refused({ Dockerfile: "FROM a" }, { stack: ["../x"] }), /^--stack is "\.\.\/x": give letters/);
    assert.equal(
      await refused({ Dockerfile: "FROM a", "Pulumi.dev.yaml": "- a\n" }),
      "Pulumi.dev.yaml must be a map of keys and values, and its top level is something else.",
    );
  });

  it("writes nothing at all where one of its files is refused", () =>
    withProject({ ...PROJECT, Dockerfile: "FROM a", "Pulumi.prod.yaml": "- a\n" }, async (cwd) => {
      await messageOf(() => init({ cwd, stack: [] }));
      assert.ok(!existsSync(join(cwd, "Pulumi.dev.yaml")));
    }));

  it("begins the program of a repository that uses the package, and leaves what is there", () => {
    const manifest = { "package.json": '{ "name": "@acme/orders", "dependencies": { "berth": "0.1.0" } }' };
    return withProject({ ...manifest, "app/Dockerfile": DOCKERFILE, "app/package.json": EXPRESS }, (cwd) => {
      const said = init({ cwd, stack: ["dev"], region: "eu-west-1" });
      const read = (file: string) => readFileSync(join(cwd, file), "utf8");
      assert.equal(read("Pulumi.yaml"), "name: orders\nruntime: nodejs\n");
      assert.equal(read("Pulumi.dev.yaml"), "config:\n  aws:region: eu-west-1\n");
      const program = read("index.ts");
      assert.match(program, /^import \{ AppImage, Cluster, FargateService, LoadBalancer, Network \} from "berth";\n/);
      assert.match(program, /\nconst image = new AppImage\("orders", \{ context: "\.\/app" \}\);\n/);
      assert.match(
        program,
        /\nconst web = new FargateService\("orders", \{ cluster: apps, image, route: lb\.route\(\{ path: "\/\*" \}\), healthCheck: \{ path: "\/" \}, user: "1001:1001" \}\);\n/,
      );
      assert.match(program, /\nexport const service = web\.serviceName;\n$/);
      assert.match(said, /\nindex\.ts \(new\)\n {2}service\.port {2}left to EXPOSE \(app\/Dockerfile:3\), which the plan reads\n/);
      // The program is now the repository's own.
      assert.throws(() => init({ cwd, stack: ["dev"] }), /No project with Berth's settings is here/);
      // It runs, with the library in the place of the package.
      writeFileSync(join(cwd, "index.ts"), program.replace('"berth"', JSON.stringify(join(REPOSITORY, "components"))));
      const { status, stderr } = berth("plan", "--cwd", cwd, "--json");
      assert.equal(status, 0, stderr);
      assert.match(stderr, /FargateService "orders": port: 3000, from EXPOSE/);
    });
  });

  it("is a command, which takes stacks one by one", () =>
    withProject({ ...PROJECT, Dockerfile: DOCKERFILE }, (cwd) => {
      const { status, stdout, stderr } = berth("init", "--cwd", cwd, "--stack", "dev", "--stack", "staging", "--region", "eu-west-1");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /\nPulumi\.dev\.yaml \(new\)\n[\s\S]*\nPulumi\.staging\.yaml \(new\)\n/);
      assert.ok(!existsSync(join(cwd, "Pulumi.prod.yaml")));
      assert.equal(berth("init", "--cwd", join(cwd, "nowhere")).status, 2);
    }));
});

describe("the framework of an app", () => {
  for (const [file, text, name] of [
    ["package.json", '{"dependencies":{"next":"16","react":"19"}}', "Next.js"],
    ["package.json", '{"dependencies":{"@nestjs/core":"11","express":"5"}}', "NestJS"],
    ["package.json", '{"dependencies":{"@remix-run/node":"2"}}', "Remix"],
    ["package.json", '{"dependencies":{"express":"5"}}', "Express"],
    ["package.json", '{"dependencies":{"nextjs-thing":"1","express-session":"1"}}', undefined],
    ["requirements.txt", "Django==5.2\ngunicorn", "Django"],
    ["requirements.txt", "django-environ==0.12\n", undefined],
    ["requirements.txt", "celery[redis]>=5\n", "Celery"],
    ["pyproject.toml", 'dependencies = [\n  "fastapi[standard]>=0.115",\n]', "FastAPI"],
    ["pyproject.toml", '[tool.poetry.dependencies]\nflask = "^3"', "Flask"],
    ["Gemfile", 'gem "rails", "~> 8.1"\ngem "sidekiq"', "Rails"],
    ["Gemfile", "gem 'sidekiq'", "Sidekiq"],
    ["pom.xml", "<artifactId>quarkus-rest</artifactId>", "Quarkus"],
    [
      "build.gradle.kts",
      'id("org.springframework.boot") version "4.0"\nimplementation("org.springframework.boot:spring-boot-starter-web")',
      "Spring Boot",
    ],
    ["build.gradle", "implementation 'io.ktor:ktor-server-netty'", "Ktor"],
    ["composer.json", '{"require":{"laravel/framework":"^12"}}', "Laravel"],
    ["mix.exs", '{:phoenix, "~> 1.8"}', "Phoenix"],
    ["*.csproj", '<Project Sdk="Microsoft.NET.Sdk.Web">', "ASP.NET Core"],
    ["Cargo.toml", '[dependencies]\naxum = "0.8"', "Axum"],
    ["go.mod", "module example.com/api\n", "Go"],
  ] as const) {
    it(`is ${name ?? "none"} by ${file}: ${text.slice(0, 40).replaceAll("\n", " ")}`, () =>
      assert.equal(frameworkOf((wanted) => (wanted === file ? text : undefined))?.name, name));
  }
});
