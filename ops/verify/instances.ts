// What instances a planned stack starts. Pure.

import { type JsonObject, type Resource, UNKNOWN } from "../../facts/graph";
import { instanceFacts } from "../../facts/instances";
import { AUTO_SCALING_GROUP, CAPACITY_PROVIDER } from "../../facts/types";
import { numberOf, type PlannedStack, textOf } from "./planned-stack";

const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

interface Mixed {
  instancesDistribution?: JsonObject;
  launchTemplate?: { overrides?: JsonObject[] };
}

const mixedOf = ({ inputs }: Resource) => (inputs.mixedInstancesPolicy ?? {}) as Mixed;

/** The types that a group starts, in its order. */
function typesOf(stack: PlannedStack, group: Resource): string[] {
  const overrides = (mixedOf(group).launchTemplate?.overrides ?? []).flatMap((one) => textOf(one, "instanceType") ?? []);
  const templates = ["launchTemplate", "mixedInstancesPolicy"].flatMap((property) => stack.sources(group, property, LAUNCH_TEMPLATE));
  return overrides.length > 0 ? overrides : templates.flatMap(({ inputs }) => textOf(inputs, "instanceType") ?? []);
}

/** Types that instances are started of, by what starts them; Managed Instances name patterns. */
export function instanceTypes(stack: PlannedStack): { owner: string; types: string[] }[] {
  const groups = stack.ofType(AUTO_SCALING_GROUP).map((group) => ({ owner: group.name, types: typesOf(stack, group) }));
  const managed = stack.ofType(CAPACITY_PROVIDER).map(({ name, inputs }) => {
    const provider = (inputs.managedInstancesProvider ?? {}) as { instanceLaunchTemplate?: { instanceRequirements?: JsonObject } };
    const allowed = provider.instanceLaunchTemplate?.instanceRequirements?.allowedInstanceTypes;
    return { owner: name, types: (Array.isArray(allowed) ? allowed : []).filter((one): one is string => typeof one === "string") };
  });
  return [...groups, ...managed].map(({ owner, types }) => ({ owner, types: types.filter((one) => one !== UNKNOWN) }));
}

/** vCPUs of the On-Demand instances of some families that new groups start at once. */
export function instanceVcpus(stack: PlannedStack, families: RegExp): number {
  return stack.created(AUTO_SCALING_GROUP).reduce((sum, group) => {
    const [type = ""] = typesOf(stack, group);
    const { onDemandBaseCapacity = 0, onDemandPercentageAboveBaseCapacity = 100 } = mixedOf(group).instancesDistribution ?? {};
    const count = Math.max(numberOf(group.inputs, "minSize", 0), numberOf(group.inputs, "desiredCapacity", 0));
    const base = Math.min(count, Number(onDemandBaseCapacity));
    const onDemand = base + Math.ceil(((count - base) * Number(onDemandPercentageAboveBaseCapacity)) / 100);
    return families.test(type) ? sum + onDemand * (instanceFacts(type)?.vcpu ?? 0) : sum;
  }, 0);
}
