// What a stack file says of its services together: the single `service`, those by name beside it, what each runs on, and which image it has.
import { ORIGIN, type Origin } from "../components/base/origin";
import {
  type ArgumentsOf,
  complaintOf,
  type Deeper,
  type Givens,
  group,
  map,
  oneOf,
  optional,
  pick,
  plain,
  type Rule,
  where,
  withDefaults,
} from "../components/base/schema";
import { ec2Service, fargateService, service as managedService } from "../components/service/arguments";
import { isStream, type StreamProtocol } from "../components/service/health-check";
import { port } from "../components/service/ports";
import { type OnFargate, onFargate } from "../components/task/arguments";
import { wordComplaint } from "../facts/errors";
import { hasOwnSource, type ImageSettings, image, laidOver, ownImage, sourceOf } from "./image";
import { aliases, from, named } from "./places";
import { type AnyServiceSettings, anyService, anyServiceRules, nameComplaint, ofRoute, routeKeys, service } from "./service";

/** What runs tasks. */
export type Compute = "fargate" | "ec2" | "managed-instances";
const compute = () => oneOf("fargate", "ec2", "managed-instances");

/** One of several services in a stack file: all that `service` takes but the name, which is its key. */
export interface OneServiceSettings extends AnyServiceSettings {
  /** What runs it: `fargate`, `ec2` or `managed-instances`. Defaults to what the stack runs on. */
  compute?: Compute;
  /**
   * Its own image: these settings over those of the stack's `image`, such as `target: worker`. With a `context` or an `imageUri` of its own, nothing of the
   * other's source is left. Defaults to the stack's image, which all services without one share.
   */
  image?: ImageSettings;
}

const oneService = {
  ...anyService,
  compute: optional(compute()),
  image: optional(ownImage),
} satisfies ArgumentsOf<OneServiceSettings>;

/** The keys of a stack file that say which services there are, what they run on, and what image they have. */
export const ofServices = {
  compute: optional(compute(), "fargate"),
  image: optional(image, {}),
  service: optional(service, {}),
  services: optional(map(group(oneService, ...anyServiceRules), { name: nameComplaint }), {}),
};
export type OfServices = typeof ofServices;
type Given = Givens<OfServices>;

/** A service of a stack file, wherever it stands there. */
export interface Listed {
  name: string;
  /** Whether it is `service`, and not one of `services`. */
  single: boolean;
  compute: Compute;
  given: Givens<typeof oneService>;
}

/** The services of a stack file: `service`, which is also there where nothing is said of any, and those by name. */
export function listed({ compute = "fargate", service, services = {} }: Given): Listed[] {
  const several = Object.entries(services).map(([name, given]) => ({ name, single: false, compute: given.compute ?? compute, given }));
  if (service === undefined && several.length > 0) return several;
  return [{ name: service?.name ?? "web", single: true, compute, given: service ?? {} }, ...several];
}

/** Where a service stands. */
export const placeOf = ({ single, name }: Listed) => (single ? ["service"] : ["services", name]);

/** The service that is meant where none is named: `service`, or the only one. */
export function mainOf(given: Given): Listed | undefined {
  const all = listed(given);
  return all.length === 1 ? all[0] : all.find(({ single }) => single);
}

/** Whether a service has a route: `service` has one, others only where they say which. */
export const isRouted = ({ given, single }: Listed) =>
  !isStream(given.protocol ?? "http") && (given.route ?? (single || routeKeys(given).length > 0));
/** The same of connections. */
const isListened = ({ given, single }: Listed) =>
  isStream(given.protocol ?? "http") && (given.route ?? (single || given.listener !== undefined));
const portsIn = ({ given }: Listed) => Object.values(given.ports ?? {});
/** Whether a service needs the load balancer, for itself or for a port. */
export const isReached = (one: Listed) => isRouted(one) || portsIn(one).some((port) => routeKeys(port).length > 0);
/** Whether it needs the network load balancer. */
export const isConnected = (one: Listed) => isListened(one) || portsIn(one).some(({ listener }) => listener !== undefined);

