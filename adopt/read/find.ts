// Which services are meant: they are there, in one cluster of one account.
import type { Service } from "@aws-sdk/client-ecs";
import { paginateListClusters, paginateListServices } from "@aws-sdk/client-ecs";
import { nameOf, readArn } from "../../facts/arns";
import { listed, orMeant, UserError } from "../../facts/errors";
import { paged } from "./asking";
import type { Clients } from "./clients";

/** AWS describes so many services in one call. */
const MOST = 10;

/** The services of these names. Throws where one is not there, is being deleted, or is another account's. */
export async function findServices(clients: Clients, cluster: string, names: readonly string[]): Promise<Service[]> {
  const { Account } = await clients.sts.getCallerIdentity({});
  refuseAccount(cluster, Account);
  const found: Service[] = [];
  for (let i = 0; i < names.length; i += MOST) found.push(...(await describe(clients, cluster, names.slice(i, i + MOST))));
  const own = names.map((name) => found.find(({ serviceName, serviceArn }) => serviceName === nameOf(name) || serviceArn === name));
  const missing = names.find((_, i) => own[i] === undefined || own[i]!.status === "INACTIVE");
  if (missing !== undefined) throw await noService(clients, cluster, missing);
  const draining = own.find((one) => one!.status !== "ACTIVE");
  if (draining) throw new UserError(`${draining.serviceName} is ${draining.status}; a service that is being deleted cannot be adopted.`);
  for (const one of own) refuseAccount(one!.serviceArn ?? "", Account);
  return own as Service[];
}

/** The stack is deployed with the caller's credentials, so everything is in that account. */
function refuseAccount(arn: string, own: string | undefined): void {
  const its = readArn(arn)?.accountId;
  if (its !== undefined && own !== undefined && its !== own)
    throw new UserError(`${arn} is in account ${its}, and the credentials are for account ${own}; nothing was written.`, [
      "Choose credentials of that account (AWS_PROFILE): a stack is in one.",
    ]);
}

async function describe({ ecs, ...clients }: Clients, cluster: string, services: string[]): Promise<Service[]> {
  try {
    return (await ecs.describeServices({ cluster, services, include: ["TAGS"] })).services ?? [];
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ClusterNotFoundException") throw error;
    throw await noCluster({ ecs, ...clients }, cluster);
  }
}

async function noCluster({ ecs }: Clients, cluster: string): Promise<UserError> {
  const arns = await paged(paginateListClusters({ client: ecs }, {}), ({ clusterArns }) => clusterArns).catch((): string[] => []);
  return new UserError(`${thereIsNo("cluster", cluster, await ecs.config.region(), arns.map(nameOf))}`);
}

async function noService({ ecs }: Clients, cluster: string, name: string): Promise<UserError> {
  const arns = await paged(paginateListServices({ client: ecs }, { cluster, maxResults: 100 }), ({ serviceArns }) => serviceArns).catch(
    (): string[] => [],
  );
  return new UserError(thereIsNo("service", name, nameOf(cluster), arns.map(nameOf)));
}

const thereIsNo = (what: string, name: string, where: string, names: string[]) =>
  `There is no ${what} ${JSON.stringify(name)} in ${where}; there ${names.length === 1 ? "is" : "are"} ${listed(names.sort()) || "none"}${orMeant(name, names)}`;
