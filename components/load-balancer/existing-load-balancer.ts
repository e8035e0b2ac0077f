import * as pulumi from "@pulumi/pulumi";
import { isTold } from "../../facts/made-up";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, group, input, optional, other, pattern } from "../base/schema";
import { oneSource, StackOutputs, stackReference } from "../base/stack-outputs";
import type { NetworkLike } from "../network/network-like";
import { type AnswersArgs, answers } from "./answers";
import type { DomainTransform } from "./domain-owner";
import { oneMaker, type SitesArgs, servedNames, sites, sitesRules } from "./domains";
import { type AnswersTransform, ListenerOwner } from "./listener-owner";

/** Arguments of `LoadBalancer.existing`: its listener, or a stack to read it from; and the domains that this stack adds. */
export interface ExistingLoadBalancerArgs extends ComponentArgs, SitesArgs, AnswersArgs {
  /** The network that it stands in, which the tasks are in, too. */
  network: NetworkLike;
  /** ARN of the listener to attach routes to (`listenerArn`): the HTTPS one, where there is one. Required unless `stack` is given; no default. */
  listenerArn?: pulumi.Input<string>;
  /** Where the load balancer answers, such as `https://apps.example.com`. Defaults to the first `domain`, or the load balancer's own name. */
  baseUrl?: pulumi.Input<string>;
  /** Its security group, which gets a rule for each service. Defaults to the first that the load balancer has. */
  securityGroupId?: pulumi.Input<string>;
  /** A stack (`organization/project/stack`) whose outputs of these names replace them; a stack of Berth has them. Defaults to none. */
  stack?: string;
  /** Changes to what the component makes. */
  transform?: DomainTransform & AnswersTransform;
}

export const existingLoadBalancer = {
  ...common,
  ...sites,
  ...answers,
  network: other<NetworkLike>(),
  listenerArn: optional(
    input(
      pattern(
        /^arn:[a-z-]+:elasticloadbalancing:[^:]+:\d{12}:listener\/app\/[^/]+\/[^/]+\/[^/]+$/,
        "the ARN of an Application Load Balancer's listener",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2",
      ),
    ),
  ),
  baseUrl: optional(input(pattern(/^https?:\/\/[^/]+$/, "the URL of a host", "https://apps.example.com"))),
  securityGroupId: optional(input(pattern(/^sg-[0-9a-f]{8,17}$/, "the id of a security group", "sg-0a1b2c3d4e5f67890"))),
  stack: optional(stackReference()),
  transform: optional(other<NonNullable<ExistingLoadBalancerArgs["transform"]>>()),
} satisfies ArgumentsOf<ExistingLoadBalancerArgs>;

const IDS = ["listenerArn", "baseUrl", "securityGroupId"] as const;
export const oneSourceOfLoadBalancer = oneSource<Pick<typeof existingLoadBalancer, (typeof IDS)[number] | "stack">, (typeof IDS)[number]>(
  IDS,
  "listenerArn",
);
const SCHEMA = group(existingLoadBalancer, oneSourceOfLoadBalancer, ...sitesRules, oneMaker);

/** What AWS says of the listener and its load balancer. */
interface Found {
  protocol: string;
  dnsName: string;
  zoneId: string;
  securityGroupId: string;
}

/** The ARN of a listener's load balancer. */
const balancerOf = (listenerArn: string) => listenerArn.replace(":listener/", ":loadbalancer/").replace(/\/[^/]+$/, "");

/**
 * A load balancer that something else made. It gets what is a service's own: listener rules, security group rules, a certificate, alias records. Nothing else of
 * it is changed; it is looked up once, and checked.
 */
export class ExistingLoadBalancer extends ListenerOwner<typeof existingLoadBalancer> {
  readonly network: NetworkLike;
  readonly listenerArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly arnSuffix: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly secure: pulumi.Output<boolean>;
  /** The ARN of the load balancer. */
  readonly identity: pulumi.Output<string>;
  readonly certificate?: aws.acm.Certificate;
  /** The certificate at the listener. */
  readonly listenerCertificate?: aws.lb.ListenerCertificate;

