// A finding on what a component of Berth made says which setting and which argument mend it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { canonicalType } from "../../facts/types";
import { makePlan } from "../../plan/plan";
import { type Component, componentsAround, type Remedy, remedyFor } from "../../policy/engine/remedies";
import { toPolicyResources } from "../../policy/graph/recorded";
import type { AnyResource } from "../../policy/graph/types";
import { rules } from "../../policy/rules";
import { everyGraph } from "../helpers/every-graph";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

/** What components make: by type, a resource for each chain of components around it. */
async function made(): Promise<Map<string, AnyResource[]>> {
  const found = new Map<string, Map<string, AnyResource>>();
  for (const resources of await everyGraph()) {
    for (const resource of toPolicyResources(resources) as unknown as AnyResource[]) {
      const around = componentsAround(resource).map(({ component }) => component);
      if (around.length === 0) continue;
      const type = canonicalType(resource.type);
      const chains = found.get(type) ?? new Map<string, AnyResource>();
      found.set(type, chains.set(around.join(" in "), resource));
    }
  }
  return new Map([...found].map(([type, chains]) => [type, [...chains.values()]]));
}

const remediesOf = (component: Component): Remedy[] =>
  rules.flatMap(({ settings }) => (typeof settings === "object" && settings[component] !== undefined ? [settings[component]] : []));

const STACK_FILE = { services: ["mails"] };

