// By which name other services call a service, as settings: Service Connect and Cloud Map.
import type { Deployment, Service, ServiceConnectConfiguration, ServiceConnectService } from "@aws-sdk/client-ecs";
import type { Path } from "../ledger";
import { type Part, sameAll } from "./part";

/** A service of Cloud Map that the tasks are registered in. */
export interface Registry {
  /** Its name, and the namespace that it is in. */
  name: string;
  namespace: { id: string; name: string };
}

/** What the service's own settings say of the name. */
export interface Naming {
  /** Its name in the stack, as DNS has it. */
  own: string;
  port: number;
  protocol: string;
  /** Sets what the whole stack has once. */
  agree(part: Part<unknown>, setting: Path, value: unknown): void;
}

export function translateConnect(part: Part<ServiceConnectConfiguration>, naming: Naming): void {
  const { enabled, namespace = "", services = [] } = part.value;
  if (!enabled) {
    part.same("off");
    return;
  }
  part.at("enabled")?.same("on, because it is called or calls");
  if (namespace.startsWith("arn:")) naming.agree(part.at("namespace")!, ["cluster", "existing", "namespaceArn"], namespace);
  else part.at("namespace")?.leave("Give the ARN of the namespace in cluster.existing.namespaceArn.");
  part.at("logConfiguration")?.change("the proxy writes to the service's log group");
  part.at("accessLogConfiguration")?.leave("Berth has no setting for access logs of the proxy; a program can (transform.service).");
  part.at("containerConfigurations")?.leave("Berth has no setting for the proxy's container; a program can (transform.service).");
  const [first, ...others] = part.each("services");
  if (services.length === 0)
    part.differs("services", "it calls others and is called by none: name them in calls, or the proxy goes", "calls: [NAME]");
  if (first) translateCalled(first, naming);
  for (const one of others) one.leave("A service has one name: call this port by an address, or make another service.");
}

function translateCalled(part: Part<ServiceConnectService>, { own, port, protocol }: Naming): void {
  const to = [...part.to, "connect"];
  const { discoveryName, portName, clientAliases: [alias, ...more] = [] } = part.value;
  const name = alias?.dnsName ?? discoveryName ?? portName;
  const spoken = ["http", "http2", "grpc"].includes(protocol) ? protocol : "tcp";
  const usual = spoken === "tcp" ? port : 80;
  const settings = { ...(name !== own && { name }), ...(alias !== undefined && alias.port !== usual && { port: alias.port }) };
  part.at("portName")?.take(to, Object.keys(settings).length > 0 ? settings : true);
  part.at("discoveryName")?.same("the name that callers use");
  part.at("clientAliases")?.same("name and port of connect");
  if (more.length > 0) part.differs("clientAliases[1]", "callers use one name and one port", "leave the others to another service");
  part.at("ingressPortOverride")?.change("the proxy listens where Berth says");
  const timeout = part.at("timeout");
  const times = { idleTimeoutSeconds: "idleTimeout", perRequestTimeoutSeconds: "requestTimeout" } as const;
  for (const [key, setting] of Object.entries(times)) timeout?.at(key as keyof typeof times)?.take([...to, setting]);
  const tls = part.at("tls");
  tls
    ?.at("issuerCertificateAuthority")
    ?.take([...to, "tls", "certificateAuthorityArn"], tls.value.issuerCertificateAuthority!.awsPcaAuthorityArn);
  tls?.at("kmsKey")?.leave("Name the key for the whole stack: kmsKeyArn.");
  tls?.at("roleArn")?.change("Berth makes the role by which ECS gets certificates");
}

/** The tasks' addresses in DNS. */
export function translateRegistries(service: Part<Service>, registry: Registry | undefined, naming: Naming): void {
  const [first, ...others] = service.each("serviceRegistries");
  for (const one of others) one.leave("A task is registered once: call it by that name.");
  if (!first) return;
  if (!registry) {
    first.leave("Name its namespace in cluster.existing.dnsNamespace (id, name), and set dns: true.");
    return;
  }
  if (registry.name === naming.own) first.take("dns", true);
  else
    first.change(
      `its name in DNS is ${naming.own}.${registry.namespace.name} beside ${registry.name}: callers of the old one move, and then it goes`,
      { setting: "dns", value: true },
    );
  naming.agree(first, ["cluster", "existing", "dnsNamespace"], registry.namespace);
}

/** What of a deployment says more of the service than the service itself. */
const OF_THE_SERVICE = ["serviceConnectConfiguration", "volumeConfigurations"] as const;

/** The deployment that serves, of which only what the service does not say itself is read. */
export function translateDeployments(service: Part<Service>): Part<Deployment> | undefined {
  const all = service.each("deployments");
  const primary = all.find(({ value }) => value.status === "PRIMARY") ?? all[0];
  for (const one of all.filter((deployment) => deployment !== primary)) one.same("an earlier deployment");
  if (!primary) return undefined;
  const rest = Object.keys(primary.value).filter(
    (key) => !(OF_THE_SERVICE as readonly string[]).includes(key) && key !== "vpcLatticeConfigurations",
  );
  sameAll(primary, rest as (keyof Deployment & string)[], "the service says it");
  for (const one of primary.each("vpcLatticeConfigurations"))
    one.leave(
      "Berth has no setting for VPC Lattice: put an Application Load Balancer before it, or add it in a program (transform.service).",
    );
  return primary;
}
