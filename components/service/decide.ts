// What is decided of a service before anything of it is made, by plain values: where its tasks run, how they roll, how many they are, and which ports requests
// come to. What AWS refuses of it is refused here.
import { rangesOf } from "../../facts/hours";
import { LEADS_TO } from "../../facts/listeners";
import { onceKnown } from "../base/once-known";
import type { Refuse } from "../base/origin";
import { type Group, pick, type Values, withDefaults } from "../base/schema";
import { describe } from "../load-balancer/conditions";
import type { NetworkListener } from "../load-balancer/network-listener";
import type { Route } from "../load-balancer/route";
import type { Launch, PlacementRequest } from "../task/launch";
import { scalingGroup, type service } from "./arguments";
import { balancing } from "./balancing";
import { isStream, type Protocol } from "./health-check";
import { type PortValues, port } from "./ports";
import { checkQueue } from "./queue";
import { type Deployment, headroomComplaint, readRollout } from "./rollout";
import type { Opening } from "./target-group-owner";

export type ServiceValues = Values<typeof service>;

/** What the variants differ in: their arguments, and where their tasks run. */
export interface Variant {
  type: string;
  schema: Group<typeof service>;
  place(args: ServiceValues, request: PlacementRequest): Launch;
}

/** How many tasks a service starts with (none is said of a daemon), and whether Auto Scaling changes that. */
export interface Count {
  desired?: number;
  scales: boolean;
}

/** A port that requests come to: the app's own, or a further one. */
export interface RoutedPort extends Omit<PortValues, "route"> {
  /** What its resources are called. */
  name: string;
  /** Where it stands in the arguments. */
  at: string[];
  route: Route | NetworkListener;
}

export const isListener = (route: Route | NetworkListener): route is NetworkListener => "definition" in route;

/** A service as it is asked for, and whom to tell what is wrong. */
interface Asked {
  label: string;
  args: ServiceValues;
  refuse: Refuse;
}

/** What is decided. */
interface Decided {
  launch: Launch;
  deployment: Deployment;
  count: Count;
  /** The ports that have a route, the app's own first. */
  routed: RoutedPort[];
}

/** AWS's limit is 32 for the name of a target group, and Pulumi adds 8 of its own; a second group needs room for its suffix. */
const longestName = (deployment: Deployment) => (deployment.hasTwoTargetGroups ? 18 : 24);

/** Decides by plain values where the tasks run, how they roll and how many they are. */
export function decide(asked: Asked, variant: Variant, alarmsAreGiven: boolean): Decided {
  const { args, label: name, refuse } = asked;
  const routed = routedPorts(name, args);
  // Nothing measures what the strategies watch by default, where there is no load balancer.
  const isMeasured = routed.some(({ route }) => !isListener(route));
  const rollout = isMeasured || alarmsAreGiven ? args.rollout : { ...args.rollout, alarms: {} };
  const requested = readRollout(rollout, 200);
  for (const port of routed) checkRoute(asked, port, requested);
  checkTraffic(asked, requested, routed);
  checkQueue(args, refuse);
  const range = withDefaults(scalingGroup, args.scaling ?? {});
  const maxTasks = args.desiredCount ?? Math.max(range.max, ...rangesOf(range.schedule).map(({ max }) => max));
  const launch = variant.place(args, { name, task: args, maxTasks, secondSet: requested.hasTwoTargetGroups, refuse });
  if (launch.daemon && requested.hasTwoTargetGroups) {
    asked.refuse(
      "rollout",
      `${requested.strategy} runs a second set of tasks beside the first, and an instance holds one task of a daemon; use rolling.`,
    );
  }
  if (launch.networkMode === "bridge" && args.securityGroups.length > 0) {
    asked.refuse("securityGroups", "in bridge mode tasks are in the groups of the instances; leave it out, or use awsvpc.");
  }
  if (launch.networkMode === "bridge" && args.egress !== undefined) {
    asked.refuse(
      "egress",
      "in bridge mode tasks are in the groups of the instances, which connect to everything; leave it out, or use awsvpc.",
    );
  }
  const elsewhere = routed.find(({ healthCheck }) => healthCheck.port !== undefined);
  const datagrams = routed.find(({ protocol }) => protocol === "udp");
  if (launch.networkMode === "bridge" && datagrams)
    asked.refuse([...datagrams.at, "protocol"], "in bridge mode the instances admit no datagrams; use awsvpc.");
  if (launch.networkMode === "bridge" && elsewhere)
    asked.refuse(
      [...elsewhere.at, "healthCheck", "port"],
      "in bridge mode Docker chooses the ports on the instance; leave it out, or use awsvpc.",
    );
  checkNames(asked, requested, launch);
  const deployment = readRollout(rollout, launch.maximumPercent);
  if (launch.daemon) return { launch, deployment, count: { scales: false }, routed };
  const desired = args.desiredCount ?? range.min;
  const complaint = headroomComplaint(deployment, maxTasks === 0 ? 0 : Math.max(1, desired), launch.maximumPercent);
  if (complaint) asked.refuse("rollout.maximumPercent", complaint);
  return { launch, deployment, count: { desired, scales: args.desiredCount === undefined || args.sleep !== undefined }, routed };
}