  constructor(name: string, args: ExistingLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ExistingLoadBalancer", name, SCHEMA, args, opts);
    this.network = this.args.network;
    const stack = this.args.stack === undefined ? undefined : new StackOutputs(this.args.stack, this, this.refuse);
    const id = (key: "baseUrl" | "securityGroupId") => (stack ? stack.find<string>(key) : pulumi.output(this.args[key]));
    const given = pulumi.output(stack ? stack.get<string>("listenerArn") : this.args.listenerArn!);
    const found = this.lookUp(given);
    // Whatever is made with it waits for what AWS says of it.
    this.listenerArn = pulumi.all([given, found]).apply(([arn]) => arn);
    this.identity = this.listenerArn.apply(balancerOf);
    this.arnSuffix = this.identity.apply((arn) => arn.split(":loadbalancer/")[1]!);
    this.securityGroupId = pulumi.all([id("securityGroupId"), found]).apply(([own, { securityGroupId }]) => own ?? securityGroupId);
    this.secure = found.apply(({ protocol }) => protocol === "HTTPS");
    if (this.args.domain !== undefined || this.args.certificateArn !== undefined) {
      const { arn: certificateArn, certificate } = this.certify();
      if (certificate) this.certificate = certificate;
      this.listenerCertificate = this.attach("", certificateArn);
    }
    const target = { dnsName: found.apply(({ dnsName }) => dnsName), zoneId: found.apply(({ zoneId }) => zoneId) };
    this.pointTo(target);
    this.serveOthers(target);
    const [domain] = this.domains;
    this.url =
      domain === undefined
        ? pulumi.all([id("baseUrl"), found]).apply(([url, its]) => url ?? `${its.protocol.toLowerCase()}://${its.dnsName}`)
        : pulumi.output(`https://${domain}`);
    this.answerAll();
    this.registerOutputs({ url: this.url });
  }

  /** What another stack needs to use it. */
  get shared() {
    return { listenerArn: this.listenerArn, baseUrl: this.url, securityGroupId: this.securityGroupId };
  }

  /** Requests for other hosts than this stack's own `domain`s, where it has any, are not meant for it. */
  protected override get hosts(): string[] {
    return [this.site, ...Object.values(this.args.domains)].flatMap(servedNames);
  }

  /** Asks AWS for the listener and its load balancer, and checks both. What a plan makes up refuses nothing. */
  private lookUp(listenerArn: pulumi.Output<string>): pulumi.Output<Found> {
    const own = pulumi.all([this.standing(listenerArn, "listenerArn", this.network.location), this.network.vpcId]);
    return own.apply(async ([arn, vpcId]) => {
      const unknown = (reason: Error) =>
        this.refuse("listenerArn", `AWS finds no listener ${arn}; give the ARN of one that is there (${reason.message}).`);
      const [listener, balancer] = await Promise.all([
        aws.lb.getListener({ arn }, { parent: this }).catch(unknown),
        aws.lb.getLoadBalancer({ arn: balancerOf(arn) }, { parent: this }).catch(unknown),
      ]);
      const isPlanned = !isTold(listener, "protocol");
      if (isPlanned) void pulumi.log.info(`whether ${arn} is a listener of this network, pulumi preview asks AWS.`, this);
      else this.checkListener(arn, listener);
      if (!isPlanned && balancer.vpcId !== vpcId) {
        this.refuse(
          "listenerArn",
          `its load balancer ${balancer.name} is in ${balancer.vpcId}, the tasks are in ${vpcId}; both must be in one network.`,
        );
      }
      const [securityGroupId = ""] = balancer.securityGroups;
      if (securityGroupId === "")
        this.refuse(
          "securityGroupId",
          `the load balancer ${balancer.name} has no security group, so no rule can let its requests in; give it one.`,
        );
      const { dnsName, zoneId } = balancer;
      return { protocol: listener.protocol, dnsName, zoneId, securityGroupId };
    });
  }

  /** Its security group is another stack's: a rule for all addresses, which AWS takes once, would be in the way of the next stack. */
  protected override letSignIn(refuse: Refuse): void {
    super.letSignIn(refuse);
    this.remark({
      severity: "info",
      at: "securityGroupId",
      text: "users sign in by this load balancer, so its security group must let it connect to their identity provider on port 443.",
    });
  }

  private checkListener(arn: string, { protocol, port, defaultActions }: aws.lb.GetListenerResult): void {
    if (protocol === "HTTPS") return;
    if (defaultActions.some(({ type }) => type === "redirect"))
      this.refuse(
        "listenerArn",
        `${arn} is the ${protocol} listener on port ${port}, which redirects all requests; give the HTTPS listener.`,
      );
    const its = this.args.domain === undefined ? "certificateArn" : "domain";
    if (this.args[its] !== undefined)
      this.refuse(
        its,
        `the listener on port ${port} speaks ${protocol} and takes no certificate; give the HTTPS listener, or leave it out.`,
      );
  }
}
