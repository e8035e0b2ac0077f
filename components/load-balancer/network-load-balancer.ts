import * as pulumi from "@pulumi/pulumi";
import { ALL_IPV4, ALL_IPV6 } from "../../facts/cidr";
import { TLS_POLICIES } from "../../facts/listeners";
import { SECURITY_GROUP_RULES } from "../../facts/quotas";
import { type ComponentArgs, cidr, common } from "../base/arguments";
import * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { type HasOrigin, ORIGIN, readArguments, refuser, under } from "../base/origin";
import { type ArgumentsOf, flag, group, list, oneOf, optional, other, type Rule } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { DomainOwner, type DomainTransform } from "./domain-owner";
import { type DomainArgs, domainArguments, domainRules, oneMaker } from "./domains";
import { LISTENER, type NetworkListener, type NetworkListenerArgs } from "./network-listener";

/** Arguments of {@link NetworkLoadBalancer}. */
export interface NetworkLoadBalancerArgs extends ComponentArgs, DomainArgs {
  /** The network to stand in. */
  network: NetworkLike;
  /** Whether it is reached from inside the VPC only (`internal`). Another value is another load balancer. Defaults to false. */
  internal?: boolean;
  /**
   * Whether it has a fixed address in each zone (Elastic IPs, `subnetMappings`), for those who must allow it by its number. Another value is another load
   * balancer. Defaults to false. Cost: 3.65 USD a month each, as for the changing addresses that it has otherwise.
   */
  elasticIps?: boolean;
  /**
   * Whether it answers by IPv6 too (`ipAddressType`), where the network has it. Tasks then see its own addresses in place of those of clients that come by
   * IPv6. Not with UDP, and not with `elasticIps`. Defaults to false.
   */
  ipv6?: boolean;
  /** TLS policy of its TLS listeners (`sslPolicy`). Defaults to `ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`. */
  sslPolicy?: string;
  /** Ranges that may connect to its listeners. Defaults to `["0.0.0.0/0"]`; for an internal load balancer name the VPC's. */
  allowedCidrBlocks?: string[];
  /**
   * Whether a connection may go to a task of another zone (`enableCrossZoneLoadBalancing`): where a zone has no healthy task, its address still answers.
   * Defaults to true. Cost: 0.01 USD per GB in each direction between zones.
   */
  crossZone?: boolean;
  /** Whether it cannot be deleted: AWS refuses (`enableDeletionProtection`), and Pulumi before that (`protect`), its addresses included. Defaults to true. */
  deletionProtection?: boolean;
  /** Changes to what the component makes. */
  transform?: DomainTransform & {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    elasticIp?: Transform<aws.ec2.EipArgs>;
    loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
  };
}

export const networkLoadBalancer = {
  ...common,
  ...domainArguments,
  network: other<NetworkLike>(),
  internal: optional(flag(), false),
  elasticIps: optional(flag(), false),
  ipv6: optional(flag(), false),
  sslPolicy: optional(oneOf(...TLS_POLICIES), "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"),
  allowedCidrBlocks: optional(list(cidr(), 1), [ALL_IPV4]),
  crossZone: optional(flag(), true),
  deletionProtection: optional(flag(), true),
  transform: optional(other<NonNullable<NetworkLoadBalancerArgs["transform"]>>()),
} satisfies ArgumentsOf<NetworkLoadBalancerArgs>;

/** Addresses of the internet are for what is reached from there. */
const publicAddresses: Rule<Pick<typeof networkLoadBalancer, "internal" | "elasticIps">> = {
  about: ["internal", "elasticIps"],
  at: "elasticIps",
  complain: ({ internal, elasticIps }) =>
    internal && elasticIps ? "an internal load balancer has no addresses in the internet; leave one of them out." : undefined,
};
/** AWS has no addresses of IPv6 that stay. */
const changingAddresses: Rule<Pick<typeof networkLoadBalancer, "ipv6" | "elasticIps">> = {
  about: ["ipv6", "elasticIps"],
  at: "ipv6",
  complain: ({ ipv6, elasticIps }) => (ipv6 && elasticIps ? "fixed addresses are of IPv4; leave one of them out." : undefined),
};
export const networkLoadBalancerRules = [publicAddresses, changingAddresses, ...domainRules];
const SCHEMA = group(networkLoadBalancer, ...networkLoadBalancerRules, oneMaker);

/** A Network Load Balancer: connections (TCP, TLS) and datagrams (UDP), on ports that services listen on, at addresses that may be fixed. */
export class NetworkLoadBalancer extends DomainOwner<typeof networkLoadBalancer> {
  readonly network: NetworkLike;
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly elasticIps: aws.ec2.Eip[];
  readonly certificate?: aws.acm.Certificate;
  readonly securityGroupId: pulumi.Output<string>;
  /** Where its listeners answer: the first `domain`, or its own name. */
  readonly host: pulumi.Output<string>;
  /** What makes it another load balancer, which target groups cannot move to. */
  readonly identity: string;
  /** What metrics call it. */
  readonly arnSuffix: pulumi.Output<string>;
  private readonly certificateArn?: pulumi.Output<string>;
  /** The ports that are taken. */
  private readonly ports = new Set<number>();

