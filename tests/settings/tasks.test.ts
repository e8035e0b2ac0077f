// Tasks by name, that run when someone starts them or on a schedule.
import assert from "node:assert/strict";
import { complaintsAbout, settingsOf } from "../helpers/settings";

const NAT = { network: { nat: "single" } };

describe("tasks in the settings", () => {
  it("are a list with names, on what the service runs on unless they say otherwise", () => {
    const { tasks } = settingsOf({
      ...NAT,
      compute: "ec2",
      tasks: {
        migrate: { command: ["node", "migrate.js"], cpu: "0.5 vCPU", memory: "1 GB" },
        clean: {
          schedule: "cron(0 3 ? * MON-FRI *)",
          timezone: "Europe/Berlin",
          retries: "0",
          maximumDelay: 5,
          enabled: "false",
          compute: "fargate",
        },
      },
    });
    assert.deepEqual(tasks, [
      { name: "migrate", image: "web", compute: "ec2", command: ["node", "migrate.js"], cpu: 512, memory: 1024 },
      {
        name: "clean",
        image: "web",
        compute: "fargate",
        schedule: "cron(0 3 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        retries: 0,
        maximumDelay: 5,
        enabled: false,
      },
    ]);
  });

  const refused: [tasks: Record<string, object>, complaint: string][] = [
    [
      { clean: { schedule: "daily" } },
      'tasks.clean.schedule: "daily" is not a schedule; write one like "cron(0 3 * * ? *)", "rate(1 hour)" or "at(2030-01-31T12:00:00)".',
    ],
    [
      { clean: { schedule: "cron(0 3 * * *)" } },
      'tasks.clean.schedule: cron(0 3 * * *) has 5 fields; six fields are needed: minute, hour, day of the month, month, day of the week, year, such as "cron(0 3 ? * MON-FRI *)".',
    ],
    [
      { clean: { schedule: "rate(1 hour)", timezone: "Mars/Base" } },
      'tasks.clean.timezone: "Mars/Base" is not a time zone; write one like "Europe/Berlin".',
    ],
    [
      { clean: { retries: 1, timezone: "UTC" } },
      'tasks.clean.schedule: timezone, retries belong to a schedule, and there is none; give one, such as "rate(1 day)".',
    ],
    [
      { clean: { schedule: "rate(1 hour)", retries: 186 } },
      "tasks.clean.retries: 186 is out of range; allowed: 0 to 185; the nearest is 185.",
    ],
    [
      { clean: { schedule: "rate(1 hour)", maximumDelay: 0 } },
      "tasks.clean.maximumDelay: 0 is out of range; allowed: 1 to 1440 minutes; the nearest is 1.",
    ],
    [
      { "9lives": {} },
      'tasks: "9lives" cannot be a name; allowed: 1 to 24 letters, digits and "-", a letter first; the nearest is "lives".',
    ],
    [{ web: {} }, "tasks.web: the service has that name, and its revisions would be counted with the task's; choose another."],
    [
      { clean: { memory: "4 GB" } },
      'tasks.clean.memory: 4 GB does not go with 0.25 vCPU on Fargate; allowed: 512 MB, 1 GB or 2 GB; the nearest is "2 GB".',
    ],
    [
      { clean: { exec: true } },
      "tasks.clean.exec: ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off.",
    ],
  ];
  for (const [tasks, complaint] of refused) {
    it(`are not ${JSON.stringify(tasks)}`, async () => assert.deepEqual(await complaintsAbout({ tasks }), [complaint]));
  }

  it("have no credential in plain, and none is shown", async () => {
    const [complaint, ...others] = await complaintsAbout({ tasks: { clean: { environment: { DB_PASSWORD: "hunter2" } } } });
    assert.match(complaint!, /^tasks\.clean\.environment\.DB_PASSWORD: its name says it holds a password, and a task definition shows /);
    assert.doesNotMatch(complaint!, /hunter2/);
    assert.deepEqual(others, []);
  });

  it("have no encrypted value in their environment", async () => {
    const complaints = await complaintsAbout({ tasks: { clean: { environment: { KEY: "[secret]" } } } }, ["tasks"]);
    assert.equal(complaints.length, 1);
    assert.match(
      complaints[0]!,
      /^tasks\.clean\.environment\.KEY: encrypted values are kept secret in image\.secrets, as value in secrets, in signIn\.clientSecret and in notify\.httpsEndpoint alone; this one would /,
    );
  });

  describe("beside a service with variables and secrets", () => {
    const ARN = (name: string) => `arn:aws:ssm:eu-west-3:123456789012:parameter/${name}`;
    const KEY = (name: string) => `arn:aws:kms:eu-west-3:123456789012:key/${name}`;
    const service = {
      environment: { MODE: "web", LEVEL: "info" },
      secrets: { DATABASE_URL: ARN("db"), TOKEN: ARN("token") },
      secretsKmsKeyArns: [KEY("a")],
    };
    const taskOf = (clean: object) => settingsOf({ service, tasks: { clean } }).tasks[0]!;

    it("have them too", () => {
      const { environment, secrets, secretsKmsKeyArns } = taskOf({});
      assert.deepEqual({ environment, secrets, secretsKmsKeyArns }, service);
    });

    it("have their own first, whatever kind it is of", () => {
      const { environment, secrets, secretsKmsKeyArns } = taskOf({
        environment: { MODE: "clean", DATABASE_URL: "sqlite:" },
        secrets: { LEVEL: ARN("level") },
        secretsKmsKeyArns: [KEY("b"), KEY("a")],
      });
      assert.deepEqual(environment, { MODE: "clean", DATABASE_URL: "sqlite:" });
      assert.deepEqual(secrets, { TOKEN: ARN("token"), LEVEL: ARN("level") });
      assert.deepEqual(secretsKmsKeyArns, [KEY("a"), KEY("b")]);
    });

    it("have its rights beside their own", () => {
      const QUEUE = (name: string) => `arn:aws:sqs:eu-west-3:123456789012:${name}`;
      const mail = { actions: ["ses:SendEmail"], resources: ["*"] };
      const permissionsOf = (its: object | undefined, own: object) =>
        settingsOf({ service: { ...(its && { permissions: its }) }, tasks: { clean: own } }).tasks[0]!.permissions;
      const nothing = { read: [], write: [], statements: [] };
      assert.equal(permissionsOf(undefined, {}), undefined);
      assert.deepEqual(permissionsOf({ read: [QUEUE("a")] }, {}), { ...nothing, read: [QUEUE("a")] });
      assert.deepEqual(permissionsOf(undefined, { permissions: [mail] }), { ...nothing, statements: [mail] });
      const own = { permissions: { read: [QUEUE("b"), QUEUE("a")], write: [QUEUE("c")], statements: [mail] } };
      assert.deepEqual(permissionsOf({ read: [QUEUE("a")], write: [QUEUE("d")] }, own), {
        read: [QUEUE("a"), QUEUE("b")],
        write: [QUEUE("d"), QUEUE("c")],
        statements: [mail],
      });
      assert.equal(permissionsOf({ read: [QUEUE("a")] }, { inherit: false }), undefined);
    });

    it("have none of them where they say so", () => {
      assert.deepEqual(taskOf({ inherit: false, environment: { A: "1" } }), {
        name: "clean",
        image: "web",
        compute: "fargate",
        environment: { A: "1" },
      });
    });

    it("keep their own where the service has none", () => {
      assert.deepEqual(settingsOf({ tasks: { clean: { environment: { A: "1" } } } }).tasks, [
        { name: "clean", image: "web", compute: "fargate", environment: { A: "1" } },
      ]);
    });
  });

  it("may be of any size on instances", () => {
    const [task] = settingsOf({ tasks: { clean: { compute: "managed-instances", cpu: 300, memory: 700 } } }).tasks;
    assert.deepEqual([task?.cpu, task?.memory], [300, 700]);
  });
});
