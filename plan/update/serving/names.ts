// The names by which services call each other (Service Connect): a task keeps those that it was deployed with.
import type { Resource } from "../../../facts/graph";
import { SERVICE } from "../../../facts/types";
import { number, object, objects, text } from "../../graph/query";
import { type Hazard, hazard } from "./hazard";
import type { Update } from "./update";

/** What callers lose that is not there any more, or in another namespace, when they still ask for it. */
export function lostNames(update: Update): Hazard[] {
  const connected = update.before.filter((one) => one.type === SERVICE && connectionOf(one).enabled === true);
  return update.after.flatMap((service) => {
    const before = service.type === SERVICE ? update.formerOf(service) : undefined;
    const callers = connected.filter((one) => one !== before);
    if (!before || callers.length === 0) return [];
    const now = new Set(namesOf(service));
    const lost = namesOf(before).filter((name) => !now.has(name));
    return lost.map((name) =>
      hazard("traffic", service, `its callers know it as ${name.split(" ")[0]}, which is gone before they are deployed again`),
    );
  });
}

const connectionOf = ({ inputs }: Resource) => object(inputs.serviceConnectConfiguration);

/** `api:80`, each with its namespace. */
function namesOf(service: Resource): string[] {
  const { namespace, services } = connectionOf(service);
  return objects(services).flatMap(({ clientAlias }) =>
    objects(clientAlias).map(({ dnsName, port }) => `${text(dnsName) ?? ""}:${number(port) ?? ""} ${JSON.stringify(namespace ?? null)}`),
  );
}
