// What `npm run docs` makes, and what it is made from, are held to each other.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import * as fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { encryptionKey } from "../../components/base/encryption-key";
import { type Arguments, type Described, type Facts, parse } from "../../components/base/schema";
import { cluster } from "../../components/cluster/cluster";
import { existingCluster } from "../../components/cluster/existing-cluster";
import { mirroredImage } from "../../components/image/mirrored-image";
import { existingLoadBalancer } from "../../components/load-balancer/existing-load-balancer";
import { logBucket } from "../../components/load-balancer/log-bucket";
import { existingNetwork } from "../../components/network/existing-network";
import { ec2Service, fargateService } from "../../components/service/arguments";
import { oneOffTask, scheduledTask } from "../../components/task/arguments";
import { stale } from "../../scripts/docs";
import { type Comment, commentsOf } from "../../scripts/docs/comments";
import { stack } from "../../settings/stack";
import { anyArguments, brokenOf, sampleOf } from "../helpers/facts";
import { REPOSITORY } from "../helpers/places";

const json = (file: string) => JSON.parse(readFileSync(path.join(REPOSITORY, file), "utf8")) as object;
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(json("settings/stack.schema.json"));
const validatePlan = new Ajv({ strict: true, allowUnionTypes: true }).compile(json("plan/stack.schema.json"));
const accepts = (config: object) => validate({ config });

describe("generated files", () => {
  it("are what npm run docs makes", () =>
    assert.deepEqual(
      stale().map(({ file }) => file),
      [],
    ));
});

/** The arguments of every interface, with their comments. */
const DOCUMENTED: [name: string, entries: Arguments][] = [
  ["StackSettings", stack.entries],
  ["ClusterArgs", cluster],
  ["ExistingClusterArgs", existingCluster],
  ["ExistingLoadBalancerArgs", existingLoadBalancer],
  ["ExistingNetworkArgs", existingNetwork],
  ["MirroredImageArgs", mirroredImage],
  ["LogBucketArgs", logBucket],
  ["EncryptionKeyArgs", encryptionKey],
  ["FargateServiceArgs", fargateService],
  ["Ec2ServiceArgs", ec2Service],
  ["OneOffTaskArgs", oneOffTask],
  ["ScheduledTaskArgs", scheduledTask],
];
interface Documented {
  key: string;
  argument: Described & { byDefault?: unknown };
  comment: Comment | undefined;
}
const entriesOf = (facts: Facts): Arguments[] =>
  facts.kind === "group"
    ? [facts.entries]
    : facts.kind === "either"
      ? facts.choices.flatMap((choice) => entriesOf(choice.facts))
      : facts.kind === "list" || facts.kind === "map"
        ? entriesOf(facts.item.facts)
        : [];
const documented = (entries: Arguments, comment: Comment["within"] | undefined, prefix: string): Documented[] =>
  Object.entries(entries).flatMap(([key, argument]) => {
    const found = comment?.(key);
    const inner = entriesOf(argument.facts).flatMap((own) => documented(own, found?.within, `${prefix}${key}.`));
    return [{ key: `${prefix}${key}`, argument, comment: found }, ...inner];
  });
const ALL = DOCUMENTED.flatMap(([name, entries]) => documented(entries, commentsOf(name), `${name}: `));

/** A default as a comment begins to say it. */
function begins(text: string, byDefault: unknown): boolean {
  const said =
    Array.isArray(byDefault) || (typeof byDefault === "object" && byDefault !== null)
      ? [JSON.stringify(byDefault), ...(Object.keys(byDefault).length === 0 ? ["none"] : []), Object.values(byDefault).join(" to ")]
      : [String(byDefault)];
  return said.some((one) => new RegExp(`^(\`${quoted(one)}\`|${quoted(one)}(?![\\w.]*\\w))`).test(text));
}
const quoted = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

