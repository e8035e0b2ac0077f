// The pipeline for GitLab that docs/ci.md gives away: its jobs fit together, store no key, and write one note into a merge request.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY } from "../helpers/places";

interface Rule {
  if: string;
  when?: string;
  allow_failure?: boolean;
}
interface Job {
  stage?: string;
  extends?: string | string[];
  rules?: Rule[];
  script?: string[];
  before_script?: string[];
  id_tokens?: Record<string, { aud: string }>;
  variables?: Record<string, string>;
  environment?: { name: string; url?: string; on_stop?: string; action?: string };
  resource_group?: string;
  parallel?: { matrix: { STACK: string[] }[] };
  artifacts?: { paths?: string[]; reports?: { dotenv: string } };
}

const folder = join(REPOSITORY, "docs", "ci");
const text = readFileSync(join(folder, "gitlab-ci.yml"), "utf8");
const {
  stages,
  workflow,
  default: common,
  ...all
} = parse(text) as { stages: string[]; workflow: unknown; default: Job } & Record<string, Job>;
const jobs = Object.entries(all).filter(([name]) => !name.startsWith("."));

/** A job with what it extends, as GitLab lays one over the other. */
function whole(name: string): Job {
  const { [name]: job = {} } = all as Record<string, Job>;
  const bases = [job.extends ?? []].flat().map(whole);
  const variables = Object.assign({}, ...[...bases, job].map((one) => one.variables)) as Record<string, string>;
  return Object.assign({}, ...bases, job, { variables }) as Job;
}
const scriptOf = (name: string) => whole(name).script!.join("\n");

