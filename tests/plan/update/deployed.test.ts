import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../../facts/graph";
import { planOf } from "../../../plan/plan";
import { loadProject, type ProjectOptions } from "../../../plan/project/project";
import { computeState } from "../../../plan/record/mocks";
import { record, recordKnown } from "../../../plan/record/record";
import { locationOf } from "../../../plan/record/region";
import { type Comparison, compare } from "../../../plan/update/compare";
import { Deployed } from "../../../plan/update/deployed";
import type { State, StateResource } from "../../../tool/state-file";
import { REPOSITORY, TEMPLATE } from "../../helpers/places";
import { BASE, berth, withProject } from "../projects";

const ACCOUNT = "444455556666";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ENCRYPTED = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:c2VjcmV0" };

/** What something is of each program, made once. */
function once<T>(make: (options: ProjectOptions) => Promise<T>): (options: ProjectOptions) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (options) => {
    const key = JSON.stringify(options);
    const known = made.get(key) ?? make(options);
    made.set(key, known);
    return known;
  };
}

const stateOf = once(deploy);
const planned = once(async (options) => planOf(await record(loadProject(options))).plan);

/** What Pulumi would export of a stack that was deployed: with ids, ARNs and names of AWS's, automatic names, and encrypted values. */
async function deploy(options: ProjectOptions): Promise<State> {
  const project = loadProject(options);
  const place = { ...locationOf(project), account: ACCOUNT };
  const planned = await recordKnown(project);
  const made = planned.resources.filter(({ custom, read }) => custom && !read);
  const answers = new Map(
    made.map(({ urn, type, name, inputs }) => {
      const { id, state } = computeState({ urn: `${urn}, in AWS`, type, name, inputs, place });
      return [urn, { id, outputs: Object.fromEntries(Object.entries(state).filter(([key]) => !(key in inputs))) }];
    }),
  );
  const known = await recordKnown(project, [], { account: ACCOUNT, resources: answers });
  const resources = known.resources.map(
    ({ urn, type, custom, read, parent, inputs, dependencies, propertyDependencies, options }): StateResource => {
      const { id = "", outputs = {} } = answers.get(urn) ?? {};
      const named = typeof outputs.name === "string" && !("name" in inputs) && { name: outputs.name, __defaults: ["name"] };
      return {
        urn,
        type,
        custom,
        id,
        parent: parent ?? "",
        provider: "",
        inputs: { ...(encrypted(inputs) as JsonObject), ...named },
        outputs: { ...inputs, ...outputs },
        dependencies,
        propertyDependencies: { tags: null, ...propertyDependencies },
        protect: options.protect,
        retainOnDelete: options.retainOnDelete,
        deletedWith: options.deletedWith ?? "",
        replacementTrigger: options.replacementTrigger,
        delete: false,
        external: read,
      };
    },
  );
  return { resources, pending: 0 };
}

function encrypted(value: unknown): unknown {
  if (value === "[secret]") return ENCRYPTED;
  if (Array.isArray(value)) return value.map(encrypted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encrypted(item)]));
}

/** The plan of a program that is told what is deployed, compared with that. */
async function comparedWith(state: State, options: ProjectOptions) {
  const project = loadProject(options);
  const deployed = new Deployed(state, project);
  const told = await record(project, deployed.stashes, deployed.answered);
  const before = deployed.plan(told);
  const recording = deployed.recording(told);
  return { comparison: compare(before, planOf(recording).plan), messages: recording.messages.map(({ text }) => text) };
}