const RULES: Rule<Pick<typeof oneService, "compute" | "networkMode" | "daemon" | "capacity" | keyof OnFargate>>[] = [
  ...where<OnFargate, Pick<typeof oneService, "compute">>(["compute"], ({ compute }) => compute === "fargate", onFargate),
  {
    about: ["compute", "networkMode"],
    at: "networkMode",
    complain: ({ compute, networkMode }) =>
      compute !== "ec2" && networkMode !== "awsvpc"
        ? `tasks on ${compute === "fargate" ? "Fargate always have a network interface of their own" : "Managed Instances have a network interface of their own here"}; set compute: ec2, or leave it out.`
        : undefined,
  },
  {
    about: ["compute", "daemon"],
    at: "daemon",
    complain: ({ compute, daemon }) =>
      compute !== "ec2" && daemon
        ? `${compute === "fargate" ? "Fargate has no instances to run one task on each;" : "on Managed Instances what runs once on each instance is no service; name it in daemons,"} set compute: ec2, or leave it out.`
        : undefined,
  },
  {
    about: ["compute", "capacity"],
    at: "capacity",
    complain: ({ compute, capacity }) =>
      compute === "managed-instances" && capacity === "mixed"
        ? "ECS buys managed instances of one kind; allowed: onDemand, spot."
        : undefined,
  },
];

/** The rules about one service and what it runs on, asked of each. */
const ofEach: Rule<OfServices>[] = RULES.flatMap((rule): Rule<OfServices>[] => [
  {
    about: rule.about.map((key) => (key === "compute" ? key : (`service.${key}` as const))),
    at: `service.${rule.at}`,
    complain: ({ compute, service }, given) => rule.complain({ ...service, compute }, given.service ?? {}),
  },
  {
    about: ["compute", "services"],
    at: "services",
    complain: ({ compute, services }, given) =>
      Object.entries(services).flatMap(([name, its]) => complaintOf(rule, `services.${name}`, { compute, ...its }, given.services![name]!)),
  },
]);

/** What is wrong with the names of services that others call. */
function callComplaints(given: Given): Deeper[] {
  const all = listed(given);
  const names = all.map(({ name }) => name);
  return all.flatMap((one) =>
    (one.given.calls ?? []).flatMap((name, i) =>
      names.includes(name)
        ? []
        : [
            {
              at: [...placeOf(one), "calls", String(i)].join("."),
              text: `${wordComplaint(name, names, "a service of this stack")} One of another stack is called with connect: true here and its address in environment.`,
            },
          ],
    ),
  );
}

/** What is wrong with the names of services, one with another. */
function nameComplaints(given: Given): Deeper[] {
  const all = listed(given);
  const names = new Set(all.map(({ name }) => name));
  const [first, ...others] = all;
  const twin = others.find(({ name }) => name === first!.name);
  const shared = sharedImage(all);
  const likeImage = all.find(({ name, given }) => given.image && name === shared);
  return [
    ...(twin
      ? [{ at: placeOf(twin).join("."), text: "`service` has that name; choose another, or give that one another by service.name." }]
      : []),
    ...(likeImage
      ? [
          {
            at: `${placeOf(likeImage).join(".")}.image`,
            text: `the image that the others share is called ${shared}; name this service otherwise.`,
          },
        ]
      : []),
    ...all.flatMap((one) => {
      const { formerName } = one.given;
      return formerName !== undefined && formerName !== one.name && names.has(formerName)
        ? [
            {
              at: [...placeOf(one), "formerName"].join("."),
              text: `${formerName} is another service of the stack; leave it out, or name that one otherwise.`,
            },
          ]
        : [];
    }),
  ];
}

export const servicesRules: Rule<OfServices>[] = [
  ...ofEach,
  { about: ["service.name", "service.formerName", "services"], at: "services", complain: (_, given) => nameComplaints(given) },
  { about: ["service.calls", "service.name", "services"], at: "services", complain: (_, given) => callComplaints(given) },
  {
    about: ["image", "service", "services"],
    at: "image",
    complain: (_, given) => {
      const all = listed(given);
      const idle = all.every(({ given: { image } }) => image && hasOwnSource(image)) ? sourceOf(given.image ?? {}) : [];
      return idle.map((key) => ({
        at: `image.${key}`,
        text: "every service has an image of its own, so nothing uses this one; leave it out.",
      }));
    },
  },
];

