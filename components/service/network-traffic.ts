import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { type ArgumentsOf, group, oneOf, other } from "../base/schema";
import type { NetworkListener } from "../load-balancer/network-listener";
import { checkedBy, type StreamProtocol } from "./health-check";
import { TargetGroupOwner, type TargetsArgs, targets } from "./target-group-owner";

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
    const { listener, opens, port, securityGroup, transform } = this.args;
    const { loadBalancer } = listener;
    if (securityGroup) this.ready.push(...this.allowRequests(securityGroup, loadBalancer.securityGroupId, opens, port, transform));
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

  private makeTargetGroup(): aws.lb.TargetGroup {
    const { healthCheck: health, listener, protocol } = this.args;
    const by = checkedBy(protocol, health);
    return this.make(
      aws.lb.TargetGroup,
      "",
      {
        vpcId: this.args.network.vpcId,
        targetType: this.args.targetType,
        port: this.args.port,
        protocol: protocol.toUpperCase(),
        deregistrationDelay: this.args.deregistrationDelay,
        ...(listener.preserveClientIp !== undefined && { preserveClientIp: String(listener.preserveClientIp) }),
        healthCheck: {
          enabled: true,
          protocol: by.toUpperCase(),
          ...(by !== "tcp" && { path: health.path, matcher: health.matcher ?? "200" }),
          ...(health.port !== undefined && { port: String(health.port) }),
          interval: health.interval,
          timeout: health.timeout,
          healthyThreshold: health.healthyThreshold,
          unhealthyThreshold: health.unhealthyThreshold,
        },
        tags: this.tags,
      },
      this.args.transform?.targetGroup,
      {
        // ECS registers each task with its own port; the group's is only a default, and a changed one would replace the group that serves by an empty one.
        ignoreChanges: ["port"],
        // A target group belongs to one load balancer: a new load balancer needs new ones.
        replacementTrigger: listener.loadBalancer.identity,
      },
    );
  }
}
