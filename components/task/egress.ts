// Where tasks may connect to, where that is less than everywhere.
import { ALL_IPV4, ALL_IPV6 } from "../../facts/cidr";
import { cidr } from "../base/arguments";
import type * as aws from "../base/aws";
import { type ArgumentsOf, group, groupOr, integer, list, optional, type Rule, type Values } from "../base/schema";

/** A port that tasks may connect to. */
export interface EgressArgs {
  /** The port, by TCP (`fromPort`, `toPort`). Required; no default. */
  port: number;
  /** Ranges in which they may connect to it (`cidrIpv4`). Defaults to `["0.0.0.0/0"]`. */
  cidrBlocks?: string[];
}

const HTTPS = 443;

const way = {
  port: integer(1, 65535),
  cidrBlocks: optional(list(cidr(), 1), [ALL_IPV4]),
} satisfies ArgumentsOf<EgressArgs>;

const ecsNeedsHttps: Rule<typeof way> = {
  about: ["port", "cidrBlocks"],
  at: "cidrBlocks",
  complain: ({ port, cidrBlocks }) =>
    port === HTTPS && !cidrBlocks.includes(ALL_IPV4)
      ? "ECS gets images and secrets and writes logs by port 443, at addresses that nobody can list; leave the ranges out."
      : undefined,
};

type EgressWay = Pick<Values<typeof way>, "port" | "cidrBlocks">;

export const egress = () =>
  optional(
    list(groupOr("port", group(way, ecsNeedsHttps)), 0, (ways) => {
      const again = ways.find(({ port }, i) => ways.findIndex((one) => one.port === port) < i);
      return again && `port ${again.port} is named twice; give it all its ranges at once.`;
    }),
  );

/** A rule of a security group that lets tasks connect to something, by the end of its name. */
type WayOut = readonly [suffix: string, rule: Omit<aws.vpc.SecurityGroupEgressRuleArgs, "securityGroupId">];

/** What is said of where tasks may connect to. */
interface Egress {
  egress?: readonly EgressWay[];
  hasIpv6: boolean;
  /** Whether a transform says where they may go: who wrote it has not meant all of IPv6. */
  isChanged: boolean;
}

/** The ways out of tasks: to the ports that are named and what ECS itself needs, or anywhere, for `what`. */
export function waysOut(what: string, { egress, hasIpv6, isChanged }: Egress): WayOut[] {
  if (egress) return toPorts(egress, hasIpv6);
  const rule = { description: what, ipProtocol: "-1" };
  return [
    ["out", { ...rule, cidrIpv4: ALL_IPV4 }],
    ...(hasIpv6 && !isChanged ? [["out-ipv6", { ...rule, cidrIpv6: ALL_IPV6 }] as const] : []),
  ];
}

/** To anywhere is by IPv6 too. */
const toPorts = (ways: readonly EgressWay[], hasIpv6: boolean): WayOut[] =>
  [{ port: HTTPS, cidrBlocks: [ALL_IPV4] }, ...ways.filter(({ port }) => port !== HTTPS)].flatMap(({ port, cidrBlocks }): WayOut[] => {
    const description = port === HTTPS ? "Images, secrets and logs, and what the app calls by HTTPS" : "What the app calls";
    const rule = { description, ipProtocol: "tcp", fromPort: port, toPort: port };
    const byIpv4 = cidrBlocks.map((cidrIpv4, i) => [`out-${port}${i === 0 ? "" : `-${i + 1}`}`, { ...rule, cidrIpv4 }] as const);
    const byIpv6 = hasIpv6 && cidrBlocks.includes(ALL_IPV4) ? [[`out-${port}-ipv6`, { ...rule, cidrIpv6: ALL_IPV6 }] as const] : [];
    return [...byIpv4, ...byIpv6];
  });