/** What the image is called that services share without a single `service`, which would lend it its own name. */
const SHARED = "shared";

/** The name of the image that services share, if any does. */
function sharedImage(all: Listed[]): string | undefined {
  if (all.every(({ given }) => given.image)) return undefined;
  return all.find(({ single }) => single)?.name ?? SHARED;
}

export const formerNames = ({ given: { formerName } }: Listed) => (formerName === undefined ? [] : [formerName]);

/** The names that the image had which services share: it stays the same where a service moves from `service` to `services`, or back. */
function formerImages(all: Listed[]): string[] {
  const sharing = all.filter(({ given }) => !given.image);
  const single = sharing.find((one) => one.single);
  if (single) return [...formerNames(single), ...(all.length > 1 ? [SHARED] : [])];
  return sharing.flatMap((one) => [one.name, ...formerNames(one)]);
}

/** The images of the stack, each made once: that which services share, and those of single services. */
export function imagesOf(given: Given) {
  const all = listed(given);
  const stack = given.image ?? {};
  const own = all.filter((one) => one.given.image);
  const shared = sharedImage(all);
  return [
    ...(shared === undefined
      ? []
      : [{ name: shared, renamed: aliases(formerImages(all)), ...stack, [ORIGIN]: named(from("image"), ["service", "name"]) }]),
    ...own.map((one) => {
      const image = one.given.image!;
      const place = from(...placeOf(one), "image");
      const at = (path: readonly string[]) => (Object.hasOwn(image, path[0]!) ? place : from("image")).at(path);
      return {
        name: one.name,
        renamed: aliases(formerNames(one)),
        ...laidOver(image, stack),
        [ORIGIN]: named({ ...place, at }, placeOf(one)),
      };
    }),
  ];
}

/** What a route is made of. */
const routeOf = (given: Givens<typeof ofRoute>, place: Origin) => ({
  ...pick(withDefaults({ entries: ofRoute }, given), ofRoute),
  [ORIGIN]: place,
});

/** What a listener is made of: the port of the tasks and their protocol, where it says nothing else. */
const listenerOf = (
  { listener, port = 8000, protocol }: Pick<Givens<typeof oneService>, "listener" | "port" | "protocol">,
  place: Origin,
) => ({
  port,
  protocol: protocol as StreamProtocol,
  ...listener,
  [ORIGIN]: place,
});

/** The further ports of a service, each with what its route is made of, if it has one. */
const portsOf = (one: Listed) =>
  Object.entries(one.given.ports ?? {}).map(([name, given]) => {
    const place = from(...placeOf(one), "ports", name);
    const route = routeKeys(given).length > 0 ? routeOf(given, place) : undefined;
    const listener = given.listener && listenerOf(given, from(...placeOf(one), "ports", name, "listener"));
    return [name, { ...pick(given, port), route, listener }] as const;
  });

/** What a service takes on what it runs on. */
const TAKES = { fargate: plain(fargateService), ec2: plain(ec2Service), "managed-instances": plain(managedService) };

/** The name of a service's image. */
export const imageOf = ({ name, given: { image } }: Listed, given: Given) => (image ? name : sharedImage(listed(given))!);

/** The services as components take them, each with the name of its image. */
export const servicesOf = (given: Given) =>
  listed(given).map((one) => {
    const { name, single, compute, given: its } = one;
    const place = single ? from("service") : named(from("services", name), ["services", name]);
    return {
      name,
      renamed: aliases(formerNames(one)),
      compute,
      image: imageOf(one, given),
      calls: its.calls ?? [],
      sendsTo: its.sendsTo ?? [],
      alarms: its.alarms,
      route: isRouted(one) ? routeOf(its, place) : undefined,
      listener: isListened(one) ? listenerOf(its, { ...place, at: (path) => place.at(["listener", ...path]) }) : undefined,
      ...pick(its, TAKES[compute]),
      ports: portsOf(one),
      [ORIGIN]: place,
    };
  });
