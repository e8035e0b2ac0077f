// The package from a team's point of view: what is in it, and that a project which has it from a registry can do what this repository can.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../bench/runner";
import type { RecordedResource } from "../../facts/graph";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { rules } from "../../policy/rules";
import { REPOSITORY } from "../helpers/places";
import { Engine } from "../policy/engine";
import { build, Package, run } from "./package";

const NAME = "@acme/berth";
const TSC = require.resolve("typescript/bin/tsc");
const page = readFileSync(join(REPOSITORY, "docs", "package.md"), "utf8");

/** The code that the page shows under the name of a file. */
function shown(file: string): string {
  const [, code] = page.slice(page.search(new RegExp(`^\`${file}\``, "m"))).match(/^```\w+\n([\s\S]*?)^```/m) ?? [];
  assert.ok(code, `docs/package.md shows no ${file}`);
  return code;
}

/** A service's repository, but for the program. */
const PROJECT = {
  "package.json": shown("package.json"),
  "Pulumi.yaml": shown("Pulumi.yaml"),
  "Pulumi.dev.yaml": "config:\n  aws:region: eu-central-1\n",
};

/** Two services on one load balancer, however its imports are written. */
const program = (names: string, exported: string) => `${names}
const network = new Network("net", { nat: "single" });
const cluster = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1" });
for (const name of ["orders", "users"]) {
  const image = new AppImage(name, { imageUri: \`registry.acme.example/\${name}:1.2.3\` });
  new FargateService(name, { cluster, image, preDeploy: ["node", "migrate.js"], route: lb.route({ path: \`/\${name}/*\` }) });
}
${exported}
`;
const NAMES = "{ AppImage, Cluster, FargateService, LoadBalancer, Network }";
const typescript = (library: string) => program(`import ${NAMES} from "${library}";`, "export const url: unknown = lb.url;");

type Found = Pick<RecordedResource, "urn" | "inputs" | "dependencies" | "options">;

/** What a plan has found, in an order of its own: that of the registrations is the scheduler's. */
function resources(found: readonly Found[], tool: string) {
  const all = found.map(({ urn, inputs, dependencies, options }) => ({ urn, inputs, dependencies, options }));
  const sorted = all.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return JSON.parse(JSON.stringify(sorted).replaceAll(tool, "berth.js")) as Found[];
}

