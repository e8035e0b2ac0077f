import assert from "node:assert/strict";
import { join } from "node:path";
import { adopt } from "../../../adopt/command";
import { servicesIn } from "../../../adopt/copilot/running";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { TEMPLATE } from "../../helpers/places";
import type { Input, Script } from "../../ops/scripted-aws";
import { service, taskDefinition } from "../ecs/descriptions";
import { GROUP, RULE, scene } from "../read/scene";
import { scripted } from "../read/scripted";
import { APPS, STACKS } from "./corpus";

const CLUSTER = "shop-prod-Cluster-AbCdEf";
const NAME = "shop-prod-web-Service-0a1B2c3D4e5F";
const arn = (of: string, rest: string) => `arn:aws:${of}:eu-west-1:111122223333:${rest}`;
const running = service({
  serviceName: NAME,
  serviceArn: arn("ecs", `service/${CLUSTER}/${NAME}`),
  clusterArn: arn("ecs", `cluster/${CLUSTER}`),
  loadBalancers: [{ targetGroupArn: GROUP, containerName: "web", containerPort: 8080 }],
  serviceRegistries: [{ registryArn: arn("servicediscovery", "service/srv-0123456789abcdef"), port: 8080 }],
});
const log = {
  logDriver: "awslogs" as const,
  options: { "awslogs-group": "/copilot/shop-prod-web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "copilot" },
};
const copilots = (more: Script = {}) =>
  scene({
    DescribeServices: ({ services }: Input) => ({ services: (services as string[]).includes(NAME) ? [running] : [], failures: [] }),
    ListServices: { serviceArns: [running.serviceArn, arn("ecs", `service/${CLUSTER}/shop-prod-webhook-Service-1`)] },
    DescribeTaskDefinition: { taskDefinition: taskDefinition({ family: "shop-prod-web" }, { logConfiguration: log }), tags: [] },
    DescribeLogGroups: { logGroups: [{ logGroupName: "/copilot/shop-prod-web", retentionInDays: 30 }] },
    DescribeScalableTargets: { ScalableTargets: [] },
    ...more,
  });

interface Answer {
  settings: Record<string, Record<string, unknown>>;
  changed: { source: string; why: string }[];
  left: { source: string; todo: string }[];
  steps: { title: string }[];
  import?: { resources: { type: string; logicalName: string; id?: string }[] };
}

describe("Copilot's services that run", () => {
  const start = scripted();
  after(removeAppFolders);

  const take = async (): Promise<Answer> => {
    const root = appFolder({ ...APPS["one service"], "stacks.json": JSON.stringify(STACKS) });
    const answer = await adopt({
      cwd: TEMPLATE,
      stack: "live",
      copilot: join(root, "copilot"),
      env: "prod",
      stacks: join(root, "stacks.json"),
      service: [],
      json: true,
    });
    return JSON.parse(answer) as Answer;
  };

  it("are found by the names that CloudFormation gave them", () => {
    const names = ["shop-prod-web-Service-1", "shop-prod-webhook-Service-2", "shop-prod-api-Service-3", "shop-test-web-Service-4", "web"];
    assert.deepEqual(servicesIn(names, "shop-prod", ["web", "api", "mails"]), [
      { workload: "web", service: "shop-prod-web-Service-1" },
      { workload: "api", service: "shop-prod-api-Service-3" },
    ]);
  });

  it("are imported under their names, with target group, rule, logs and name in DNS, and nothing is replaced", async () => {
    await start(copilots());
    const answer = await take();
    const imported = answer.import!.resources.flatMap(({ type, logicalName, id }) => (id === undefined ? [] : [[type, logicalName, id]]));
    assert.deepEqual(imported.sort(), [
      ["aws:cloudwatch/logGroup:LogGroup", "web", "/copilot/shop-prod-web"],
      ["aws:ecs/service:Service", "web", `${CLUSTER}/${NAME}`],
      ["aws:lb/listenerRule:ListenerRule", "web", RULE],
      ["aws:lb/targetGroup:TargetGroup", "web", GROUP],
      ["aws:servicediscovery/service:Service", "web", "srv-0123456789abcdef"],
    ]);
    assert.deepEqual(answer.settings.adopted!["ecs.Service web"], { name: NAME });
    assert.equal((answer.settings.services!.web as Record<string, unknown>).priority, 10);
    assert.deepEqual(
      answer.left.filter(({ todo }) => /would replace/.test(todo)),
      [],
    );
    assert.match(
      answer.changed.map(({ source, why }) => `${source}: ${why}`).join("\n"),
      /^servicediscovery\.Service web: The first update changes .*dnsConfig\.dnsRecords.* in place\.$/m,
    );
    assert.deepEqual(
      answer.steps.map(({ title }) => title),
      [
        "See what there is",
        "Deploy nothing by Copilot any more",
        "Keep every resource when its stack goes",
        "Let the cluster use Fargate's capacity providers",
        "Import what runs",
        "See that nothing is replaced",
        "Update",
        "Delete the stacks of CloudFormation, and none of what they hold",
        "Later: delete what nobody uses",
      ],
    );
  });

  it("are left to another run where there are no credentials, which a step says", async () => {
    for (const key of Object.keys(process.env)) if (key.startsWith("AWS_")) delete process.env[key];
    const none = join(__dirname, "no-such-file");
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: "true", AWS_SHARED_CREDENTIALS_FILE: none, AWS_CONFIG_FILE: none });
    const answer = await take();
    assert.equal(answer.import, undefined);
    assert.ok(answer.steps.some(({ title }) => title === "Read what runs"));
  });
});
