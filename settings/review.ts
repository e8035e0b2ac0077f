// Review stacks: what a stack file becomes for the stack of one pull request, on the load balancer and the cluster of a platform.
import { sleep } from "../components/base/arguments";
import { type ArgumentsOf, group, integer, offOr, optional, type Rule, text } from "../components/base/schema";
import { stackReference } from "../components/base/stack-outputs";
import { domainComplaint } from "../facts/domain";
import { EXPIRES_AFTER_DAYS, reviewHost, reviewStack } from "../facts/review";
import type { SleepArgs } from "../facts/sleep";
import type { ofPlatform } from "./elsewhere";
import { routeKeys } from "./service";
import { isRouted, type Listed, listed } from "./services";
import type { StackSettings } from "./stack";
import { OF_A_SCHEDULE } from "./tasks";

/** What is said of review stacks. */
export interface ReviewSettings {
  /** Domain whose names they have: `pr-12.preview.example.com` for `preview.example.com`. The platform's certificate and DNS have `*.preview.example.com`. */
  domain: string;
  /** The stack whose network, cluster and load balancer they use, as `platform` says of a stack. Defaults to `platform`. */
  platform?: string;
  /** When their services sleep, or false for never. Defaults to 20:00 to 07:00 UTC, and weekends. */
  sleep?: SleepArgs | false;
  /** Days without a deploy after which `berth review reap` destroys one, 1 to 90. Defaults to 3. */
  expiresAfterDays?: number;
  /** Number of the pull request whose stack this is; `berth review up` sets it. Defaults to none: a stack like any other. */
  pullRequest?: number;
}

const NIGHT: SleepArgs = { stop: "20:00", start: "07:00" };

const review = {
  domain: text(domainComplaint, "preview.example.com"),
  platform: optional(stackReference()),
  sleep: optional(offOr(sleep), NIGHT),
  expiresAfterDays: optional(integer(1, 90, "days"), EXPIRES_AFTER_DAYS),
  pullRequest: optional(integer(1, 999_999_999)),
} satisfies ArgumentsOf<ReviewSettings>;

/** The key of a stack file that makes it one of review stacks, too. */
export const ofReview = { review: optional(group(review)) };

/** A load balancer of its own would cost more than all the rest. */
export const reviewRule: Rule<typeof ofReview & Pick<typeof ofPlatform, "platform">> = {
  about: ["review", "platform"],
  at: "review.platform",
  complain: ({ review, platform }) =>
    review !== undefined && (review.platform ?? platform) === undefined
      ? "it is missing, and review stacks have no load balancer of their own; name the stack whose they use: organization/platform/dev."
      : undefined,
};

/** What a platform has or had before, and what a review stack does without: nobody is called for it. */
const LEFT_OUT = [
  "network",
  "cluster",
  "ec2",
  "managedInstances",
  "loadBalancer",
  "networkLoadBalancer",
  "encryption",
  "notify",
  "alarms",
  "daemons",
  "adopted",
] as const;
/** Of a service: its size under load, and what makes its rollouts and records worth their time and money. */
const LEFT_OUT_OF_SERVICES = ["scaling", "rollout", "formerName", "alarms"] as const;

/**
 * The settings of a pull request's stack: those of the stack file, but on the platform, at a host of its own, with one task of each service, on Fargate Spot,
 * asleep at night, started by nothing but people, and protected from nothing. Those of any other stack stay as they are.
 */
export function asReview(given: StackSettings): StackSettings {
  const { review, platform, services = {}, tasks = {} } = given;
  if (review?.pullRequest === undefined) return given;
  const at = hostsOf(review.pullRequest, review.domain);
  const all = listed(given).map((one) => [one.single ? "" : one.name, { ...serviceOf(one, review), ...at(one) }] as const);
  const its = new Map(all);
  return {
    ...without(given, LEFT_OUT),
    platform: review.platform ?? platform!,
    deletionProtection: false,
    tags: { ...given.tags, Review: reviewStack(review.pullRequest) },
    ...(its.has("") && { service: its.get("")! }),
    services: Object.fromEntries(Object.keys(services).map((name) => [name, its.get(name)!])),
    tasks: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, without(task, ["schedule", ...OF_A_SCHEDULE])])),
  };
}

function serviceOf({ compute, given }: Listed, { sleep = NIGHT }: ReviewSettings): Listed["given"] {
  const its = without(given, LEFT_OUT_OF_SERVICES);
  if (given.daemon) return its;
  const common = { ...its, ...(compute === "fargate" && { capacity: "spot" as const }) };
  // Messages that another stack waits for are not for it.
  if (given.queue) return { ...common, queue: without(given.queue, ["arn"]), scaling: { min: 0, max: 1 } };
  return { ...common, desiredCount: 1, ...(sleep !== false && { sleep }) };
}

/** What gives the routes of a service hosts of the pull request; a priority that was chosen is another stack's. */
function hostsOf(pullRequest: number, domain: string) {
  const moved = ({ host }: { host?: string | string[] }) => {
    const hosts = [host ?? []].flat().map((one) => reviewHost(pullRequest, domain, one));
    return { host: hosts.length > 1 ? [...new Set(hosts)] : (hosts[0] ?? reviewHost(pullRequest, domain)), priority: undefined };
  };
  return (one: Listed): Partial<Listed["given"]> => {
    const ports = Object.entries(one.given.ports ?? {});
    return {
      ...(isRouted(one) && moved(one.given)),
      ...(ports.length > 0 && {
        ports: Object.fromEntries(ports.map(([name, port]) => [name, { ...port, ...(routeKeys(port).length > 0 && moved(port)) }])),
      }),
    };
  };
}

const without = <T extends object, const K extends PropertyKey>(given: T, keys: readonly K[]): Omit<T, K> =>
  Object.fromEntries(Object.entries(given).filter(([key]) => !keys.some((one) => one === key))) as Omit<T, K>;
