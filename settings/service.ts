// What a stack file says of a service: the arguments of a service on whatever it runs, and its route.
import { type OwnAlarms, ownAlarms } from "../components/alarms/arguments";
import { type ArgumentsOf, flag, type Givens, group, list, map, offOr, optional, plain, type Rule, text } from "../components/base/schema";
import { listener, type NetworkListenerArgs, udpIsPreserved } from "../components/load-balancer/network-listener";
import { type RouteArgs, route, routeRules } from "../components/load-balancer/route";
import {
  type Ec2ServiceArgs,
  ec2Service,
  externalHasNoCommand,
  type FargateServiceArgs,
  fargateService,
  itsContainerEnds,
  noDiskOfDaemon,
  noNumber,
  oneClock,
  oneCount,
  startsAgain,
} from "../components/service/arguments";
import { spreads } from "../components/service/balancing";
import { codesOfProtocol, isStream } from "../components/service/health-check";
import { type PortArgs, port, portNameComplaint, portRules } from "../components/service/ports";
import { taskRules } from "../components/task/arguments";
import { FILE_SYSTEM, fileSystemComplaint, volumesWith } from "../components/task/volume-arguments";
import { type QueueSettings, queue, sendsTo } from "./queues";
import { type SidecarSettings, sidecars } from "./sidecars";

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
export const OF_A_PROGRAM = ["essential", "groups"] as const;

/** The volumes of a service or a task, whose file systems may be those of the stack, by their names. */
export const ofVolumes = volumesWith(
  text((given) => (NAME.test(given) ? undefined : fileSystemComplaint(given)), "fs-0123456789abcdef0", FILE_SYSTEM),
);

const ofService = {
  ...plain(fargateService, [...OF_THE_STACK, ...OF_A_PROGRAM, "sidecars"]),
  ...plain(ec2Service, [...OF_THE_STACK, ...OF_A_PROGRAM, "sidecars"]),
  volumes: ofVolumes,
};

/** The requests that a service gets. */
export const ofRoute = route;

/** The listener of the network load balancer that leads to a port. */
export interface ListenerSettings extends Omit<NetworkListenerArgs, "port"> {
  /** Port that users connect to (`port`). Defaults to the tasks' own. */
  port?: number;
}
const ofListener = {
  ...listener,
  port: optional(listener.port),
  protocol: optional(listener.protocol.wrapped),
} satisfies ArgumentsOf<ListenerSettings>;

/** How connections come to a service, or to one of its ports. */
interface Listening {
  /**
   * How users connect to it by the network load balancer, with the protocols `tcp`, `tls` and `udp` (`networkLoadBalancer`). Defaults to the same port and
   * protocol for `service`, and to no listener for a further port or one of `services`, unless this is given: `{}` is the same port.
   */
  listener?: ListenerSettings;
}
const listening = { listener: optional(group(ofListener, udpIsPreserved)) } satisfies ArgumentsOf<Listening>;

const ofPort = { ...plain(port), ...ofRoute, ...listening };
/** A further port of a service in a stack file, and the requests that come to it, if it says which. */
export interface PortSettings extends Omit<PortArgs, "route">, RouteArgs, Listening {}

/** Requests have paths and hosts, connections a port. */
const oneKindOfWay: Rule<Pick<typeof port, "protocol"> & typeof ofRoute & typeof listening> = {
  about: ["protocol", "listener"],
  at: "listener",
  complain: ({ protocol }, given) => {
    const [requested] = routeKeys(given);
    if (isStream(protocol) && requested !== undefined)
      return [
        {
          at: requested,
          text: `with ${protocol} there are connections, which have no ${requested}; leave it out, or choose another protocol.`,
        },
      ];
    return !isStream(protocol) && given.listener !== undefined
      ? `it is of the network load balancer, and ${protocol} comes by the other one; leave it out, or set protocol to tcp, tls or udp.`
      : undefined;
  },
};

