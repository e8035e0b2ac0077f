// Dockerfiles of the usual frameworks, and what a service that says nothing of port, user and health check makes of each.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Remark } from "../../../components/base/component";
import { group, withDefaults } from "../../../components/base/schema";
import type { Cluster } from "../../../components/cluster/cluster";
import type { Route } from "../../../components/load-balancer/route";
import { withDockerfile } from "../../../components/service/from-dockerfile";
import { container } from "../../../components/task/container-arguments";
import { imageRemarks } from "../../../components/task/image-remarks";
import { volumes } from "../../../components/task/volume-arguments";
import { readDockerfile } from "../../../facts/dockerfile";
import { REPOSITORY } from "../../helpers/places";

const FOLDER = join(REPOSITORY, "tests/fixtures/dockerfiles");

/** What a row says: the port and path that are taken, and the kinds of the other remarks. */
interface Verdict {
  port?: number;
  path?: string;
  user?: string;
  form?: "exec" | "shell";
  remarks?: Kind[];
}

/** Kinds of remarks, each by the words that tell it from the others. */
const KINDS = {
  ambiguous: /^8000, its default, because Dockerfile:\d+ does not say which/,
  lowPort: /is below 1024/,
  fastCgi: /answers FastCGI/,
  otherUser: /^the task runs as 1000:1000, and Dockerfile:\d+ says (?!root)\S+; to run as that, set user: "/,
  root: /^the task runs as 1000:1000, and Dockerfile:\d+ says root;/,
  volume: /has VOLUME .+, and the root file system is read-only; set writablePaths: \[\/tmp, \//,
  writes: /as it starts, which user 1000:1000 cannot/,
  tmp: /^on Fargate \/tmp belongs to root, and not to user 1000:1000, because Dockerfile has no "VOLUME \/tmp"/,
  signals: /as a line for a shell, which may keep SIGTERM from the app/,
  refused: /is not a JSON list/,
} as const;
type Kind = keyof typeof KINDS;

const VERDICTS: Record<string, Verdict> = {
  airflow: { user: "airflow", remarks: ["otherUser", "tmp"] },
  "amd64-only": { form: "exec", remarks: ["tmp"] },
  aspnet: { form: "exec", remarks: ["ambiguous", "tmp"] },
  axum: { port: 3000, form: "exec", remarks: ["tmp"] },
  "broken-list": { port: 3000, form: "shell", remarks: ["refused"] },
  bun: { port: 3000, user: "bun", form: "exec", remarks: ["otherUser", "tmp"] },
  "caddy-admin": { port: 8080, user: "1000:1000", remarks: ["tmp"] },
  "celery-worker": { user: "nobody", form: "exec", remarks: ["otherUser", "tmp"] },
  deno: { port: 1993, user: "deno", form: "exec", remarks: ["otherUser", "tmp"] },
  "django-gunicorn": { port: 8000, user: "app", form: "shell", remarks: ["otherUser", "tmp", "signals"] },
  "elixir-release": { user: "nobody", form: "exec", remarks: ["otherUser", "tmp"] },
  envoy: { port: 10000, form: "exec", remarks: ["tmp"] },
  express: { port: 3000, user: "node", form: "exec", remarks: ["tmp"] },
  fastapi: { port: 80, path: "/healthz", form: "exec", remarks: ["lowPort", "tmp"] },
  flask: { port: 5000, form: "exec", remarks: ["tmp"] },
  ghost: { port: 2368, form: "exec", remarks: ["volume", "tmp"] },
  "go-grpc-distroless": { port: 50051, user: "nonroot", form: "exec", remarks: ["otherUser", "tmp"] },
  "go-scratch": { port: 8080, user: "65534:65534", form: "exec", remarks: ["otherUser", "tmp"] },
  gradio: { port: 7860, form: "exec", remarks: ["tmp"] },
  "hugo-caddy": { port: 80, remarks: ["lowPort", "tmp"] },
  keycloak: { form: "exec", remarks: ["ambiguous", "tmp"] },
  ktor: { port: 8080, form: "exec", remarks: ["tmp"] },
  "laravel-apache": { port: 80, remarks: ["lowPort", "tmp", "writes"] },
  "laravel-fpm": { port: 9000, user: "www-data", remarks: ["fastCgi", "otherUser", "tmp"] },
  metabase: { port: 3000, path: "/api/health", remarks: ["tmp"] },
  micronaut: { port: 8080, form: "shell", remarks: ["tmp", "signals"] },
  nest: { port: 3000, path: "/health", user: "node", form: "exec", remarks: ["tmp"] },
  "next-standalone": { port: 3000, user: "nextjs", form: "exec", remarks: ["otherUser", "tmp"] },
  "nginx-proxy": { port: 8080, path: "/ping", user: "1000", remarks: ["tmp"] },
  notebook: { port: 8888, form: "exec", remarks: ["tmp"] },
  onbuild: { port: 4000, user: "1000:1000", form: "exec" },
  phoenix: { port: 4000, user: "nobody", form: "exec", remarks: ["otherUser", "tmp"] },
  plumber: { port: 8000, form: "exec", remarks: ["tmp"] },
  quarkus: { port: 8080, user: "185", form: "exec", remarks: ["otherUser", "tmp"] },
  "rails-puma": { port: 80, user: "1000:1000", form: "exec", remarks: ["lowPort", "tmp"] },
  remix: { port: 8080, form: "exec", remarks: ["tmp"] },
  "rust-musl": { port: 8080, form: "exec", remarks: ["tmp"] },
  sidekiq: { form: "shell", remarks: ["tmp", "signals"] },
  "spring-boot-layered": { port: 8080, path: "/actuator/health", user: "spring", form: "exec", remarks: ["otherUser"] },
  streamlit: { port: 8501, path: "/_stcore/health", form: "exec", remarks: ["tmp"] },
  "symfony-frankenphp": { port: 8080, path: "/healthz", user: "1000:1000" },
  target: { form: "shell", remarks: ["ambiguous", "tmp", "signals"] },
  "temporal-worker": { form: "shell", remarks: ["tmp", "signals"] },
  "vite-nginx": { port: 80, form: "exec", remarks: ["lowPort", "tmp", "writes"] },
  "vite-nginx-unprivileged": { port: 8080, remarks: ["tmp"] },
  wordpress: { user: "root", remarks: ["root", "volume", "tmp"] },
};

/** What a service with no argument but a route makes of a Dockerfile. */
function verdictOn(name: string): Verdict {
  const facts = readDockerfile(readFileSync(join(FOLDER, `${name}.Dockerfile`), "utf8"), { platform: "linux/amd64" });
  assert.ok(!("problem" in facts), `${name} was not read`);
  const dockerfile = { path: "Dockerfile", facts, remarked: new Set<string>() };
  const image = { ref: pulumi.output("image"), architecture: "x86_64" as const, dockerfile };
  const { args, remarks } = withDockerfile({ cluster: {} as Cluster, image, route: {} as Route });
  const texts = [...remarks, ...ofTask()].flatMap(({ text }) => (/, from .*\(Dockerfile:\d+\)\.$/.test(text) ? [] : [text]));
  const main = facts.entryPoint ?? facts.command;
  const { port, healthCheck } = args;
  return {
    ...(port !== undefined && { port }),
    ...(healthCheck?.path !== undefined && { path: healthCheck.path }),
    ...(facts.user?.value !== undefined && { user: facts.user.value }),
    ...(main?.value && { form: main.value.form }),
    ...(texts.length > 0 && { remarks: texts.map(kindOf) }),
  };

  function ofTask(): Pick<Remark, "text">[] {
    let refused = "";
    const refuse = (_: unknown, text: string): never => {
      refused = text;
      throw new Error(text);
    };
    try {
      return imageRemarks(dockerfile, withDefaults(group({ ...container, volumes }), {}), true, refuse);
    } catch (error) {
      if (refused === "") throw error;
      return [{ text: refused }];
    }
  }
}

function kindOf(text: string): Kind {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => KINDS[kind].test(text));
  assert.equal(kinds.length, 1, text);
  return kinds[0]!;
}

describe("Dockerfiles of the usual frameworks", () => {
  it("are all in the table", () => {
    assert.deepEqual(
      readdirSync(FOLDER)
        .map((file) => file.replace(/\.Dockerfile$/, ""))
        .sort(),
      Object.keys(VERDICTS).sort(),
    );
  });

  for (const [name, verdict] of Object.entries(VERDICTS)) {
    it(`${name}: ${verdict.port ?? "no port"}, ${verdict.remarks?.join(", ") ?? "nothing to say"}`, () => {
      assert.deepEqual(verdictOn(name), verdict);
    });
  }
});
