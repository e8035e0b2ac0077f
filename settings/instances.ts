// What a stack file says of the instances beside Fargate. Services and tasks decide whether there are any.
import { type ArgumentsOf, type Deeper, type Givens, group, oneOf, optional, plain, type Rule } from "../components/base/schema";
import { type Ec2CapacityArgs, ec2Capacity, ec2Rules } from "../components/cluster/ec2-capacity";
import { type ManagedInstancesCapacityArgs, managedInstances, oneArchitecture } from "../components/cluster/managed-instances";
import { OF_THE_STACK } from "./service";
import { type Compute, type Listed, listed, type OfServices, placeOf } from "./services";
import type { ofTasks } from "./tasks";

// The words of the whole stack decide these: compute, sleep, architecture.
const ofEc2 = plain(ec2Capacity, ["instanceTypes", "sleep"]);
const managedSettings = plain(managedInstances, OF_THE_STACK);

/** The cluster's EC2 instances in a stack file. */
export interface Ec2Settings extends Pick<Ec2CapacityArgs, keyof typeof ofEc2> {
  /** Instance types, all of one architecture; the first is preferred. A type that is sold out is replaced by the next. Defaults to `[t3.medium]`, or `[t4g.medium]` for arm64. */
  instanceTypes?: string[];
}
const ec2Settings = { ...ofEc2, instanceTypes: optional(ec2Capacity.instanceTypes) } satisfies ArgumentsOf<Ec2Settings>;

/** The instances that ECS manages in a stack file. */
export type ManagedInstancesSettings = Pick<ManagedInstancesCapacityArgs, keyof typeof managedSettings>;

export const ofInstances = {
  ec2: optional(group(ec2Settings, ...ec2Rules), {}),
  managedInstances: optional(group(managedSettings), {}),
};
const architecture = optional(oneOf("x86_64", "arm64"), "x86_64");
/** The keys that say what runs. */
export type OfWork = OfServices & typeof ofTasks;
type OfInstances = OfWork & typeof ofInstances & { architecture: typeof architecture };
type Given = Givens<OfInstances>;

/** What the services and tasks of a stack run on. */
export const computesOf = (given: Givens<OfWork>): Compute[] => [
  ...listed(given).map(({ compute }) => compute),
  ...Object.values(given.tasks ?? {}).map((task) => task.compute ?? given.compute ?? "fargate"),
];

/** The setting of the instances that decides how they are bought, whatever the services on them say. */
const BOUGHT = { ec2: "ec2.spotPercent", "managed-instances": "managedInstances.capacity" };
const boughtBy = ({ given: { capacity = "onDemand" } }: Listed) => capacity;

export const instancesRules: Rule<OfInstances>[] = [
  {
    about: ["compute", "service.capacity", "services", "ec2", "managedInstances"],
    at: "services",
    complain: (_, given) =>
      (["ec2", "managed-instances"] as const).flatMap((compute): Deeper[] => {
        if ((compute === "ec2" ? given.ec2?.spotPercent : given.managedInstances?.capacity) !== undefined) return [];
        const [first, ...others] = listed(given).filter((one) => one.compute === compute);
        const other = others.find((one) => boughtBy(one) !== boughtBy(first!));
        const text =
          other &&
          `${boughtBy(other)}, and ${first!.name} has ${boughtBy(first!)}; services on instances share them: choose one for all, or set ${BOUGHT[compute]}.`;
        return text ? [{ at: [...placeOf(other!), "capacity"].join("."), text }] : [];
      }),
  },
  {
    about: ["architecture", "compute", "services", "tasks", "managedInstances.instanceTypes"],
    at: "managedInstances.instanceTypes",
    complain: ({ architecture, managedInstances: { instanceTypes = [] } }, given) =>
      computesOf(given).includes("managed-instances") ? oneArchitecture.complain({ architecture, instanceTypes }, {}) : undefined,
  },
];

/** What instances there are, if there are any. */
export const someInstances = (given: Given) => computesOf(given).find((compute) => compute !== "fargate");

/** Share of Spot instances that a word stands for, as the same word does on Fargate. */
const SPOT_PERCENT = { onDemand: 0, mixed: 75, spot: 100 };

/** The instances that the cluster needs beside Fargate. What all services on them say of capacity holds for them, and hours in which all sleep. */
export function instancesOf(given: Given) {
  const { architecture = "x86_64", ec2, managedInstances } = given;
  const computes = computesOf(given);
  const on = (compute: Compute) => listed(given).flatMap((one) => (one.compute === compute ? [one.given] : []));
  const { capacity, sleep } = on("ec2")[0] ?? {};
  const asleep = on("ec2").every((its) => JSON.stringify(its.sleep) === JSON.stringify(sleep));
  const words = { ...(capacity && { spotPercent: SPOT_PERCENT[capacity] }), ...(asleep && sleep && { sleep }) };
  const instanceTypes = architecture === "arm64" ? ["t4g.medium"] : ["t3.medium"];
  const spot = on("managed-instances")[0]?.capacity === "spot" && { capacity: "spot" as const };
  return {
    ...(computes.includes("ec2") && { ec2: { ec2: { instanceTypes, ...words, ...ec2 } } }),
    ...(computes.includes("managed-instances") && { managedInstances: { ...spot, ...managedInstances, architecture } }),
  };
}
