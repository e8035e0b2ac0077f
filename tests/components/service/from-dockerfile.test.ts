// biome-ignore-all lint/suspicious/noTemplateCurlyInString: npm and Docker write variables as template literals do.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { AppImage, type AppImageArgs } from "../../../components/image/image";
import type { Route } from "../../../components/load-balancer/route";
import { withDockerfile } from "../../../components/service/from-dockerfile";
import { OneOffTask } from "../../../components/task/one-off-task";
import { type ImageFacts, readDockerfile } from "../../../facts/dockerfile";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers, makeService, type ServiceGiven } from "../../helpers/service";

const GOOD = 'FROM node:24\nVOLUME /tmp\nUSER 1000:1000\nEXPOSE 3000\nCMD ["node", "server.js"]\n';

interface Given extends ServiceGiven {
  files?: Record<string, string>;
  build?: AppImageArgs;
}

/** A service whose image is built from a folder with this Dockerfile. */
function program(dockerfile: string, { files = {}, build = {}, ...args }: Given = {}) {
  const context = appFolder({ Dockerfile: dockerfile, ...files });
  return () => makeService({ image: new AppImage("app", { context, ...build }), ...args });
}
const serve = (dockerfile: string, given?: Given) => deploy(program(dockerfile, given));
const refused = async (dockerfile: string, given?: Given) => short(await refusal(program(dockerfile, given)));

