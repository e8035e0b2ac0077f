// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Docker writes variables as template literals do.
import assert from "node:assert/strict";
import fc from "fast-check";
import { baseImage } from "../../facts/base-images";
import { type BuildChoice, type ImageFacts, readDockerfile } from "../../facts/dockerfile";
import { commandOf, isBrokenList, probeOf, shellKeepsSignals } from "../../facts/image-commands";

const read = (text: string, choice: BuildChoice = {}): ImageFacts => {
  const facts = readDockerfile(text, choice);
  assert.ok(!("problem" in facts), "problem" in facts ? facts.problem : "");
  return facts;
};
const problem = (text: string, choice: BuildChoice = {}) => {
  const facts = readDockerfile(text, choice);
  assert.ok("problem" in facts, "it was read");
  return facts;
};
const ports = (text: string, choice: BuildChoice = {}) => read(text, choice).ports.map(({ value, unclear }) => value ?? unclear);
const base = (text: string, choice: BuildChoice = {}) => {
  const { value, unclear } = read(text, choice).base;
  return value ?? `unclear: ${unclear}`;
};

describe("a Dockerfile", () => {
  it("says what the image is, each with its line", () => {
    const text = [
      "FROM node:24-alpine",
      "ENV PORT=3000 NODE_ENV=production",
      "WORKDIR /srv",
      "WORKDIR app",
      "COPY package.json ./",
      "VOLUME /tmp /data",
      "USER 1000:1000",
      "EXPOSE 3000",
      "STOPSIGNAL SIGINT",
      "HEALTHCHECK --interval=5s CMD curl -f http://localhost:3000/healthz || exit 1",
      'ENTRYPOINT ["tini", "--"]',
      'CMD ["node", "server.js"]',
    ].join("\n");
    assert.deepEqual(read(text), {
      base: { line: 1, value: "node:24-alpine" },
      environment: new Map([
        ["PORT", { line: 2, value: "3000" }],
        ["NODE_ENV", { line: 2, value: "production" }],
      ]),
      workdir: { line: 4, value: "/srv/app" },
      copies: [{ line: 5, sources: ["package.json"] }],
      volumes: [
        { line: 6, value: "/tmp" },
        { line: 6, value: "/data" },
      ],
      user: { line: 7, value: "1000:1000" },
      ports: [{ line: 8, value: 3000 }],
      stopSignal: { line: 9, value: "SIGINT" },
      healthCheck: {
        line: 10,
        value: {
          command: { form: "shell", words: ["curl -f http://localhost:3000/healthz || exit 1"] },
          probe: { path: "/healthz", port: 3000 },
        },
      },
      entryPoint: { line: 11, value: { form: "exec", words: ["tini", "--"] } },
      command: { line: 12, value: { form: "exec", words: ["node", "server.js"] } },
    });
  });

  it("is read as its last stage, or as the target by name or number, with what the stage is built upon", () => {
    const text =
      'FROM python:3.14 AS Web\nEXPOSE 8000\nUSER app\nCMD ["gunicorn"]\nFROM web AS worker\nCMD ["celery"]\nFROM golang\nEXPOSE 9000';
    const said = (target?: string) => {
      const { base: of, ports: exposed, user, command } = read(text, { target });
      return [of.value, exposed.map(({ value }) => value), user?.value, command?.value?.words];
    };
    assert.deepEqual(said(), ["golang", [9000], undefined, undefined]);
    assert.deepEqual(said("web"), ["python:3.14", [8000], "app", ["gunicorn"]]);
    assert.deepEqual(said("WORKER"), ["python:3.14", [8000], "app", ["celery"]]);
    assert.deepEqual(said("1"), ["python:3.14", [8000], "app", ["celery"]]);
    assert.deepEqual(problem(text, { target: "run" }), {
      about: "target",
      fails: true,
      problem: '"run" is not a stage of the Dockerfile; its stages: web, worker',
    });
    assert.equal(problem("FROM a", { target: "run" }).problem, '"run" is not a stage of the Dockerfile; none has a name');
  });

  it("replaces variables by build arguments, defaults and the environment, in Docker's order", () => {
    const text = "ARG TAG=24\nFROM node:${TAG}\nARG TAG\nARG PORT=1\nENV WEB=80${TAG}\nEXPOSE $PORT ${WEB} ${NONE:-7}";
    assert.equal(base(text), "node:24");
    assert.equal(base(text, { buildArgs: { TAG: "25" } }), "node:25");
    assert.deepEqual(ports(text), [1, 8024, "NONE has no value in it"]);
    assert.deepEqual(ports(text, { buildArgs: { TAG: "25", PORT: "2", NONE: "9" } }), [2, 8025, "NONE has no value in it"]);
    // The environment wins over an argument of the same name, and single quotes keep a variable.
    assert.deepEqual(ports("FROM a\nENV P=5\nARG P=6\nEXPOSE $P", { buildArgs: { P: "7" } }), [5]);
    assert.equal(read("FROM a\nENV A=1\nENV B='$A' C=\"$A\"").environment.get("B")?.value, "$A");
    assert.equal(read("FROM a\nENV A=1\nENV B='$A' C=\"$A\"").environment.get("C")?.value, "1");
  });

  it("knows a variable without a value as unclear, where the base image may have one and where nobody can know", () => {
    assert.deepEqual(ports("FROM a\nEXPOSE $PORT"), ["PORT has no value in it"]);
    assert.deepEqual(ports("FROM a\nARG PORT\nEXPOSE $PORT"), ["PORT has no value in it"]);
    assert.deepEqual(ports("FROM a\nARG PORT\nEXPOSE ${PORT:-80} ${PORT-81}"), [80, 81]);
    assert.deepEqual(ports("FROM a\nENV P=\nEXPOSE ${P:-80} 9${P:+1} 9${P+1}"), [80, 9, 91]);
    assert.equal(read("FROM a\nUSER $APP_UID").user?.unclear, "APP_UID has no value in it");
    assert.equal(read("FROM scratch\nUSER ${APP_UID:-5}").user?.value, "5");
    assert.equal(base("FROM $IMAGE"), "unclear: IMAGE has no value in it");
    assert.equal(base("FROM ${IMAGE:-node}"), "node");
    assert.equal(base("FROM ${IMAGE%x}"), "unclear: ${ has no value in it");
  });

  it("knows the platform that is built for, and never the one that builds", () => {
    const platform = (flag: string, built?: string) => {
      const said = read(`FROM --platform=${flag} a`, { platform: built }).platform;
      return said?.value ?? said?.unclear;
    };
    assert.equal(platform("linux/amd64"), "linux/amd64");
    assert.equal(platform("$TARGETPLATFORM", "linux/arm64"), "linux/arm64");
    assert.equal(platform("$TARGETOS/${TARGETARCH}", "linux/arm64"), "linux/arm64");
    assert.equal(platform("$TARGETPLATFORM"), "TARGETPLATFORM has no value in it");
    assert.equal(platform("${BUILDPLATFORM:-linux/amd64}", "linux/arm64"), "BUILDPLATFORM has no value in it");
    assert.equal(read("FROM --platform=linux/amd64 a AS b\nFROM b").platform?.value, "linux/amd64");
    assert.equal(read("FROM --platform=linux/amd64 a AS b\nFROM c\nCOPY --from=b /x /x").platform, undefined);
  });

  it("reads heredocs, continued lines with comments in them, another escape and small letters", () => {
    const text =
      '# escape=`\nfrom node\nrun <<EOF\nEXPOSE 99\nUSER root\nEOF\nexpose 3000/tcp `\n  # the second\n\n  4000\ncmd ["node", `\n  "a\\"b.js"]';
    assert.deepEqual(ports(text), [3000, 4000]);
    assert.equal(read(text).user, undefined);
    assert.deepEqual(read(text).command?.value, { form: "exec", words: ["node", 'a"b.js'] });
    assert.deepEqual(read("FROM a\nCOPY <<X /etc/x\nhello there\nX\nCOPY a b <<Y /d/\nq\nY").copies, [{ line: 5, sources: ["a", "b"] }]);
    assert.deepEqual(ports("FROM a\r\nEXPOSE 1 \\\r\n 2\r\n"), [1, 2]);
  });

  it("takes TCP ports alone, a range as unclear, and what is no port", () => {
    assert.deepEqual(ports("FROM a\nEXPOSE 1 2/TCP 53/udp 8080:81 4000-4002 http"), [
      1,
      2,
      81,
      "4000-4002 is a range of ports",
      "http is not a port",
    ]);
  });

  it("begins a stage with what ONBUILD of its base left, once", () => {
    const text = "FROM a AS one\nONBUILD EXPOSE 1\nONBUILD USER x\nEXPOSE 2\nFROM one AS two\nEXPOSE 3\nFROM two AS three";
    assert.deepEqual(ports(text, { target: "one" }), [2]);
    assert.deepEqual(ports(text, { target: "two" }), [2, 1, 3]);
    assert.deepEqual(ports(text, { target: "three" }), [2, 1, 3]);
    assert.equal(read(text, { target: "one" }).user, undefined);
    assert.equal(read(text, { target: "three" }).user?.value, "x");
  });

  it("forgets the base's CMD with an ENTRYPOINT of its own, and never its own", () => {
    const words = (text: string) => read(text).command?.value?.words;
    assert.equal(words('FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["y"]'), undefined);
    assert.deepEqual(words('FROM a AS b\nCMD ["x"]\nFROM b\nCMD ["z"]\nENTRYPOINT ["y"]'), ["z"]);
    assert.deepEqual(words('FROM a\nCMD ["x"]\nENTRYPOINT ["y"]'), ["x"]);
  });

  it("follows what comes from the context through the stages that are copied from", () => {
    const text =
      'FROM a AS one\nCOPY . .\nFROM b AS two\nADD src /src\nFROM c AS other\nCOPY keys .\nFROM d\nCOPY --from=one --chown=1:1 /x /x\nCOPY --from=1 /y /y\nCOPY --from=nginx:1 /z /z\nCOPY ["a b", "c"]';
    assert.deepEqual(read(text).copies, [
      { line: 2, sources: ["."] },
      { line: 4, sources: ["src"] },
      { line: 11, sources: ["a b"] },
    ]);
  });

  it("says why a build would fail, and where", () => {
    assert.deepEqual(problem("FROM a\nEXPOS 3"), {
      line: 2,
      problem: "EXPOS is not an instruction; did you mean EXPOSE?",
      fails: true,
      about: "dockerfile",
    });
    assert.equal(problem("FROM a\nXYZZY 3").problem, "XYZZY is not an instruction");
    for (const [text, line] of [
      ["", 1],
      ["# nothing", 1],
      ["ARG A=1\nRUN x\nFROM a", 2],
    ] as const) {
      const { fails, line: at, problem: why } = problem(text);
      assert.deepEqual([fails, at, why], [true, line, "no FROM comes first, which names the base image"]);
    }
    assert.equal(problem("FROM a\nFROM").problem, "FROM names no image");
  });

  it("is not read where it is in another language", () => {
    assert.deepEqual(problem("# syntax=acme/front:1\nmagic: [1]"), {
      line: 1,
      problem: "its syntax is acme/front:1, which is not Docker's own",
      fails: false,
      about: "dockerfile",
    });
    for (const syntax of ["docker/dockerfile:1", "docker.io/docker/dockerfile:1.7-labs", "docker/dockerfile"])
      assert.equal(base(`# syntax=${syntax}\nFROM a`), "a");
  });

  it("never ends in an internal error, whatever it holds", () => {
    const word = fc.constantFrom(
      ...'FROM ARG ENV EXPOSE USER CMD COPY --from=a --platform=$X AS a $A ${A:-b} ${ ["x"] \' " \\ ` <<EOF EOF # escape=` ONBUILD HEALTHCHECK VOLUME __proto__=1 toString 80/tcp'.split(
        " ",
      ),
      "\n",
      "\r\n",
      "\\\n",
      "\u0000",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: word }, fc.string()), { maxLength: 60 }), (words) => {
        const facts = readDockerfile(words.join(" "), { target: undefined, buildArgs: { A: "1" }, platform: "linux/amd64" });
        if ("problem" in facts) assert.match(facts.problem, /\S/);
        else
          assert.ok(facts.base.line >= 1 && facts.ports.every(({ value, unclear }) => (value === undefined) !== (unclear === undefined)));
      }),
      { numRuns: 500 },
    );
  });

  it("takes stages that copy from each other twice in time that grows with their number", () => {
    const stages = Array.from({ length: 60 }, (_, i) => `FROM a AS s${i}\n${i === 0 ? "COPY x ." : `COPY --from=s${i - 1} /a /a`}\n`).join(
      "",
    );
    assert.deepEqual(read(stages).copies, [{ line: 2, sources: ["x"] }]);
  });
});

