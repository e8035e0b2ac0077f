// What a stack file says of the service: the arguments of a service on whatever it runs, and its route.
import { type ArgumentsOf, group, optional, plain, text } from "../components/base/schema";
import { route } from "../components/load-balancer/route";
import {
  codesOfProtocol,
  type Ec2ServiceArgs,
  ec2Service,
  externalHasNoCommand,
  type FargateServiceArgs,
  fargateService,
  noNumber,
  oneCount,
} from "../components/service/arguments";
import { singleTaskRules } from "../components/task/arguments";

const NAME = /^[A-Za-z]([A-Za-z0-9-]{0,22}[A-Za-z0-9])?$/;

/** What is wrong with the name of a service, or of a task beside it; undefined if nothing is. */
export function nameComplaint(given: string): string | undefined {
  if (NAME.test(given)) return undefined;
  const near = given
    .replace(/[^A-Za-z0-9-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  return `${JSON.stringify(given)} cannot be a name; allowed: 1 to 24 letters, digits and "-", a letter first${near && `; the nearest is "${near}"`}.`;
}

/** What the whole stack has. */
export const OF_THE_STACK = ["tags", "permissionsBoundary", "kmsKeyArn", "architecture"] as const;
/** What only a program can say of a task. */
export const OF_A_PROGRAM = ["sidecars", "essential", "groups"] as const;

const ofService = {
  ...plain(fargateService, [...OF_THE_STACK, ...OF_A_PROGRAM]),
  ...plain(ec2Service, [...OF_THE_STACK, ...OF_A_PROGRAM]),
};

/** The service in a stack file: the arguments of a service on whatever it runs, its name, and its route. */
export interface ServiceSettings extends Pick<FargateServiceArgs & Ec2ServiceArgs, keyof typeof ofService> {
  /** Name of the service, and of what belongs to it: 1 to 24 letters, digits and hyphens. Defaults to `web`. */
  name?: string;
  /** The name before, where `name` has changed on a live stack: the same service goes on under the new name. Without it another name is another service. Defaults to none. */
  formerName?: string;
  /** Path pattern of the requests that the service gets. Defaults to `/*`. */
  path?: string;
  /** Host pattern of the requests that the service gets, such as `*.example.com`. Defaults to any host. */
  host?: string;
}

const serviceSettings = {
  name: optional(text(nameComplaint, "web"), "web"),
  path: optional(route.path.wrapped, "/*"),
  host: route.host,
  formerName: optional(text(nameComplaint)),
  ...ofService,
} satisfies ArgumentsOf<ServiceSettings>;
export const service = group(serviceSettings, ...singleTaskRules, oneCount, externalHasNoCommand, codesOfProtocol, noNumber);
