// Services that run, as a stack that takes them over.
import { readArn } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import type { Context } from "../command";
import { namesOf, translateServices } from "../ecs/adopt";
import type { Adoption } from "../report";
import { clientsIn } from "./clients";
import { describeAll } from "./describe";
import { readServices } from "./read";

export async function adoptServices(cluster: string, { services, region, stack }: Context): Promise<Adoption> {
  if (services.length === 0) throw new UserError("--service is missing: name a service of the cluster, or several, each with --service.");
  const { services: read, denied } = await readServices(clientsIn(region ?? readArn(cluster)?.region), cluster, services);
  const adoption = translateServices(read);
  for (const action of denied) {
    const todo =
      "You have no permission for it, so what it would tell is not known: see what depends on it above, or run this again with the permission.";
    adoption.ledger.left.push({ source: "permissions", path: [action], todo });
  }
  const named = services.map((name) => `--service ${name}`).join(" ");
  const check = `npx berth adopt check --cluster ${cluster} ${named} --stack ${stack}`;
  return { ...adoption, described: describeAll(read, namesOf(read)), check };
}
