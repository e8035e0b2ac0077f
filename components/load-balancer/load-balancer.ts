import * as pulumi from "@pulumi/pulumi";
import { LIMITS } from "../../facts/aws-limits";
import { ALL_IPV4, ALL_IPV6, anyRangeComplaint, isIpv6 } from "../../facts/cidr";
import { httpsComplaint } from "../../facts/domain";
import { TLS_POLICIES } from "../../facts/listeners";
import { SECURITY_GROUP_RULES } from "../../facts/quotas";
import { arn, type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { ORIGIN, type Refuse, under } from "../base/origin";
import {
  type ArgumentsOf,
  flag,
  flagOr,
  group,
  input,
  list,
  offOr,
  oneOf,
  optional,
  other,
  pattern,
  type Rule,
  text,
  type Values,
  within,
} from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { type AnswersArgs, answers } from "./answers";
import type { DomainTransform, Target } from "./domain-owner";
import { oneMaker, type SitesArgs, sites, sitesRules } from "./domains";
import { ExistingLoadBalancer, type ExistingLoadBalancerArgs } from "./existing-load-balancer";
import { FixedAddresses, type FixedAddressesTransform } from "./fixed-addresses";
import { type AnswersTransform, ListenerOwner } from "./listener-owner";
import { accessLogDays, LogBucket, type LogBucketArgs } from "./log-bucket";
import { authoritiesOf, MUTUAL_TLS, type MutualTlsArgs, type mutualTls, TrustStore, type TrustStoreTransform } from "./mutual-tls";
import { hasCloudFront, idOfPrefixList, knownRules, portsOf, prefixLists } from "./prefix-lists";
import { headersOf, responseHeaders } from "./response-headers";
import { WAF, type WafArgs, WebAcl, type WebAclTransform } from "./web-acl";

/** Arguments of {@link LoadBalancer}. */
export interface LoadBalancerArgs extends ComponentArgs, SitesArgs, AnswersArgs {
  /** The network to stand in. */
  network: NetworkLike;
  /** Refuse to serve plain HTTP: without `domain` or `certificateArn` the program fails. Defaults to false. */
  requireHttps?: boolean;
  /** TLS policy of the HTTPS listener (`sslPolicy`). Defaults to `ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`: TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange. */
  sslPolicy?: string;
  /**
   * What browsers are told of later visits with every answer, whoever gives it (`Strict-Transport-Security`), such as `max-age=31536000; includeSubDomains`: to
   * come by HTTPS for so many seconds. Only with HTTPS. Left out again, AWS keeps the last; `max-age=0` takes it back. Defaults to none.
   */
  strictTransportSecurity?: string;
  /**
   * Headers that are added to every answer, whoever gives it: `Content-Security-Policy`, `X-Frame-Options`, `X-Content-Type-Options` and those of CORS
   * (`routing.http.response.*.header_value`). Left out again, AWS keeps the last. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     responseHeaders:
   *       X-Content-Type-Options: nosniff
   *       X-Frame-Options: DENY
   * ```
   */
  responseHeaders?: Record<string, string>;
  /**
   * Clients show a certificate of their own (mutual TLS), which the load balancer checks against those of your authorities. Only with HTTPS. Defaults to none.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     domain: api.example.com
   *     mutualTls:
   *       certificates: ./authorities.pem
   * ```
   */
  mutualTls?: MutualTlsArgs;
  /** Whether the load balancer is reached from inside the VPC only (`internal`). Defaults to false. */
  internal?: boolean;
  /** Ranges that may connect to ports 80 and 443, of IPv6 too where the network has it; `0.0.0.0/0` then means all of both. Defaults to `["0.0.0.0/0"]`, or to none beside `allowedPrefixLists`; for an internal load balancer name the VPC's. */
  allowedCidrBlocks?: string[];
  /**
   * Prefix lists that may connect to ports 80 and 443 (`prefixListId`), by id; `cloudfront` is CloudFront's servers, which then reach the port alone that serves
   * requests, because their list counts as 55 of the 60 rules of a security group. Defaults to none.
   */
  allowedPrefixLists?: string[];
  /**
   * Whether it has a fixed address in each zone, for those who must allow it by its number: a network load balancer with Elastic IPs stands in front of it, and
   * `domain` leads there. Users' addresses are seen as before. Defaults to false. Cost: 16.43 USD a month, 3.65 USD for each address, and its traffic.
   */
  fixedAddresses?: boolean;
  /**
   * Seconds after which an idle connection is closed, 1 to 4000 (`idleTimeout`); a WebSocket too, on which nothing was sent for so long. Defaults to 60; the app
   * must keep its connections open longer.
   */
  idleTimeout?: number;
  /** Seconds after which a client has to connect anew, 60 to 604800 (`clientKeepAlive`): its connection is closed with the next response. Defaults to AWS's 3600. */
  clientKeepAlive?: number;
  /**
   * Whether the load balancer cannot be deleted: AWS refuses (`enableDeletionProtection`), and Pulumi before it touches anything else (`protect`). Defaults
   * to true; turn it off and deploy before a destroy.
   */
  deletionProtection?: boolean;
  /** Days to keep access logs in a bucket made for them, or false for none. Defaults to 90. */
  accessLogs?: number | false;
  /** Whether `pulumi destroy` may delete the bucket with its access logs (`forceDestroy`). Defaults to false. */
  forceDestroyLogs?: boolean;
  /**
   * A web ACL (AWS WAF) in front of the load balancer, which blocks attacks that AWS's managed rules know and, with `rateLimit`, who sends too much. `true` is
   * all defaults. Defaults to false. Cost: 5 USD a month, 1 USD for each rule (three by default), and 0.60 USD per million requests.
   *
   * @example
   * ```yaml
   * config:
   *   loadBalancer:
   *     waf:
   *       managed: [common, known-bad-inputs, sql]
   *       count:
   *         common: [SizeRestrictions_BODY]
   *       rateLimit: 2000
   * ```
   */
  waf?: boolean | WafArgs;
  /** ARN of a web ACL that is there already (`webAclArn`): one of the load balancer's own region. Defaults to none. */
  webAclArn?: pulumi.Input<string>;
  /** Changes to what the component makes. */
  transform?: DomainTransform &
    AnswersTransform & {
      securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
      ingress?: Transform<aws.vpc.SecurityGroupIngressRuleArgs>;
      signInEgress?: Transform<aws.vpc.SecurityGroupEgressRuleArgs>;
      loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
      http?: Transform<aws.lb.ListenerArgs>;
      https?: Transform<aws.lb.ListenerArgs>;
      logBucket?: LogBucketArgs["transform"];
      fixedAddresses?: FixedAddressesTransform;
      waf?: WebAclTransform;
      trustStore?: TrustStoreTransform;
      webAclAssociation?: Transform<aws.wafv2.WebAclAssociationArgs>;
    };
}

export const loadBalancer = {
  ...common,
  ...sites,
  ...answers,
  network: other<NetworkLike>(),
  requireHttps: optional(flag(), false),
  // TLS 1.3 and 1.2 with forward secrecy only; the plain TLS13-1-2 policy still has ciphers that Security Hub (ELB.17) refuses.
  sslPolicy: optional(oneOf(...TLS_POLICIES), "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"),
  strictTransportSecurity: optional(
    pattern(/^max-age=\d{1,10}(; ?includeSubDomains)?(; ?preload)?$/, "a policy of HSTS", "max-age=31536000; includeSubDomains"),
  ),
  responseHeaders: optional(responseHeaders, {}),
  mutualTls: optional(MUTUAL_TLS),
  internal: optional(flag(), false),
  allowedCidrBlocks: optional(list(text(anyRangeComplaint, "10.0.0.0/16")), ({ allowedPrefixLists }: { allowedPrefixLists: string[] }) =>
    allowedPrefixLists.length > 0 ? [] : [ALL_IPV4],
  ),
  allowedPrefixLists: prefixLists(),
  fixedAddresses: optional(flag(), false),
  idleTimeout: optional(within(LIMITS["aws:lb/loadBalancer:LoadBalancer"].takes.idleTimeout), 60),
  clientKeepAlive: optional(within(LIMITS["aws:lb/loadBalancer:LoadBalancer"].takes.clientKeepAlive)),
  deletionProtection: optional(flag(), true),
  accessLogs: optional(offOr(accessLogDays()), 90),
  forceDestroyLogs: optional(flag(), false),
  waf: optional(flagOr(WAF), false),
  webAclArn: optional(input(arn("wafv2", "eu-west-1:111122223333:regional/webacl/…"))),
  transform: optional(other<NonNullable<LoadBalancerArgs["transform"]>>()),
} satisfies ArgumentsOf<LoadBalancerArgs>;

/** A name, or a certificate, where there must be HTTPS. */
const https: Rule<Pick<typeof loadBalancer, "requireHttps" | "domain" | "certificateArn">> = {
  about: ["requireHttps", "domain", "certificateArn"],
  at: "domain",
  complain: httpsComplaint,
};

/** Each range has a rule for each port, and a security group has room for so many. */
const roomForRanges: Rule<Pick<typeof loadBalancer, "allowedCidrBlocks" | "allowedPrefixLists" | "domain" | "certificateArn">> = {
  about: ["allowedCidrBlocks", "allowedPrefixLists", "domain", "certificateArn"],
  at: "allowedCidrBlocks",
  complain: ({ allowedCidrBlocks, allowedPrefixLists, domain, certificateArn }) => {
    const ports = domain === undefined && certificateArn === undefined ? 1 : 2;
    const [rules, room] = [allowedCidrBlocks.length * ports, SECURITY_GROUP_RULES - knownRules(allowedPrefixLists)];
    const beside = room < SECURITY_GROUP_RULES ? " beside CloudFront's" : "";
    return rules > room
      ? `${allowedCidrBlocks.length} ranges are ${rules} rules of one security group; allowed: ${room}${beside}, which is ${Math.floor(room / ports)} ranges; join neighboring ranges, or name a managed prefix list in allowedPrefixLists.`
      : undefined;
  },
};

/** Browsers ignore it over HTTP. */
const hstsBySecure: Rule<Pick<typeof loadBalancer, "strictTransportSecurity" | "domain" | "certificateArn">> = {
  about: ["strictTransportSecurity", "domain", "certificateArn"],
  at: "strictTransportSecurity",
  complain: ({ strictTransportSecurity, domain, certificateArn }) =>
    strictTransportSecurity !== undefined && domain === undefined && certificateArn === undefined
      ? "browsers believe it by HTTPS only; give the load balancer a domain or a certificateArn, or leave it out."
      : undefined,
};

/** A client shows its certificate while the connection is encrypted. */
const mutualBySecure: Rule<Pick<typeof loadBalancer, "mutualTls" | "domain" | "certificateArn">> = {
  about: ["mutualTls", "domain", "certificateArn"],
  at: "mutualTls",
  complain: ({ mutualTls, domain, certificateArn }) =>
    mutualTls !== undefined && domain === undefined && certificateArn === undefined
      ? "clients show certificates by HTTPS only; give the load balancer a domain or a certificateArn, or leave it out."
      : undefined,
};

/** AWS tells addresses apart by who connects. */
const limitsUsers: Rule<Pick<typeof loadBalancer, "waf" | "allowedPrefixLists">> = {
  about: ["waf", "allowedPrefixLists"],
  at: "waf",
  complain: ({ waf, allowedPrefixLists }) =>
    waf !== false && waf.rateLimit !== undefined && hasCloudFront(allowedPrefixLists)
      ? [
          {
            at: "waf.rateLimit",
            text: "requests come from CloudFront's own addresses, so it would turn away users of all kinds; leave it out, and limit in a web ACL of the distribution.",
          },
        ]
      : undefined,
};

/** AWS takes one web ACL for a load balancer. */
const oneWebAcl: Rule<Pick<typeof loadBalancer, "waf" | "webAclArn">> = {
  about: ["waf", "webAclArn"],
  at: "webAclArn",
  complain: ({ waf, webAclArn }) =>
    waf !== false && webAclArn !== undefined ? "waf makes a web ACL, and a load balancer has one; leave out one or the other." : undefined,
};

/** Addresses of the internet are for what is reached from there, by ranges that the load balancer in front can let in, too. */
const publicAddresses: Rule<Pick<typeof loadBalancer, "fixedAddresses" | "internal" | "allowedPrefixLists">> = {
  about: ["fixedAddresses", "internal", "allowedPrefixLists"],
  at: "fixedAddresses",
  complain: ({ fixedAddresses, internal, allowedPrefixLists }) => {
    if (!fixedAddresses) return undefined;
    if (internal) return "an internal load balancer has no addresses in the internet; leave one of them out.";
    return allowedPrefixLists.length > 0
      ? "the load balancer with the addresses lets in ranges alone; name them in allowedCidrBlocks, or leave one of them out."
      : undefined;
  },
};
export const loadBalancerRules = [
  https,
  publicAddresses,
  roomForRanges,
  oneWebAcl,
  limitsUsers,
  hstsBySecure,
  mutualBySecure,
  ...sitesRules,
];
const SCHEMA = group(loadBalancer, ...loadBalancerRules, oneMaker);

const NOT_FOUND = { type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "Not found\n", statusCode: "404" } };