/** What is told of a proxy on such instances. */
export const NO_PROXY = "Bottlerocket runs no proxy of Service Connect; set amiFamily: al2023 for the instances";

/** What does not go with a name. */
function checkNames(asked: Asked, { strategy, hasTwoTargetGroups, testHeader }: Deployment, { networkMode, amiFamily }: Launch): void {
  const { connect, dns, protocol, route } = asked.args;
  if (dns && networkMode === "bridge")
    asked.refuse(
      "dns",
      "in bridge mode Docker chooses the ports on the instance, which an address in DNS does not say; use connect, or awsvpc.",
    );
  if (dns && hasTwoTargetGroups)
    asked.refuse(
      "dns",
      `${strategy} runs a second set of tasks beside the first, and DNS sends requests to both from the start; use rolling, or connect.`,
    );
  if (connect && amiFamily === "bottlerocket") asked.refuse("connect", `${NO_PROXY}, or use dns.`);
  if (connect && protocol === "udp") asked.refuse("connect", "Service Connect has no UDP; leave it out, or use dns.");
  if (connect && (protocol === "https" || protocol === "tls") && (connect.protocol ?? "tcp") !== "tcp")
    asked.refuse("connect.protocol", `the app speaks TLS, which the proxies do not read as ${connect.protocol}; leave it out: it is tcp.`);
  if (connect && testHeader && !route && (connect.protocol ?? protocol) === "tcp")
    asked.refuse("rollout.testHeader", "tcp has no headers; leave it out, or set connect.protocol: http.");
}

/** What does not go with one route. */
function checkRoute(asked: Asked, { name, at, route, protocol, healthCheck }: RoutedPort, deployment: Deployment): void {
  const { cluster } = asked.args;
  if (isListener(route) || isStream(protocol)) checkListener(asked, at, route, protocol, deployment);
  if (!isListener(route) && healthCheck.protocol === "tcp")
    asked.refuse([...at, "healthCheck", "protocol"], "an Application Load Balancer asks by requests; allowed: http, https.");
  const longest = longestName(deployment);
  if (name.length > longest) {
    const near = name.slice(0, longest).replace(/-+$/, "");
    asked.refuse(
      at.length === 0 ? "name" : at,
      `${JSON.stringify(name)} has ${name.length} characters; a target group's name has room for ${longest}; the nearest is ${JSON.stringify(near)}.`,
    );
  }
  if (route.loadBalancer.network.vpcId !== cluster.network.vpcId) {
    asked.refuse(
      [...at, "route"],
      `the load balancer of ${isListener(route) ? `port ${route.port}` : `the route ${describe(route.conditions)}`} is in another network than the cluster; both must be made with the same one.`,
    );
  }
  if (!isListener(route) && route.signIn && deployment.hasTwoTargetGroups)
    asked.refuse(
      "rollout",
      `${deployment.strategy} moves requests by a rule that ECS rewrites, and ECS takes none that signs users in; use rolling, or leave signIn out.`,
    );
  if (isListener(route) || (protocol !== "http2" && protocol !== "grpc")) return;
  onceKnown(route.loadBalancer.secure, (isSecure) => {
    if (isSecure) return;
    asked.refuse(
      [...at, "protocol"],
      `a load balancer speaks ${protocol} with tasks behind an HTTPS listener only; give the load balancer a domain or a certificateArn.`,
    );
  });
}

