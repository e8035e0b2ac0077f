import assert from "node:assert/strict";
import { complaintsAbout, settingsOf } from "../helpers/settings";
import { stack } from "../helpers/stacks";

const volume = (efs: unknown) => ({ volumes: { files: { efs } }, mounts: { files: "/files" } });

describe("the file systems of a stack file", () => {
  it("are shared by the services and tasks that name them", async () => {
    const made = await stack("dev", [
      'fileSystems={"uploads":{"backup":false}}',
      'services={"api":{"path":"/api/*","volumes":{"files":{"efs":"uploads"}},"mounts":{"files":"/files"}}}',
      'tasks={"report":{"service":"web","volumes":{"files":{"efs":"uploads"}},"mounts":{"files":{"path":"/files","readOnly":true}}}}',
      'service={"volumes":{"files":{"efs":"uploads"}},"mounts":{"files":"/files"}}',
    ]);
    assert.deepEqual(
      made.all("aws:efs/fileSystem:FileSystem").map(({ name, parent }) => [name, made.get(parent!).type]),
      [["uploads", "berth:index:FileSystem"]],
    );
    assert.deepEqual(made.inputs("BackupPolicy").backupPolicy, { status: "DISABLED" });
    assert.deepEqual(
      made.names("SecurityGroupIngressRule").filter((name) => name.endsWith("-to-2049")),
      ["api-to-2049", "report-to-2049", "web-to-2049"],
    );
  });

  it("are protected as the stack is, unless they say otherwise", async () => {
    const protection = (config: object) => {
      const { fileSystems, services } = settingsOf({ fileSystems: { files: {} }, service: volume("files"), ...config });
      const { efs } = services.at(-1)!.volumes!.files!;
      return [fileSystems[0]?.deletionProtection, typeof efs === "object" && (efs as { deletionProtection?: boolean }).deletionProtection];
    };
    const own = { services: { api: volume({}) } };
    assert.deepEqual(protection(own), [true, true]);
    assert.deepEqual(protection({ ...own, deletionProtection: false }), [false, false]);
    const other = { fileSystems: { files: { deletionProtection: true } }, services: { api: volume({ deletionProtection: true }) } };
    assert.deepEqual(protection({ ...other, deletionProtection: false }), [true, true]);
  });

  const REFUSED: [what: string, config: object, message: string][] = [
    [
      "a name of none",
      { service: volume("uploads") },
      "service.volumes.files.efs: the stack has no file system of that name; add fileSystems: { uploads: {} }, or write efs: {} for one of its own.",
    ],
    [
      "a name of another",
      { fileSystems: { uploads: {} }, services: { web: volume("uploads"), api: volume("upload") } },
      'services.api.volumes.files.efs: "upload" is not a file system of this stack; allowed: uploads; did you mean "uploads"?',
    ],
    [
      "a name of another in a task",
      { fileSystems: { uploads: {} }, service: volume("uploads"), tasks: { report: volume("reports") } },
      'tasks.report.volumes.files.efs: "reports" is not a file system of this stack; allowed: uploads.',
    ],
    [
      "one that no volume is",
      { fileSystems: { uploads: {} } },
      "fileSystems.uploads: no volume is this one; write efs: uploads there, or leave it out.",
    ],
    [
      "an access point of its own",
      {
        fileSystems: { uploads: {} },
        service: { volumes: { files: { efs: "uploads", accessPoint: "fsap-0123456789abcdef0" } }, mounts: { files: "/f" } },
      },
      "service.volumes.files.accessPoint: it belongs to a file system that efs names by its id; name one, or leave it out.",
    ],
    [
      "an id without an access point",
      { service: volume("fs-0123456789abcdef0") },
      "service.volumes.files.accessPoint: it is missing; give the access point that the tasks are to use.",
    ],
    [
      "no name at all",
      { service: volume("not a name") },
      'service.volumes.files.efs: "not a name" is not the id of a file system; write one like "fs-0123456789abcdef0".',
    ],
  ];
  for (const [what, config, message] of REFUSED)
    it(`are refused with ${what}`, async () => assert.deepEqual(await complaintsAbout(config as Record<string, unknown>), [message]));
});
