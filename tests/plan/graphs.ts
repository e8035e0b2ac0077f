import { type Json, type JsonObject, NO_OPTIONS, type RecordedResource } from "../../facts/graph";
import { makeUrn, stackUrn } from "../../facts/urn";
import { computeState } from "../../plan/record/mocks";
import { locationIn } from "../../plan/record/region";

/** Small graphs written by hand, for tests of what reads a graph. */

export const STACK = stackUrn("dev", "shop");

export function urn(type: string, name: string): string {
  return makeUrn("dev", "shop", "", type, name);
}

/** A resource right under the stack; `refs` says by property which resources its inputs take their values from. */
export function resource(
  type: string,
  name: string,
  inputs: JsonObject = {},
  refs: Record<string, string[]> = {},
  more: Partial<RecordedResource> = {},
): RecordedResource {
  return {
    urn: urn(type, name),
    type,
    name,
    parent: STACK,
    inputs,
    dependencies: Object.values(refs).flat().sort(),
    propertyDependencies: refs,
    options: NO_OPTIONS,
    custom: true,
    read: false,
    ...more,
  };
}

export const TASK = "aws:ecs/taskDefinition:TaskDefinition";
export const SERVICE = "aws:ecs/service:Service";
export const GROUP = "aws:lb/targetGroup:TargetGroup";
export const TARGET = "aws:appautoscaling/target:Target";

/** What AWS would say of a resource: its ARN, say. */
export const made = (one: RecordedResource, output: string): Json =>
  computeState({ ...one, place: locationIn("us-east-1") }).state[output] ?? null;

/** A service with its task definition and target group, as AWS's defaults would have it unless told otherwise. */
export function serviceGraph(
  name = "web",
  given: { service?: JsonObject; task?: JsonObject; container?: JsonObject; group?: JsonObject } = {},
): RecordedResource[] {
  const containerDefinitions = JSON.stringify([{ name, image: "nginx", ...given.container }]);
  const task = resource(TASK, name, { family: name, cpu: "256", memory: "512", containerDefinitions, ...given.task });
  const group = resource(GROUP, name, { port: 80, ...given.group });
  const loadBalancers = [{ containerName: name, containerPort: 80, targetGroupArn: made(group, "arn") }];
  return [
    task,
    group,
    resource(
      SERVICE,
      name,
      { desiredCount: 2, taskDefinition: made(task, "arn"), loadBalancers, ...given.service },
      { taskDefinition: [urn(TASK, name)], loadBalancers: [urn(GROUP, name)] },
    ),
  ];
}
