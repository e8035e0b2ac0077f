import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import { Component } from "../base/component";
import type { Arguments } from "../base/schema";
import type { TrafficTransform } from "./arguments";

/** A port on which tasks are reached, or asked whether they are well. */
export interface Opening {
  port: number;
  ipProtocol: "tcp" | "udp";
}

/** A component with a target group, whose load balancer it lets in to the tasks. */
export abstract class TargetGroupOwner<E extends Arguments> extends Component<E> {
  /** Only the load balancer comes in, only on the ports of its routes and of their health checks; and it gets out to nothing else. */
  protected allowRequests(
    inside: aws.ec2.SecurityGroup,
    outside: pulumi.Output<string>,
    opens: readonly Opening[],
    own: number,
    transform: TrafficTransform | undefined,
  ): pulumi.Resource[] {
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
}
