import assert from "node:assert/strict";
import * as fc from "fast-check";
import { group } from "../../../components/base/schema";
import { AppImage } from "../../../components/image/image";
import type { TaskArgs } from "../../../components/task/arguments";
import { container } from "../../../components/task/container-arguments";
import { containerDefinition } from "../../../components/task/containers";
import { awslogs } from "../../../components/task/logging";
import { OneOffTask } from "../../../components/task/one-off-task";
import { ScheduledTask } from "../../../components/task/scheduled-task";
import { Task } from "../../../components/task/task";
import { volumes } from "../../../components/task/volume-arguments";
import { scratchPart, volumesPart } from "../../../components/task/volumes";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { refuse, valuesOf } from "../../helpers/arguments";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { containers } from "../../helpers/service";
import { complaintsAbout } from "../../helpers/settings";
import { bigCluster, IMAGE, makeService, VARIANT_NAMES } from "../../helpers/variants";

/** What an app writes and a server beside it reads. */
const SHARED = {
  volumes: { pages: {}, cache: {} },
  mounts: { pages: "/srv/pages", cache: "/var/cache" },
  sidecars: { nginx: { image: "nginx:1.29", mounts: { pages: { path: "/usr/share/nginx/html", readOnly: true } } } },
};

const mountsOf = (made: Deployed, name = "web") =>
  Object.fromEntries(containers(made, name).map((container) => [container.name, container.mountPoints]));
const volumesOf = (made: Deployed, name = "web") => made.inputs("TaskDefinition", name).volumes;

const ANYWHERE = { requires: "EC2", networkMode: "awsvpc" } as const;
const AROUND = { where: ANYWHERE, network: plainNetwork(), refuse, makeFileSystem: () => assert.fail("no file system is asked for") };
const TASK = group({ ...container, volumes });
const TMP = { containerPath: "/tmp", readOnly: false, sourceVolume: "tmp" };
const MOUNTS = (app: string) => ({
  nginx: [TMP, { containerPath: "/usr/share/nginx/html", readOnly: true, sourceVolume: "pages" }],
  [app]: [
    TMP,
    { containerPath: "/var/cache", readOnly: false, sourceVolume: "cache" },
    { containerPath: "/srv/pages", readOnly: false, sourceVolume: "pages" },
  ],
});
const VOLUMES = [{ name: "tmp" }, { name: "cache" }, { name: "pages" }];