/** What does not go with a port of a network load balancer. */
function checkListener(
  asked: Asked,
  at: string[],
  route: Route | NetworkListener,
  protocol: Protocol,
  { strategy, hasTwoTargetGroups }: Deployment,
): void {
  if (!isListener(route))
    asked.refuse(
      [...at, "protocol"],
      `${protocol} is spoken by a network load balancer, and the route is one of requests; give it nlb.listener, or choose http.`,
    );
  if (!isStream(protocol))
    asked.refuse(
      [...at, "protocol"],
      `a network load balancer does not read ${protocol}, and takes its connections for tcp; choose tcp, tls or udp.`,
    );
  const takes = LEADS_TO[route.protocol.toUpperCase()]!.map((one) => one.toLowerCase() as Protocol).filter(isStream);
  if (!takes.includes(protocol))
    asked.refuse(
      [...at, "protocol"],
      `the listener on port ${route.port} speaks ${route.protocol}, and AWS sends that to tasks as ${takes.join(" or ")}; this is ${protocol}.`,
    );
  if (hasTwoTargetGroups)
    asked.refuse(
      "rollout",
      `${strategy} moves requests by rules, and behind a network load balancer ECS waits ten minutes at each shift; use rolling.`,
    );
}

function checkTraffic(asked: Asked, deployment: Deployment, routed: RoutedPort[]): void {
  const { args } = asked;
  const requested = routed.filter(({ route }) => !isListener(route));
  const hasRoute = requested.length > 0;
  if (routed.length > MOST_ROUTES)
    asked.refuse(
      "ports",
      `${routed.length} routes with a target group each; AWS takes ${MOST_ROUTES} for a service: leave out some of them.`,
    );
  const ways = [{ at: [], its: args }, ...Object.entries(args.ports).map(([key, its]) => ({ at: ["ports", key], its }))];
  for (const { at, its } of ways) {
    const [idle] = Object.keys(pick(its, balancing));
    if (idle !== undefined && !(its.route && !isListener(its.route)))
      asked.refuse([...at, idle], "the load balancer spreads the requests, and this service has no route; give it one, or leave it out.");
  }
  if (args.maintenance !== false && !hasRoute)
    asked.refuse("maintenance", "the load balancer shows the page, and this service has no route; give it one, or leave it out.");
  if (deployment.hasTwoTargetGroups && routed.length === 0 && !args.connect) {
    asked.refuse(
      "rollout",
      `${deployment.strategy} moves traffic between two sets of tasks, and this service has neither a route nor a name (connect); give it one, or use rolling.`,
    );
  }
  const { errorPercent, unhealthyTargets } = deployment.alarms;
  if (!hasRoute && (errorPercent !== undefined || unhealthyTargets)) {
    asked.refuse(
      "rollout.alarms",
      "errorPercent and unhealthyTargets are measured by the load balancer, and this service has no route; use alarmNames.",
    );
  }
}

/** The ports of a service that have a route, the app's own first. */
function routedPorts(label: string, args: ServiceValues): RoutedPort[] {
  const own = args.route ? [{ ...pick(args, port), name: label, at: [], route: args.route }] : [];
  const further = Object.entries(args.ports).flatMap(([key, { route, ...its }]) =>
    route ? [{ ...its, name: `${label}-${key}`, at: ["ports", key], route }] : [],
  );
  return [...own, ...further];
}

/** The ports on which a load balancer is admitted: the first route from it opens them for all. AWS takes each rule once. */
export function opensOf(port: RoutedPort, routed: RoutedPort[]): Opening[] {
  const alike = routed.filter(({ route }) => route.loadBalancer === port.route.loadBalancer);
  if (alike[0] !== port) return [];
  const all = alike.flatMap(({ port: own, protocol, healthCheck }): Opening[] => [
    { port: own, ipProtocol: protocol === "udp" ? "udp" : "tcp" },
    { port: healthCheck.port ?? own, ipProtocol: "tcp" },
  ]);
  return all.filter((one, i) => all.findIndex(({ port, ipProtocol }) => port === one.port && ipProtocol === one.ipProtocol) === i);
}

/** AWS's limit for the target groups of a service. */
const MOST_ROUTES = 5;
