import assert from "node:assert/strict";
import * as fc from "fast-check";
import { loadProject, type Project, type ProjectOptions } from "../../../plan/project/project";
import { locationOf } from "../../../plan/record/region";
import { BASE, messageOf, withProject } from "../projects";

const load = (files: Record<string, string>, options: ProjectOptions = {}): Promise<Project> =>
  withProject({ ...BASE, ...files }, (cwd) => loadProject({ cwd, ...options }));
const failure = (files: Record<string, string>, options: ProjectOptions = {}): Promise<string> => messageOf(() => load(files, options));

const CONFIG = `name: shop
runtime: { name: nodejs, options: { typescript: true } }
config:
  memory: { type: integer, default: 512 }
  nat: none
  zones: { type: array, items: { type: string }, default: [a, b] }
  domain: { type: string }
  aws:region: { value: eu-west-1 }
`;

describe("reading a project", () => {
  it("names what stands at the left margin of a stack file, where Pulumi ignores it", async () => {
    const message = (text: string) => failure({ "Pulumi.dev.yaml": text });
    assert.equal(
      await message("config:\n  aws:region: eu-west-1\nservice:\n  port: 3000\n"),
      "Pulumi.dev.yaml: service at the left margin, where Pulumi ignores it; indent it under config.",
    );
    assert.equal(
      await message("service: {}\nnetwork: {}\n"),
      "Pulumi.dev.yaml: service, network at the left margin, where Pulumi ignores them; indent them under config.",
    );
    await load({
      "Pulumi.dev.yaml":
        "secretsprovider: x\nencryptedkey: y\nencryptionsalt: z\nx-common: &a 1\nconfig: { aws:region: eu-west-1, n: 1 }\n",
    });
  });

  it("namespaces bare keys, fills in defaults and keeps text as it is written", async () => {
    const { config } = await load({
      "Pulumi.yaml": CONFIG,
      "Pulumi.dev.yaml":
        'config:\n  domain: "010"\n  size: 1.0\n  on: yes\n  empty:\n  aws:profile: me\n  shop:full: 0x10\n  list: [1, a, true]\n  map: { a: { b: 1 } }\n',
    });
    assert.deepEqual(config, {
      "aws:profile": "me",
      "aws:region": "eu-west-1",
      "shop:domain": "010",
      "shop:empty": "",
      "shop:full": "0x10",
      "shop:list": '[1,"a",true]',
      "shop:map": '{"a":{"b":1}}',
      "shop:memory": "512",
      "shop:nat": "none",
      "shop:on": "yes",
      "shop:size": "1.0",
      "shop:zones": '["a","b"]',
    });
  });

  it("puts a placeholder for what is encrypted, and calls the whole key secret", async () => {
    const { config, secretKeys } = await load({
      "Pulumi.dev.yaml":
        "config:\n  password: { secure: AAAB }\n  deep: { a: [{ secure: AAAB }, 1], b: 2 }\n  open: { secure: AAAB, more: 1 }\n",
    });
    assert.deepEqual(config, {
      "shop:deep": '{"a":["[secret]",1],"b":2}',
      "shop:open": '{"secure":"AAAB","more":1}',
      "shop:password": "[secret]",
    });
    assert.deepEqual(secretKeys, ["shop:deep", "shop:password"]);
  });

  it("lets the command line win, with or without the namespace", async () => {
    const { config } = await load(
      { "Pulumi.dev.yaml": "config: { cpu: 256, memory: 512 }" },
      { config: ["cpu=1024", "shop:memory=2048", "aws:region=us-west-2", "a.b=1=2"] },
    );
    assert.deepEqual(config, { "aws:region": "us-west-2", "shop:a.b": "1=2", "shop:cpu": "1024", "shop:memory": "2048" });
  });

  it("sets values inside objects and lists with --config-path", async () => {
    const { config } = await load(
      { "Pulumi.dev.yaml": "config:\n  service: { cpu: 256, tags: { a: b } }\n" },
      {
        configPath: true,
        config: ["service.cpu=512", 'service.tags["x.y"]=z', "service.spot=true", "zones[0]=a", "zones[1]=b", "nat=007"],
      },
    );
    assert.deepEqual(config, {
      "shop:nat": "007",
      "shop:service": '{"cpu":512,"tags":{"a":"b","x.y":"z"},"spot":true}',
      "shop:zones": '["a","b"]',
    });
  });

  it("sets values whose names every object has", async () => {
    const { config } = await load({}, { configPath: true, config: ["tasks.toString.command[0]=node", "tasks.__proto__.cpu=256"] });
    assert.equal(config["shop:tasks"], '{"toString":{"command":["node"]},"__proto__":{"cpu":256}}');
  });

  it("finds the project from a folder inside it, and the stack by its full name", async () => {
    await withProject({ ...BASE, "deep/er/file.txt": "" }, (cwd) => {
      const project = loadProject({ cwd: `${cwd}/deep/er`, stack: "organization/shop/dev" });
      assert.deepEqual([project.name, project.stack, project.root, project.main], ["shop", "dev", cwd, cwd]);
    });
  });

  it("follows main and stackConfigDir", async () => {
    await withProject(
      { "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: src/\nstackConfigDir: stacks\n", "stacks/Pulumi.dev.yaml": "config: { a: 1 }" },
      (cwd) => {
        const project = loadProject({ cwd });
        assert.equal(project.main, `${cwd}/src`);
        assert.deepEqual(project.config, { "shop:a": "1" });
      },
    );
  });

  it("says that ESC environments are not read", async () => {
    const { notes } = await load({ "Pulumi.dev.yaml": "environment: [shop/common]\n" });
    assert.deepEqual(notes, [
      "Pulumi.dev.yaml imports Pulumi ESC environments; they cannot be read offline, so what they set is missing here.",
    ]);
  });

  it("takes any plain text from the command line as it is", () => {
    return withProject(BASE, (cwd) => {
      fc.assert(
        fc.property(fc.string(), (value) => {
          assert.equal(loadProject({ cwd, config: [`key=${value}`] }).config["shop:key"], value);
        }),
        { numRuns: 50 },
      );
    });
  });
});

