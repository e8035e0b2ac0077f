import * as pulumi from "@pulumi/pulumi";
import { domainComplaint, httpsComplaint, zoneOf } from "../../facts/domain";
import { refuse, UserError } from "../../facts/errors";
import * as aws from "../base/aws";
import { Component, type ComponentArgs, type Transform } from "../base/component";
import type { NetworkLike } from "../network/network-like";
import { LogBucket, type LogBucketArgs } from "./log-bucket";
import { describe, Priorities, type RouteConditions } from "./priorities";

/** Arguments of {@link LoadBalancer}. */
export interface LoadBalancerArgs extends ComponentArgs {
  /** The network to stand in. */
  network: NetworkLike;
  /** Host name to serve by HTTPS. Its certificate (ACM), DNS validation and alias record are made in `hostedZone` (Route 53). */
  domain?: string;
  /** Route 53 zone that `domain` is in. Defaults to the parent of the domain: `example.com` for `app.example.com`. */
  hostedZone?: string;
  /** ARN of a certificate to use in place of a new one (`certificateArn`). With `domain`, the alias record is still made. */
  certificateArn?: pulumi.Input<string>;
  /** Refuse to serve plain HTTP: without `domain` or `certificateArn` the program fails. Defaults to false. */
  requireHttps?: boolean;
  /** TLS policy of the HTTPS listener (`sslPolicy`). Defaults to TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange. */
  sslPolicy?: string;
  /** Whether the load balancer is reached from inside the VPC only (`internal`). Defaults to false. */
  internal?: boolean;
  /** Ranges that may connect to ports 80 and 443. Defaults to `["0.0.0.0/0"]`; for an internal load balancer name the VPC's. */
  allowedCidrBlocks?: string[];
  /** Seconds after which an idle connection is closed, 1 to 4000 (`idleTimeout`). Defaults to 60; the app must keep its connections open longer. */
  idleTimeout?: number;
  /**
   * Whether the load balancer cannot be deleted: AWS refuses (`enableDeletionProtection`), and Pulumi before it touches anything else (`protect`). Defaults
   * to true; turn it off and deploy before a destroy.
   */
  deletionProtection?: boolean;
  /** Days to keep access logs in a bucket made for them, or false for none. Defaults to 90. */
  accessLogs?: number | false;
  /** Whether `pulumi destroy` may delete the bucket with its access logs (`forceDestroy`). Defaults to false. */
  forceDestroyLogs?: boolean;
  /** Changes to what the component makes. */
  transform?: {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
    loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
    http?: Transform<aws.lb.ListenerArgs>;
    https?: Transform<aws.lb.ListenerArgs>;
    certificate?: Transform<aws.acm.CertificateArgs>;
    validationRecord?: Transform<aws.route53.RecordArgs>;
    certificateValidation?: Transform<aws.acm.CertificateValidationArgs>;
    aliasRecord?: Transform<aws.route53.RecordArgs>;
    logBucket?: LogBucketArgs["transform"];
  };
}

/** Which requests of a load balancer go to a service. */
export interface RouteArgs extends RouteConditions {
  /** Priority of the listener rule, 1 to 50000; lower is asked first. Defaults to one that follows from how specific the route is. */
  priority?: number;
}

/** A route with its load balancer and a priority of its own; made by {@link LoadBalancer.route}. */
export interface Route {
  readonly loadBalancer: LoadBalancer;
  readonly conditions: RouteConditions;
  readonly priority: number;
  /** Reserves the number `before` it, for a further rule of the route that must be asked sooner. */
  readonly before: (steps: number, purpose: string) => number;
}

const NOT_FOUND = { type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "Not found\n", statusCode: "404" } };