describe("the pipeline for GitLab", () => {
  it("has keys of GitLab's alone, and jobs in stages, on jobs that there are", () => {
    assert.ok(workflow && common.before_script);
    const keys = new Set(Object.values(all as Record<string, Job>).flatMap((job) => Object.keys(job)));
    assert.deepEqual([...keys].sort(), [
      ..."artifacts before_script environment extends id_tokens interruptible parallel resource_group rules script services stage variables".split(
        " ",
      ),
    ]);
    for (const [name, job] of jobs) {
      assert.ok(stages.includes(job.stage!), name);
      assert.ok(whole(name).script!.length > 0 && whole(name).rules!.length > 0, name);
      for (const base of [job.extends ?? []].flat()) assert.ok((all as Record<string, Job>)[base], base);
    }
    for (const stage of stages)
      assert.ok(
        jobs.some(([, job]) => job.stage === stage),
        stage,
      );
  });

  it("runs scripts, commands and stacks that there are", () => {
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: Record<string, string> };
    for (const [, name] of text.matchAll(/npm run (\w+)/g)) assert.ok(scripts[name!], name);
    assert.deepEqual(
      [...text.matchAll(/npx berth (\w+ (?:\w+\b)?)/g)].map(([, verb]) => verb!.trim()),
      ["plan", "plan", "review up", "review down", "verify", "review reap"],
    );
    const stacks = whole("drift").parallel!.matrix[0]!.STACK;
    for (const stack of stacks) assert.equal(whole(stack).environment?.name, stack);
    assert.deepEqual(
      [...text.matchAll(/plan -- --stack (\w+)/g)].map(([, stack]) => stack),
      stacks,
    );
  });

  it("needs no credentials to check, and no key to deploy", () => {
    for (const name of ["check", "plan"]) assert.deepEqual([whole(name).id_tokens, whole(name).environment], [undefined, undefined], name);
    for (const name of ["review", "stop review", "dev", "prod", "drift", "reap"]) {
      assert.equal(whole(name).id_tokens?.AWS_TOKEN?.aud, "sts.amazonaws.com", name);
      assert.match(whole(name).before_script!.join("\n"), /"\$AWS_TOKEN" >"\$AWS_WEB_IDENTITY_TOKEN_FILE"[\s\S]*--version "\$\(node/, name);
    }
    assert.equal(whole("drift").variables?.AWS_ROLE_ARN, "$PREVIEW_ROLE_ARN");
    assert.equal(whole("prod").variables?.AWS_ROLE_ARN, "$ROLE_ARN");
    assert.ok(whole("prod").variables?.DOCKER_HOST, "it builds");
    assert.doesNotMatch(text, /ACCESS_KEY/);
  });

  it("deploys from the default branch alone, dev by itself and prod when somebody starts it, after they are verified", () => {
    assert.ok(stages.indexOf("check") < stages.indexOf("dev") && stages.indexOf("dev") < stages.indexOf("prod"));
    const onMain = '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE != "schedule"';
    assert.deepEqual(whole("dev").rules, [{ if: onMain }]);
    assert.deepEqual(whole("prod").rules, [{ if: onMain, when: "manual", allow_failure: false }]);
    for (const stack of ["dev", "prod"]) {
      assert.equal(whole(stack).resource_group, stack);
      assert.match(scriptOf(stack), /^npx berth verify --stack "\$CI_ENVIRONMENT_NAME"\npulumi up --yes --stack "\$CI_ENVIRONMENT_NAME"/);
    }
    for (const name of ["drift", "reap"]) assert.deepEqual(whole(name).rules, [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }]);
  });

  it("gives a merge request of the project a stack, and takes it away", () => {
    const { environment, artifacts } = whole("review");
    const stop = whole(environment!.on_stop!);
    assert.deepEqual(stop.environment, { name: environment!.name, action: "stop" });
    assert.equal(stop.resource_group, whole("review").resource_group);
    for (const job of [whole("review"), stop, whole("plan")])
      assert.match(
        job.rules![0]!.if,
        /^\$CI_PIPELINE_SOURCE == "merge_request_event" && \$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == \$CI_PROJECT_ID$/,
      );
    assert.match(scriptOf("review"), new RegExp(`"REVIEW_URL=\\$url" >${artifacts!.reports!.dotenv}$`));
  });

  it("writes one note into a merge request, and that one anew at each push", async () => {
    const notes: { id: number; body: string }[] = [{ id: 1, body: "Nice <!-- berth plan --> indeed" }];
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let sent = "";
      request.on("data", (data) => (sent += String(data)));
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${String(request.headers["private-token"])}`);
        const body = sent === "" ? "" : (JSON.parse(sent) as { body: string }).body;
        if (request.method === "POST") notes.push({ id: 2, body });
        if (request.method === "PUT") notes.find(({ id }) => request.url!.endsWith(`/${id}`))!.body = body;
        response.end(JSON.stringify(notes));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const place = mkdtempSync(join(tmpdir(), "berth-gitlab-"));
    try {
      const [note] = whole("plan").script!.slice(-1);
      const env = {
        PATH: process.env.PATH,
        GITLAB_TOKEN: "token",
        CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        CI_PROJECT_ID: "7",
        CI_MERGE_REQUEST_IID: "12",
      };
      const run = async (plan: string, token = "token") => {
        writeFileSync(join(place, "plan.md"), plan);
        const [status] = (await once(
          spawn("bash", ["-eo", "pipefail", "-c", note!], { cwd: place, env: { ...env, GITLAB_TOKEN: token }, stdio: "inherit" }),
          "close",
        )) as [number];
        assert.equal(status, 0);
      };
      await run("<!-- berth plan -->\nfirst");
      await run('<!-- berth plan -->\n"second" `$HOME`');
      await run("<!-- berth plan -->\nthird", "");
      const path = "/projects/7/merge_requests/12/notes";
      const list = `GET ${path}?per_page=100&sort=asc token`;
      assert.deepEqual(asked, [list, `POST ${path} token`, list, `PUT ${path}/2 token`]);
      assert.deepEqual(notes[1], { id: 2, body: '<!-- berth plan -->\n"second" `$HOME`' });
    } finally {
      server.close();
      rmSync(place, { recursive: true });
    }
  });
});