/** Any service in a stack file: the arguments of a service on whatever it runs, and its route. */
export interface AnyServiceSettings
  extends Omit<Pick<FargateServiceArgs & Ec2ServiceArgs, keyof typeof ofService>, "ports">,
    RouteArgs,
    Listening {
  /**
   * Further ports of the tasks, by name: each may have a route (by `path`, `host` or another condition) and a health check of its own. One without a route is
   * reached by what `allowFrom` lets in. AWS takes five routes for a service. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   service:
   *     ports:
   *       orders:
   *         port: 50051
   *         protocol: grpc
   *         path: /shop.Orders/*
   *       metrics:
   *         port: 9090
   * ```
   */
  ports?: Record<string, PortSettings>;
  /** Whether the load balancer sends it requests; a worker has none. Defaults to true, and for one of `services` to whether it says anything of its requests, such as `path`. */
  route?: boolean;
  /**
   * Services of this stack that it calls, by name; each has `connect`. The way to them is open, and `<NAME>_URL` (with gRPC and TCP `<NAME>_ADDRESS`) in the
   * environment says where each is, unless the service has a variable of that name. Defaults to none.
   */
  calls?: string[];
  /**
   * The queue (SQS) that the service works on: `{}` makes one, `arn` names one that is there already. The app has `QUEUE_URL` in its environment and the right
   * to receive and delete messages, and the number of tasks follows the messages (`scaling.messages`). See [workers](workers.md). Defaults to none.
   * Cost: 0.40 USD per million requests.
   *
   * @example
   * ```yaml
   * config:
   *   services:
   *     web:
   *       path: /*
   *       sendsTo: [mails]
   *     mails:
   *       command: [node, mails.js]
   *       queue: {}
   *       scaling:
   *         min: 0
   *         max: 20
   * ```
   */
  queue?: QueueSettings;
  /**
   * Services of this stack whose queues it sends to, by name: it has the right to, and `<NAME>_QUEUE_URL` in its environment unless it has a variable of that
   * name. Defaults to none.
   */
  sendsTo?: string[];
  /**
   * Further containers of each task, by name: what a container of the service takes, and the image. They share the task's network and size. See
   * [containers](containers.md). Defaults to none.
   */
  sidecars?: Record<string, SidecarSettings>;
  /** When the stack's alarms of this service ring, where that is otherwise than `alarms` says; or false for none. Defaults to what `alarms` says. */
  alarms?: OwnAlarms | false;
  /** The name before, where the name has changed on a live stack: the same service goes on under the new name. Without it another name is another service. Defaults to none. */
  formerName?: string;
}

export const anyService = {
  ...ofRoute,
  ...listening,
  route: optional(flag()),
  calls: optional(list(text()), []),
  queue,
  sendsTo,
  sidecars,
  alarms: optional(offOr(group(ownAlarms))),
  formerName: optional(text(nameComplaint)),
  ...ofService,
  ports: optional(
    map(group(ofPort satisfies ArgumentsOf<PortSettings>, ...portRules, ...routeRules, oneKindOfWay), { name: portNameComplaint }),
    {},
  ),
} satisfies ArgumentsOf<AnyServiceSettings>;

/** What the route of a service, or of one of its ports, is given, if it has one at all. */
export const routeKeys = (given: Givens<typeof ofRoute>) =>
  Object.keys(ofRoute).filter((key) => given[key as keyof typeof ofRoute] !== undefined);

const workerHasNoRoute: Rule<Pick<typeof anyService, "route" | keyof typeof ofRoute>> = {
  about: ["route"],
  at: "route",
  complain: (_, given) => {
    const idle = routeKeys(given);
    return given.route === false && idle.length > 0
      ? `a worker gets no requests, so ${idle.join(", ")} cannot be chosen; leave out one or the other.`
      : undefined;
  },
};
export const anyServiceRules = [
  ...routeRules,
  ...taskRules,
  oneClock,
  oneCount,
  startsAgain,
  externalHasNoCommand,
  itsContainerEnds,
  codesOfProtocol,
  spreads,
  noNumber,
  noDiskOfDaemon,
  workerHasNoRoute,
  oneKindOfWay,
];

/** The service in a stack file. */
export interface ServiceSettings extends AnyServiceSettings {
  /** Name of the service, and of what belongs to it: 1 to 24 letters, digits and hyphens. Defaults to `web`. */
  name?: string;
}

const serviceSettings = { name: optional(text(nameComplaint, "web"), "web"), ...anyService } satisfies ArgumentsOf<ServiceSettings>;
export const service = group(serviceSettings, ...anyServiceRules);