/** A message without the folder's name, which is another each time. */
const short = (text: string) => text.replaceAll(/\/\S*berth-app-\w+\//g, "");
const said = (made: Deployed) =>
  made.recording.messages.map(({ severity, text }) => `${severity}: ${short(text)}`).filter((text) => !text.includes("serves plain HTTP"));
const remarks = async (dockerfile: string, given?: Given) => said(await serve(dockerfile, given));

describe("a service and its Dockerfile", () => {
  afterEach(removeAppFolders);

  it("agree without a word but for where the port is from", async () => {
    const made = await serve(GOOD);
    assert.deepEqual(said(made), ['info: FargateService "web": port: 3000, from EXPOSE (Dockerfile:4).']);
    const [container] = containers(made);
    assert.deepEqual(
      (container!.portMappings as { containerPort: number }[]).map(({ containerPort }) => containerPort),
      [3000],
    );
    assert.deepEqual(container!.environment, [
      { name: "HEALTH_CHECK_PATH", value: "/health" },
      { name: "PORT", value: "3000" },
    ]);
    assert.equal(made.inputs("TargetGroup").port, 3000);
  });

  it("gives the path of the health check where it asks the service's port", async () => {
    const check = `${GOOD}HEALTHCHECK CMD curl -f http://localhost:3000/up || exit 1\n`;
    const made = await serve(check);
    assert.equal((made.inputs("TargetGroup").healthCheck as { path: string }).path, "/up");
    assert.equal(said(made)[1], 'info: FargateService "web": healthCheck.path: /up, from HEALTHCHECK (Dockerfile:6).');
    const other = await serve(check.replace("localhost:3000", "localhost:9000"));
    assert.equal((other.inputs("TargetGroup").healthCheck as { path: string }).path, "/health");
    const own = await serve(check, { healthCheck: { path: "/ok", interval: 20 } });
    const { path, interval } = own.inputs("TargetGroup").healthCheck as { path: string; interval: number };
    assert.deepEqual([path, interval], ["/ok", 20]);
    assert.equal(
      said(own)[1],
      'warning: FargateService "web": healthCheck.path: /ok, and HEALTHCHECK (Dockerfile:6) asks /up; use the one that says whether the app can take requests.',
    );
    assert.equal(said(await serve(check, { healthCheck: { path: "/up" } })).length, 1);
    // Asked on a port of its own, the path is that of the check of that port.
    const admin = await serve(check.replace("localhost:3000", "localhost:9000"), { healthCheck: { port: 9000 } });
    assert.match(said(admin)[1]!, /healthCheck\.path: \/up, from HEALTHCHECK/);
    assert.equal(said(await serve(check, { healthCheck: { port: 9000 } })).length, 1);
  });

  it("leave the path of gRPC alone, which is no path of HTTP", () => {
    const facts = readDockerfile(`${GOOD}HEALTHCHECK CMD curl -f http://localhost:3000/up\n`) as ImageFacts;
    const dockerfile = { path: "Dockerfile", facts, remarked: new Set<string>() };
    const image = { ref: pulumi.output("image"), architecture: "x86_64" as const, dockerfile };
    const read = (protocol: "http2" | "grpc") =>
      withDockerfile({ cluster: {} as Cluster, image, route: {} as Route, protocol }).args.healthCheck?.path;
    assert.deepEqual([read("http2"), read("grpc")], ["/up", undefined]);
  });

  it("keep the port that was given, and say where the Dockerfile has another", async () => {
    const made = await serve(GOOD, { port: 9000 });
    assert.equal(made.inputs("TargetGroup").port, 9000);
    assert.deepEqual(said(made), [
      'warning: FargateService "web": port: 9000, and EXPOSE (Dockerfile:4) says 3000; set port: 3000, or make the app listen on 9000, which PORT tells it.',
    ]);
    // Of two ports one is the app's, and the other may be asked for as well.
    const two = `${GOOD.replace("3000", "3000 9000")}ENV PORT=3000\n`;
    assert.deepEqual(await remarks(two, { port: 9000 }), []);
    assert.match((await remarks(two, { port: 9001 }))[0]!, /port: 9001, and PORT \(Dockerfile:4\) says 3000;/);
    assert.deepEqual(await remarks(GOOD, { port: 3000 }), []);
  });

  it("take the default port where the Dockerfile is ambiguous, with a word, and where it says nothing, without one", async () => {
    const made = await serve(GOOD.replace("3000", "3000 9229"));
    assert.equal(made.inputs("TargetGroup").port, 8000);
    assert.deepEqual(said(made), [
      'warning: FargateService "web": port: 8000, its default, because Dockerfile:4 does not say which: it exposes 3000, 9229; set port.',
    ]);
    assert.match((await remarks(`${GOOD}ENV PORT=4000\n`))[0]!, /it exposes 3000 and sets PORT=4000; set port\.$/);
    assert.match((await remarks(GOOD.replace("3000", "$WEB")))[0]!, /WEB has no value in it; set port\.$/);
    assert.deepEqual(await remarks(GOOD.replace("EXPOSE 3000\n", "")), []);
  });

  it("read nothing for a worker, whom nobody asks", async () => {
    const made = await serve(GOOD, { path: false });
    assert.deepEqual(said(made), []);
    assert.deepEqual(containers(made)[0]!.portMappings, [
      { appProtocol: "http", containerPort: 8000, hostPort: 8000, name: "http", protocol: "tcp" },
    ]);
  });

  it("warn of a port that needs root, unless the task has it", async () => {
    const low = GOOD.replace("3000", "80");
    assert.match((await remarks(low))[1]!, /^warning: FargateService "web": port: 80 is below 1024, which only root may open/);
    assert.equal((await remarks(low, { user: "0:0" })).filter((text) => text.includes("below 1024")).length, 0);
    assert.equal((await remarks(low, { dropCapabilities: [] })).length, 1);
    assert.match((await remarks(GOOD, { port: 1023 }))[1]!, /1023 is below 1024/);
    assert.equal((await remarks(GOOD.replace("3000", "1024"))).length, 1);
  });

  it("compare who the app runs as", async () => {
    const other = (user: string, given?: Given) => remarks(GOOD.replace("USER 1000:1000", user), given).then((texts) => texts.slice(1));
    assert.deepEqual(await other("USER root"), [
      'warning: FargateService "web": user: the task runs as 1000:1000, and Dockerfile:3 says root; let any user read what the app needs, or set user: "0:0".',
    ]);
    assert.deepEqual(await other("USER 2000"), [
      'info: FargateService "web": user: the task runs as 1000:1000, and Dockerfile:3 says 2000; to run as that, set user: "2000".',
    ]);
    for (const same of ["USER 1000", "USER node", "USER node:node", "USER $NOBODY", ""]) assert.deepEqual(await other(same), [], same);
    assert.deepEqual(await other("USER 2000", { user: "2000:3000" }), []);
    assert.deepEqual(await other("USER 0", { user: "root" }), []);
  });

  it("compare what may be written with the volumes", async () => {
    const data = GOOD.replace("/tmp", "/tmp /data");
    const [, warning] = await remarks(data);
    assert.equal(
      warning,
      'warning: FargateService "web": writablePaths: Dockerfile:2 has VOLUME /data, and the root file system is read-only; set writablePaths: [/tmp, /data], or readonlyRootFilesystem: false.',
    );
    assert.equal((await remarks(data, { readonlyRootFilesystem: false })).length, 1);
    assert.equal((await remarks(data, { writablePaths: ["/tmp", "/data"] })).length, 1);
    assert.equal((await remarks(GOOD.replace("/tmp", "/tmp /tmp/x"))).length, 1);
    assert.equal((await remarks(GOOD.replace("/tmp", "/tmp /tmpfiles"))).length, 2);
    const [, root] = await remarks(GOOD.replace("VOLUME /tmp\n", ""));
    assert.equal(
      root,
      'warning: FargateService "web": writablePaths: on Fargate /tmp belongs to root, and not to user 1000:1000, because Dockerfile has no "VOLUME /tmp"; add that line, or take /tmp out of writablePaths if nothing writes there.',
    );
    assert.equal((await remarks(GOOD.replace("/tmp", "$ALL"))).length, 1);
    assert.equal((await remarks(GOOD.replace("VOLUME /tmp\nUSER 1000:1000", "USER 0"), { user: "0:0" })).length, 1);
  });

  it("say what a base image writes as it starts", async () => {
    const nginx = GOOD.replace("node:24", "nginx:1.29");
    assert.deepEqual((await remarks(nginx)).slice(1), [
      'warning: FargateService "web": writablePaths: nginx:1.29 (Dockerfile:1) writes to /var/cache/nginx and /run as it starts, which user 1000:1000 cannot; build upon nginxinc/nginx-unprivileged, which listens on 8080, or configure it to write below /tmp.',
    ]);
    assert.equal((await remarks(nginx.replace("VOLUME", "COPY nginx.conf /etc/nginx/nginx.conf\nVOLUME"))).length, 1);
    const [, , run] = await remarks(nginx, { writablePaths: ["/tmp", "/var/cache/nginx"] });
    assert.match(run!, /nginx:1.29 \(Dockerfile:1\) writes to \/run as it starts/);
    assert.equal((await remarks(nginx.replace("USER 1000:1000", "USER 0"), { user: "0:0", readonlyRootFilesystem: false })).length, 1);
  });

  it("say where a shell may keep SIGTERM, and how to write the command", async () => {
    const line = (cmd: string, given?: Given) => remarks(GOOD.replace(/CMD .*/, cmd), given).then((texts) => texts.slice(1));
    assert.deepEqual(await line("CMD node server.js", { stopTimeout: 20 }), [
      'warning: FargateService "web": stopTimeout: Dockerfile:5 has CMD as a line for a shell, which may keep SIGTERM from the app: ECS then kills it after 20 s, in the middle of its work; write it as CMD ["node","server.js"].',
    ]);
    assert.match((await line("CMD migrate && serve"))[0]!, /; begin the line with "exec"\.$/);
    assert.match((await line('ENTRYPOINT serve $X\nCMD ["a"]'))[0]!, /has ENTRYPOINT as a line for a shell/);
    for (const good of ["CMD exec node server.js", 'ENTRYPOINT ["serve"]\nCMD a b', ""]) assert.deepEqual(await line(good), [], good);
    assert.deepEqual(await line("CMD node server.js", { command: ["node", "x"] }), []);
    assert.deepEqual(await line("ENTRYPOINT serve", { entryPoint: ["node"] }), []);
  });

  it("refuse a list that is none, and a command that the image ignores", async () => {
    assert.equal(
      await refused(GOOD.replace(/CMD .*/, "CMD ['node', 'server.js']")),
      'FargateService "web": command: Dockerfile:5: CMD is not a JSON list, so a shell gets it as it stands and fails; write it with double quotes and commas.',
    );
    const ignoring = GOOD.replace("CMD", "ENTRYPOINT serve\nCMD");
    assert.equal(
      await refused(ignoring, { command: ["migrate"] }),
      'FargateService "web": command: Dockerfile:5: the ENTRYPOINT is a line for a shell, which ignores a command; write it as a list.',
    );
    assert.match(
      await refused(ignoring, { preDeploy: ["migrate"] }),
      /^FargateService "web": preDeploy: Dockerfile:5: the ENTRYPOINT is a line/,
    );
    assert.equal((await remarks(ignoring, { command: ["migrate"], entryPoint: ["serve"] })).length, 1);
  });

  it("say where the image's ENTRYPOINT would start a command's program twice", async () => {
    const entry = (words: string, given: Given) =>
      remarks(GOOD.replace(/CMD .*/, `ENTRYPOINT ${words}`), given).then((texts) => texts.slice(1));
    const node = '["node", "server.js"]';
    assert.deepEqual(await entry(node, { command: ["/usr/bin/node", "report.js"] }), [
      'warning: FargateService "web": command: Dockerfile:5: the ENTRYPOINT stays in front of it, so that "node server.js /usr/bin/node report.js" runs; make it the image\'s CMD, or set entryPoint as well.',
    ]);
    assert.match((await entry(node, { preDeploy: ["node", "migrate.js"] }))[0]!, /preDeploy: Dockerfile:5: the ENTRYPOINT stays in front/);
    assert.deepEqual(await entry(node, { command: ["--port", "1"] }), []);
    assert.deepEqual(await entry(node, { command: ["node"], entryPoint: ["sh"] }), []);
    for (const wrapper of ['["./entrypoint.sh"]', '["docker-entrypoint"]', '["tini", "--"]']) {
      const program = /"([^"]+)"/.exec(wrapper)![1]!;
      assert.deepEqual(await entry(wrapper, { command: [program] }), [], wrapper);
    }
  });

  it("have no health check in the container where the image has no shell, unless one is given", async () => {
    const scratch = GOOD.replace("node:24", "scratch");
    assert.equal(containers(await serve(scratch))[0]!.healthCheck, undefined);
    assert.ok(containers(await serve(GOOD))[0]!.healthCheck);
    const given = await serve(scratch, { containerHealthCheck: { command: ["CMD", "/check"] } });
    assert.deepEqual((containers(given)[0]!.healthCheck as { command: string[] }).command, ["CMD", "/check"]);
  });

  it("say that FastCGI is not HTTP, unless the Dockerfile starts something else", async () => {
    const fpm = GOOD.replace("node:24", "php:8.4-fpm").replace(/CMD .*/, "");
    assert.match((await remarks(fpm))[1]!, /^warning: FargateService "web": port: php:8.4-fpm \(Dockerfile:1\) answers FastCGI/);
    assert.equal((await remarks(`${fpm}CMD ["supervisord"]`)).length, 1);
  });

  it("say each thing of an image once, whatever runs it", async () => {
    const context = appFolder({ Dockerfile: GOOD.replace("VOLUME /tmp\n", "") });
    const made = await deploy(() => {
      const image = new AppImage("app", { context });
      const cluster = new Cluster("apps", { network: plainNetwork() });
      for (const name of ["import", "export"]) new OneOffTask(name, { cluster, image });
    });
    assert.deepEqual(said(made), [
      'warning: OneOffTask "import": writablePaths: on Fargate /tmp belongs to root, and not to user 1000:1000, because Dockerfile has no "VOLUME /tmp"; add that line, or take /tmp out of writablePaths if nothing writes there.',
    ]);
  });

  it("build for the architecture that the Dockerfile names", async () => {
    const fixed = GOOD.replace("FROM", "FROM --platform=linux/amd64");
    assert.equal(
      await refused(fixed, { build: { architecture: "arm64" } }),
      'AppImage "app": architecture: the image is built for linux/arm64, and Dockerfile:1 is built upon linux/amd64, whose programs do not start there; leave the platform out of FROM, or set architecture: x86_64.',
    );
    assert.match(await refused(GOOD.replace("node:24", "arm64v8/node:24")), /built upon linux\/arm64, .* or set architecture: arm64\.$/);
    assert.match(await refused(GOOD.replace("FROM", "FROM --platform=linux/arm64/v8")), /built upon linux\/arm64,/);
    for (const good of [fixed, GOOD.replace("FROM", "FROM --platform=$BUILDPLATFORM"), GOOD.replace("node", "docker.io/amd64/node")])
      assert.equal((await remarks(good)).length, 1, good);
  });

  it("are refused where they are for Windows", async () => {
    const says = (image: string) =>
      `AppImage "app": dockerfile: Dockerfile:1: ${image} is for Windows, and tasks run Linux here; use an image for Linux.`;
    const nano = "mcr.microsoft.com/dotnet/aspnet:9.0-nanoserver-ltsc2022";
    assert.equal(await refused(GOOD.replace("node:24", nano)), says(nano));
    assert.equal(await refused(GOOD.replace("FROM", "FROM --platform=windows/amd64")), says("node:24"));
  });

  it("say what makes the build fail, and go on without what cannot be read", async () => {
    assert.equal(
      await refused(`${GOOD}EXPOS 3\n`),
      'AppImage "app": dockerfile: Dockerfile:6: EXPOS is not an instruction; did you mean EXPOSE?',
    );
    assert.equal(
      await refused(GOOD, { build: { target: "run" } }),
      'AppImage "app": target: "run" is not a stage of the Dockerfile; none has a name.',
    );
    assert.deepEqual(await remarks(`# syntax=acme/x\n${GOOD}`), [
      'warning: AppImage "app": dockerfile: Dockerfile:1: its syntax is acme/x, which is not Docker\'s own. Nothing in it is compared with the arguments.',
    ]);
    assert.deepEqual(await remarks(`${GOOD}EXPOSE 9\n`, { build: { transform: { image: {} } } }), []);
  });

  it("use the target and the build arguments", async () => {
    const text = `${GOOD.replace("FROM node:24", "ARG PORT=5\nFROM node:24 AS web\nARG PORT").replace("3000", "$PORT")}FROM other\n`;
    const [port] = await remarks(text, { build: { target: "web", buildArgs: { PORT: "4321" } } });
    assert.equal(port, 'info: FargateService "web": port: 4321, from EXPOSE (Dockerfile:6).');
  });

  it("leave wrong arguments to their check", async () => {
    assert.match(await refused(GOOD, { healthCheck: "up" as never }), /^FargateService "web": healthCheck: "up" is not an object/);
    assert.match(await refused(GOOD, { port: 0 }), /^FargateService "web": port: 0 is out of range/);
  });
});

