// A value that only the deploy brings (the address of a database) hides nothing but itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makePlan } from "../../plan/plan";
import type { Plan } from "../../plan/plan-json";
import { REPOSITORY } from "../helpers/places";
import { BASE, berth, withProject } from "./projects";

const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000";
const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, FargateService, LoadBalancer, Network } from ${JSON.stringify(join(REPOSITORY, "components"))};
const network = new Network("net", { nat: "single", flowLogs: false });
const cluster = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, accessLogs: false, certificateArn: ${JSON.stringify(CERTIFICATE)} });
const db = new aws.rds.Instance("db", { instanceClass: "db.t4g.micro", allocatedStorage: 20, engine: "postgres" });
const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1";
new FargateService("web", { cluster, image, route: lb.route({ path: "/*" }), user: "root", readonlyRootFilesystem: false, ...(MORE as object) } as never);
`;

const project = (more: string, config = "policy: {}") => ({
  ...BASE,
  "Pulumi.dev.yaml": `${BASE["Pulumi.dev.yaml"]}  shop:${config}\n`,
  "index.ts": PROGRAM.replace("MORE", more),
});

const planOf = (more: string, config?: string): Promise<Plan> =>
  withProject(project(more, config), async (cwd) => (await makePlan({ cwd })).plan);
const told = ({ findings }: Plan) => findings.map(({ rule, level, urn, message, fix }) => [rule, level, urn, message, fix]);
const undecided = ({ undecided: all }: Plan) => all.map(({ rule, message }) => [rule, message]);

describe("a plan with an unknown value", () => {
  it("finds what it finds with a plain one, models the same rollout, and names the one check that needs the value", async () => {
    const plain = await planOf('{ environment: { DB_HOST: "db" } }');
    const unknown = await planOf("{ environment: { DB_HOST: db.address } }");
    const rules = new Set(plain.findings.map(({ rule }) => rule));
    for (const rule of ["ecs-task-definition-non-root-user", "ecs-task-definition-read-only-root"]) assert.ok(rules.has(rule), rule);
    assert.deepEqual(told(unknown), told(plain));
    assert.deepEqual([unknown.rollout, unknown.cost.lines], [plain.rollout, plain.cost.lines]);
    assert.deepEqual(undecided(plain), []);
    assert.deepEqual(undecided(unknown), [
      ["ecs-task-definition-no-plaintext-secrets", "containerDefinitions[web].environment[DB_HOST].value is not known before the deploy."],
    ]);
  });

  it("keeps the text of a task definition, with a mark where the value belongs", async () => {
    const { resources } = await planOf(
      ["{ environment: { DB_HOST: db.address, DB_URL: pulumi.interpolate`postgres://$", "{db.address}/shop` } }"].join(""),
    );
    const [task] = resources.filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    const [container] = JSON.parse(task!.inputs.containerDefinitions as string) as { environment: { name: string; value: string }[] }[];
    assert.deepEqual(
      container!.environment.filter(({ name }) => name.startsWith("DB_")),
      [
        { name: "DB_HOST", value: "[unknown]" },
        { name: "DB_URL", value: "[unknown]" },
      ],
    );
  });

  it("names what depends on it: who the container of a program without components runs as", async () => {
    const program = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const db = new aws.rds.Instance("db", { instanceClass: "db.t4g.micro", allocatedStorage: 20, engine: "postgres" });
const container = { name: "web", image: "nginx:1", user: db.address, readonlyRootFilesystem: false };
new aws.ecs.TaskDefinition("web", { family: "web", containerDefinitions: pulumi.jsonStringify([container]) });
`;
    const { plan } = await withProject({ ...BASE, "index.ts": program }, (cwd) => makePlan({ cwd }));
    assert.deepEqual(undecided(plan), [
      ["ecs-task-definition-non-root-user", "containerDefinitions[web].user is not known before the deploy."],
    ]);
    const rules = plan.findings.map(({ rule }) => rule);
    assert.ok(!rules.includes("ecs-task-definition-non-root-user"));
    assert.ok(rules.includes("ecs-task-definition-read-only-root"));
  });

  it("names what depends on it: the image", async () => {
    const [first] = undecided(await planOf("{ image: db.address }"));
    assert.deepEqual(first, ["ecs-task-definition-image-pinned", "containerDefinitions[web].image is not known before the deploy."]);
  });

  it("has no price and no rollout where those depend on it", async () => {
    const transform =
      "{ transform: { taskDefinition: { memory: db.address }, targetGroup: { deregistrationDelay: db.port.apply((port) => port / 100) } } }";
    const plan = await planOf(transform, "budget: 1000");
    assert.deepEqual(plan.cost.unknown, ['ecs.Service web: memory of ecs.TaskDefinition "web" is not known before the deploy.']);
    assert.ok(!plan.cost.lines.some(({ what }) => /Fargate/.test(what)));
    assert.deepEqual(plan.rollout, [
      {
        service: plan.resources.find(({ type }) => type === "aws:ecs/service:Service")!.urn,
        strategy: null,
        seconds: null,
        steps: [],
        unknown: 'deregistrationDelay of lb.TargetGroup "web" is not known before the deploy.',
      },
    ]);
    const rules = undecided(plan).map(([rule]) => rule);
    for (const rule of ["plan-budget", "ecs-task-definition-size", "lb-target-group-deregistration-delay"])
      assert.ok(rules.includes(rule), rule);
  });

  it("tells people too, as text and as a page, and ends as the plain one does", () =>
    withProject(project("{ environment: { DB_HOST: db.address } }"), (cwd) => {
      const page = join(cwd, "plan.html");
      const { status, stdout } = berth("plan", "--cwd", cwd, "--html", page);
      assert.equal(status, 1);
      assert.match(stdout, /^Undecided \(1 check\): a value is not known before the deploy$/m);
      assert.match(
        stdout,
        /ecs\.TaskDefinition web: containerDefinitions\[web\]\.environment\[DB_HOST\]\.value is not known before the deploy\. \(ecs-task-definition-no-plaintext-secrets\)/,
      );
      assert.match(
        readFileSync(page, "utf8"),
        /<h2 id="undecided">Undecided<\/h2>[\s\S]*<li>ecs\.TaskDefinition web: containerDefinitions\[web\]\.environment\[DB_HOST\]\.value is not known before the deploy\.<\/li>/,
      );
    }));
});
