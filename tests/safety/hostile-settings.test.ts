// Settings that are meant to hurt: each is refused in one sentence, with status 2, and quickly enough that the spawn's time-out never strikes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { TEMPLATE } from "../helpers/places";
import { withProject } from "../plan/projects";
import { runBerth } from "./tool";

const PROJECT = `name: shop\nruntime: nodejs\nmain: ${JSON.stringify(join(TEMPLATE, "index.ts"))}\n`;
const REGION = "config:\n  aws:region: us-east-1\n";
const many = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join("");
const LAUGHS = [..."bcdefghi"].map((name, index) => `  ${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]\n`).join("");

const TOO_LARGE = /^Pulumi\.dev\.yaml has \d+ bytes; settings of at most 524288 bytes are read: .*\.\n$/;
const TOO_DEEP = /^Pulumi\.dev\.yaml is nested too deeply to be read: .*\.\n$/;
const ALIASES = /^Pulumi\.dev\.yaml: its aliases \(\*\) cannot be resolved: .*; write the values themselves\.\n$/;

const HOSTILE: [what: string, stack: string, stderr: RegExp][] = [
  ["a text of 5 MB", `${REGION}  service: { host: ${"x".repeat(5_000_000)} }\n`, TOO_LARGE],
  [
    "a text just below the limit",
    `${REGION}  service: { name: ${"x".repeat(500_000)} }\n`,
    /^Pulumi\.dev\.yaml: service\.name: "x+ … x+" cannot be a name; .*\n$/,
  ],
  ["100 000 keys", REGION + many(100_000, (index) => `  k${index}: v\n`), TOO_LARGE],
  [
    "as many keys as the limit lets in",
    REGION + many(40_000, (index) => `  k${index}: v\n`),
    /^Pulumi\.dev\.yaml: k0: there is no such key\. Known here: .*\n$/,
  ],
  ["lists in lists, 10 000 deep", `${REGION}  service: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, TOO_DEEP],
  ["maps in maps, 900 deep", `${REGION}  service:\n${many(900, (index) => `${" ".repeat(4 + index)}a:\n`)}`, TOO_DEEP],
  [
    "JSON in a text, 10 000 deep",
    `${REGION}  service: '${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}'\n`,
    /^Pulumi\.dev\.yaml: a setting is nested too deeply to be read; .*\.\n$/,
  ],
  ["aliases of aliases", `${REGION}  a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n${LAUGHS}`, ALIASES],
  ["aliases of aliases beside the settings", `x:\n  a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n${LAUGHS}${REGION}`, ALIASES],
  [
    "a key given twice",
    `${REGION}  compute: ec2\n  compute: fargate\n`,
    /^Pulumi\.dev\.yaml, line 4, column 3: Map keys must be unique\. Correct the YAML there\.\n$/,
  ],
  ["__proto__ as a key", `${REGION}  __proto__: { compute: ec2 }\n`, /^Pulumi\.dev\.yaml: __proto__: there is no such key\. .*\n$/],
  [
    "__proto__ in a group",
    `${REGION}  service: { __proto__: { cpu: 7 } }\n`,
    /^Pulumi\.dev\.yaml: service\.__proto__: there is no such key\. .*\n$/,
  ],
  [
    "__proto__ in JSON",
    `${REGION}  service: '{"__proto__":{"cpu":7}}'\n`,
    /^Pulumi\.dev\.yaml: service\.__proto__: there is no such key\. .*\n$/,
  ],
];

describe("hostile settings", () => {
  for (const [what, stack, message] of HOSTILE) {
    it(`are refused in one message: ${what}`, () =>
      withProject({ "Pulumi.yaml": PROJECT, "Pulumi.dev.yaml": stack }, (cwd) => {
        const { status, stdout, stderr } = runBerth(["plan", "--cwd", cwd]);
        assert.match(stderr, message);
        assert.ok(stderr.length < 2500, `the message has ${stderr.length} characters`);
        assert.doesNotMatch(stderr, /^\s+at /m, "a stack trace");
        assert.deepEqual([status, stdout], [2, ""]);
      }));
  }
});