describe("a project that cannot be read", () => {
  const cases: [what: string, files: Record<string, string>, options: ProjectOptions, message: RegExp][] = [
    [
      "an unknown stack",
      { "Pulumi.prod.yaml": "" },
      { stack: "prd" },
      /^There is no stack "prd": Pulumi\.prd\.yaml does not exist\. The stacks are dev, prod; did you mean "prod"\?$/,
    ],
    [
      "malformed YAML",
      { "Pulumi.dev.yaml": "config:\n  a: [1,\n  b: 2\n" },
      {},
      /^Pulumi\.dev\.yaml, line 3, column \d+: .*\. Correct the YAML there\.$/,
    ],
    [
      "a list at the top",
      { "Pulumi.dev.yaml": "- a\n" },
      {},
      /^Pulumi\.dev\.yaml must be a map of keys and values, and its top level is something else\.$/,
    ],
    [
      "a config that is no map",
      { "Pulumi.dev.yaml": "config: [a]\n" },
      {},
      /^Pulumi\.dev\.yaml: "config" must be a map of keys and values\.$/,
    ],
    [
      "a value of the wrong type",
      { "Pulumi.yaml": CONFIG, "Pulumi.dev.yaml": "config: { memory: lots, domain: x }" },
      {},
      /^Pulumi\.dev\.yaml: "memory" is "lots", and Pulumi\.yaml declares it as integer: give a whole number such as 2\.$/,
    ],
    [
      "a value of the wrong type on the command line",
      { "Pulumi.yaml": CONFIG, "Pulumi.dev.yaml": "config: { domain: x }" },
      { config: ["zones=a"] },
      /^Pulumi\.dev\.yaml: "zones" is "a", and Pulumi\.yaml declares it as array: give a list\.$/,
    ],
    [
      "a missing setting",
      { "Pulumi.yaml": CONFIG },
      {},
      /^The stack "dev" lacks the setting "domain", which Pulumi\.yaml declares without a default: set it in Pulumi\.dev\.yaml, or with --config domain=<value>\.$/,
    ],
    [
      "a secret in plain text",
      {
        "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig: { key: { type: string, secret: true } }\n",
        "Pulumi.dev.yaml": "config: { key: x }",
      },
      {},
      /^Pulumi\.dev\.yaml: "key" is declared secret in Pulumi\.yaml and stands there in plain text; set it with pulumi config set --secret key\.$/,
    ],
    [
      "an unknown type",
      { "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig: { a: { type: number } }\n" },
      {},
      /^Pulumi\.yaml: config\.a\.type: "number" is not a valid value; allowed: string, integer, boolean, array, object\.$/,
    ],
    [
      "a default for a provider's key",
      { "Pulumi.yaml": "name: shop\nruntime: nodejs\nconfig: { 'aws:region': { default: x } }\n" },
      {},
      /^Pulumi\.yaml: config\.aws:region is a provider's key, so it takes a "value", no "type" and no "default"\.$/,
    ],
    [
      "another runtime",
      { "Pulumi.yaml": "name: shop\nruntime: python\n" },
      {},
      /^Pulumi\.yaml: the runtime is python; only nodejs programs can be planned offline\.$/,
    ],
    ["no name", { "Pulumi.yaml": "runtime: nodejs\n" }, {}, /^Pulumi\.yaml has no "name": give the project one\.$/],
    ["--config without a value", {}, { config: ["memory"] }, /^--config memory: write it as key=value, for example --config memory=512\.$/],
    [
      "a path into text",
      { "Pulumi.dev.yaml": "config: { a: b }" },
      { config: ["a.b=1"], configPath: true },
      /^--config a\.b: the setting above that path is "b", neither a map nor a list\.$/,
    ],
    [
      "a path past the end",
      { "Pulumi.dev.yaml": "config: { a: [] }" },
      { config: ["a[2]=1"], configPath: true },
      /^--config a\[2\]: the list has 0 entries; the next one is \[0\]\.$/,
    ],
    ["no path", {}, { config: ["a[=1"], configPath: true }, /^--config a\[: not a path; /],
  ];
  for (const [what, files, options, message] of cases) {
    it(what, async () => assert.match(await failure(files, options), message));
  }

  it("no Pulumi.yaml", async () => {
    assert.match(
      await messageOf(() => loadProject({ cwd: "/" })),
      /^There is no Pulumi\.yaml in \/ or a folder above it: run this in a Pulumi project, or name one with --cwd\.$/,
    );
  });

  it("no stack at all", async () => {
    const message = await withProject({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n" }, (cwd) => messageOf(() => loadProject({ cwd })));
    assert.match(message, /^There is no stack "dev", nor any other: \/.* has no Pulumi\.<stack>\.yaml\. Write Pulumi\.dev\.yaml\.$/);
  });
});

describe("the region of a plan", () => {
  const place = async (region: string | undefined, env: NodeJS.ProcessEnv) =>
    locationOf(await load({ "Pulumi.dev.yaml": region === undefined ? "" : `config:\n  aws:region: ${region}\n` }), env);

  it("is the stack's, else the environment's, else us-east-1", async () => {
    assert.deepEqual(await place("eu-central-1", { AWS_REGION: "x" }), {
      account: "123456789012",
      region: "eu-central-1",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      assumed: false,
    });
    assert.deepEqual((({ region, assumed }) => [region, assumed])(await place(undefined, { AWS_REGION: "sa-east-1" })), [
      "sa-east-1",
      false,
    ]);
    assert.deepEqual((({ region, assumed }) => [region, assumed])(await place(undefined, {})), ["us-east-1", true]);
  });

  it("brings its partition", async () => {
    assert.deepEqual((({ partition, dnsSuffix }) => [partition, dnsSuffix])(await place("cn-north-1", {})), ["aws-cn", "amazonaws.com.cn"]);
    assert.deepEqual((({ partition, dnsSuffix }) => [partition, dnsSuffix])(await place("us-gov-west-1", {})), [
      "aws-us-gov",
      "amazonaws.com",
    ]);
  });
});