const template = (stack: string, ...config: string[]): ProjectOptions => ({ cwd: TEMPLATE, stack, config, configPath: true });
const examples = readdirSync(join(REPOSITORY, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
/** Digests are of AWS's names where these are known; and a state has another order than a program. */
const comparable = ({ removed, order, ...rest }: Comparison): unknown => {
  const steps = order.map((stage) => stage.steps.map(({ action, urn }) => `${action} ${urn}`).sort());
  const value = { ...rest, steps, removed: removed.map(({ urn }) => urn).sort() };
  return JSON.parse(JSON.stringify(value).replace(/\b[0-9a-f]{16,20}\b/g, "*"));
};

describe("what is deployed, as a plan", function () {
  this.timeout(300_000);

  const programs: ProjectOptions[] = [
    ...["dev", "prod", "ec2"].map((stack) => template(stack)),
    template("ec2", "compute=managed-instances"),
    template("prod", "encryption=own"),
    template("dev", "service.rollout=blueGreen"),
    ...examples.map(({ name }) => ({ cwd: join(REPOSITORY, "examples", name), stack: "dev" })),
  ];
  for (const options of programs) {
    const { cwd = "", stack, config = [] } = options;
    const name = [cwd === TEMPLATE ? "the template" : cwd.slice(REPOSITORY.length + 1), stack, ...config].join(" ");
    it(`differs in nothing from the plan of the same program: ${name}`, async () => {
      const { comparison } = await comparedWith(await stateOf(options), options);
      const { added, removed, changed, warnings, findings, cost } = comparison;
      assert.deepEqual(
        { added, removed, changed, warnings, cost: cost.difference },
        { added: [], removed: [], changed: [], warnings: [], cost: 0 },
      );
      assert.deepEqual(findings, { added: [], gone: [] });
    });
  }

  for (const [stack, ...config] of [
    ["dev", "service.port=9000"],
    ["dev", "service.cpu=1 vCPU", "service.memory=2 GB"],
    ["dev", "service.name=api"],
    ["dev", "service.rollout=canary"],
    ["prod", "loadBalancer.internal=true", "loadBalancer.deletionProtection=false"],
    ["ec2", "compute=fargate"],
    ["dev", "architecture=arm64"],
  ] as [string, ...string[]][]) {
    it(`is the same base as the plan that deployed it: ${stack} ${config.join(" ")}`, async () => {
      const [then, now] = [template(stack), template(stack, ...config)];
      const { comparison } = await comparedWith(await stateOf(then), now);
      const expected = compare(await planned(then), await planned(now));
      assert.ok(expected.added.length + expected.changed.length > 0);
      assert.deepEqual(comparable(comparison), comparable(expected));
    });
  }
});

/** A state with one log group, as the engine writes it: with what it has replaced and not deleted yet. */
const NAME = "urn:pulumi:dev::shop";
const logGroup = (retentionInDays: number) => ({
  urn: `${NAME}::aws:cloudwatch/logGroup:LogGroup::logs`,
  type: "aws:cloudwatch/logGroup:LogGroup",
  custom: true,
  id: "logs-1a2b3c4",
  inputs: { __defaults: ["name"], name: "logs-1a2b3c4", retentionInDays, kmsKeyId: "arn:aws:kms:eu-west-1:444455556666:key/a" },
  outputs: { arn: "arn:aws:logs:eu-west-1:444455556666:log-group:logs-1a2b3c4", name: "logs-1a2b3c4", retentionInDays },
  propertyDependencies: { retentionInDays: null },
});
const stackOf = (stack: string) => ({
  urn: `urn:pulumi:${stack}::shop::pulumi:pulumi:Stack::shop-${stack}`,
  type: "pulumi:pulumi:Stack",
  custom: false,
});
const exported = (resources: object[] | null, more = {}) =>
  JSON.stringify({ version: 3, deployment: { manifest: {}, resources, ...more } });

const PROGRAM = `
import * as aws from "@pulumi/aws";
const { accountId } = aws.getCallerIdentityOutput();
new aws.cloudwatch.LogGroup("logs", { retentionInDays: 30, kmsKeyId: accountId.apply((id) => \`arn:aws:kms:eu-west-1:\${id}:key/a\`) });
`;

describe("berth plan --deployed", function () {
  this.timeout(300_000);
  const project = (files: Record<string, string>) => ({ ...BASE, "index.ts": PROGRAM, ...files });
  const planned = (cwd: string, ...more: string[]) => {
    const { status, stdout, stderr } = berth("plan", "--cwd", cwd, ...more);
    return { status, stdout, stderr: stderr.replaceAll(`${cwd}/`, "") };
  };

  it("compares with a file, without what was replaced before, and tells of an update that was interrupted", () => {
    const state = exported([{ ...logGroup(7), delete: true }, stackOf("dev"), logGroup(14)], { pending_operations: [{}, {}] });
    return withProject(project({ "state.json": state }), (cwd) => {
      const { status, stdout, stderr } = planned(cwd, "--deployed", join(cwd, "state.json"));
      assert.equal(status, 0, stderr);
      assert.match(stdout, /^shop \/ dev: what changes\n\n~ cloudwatch\.LogGroup logs\n {4}retentionInDays: 14 -> 30\n\n0 added/);
      assert.match(stderr, /^warning: an update was interrupted with 2 operations under way, .*: run pulumi refresh first\.$/m);
    });
  });

  it("knows what another stack exported at the last update, unless a file says it anew", () => {
    const program = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const platform = new pulumi.StackReference("organization/platform/dev");
new aws.cloudwatch.LogGroup("logs", { retentionInDays: 14, kmsKeyId: platform.requireOutput("kmsKeyArn") });
export const token = platform.getOutput("token");
`;
    // As the engine writes it: a reading by the default provider, with the outputs of that moment, secrets encrypted.
    const name = "organization/platform/dev";
    const kmsKeyArn = "arn:aws:kms:eu-west-1:444455556666:key/a";
    const reference = {
      urn: `${NAME}::pulumi:pulumi:StackReference::${name}`,
      type: "pulumi:pulumi:StackReference",
      custom: true,
      external: true,
      id: name,
      inputs: { name },
      outputs: { name, outputs: { kmsKeyArn, token: ENCRYPTED }, secretOutputNames: ["token"] },
      provider: `${NAME}::pulumi:providers:pulumi::default::67a53e5f-7971-4f87-b816-9e18ee3c9ce4`,
    };
    const files = {
      "index.ts": program,
      "state.json": exported([stackOf("dev"), reference, logGroup(14)]),
      "platform.json": JSON.stringify({ kmsKeyArn: `${kmsKeyArn}2` }),
    };
    return withProject(project(files), (cwd) => {
      const deployed = ["--deployed", join(cwd, "state.json")];
      const { stdout, stderr } = planned(cwd, ...deployed);
      assert.match(stdout, /^shop \/ dev: what changes\n\nNo resource differs\.$/m);
      assert.match(stderr, /^info: what organization\/platform\/dev exports is read from the state: it is what the last update found\.$/m);
      assert.doesNotMatch(stderr, /is unknown here/);
      const anew = planned(cwd, ...deployed, "--platform", join(cwd, "platform.json")).stdout;
      assert.match(anew, /^~ cloudwatch\.LogGroup logs\n {4}kmsKeyId: \S+key\/a -> \S+key\/a2\n\n0 added, 0 removed, 1 changed/m);
    });
  });

  it("takes everything for new where nothing was deployed yet", () =>
    withProject(project({ "state.json": exported(null) }), (cwd) => {
      const { stdout } = planned(cwd, "--deployed", join(cwd, "state.json"));
      assert.match(stdout, /\+ cloudwatch\.LogGroup logs\n\n1 added, 0 removed/);
    }));

  it("asks Pulumi's CLI, which is not a shell's, where no file is named", () =>
    withProject(project({ "state.json": exported([stackOf("dev"), logGroup(14)]) }), (cwd) => {
      const bin = join(cwd, "bin");
      mkdirSync(bin);
      const cli = `#!${process.execPath}\nconst [args] = [process.argv.slice(2).join(" ")];
if (args !== "stack export --stack dev --non-interactive") throw new Error(args);
process.stdout.write(require("fs").readFileSync("state.json"));`;
      writeFileSync(join(bin, "pulumi"), cli, { mode: 0o755 });
      const before = process.env.PATH;
      process.env.PATH = `${bin}:${before}`;
      try {
        assert.match(planned(cwd, "--deployed").stdout, /retentionInDays: 14 -> 30/);
        writeFileSync(join(bin, "pulumi"), "#!/bin/sh\necho 'error: no stack named dev found' >&2; exit 255", { mode: 0o755 });
        const failed = planned(cwd, "--deployed");
        const said =
          "pulumi stack export --stack dev failed: no stack named dev found. Mend it, or name a file that it wrote elsewhere: --deployed FILE.";
        assert.deepEqual([failed.status, failed.stderr.trim()], [2, said]);
      } finally {
        process.env.PATH = before;
      }
    }));

  it("refuses what is no state of this stack, with one sentence", () => {
    const how = "write it with pulumi stack export --file FILE.";
    const files = {
      "text.json": ["{", `text.json is not JSON: ${how}`],
      "other.json": ["{}", `other.json is no state of a stack: ${how}`],
      "half.json": [exported([{ urn: "x" }]), `half.json is damaged at deployment.resources.0.urn: ${how}`],
      "prod.json": [
        exported([stackOf("prod")]),
        "prod.json is the state of shop/prod, and the plan is of shop/dev: name the state of this stack, or choose the other one with --stack.",
      ],
    };
    return withProject(project(Object.fromEntries(Object.entries(files).map(([name, [text]]) => [name, text!]))), (cwd) => {
      for (const [name, [, said]] of Object.entries(files)) {
        const { status, stdout, stderr } = planned(cwd, "--deployed", join(cwd, name));
        assert.deepEqual([status, stdout, stderr.trim()], [2, "", said]);
      }
      const { PATH } = process.env;
      process.env.PATH = cwd;
      try {
        assert.match(
          planned(cwd, "--deployed").stderr,
          /^pulumi stack export --stack dev cannot run, because Pulumi's CLI is not installed: install it, or name a file/,
        );
      } finally {
        process.env.PATH = PATH;
      }
    });
  });
});