describe("a command of an image", () => {
  it("is a list where it is JSON of strings, and else a line for a shell", () => {
    assert.deepEqual(commandOf('["a", "b c"]'), { form: "exec", words: ["a", "b c"] });
    assert.deepEqual(commandOf("a b"), { form: "shell", words: ["a b"] });
    assert.deepEqual(commandOf('["a", 1]').form, "shell");
  });

  it("is a broken list where it was meant to be one", () => {
    assert.deepEqual(
      ["['a', 'b']", '["a",]', "[ -f x ] && y", '["a"]', "a"].map((text) => isBrokenList(commandOf(text))),
      [true, true, false, false, false],
    );
  });

  it("may keep signals from the app where a shell stays", () => {
    assert.deepEqual(
      ["node x", "exec node x", "executor x", '["node"]'].map((text) => shellKeepsSignals(commandOf(text))),
      [true, false, true, false],
    );
  });

  it("asks one path of its own over HTTP, or something that cannot be told", () => {
    const cases: [string, ReturnType<typeof probeOf>][] = [
      ["curl -f http://localhost:3000/health || exit 1", { path: "/health", port: 3000 }],
      ["wget -qO- 127.0.0.1:8080/ping", { path: "/ping", port: 8080 }],
      ["wget --spider http://0.0.0.0/", { path: "/", port: 80 }],
      ["curl --fail http://[::1]:90", { path: "/", port: 90 }],
      ["curl -f http://localhost:$PORT/up", { path: "/up" }],
      ["curl -f http://localhost:${PORT:-3000}/up", { path: "/up" }],
      [`["node", "-e", "fetch('http://127.0.0.1:3000/h?a=1').then(x)"]`, { path: "/h?a=1", port: 3000 }],
      ["curl -f https://localhost:8443/health", undefined],
      ["curl -f http://localhost:1/a && curl -f http://localhost:1/b", undefined],
      ["curl -X POST http://localhost:1/a", undefined],
      ["curl -H 'Host: a' http://localhost:1/a", undefined],
      ["curl http://example.com/a", undefined],
      ["curl http://localhost.example.com/a", undefined],
      ["curl http://localhost:1/$PATH_OF", undefined],
      ["pg_isready -h localhost", undefined],
      ["node localhost:3000/check.js", undefined],
    ];
    for (const [text, probe] of cases) assert.deepEqual(probeOf(commandOf(text)), probe, text);
  });
});

