import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { TEMPLATE } from "../helpers/places";
import { type PlannedService, plannedService } from "./planned";
import { itWithTool } from "./tools";

const source = readFileSync(join(TEMPLATE, "compose.yaml"), "utf8");

interface ComposeService {
  build: { context: string; args: Record<string, string> };
  develop: { watch: { action: string; path: string }[] };
  healthcheck: { interval: string; timeout: string; retries: number; start_period: string };
  [key: string]: unknown;
}

describe("compose.yaml", () => {
  const { web } = (parse(source) as { services: { web: ComposeService } }).services;
  let dev: PlannedService;
  before(async () => {
    dev = await plannedService("dev");
  });

  it("builds what the dev stack builds, again at each change", () => {
    assert.deepEqual(web.build, { context: dev.image.context.location, args: dev.image.buildArgs });
    assert.deepEqual(web.develop.watch, [{ action: "rebuild", path: dev.image.context.location }]);
  });

  it("sets the limits of the dev stack's task definition", () => {
    const { task, container } = dev;
    const { capabilities, initProcessEnabled } = container.linuxParameters as {
      capabilities: { drop: string[] };
      initProcessEnabled: boolean;
    };
    const { user, read_only, cap_drop, init, volumes, environment, cpus, mem_limit, memswap_limit, stop_grace_period, ports } = web;
    assert.deepEqual(
      { user, read_only, cap_drop, init, volumes, environment, cpus, mem_limit, memswap_limit, stop_grace_period, ports },
      {
        user: container.user,
        read_only: container.readonlyRootFilesystem,
        cap_drop: capabilities.drop,
        init: initProcessEnabled,
        volumes: (container.mountPoints as { containerPath: string }[]).map(({ containerPath }) => containerPath),
        environment: Object.fromEntries(container.environment!.map(({ name, value }) => [name, value])),
        cpus: Number(task.cpu) / 1024,
        mem_limit: `${task.memory}m`,
        memswap_limit: `${task.memory}m`,
        stop_grace_period: `${container.stopTimeout}s`,
        ports: container.portMappings!.map(({ containerPort }) => `127.0.0.1:${containerPort}:${containerPort}`),
      },
    );
  });

  it("asks for the health as often as ECS does", () => {
    const { interval, timeout, retries, startPeriod } = dev.container.healthCheck!;
    const { test: _, ...times } = web.healthcheck as ComposeService["healthcheck"] & { test: string };
    assert.deepEqual(times, { interval: `${interval}s`, timeout: `${timeout}s`, retries, start_period: `${startPeriod}s` });
  });

  const validate = "import sys, compose_spec; compose_spec.PyCompose.from_yaml(sys.stdin.read())";
  itWithTool("is valid by the Compose specification", "python", (run) => {
    assert.deepEqual(run(["-c", validate], source), { status: 0, said: "" });
    assert.match(run(["-c", validate], source.replace("cap_drop", "cap_dorp")).said, /cap_dorp/, "the validator finds mistakes");
  });
});
