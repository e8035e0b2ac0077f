import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { translateManifests } from "../../../adopt/copilot/copilot";
import { reportOf, type Step } from "../../../adopt/report";
import { stackFile, writeAll } from "../../../adopt/stack-file";
import { loadProject } from "../../../plan/project/project";
import { record } from "../../../plan/record/record";
import { complaintsOf } from "../../../settings/complaints";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { Deployed } from "../../helpers/deploy";
import { TEMPLATE } from "../../helpers/places";
import { APPS, EVERYTHING, LISTENER, STACKS } from "./corpus";

const APP = APPS["a service, a backend, a worker and a job"];
type Map = Record<string, unknown>;

async function translate(files: Record<string, string>, stacks: object | null = STACKS) {
  const root = appFolder({ ...files, "stacks.json": JSON.stringify(stacks) });
  const {
    ledger,
    before = [],
    later = [],
    region,
  } = await translateManifests(
    join(root, "copilot"),
    { env: "prod", ...(stacks && { stacks: join(root, "stacks.json") }) },
    { root, services: [], stack: "prod" },
    async () => [],
  );
  return { ledger: ledger.close(complaintsOf), steps: [...before, ...later], region };
}
const commandsOf = ({ commands = [], check = [], rollback = [] }: Step) => [...commands, ...check, ...rollback];
const titled = (steps: Step[], title: RegExp) => steps.find((step) => title.test(step.title));

describe("the way from Copilot to a stack", () => {
  after(removeAppFolders);

  describe("in place", () => {
    it("names what the environment has: network, cluster, namespaces, listener and group", async () => {
      const { ledger, region } = await translate(APP);
      const { network, cluster, loadBalancer, services } = ledger.settings as Record<string, Map> & { services: Record<string, Map> };
      assert.equal(region, "eu-west-1");
      assert.deepEqual(network, {
        existing: {
          vpcId: "vpc-0123456789abcdef0",
          publicSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
          privateSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
          tasks: "private",
        },
      });
      assert.deepEqual(cluster, {
        existing: {
          clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/shop-prod-Cluster-AbCdEf",
          dnsNamespace: { id: "ns-0123456789abcdef", name: "prod.shop.local" },
          namespaceArn: "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-0123456789abcdef",
        },
      });
      assert.deepEqual(loadBalancer, {
        existing: { listenerArn: LISTENER },
      });
      assert.deepEqual(services.web!.securityGroups, ["sg-0fedcba9876543210"]);
      assert.equal((services.web!.environment as Map).COPILOT_LB_DNS, "shop-publ-1.eu-west-1.elb.amazonaws.com");
    });

    it("is planned: no network, cluster, load balancer, certificate or record is made", async () => {
      const root = appFolder({ ...APP, "stacks.json": JSON.stringify(STACKS) });
      symlinkSync(join(TEMPLATE, "index.ts"), join(root, "index.ts"));
      const { ledger, region } = await translate(APP);
      writeAll(root, [stackFile("prod", region, ledger.settings)]);
      const file = parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")) as { config: Map };
      assert.equal(file.config["aws:region"], "eu-west-1");
      // As the step about queues leaves it.
      const { mails } = file.config.services as Record<string, Map>;
      mails!.queue = { arn: "arn:aws:sqs:eu-west-1:111122223333:mails" };
      (mails!.scaling as Map).messages = false;
      writeFileSync(join(root, "Pulumi.prod.yaml"), stringify(file));
      const planned = new Deployed(await record(loadProject({ cwd: root, stack: "prod" })));
      for (const type of [
        "aws:ecs/cluster:Cluster",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/listener:Listener",
        "aws:acm/certificate:Certificate",
        "aws:route53/record:Record",
        "awsx:ec2:Vpc",

        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
      ])
        assert.deepEqual(planned.names(type), [], type);
      assert.deepEqual(planned.names("aws:sqs/queue:Queue").sort(), ["nightly-dead-letters", "report-dead-letters"], "of the schedules");
      assert.deepEqual(planned.names("aws:ecs/service:Service").sort(), ["api", "mails", "report-image", "web"]);
    });

    it("keeps each stack's resources before anything is imported, and deletes it last, behind the check", async () => {
      const { steps } = await translate(APP);
      assert.deepEqual(
        steps.map(({ title }) => title),
        [
          "See what there is",
          "Deploy nothing by Copilot any more",
          "Keep every resource when its stack goes",
          "Name the queues that are there",
          "Stop the jobs' old schedules",
          "Read what runs",
          "Delete the stacks of CloudFormation, and none of what they hold",
          "Later: delete what nobody uses",
        ],
      );
      const stacks = ["web", "api", "mails", "nightly", "report"].map((name) => `shop-prod-${name}`);
      const deletes = titled(steps, /^Delete/)!;
      for (const name of stacks) {
        assert.ok(titled(steps, /^Keep/)!.commands!.includes(`npx berth adopt retain ${name}.yml > ${name}.retain.yml`), name);
        const [one] = deletes.commands!.filter(
          (command) => command.includes(`delete-stack --stack-name ${name}`) && !command.includes(`${name}-`),
        );
        assert.match(one!, /berth adopt retain --check - && aws cloudformation delete-stack/);
      }
      assert.doesNotMatch(JSON.stringify(steps), /delete-stack --stack-name shop-prod["\\ ]/, "the environment stays");
      assert.doesNotMatch(JSON.stringify(steps), /shop-prod-other/);
    });

    it("has for each step a check, and a way back where it changes something", async () => {
      const { steps } = await translate(EVERYTHING);
      for (const { title, check, rollback } of steps) {
        assert.ok((check ?? []).length > 0, title);
        if (/^(Keep|Read|Stop)/.test(title)) assert.ok((rollback ?? []).length > 0, title);
      }
      assert.deepEqual(titled(steps, /file system/)!.commands!.slice(0, 1), [
        'echo "services.web.volumes.shared.efs: fs-0123456789abcdef0"',
      ]);
    });

    it("is made of commands that a shell can read", async () => {
      for (const stacks of [STACKS, null])
        for (const step of (await translate(EVERYTHING, stacks)).steps) execFileSync("bash", ["-n", "-c", commandsOf(step).join("\n")]);
    });

    it("is as it was, command by command", async () => {
      const { ledger, steps } = await translate(EVERYTHING);
      const text = reportOf({ ledger, steps }, "Copilot's manifests", "prod");
      const golden = join(__dirname, "golden", "everything.md");
      if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, "utf8"));
    });

    it("refuses an answer of another environment, in one sentence", async () => {
      await assert.rejects(
        translate(APP, { Stacks: [] }),
        /^UserError: .*stacks\.json says nothing of the stack shop-prod, which is the environment's: save what/,
      );
      const [environment] = STACKS.Stacks;
      await assert.rejects(
        translate(APP, { Stacks: [{ ...environment, Outputs: [] }] }),
        /^UserError: .*stacks\.json: the stack shop-prod has no output VpcId, which Copilot's environments have: /,
      );
    });
  });

  it("offline is a choice: what CloudFormation says, or a stack beside what runs", async () => {
    const { steps } = await translate(APP, null);
    assert.deepEqual(steps[0]!.commands, [
      "aws cloudformation describe-stacks > stacks.json",
      "npx berth adopt --copilot copilot --env prod --stack prod --stacks stacks.json",
    ]);
    assert.equal(steps.length, 3);
  });
});