/** The source of a rule, by the family of its addresses. */
const fromRange = (range: string) => (isIpv6(range) ? { cidrIpv6: range } : { cidrIpv4: range });

/** An Application Load Balancer: HTTPS where it has a name or a certificate, HTTP that only redirects to it, and 404 for what no route takes. */
export class LoadBalancer extends ListenerOwner<typeof loadBalancer> {
  readonly network: NetworkLike;
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** Who reaches it (`scheme`). AWS changes it for no load balancer: another one is another load balancer. */
  readonly scheme: "internal" | "internet-facing";
  /** The listener that routes are attached to: HTTPS, or HTTP without a certificate. */
  readonly listener: aws.lb.Listener;
  readonly httpListener: aws.lb.Listener;
  readonly certificate?: aws.acm.Certificate;
  readonly logBucket?: LogBucket;
  /** What stands in front of it, with `fixedAddresses`. */
  readonly front?: FixedAddresses;
  /** Its fixed addresses, one in each zone. */
  readonly elasticIps: aws.ec2.Eip[];
  /** The web ACL that `waf` makes. */
  readonly webAcl?: WebAcl;
  /** The trust store of `mutualTls`, where `certificates` makes one. */
  readonly trustStore?: TrustStore;
  /** Where it answers: `https://<domain>`, or the load balancer's own name. */
  readonly url: pulumi.Output<string>;
  /** Whether routes are served by HTTPS. */
  readonly secure: boolean;
  readonly securityGroupId: pulumi.Output<string>;
  readonly listenerArn: pulumi.Output<string>;
  readonly arnSuffix: pulumi.Output<string>;

