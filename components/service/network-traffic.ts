import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { type ArgumentsOf, group, oneOf, other } from "../base/schema";
import type { NetworkListener } from "../load-balancer/network-listener";
import { checkedBy, type StreamProtocol } from "./health-check";
import { type Dimensions, TargetGroupOwner, type TargetsArgs, targets } from "./target-group-owner";

/** Arguments of {@link NetworkTraffic}. */
export interface NetworkTrafficArgs extends TargetsArgs {
  listener: NetworkListener;
  protocol: StreamProtocol;
}

const networkTraffic = {
  ...targets,
  listener: other<NetworkListener>(),
  protocol: oneOf("tcp", "tls", "udp"),
} satisfies ArgumentsOf<NetworkTrafficArgs>;

/** What brings the connections of a network load balancer to a service: security-group rules, a target group and a listener. */
export class NetworkTraffic extends TargetGroupOwner<typeof networkTraffic> {
  readonly targetGroup: aws.lb.TargetGroup;
  readonly listener: aws.lb.Listener;
  /** What must exist before the service and outlive it. */
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: NetworkTrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("NetworkTraffic", name, group(networkTraffic), args, opts);
    const { listener, transform } = this.args;
    this.ready.push(...this.allowRequests(listener.loadBalancer.securityGroupId));
    this.targetGroup = this.makeTargetGroup();
    const forward = { type: "forward", targetGroupArn: this.targetGroup.arn };
    this.listener = this.make(
      aws.lb.Listener,
      "",
      { ...listener.definition, defaultActions: [forward], tags: this.tags },
      transform?.listener,
    );
    this.ready.push(...listener.ready, this.listener);
    this.registerOutputs({ targetGroup: this.targetGroup.arn });
  }

  /** The part of `aws.ecs.Service` that names the targets. */
  get loadBalancers(): aws.types.input.ecs.ServiceLoadBalancer[] {
    const { container, port } = this.args;
    return [{ targetGroupArn: this.targetGroup.arn, containerName: container, containerPort: port }];
  }

  /** What CloudWatch calls its target group. */
  get dimensions(): Dimensions[] {
    return [{ LoadBalancer: this.args.listener.loadBalancer.arnSuffix, TargetGroup: this.targetGroup.arnSuffix }];
  }

  private makeTargetGroup(): aws.lb.TargetGroup {
    const { healthCheck: health, listener, protocol } = this.args;
    const by = checkedBy(protocol, health);
    return this.makeTargets(
      "",
      {
        protocol: protocol.toUpperCase(),
        ...(listener.preserveClientIp !== undefined && { preserveClientIp: String(listener.preserveClientIp) }),
      },
      { protocol: by.toUpperCase(), ...(by !== "tcp" && { path: health.path, matcher: health.matcher ?? "200" }) },
      listener.loadBalancer.identity,
    );
  }
}
