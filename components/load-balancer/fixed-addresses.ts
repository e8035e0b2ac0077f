// Fixed addresses for an Application Load Balancer, which has none of its own: a network load balancer in front of it that passes connections on unread.
import type * as pulumi from "@pulumi/pulumi";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type HasOrigin, ORIGIN } from "../base/origin";
import { type ArgumentsOf, flag, group, list, optional, other, text } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { NetworkLoadBalancer, type NetworkLoadBalancerArgs } from "./network-load-balancer";

/** Changes to what stands in front of a load balancer: the load balancer with the addresses, and what leads from it to the other. */
export interface FixedAddressesTransform
  extends Pick<NonNullable<NetworkLoadBalancerArgs["transform"]>, "securityGroup" | "ingress" | "elasticIp" | "loadBalancer"> {
  targetGroup?: Transform<aws.lb.TargetGroupArgs>;
  attachment?: Transform<aws.lb.TargetGroupAttachmentArgs>;
  listener?: Transform<aws.lb.ListenerArgs>;
  egress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
  /** What lets it in to the load balancer behind. */
  ingressBehind?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
}

/** Arguments of {@link FixedAddresses}. */
interface FixedAddressesArgs extends ComponentArgs {
  network: NetworkLike;
  /** The load balancer that it stands in front of, its security group, and the listeners that it has on ports. */
  loadBalancer: aws.lb.LoadBalancer;
  securityGroup: aws.ec2.SecurityGroup;
  listeners: [port: number, listener: aws.lb.Listener][];
  allowedCidrBlocks: string[];
  deletionProtection: boolean;
  transform?: FixedAddressesTransform;
}

const fixedAddresses = {
  ...common,
  network: other<NetworkLike>(),
  loadBalancer: other<aws.lb.LoadBalancer>(),
  securityGroup: other<aws.ec2.SecurityGroup>(),
  listeners: list(other<[port: number, listener: aws.lb.Listener]>()),
  allowedCidrBlocks: list(text()),
  deletionProtection: flag(),
  transform: optional(other<FixedAddressesTransform>()),
} satisfies ArgumentsOf<FixedAddressesArgs>;

/** A network load balancer with a fixed address in each zone, in front of an Application Load Balancer, which stays as it is. */
export class FixedAddresses extends Component<typeof fixedAddresses> {
  readonly networkLoadBalancer: NetworkLoadBalancer;
  /** What must exist before users come here. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: FixedAddressesArgs & HasOrigin, opts?: pulumi.ComponentResourceOptions) {
    super("FixedAddresses", name, group(fixedAddresses), args, opts);
    const { network, allowedCidrBlocks, deletionProtection, listeners, transform } = this.args;
    const its = { network, elasticIps: true, allowedCidrBlocks, deletionProtection, ...this.common, [ORIGIN]: this.origin };
    this.networkLoadBalancer = new NetworkLoadBalancer(name, { ...its, ...(transform && { transform }) }, { parent: this });
    this.ready = listeners.flatMap(([port, listener]) => [...this.allowPort(port), ...this.passOn(port, listener)]);
    this.registerOutputs({ host: this.networkLoadBalancer.host });
  }

  /** Lets connections out of the one load balancer, and into the other. Its own users reach that without this rule; the health checks do not. */
  private allowPort(port: number): pulumi.Resource[] {
    const [outside, inside] = [this.networkLoadBalancer.securityGroupId, this.args.securityGroup.id];
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port, tags: this.tags };
    const { transform } = this.args;
    return [
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        `in-${port}`,
        { ...rule, securityGroupId: inside, referencedSecurityGroupId: outside, description: "Connections to the fixed addresses" },
        transform?.ingressBehind,
      ),
      this.make(
        aws.vpc.SecurityGroupEgressRule,
        `out-${port}`,
        { ...rule, securityGroupId: outside, referencedSecurityGroupId: inside, description: "Connections to the load balancer behind" },
        transform?.egress,
      ),
    ];
  }

  /** Passes the connections to a port on to the listener of that port. */
  private passOn(port: number, behind: aws.lb.Listener): pulumi.Resource[] {
    const { network, loadBalancer, transform } = this.args;
    const targetGroup = this.make(
      aws.lb.TargetGroup,
      `${port}`,
      {
        vpcId: network.vpcId,
        targetType: "alb",
        protocol: "TCP",
        port,
        deregistrationDelay: 15,
        // That it answers at all is enough: what its services answer is for its own health checks to judge. On port 80 it asks nobody for a certificate.
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          port: "80",
          path: "/",
          matcher: "200-599",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        tags: this.tags,
      },
      transform?.targetGroup,
    );
    const attachment = this.make(
      aws.lb.TargetGroupAttachment,
      `${port}`,
      { targetGroupArn: targetGroup.arn, targetId: loadBalancer.arn, port },
      transform?.attachment,
      // AWS takes a load balancer once it listens on the port, and one in each target group.
      { dependsOn: [behind], deleteBeforeReplace: true },
    );
    const { definition, ready } = this.networkLoadBalancer.listener({ port });
    const forward = { type: "forward", targetGroupArn: targetGroup.arn };
    const listener = this.make(
      aws.lb.Listener,
      `${port}`,
      { ...definition, defaultActions: [forward], tags: this.tags },
      transform?.listener,
    );
    return [...ready, attachment, listener];
  }
}
