// What runs the tasks of a service, as settings: Fargate, EC2 instances, or instances that ECS manages.
import { isDeepStrictEqual } from "node:util";
import type { CapacityProviderStrategyItem, Service } from "@aws-sdk/client-ecs";
import type { Path } from "../ledger";
import type { TaggedTask } from "./documents";
import type { Part } from "./part";

type Compute = "fargate" | "ec2" | "managed-instances";
/** Whether a capacity provider has EC2 instances of one's own, or instances that ECS manages. */
export type Providers = Readonly<Record<string, "ec2" | "managed-instances">>;

const isFargate = ({ capacityProvider = "" }: CapacityProviderStrategyItem) => capacityProvider.startsWith("FARGATE");

/** What the tasks run on. */
export function computeOf({ requiresCompatibilities: places = [] }: TaggedTask, service: Service, providers: Providers = {}): Compute {
  const { capacityProviderStrategy = [], launchType } = service;
  const other = capacityProviderStrategy.find((one) => !isFargate(one));
  const managed = places.includes("MANAGED_INSTANCES") && !places.includes("EC2");
  if (other) return providers[other.capacityProvider ?? ""] ?? (managed ? "managed-instances" : "ec2");
  if (capacityProviderStrategy.length > 0) return "fargate";
  if (launchType !== undefined)
    return launchType === "FARGATE" ? "fargate" : launchType === "MANAGED_INSTANCES" ? "managed-instances" : "ec2";
  return managed ? "managed-instances" : places.includes("EC2") && !places.includes("FARGATE") ? "ec2" : "fargate";
}

const MIXED = [
  { capacityProvider: "FARGATE", base: 2, weight: 1 },
  { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
];
/** Spread over zones, then instances filled up by memory. */
const SPREAD = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "binpack", field: "memory" },
];

export function translateCapacity(
  service: Part<Service>,
  compute: Compute,
  setting: Path,
  agree: (part: Part<unknown>, setting: Path, value: unknown) => void,
): void {
  if (compute !== "fargate") service.kept("compute", setting, compute);
  const launch = service.at("launchType");
  const strategy = service.at("capacityProviderStrategy");
  if (launch && compute === "fargate") launch.same("Berth names it as a capacity provider, so that the service can move to others");
  else if (launch && service.value.schedulingStrategy === "DAEMON") launch.same("a daemon has no capacity provider");
  else launch?.leave("Berth runs tasks by capacity providers: name that of the instances in cluster.existing.ec2CapacityProviders.");
  if (strategy && compute === "fargate") translateFargate(strategy);
  else if (strategy) translateProvider(strategy, compute, agree);
  if (compute !== "ec2") {
    for (const key of ["placementStrategy", "placementConstraints"] as const) service.at(key)?.leave("It belongs to EC2 instances.");
    return;
  }
  service
    .at("placementConstraints")
    ?.leave("A stack file places tasks anywhere on the instances; a program can say where (placementConstraints).");
  const placed = service.at("placementStrategy");
  const keep = "a program can say it (placementStrategies)";
  if (placed && isDeepStrictEqual(placed.value, SPREAD)) placed.same("Berth's default");
  else placed?.change("tasks are spread over the zones, and then fill up instances by memory", { keep });
}

function translateFargate(part: Part<CapacityProviderStrategyItem[]>): void {
  const names = part.value.filter(({ base = 0, weight = 0 }) => base + weight > 0).map(({ capacityProvider }) => capacityProvider);
  if (!names.includes("FARGATE_SPOT")) {
    part.same("Berth's default");
    return;
  }
  if (!names.includes("FARGATE")) {
    part.take("capacity", "spot");
    return;
  }
  const full = part.value.map(({ capacityProvider, base = 0, weight = 0 }) => ({ capacityProvider, base, weight }));
  const sorted = full.sort((a, b) => (a.capacityProvider! < b.capacityProvider! ? -1 : 1));
  if (isDeepStrictEqual(sorted, MIXED)) part.take("capacity", "mixed");
  else
    part.change("mixed keeps the first two tasks on demand and puts three of four further ones on Spot", {
      setting: "capacity",
      value: "mixed",
    });
}

function translateProvider(
  part: Part<CapacityProviderStrategyItem[]>,
  compute: Compute,
  agree: (part: Part<unknown>, setting: Path, value: unknown) => void,
): void {
  const [first, ...others] = part.items();
  const { capacityProvider = "" } = first!.value;
  const existing = ["cluster", "existing"];
  if (compute === "managed-instances") agree(first!, [...existing, "managedInstancesCapacityProvider"], capacityProvider);
  else agree(first!, [...existing, "ec2CapacityProviders", capacityProvider], capacityProvider);
  for (const one of others)
    one.leave("A stack file runs a service on one capacity provider; a program can share its tasks among several (groups).");
}