describe("the remedy of a finding", () => {
  let byType: Map<string, AnyResource[]>;
  before(async function () {
    this.timeout(120_000);
    byType = await made();
  });

  for (const rule of rules) {
    it(`of ${rule.name} is known wherever a component makes what the rule is about`, () => {
      const subjects = rule.types.flatMap((type) => byType.get(type) ?? []);
      if (rule.settings === "none") {
        assert.deepEqual(
          subjects.map(({ urn }) => urn),
          [],
          "the rule says that no component makes what it is about",
        );
        return;
      }
      for (const subject of subjects) {
        for (const stackFile of [STACK_FILE, undefined]) {
          const remedy = remedyFor(subject, rule.settings, rule.fix, stackFile);
          assert.match(remedy?.fix ?? "", remedy?.bySetting ? /^Set .* (on|in the stack file) ?.*\.$/ : /^In the transform of \w+ "/);
        }
      }
    });
  }

  it("names an argument that the component has", () => {
    const sources = (folder: string) => readdirSync(join(REPOSITORY, "components", folder)).map((file) => join("components", folder, file));
    const files: Partial<Record<Component, string[]>> = {
      Network: sources("network"),
      Cluster: ["components/cluster/cluster.ts"],
      Ec2Capacity: ["components/cluster/ec2-capacity.ts"],
      LoadBalancer: sources("load-balancer"),
      AppImage: sources("image"),
      MirroredImage: sources("image"),
      FileSystem: sources("files"),
      Service: [...sources("service"), ...sources("task")],
      Job: sources("task"),
      EncryptionKey: ["components/base/encryption-key.ts"],
    };
    for (const [component, places] of Object.entries(files)) {
      const text = places!.map((file) => readFileSync(join(REPOSITORY, file), "utf8")).join("\n");
      for (const remedy of remediesOf(component as Component)) {
        if (typeof remedy === "object" && remedy.of !== undefined) continue;
        const argument = (typeof remedy === "string" ? remedy : remedy.argument).split(/[.:]/)[0]!;
        assert.match(text, new RegExp(`^\\s+${argument}\\??:`, "m"), `${component} has no argument ${argument}`);
      }
    }
  });

  const sentences: [what: string, component: string, remedy: Remedy, inStackFile: string, inProgram: string][] = [
    [
      "a word",
      "FargateService$web",
      "user: 1000:1000",
      'Set service.user: 1000:1000 in the stack file (argument user of FargateService "web").',
      'Set user: "1000:1000" on FargateService "web".',
    ],
    [
      "a number",
      "LoadBalancer$public",
      "accessLogs: 90",
      'Set loadBalancer.accessLogs: 90 in the stack file (argument accessLogs of LoadBalancer "public").',
      'Set accessLogs: 90 on LoadBalancer "public".',
    ],
    [
      "an amount with its unit",
      "ScheduledTask$report/OneOffTask$report",
      "memory: 512 MB",
      'Set tasks.report.memory: 512 MB in the stack file (argument memory of ScheduledTask "report").',
      'Set memory: "512 MB" on ScheduledTask "report".',
    ],
    [
      "instances inside a cluster",
      "Cluster$apps/Ec2Capacity$apps-blue",
      "max: 6",
      'Set ec2.max: 6 in the stack file (argument ec2.blue.max of Cluster "apps").',
      'Set ec2.blue.max: 6 on Cluster "apps".',
    ],
    [
      "another component's argument",
      "Ec2Service$web",
      { argument: "nat: single", setting: "network.nat: single", of: "the Network" },
      "Set network.nat: single in the stack file (argument nat of the Network).",
      'Set nat: "single" on the Network.',
    ],
    [
      "an argument without a setting",
      "EncryptionKey$data",
      { argument: "deletionWindow: 30" },
      'Set deletionWindow: 30 on EncryptionKey "data".',
      'Set deletionWindow: 30 on EncryptionKey "data".',
    ],
    [
      "one of several services",
      "FargateService$mails",
      { argument: "scaling: {}", setting: "service.scaling: {}, and remove service.desiredCount," },
      'Set services.mails.scaling: {}, and remove services.mails.desiredCount, in the stack file (argument scaling of FargateService "mails").',
      'Set scaling: {} on FargateService "mails".',
    ],
    [
      "the image of one of several services",
      "AppImage$mails",
      "keep: 20",
      'Set services.mails.image.keep: 20 in the stack file (argument keep of AppImage "mails").',
      'Set keep: 20 on AppImage "mails".',
    ],
    [
      "a file system of the stack",
      "FileSystem$uploads",
      "backup: true",
      'Set fileSystems.uploads.backup: true in the stack file (argument backup of FileSystem "uploads").',
      'Set backup: true on FileSystem "uploads".',
    ],
    [
      "a file system of a service",
      "FargateService$mails/Task$mails/FileSystem$mails-data",
      "backup: true",
      'Set services.mails.volumes.data.efs.backup: true in the stack file (argument volumes.data.efs.backup of FargateService "mails").',
      'Set volumes.data.efs.backup: true on FargateService "mails".',
    ],
    [
      "a file system of a task",
      "ScheduledTask$report/OneOffTask$report/Task$report/FileSystem$report-data",
      "backup: true",
      'Set tasks.report.volumes.data.efs.backup: true in the stack file (argument volumes.data.efs.backup of ScheduledTask "report").',
      'Set volumes.data.efs.backup: true on ScheduledTask "report".',
    ],
    [
      "a list",
      "AppImage$web",
      'x: ["ALL"]',
      'Set image.x: ["ALL"] in the stack file (argument x of AppImage "web").',
      'Set x: ["ALL"] on AppImage "web".',
    ],
  ];
  for (const [what, path, remedy, inStackFile, inProgram] of sentences) {
    it(`reads well for ${what}`, () => {
      const chain = path.split("/").map((part) => part.split("$") as [string, string]);
      const parent = chain.reduce<object | undefined>((above, [type, name]) => ({ type: `berth:index:${type}`, name, parent: above }), {
        type: "pulumi:pulumi:Stack",
        name: "shop-dev",
      });
      const resource = { type: "aws:ecs/service:Service", name: "x", parent } as unknown as AnyResource;
      const component = componentsAround(resource)[0]!.component;
      assert.deepEqual(
        [STACK_FILE, undefined].map((stackFile) => remedyFor(resource, { [component]: remedy }, "raw", stackFile)),
        [
          { fix: inStackFile, bySetting: true },
          { fix: inProgram, bySetting: true },
        ],
      );
      assert.deepEqual(remedyFor(resource, "transform", "raw: true", STACK_FILE)?.bySetting, false);
      assert.match(
        remedyFor(resource, "transform", "raw: true", STACK_FILE)!.fix,
        /^In the transform of \w+ "\w+", which keeps this rule by itself: raw: true$/,
      );
    });
  }

  it("is the resource's own property where no component made it", () => {
    const resource = {
      type: "aws:ecs/service:Service",
      name: "x",
      parent: { type: "my:own:Component", name: "x" },
    } as unknown as AnyResource;
    assert.equal(remedyFor(resource, { Service: "user: 1000:1000" }, "raw", STACK_FILE), undefined);
  });
});

describe("the settings that findings on the dev stack name", () => {
  const PLAN = { cwd: TEMPLATE, configPath: true };
  const OFF = ["policy={}"];
  const tell = async (config: string[]) => (await makePlan({ ...PLAN, config })).plan.findings;

  it("each mend the finding that names it", async function () {
    this.timeout(120_000);
    const findings = await tell(OFF);
    const settings = new Map(
      findings.map(({ rule, fix }) => [rule, /^Set (\w+(?:\.\w+)+): (\S+) in the stack file \(argument /.exec(fix)]),
    );
    assert.ok(settings.size > 8);
    for (const [rule, found] of settings) {
      const [, key, value] = found ?? [];
      // It takes the removal of another key too.
      if (rule === "ecs-service-autoscaling") continue;
      assert.ok(key && value, `${rule} names no setting`);
      const after = await tell([...OFF, `${key}=${String(parse(value))}`]);
      assert.ok(!after.some((finding) => finding.rule === rule), `${key}: ${value} does not mend ${rule}`);
    }
  });

  it("are those of the service that a finding is about", async function () {
    this.timeout(120_000);
    const findings = await tell([...OFF, 'services={"mails":{"desiredCount":1}}']);
    const fixes = findings.filter(({ rule }) => rule === "ecs-service-two-tasks").map(({ fix }) => fix.split(" in the stack file")[0]);
    assert.deepEqual(fixes.sort(), ["Set service.desiredCount: 2", "Set services.mails.desiredCount: 2"]);
  });
});