describe("the context of a build", () => {
  afterEach(removeAppFolders);
  const ALL = GOOD.replace("USER", "COPY . .\nUSER");
  const context = async (files: Record<string, string>, dockerfile = ALL) =>
    (await remarks(dockerfile, { files })).filter((text) => text.startsWith('warning: AppImage "app": context: '));
  const KEY = "-----BEGIN RSA PRIVATE KEY-----\nabc";

  it("is told where files with credentials would be in the image", async () => {
    assert.deepEqual(await context({ ".env": "PORT=1\nexport DB_PASSWORD='hunter2'\n", "server.js": "" }), [
      'warning: AppImage "app": context: .env would be in the image, with credentials that everyone reads who may pull it; name it in .dockerignore.',
    ]);
    const many = {
      "a/id_rsa": KEY,
      "b.pem": KEY,
      "c.key": KEY,
      ".npmrc": "//registry.example.com/:_authToken=npm_abcdefghijklmnopqrstuvwxyz0123456789\n",
    };
    assert.deepEqual(await context(many), [
      'warning: AppImage "app": context: .npmrc, a/id_rsa, b.pem and 1 more would be in the image, with credentials that everyone reads who may pull it; name them in .dockerignore.',
    ]);
  });

  it("is not suspected where there is none, or it does not come into the image", async () => {
    const harmless = {
      ".env": "PORT=3000\nTOKEN_TTL=15m\nAPI_KEY=$API_KEY\n",
      ".env.example": "DB_PASSWORD=hunter2",
      "ca.pem": "-----BEGIN CERTIFICATE-----",
      ".npmrc": "//registry.example.com/:_authToken=${NPM_TOKEN}\n",
    };
    assert.deepEqual(await context(harmless), []);
    const secret = { ".env": "DB_PASSWORD=hunter2", "src/a.js": "" };
    assert.deepEqual(await context({ ...secret, ".dockerignore": ".env" }), []);
    assert.deepEqual(await context(secret, ALL.replace("COPY . .", "COPY src ./")), []);
    assert.deepEqual(await context(secret, ALL.replace("COPY . .", "COPY *.js ./")), []);
    assert.deepEqual(await context(secret, `FROM x AS build\nCOPY . .\n${GOOD}`), []);
    assert.equal((await context(secret, `FROM x AS build\nCOPY . .\n${GOOD}COPY --from=build / /\n`)).length, 1);
    assert.equal((await context({ "src/.env": "DB_PASSWORD=hunter2" }, ALL.replace("COPY . .", "COPY ./src/ /"))).length, 1);
  });

  it("is told where the history or this machine's packages would be in the image", async () => {
    assert.deepEqual(await context({ ".git/HEAD": "x", "node_modules/a/index.js": "" }), [
      'warning: AppImage "app": context: the repository\'s history (.git) would be in the image; name it in .dockerignore.',
      'warning: AppImage "app": context: node_modules of this machine would be in the image, in place of what the build installs; name it in .dockerignore.',
    ]);
    assert.deepEqual(await context({ ".git/HEAD": "x", "node_modules/a/index.js": "", ".dockerignore": ".git\nnode_modules" }), []);
    assert.deepEqual(await context({ ".gitignore": "x", node_modules: "a file" }), []);
  });
});
