import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { adopt } from "../../../adopt/command";
import { translated } from "../../../adopt/copilot/copilot";
import { readWorkspace, type Workspace } from "../../../adopt/copilot/workspace";
import { type Ledger, leavesOf, type Path, showField } from "../../../adopt/ledger";
import { loadProject } from "../../../plan/project/project";
import { record } from "../../../plan/record/record";
import { complaintsOf } from "../../../settings/complaints";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { Deployed } from "../../helpers/deploy";
import { REPOSITORY, TEMPLATE } from "../../helpers/places";
import { APPS, EVERYTHING } from "./corpus";
import { FIELDS } from "./fields";

const read = (files: Record<string, string>, env = "prod", only: string[] = []): { root: string; workspace: Workspace } => {
  const root = appFolder(files);
  return { root, workspace: readWorkspace(join(root, "copilot"), { env, only }, {}) };
};
const ledgerOf = (files: Record<string, string>, env = "prod"): Ledger => {
  const { root, workspace } = read(files, env);
  return translated(workspace, { root, services: [], stack: env });
};
const close = (ledger: Ledger) => ledger.close(complaintsOf);

/** What is said of a field by the translator itself, before the rest is left. */
const within = (path: Path, above: Path) => above.every((key, i) => key === path[i]);
const told = (ledger: Ledger, file: string, path: Path) =>
  [...ledger.taken, ...ledger.changed, ...ledger.left].filter((entry) => entry.source === file && within(path, entry.path));

/** A workspace of one manifest. */
const one = (manifest: unknown, more: Record<string, string> = {}) => ({
  "copilot/.workspace": "application: shop\n",
  "copilot/web/manifest.yml": typeof manifest === "string" ? manifest : stringify(manifest),
  ...more,
});
type Map = Record<string, unknown>;
const WEB = { name: "web", type: "Load Balanced Web Service", image: { location: "example.com/web:1", port: 8080 }, http: { path: "/" } };
const settingsOf = (manifest: Map, env = "prod") =>
  close(ledgerOf(one({ ...WEB, ...manifest }), env)).settings as { services: { web: Map } } & Map;
const webOf = (manifest: Map, env = "prod") => settingsOf(manifest, env).services.web;

