// Whether the cluster and capacity providers of others are ready, and instance types are offered where they are to run.
import type { CapacityProvider, Cluster } from "@aws-sdk/client-ecs";
import { nameOf } from "../../facts/arns";
import { orMeant } from "../../facts/errors";
import type { JsonObject, Resource } from "../../facts/graph";
import { CAPACITY_PROVIDER, CLUSTER_CAPACITY_PROVIDERS, SERVICE } from "../../facts/types";
import type { Aws } from "../stack/aws";
import { instanceTypes } from "./instances";
import { isNameOf, type PlannedStack, textOf } from "./planned-stack";
import { type Answer, asked, type Finding, notPermitted, unlessFound, type Verification } from "./verification";

interface Answers {
  clusters: { name: string; cluster: Answer<Cluster | undefined>; others: string[] }[];
  providers: Answer<CapacityProvider[]>;
  /** Instance types by whose they are, and which of them the region offers. */
  types: { owner: string; types: string[]; offered: Answer<string[]> }[];
}

/** The services whose cluster another stack made. */
const guests = (stack: PlannedStack) => stack.ofType(SERVICE).filter((one) => stack.isGiven(one, "cluster"));
const clusterOf = ({ inputs }: Resource) => textOf(inputs, "cluster")!;

/** The capacity providers of a service that the stack does not make. */
function providersOf(stack: PlannedStack, { inputs }: Resource): string[] {
  const strategies = (inputs.capacityProviderStrategies ?? []) as JsonObject[];
  const own = stack.ofType(CAPACITY_PROVIDER);
  return strategies
    .flatMap((one) => textOf(one, "capacityProvider") ?? [])
    .map(nameOf)
    .filter((name) => !own.some((one) => isNameOf(one, name)));
}

async function readCluster(aws: Aws, name: string): Promise<Answers["clusters"][number]> {
  const cluster = await asked(
    aws
      .ecs()
      .describeClusters({ clusters: [name] })
      .then(({ clusters = [] }) => clusters.find(({ status }) => status !== "INACTIVE")),
  );
  const all = "value" in cluster && !cluster.value ? await asked(aws.ecs().listClusters({})) : undefined;
  return { name, cluster, others: all && "value" in all ? (all.value.clusterArns ?? []).map(nameOf) : [] };
}

async function offeredTypes(aws: Aws, types: string[]): Promise<string[]> {
  const Filters = [{ Name: "instance-type", Values: types }];
  const { InstanceTypeOfferings = [] } = await aws.ec2().describeInstanceTypeOfferings({ LocationType: "region", Filters });
  return InstanceTypeOfferings.flatMap(({ InstanceType }) => InstanceType ?? []);
}

function judgeCluster(stack: PlannedStack, { name, cluster, others }: Answers["clusters"][number]): Finding[] {
  const short = nameOf(name);
  if ("denied" in cluster) return [notPermitted(`the cluster ${short}`, cluster.denied)];
  if (!cluster.value) {
    const detail = `there is no cluster ${short} in ${stack.place.region}${orMeant(short, others)}`;
    return [{ result: "fail", detail, fix: "Correct cluster.existing, or deploy the stack that makes it first." }];
  }
  const attached = [...(cluster.value.capacityProviders ?? []), ...attachedBy(stack)].map(nameOf);
  return guests(stack)
    .filter((one) => clusterOf(one) === name)
    .flatMap((service) => providersOf(stack, service).map((provider) => ({ service, provider })))
    .filter(({ provider }) => !attached.includes(provider))
    .map(({ service, provider }): Finding => {
      const detail = `${service.name}: the cluster ${short} has no capacity provider ${provider}; it has ${attached.join(", ") || "none"}.`;
      return {
        result: "fail",
        cause: "no-capacity",
        detail,
        fix: "Add it to the cluster, or choose one that it has (compute, service.capacity).",
      };
    });
}

const attachedBy = (stack: PlannedStack) =>
  stack
    .ofType(CLUSTER_CAPACITY_PROVIDERS)
    .flatMap(({ inputs }) => (Array.isArray(inputs.capacityProviders) ? inputs.capacityProviders : []))
    .filter((one): one is string => typeof one === "string");

function judgeTypes({ owner, types, offered }: Answers["types"][number], region: string): Finding[] {
  if ("denied" in offered) return [notPermitted(`${owner}: its instance types`, offered.denied)];
  const has = (type: string) => offered.value.some((one) => new RegExp(`^${type.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(one));
  const missing = types.filter((type) => !has(type));
  if (missing.length === 0) return [];
  const detail = `${owner}: ${region} offers no ${missing.join(", ")}.`;
  const fix = "Choose types that the region offers: aws ec2 describe-instance-type-offerings.";
  return [missing.length === types.length ? { result: "fail", cause: "no-capacity", detail, fix } : { result: "warn", detail, fix }];
}

function judgeProviders(answer: Answers["providers"]): Finding[] {
  if ("denied" in answer) return [notPermitted("the capacity providers", answer.denied)];
  return answer.value
    .filter(({ status }) => status !== "ACTIVE")
    .map(({ name, status }): Finding => {
      const detail = `the capacity provider ${name} is ${status}, and takes no tasks.`;
      return { result: "fail", cause: "no-capacity", detail, fix: "Wait until it is ACTIVE, or choose another." };
    });
}

export const capacity: Verification<Answers> = {
  name: "Capacity",
  read(stack, aws) {
    const names = [...new Set(guests(stack).map(clusterOf))];
    const providers = [...new Set(guests(stack).flatMap((one) => providersOf(stack, one)))];
    const types = instanceTypes(stack).filter((one) => one.types.length > 0);
    if (names.length + types.length === 0) return undefined;
    return Promise.all([
      Promise.all(names.map((name) => readCluster(aws, name))),
      providers.length === 0
        ? { value: [] }
        : asked(
            aws
              .ecs()
              .describeCapacityProviders({ capacityProviders: providers })
              .then(({ capacityProviders = [] }) => capacityProviders),
          ),
      Promise.all(types.map(async (one) => ({ ...one, offered: await asked(offeredTypes(aws, one.types)) }))),
    ]).then(([clusters, found, offers]) => ({ clusters, providers: found, types: offers }));
  },
  judge(stack, { clusters, providers, types }) {
    const findings = [
      ...clusters.flatMap((one) => judgeCluster(stack, one)),
      ...judgeProviders(providers),
      ...types.flatMap((one) => judgeTypes(one, stack.place.region)),
    ];
    return unlessFound(findings, "the cluster and its capacity are ready");
  },
};