describe("the comment of an argument", () => {
  it("is there", () => {
    assert.ok(ALL.length > 300);
    assert.deepEqual(
      ALL.filter(({ comment }) => !comment?.meaning).map(({ key }) => key),
      [],
    );
  });

  it("says the default that the schema has, where it has one", () => {
    const wrong = ALL.filter(({ argument, comment }) => {
      const { byDefault, facts } = argument;
      const text = comment?.byDefault;
      if (!("optional" in argument) || facts.kind === "other") return false;
      if (byDefault === undefined) return text !== undefined && /^`?\d/.test(text);
      // One that follows from others is told in words, and so is that of a group whose arguments have their own.
      if (typeof byDefault === "function" || (facts.kind === "group" && Object.keys(byDefault as object).length === 0)) return false;
      return text === undefined || !begins(text, byDefault);
    });
    assert.deepEqual(
      wrong.map(({ key, argument, comment }) => `${key}: ${JSON.stringify(argument.byDefault)}, and "${comment?.byDefault}"`),
      [],
    );
  });

  it("says no other limits than the schema has", () => {
    const wrong = ALL.flatMap(({ key, argument: { facts }, comment }) => {
      const [, low, high] = /(?<!about)(?:^|[ ,;])(-?[\d.]+) to (\d[\d.]*\d|\d)(?= |[.,;:]|$)/.exec(comment?.meaning ?? "") ?? [];
      const numbers = facts.kind === "either" ? facts.choices.map((choice) => choice.facts) : [facts];
      const limits = numbers.find((one) => one.kind === "number");
      if (low === undefined || limits?.kind !== "number") return [];
      return Number(high) === limits.high && (Number(low) === limits.low || limits.low === -1)
        ? []
        : [`${key}: ${low} to ${high}, and ${limits.low} to ${limits.high}`];
    });
    assert.deepEqual(wrong, []);
  });
});

/** The stack files of the repository, with the schema that each names at its head. */
const stackFiles = [
  ".",
  ...readdirSync(path.join(REPOSITORY, "examples"), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [`examples/${one.name}`] : [],
  ),
].flatMap((folder) =>
  readdirSync(path.join(REPOSITORY, folder))
    .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
    .map((file) => ({ folder, file, text: readFileSync(path.join(REPOSITORY, folder, file), "utf8") })),
);

describe("the JSON schema of stack files", () => {
  for (const { folder, file, text } of stackFiles) {
    it(`is named by ${path.join(folder, file)}, which keeps to it`, () => {
      const [, named = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
      const schema = path.join(REPOSITORY, folder, named);
      assert.ok(named !== "" && existsSync(schema), `${named} is not there`);
      const check = folder === "." ? validate : validatePlan;
      assert.ok(check(parseYaml(text)), JSON.stringify(check.errors, null, 1));
    });
  }

  it("takes keys with the project's name, and what is Pulumi's and the providers'", () => {
    assert.ok(accepts({ "shop:compute": "ec2", "aws:region": "eu-west-1", "aws:profile": "me", "pulumi:tags": {}, "other:thing": 1 }));
    for (const wrong of [{ "shop:compute": "ec3" }, { compute: "ec3" }, { banana: 1 }, { "shop:service": { prot: 1 } }])
      assert.ok(!accepts(wrong));
    assert.ok(validatePlan({ config: { vpcId: "vpc-1", budget: 5, policy: { levels: { "ecs-service-no-force": "off" } } } }));
    for (const wrong of [
      { policy: { levels: { nonsense: "off" } } },
      { assumptions: { request: 1 } },
      { policy: { exceptions: [{ rule: "ecs-service-no-force" }] } },
    ])
      for (const check of [validate, validatePlan]) assert.ok(!check({ config: wrong }), JSON.stringify(wrong));
  });

  it("has what the command line writes: numbers and switches as text, and what Pulumi encrypts", () => {
    assert.ok(
      accepts({
        deletionProtection: "false",
        service: { port: "8000", logRetentionInDays: "7" },
        image: { secrets: { npm: { secure: "AAAB" } } },
      }),
    );
    assert.ok(!accepts({ deletionProtection: "maybe" }) && !accepts({ service: { port: "many" } }));
  });

  it("refuses what breaks a limit of a key, and takes what does not", () => {
    // What takes more than a pattern to see: a time zone, an address range, a size.
    const unseen = (facts: Facts): boolean =>
      facts.kind === "size" ||
      (facts.kind === "text" && facts.pattern === undefined) ||
      (facts.kind === "either" && facts.choices.some((choice) => unseen(choice.facts))) ||
      (facts.kind === "list" && unseen(facts.item.facts));
    const visit = (argument: Described, wrap: (value: unknown) => object): void => {
      const { facts } = argument;
      if (facts.kind === "other") return;
      if (facts.kind === "group") {
        for (const [key, entry] of Object.entries(facts.entries)) {
          const needed = sampleOf(argument) as object;
          visit(entry, (value) => wrap({ ...needed, [key]: value }));
        }
        return;
      }
      assert.ok(accepts(wrap(sampleOf(argument))), `${JSON.stringify(wrap(sampleOf(argument)))}: ${JSON.stringify(validate.errors)}`);
      if (entriesOf(facts).length > 0 || unseen(facts)) return;
      if ((facts.kind === "list" || facts.kind === "map") && unseen(facts.item.facts)) return;
      for (const { value } of brokenOf(argument)) {
        if (facts.kind === "choice" && typeof facts.values[0] === "number" && typeof value === "string") assert.ok(!accepts(wrap(value)));
        else assert.ok(!accepts(wrap(value)), JSON.stringify(wrap(value)));
      }
    };
    for (const [key, entry] of Object.entries(stack.entries)) visit(entry, (value) => ({ [key]: value }));
  });

  it("takes whatever the settings take", () => {
    let taken = 0;
    fc.assert(
      fc.property(anyArguments(stack.entries), (config) => {
        if (parse(stack, config).given === undefined) return;
        taken++;
        const { assumptions: _, budget: __, policy: ___, ...own } = config;
        assert.ok(accepts(own), `${JSON.stringify(own)}: ${JSON.stringify(validate.errors)}`);
      }),
      { numRuns: 3000 },
    );
    assert.ok(taken > 100, `only ${taken} taken`);
  });
});