describe("Copilot's manifests", () => {
  after(removeAppFolders);

  describe("the corpus", () => {
    /** The fields of a document, as the table writes them. */
    const shapes = (value: unknown, at = ""): string[] => {
      if (typeof value !== "object" || value === null) return [at];
      if (Array.isArray(value)) return [at, ...value.flatMap((one) => shapes(one, `${at}[]`))];
      return [at, ...Object.entries(value).flatMap(([key, inner]) => shapes(inner, at === "" ? key : `${at}.${key}`))];
    };
    const documents = [EVERYTHING, ...Object.values(APPS)].flatMap((app) =>
      Object.entries(app)
        .filter(([file]) => file.endsWith("manifest.yml"))
        .map(([, text]) => parse(text) as Map),
    );
    for (const [type, fields] of Object.entries(FIELDS))
      it(`has each field of a ${type}`, () => {
        // What the manifests share is the same code.
        const all = documents.filter(
          (document) => document.type === type || (type === "Load Balanced Web Service" && document.type === "Backend Service"),
        );
        const known = all.flatMap((document) => shapes(document));
        const has = (field: string) => {
          const pattern = new RegExp(`^${field.replace(/[.[\]]/g, "\\$&").replaceAll("*", "[^.]+")}$`);
          return known.some((one) => pattern.test(one));
        };
        assert.deepEqual(
          fields.split(" ").filter((field) => !has(field)),
          [],
        );
      });
  });

  describe("the account", () => {
    it("says of each field of the corpus by name what became of it", () => {
      const ledger = close(ledgerOf(EVERYTHING));
      assert.deepEqual(
        ledger.left
          .filter(({ todo }) => todo.startsWith("Berth has no setting for it"))
          .map(({ source, path }) => `${source} ${showField(path)}`),
        [],
      );
    });

    const manifests = Object.entries(EVERYTHING).filter(([file]) => file.endsWith("manifest.yml") && !file.includes("pipelines"));
    for (const [file, text] of manifests)
      it(`has each field of ${file}, and leaves an unknown key wherever it stands`, () => {
        const document = parse(text) as Map;
        const free =
          /(\.|^)(args|labels|depends_on|variables|secrets|volumes|sidecars|destination|secretOptions|environments|filter_policy|from_tags|tags)$/;
        const alone = Object.fromEntries(
          Object.entries(EVERYTHING).filter(([name]) => !name.endsWith("manifest.yml") || /\/web\/|\/prod\//.test(name)),
        );
        const maps: Path[] = [];
        const walk = (value: unknown, path: Path) => {
          if (typeof value !== "object" || value === null) return;
          if (!Array.isArray(value) && !free.test(showField(path))) maps.push(path);
          for (const [key, inner] of Object.entries(value)) walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
        };
        walk(document, []);
        for (const path of maps) {
          const changed = structuredClone(document);
          (path.reduce<unknown>((at, key) => (at as Map)[key as string], changed) as Map).zz = 1;
          const ledger = ledgerOf({ ...alone, [file]: stringify(changed) }).close(() => []);
          const entries = told(ledger, file, [...path, "zz"]);
          assert.ok(entries.length > 0, `${showField([...path, "zz"])} is lost`);
          for (const leaf of leavesOf(changed)) assert.ok(told(ledger, file, leaf).length > 0, `${showField(leaf)} is lost`);
        }
      });

    it("loses nothing of any manifest, however wrong, and makes settings that a stack file may have", () => {
      const keys = [
        ...new Set(
          Object.values(FIELDS).flatMap((fields) => fields.split(" ").flatMap((field) => field.split(/[.[\]*]+/).filter(Boolean))),
        ),
      ];
      const type = fc.constantFrom(...Object.keys(FIELDS).filter((type) => type !== "Environment"));
      const value = fc.letrec((tie) => ({
        any: fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom<unknown>(null, true, false, 0, 8080, "30s", "1-10", "/", "x", "sg-0123456789abcdef0", []),
          fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 4 }),
          fc.array(tie("any"), { maxLength: 2 }),
        ),
      })).any;
      fc.assert(
        fc.property(
          type,
          fc.dictionary(fc.constantFrom(...keys.filter((key) => !["name", "type"].includes(key))), value),
          (type, fields) => {
            const manifest = { name: "web", type, ...fields } as Map;
            let ledger: Ledger;
            try {
              ledger = close(ledgerOf(one(manifest)));
            } catch (error) {
              assert.equal((error as Error).name, "UserError");
              return;
            }
            for (const leaf of leavesOf(parse(stringify(manifest)) as Map))
              assert.ok(told(ledger, "copilot/web/manifest.yml", leaf).length > 0, `${showField(leaf)} is lost`);
          },
        ),
        { numRuns: 60 },
      );
    });

    it("has no value of a field in its sentences", () => {
      const ledger = close(ledgerOf(one({ ...WEB, variables: { A: ["hunter2"] }, cpu: "hunter2", count: { range: "hunter2" } })));
      assert.doesNotMatch([...ledger.left.map(({ todo }) => todo), ...ledger.changed.map(({ why }) => why)].join("\n"), /hunter2/);
    });
  });

  describe("overrides of an environment", () => {
    const CASES: [what: string, base: Map, over: Map, expected: Map][] = [
      ["a number", { cpu: 256, memory: 512 }, { memory: 1024 }, { cpu: 256, memory: 1024 }],
      ["a map is merged", { variables: { A: "1", B: "2" } }, { variables: { B: "3" } }, {}],
      [
        "a list is replaced",
        { http: { path: "/", allowed_source_ips: ["10.0.0.0/8", "10.1.0.0/16"] } },
        { http: { allowed_source_ips: ["10.2.0.0/16"] } },
        { sourceRanges: ["10.2.0.0/16"] },
      ],
      [
        "a number in place of a range",
        { count: { range: "1-10", cpu_percentage: 70 } },
        { count: 3 },
        { desiredCount: 3, scaling: undefined },
      ],
      ["a range in place of a number", { count: 3 }, { count: { range: "2-4" } }, { desiredCount: undefined }],
      [
        "Spot in place of a range",
        { count: { range: "1-10", cpu_percentage: 70, cooldown: { in: "1m" } } },
        { count: { spot: 2 } },
        { desiredCount: 2, capacity: "spot", scaling: undefined },
      ],
      ["a range in place of Spot", { count: { spot: 2 } }, { count: { range: "2-4" } }, { desiredCount: undefined, capacity: undefined }],
      [
        "an image in place of a build",
        { image: { build: "./x/Dockerfile", port: 80 } },
        { image: { location: "example.com/x:1" } },
        { image: { imageUri: "example.com/x:1" }, port: 80 },
      ],
      [
        "a build in place of an image",
        { image: { location: "example.com/x:1", port: 80 } },
        { image: { build: "./x/Dockerfile" } },
        { image: { context: "./x" } },
      ],
      ["a check by its path", { http: { path: "/", healthcheck: { path: "/a", interval: "15s" } } }, { http: { healthcheck: "/b" } }, {}],
      ["nothing", { cpu: 512, memory: 1024 }, { cpu: null }, { cpu: 512 }],
      ["off", { http: { path: "/" }, nlb: { port: "443/tls" } }, { http: false }, { route: false, path: undefined }],
      [
        "file system ids in place of owners",
        { storage: { volumes: { a: { path: "/a", efs: { uid: 1, gid: 2 } } } } },
        { storage: { volumes: { a: { efs: { id: "fs-0123456789abcdef0", auth: { access_point_id: "fsap-0123456789abcdef0" } } } } } },
        { volumes: { a: { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0" } } },
      ],
      ["a secret elsewhere", { secrets: { A: { secretsmanager: "a/b" } } }, { secrets: { A: "/a" } }, { secrets: { A: "/a" } }],
    ];
    for (const [what, base, over, expected] of CASES)
      it(`${what} wins, and each field is accounted for`, () => {
        const manifest = { ...WEB, ...base, environments: { prod: over, test: { cpu: 4096 } } };
        const ledger = close(ledgerOf(one(manifest)));
        const web = (ledger.settings.services as Record<string, Map>).web!;
        for (const [key, value] of Object.entries(expected)) assert.deepEqual(web[key], value, key);
        for (const leaf of leavesOf(manifest))
          assert.ok(told(ledger, "copilot/web/manifest.yml", leaf).length > 0, `${showField(leaf)} is lost`);
        assert.deepEqual(
          ledger.left.filter(({ todo }) => todo.startsWith("Berth has no setting")),
          [],
        );
      });
    it("leave the base to other environments", () => {
      const over = { cpu: 256, environments: { prod: { cpu: 1024, memory: 2048 }, test: { count: 4 } } };
      assert.deepEqual([webOf(over).cpu, webOf(over).desiredCount], [1024, 1]);
      assert.deepEqual([webOf(over, "test").cpu, webOf(over, "test").desiredCount], [256, 4]);
    });
    it("merge variables by name, and one check by its fields", () => {
      const web = webOf({
        variables: { A: "1", B: "2" },
        http: { path: "/", healthcheck: { path: "/a", interval: "15s" } },
        environments: { prod: { variables: { B: "3" }, http: { healthcheck: { interval: "20s" } } } },
      });
      assert.deepEqual([(web.environment as Map).A, (web.environment as Map).B], ["1", "3"]);
      assert.deepEqual([(web.healthCheck as Map).path, (web.healthCheck as Map).interval], ["/a", 20]);
    });
  });

  describe("what holds without a field", () => {
    it("is kept where Berth does otherwise", () => {
      const web = webOf({});
      assert.deepEqual(
        [web.user, web.readonlyRootFilesystem, web.writablePaths, web.dropCapabilities, web.initProcess, web.containerHealthCheck],
        ["root", false, [], [], false, false],
      );
      assert.deepEqual([web.desiredCount, web.logRetentionInDays, web.deregistrationDelay, web.dns], [1, 30, 60, true]);
      assert.deepEqual(web.healthCheck, { path: "/", interval: 30, timeout: 5, healthyThreshold: 5, unhealthyThreshold: 2 });
      const { network, cluster, loadBalancer } = settingsOf({});
      assert.deepEqual(
        [network, cluster, loadBalancer],
        [{ nat: "none", flowLogs: false }, { containerInsights: "disabled", dnsNamespace: "prod.shop.local" }, { accessLogs: false }],
      );
    });
    it("has Copilot's variables, and the app's own before them", () => {
      assert.deepEqual(
        webOf({ variables: { COPILOT_SERVICE_NAME: "mine", X: `\${COPILOT_ENVIRONMENT_NAME}.\${COPILOT_APPLICATION_NAME}` } }).environment,
        {
          COPILOT_SERVICE_NAME: "mine",
          X: "prod.shop",
          COPILOT_APPLICATION_NAME: "shop",
          COPILOT_ENVIRONMENT_NAME: "prod",
          COPILOT_SERVICE_DISCOVERY_ENDPOINT: "prod.shop.local",
        },
      );
    });
    it("stays as the manifest says where it does", () => {
      assert.equal(webOf({ storage: { readonly_fs: true } }).readonlyRootFilesystem, true);
      assert.equal(webOf({ logging: { retention: 7 } }).logRetentionInDays, 7);
    });
  });

  describe("names that users call", () => {
    const balancer = (http: Map, environment = "") => {
      const more: Record<string, string> = environment === "" ? {} : { "copilot/environments/prod/manifest.yml": environment };
      return (close(ledgerOf(one({ ...WEB, http: { path: "/", ...http } }, more))).settings as Map).loadBalancer;
    };
    const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555";
    const imported = `name: prod\ntype: Environment\nhttp: { public: { certificates: ["${CERTIFICATE}"] } }\n`;
    const CASES: [what: string, http: Map, environment: string, expected: Map][] = [
      ["a domain is its own zone", { alias: "example.com" }, "", { domain: "example.com", hostedZone: "example.com" }],
      ["a name below it is in the domain's", { alias: "app.example.com" }, "", { domain: "app.example.com" }],
      ["several are one certificate's", { alias: ["a.example.com", "b.example.com"] }, "", { domain: ["a.example.com", "b.example.com"] }],
      [
        "a zone is named by its id",
        { alias: "a.example.com", hosted_zone: "Z0873220N255IR3MTNR4" },
        "",
        { domain: "a.example.com", hostedZone: "Z0873220N255IR3MTNR4" },
      ],
      ["a certificate that is there needs no record", { alias: "a.example.com" }, imported, { certificateArn: CERTIFICATE }],
      [
        "or gets one where the zone is named",
        { alias: "a.example.com", hosted_zone: "Z0873220N255IR3MTNR4" },
        imported,
        { domain: "a.example.com", hostedZone: "Z0873220N255IR3MTNR4", certificateArn: CERTIFICATE },
      ],
    ];
    for (const [what, http, environment, expected] of CASES)
      it(what, () => assert.deepEqual(balancer(http, environment), { ...expected, accessLogs: false }));
    it("are in each zone by themselves", () => {
      const alias = [
        { name: "a.example.com", hosted_zone: "Z0873220N255IR3MTNR4" },
        { name: "b.example.org", hosted_zone: "Z0873220N255IR3MTNR5" },
      ];
      const { domain, domains } = balancer({ alias }) as Map;
      assert.deepEqual([domain, domains], ["a.example.com", { "zone-2": { domain: "b.example.org", hostedZone: "Z0873220N255IR3MTNR5" } }]);
    });
  });

  describe("a stack file", () => {
    for (const [name, app] of Object.entries(APPS))
      it(`of ${name} is as it was`, () => {
        const ledger = close(ledgerOf(app));
        const golden = join(__dirname, "golden", `${name.replace(/[^a-z]+/gi, "-").toLowerCase()}.yaml`);
        const text = stringify(
          { config: ledger.settings, left: ledger.left.map(({ source, path, todo }) => `${source} ${showField(path)}: ${todo}`) },
          { lineWidth: 0 },
        );
        if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(golden, text);
        assert.ok(existsSync(golden), "UPDATE_SNAPSHOTS=1 writes it");
        assert.equal(text, readFileSync(golden, "utf8"));
        assert.deepEqual(complaintsOf(ledger.settings), []);
      });
  });

  describe("berth adopt --copilot", () => {
    for (const [name, app] of Object.entries(APPS))
      it(`writes what is planned of ${name}`, async () => {
        const root = appFolder(app);
        symlinkSync(join(TEMPLATE, "index.ts"), join(root, "index.ts"));
        const said = await adopt({ cwd: root, copilot: join(root, "copilot"), env: "prod", service: [], region: "eu-west-1" });
        assert.match(said, /^Pulumi\.prod\.yaml, adopt\.prod\.md: written\n/);
        const planned = new Deployed(await record(loadProject({ cwd: root, stack: "prod" })));
        const services = Object.keys(
          (parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")) as { config: { services: Map } }).config.services,
        );
        assert.deepEqual(planned.names("aws:ecs/service:Service").sort(), services.sort());
      });
  });

  it("become what the guide says", () => {
    const guide = readFileSync(join(REPOSITORY, "docs", "migrating-from-copilot.md"), "utf8");
    const rows = guide.split("\n").filter((line) => line.startsWith("| `"));
    const table = rows.slice(0, rows.findIndex((line) => line.includes("`sidecars`")) + 1);
    assert.ok(table.length > 15);
    const ledgers = [EVERYTHING, ...Object.values(APPS)].map((app) => close(ledgerOf(app)));
    const entries = ledgers.flatMap(({ taken, changed }) => [...taken, ...changed]);
    const words = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!.split("."));
    const named = (path: Path) => path.filter((key) => typeof key === "string");
    for (const row of table) {
      const [, fields = "", settings = ""] = row.split("|");
      for (const field of words(fields))
        assert.ok(
          entries.some(
            ({ path, setting }) =>
              within(named(path), field) && words(settings).some((to) => setting !== undefined && within(setting.slice(2), to)),
          ),
          `${field.join(".")} becomes none of ${settings}`,
        );
      for (const to of words(settings))
        assert.ok(
          entries.some(({ setting }) => setting && within(setting.slice(2), to)),
          `nothing becomes ${to.join(".")}`,
        );
    }
  });

  describe("refuses in one sentence", () => {
    const CASES: [what: string, files: Record<string, string>, env: string | undefined, message: RegExp][] = [
      ["no folder", {}, "prod", /^There is no folder .*copilot: give Copilot's, which holds \.workspace and <service>\/manifest\.yml\.$/],
      [
        "no app's name",
        { "copilot/web/manifest.yml": "name: web\n" },
        "prod",
        /^copilot\/\.workspace is missing, which says the app's name; write "application: NAME" in it/,
      ],
      ["no manifest", { "copilot/.workspace": "application: shop\n" }, "prod", /^copilot has no manifest/],
      [
        "an unknown type",
        one({ name: "web", type: "Lambda" }),
        "prod",
        /^copilot\/web\/manifest\.yml: "Lambda" is not a type of Copilot's; allowed: Load Balanced Web Service, /,
      ],
      ["no type", one({ name: "web" }), "prod", /^copilot\/web\/manifest\.yml: type is missing; allowed: /],
      [
        "no environment",
        one({ ...WEB, environments: { prod: { cpu: 256 } } }),
        undefined,
        /^--copilot needs the environment: give --env; the manifests speak of prod\.$/,
      ],
      [
        "no such environment",
        one({ ...WEB, environments: { prod: {}, test: {} } }),
        "prd",
        /^--env: the manifests do not speak of "prd", but of prod, test; did you mean "prod"\?$/,
      ],
      ["an error of YAML", one("name: web\ntype: [\n"), "prod", /^copilot\/web\/manifest\.yml, line 3, column 1: /],
      [
        "a variable of the shell that is not set",
        one({ ...WEB, image: { location: `x:\${TAG}`, port: 80 } }),
        "prod",
        /^copilot\/web\/manifest\.yml: the variable TAG is not set/,
      ],
      [
        "Windows",
        one({ ...WEB, platform: "windows/x86_64" }),
        "prod",
        /^copilot\/web\/manifest\.yml: windows containers cannot be taken over/,
      ],
    ];
    for (const [what, files, env, message] of CASES)
      it(what, () => {
        const root = appFolder(files);
        assert.throws(
          () => translated(readWorkspace(join(root, "copilot"), { env }, {}), { root, services: [], stack: "prod" }),
          (error: Error) => error.name === "UserError" && message.test(error.message),
        );
      });
    it("no such service", () => {
      assert.throws(() => read(one(WEB), "prod", ["wbe"]), /^UserError: --service: "wbe" is not a workload of copilot; allowed: web\.$/);
    });
  });

  it("fills in variables of the shell, as Copilot does, lists among them", () => {
    const root = appFolder(one({ ...WEB, image: { location: `x:\${TAG}`, port: 80 }, command: `\${WORDS}`, variables: { A: `\\\${B}` } }));
    const workspace = readWorkspace(root, { env: "prod" }, { TAG: "7", WORDS: '["a","b c"]' });
    const { services } = close(translated(workspace, { root, services: [], stack: "prod" })).settings as { services: { web: Map } };
    assert.deepEqual(services.web.image, { imageUri: "x:7" });
    assert.deepEqual(services.web.command, ["a", "b c"]);
    assert.equal((services.web.environment as Map).A, `\${B}`);
  });
});
