import { type JsonObject, NO_OPTIONS, type Resource } from "../../../facts/graph";
import { Aws } from "../../../ops/stack/aws";
import type { PlannedGraph } from "../../../ops/stack/plan";
import { PlannedStack } from "../../../ops/verify/planned-stack";
import { verifyAll } from "../../../ops/verify/verification";
import { VERIFICATIONS } from "../../../ops/verify/verifications";
import type { StateResource } from "../../../tool/state-file";
import { type Script, ScriptedAws } from "../scripted-aws";
import { ACCOUNT, healthy } from "./account";

const PLACE = { accountId: ACCOUNT, region: "us-east-1", partition: "aws" };
const SERVICES = ["acm", "ec2", "ecr", "iam", "route53", "secretsmanager", "ssm", "ecs", "elbv2", "cloudwatch", "servicequotas", "sts"];

/** An AWS whose every service answers at one address, with credentials of its own. */
function awsAt(url: string): Aws {
  process.env.AWS_ACCESS_KEY_ID ??= "AKIATEST";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  return new Aws({ region: "us-east-1", endpoints: Object.fromEntries(SERVICES.map((service) => [service, url])) });
}

const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;

/** A planned resource; `from` names the resources that an input takes its value from. */
export function planned(type: string, name: string, inputs: JsonObject, from: Record<string, Resource[]> = {}): Resource {
  const propertyDependencies = Object.fromEntries(Object.entries(from).map(([key, its]) => [key, its.map(({ urn }) => urn)]));
  return { urn: urnOf(type, name), type, name, parent: null, inputs, dependencies: [], propertyDependencies, options: NO_OPTIONS };
}

/** What is deployed of a planned resource. */
export const deployed = ({ urn, type, inputs }: Resource, id: string) =>
  ({ urn, type, inputs, id, custom: true, outputs: {} }) as unknown as StateResource;

export interface Scene {
  resources: Resource[];
  invokes?: PlannedGraph["invokes"];
  /** Undefined where nobody knows; nothing by default. */
  state?: StateResource[] | undefined;
  /** What AWS answers otherwise than in an account where all is well. */
  script?: Script;
}

/** What is found for a stack: the lines that are not ok, or with `all` every one. */
export async function found(scene: Scene, all = false) {
  const graph = { project: "shop", stack: "dev", resources: scene.resources, invokes: scene.invokes ?? [] };
  const aws = await ScriptedAws.start({ ...healthy(graph), ...scene.script });
  try {
    const stack = new PlannedStack(graph, PLACE, "state" in scene ? scene.state : []);
    const checks = await verifyAll(VERIFICATIONS, stack, awsAt(aws.url));
    return { checks: checks.filter(({ result }) => all || result !== "ok"), calls: aws.calls };
  } finally {
    await aws.close();
  }
}
