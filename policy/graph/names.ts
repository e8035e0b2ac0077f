import { containers } from "./containers";
import type { Graph } from "./graph";
import { clusterOf, type Service, taskDefinitionOf } from "./services";

/** A name by which services call another one (Service Connect), and where it is reached. */
export interface ServiceName {
  service: Service;
  name: string;
  /** Port that callers use. */
  port: number;
  /** Port of the tasks that their proxies connect to; undefined where Docker chooses it. */
  taskPort?: number;
}

type Entry = NonNullable<NonNullable<Service["props"]["serviceConnectConfiguration"]>["services"]>[number];

/** Whether the tasks of a service have a proxy. */
export const isConnected = (service: Service): boolean => service.props.serviceConnectConfiguration?.enabled === true;

/** The namespace that a service is in: its own word, or its cluster's. */
export function namespaceOf(service: Service, graph: Graph): unknown {
  return service.props.serviceConnectConfiguration?.namespace ?? clusterOf(service, graph)?.props.serviceConnectDefaults?.namespace;
}

/** The port mappings of a service's tasks that have a name. */
export function mappingsNamed(service: Service, portName: string, graph: Graph) {
  const task = taskDefinitionOf(service, graph);
  return task ? containers(task).flatMap(({ portMappings = [] }) => portMappings.filter(({ name }) => name === portName)) : undefined;
}

/** The names of a service. */
export function namesOf(service: Service, graph: Graph): ServiceName[] {
  if (!isConnected(service)) return [];
  return (service.props.serviceConnectConfiguration?.services ?? []).flatMap((entry: Entry) =>
    (entry.clientAlias ?? []).map(({ dnsName, port }) => {
      const mapping = mappingsNamed(service, entry.portName, graph)?.[0];
      const inBridgeMode = mapping?.hostPort === 0;
      const taskPort = entry.ingressPortOverride ?? (inBridgeMode ? undefined : mapping?.containerPort);
      return { service, name: dnsName ?? entry.discoveryName ?? entry.portName, port, ...(taskPort !== undefined && { taskPort }) };
    }),
  );
}
