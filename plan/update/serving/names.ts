// The names by which services call each other (Service Connect): a task keeps those that it was deployed with, and a name what is spoken under it.
import type { Resource } from "../../../facts/graph";
import { SERVICE } from "../../../facts/types";
import { number, object, objects, text } from "../../graph/query";
import { type Hazard, hazard } from "./hazard";
import { containersOf, Revision } from "./revision";
import type { Update } from "./update";

export function changedNames(update: Update): Hazard[] {
  const connected = update.before.filter((one) => one.type === SERVICE && connectionOf(one).enabled === true);
  return update.after.flatMap((service) => {
    const before = service.type === SERVICE ? update.formerOf(service) : undefined;
    if (!before) return [];
    const [was, is] = [namesOf(before), namesOf(service)];
    const called = connected.some((one) => one !== before);
    const lost = called ? [...was.keys()].filter((name) => !is.has(name)) : [];
    return [
      ...lost.map((name) =>
        hazard("traffic", service, `its callers know it as ${name.split(" ")[0]}, which is gone before they are deployed again`),
      ),
      ...protocolsChanged(update, before, service),
    ];
  });
}

const connectionOf = ({ inputs }: Resource) => object(inputs.serviceConnectConfiguration);

/** `api:80`, each with its namespace. */
function namesOf(service: Resource): Set<string> {
  const { namespace, services } = connectionOf(service);
  const names = objects(services).flatMap(({ clientAlias }) =>
    objects(clientAlias).map(({ dnsName, port }) => `${text(dnsName) ?? ""}:${number(port) ?? ""} ${JSON.stringify(namespace ?? null)}`),
  );
  return new Set(names);
}

/** A name that is there already keeps its protocol. */
function protocolsChanged(update: Update, before: Resource, after: Resource): Hazard[] {
  const was = protocolsOf(before, new Revision(update.start, update.was(before)));
  const is = protocolsOf(after, new Revision(update.end, update.is(after)));
  return [...was].flatMap(([name, protocol]) => {
    const now = is.get(name) ?? protocol;
    return now === protocol ? [] : [hazard("refused", after, `its name ${name} speaks ${protocol}, and AWS does not let it speak ${now}`)];
  });
}

function protocolsOf(service: Resource, { taskDefinition }: Revision): Map<string, string> {
  const ports = containersOf(taskDefinition).flatMap(({ portMappings }) => objects(portMappings));
  return new Map(
    objects(connectionOf(service).services).map(({ discoveryName, portName }) => {
      const port = ports.find(({ name }) => name === portName);
      return [text(discoveryName) ?? text(portName) ?? "", text(port?.appProtocol) ?? "tcp"];
    }),
  );
}
