// What the offline plan says of a stack's service: the task definition to run, the image to build, the time that the load balancer drains.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../facts/graph";
import { type PlannedService, plannedServices } from "../../ops/container/planned";
import { REPOSITORY, TEMPLATE } from "../helpers/places";

export type { PlannedService };

/** Every stack that has a settings file. */
export const stacks = (): string[] => readdirSync(TEMPLATE).flatMap((file) => file.match(/^Pulumi\.(.+)\.yaml$/)?.[1] ?? []);

const plans = new Map<string, Promise<PlannedService>>();

/** The service of a stack that the load balancer serves; each stack is planned once. */
export function plannedService(stack: string): Promise<PlannedService> {
  const known = plans.get(stack) ?? plan(stack).then((resources) => serviceIn(stack, resources));
  plans.set(stack, known);
  return known;
}

function plan(stack: string, config: string[] = []): Promise<Resource[]> {
  const settings = config.flatMap((setting) => ["--config", setting]);
  const command = [join(REPOSITORY, "bin/berth.js"), "plan", "--cwd", TEMPLATE, "--stack", stack, "--json", "--config-path", ...settings];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Exit status 1 says that a rule is broken; what would exist is printed all the same.
      if (error && error.code !== 1) reject(new Error(`berth plan --stack ${stack}: ${stderr}`));
      else resolve((JSON.parse(stdout) as { resources: Resource[] }).resources);
    });
  });
}

/** The services of a stack with these settings besides, by name. */
export async function plannedServicesOf(stack: string, config: string[]): Promise<Map<string, PlannedService>> {
  return new Map(plannedServices(await plan(stack, config)).map((service) => [service.name, service]));
}

function serviceIn(stack: string, resources: Resource[]): PlannedService {
  const found = plannedServices(resources).find(({ health }) => health);
  if (!found) throw new Error(`stack ${stack}: the plan has no service with an image of its own behind a load balancer.`);
  return found;
}
