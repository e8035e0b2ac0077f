import assert from "node:assert/strict";
import { withImport } from "../../../adopt/import/adopt";
import { type Described, describe as describeAws } from "../../../adopt/import/described";
import { isImportable } from "../../../adopt/import/ids";
import type { ImportFile } from "../../../adopt/import/import-file";
import { planImport } from "../../../adopt/import/plan-import";
import { Ledger } from "../../../adopt/ledger";
import { loadProject } from "../../../plan/project/project";
import { describedOf } from "../../helpers/in-aws";
import { TEMPLATE } from "../../helpers/places";

const SUBNETS = ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"];
const NETWORK = { existing: { vpcId: "vpc-0a1b2c3d4e5f67890", privateSubnetIds: SUBNETS, publicSubnetIds: SUBNETS } };
const template = (stack: string, ...config: string[]) =>
  loadProject({ cwd: TEMPLATE, stack, config: [`network=${JSON.stringify(NETWORK)}`, ...config], configPath: true });

describe("the import of a stack that runs", () => {
  for (const [stack, ...config] of [
    ["dev"],
    ["prod"],
    ["ec2"],
    ["ec2", "compute=managed-instances"],
    ["prod", "encryption=own"],
    ["prod", "service.rollout=blueGreen"],
    ["prod", "services.api.calls[0]=web", "service.connect=true", "service.dns=true"],
    ["prod", "tasks.report.schedule=rate(1 day)", "tasks.report.command[0]=node"],
  ] as [string, ...string[]][]) {
    it(`names every resource that can be imported, and changes none: ${[stack, ...config].join(" ")}`, async () => {
      const project = template(stack, ...config);
      const described = await describedOf(project);
      const { file, adopted, left, changed } = await planImport(project, [...described.values()]);
      const ids = new Map(file.resources.filter(({ id }) => id !== undefined).map(({ name, id }) => [name, id]));
      const expected = [...described].filter(([, { type }]) => isImportable(type));
      assert.deepEqual(
        expected.filter(([urn, { id }]) => ids.get(urn.split("::").slice(2).join("::")) !== id).map(([urn]) => urn),
        [],
      );
      assert.deepEqual(left, []);
      assert.deepEqual(
        Object.values(adopted)
          .flatMap((inputs) => Object.keys(inputs))
          .filter((key) => !["name", "bucket"].includes(key)),
        [],
      );
      // What names a thing that is made anew: the next revision, and what waits for the certificate.
      const NAMING = /^taskDefinition$|taskDefinitionArn$|^certificateArn$|^policy\./;
      assert.deepEqual(
        changed.filter(({ effect, properties }) => effect === "replaced" || !properties.every(({ path }) => NAMING.test(path))),
        [],
      );
      assert.ok(changed.some(({ type, effect }) => type === "aws:ecs/service:Service" && effect === "rolls"));
    });
  }
});