  /** Another scheme is another load balancer. */
  get identity() {
    return this.scheme;
  }

  /** What another stack needs to use it: the arguments of `LoadBalancer.existing`. */
  get shared() {
    return { listenerArn: this.listenerArn, baseUrl: this.url } satisfies Omit<ExistingLoadBalancerArgs, "network">;
  }

  /** A load balancer that is there already: its listener, or a stack that exports it. */
  static existing(name: string, args: ExistingLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions): ExistingLoadBalancer {
    return new ExistingLoadBalancer(name, args, opts);
  }

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("LoadBalancer", name, SCHEMA, args, opts);
    this.network = this.args.network;
    this.scheme = this.args.internal ? "internal" : "internet-facing";
    this.secure = this.isSecure();
    this.securityGroup = this.makeSecurityGroup(this.secure ? [80, 443] : [80]);
    if (this.args.accessLogs !== false) {
      this.logBucket = new LogBucket(
        `${name}-logs`,
        {
          location: this.args.network.location,
          retentionInDays: this.args.accessLogs,
          forceDestroy: this.args.forceDestroyLogs,
          ...(this.args.transform?.logBucket && { transform: this.args.transform.logBucket }),
          tags: this.tags,
        },
        { parent: this },
      );
    }
    this.loadBalancer = this.makeLoadBalancer();
    if (this.args.waf !== false) this.webAcl = this.makeWebAcl(this.args.waf);
    if (this.webAcl) this.guardBy(this.webAcl.webAcl.arn);
    else if (this.args.webAclArn !== undefined) this.guardBy(this.standing(this.args.webAclArn, "webAclArn", this.network.location));
    if (this.secure) {
      const { arn: certificateArn, certificate } = this.certify();
      if (certificate) this.certificate = certificate;
      const { mutualTls } = this.args;
      if (mutualTls?.certificates !== undefined) this.trustStore = this.makeTrustStore(mutualTls.certificates);
      this.httpListener = this.listen("http", this.args.transform?.http, {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      });
      this.listener = this.listen("https", this.args.transform?.https, {
        port: 443,
        protocol: "HTTPS",
        certificateArn,
        sslPolicy: this.args.sslPolicy,
        ...(this.args.strictTransportSecurity !== undefined && {
          routingHttpResponseStrictTransportSecurityHeaderValue: this.args.strictTransportSecurity,
        }),
        ...headersOf(this.args.responseHeaders),
        ...(mutualTls && { mutualAuthentication: this.asksOf(mutualTls) }),
        defaultActions: [NOT_FOUND],
      });
    } else {
      this.httpListener = this.listen("http", this.args.transform?.http, {
        port: 80,
        protocol: "HTTP",
        ...headersOf(this.args.responseHeaders),
        defaultActions: [NOT_FOUND],
      });
      this.listener = this.httpListener;
    }
    if (this.args.fixedAddresses) this.front = this.makeFront();
    this.elasticIps = this.front?.networkLoadBalancer.elasticIps ?? [];
    // Users come to the load balancer that they are led to, once connections get through it.
    const first = this.front?.networkLoadBalancer.loadBalancer ?? this.loadBalancer;
    const target = this.targetAt(first);
    this.pointTo(target, this.site, this.front?.ready);
    const host = this.domains[0] ?? first.dnsName;
    this.url = pulumi.interpolate`${this.secure ? "https" : "http"}://${host}`;
    this.securityGroupId = this.securityGroup.id;
    this.listenerArn = this.listener.arn;
    this.arnSuffix = this.loadBalancer.arnSuffix;
    this.serveOthers(target, this.front?.ready);
    this.answerAll();
    this.registerOutputs({ url: this.url });
  }

  /** Where names lead: by IPv6 too, unless a network load balancer with fixed addresses, which are of IPv4, stands in front. */
  private targetAt({ dnsName, zoneId }: aws.lb.LoadBalancer): Target {
    return { dnsName, zoneId, ...(this.network.ipv6 && !this.front && { ipv6: this.network.ipv6 }) };
  }

  private isSecure(): boolean {
    const { args } = this;
    if (args.domain !== undefined || args.certificateArn !== undefined) return true;
    if (Object.keys(args.domains).length > 0)
      this.refuse("domains", "their certificates stand beside a first one; name the first domain by domain, or give certificateArn.");
    void pulumi.log.warn("serves plain HTTP: neither domain nor certificateArn is set, so what users send can be read on its way.", this);
    return false;
  }

  private makeSecurityGroup(ports: number[]): aws.ec2.SecurityGroup {
    const { args } = this;
    const group = this.make(
      aws.ec2.SecurityGroup,
      "",
      { vpcId: this.network.vpcId, description: `Load balancer ${this.label}: HTTP and HTTPS from its users`, tags: this.tags },
      args.transform?.securityGroup,
    );
    const allow = (
      port: number,
      suffix: string,
      from: Pick<aws.vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "cidrIpv6" | "prefixListId">,
    ) =>
      this.make(
        aws.vpc.SecurityGroupIngressRule,
        `${port}${suffix}`,
        {
          securityGroupId: group.id,
          description: port === 443 ? "HTTPS" : "HTTP",
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          ...from,
          tags: this.tags,
        },
        args.transform?.ingress,
      );
    for (const port of ports) for (const [i, range] of this.users().entries()) allow(port, i === 0 ? "" : `-${i + 1}`, fromRange(range));
    for (const list of args.allowedPrefixLists) {
      const reached = portsOf(list, ports);
      const prefixListId = idOfPrefixList(list, reached.length, this, this.refuse);
      for (const port of reached) allow(port, `-${list}`, { prefixListId });
    }
    return group;
  }

  /** The ranges that may connect. Whoever lets in all of the internet means that of IPv6 too, where there is one. */
  private users(): string[] {
    const { allowedCidrBlocks } = this.args;
    const [ofIpv6] = allowedCidrBlocks.filter(isIpv6);
    if (ofIpv6 !== undefined && !this.network.ipv6)
      this.refuse(
        "allowedCidrBlocks",
        `${ofIpv6} is a range of IPv6, which the network has not; set ipv6 of the network, or leave it out.`,
      );
    const isOpen = this.network.ipv6 && ofIpv6 === undefined && allowedCidrBlocks.includes(ALL_IPV4);
    return isOpen ? [...allowedCidrBlocks, ALL_IPV6] : allowedCidrBlocks;
  }

  private makeLoadBalancer(): aws.lb.LoadBalancer {
    const { args } = this;
    return this.make(
      aws.lb.LoadBalancer,
      "",
      {
        loadBalancerType: "application",
        internal: args.internal,
        ...(this.network.ipv6 && { ipAddressType: "dualstack" }),
        subnets: args.internal ? this.network.privateSubnetIds : this.network.publicSubnetIds,
        securityGroups: [this.securityGroup.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        idleTimeout: args.idleTimeout,
        ...(args.clientKeepAlive !== undefined && { clientKeepAlive: args.clientKeepAlive }),
        enableDeletionProtection: args.deletionProtection,
        // Off in words: the provider takes a block that is left out for no change. It wants a bucket's name either way.
        accessLogs: this.logBucket ? { enabled: true, bucket: this.logBucket.bucket.bucket } : { enabled: false, bucket: "" },
        tags: this.tags,
      },
      args.transform?.loadBalancer,
      // Its subnets bring the whole VPC along: the internet gateway and its routes come before it and go after it. AWS writes a test log at once.
      { protect: args.deletionProtection, dependsOn: this.logBucket ? [this.logBucket.policy] : [] },
    );
  }

  private signInEgress?: aws.vpc.SecurityGroupEgressRule;
  protected override letSignIn(refuse: Refuse): void {
    super.letSignIn(refuse);
    // The load balancer itself asks the provider for tokens; nobody says at which addresses that is.
    this.signInEgress ??= this.make(
      aws.vpc.SecurityGroupEgressRule,
      "sign-in",
      {
        securityGroupId: this.securityGroup.id,
        description: "Whom users sign in with",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: ALL_IPV4,
        tags: this.tags,
      },
      this.args.transform?.signInEgress,
    );
  }

  private makeFront(): FixedAddresses {
    const { network, allowedCidrBlocks, deletionProtection, transform } = this.args;
    return new FixedAddresses(
      `${this.label}-fixed`,
      {
        network,
        loadBalancer: this.loadBalancer,
        securityGroup: this.securityGroup,
        listeners: [[80, this.httpListener], ...(this.secure ? [[443, this.listener] as [number, aws.lb.Listener]] : [])],
        allowedCidrBlocks,
        deletionProtection,
        ...(transform?.fixedAddresses && { transform: transform.fixedAddresses }),
        ...this.common,
        [ORIGIN]: under(this.origin, "fixedAddresses"),
      },
      { parent: this },
    );
  }

  private makeWebAcl(waf: WafArgs): WebAcl {
    const transform = this.args.transform?.waf;
    return new WebAcl(`${this.label}-waf`, { ...this.common, ...waf, ...(transform && { transform }) }, { parent: this });
  }

  private makeTrustStore(file: string): TrustStore {
    const transform = this.args.transform?.trustStore;
    const content = authoritiesOf(file, this.refuse);
    return new TrustStore(`${this.label}-trust`, { ...this.common, content, ...(transform && { transform }) }, { parent: this });
  }

  /** What the listener asks of clients. AWS takes a trust store and what goes with it from who verifies alone. */
  private asksOf({ mode, trustStoreArn, ignoreExpired }: Values<typeof mutualTls>): aws.types.input.lb.ListenerMutualAuthentication {
    if (mode !== "verify") return { mode };
    return {
      mode,
      trustStoreArn:
        this.trustStore?.trustStore.arn ?? this.standing(trustStoreArn!, ["mutualTls", "trustStoreArn"], this.network.location, true),
      ignoreClientCertificateExpiry: ignoreExpired,
    };
  }

  private guardBy(webAclArn: pulumi.Input<string>): void {
    this.make(
      aws.wafv2.WebAclAssociation,
      "waf",
      { resourceArn: this.loadBalancer.arn, webAclArn },
      this.args.transform?.webAclAssociation,
      // AWS ends an association by the load balancer alone: an old one that went last would take the new one along.
      { deleteBeforeReplace: true },
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
}
