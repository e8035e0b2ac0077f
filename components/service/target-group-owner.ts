import type * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import { type ArgumentsOf, integer, list, oneOf, optional, other, text, type Values } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import type { TrafficTransform } from "./arguments";
import type { PortValues } from "./ports";

/** A port on which tasks are reached, or asked whether they are well. */
export interface Opening {
  port: number;
  ipProtocol: "tcp" | "udp";
}

/** What CloudWatch calls a target group of a load balancer. */
export interface Dimensions extends Record<string, pulumi.Output<string>> {
  LoadBalancer: pulumi.Output<string>;
  TargetGroup: pulumi.Output<string>;
}

/** What a target group is told of the tasks in it, whatever brings requests to them. */
export interface TargetsArgs extends ComponentArgs {
  network: NetworkLike;
  /** The container that the requests come to, and its port. */
  container: string;
  port: number;
  /** `ip` for tasks with a network interface of their own, `instance` for bridge mode. */
  targetType: "ip" | "instance";
  healthCheck: PortValues["healthCheck"];
  deregistrationDelay: number;
  /** The tasks' own group, which is to admit the load balancer; in bridge mode the instances' group does that itself. */
  securityGroup?: aws.ec2.SecurityGroup;
  /** The ports on which it is to: those of every route from this load balancer, which the first of them opens. */
  opens: Opening[];
  transform?: TrafficTransform;
}

export const targets = {
  ...common,
  network: other<NetworkLike>(),
  container: text(),
  port: integer(1, 65535),
  targetType: oneOf("ip", "instance"),
  healthCheck: other<PortValues["healthCheck"]>(),
  deregistrationDelay: integer(0, 3600, "seconds"),
  securityGroup: optional(other<aws.ec2.SecurityGroup>()),
  opens: list(other<Opening>()),
  transform: optional(other<TrafficTransform>()),
} satisfies ArgumentsOf<TargetsArgs>;

/** A component with a target group, whose load balancer it lets in to the tasks. */
export abstract class TargetGroupOwner<E extends typeof targets> extends Component<E> {
  private get its() {
    return this.args as Values<typeof targets>;
  }

  /** Only the load balancer comes in, only on the ports of its routes and of their health checks; and it gets out to nothing else. */
  protected allowRequests(outside: pulumi.Output<string>): pulumi.Resource[] {
    const { opens, port: own, securityGroup: inside, transform } = this.its;
    if (!inside) return [];
    return opens.flatMap(({ port, ipProtocol }) => {
      const rule = { ipProtocol, fromPort: port, toPort: port, tags: this.tags };
      // Named by the port: a changed one has rules of its own beside the old, which go when the tasks that serve on it are gone, at the end of the update.
      const ending = `${port}${ipProtocol === "tcp" ? "" : `-${ipProtocol}`}`;
      const formerly = (suffix: string) => (port === own && ipProtocol === "tcp" ? { aliases: [{ name: `${this.label}-${suffix}` }] } : {});
      return [
        this.make(
          aws.vpc.SecurityGroupIngressRule,
          `in-${ending}`,
          { ...rule, securityGroupId: inside.id, referencedSecurityGroupId: outside, description: "Requests from the load balancer" },
          transform?.ingress,
          formerly("in"),
        ),
        this.make(
          aws.vpc.SecurityGroupEgressRule,
          `requests-${ending}`,
          { ...rule, securityGroupId: outside, referencedSecurityGroupId: inside.id, description: `Requests to service ${this.label}` },
          transform?.loadBalancerEgress,
          formerly("requests"),
        ),
      ];
    });
  }

  /** Makes a target group; `own` and `asks` are what its load balancer has of its own, `identity` is what makes that another one. */
  protected makeTargets(
    suffix: string,
    own: Partial<aws.lb.TargetGroupArgs>,
    asks: aws.types.input.lb.TargetGroupHealthCheck,
    identity: pulumi.Input<string>,
  ): aws.lb.TargetGroup {
    const { network, targetType, port, deregistrationDelay, healthCheck: health, transform } = this.its;
    return this.make(
      aws.lb.TargetGroup,
      suffix,
      {
        vpcId: network.vpcId,
        targetType,
        port,
        deregistrationDelay,
        ...own,
        healthCheck: {
          enabled: true,
          ...asks,
          ...(health.port !== undefined && { port: String(health.port) }),
          interval: health.interval,
          timeout: health.timeout,
          healthyThreshold: health.healthyThreshold,
          unhealthyThreshold: health.unhealthyThreshold,
        },
        tags: this.tags,
      },
      transform?.targetGroup,
      {
        // ECS registers each task with its own port; the group's is only a default, and a changed one would replace the group that serves by an empty one.
        ignoreChanges: ["port"],
        // A target group belongs to one load balancer: a new load balancer needs new ones.
        replacementTrigger: identity,
      },
    );
  }
}
