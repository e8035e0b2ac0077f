import { Cluster } from "../../components/cluster/cluster";
import { LoadBalancer } from "../../components/load-balancer/load-balancer";
import type { RouteArgs } from "../../components/load-balancer/route";
import type { FargateServiceArgs } from "../../components/service/arguments";
import { FargateService } from "../../components/service/fargate-service";
import type { JsonObject } from "../../facts/graph";
import { ACCOUNT, type Deployed, policyOf, REGION } from "./deploy";
import { plainNetwork } from "./network";

export const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/team/web@sha256:0123`;

export type ServiceGiven = Partial<Omit<FargateServiceArgs, "cluster" | "route">> & { path?: RouteArgs | false };

/** A service behind a load balancer, or with `path: false` a worker. */
export function makeService({ path = { path: "/*" }, ...args }: ServiceGiven = {}, name = "web"): FargateService {
  const network = plainNetwork();
  const cluster = new Cluster("apps", { network });
  const route = path && new LoadBalancer("public", { network, accessLogs: false }).route(path);
  return new FargateService(name, { cluster, image: IMAGE, ...(route && { route }), ...args });
}

export interface Container extends JsonObject {
  name: string;
  image: string;
  environment: JsonObject[];
}
export const containers = (made: Deployed, name = "web") =>
  JSON.parse(String(made.inputs("TaskDefinition", name).containerDefinitions)) as Container[];
export const statements = (made: Deployed, name: string) => policyOf(made.one("RolePolicy", rightsName(made, name))).Statement;

/** The name of a task's policy: `web-execution`, or with a hash of what it grants behind it. */
export const rightsName = (made: Deployed, name: string) =>
  made.names("RolePolicy").find((each) => each.replace(/-[0-9a-f]{8}$/, "") === name) ?? name;
