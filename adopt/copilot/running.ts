// Which services of ECS Copilot's are, and what a stack imports of them. AWS is only read.
import { paginateListServices } from "@aws-sdk/client-ecs";
import { nameOf } from "../../facts/arns";
import { type Described, describe } from "../import/described";
import { paged } from "../read/asking";
import { clientsIn } from "../read/clients";
import { describeAll } from "../read/describe";
import { type Read, readServices } from "../read/read";
import { isMap } from "../values";
import type { Deployed } from "./stacks";

/** Reads the services of these workloads; nothing where there are no credentials. */
export async function readRunning(deployed: Deployed, env: string, workloads: readonly string[]): Promise<Described[]> {
  const clients = clientsIn(deployed.region);
  const cluster = deployed.outputs.ClusterId!;
  try {
    const arns = await paged(paginateListServices({ client: clients.ecs }, { cluster, maxResults: 100 }), ({ serviceArns }) => serviceArns);
    const found = servicesIn(arns.map(nameOf), env, workloads);
    const { services } = await readServices(
      clients,
      cluster,
      found.map(({ service }) => service),
    );
    return describedOf(
      services,
      found.map(({ workload }) => workload),
      deployed,
    );
  } catch (error) {
    if (error instanceof Error && error.name === "CredentialsProviderError") return [];
    throw error;
  }
}

/** The services that Copilot named after workloads: `shop-prod-web-Service-0a1B2c3D4e5F`. */
export function servicesIn(names: readonly string[], env: string, workloads: readonly string[]) {
  return workloads.flatMap((workload) => {
    const service = names.find((name) => new RegExp(`^${env}-${workload}-Service-[A-Za-z0-9]+$`).test(name));
    return service === undefined ? [] : [{ workload, service }];
  });
}

/** What a stack imports of services: with the names that Copilot gives them in the VPC's DNS, which its templates make alike. */
export function describedOf(services: readonly Read[], workloads: readonly string[], { outputs }: Deployed): Described[] {
  const names = services.flatMap(({ service }, i): Described[] => {
    const registry = service.serviceRegistries?.[0]?.registryArn;
    if (registry === undefined) return [];
    const inputs = {
      name: workloads[i]!,
      description: "Discovery Service for the Copilot services",
      dnsConfig: {
        namespaceId: outputs.ServiceDiscoveryNamespaceID!,
        dnsRecords: [
          { type: "A", ttl: 10 },
          { type: "SRV", ttl: 10 },
        ],
        routingPolicy: "MULTIVALUE",
      },
      healthCheckCustomConfig: { failureThreshold: 1 },
    };
    return [describe("aws:servicediscovery/service:Service", inputs, { id: nameOf(registry), arn: registry }, workloads[i])];
  });
  return [...describeAll(services, workloads), ...names];
}

/** The numbers of the listener rules that lead to services, by the service's name in the stack: another number could be a rule's that is there. */
export function prioritiesOf(described: readonly Described[]): Map<string, number> {
  const rules = described.filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule");
  const found = described.flatMap(({ type, name, inputs }): [string, number][] => {
    if (type !== "aws:ecs/service:Service" || name === undefined) return [];
    const [first] = Array.isArray(inputs.loadBalancers) ? inputs.loadBalancers : [];
    const group = isMap(first) ? first.targetGroupArn : undefined;
    const rule = rules.find((one) => typeof group === "string" && JSON.stringify(one.inputs.actions).includes(group));
    const priority = Number(rule?.inputs.priority);
    return Number.isInteger(priority) ? [[name, priority]] : [];
  });
  return new Map(found);
}