  constructor(name: string, args: NetworkLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("NetworkLoadBalancer", name, SCHEMA, args, opts);
    const { domain, certificateArn, internal, elasticIps, network, transform } = this.args;
    this.network = network;
    if (this.args.ipv6 && !network.ipv6) this.refuse("ipv6", "the network has none; set ipv6 of the network, or leave it out.");
    this.identity = `${internal ? "internal" : "internet-facing"}${elasticIps ? " with fixed addresses" : ""}`;
    this.securityGroup = this.make(
      aws.ec2.SecurityGroup,
      "",
      { vpcId: network.vpcId, description: `Network load balancer ${name}: connections from its users`, tags: this.tags },
      transform?.securityGroup,
    );
    this.securityGroupId = this.securityGroup.id;
    this.elasticIps = elasticIps ? this.makeAddresses() : [];
    this.loadBalancer = this.makeLoadBalancer();
    this.arnSuffix = this.loadBalancer.arnSuffix;
    if (domain !== undefined || certificateArn !== undefined) {
      const { arn, certificate } = this.certify();
      if (certificate) this.certificate = certificate;
      this.certificateArn = arn;
    }
    const { dnsName, zoneId } = this.loadBalancer;
    this.pointTo({ dnsName, zoneId, ...(this.args.ipv6 && network.ipv6 && { ipv6: network.ipv6 }) });
    const [own] = this.domains;
    this.host = own === undefined ? this.loadBalancer.dnsName : pulumi.output(own);
    this.registerOutputs({ host: this.host });
  }

  /** Reserves a port for a service: `nlb.listener({ port: 5432 })`. Throws a UserError for what AWS would refuse. */
  listener(args: NetworkListenerArgs & HasOrigin): NetworkListener {
    const origin = args[ORIGIN] ?? under(this.origin, "listener");
    const { port, protocol, preserveClientIp } = readArguments(LISTENER, args, origin);
    const refuse = refuser(origin);
    if (this.ports.has(port)) refuse("port", `${port} has a listener of this load balancer already; choose another.`);
    const { sslPolicy } = this.args;
    const rules = (this.ports.size + 1) * this.users.length;
    if (protocol === "udp" && this.args.ipv6)
      refuse("protocol", "AWS hands no datagrams of IPv6 to tasks, which have addresses of IPv4; leave ipv6 of the load balancer out.");
    if (rules > SECURITY_GROUP_RULES)
      refuse("port", `with ${this.users.length} ranges it needs ${rules} rules of one security group; allowed: ${SECURITY_GROUP_RULES}.`);
    const { certificateArn } = this;
    if (protocol === "tls" && certificateArn === undefined)
      refuse("protocol", "a TLS listener has a certificate; give the load balancer a domain or a certificateArn.");
    this.ports.add(port);
    return {
      loadBalancer: this,
      port,
      protocol,
      ...(preserveClientIp !== undefined && { preserveClientIp }),
      ready: this.admitUsers(port, protocol === "udp" ? "udp" : "tcp"),
      definition: {
        loadBalancerArn: this.loadBalancer.arn,
        port,
        protocol: protocol.toUpperCase(),
        ...(protocol === "tls" && { certificateArn, sslPolicy }),
      },
    };
  }

  /** The ranges that may connect. Whoever lets in all of the internet means that of IPv6 too, where it answers there. */
  private get users(): Pick<aws.vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "cidrIpv6">[] {
    const { allowedCidrBlocks, ipv6 } = this.args;
    const ofIpv4 = allowedCidrBlocks.map((cidrIpv4) => ({ cidrIpv4 }));
    return ipv6 && allowedCidrBlocks.includes(ALL_IPV4) ? [...ofIpv4, { cidrIpv6: ALL_IPV6 }] : ofIpv4;
  }

  private admitUsers(port: number, ipProtocol: "tcp" | "udp"): pulumi.Resource[] {
    return this.users.map((range, i) =>
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        i === 0 ? `${port}` : `${port}-${i + 1}`,
        {
          securityGroupId: this.securityGroupId,
          description: "Connections",
          ipProtocol,
          fromPort: port,
          toPort: port,
          ...range,
          tags: this.tags,
        },
        this.args.transform?.ingress,
      ),
    );
  }

  /** An address in each zone, which outlives the load balancer's replacement only by name. */
  private makeAddresses(): aws.ec2.Eip[] {
    const { zones = this.network.publicZones } = this.network;
    if (zones === undefined)
      return this.refuse(
        "elasticIps",
        "it has an address in each zone, and how many the network has is known only when it is deployed; name its publicSubnetIds, or leave it out.",
      );
    return Array.from({ length: zones }, (_, i) =>
      this.make(aws.ec2.Eip, `${i + 1}`, { domain: "vpc", tags: this.tags }, this.args.transform?.elasticIp, {
        protect: this.args.deletionProtection,
      }),
    );
  }

  private makeLoadBalancer(): aws.lb.LoadBalancer {
    const { args, network } = this;
    const subnetMappings = this.elasticIps.map((address, i) => ({
      subnetId: network.publicSubnetIds.apply((ids) => ids[i]!),
      allocationId: address.allocationId,
    }));
    return this.make(
      aws.lb.LoadBalancer,
      "",
      {
        loadBalancerType: "network",
        internal: args.internal,
        ...(subnetMappings.length > 0
          ? { subnetMappings }
          : { subnets: args.internal ? network.privateSubnetIds : network.publicSubnetIds }),
        securityGroups: [this.securityGroupId],
        // Left out, the provider would keep IPv6 that is switched off.
        ipAddressType: args.ipv6 ? "dualstack" : "ipv4",
        enableCrossZoneLoadBalancing: args.crossZone,
        enableDeletionProtection: args.deletionProtection,
        tags: this.tags,
      },
      args.transform?.loadBalancer,
      // The provider keeps the addresses of a load balancer whose program names none any more.
      { protect: args.deletionProtection, replacementTrigger: this.identity },
    );
  }
}
