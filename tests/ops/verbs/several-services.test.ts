// The verbs in a stack with several services: which one each acts on, by name or without.
import assert from "node:assert/strict";
import { at, deployment, revision, service, taskDefinition } from "../answers";
import { Failure, type Input, type Script } from "../scripted-aws";
import { FAST, Stage, serving } from "./stage";

const OUTPUTS = {
  cluster: "apps",
  region: "us-east-1",
  services: {
    api: { service: "api-1a2b3c4", url: "https://shop.example.com/api/", taskDefinition: revision(7), revision: "pulumi" },
    mails: { service: "mails-1a2b3c4", taskDefinition: revision(6), revision: "external" },
  },
};
/** With a service that is meant where none is named. */
const WITH_MAIN = { ...OUTPUTS, service: "web-1a2b3c4", url: "https://shop.example.com", taskDefinition: revision(7) };

/** Every service that is asked for, under the name that it is asked by. */
const DescribeServices = ({ services }: Input) => {
  const [serviceName] = services as string[];
  const few = serviceName === "mails-1a2b3c4" ? { runningCount: 1 } : {};
  return { services: [service([deployment(7)], { serviceName: serviceName!, ...few })] };
};

describe("a stack with several services", () => {
  const stage = Stage.use();
  const berth = (args: string[], script: Script = {}, outputs: object = OUTPUTS) => {
    stage.programs.file("Pulumi.yaml", "name: web\n").add("pulumi", `echo '${JSON.stringify(outputs)}'`);
    const more = { DescribeServices, DescribeScalableTargets: {}, ...script };
    return stage.run(args, [serving], more, { env: stage.programs.env, cwd: stage.programs.directory });
  };
  const asked = () => stage.aws.inputs("DescribeServices").map(({ cluster, services }) => [cluster, ...(services as string[])]);

  for (const verb of [["status"], ["wait", ...FAST], ["exec"], ["run", ...FAST], ["rollback", ...FAST], ["logs"]]) {
    it(`${verb[0]} takes one by its name`, async () => {
      stage.programs.add("session-manager-plugin", "echo 1.2.700.0");
      const script = { FilterLogEvents: {}, UpdateService: {}, RunTask: { failures: [{ reason: "AGENT" }] } };
      await berth([...verb, "--service", "mails"], script);
      assert.deepEqual(asked()[0], ["apps", "mails-1a2b3c4"]);
    });
  }

  it("needs a name where one service must be meant, and none is", async () => {
    for (const verb of ["wait", "exec", "run", "rollback", "open"]) {
      stage.programs.add("session-manager-plugin", "echo 1.2.700.0");
      const { status, err } = await berth([verb]);
      assert.equal(status, 1, verb);
      assert.match(err, /^The stack dev has several services; name one by --service: api, mails\.$/m, verb);
    }
  });

  it("means `service` where that is there and none is named", async () => {
    await berth(["wait", ...FAST], {}, WITH_MAIN);
    assert.deepEqual(asked()[0], ["apps", "web-1a2b3c4"]);
    assert.equal((await berth(["open"], {}, WITH_MAIN)).out, "https://shop.example.com\n");
  });

  it("refuses a name that no service has, with those that there are", async () => {
    const unknown = await berth(["status", "--service", "mail", "--stack", "prod"]);
    assert.match(unknown.err, /^--service: "mail" is not a service of the stack prod; allowed: api, mails; did you mean "mails"\?$/m);
    const inherited = await berth(["status", "--service", "toString"]);
    assert.match(inherited.err, /^--service: "toString" is not a service of the stack dev; allowed: api, mails\.$/m);
    const one = await berth(["status", "--service", "web"], {}, { cluster: "apps", service: "web-1a2b3c4" });
    assert.match(one.err, /^--service web: the stack dev names no services, because it has one; leave it out, or give --cluster, too\.$/m);
    assert.deepEqual([unknown.status, inherited.status, one.status], [1, 1, 1]);
  });

  it("takes what else a program calls `services` for nothing of the kind", async () => {
    for (const services of [["a", "b"], "a", null, { a: "x", b: null, c: {} }]) {
      assert.equal((await berth(["status"], {}, { cluster: "apps", service: "web-1a2b3c4", services })).status, 0);
      assert.deepEqual(asked(), [["apps", "web-1a2b3c4"]]);
    }
  });

  it("takes --service beside --cluster for a name in AWS, and asks no stack", async () => {
    const { status } = await stage.run(["status", "--cluster", "other", "--service", "api"], [serving], {
      DescribeServices,
      DescribeScalableTargets: {},
    });
    assert.equal(status, 0);
    assert.deepEqual(asked()[0], ["other", "api"]);
  });

  it("opens the URL of the one that is named, and no other's", async () => {
    assert.equal((await berth(["open", "--service", "api"], {}, WITH_MAIN)).out, "https://shop.example.com/api/\n");
    assert.match(
      (await berth(["open", "--service", "mails"], {}, WITH_MAIN)).err,
      /^The service mails has no url, so there is nothing to open;/,
    );
  });

  it("status shows a line for each, and what is wrong with it", async () => {
    const { status, out, err } = await berth(["status"], {
      ListTasks: new Failure("AccessDeniedException", "not authorized to perform: ecs:ListTasks"),
    });
    assert.equal(status, 0);
    assert.deepEqual(out.split("\n"), [
      "2 services in apps, 1 not well",
      "SERVICE  REVISION  TASKS   STATE",
      "api      web:7     2 of 2  web:7 serves: 2 of 2 tasks run. Not all could be read.",
      "mails    web:7     1 of 2  web:7 serves: 2 of 2 tasks run. Not all could be read.",
      "",
    ]);
    assert.equal(err, "Add --service NAME for one of them.\n");
    assert.match(
      (await berth(["status"], { DescribeServices: { services: [service([deployment(7)])] } })).out,
      /^2 services in apps, all well$/m,
    );
  });

  it("status counts the stops of the last hour and names alarms that are not OK", async () => {
    const alarms = { alarms: { alarmNames: ["api-5xx", "api-4xx"], enable: true, rollback: true } };
    const { out } = await berth(["status"], {
      DescribeServices: { services: [service([deployment(7)], { deploymentConfiguration: alarms })] },
      DescribeAlarms: {
        MetricAlarms: [
          { AlarmName: "api-5xx", StateValue: "ALARM" },
          { AlarmName: "api-4xx", StateValue: "OK" },
        ],
      },
      ListTasks: ({ desiredStatus }) => ({ taskArns: desiredStatus === "STOPPED" ? ["a", "b"] : [] }),
      DescribeTasks: { tasks: [{ taskArn: "a" }, { taskArn: "b" }] },
    });
    assert.match(out, /^2 services in apps, 2 not well$/m);
    assert.match(out, /^api .* tasks run\. api-5xx is in ALARM\. 2 stops within the hour\.$/m);
  });

  it("status prints all as JSON, by name", async () => {
    const { out } = await berth(["status", "--json"]);
    const reports = JSON.parse(out) as Record<string, { service: string; pulumiRevision: string }>;
    assert.deepEqual(
      Object.entries(reports).map(([name, report]) => [name, report.service, report.pulumiRevision]),
      [
        ["api", "api-1a2b3c4", "web:7"],
        ["mails", "mails-1a2b3c4", "web:6"],
      ],
    );
    const one = JSON.parse((await berth(["status", "--json", "--service", "api"])).out) as { service: string };
    assert.equal(one.service, "api-1a2b3c4");
  });

  describe("logs of all", () => {
    const line = (id: string, minute: number, message: string) => ({
      eventId: id,
      logStreamName: `web/app/${id.padEnd(32, "0")}`,
      timestamp: at(minute).getTime(),
      message,
    });
    const DescribeTaskDefinition = ({ taskDefinition: name }: Input) => {
      const number = Number(String(name).split(":").pop());
      const definition = taskDefinition(number);
      const [app] = definition.containerDefinitions!;
      const group = number === 7 ? "/apps/api" : "/apps/mails";
      const logConfiguration = { ...app!.logConfiguration!, options: { ...app!.logConfiguration!.options, "awslogs-group": group } };
      return { taskDefinition: { ...definition, containerDefinitions: [{ ...app, logConfiguration }] } };
    };
    const script: Script = {
      DescribeServices: ({ services }) => {
        const [serviceName] = services as string[];
        return { services: [service([deployment(serviceName === "api-1a2b3c4" ? 7 : 6)], { serviceName: serviceName! })] };
      },
      DescribeTaskDefinition,
      FilterLogEvents: ({ logGroupName }) => ({
        events: logGroupName === "/apps/api" ? [line("aaaa", 1, "one"), line("aaab", 3, "three")] : [line("bbbb", 2, "two")],
      }),
    };

    it("are one log, and each line says whose it is", async () => {
      const { out } = await berth(["logs"], script);
      assert.equal(out, "12:01:00.000 aaaa0000 api one\n12:02:00.000 bbbb0000 mails two\n12:03:00.000 aaab0000 api three\n");
      const [first] = (await berth(["logs", "--json"], script)).out.split("\n");
      assert.deepEqual(JSON.parse(first!), {
        time: at(1).toISOString(),
        service: "api",
        task: "aaaa".padEnd(32, "0"),
        container: "app",
        message: "one",
      });
    });

    it("are of one service alone where its name is given, without it in the lines", async () => {
      assert.equal((await berth(["logs", "--service", "mails"], script)).out, "12:02:00.000 bbbb0000 two\n");
    });

    it("go on without a service that has none", async () => {
      const silent = ({ taskDefinition: name }: Input) => {
        if (String(name).endsWith(":7")) return DescribeTaskDefinition({ taskDefinition: name });
        return { taskDefinition: taskDefinition(6, { containerDefinitions: [{ name: "app" }] }) };
      };
      const { status, out, err } = await berth(["logs"], { ...script, DescribeTaskDefinition: silent });
      assert.equal(status, 0);
      assert.equal(out, "12:01:00.000 aaaa0000 api one\n12:03:00.000 aaab0000 api three\n");
      assert.equal(err, "mails: The containers of this service write no CloudWatch log that is separate for each task.\n");
    });

    for (const option of [["--previous"], ["--task", "aaaa"], ["--container", "app"]]) {
      it(`are not what ${option[0]} is about`, async () => {
        const { status, err } = await berth(["logs", ...option], script);
        assert.equal(status, 1);
        assert.match(err, new RegExp(`^${option[0]} is about one service; name it by --service: api, mails\\.$`, "m"));
      });
    }
  });
});
