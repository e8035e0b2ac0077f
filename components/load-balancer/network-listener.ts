// What a network load balancer is asked for by a service: a port that it listens on.
import type * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import type * as aws from "../base/aws";
import { type ArgumentsOf, flag, group, oneOf, optional, type Rule, within } from "../base/schema";
import type { NetworkLike } from "../network/network-like";

/** A listener of a network load balancer. */
export interface NetworkListenerArgs {
  /** Port that users connect to (`port`). Required; no default. */
  port: number;
  /** What users speak: `tcp`, `tls`, which ends at the load balancer, or `udp` (`protocol`). Defaults to `tcp`. */
  protocol?: "tcp" | "tls" | "udp";
  /**
   * Whether tasks see the users' addresses (`preserveClientIp`) in place of the load balancer's. Of UDP they always do. Defaults to AWS's: with tasks that have
   * a network interface of their own they do not, with those in bridge mode they do.
   */
  preserveClientIp?: boolean;
}

export const listener = {
  port: within(LIMITS["aws:lb/listener:Listener"].takes.port),
  protocol: optional(oneOf("tcp", "tls", "udp"), "tcp"),
  preserveClientIp: optional(flag()),
} satisfies ArgumentsOf<NetworkListenerArgs>;

/** AWS preserves the addresses of datagrams, whatever is said. */
export const udpIsPreserved: Rule<Pick<typeof listener, "protocol" | "preserveClientIp">> = {
  about: ["protocol", "preserveClientIp"],
  at: "preserveClientIp",
  complain: ({ protocol, preserveClientIp }) =>
    protocol === "udp" && preserveClientIp === false ? "tasks always see where datagrams come from; leave it out." : undefined,
};
export const LISTENER = group(listener, udpIsPreserved);

/** What services need to know of a network load balancer. */
export interface NetworkLoadBalancerLike {
  readonly network: NetworkLike;
  /** The security group that connections come from. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Where its listeners answer. */
  readonly host: pulumi.Output<string>;
  /** What makes it another load balancer, which target groups cannot move to. */
  readonly identity: pulumi.Input<string>;
  /** What metrics call it: `net/network/50dc6c495c0c9188`. */
  readonly arnSuffix: pulumi.Output<string>;
}

/** A listener's place at its load balancer; made by {@link NetworkLoadBalancer.listener}. */
export interface NetworkListener {
  /** Whose listener it is. */
  readonly loadBalancer: NetworkLoadBalancerLike;
  /** Port that users connect to. */
  readonly port: number;
  /** What they speak. */
  readonly protocol: "tcp" | "tls" | "udp";
  /** Whether tasks see their addresses. Defaults to AWS's choice, which depends on the network mode. */
  readonly preserveClientIp?: boolean;
  /** What lets users connect. */
  readonly ready: pulumi.Resource[];
  /** The listener, but for where it leads. */
  readonly definition: Omit<aws.lb.ListenerArgs, "defaultActions">;
}
