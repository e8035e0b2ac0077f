// README's way from "I have a Dockerfile" to a plan: the app in the place of the sample, `npx berth init`, `npm run plan`.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../plan/plan-json";
import { REPOSITORY, TEMPLATE } from "../helpers/places";
import { berth } from "../plan/projects";

const README = readFileSync(join(REPOSITORY, "README.md"), "utf8");

/** An app of somebody's own: its files, and what a plan must make of them. */
const APPS = {
  "Next.js": {
    files: {
      Dockerfile: readFileSync(join(REPOSITORY, "tests/fixtures/dockerfiles/next-standalone.Dockerfile"), "utf8"),
      "package.json": '{ "dependencies": { "next": "16.0.1" } }',
    },
    expected: { port: 3000, path: "/", user: "nextjs", memory: "512" },
    messages: [
      "note: service.port: 3000, from EXPOSE (app/Dockerfile:23).",
      'warning: service.writablePaths: on Fargate /tmp belongs to root, and not to user nextjs, because app/Dockerfile has no "VOLUME /tmp"; add that line, or take /tmp out of writablePaths if nothing writes there.',
    ],
  },
  Django: {
    files: {
      Dockerfile: readFileSync(join(REPOSITORY, "tests/fixtures/dockerfiles/django-gunicorn.Dockerfile"), "utf8").replace(
        "USER app",
        "VOLUME /tmp\nUSER app",
      ),
      "requirements.txt": "Django==5.2\ncelery[redis]\ngunicorn\n",
    },
    expected: { port: 8000, path: "/", user: "app", memory: "512" },
    messages: [
      "note: service.port: 8000, from EXPOSE (app/Dockerfile:11).",
      'warning: service.stopTimeout: app/Dockerfile:12 has CMD as a line for a shell, which may keep SIGTERM from the app: ECS then kills it after 10 s, in the middle of its work; write it as CMD ["gunicorn","shop.wsgi:application","--bind","0.0.0.0:8000"].',
    ],
  },
  Go: {
    files: {
      Dockerfile: readFileSync(join(REPOSITORY, "tests/fixtures/dockerfiles/go-scratch.Dockerfile"), "utf8"),
      "go.mod": "module example.com/api\n",
    },
    expected: { port: 8080, path: "/", user: "65534:65534", memory: "512" },
    messages: [
      "note: service.port: 8080, from EXPOSE (app/Dockerfile:12).",
      'warning: service.writablePaths: on Fargate /tmp belongs to root, and not to user 65534:65534, because app/Dockerfile has no "VOLUME /tmp"; add that line, or take /tmp out of writablePaths if nothing writes there.',
    ],
  },
};

describe("the way from a Dockerfile to a plan", () => {
  let folder: string;
  let project: string;

  beforeEach(() => {
    // As deep in the repository as the template's copy, whose imports lead three folders up.
    mkdirSync(join(REPOSITORY, ".cache"), { recursive: true });
    folder = mkdtempSync(join(REPOSITORY, ".cache", "own-app-"));
    project = join(folder, "project");
    cpSync(TEMPLATE, project, { recursive: true });
    rmSync(join(project, "app"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is the one that README shows", () => {
    assert.match(README, /^npx berth init .*\nnpm run plan .*\n/m);
  });

  for (const [name, { files, expected, messages }] of Object.entries(APPS)) {
    it(`leads an app with ${name} to a plan without an error`, () => {
      mkdirSync(join(project, "app"));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(project, "app", file), text);
      const before = readFileSync(join(project, "Pulumi.prod.yaml"), "utf8");
      const init = berth("init", "--cwd", project, "--stack", "dev");
      assert.deepEqual([init.status, init.stderr], [0, ""]);
      assert.equal(readFileSync(join(project, "Pulumi.prod.yaml"), "utf8"), before);

      const { status, stdout, stderr } = berth("plan", "--cwd", project, "--json");
      assert.equal(status, 0, stderr);
      const plan = JSON.parse(stdout) as Plan;
      const inputs = (type: string) => plan.resources.find((resource) => resource.type === type)!.inputs;
      const [container] = JSON.parse(String(inputs("aws:ecs/taskDefinition:TaskDefinition").containerDefinitions)) as { user: string }[];
      const { port, healthCheck } = inputs("aws:lb/targetGroup:TargetGroup") as unknown as { port: number; healthCheck: { path: string } };
      const { memory } = inputs("aws:ecs/taskDefinition:TaskDefinition");
      assert.deepEqual({ port, path: healthCheck.path, user: container!.user, memory }, expected);
      const said = plan.messages.map(({ severity, text }) => `${severity === "info" ? "note" : severity}: ${text}`);
      assert.deepEqual(
        said.filter((text) => text.includes(": service.")),
        messages,
      );
      // What dev relaxes has its exception; nothing else is found.
      assert.deepEqual(
        plan.findings.map(({ rule }) => rule),
        [],
      );
    });
  }
});