describe("a base image", () => {
  it("is known by its name, wherever it is pulled from", () => {
    for (const name of [
      "nginx",
      "nginx:1.29",
      "docker.io/library/nginx:1",
      "public.ecr.aws/docker/library/nginx@sha256:ab",
      "public.ecr.aws/nginx/nginx:1",
    ])
      assert.equal(baseImage(name).port, 80, name);
    for (const name of ["acme/nginx", "nginx-proxy", "registry.example.com/nginx", "nodes"]) assert.deepEqual(baseImage(name), {}, name);
    assert.equal(baseImage("nginxinc/nginx-unprivileged:1").port, 8080);
  });

  it("has no shell where it is empty or distroless, but for debugging", () => {
    const shells = [
      "scratch",
      "gcr.io/distroless/static-debian12:nonroot",
      "gcr.io/distroless/base",
      "gcr.io/distroless/base:debug-nonroot",
      "alpine",
    ];
    assert.deepEqual(
      shells.map((name) => baseImage(name).noShell ?? false),
      [true, true, true, false, false],
    );
  });

  it("of PHP serves HTTP with Apache, and FastCGI by itself", () => {
    assert.deepEqual([baseImage("php:8.4-apache").port, baseImage("php:8.4-fpm-alpine").fastCgi, baseImage("php:8.4-cli")], [80, true, {}]);
  });
});