describe("the package", function () {
  // Compiled, packed and installed: half a minute where nothing else runs.
  this.timeout(600_000);
  let pack: Package;
  let inTypeScript: string;
  let planned: Found[];
  before(() => {
    pack = new Package(NAME);
    inTypeScript = pack.project("typescript", { ...PROJECT, "index.ts": typescript(NAME), "tsconfig.json": shown("tsconfig.json") });
    planned = plan(inTypeScript, ["--stack", "dev"]);
  });
  after(() => pack?.remove());

  const read = (file: string) => readFileSync(pack.path(file), "utf8");

  /** What `berth plan --json` finds in a project. */
  function plan(project: string, args: string[] = [], cwd = project): Found[] {
    const { status, stdout, stderr } = pack.berth(project, ["plan", "--json", ...args], cwd);
    assert.equal(status, 0, stderr);
    return (JSON.parse(stdout) as { resources: Found[] }).resources;
  }

  describe("as it is published", () => {
    it("has compiled code, its types, and what it reads as it runs", () => {
      const others = pack.files.filter(
        (file) => !/^(adopt|bin|components|facts|ops|plan|policy|sdk|settings|tool)\/.*(\.js|\.d\.ts)$/.test(file),
      );
      assert.deepEqual(others.sort(), [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "facts/data/instance-types.json",
        "facts/data/replacements.json",
        "package.json",
        "plan/comparison.schema.json",
        "plan/cost/prices/ap-northeast-1.json",
        "plan/cost/prices/ap-southeast-1.json",
        "plan/cost/prices/ap-southeast-2.json",
        "plan/cost/prices/eu-central-1.json",
        "plan/cost/prices/eu-west-1.json",
        "plan/cost/prices/us-east-1.json",
        "plan/cost/prices/us-east-2.json",
        "plan/cost/prices/us-west-2.json",
        "plan/plan.schema.json",
        "plan/project/fresh.mjs",
        "plan/report/html/report.css",
        "plan/stack.schema.json",
        "policy/PulumiPolicy.yaml",
        "policy/package.json",
      ]);
    });

    it("names no place of the machine that built it, and holds no key", () => {
      const private_ = [REPOSITORY, pack.root, homedir()].filter((path) => path.length > 1);
      for (const file of pack.files) {
        const text = read(file);
        for (const path of private_) assert.ok(!text.includes(`${path}/`), `${file} names ${path}`);
        assert.doesNotMatch(text, /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|_authToken/, file);
      }
    });

    it("says what it needs, in the versions of this repository, and shares Pulumi and AWS with the program", () => {
      const manifest = JSON.parse(read("package.json")) as Manifest;
      const own = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as Manifest;
      assert.deepEqual([manifest.name, manifest.version, manifest.license, manifest.private], [NAME, own.version, own.license, undefined]);
      for (const [name, version] of Object.entries(manifest.dependencies)) assert.equal(version, own.dependencies[name], name);
      const unused = Object.keys(own.dependencies).filter(
        (name) => !(name in manifest.dependencies) && !(name in manifest.peerDependencies),
      );
      assert.deepEqual(unused, ["@cspotcode/source-map-support", "@swc/core"]);
      assert.deepEqual(manifest.peerDependencies, {
        "@pulumi/pulumi": own.dependencies["@pulumi/pulumi"],
        "@pulumi/aws": `^${own.dependencies["@pulumi/aws"]}`,
      });
    });

    it("has a README for whoever installs it, with the package's own name", () => {
      const readme = read("README.md");
      assert.match(readme, /^# @acme\/berth\n\nRuns containers on Amazon ECS/);
      assert.ok(readme.includes(shown("index.ts")), "the program of docs/package.md");
      assert.doesNotMatch(readme, /pulumi new|app\/Dockerfile|\]\((?!https:)/);
      assert.ok((JSON.parse(read("package.json")) as { keywords: string[] }).keywords.includes("ecs"));
    });

    it("leads to files that are there", () => {
      const { main, types, bin, exports } = JSON.parse(read("package.json")) as Manifest;
      const targets = [main, types, bin.berth, ...JSON.stringify(exports).matchAll(/"(\.\/[^"]+\.[^"]+)"(?!:)/g)].map((to) =>
        typeof to === "string" ? to : to[1],
      );
      assert.ok(targets.length >= 7);
      for (const target of targets) assert.ok(existsSync(pack.path(target!)), target);
    });
  });

  describe("in a project", () => {
    it("has types that hold a program to them, those of the library checked too", () => {
      const wrong = 'new Network("other", {\n  // @ts-expect-error There is no such kind.\n  nat: "sometimes",\n});\n';
      const project = pack.project("types", {
        "index.ts": typescript(`${NAME}/components`) + wrong,
        "package.json": PROJECT["package.json"],
        "tsconfig.json": shown("tsconfig.json"),
      });
      const { status, stdout } = run(
        process.execPath,
        [TSC, "--noCheck", "false", "--noEmit", "--skipLibCheck", "false"].concat("-p", project),
      );
      assert.deepEqual([stdout, status], ["", 0]);
    });

    it("plans what the same program in the repository consists of", async () => {
      const inRepository = pack.project("repository", { ...PROJECT, "index.ts": typescript(join(REPOSITORY, "components")) });
      const { known } = await record(loadProject({ cwd: inRepository }));
      const tool = known.resources.map(({ inputs }) => String(inputs.create).match(/"(.*)"/)?.[1]).find(Boolean);
      const expected = resources(known.resources, tool!);
      assert.ok(expected.length > 80);
      assert.deepEqual(resources(planned, `node_modules/${NAME}/bin/berth.js`), expected);
      assert.deepEqual(plan(inTypeScript, ["--cwd", inTypeScript], pack.root), planned);
    });

    for (const [kind, files] of Object.entries({
      "a CommonJS program": { "index.js": program(`const ${NAMES} = require("${NAME}");`, "exports.url = lb.url;") },
      "an ES module": { "index.js": program(`import ${NAMES} from "${NAME}";`, "export const url = lb.url;") },
    }))
      it(`plans ${kind}`, () => {
        const type = kind === "an ES module" ? "module" : "commonjs";
        const project = pack.project(type, { ...PROJECT, ...files, "package.json": JSON.stringify({ type, main: "index.js" }) });
        const tool = `node_modules/${NAME}/bin/berth.js`;
        assert.deepEqual(resources(plan(project), tool), resources(planned, tool));
      });

    it("is called by an update at the place where every machine has it", () => {
      const commands = planned.flatMap(({ inputs }) => [inputs.create, inputs.delete].filter((text) => /^node /.test(String(text))));
      const tool = `node "node_modules/${NAME}/bin/berth.js"`;
      assert.deepEqual(
        [...new Set(commands)].sort(),
        ["deregister", "run", "wait"].map((verb) => `${tool} ${verb}`),
      );
    });

    it("runs under Pulumi's own runner, with the same resources", async () => {
      const { exitCode, graph, messages } = await runProgram(loadProject({ cwd: inTypeScript }), { dryRun: true });
      assert.equal(exitCode, 0, messages.join("\n"));
      // The engine, not the program, makes what is in a remote component.
      const inVpc = /awsx:ec2:Vpc\$/;
      const urns = (all: readonly { urn: string }[]) => all.flatMap(({ urn }) => (inVpc.test(urn) ? [] : urn)).sort();
      assert.deepEqual(urns(graph.resources), urns(planned));
    });

    it("plans what the documentation shows", () => {
      const project = pack.project("documented", {
        ...PROJECT,
        "index.ts": shown("index.ts"),
        "tsconfig.json": shown("tsconfig.json"),
        "app/Dockerfile": "FROM scratch\n",
      });
      const names = plan(project).map(({ urn }) => urn.split("$").pop()?.split("::").slice(-2).join(" "));
      for (const name of ["docker-build:index:Image orders", "aws:ecs/service:Service orders"]) assert.ok(names.includes(name), name);
    });

    it("says what is wrong with a program in one message", () => {
      const wrong: [program: string, message: RegExp][] = [
        [`import { Network } from "${NAME}";\nnew Network("net", { zones: 7 });`, /^Network "net": zones: 7 .*\n$/],
        ["\nthrow new Error('not today');", /^The program failed: not today \(index\.ts:2\)\n$/],
        ["const = 3;", /^The program cannot be compiled: index\.ts(.|\n)*\n$/],
        ['import "@acme/nothing";', /^The program cannot be loaded: Cannot find module '@acme\/nothing'\.\n$/],
      ];
      const project = pack.project("wrong", PROJECT);
      for (const [text, message] of wrong) {
        writeFileSync(join(project, "index.ts"), text);
        const { status, stdout, stderr } = pack.berth(project, ["plan"]);
        assert.match(stderr, message);
        assert.doesNotMatch(stderr, /\n {4}at /);
        assert.deepEqual([status, stdout], [2, ""]);
      }
    });

    it("has a tool that tells its version and its verbs", () => {
      const { version } = JSON.parse(read("package.json")) as Manifest;
      assert.equal(pack.berth(inTypeScript, ["--version"]).stdout, `${version}\n`);
      const { status, stdout } = pack.berth(inTypeScript, ["--help"]);
      assert.equal(status, 0);
      for (const verb of ["plan", "wait", "status", "rollback"]) assert.match(stdout, new RegExp(`^ +${verb} `, "m"));
    });

    it("has a policy pack that starts, and tells the engine its rules", async () => {
      const engine = await Engine.start(join(inTypeScript, "node_modules", NAME, "policy"));
      try {
        const info = await engine.info();
        const { version } = JSON.parse(read("package.json")) as Manifest;
        assert.deepEqual([info.getName(), info.getVersion()], ["berth", version]);
        const names = info.getPoliciesList().map((policy) => policy.getName());
        assert.deepEqual(
          names,
          rules.map(({ name }) => name),
        );
      } finally {
        engine.stop();
      }
    });
  });
});

interface Manifest {
  name: string;
  version: string;
  license: string;
  private?: boolean;
  main: string;
  types: string;
  bin: { berth: string };
  exports: object;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

describe("the build of the package", () => {
  const wrong: [what: string, args: string[], message: RegExp][] = [
    ["capital letters", ["--name", "Berth"], /^--name "Berth" is no name of an npm package: .* such as @acme\/berth\.\n$/],
    ["a path", ["--name", "../berth"], /^--name "\.\.\/berth" is no name /],
    ["a scope alone", ["--name", "@acme/"], /^--name "@acme\/" is no name /],
    ["no name", ["--name", ""], /^--name "" is no name /],
    ["a name that is too long", ["--name", "b".repeat(215)], /^--name "b+" is no name /],
    ["a flag that is not there", ["--nmae", "berth"], /^Unknown option '--nmae'/],
    ["a folder with something in it", ["--out", REPOSITORY], /^--out \S+ is there already: name a new folder\.\n$/],
  ];
  for (const [what, args, message] of wrong)
    it(`refuses ${what} with one message`, () => {
      const { status, stdout, stderr } = build(...args);
      assert.match(stderr, message);
      assert.deepEqual([status, stdout, stderr.trim().split("\n").length], [2, "", 1]);
    });
});
