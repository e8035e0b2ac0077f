import type * as pulumi from "@pulumi/pulumi";
import type { NetworkLike } from "../network/network-like";

/** What services need to know of a load balancer, new or existing. */
export interface LoadBalancerLike {
  readonly network: NetworkLike;
  /** The security group that requests come from. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The listener that routes are attached to. */
  readonly listenerArn: pulumi.Output<string>;
  /** What metrics and scaling call it: `app/public/50dc6c495c0c9188`. */
  readonly arnSuffix: pulumi.Output<string>;
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** Whether routes are served by HTTPS. */
  readonly secure: boolean | pulumi.Output<boolean>;
  /** What makes it another load balancer, which target groups cannot move to. */
  readonly identity: pulumi.Input<string>;
}