/** An Application Load Balancer: HTTPS where it has a name or a certificate, HTTP that only redirects to it, and 404 for what no route takes. */
export class LoadBalancer extends Component {
  readonly network: NetworkLike;
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** The listener that routes are attached to: HTTPS, or HTTP without a certificate. */
  readonly listener: aws.lb.Listener;
  readonly httpListener: aws.lb.Listener;
  readonly certificate?: aws.acm.Certificate;
  readonly logBucket?: LogBucket;
  /** Where it answers: `https://<domain>`, or the load balancer's own name. */
  readonly url: pulumi.Output<string>;
  private readonly priorities = new Priorities();

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("LoadBalancer", name, args, opts);
    this.network = args.network;
    const secure = this.checkHttps(args);
    this.securityGroup = this.makeSecurityGroup(args, secure ? [80, 443] : [80]);
    if (args.accessLogs !== false) {
      this.logBucket = new LogBucket(
        `${name}-logs`,
        {
          location: args.network.location,
          ...(args.accessLogs !== undefined && { retentionInDays: args.accessLogs }),
          ...(args.forceDestroyLogs !== undefined && { forceDestroy: args.forceDestroyLogs }),
          ...(args.transform?.logBucket && { transform: args.transform.logBucket }),
          tags: this.tags,
        },
        { parent: this },
      );
    }
    this.loadBalancer = this.makeLoadBalancer(args);
    if (secure) {
      if (args.certificateArn === undefined) this.certificate = this.makeCertificate(args.domain!, args);
      const certificateArn = args.certificateArn ?? this.validated(this.certificate!, args);
      this.httpListener = this.listen("http", args.transform?.http, {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      });
      this.listener = this.listen("https", args.transform?.https, {
        port: 443,
        protocol: "HTTPS",
        certificateArn,
        // TLS 1.3 and 1.2 with forward secrecy only; the plain TLS13-1-2 policy still has ciphers that Security Hub (ELB.17) refuses.
        sslPolicy: args.sslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        defaultActions: [NOT_FOUND],
      });
    } else {
      this.httpListener = this.listen("http", args.transform?.http, { port: 80, protocol: "HTTP", defaultActions: [NOT_FOUND] });
      this.listener = this.httpListener;
    }
    if (args.domain !== undefined) this.point(args.domain, args);
    const host = args.domain ?? this.loadBalancer.dnsName;
    this.url = pulumi.interpolate`${secure ? "https" : "http"}://${host}`;
    this.registerOutputs({ url: this.url });
  }

  /** Reserves a place among the listener's rules for a service: `lb.route({ path: "/api/*" })`. Throws a UserError for what AWS would refuse. */
  route(args: RouteArgs): Route {
    const { priority, ...conditions } = args;
    checkConditions(conditions);
    const own = this.priorities.assign(conditions, priority);
    const before = (steps: number, purpose: string) => this.priorities.claim(own - steps, `${describe(conditions)} (${purpose})`);
    return { loadBalancer: this, conditions, priority: own, before };
  }

  private checkHttps(args: LoadBalancerArgs): boolean {
    const complaint = args.domain !== undefined && domainComplaint(args.domain);
    if (complaint) refuse("loadBalancer.domain", complaint);
    const missing = httpsComplaint(args);
    if (missing) refuse("loadBalancer.domain", missing);
    if (args.domain !== undefined || args.certificateArn !== undefined) return true;
    void pulumi.log.warn("serves plain HTTP: neither domain nor certificateArn is set, so what users send can be read on its way.", this);
    return false;
  }

  private makeSecurityGroup(args: LoadBalancerArgs, ports: number[]): aws.ec2.SecurityGroup {
    const group = this.make(
      aws.ec2.SecurityGroup,
      "",
      { vpcId: this.network.vpcId, description: `Load balancer ${this.label}: HTTP and HTTPS from its users`, tags: this.tags },
      args.transform?.securityGroup,
    );
    for (const port of ports) {
      for (const [i, cidrIpv4] of (args.allowedCidrBlocks ?? ["0.0.0.0/0"]).entries()) {
        this.make(
          aws.vpc.SecurityGroupIngressRule,
          i === 0 ? `${port}` : `${port}-${i + 1}`,
          {
            securityGroupId: group.id,
            description: port === 443 ? "HTTPS" : "HTTP",
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            cidrIpv4,
            tags: this.tags,
          },
          args.transform?.ingress,
        );
      }
    }
    return group;
  }

  private makeLoadBalancer(args: LoadBalancerArgs): aws.lb.LoadBalancer {
    const deletionProtection = args.deletionProtection ?? true;
    return this.make(
      aws.lb.LoadBalancer,
      "",
      {
        loadBalancerType: "application",
        internal: args.internal ?? false,
        subnets: args.internal ? this.network.privateSubnetIds : this.network.publicSubnetIds,
        securityGroups: [this.securityGroup.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        idleTimeout: args.idleTimeout ?? 60,
        enableDeletionProtection: deletionProtection,
        ...(this.logBucket && { accessLogs: { enabled: true, bucket: this.logBucket.bucket.bucket } }),
        tags: this.tags,
      },
      args.transform?.loadBalancer,
      // The internet gateway and its routes come before a public load balancer and go after it; AWS writes a test log at once.
      { protect: deletionProtection, dependsOn: [...this.network.ready, ...(this.logBucket ? [this.logBucket.policy] : [])] },
    );
  }

  private listen(
    suffix: string,
    transform: Transform<aws.lb.ListenerArgs> | undefined,
    listener: Omit<aws.lb.ListenerArgs, "loadBalancerArn">,
  ) {
    return this.make<aws.lb.ListenerArgs, aws.lb.Listener>(
      aws.lb.Listener,
      suffix,
      { loadBalancerArn: this.loadBalancer.arn, ...listener, tags: this.tags },
      transform,
    );
  }

  private makeCertificate(domain: string, args: LoadBalancerArgs): aws.acm.Certificate {
    return this.make(
      aws.acm.Certificate,
      "",
      { domainName: domain, validationMethod: "DNS", tags: this.tags },
      args.transform?.certificate,
    );
  }

  /** Proves by a DNS record that the domain is ours. Returns the certificate's ARN once AWS has issued it. */
  private validated(certificate: aws.acm.Certificate, args: LoadBalancerArgs): pulumi.Output<string> {
    const proof = certificate.domainValidationOptions[0]!;
    const record = this.make(
      aws.route53.Record,
      "validation",
      {
        zoneId: this.zoneId(args),
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 60,
        // Another stack with the same domain needs the very same record.
        allowOverwrite: true,
      },
      args.transform?.validationRecord,
    );
    return this.make(
      aws.acm.CertificateValidation,
      "",
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      args.transform?.certificateValidation,
    ).certificateArn;
  }

  /** The alias record that makes the domain lead here. */
  private point(domain: string, args: LoadBalancerArgs): void {
    this.make(
      aws.route53.Record,
      "alias",
      {
        zoneId: this.zoneId(args),
        name: domain,
        type: "A",
        aliases: [{ name: this.loadBalancer.dnsName, zoneId: this.loadBalancer.zoneId, evaluateTargetHealth: true }],
      },
      args.transform?.aliasRecord,
    );
  }

  private zone?: pulumi.Output<string>;
  private zoneId(args: LoadBalancerArgs): pulumi.Output<string> {
    this.zone ??= aws.route53.getZoneOutput({ name: args.hostedZone ?? zoneOf(args.domain!) }, { parent: this }).zoneId;
    return this.zone;
  }
}

/** Throws a UserError for what AWS refuses in a rule's conditions. */
export function checkConditions({ host, path, headers = {} }: RouteConditions): void {
  if (host !== undefined && !/^[A-Za-z0-9.*?-]{1,128}$/.test(host)) {
    refuse(
      "route.host",
      `${JSON.stringify(host)} is not a host pattern; allowed are letters, digits, ".", "-", and the wildcards "*" and "?"; at most 128 characters.`,
    );
  }
  if (path !== undefined && !/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/.test(path)) {
    refuse(
      "route.path",
      `${JSON.stringify(path)} is not a path pattern; it starts with "/" and has at most 128 characters, such as "/api/*".`,
    );
  }
  const values = (host === undefined ? 0 : 1) + (path === undefined ? 0 : 1) + Object.values(headers).flat().length;
  if (values > 5) throw new UserError(`route: ${values} values in one rule; AWS takes at most 5 (host, path and header values together).`);
}