describe("the import of a service that somebody made by hand", () => {
  const PLACE = "arn:aws:ecs:us-east-1:444455556666";
  const ELB = "arn:aws:elasticloadbalancing:us-east-1:444455556666";
  const IAM = "arn:aws:iam::444455556666:role";
  const CONDITIONS = [{ pathPattern: { values: ["/*"] } }];
  const GROUP = `${ELB}:targetgroup/shop-tg/0123456789abcdef`;
  const balancer = { arn: `${ELB}:loadbalancer/app/shop/0123456789abcdef`, dnsName: "shop-1.us-east-1.elb.amazonaws.com" };
  const listener = { arn: `${ELB}:listener/app/shop/0123456789abcdef/0123456789abcdef` };
  const container = {
    name: "app",
    image: "444455556666.dkr.ecr.us-east-1.amazonaws.com/shop:1",
    portMappings: [{ containerPort: 8000 }],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "/ecs/shop", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app" },
    },
  };
  const role = (name: string) =>
    describeAws("aws:iam/role:Role", { name, path: "/service/", assumeRolePolicy: "{}" }, { arn: `${IAM}/service/${name}` });
  const made = (): Described[] => [
    // Its id is its ARN for the provider, whatever a reader calls it.
    describeAws("aws:ecs/cluster:Cluster", { name: "shop" }, { arn: `${PLACE}:cluster/shop`, id: "shop" }),
    describeAws(
      "aws:ecr/repository:Repository",
      { name: "shop" },
      { repositoryUrl: "444455556666.dkr.ecr.us-east-1.amazonaws.com/shop" },
      "web",
    ),
    describeAws(
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/ecs/shop" },
      { arn: "arn:aws:logs:us-east-1:444455556666:log-group:/ecs/shop" },
    ),
    describeAws("aws:cloudwatch/logGroup:LogGroup", { name: "/ecs/old" }),
    role("shop-execution"),
    role("shop-task"),
    describeAws("aws:iam/rolePolicy:RolePolicy", { role: "shop-execution", name: "s3", policy: "{}" }),
    describeAws(
      "aws:ecs/taskDefinition:TaskDefinition",
      {
        family: "shop",
        containerDefinitions: JSON.stringify([container]),
        executionRoleArn: `${IAM}/service/shop-execution`,
        taskRoleArn: `${IAM}/service/shop-task`,
      },
      { arn: `${PLACE}:task-definition/shop:7` },
    ),
    describeAws(
      "aws:ec2/securityGroup:SecurityGroup",
      { name: "shop-alb", description: "alb", vpcId: NETWORK.existing.vpcId },
      { id: "sg-0a" },
    ),
    describeAws(
      "aws:ec2/securityGroup:SecurityGroup",
      { name: "shop-web", description: "web", vpcId: NETWORK.existing.vpcId },
      { id: "sg-0b" },
    ),
    describeAws(
      "aws:lb/loadBalancer:LoadBalancer",
      { name: "shop", loadBalancerType: "application", securityGroups: ["sg-0a"], subnets: SUBNETS },
      balancer,
    ),
    describeAws(
      "aws:lb/targetGroup:TargetGroup",
      { name: "shop-tg", port: 80, protocol: "HTTP", protocolVersion: "HTTP1", targetType: "ip", vpcId: NETWORK.existing.vpcId },
      { arn: GROUP },
    ),
    describeAws(
      "aws:lb/listener:Listener",
      { loadBalancerArn: balancer.arn, port: 80, protocol: "HTTP", defaultActions: [{ type: "fixed-response" }] },
      listener,
    ),
    describeAws(
      "aws:lb/listenerRule:ListenerRule",
      {
        listenerArn: listener.arn,
        priority: 1,
        actions: [{ type: "forward", targetGroupArn: `${ELB}:targetgroup/other/1` }],
        conditions: CONDITIONS,
      },
      { arn: `${ELB}:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/1` },
    ),
    describeAws(
      "aws:lb/listenerRule:ListenerRule",
      {
        listenerArn: listener.arn,
        priority: 2,
        actions: [{ type: "forward", targetGroupArn: GROUP }],
      },
      { arn: `${ELB}:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/2` },
    ),
    describeAws(
      "aws:ecs/service:Service",
      {
        name: "shop",
        cluster: `${PLACE}:cluster/shop`,
        launchType: "FARGATE",
        desiredCount: 1,
        taskDefinition: `${PLACE}:task-definition/shop:7`,
        networkConfiguration: { subnets: SUBNETS, securityGroups: ["sg-0b"] },
        loadBalancers: [{ targetGroupArn: GROUP, containerName: "app", containerPort: 8000 }],
      },
      { arn: `${PLACE}:service/shop/shop` },
    ),
  ];
  const project = () => template("dev");

  it("finds each resource by what refers to it, and keeps what AWS cannot change", async () => {
    const { file, adopted } = await planImport(project(), made());
    const ids = Object.fromEntries(file.resources.flatMap(({ name, id }) => (id === undefined ? [] : [[name.replace(/.*\$/, ""), id]])));
    assert.deepEqual(ids, {
      "aws:ecs/cluster:Cluster::apps": "shop",
      "aws:ecr/repository:Repository::web": "shop",
      "aws:cloudwatch/logGroup:LogGroup::web": "/ecs/shop",
      "aws:iam/role:Role::web-execution": "shop-execution",
      "aws:iam/role:Role::web-task": "shop-task",
      "aws:ec2/securityGroup:SecurityGroup::public": "sg-0a",
      "aws:ec2/securityGroup:SecurityGroup::web": "sg-0b",
      "aws:lb/loadBalancer:LoadBalancer::public": balancer.arn,
      "aws:lb/targetGroup:TargetGroup::web": GROUP,
      "aws:lb/listener:Listener::public-http": listener.arn,
      "aws:lb/listenerRule:ListenerRule::web": `${ELB}:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/2`,
      "aws:ecs/service:Service::web": "shop/shop",
    });
    const service = file.resources.find(({ type }) => type === "aws:ecs/service:Service");
    assert.deepEqual([service?.logicalName, service?.parent], ["web", "berth:index:FargateService::web"]);
    assert.deepEqual(adopted, {
      "ecs.Cluster apps": { name: "shop" },
      "ecr.Repository web": { name: "shop" },
      "cloudwatch.LogGroup web": { name: "/ecs/shop" },
      "iam.Role web-execution": { name: "shop-execution", path: "/service/" },
      "iam.Role web-task": { name: "shop-task", path: "/service/" },
      "ec2.SecurityGroup public": { description: "alb", name: "shop-alb" },
      "ec2.SecurityGroup web": { name: "shop-web" },
      "lb.LoadBalancer public": { name: "shop" },
      "lb.TargetGroup web": { name: "shop-tg" },
      "ecs.Service web": { name: "shop" },
    });
  });

  it("replaces none, names what changes, and tells of what the program has not", async () => {
    const { changed, left, created } = await planImport(project(), made());
    assert.deepEqual(
      changed.filter(({ effect }) => effect === "replaced"),
      [],
    );
    const service = changed.find(({ type }) => type === "aws:ecs/service:Service")!;
    assert.equal(service.effect, "rolls");
    assert.ok(service.properties.some(({ path }) => path === "loadBalancers[0].containerName"));
    assert.ok(service.properties.some(({ path }) => path === "capacityProviderStrategies"));
    assert.deepEqual(
      left.map(({ id }) => id),
      ["/ecs/old", "shop-execution:s3", `${ELB}:listener-rule/app/shop/0123456789abcdef/0123456789abcdef/1`],
    );
    assert.ok(created.some(({ resource, why }) => resource === "ecs.TaskDefinition web" && why !== undefined));
    assert.ok(created.some(({ resource, why }) => resource === "ecr.LifecyclePolicy web" && why === undefined));
    assert.ok(!created.some(({ resource }) => resource in service));
  });

  it("has what it kept in the stack file then, and needs no more of it", async () => {
    const { adopted } = await planImport(project(), made());
    const again = await planImport(template("dev", `adopted=${JSON.stringify(adopted)}`), made());
    assert.deepEqual(again.adopted, {});
    assert.equal(again.changed.filter(({ effect }) => effect === "replaced").length, 0);
  });

  it("says what would be replaced: what stands in another network than the stack's", async () => {
    const { changed } = await planImport(loadProject({ cwd: TEMPLATE, stack: "dev" }), made());
    const group = changed.find(({ type }) => type === "aws:lb/targetGroup:TargetGroup")!;
    assert.deepEqual([group.effect, group.replacedBy], ["replaced", ["vpcId"]]);
  });

  describe("in an adoption", () => {
    const adoption = async (described: Described[], settings: object = { network: NETWORK }) => {
      const ledger = new Ledger();
      for (const [key, value] of Object.entries(settings)) ledger.set([key], value);
      return withImport(
        { ledger, steps: [{ title: "First" }], described },
        {
          root: TEMPLATE,
          stack: "shop",
          region: "us-east-1",
          file: "adopt.shop.import.json",
        },
      );
    };

    it("is the file, what the stack file keeps, and the steps with the way back", async () => {
      const { ledger, importFile, steps } = await adoption(made());
      assert.equal((importFile as ImportFile).resources.filter(({ id }) => id !== undefined).length, 12);
      assert.deepEqual((ledger.settings.adopted as Record<string, unknown>)["ecs.Service web"], { name: "shop" });
      assert.deepEqual(
        steps.map(({ title }) => title),
        ["Import what runs", "See that nothing is replaced", "Update", "First"],
      );
      assert.deepEqual(steps[0]!.commands, [
        "pulumi stack init shop",
        "pulumi import --stack shop --file adopt.shop.import.json --protect=false --generate-code=false",
      ]);
      assert.deepEqual(steps[2]!.rollback, [
        `aws ecs update-service --cluster ${PLACE}:cluster/shop --service shop --task-definition ${PLACE}:task-definition/shop:7`,
        "pulumi stack rm shop --force --preserve-config",
      ]);
    });

    it("lets a cluster that stays where it is use Fargate's capacity providers first, because the service has a launch type", async () => {
      const existing = { existing: { clusterArn: `${PLACE}:cluster/shop` } };
      const first = async (described: Described[]) => (await adoption(described, { network: NETWORK, cluster: existing })).steps[0]!;
      const its = made().filter(({ type }) => type !== "aws:ecs/cluster:Cluster");
      const [, put = ""] = (await first(its)).commands!;
      assert.match(
        put,
        /^aws ecs put-cluster-capacity-providers --cluster arn:\S+:cluster\/shop --capacity-providers FARGATE FARGATE_SPOT /,
      );
      const { title } = await first(
        its.map((one) => (one.type === "aws:ecs/service:Service" ? { ...one, inputs: { ...one.inputs, launchType: "EC2" } } : one)),
      );
      assert.equal(title, "Import what runs");
    });

    it("tells what the first update changes, and what stays outside", async () => {
      const { ledger } = await adoption(made());
      const service = ledger.changed.find(({ source }) => source === "ecs.Service web")!;
      assert.match(service.why, /^The first update changes .*loadBalancers\[0\]\.containerName.* and starts a deployment\.$/);
      assert.match(ledger.changed.find(({ source }) => source === "ecr.Repository web")!.why, / in place\.$/);
      assert.deepEqual(
        ledger.left.map(({ source }) => source.split(" ")[0]),
        ["cloudwatch.LogGroup", "iam.RolePolicy", "lb.ListenerRule"],
      );
    });

    it("tells what would be replaced", async () => {
      const { ledger } = await adoption(made(), {});
      const [first] = ledger.left.filter(({ source }) => source === "lb.TargetGroup web");
      assert.match(first!.todo, /^The first update would replace it, because vpcId cannot change: the new group has no targets/);
    });

    it("is none where nothing is described that the program has", async () => {
      for (const described of [[], [describeAws("aws:sqs/queue:Queue", { name: "jobs" }, { url: "https://sqs/jobs" })]]) {
        const { importFile, steps, ledger } = await adoption(described);
        assert.deepEqual([importFile, steps.length, ledger.settings.adopted], [undefined, 1, undefined]);
      }
    });
  });
});