describe("the volumes of a task", () => {
  for (const variant of VARIANT_NAMES)
    it(`are shared by the containers of a ${variant}, by name`, async () => {
      const made = await deploy(() => makeService(variant, SHARED));
      assert.deepEqual([volumesOf(made), mountsOf(made)], [VOLUMES, MOUNTS("web")]);
    });

  it("are shared by the containers of tasks that run once or on a schedule", async () => {
    const made = await deploy(() => {
      const cluster = bigCluster();
      new OneOffTask("import", { cluster, image: IMAGE, ...SHARED });
      new ScheduledTask("nightly", { cluster, image: IMAGE, schedule: "rate(1 day)", ...SHARED });
    });
    for (const name of ["import", "nightly"])
      assert.deepEqual([volumesOf(made, name), mountsOf(made, name)], [VOLUMES, MOUNTS(name)], name);
  });

  it("can be a folder of the EC2 instance", async () => {
    const given = { volumes: { data: { hostPath: "/var/lib/data" } }, mounts: { data: "/data" } };
    const made = await deploy(() => makeService("Ec2Service", given));
    assert.deepEqual(volumesOf(made), [{ name: "tmp" }, { name: "data", hostPath: "/var/lib/data" }]);
    assert.equal(
      await refusal(() => makeService("FargateService", given)),
      'FargateService "web": volumes.data.hostPath: a task on Fargate has no instance; use compute: ec2, or leave it out for an empty volume.',
    );
    assert.equal(
      await refusal(() => makeService("ManagedInstancesService", given)),
      'ManagedInstancesService "web": volumes.data.hostPath: ECS hands out no folder of the instances that it manages; use compute: ec2, or leave it out for an empty volume.',
    );
    assert.match(await refusal(() => new OneOffTask("once", { cluster: bigCluster(), image: IMAGE, ...given })), /has no instance/);
  });

  const REFUSED: [what: string, given: Partial<TaskArgs>, message: string][] = [
    [
      "a mount of nothing",
      { mounts: { data: "/data" } },
      "mounts.data: the task has no volume of that name; add volumes: { data: {} }, which is an empty one.",
    ],
    [
      "a mount of another name",
      { volumes: { data: {} }, mounts: { data: "/data", dato: "/dato" } },
      'mounts.dato: "dato" is not a volume of the task; allowed: data; did you mean "data"?',
    ],
    [
      "a sidecar's mount of another name",
      { volumes: { data: {} }, mounts: { data: "/data" }, sidecars: { agent: { image: "agent:1", mounts: { logs: "/logs" } } } },
      'sidecars.agent.mounts.logs: "logs" is not a volume of the task; allowed: data.',
    ],
    [
      "a volume that nobody mounts",
      { volumes: { data: {} } },
      'volumes.data: no container mounts it; add mounts: { data: "/data" }, or leave it out.',
    ],
    [
      "two volumes on one path",
      { volumes: { a: {}, b: {} }, mounts: { a: "/data", b: "/data/" } },
      "mounts.b: /data/ is where the volume a is mounted; give it another path.",
    ],
    [
      "a volume on a writable path",
      { volumes: { data: {} }, mounts: { data: "/tmp/" } },
      "mounts.data: /tmp/ is one of writablePaths, which has a volume of its own; take it out there, or give another path.",
    ],
    [
      "the name of a writable path's volume",
      { volumes: { tmp: {} }, mounts: { tmp: "/data" } },
      "volumes.tmp: the volume of the writable path /tmp has this name; choose another.",
    ],
    [
      "a name that AWS does not take",
      { volumes: { "my data": {} }, mounts: { "my data": "/data" } },
      'volumes: "my data" is not possible; allowed: 1 to 255 letters, digits, hyphens and underscores.',
    ],
    [
      "a relative path",
      { volumes: { data: {} }, mounts: { data: "data" } },
      'mounts.data: "data" is not the absolute path of a folder; write one like "/data".',
    ],
    [
      "the root",
      { volumes: { data: {} }, mounts: { data: { path: "/" } } },
      'mounts.data.path: "/" is not the absolute path of a folder; write one like "/data".',
    ],
    [
      "two writable paths of one name",
      { writablePaths: ["/a/b", "/a-b"] },
      'writablePaths: "/a/b" and "/a-b" would be one volume, a-b; write one of them otherwise.',
    ],
  ];
  for (const [what, given, message] of REFUSED) {
    it(`are refused with ${what}`, async () => {
      const cluster = () => ({ cluster: bigCluster(), image: IMAGE });
      assert.equal(await refusal(() => new Task("x", { ...cluster(), ...given }, ANYWHERE, undefined)), `Task "x": ${message}`);
    });
    const { sidecars, ...settings } = given;
    if (!sidecars)
      it(`are refused in a stack file with ${what}, of services and tasks`, async () => {
        assert.deepEqual(
          await complaintsAbout({ service: settings, services: { api: settings }, tasks: { report: { service: "web", ...settings } } }),
          [`service.${message}`, `services.api.${message}`, `tasks.report.${message}`],
        );
      });
  }

  it("are there for each mount, in the same bytes whatever the order of the keys", () => {
    const names = fc
      .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/), { maxLength: 8 })
      .map((all) => all.filter((name) => name !== "tmp"));
    fc.assert(
      fc.property(names, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (all, flags) => {
        const made = (order: string[]) => {
          const path = (name: string) => (flags[all.indexOf(name)] ? `/${name}` : { readOnly: true, path: `/${name}` });
          const mounts = Object.fromEntries(order.map((name) => [name, path(name)]));
          const { volumes, ...args } = valuesOf(TASK, { volumes: Object.fromEntries(order.map((name) => [name, {}])), mounts });
          const containers = [{ key: "web", at: [], args, image: IMAGE }];
          const parts = [scratchPart(containers), volumesPart(volumes, containers, AROUND)];
          const { mountPoints } = containerDefinition(
            "web",
            { ...args, image: IMAGE },
            awslogs({ group: "web", region: "eu-west-3" }, "web"),
          );
          return { mountPoints, volumes: parts.flatMap((part) => part.volumes ?? []) };
        };
        const there = made(all);
        assert.equal(JSON.stringify(there), JSON.stringify(made([...all].reverse())));
        assert.deepEqual(there.mountPoints.map(({ sourceVolume }) => sourceVolume).sort(), there.volumes.map(({ name }) => name).sort());
      }),
    );
  });
});

describe("an empty volume on Fargate", () => {
  after(removeAppFolders);
  const FILES = { "app/Dockerfile": 'FROM node:22-slim\nUSER 1000\nVOLUME /tmp\nVOLUME /data\nCMD ["node", "x.js"]\n' };
  const messages = async (given: Partial<TaskArgs>) => {
    const context = `${appFolder(FILES)}/app`;
    const made = await deploy(() => {
      const image = new AppImage("web", { context });
      new OneOffTask("once", { cluster: bigCluster(), image, user: "1000", ...given });
    });
    return made.recording.messages.map(({ text }) => text).filter((text) => /belongs to root|read-only/.test(text));
  };

  it("belongs to the app where the Dockerfile says VOLUME", async () => {
    assert.deepEqual(await messages({ volumes: { data: {} }, mounts: { data: "/data" } }), []);
  });

  it("belongs to root elsewhere, which the plan says, unless it is only read", async () => {
    const volumes = { data: {}, more: {} };
    const [said, ...others] = await messages({ volumes, mounts: { data: "/data", more: "/more" } });
    assert.deepEqual(others, []);
    assert.match(
      String(said),
      /mounts\.more: on Fargate \/more belongs to root, and not to user 1000, because .*Dockerfile has no "VOLUME \/more"; add that line, or mount it with readOnly if nothing writes there\.$/,
    );
    assert.deepEqual(await messages({ volumes, mounts: { data: "/data", more: { path: "/more", readOnly: true } } }), []);
  });

  it("is what a VOLUME needs under a read-only root, writable", async () => {
    const says = (texts: string[]) => texts.filter((text) => text.includes("has VOLUME /data"));
    assert.equal(says(await messages({})).length, 1);
    assert.equal(says(await messages({ volumes: { data: {} }, mounts: { data: { path: "/data", readOnly: true } } })).length, 1);
  });
});
