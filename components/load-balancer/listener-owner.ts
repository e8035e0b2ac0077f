import type * as pulumi from "@pulumi/pulumi";
import * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { onceKnown } from "../base/once-known";
import { type HasOrigin, ORIGIN, type Refuse, readArguments, refuser, under } from "../base/origin";
import type { Arguments, Values } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { type answers, REDIRECT, RESPONSE, type RedirectArgs, type ResponseArgs, redirectAction, responseAction } from "./answers";
import { ClientSecrets } from "./client-secret";
import { conditionsComplaint, type RouteConditions, ruleConditions } from "./conditions";
import { DomainOwner, type Target } from "./domain-owner";
import { type Site, servedNames, type sites } from "./domains";
import type { LoadBalancerLike } from "./load-balancer-like";
import { Priorities } from "./priorities";
import { ROUTE, type Route, type RouteArgs, transforms } from "./route";
import { signInAction } from "./sign-in";

/** Changes to the listener rules of redirects and fixed answers, and to the attachments of further certificates. */
export interface AnswersTransform {
  listenerRule?: Transform<aws.lb.ListenerRuleArgs>;
  listenerCertificate?: Transform<aws.lb.ListenerCertificateArgs>;
}

/** A load balancer, new or existing, with a listener that has rules: those of services, and its own. */
export abstract class ListenerOwner<E extends Arguments> extends DomainOwner<E> implements LoadBalancerLike {
  abstract override readonly network: NetworkLike;
  abstract readonly securityGroupId: pulumi.Output<string>;
  abstract readonly listenerArn: pulumi.Output<string>;
  abstract readonly arnSuffix: pulumi.Output<string>;
  abstract readonly url: pulumi.Output<string>;
  abstract readonly secure: boolean | pulumi.Output<boolean>;
  abstract readonly identity: pulumi.Input<string>;
  /** The certificates of `domains`, by their names there. */
  readonly certificates: Record<string, aws.acm.Certificate> = {};
  private readonly priorities = new Priorities();
  private readonly clientSecrets = new ClientSecrets(this);

  /** The hosts of rules that name none: any. */
  protected get hosts(): string[] {
    return [];
  }

  /** Reserves a place among the listener's rules for a service: `lb.route({ path: "/api/*" })`. Throws a UserError for what AWS would refuse. */
  route(args: RouteArgs & HasOrigin): Route {
    const origin = args[ORIGIN] ?? under(this.origin, "route");
    const { priority, rewrite, signIn, ...given } = readArguments(ROUTE, args, origin);
    const refuse = refuser(origin);
    const conditions = this.onHosts(given, refuse);
    this.priorities.reserve(conditions, priority, refuse);
    if (signIn) this.letSignIn(refuse);
    return {
      loadBalancer: this,
      conditions,
      transforms: transforms({ ...conditions, ...(rewrite !== undefined && { rewrite }) }),
      ...(signIn && { signIn: signInAction(signIn, this.clientSecrets, refuse) }),
      priority: (service) => priority ?? this.priorities.assign(conditions, service, refuse),
      before: (own, purpose) => this.priorities.claim(own, purpose, conditions, refuse),
    };
  }

  /** Sees to it that users can sign in: by HTTPS, and with a way from the load balancer to whom they sign in with. */
  protected letSignIn(refuse: Refuse): void {
    onceKnown(this.secure, (isSecure) => {
      if (!isSecure) refuse("signIn", "AWS signs users in at an HTTPS listener only; give the load balancer a domain or a certificateArn.");
    });
  }

  /** Sends requests elsewhere: `lb.redirect("www", { host: "www.example.com", to: "https://example.com" })`. */
  redirect(name: string, args: RedirectArgs & HasOrigin): aws.lb.ListenerRule {
    const { priority, to, permanent, ...conditions } = readArguments(REDIRECT, args, args[ORIGIN] ?? under(this.origin, "redirects", name));
    return this.answer(["redirects", name], `redirect-${name}`, conditions, priority, redirectAction({ to, permanent }));
  }

  /** Gives requests a fixed answer: `lb.respond("old", { path: "/v1/*", status: 410 })`. */
  respond(name: string, args: ResponseArgs & HasOrigin): aws.lb.ListenerRule {
    const { priority, status, body, contentType, ...conditions } = readArguments(
      RESPONSE,
      args,
      args[ORIGIN] ?? under(this.origin, "responses", name),
    );
    const answer = { status, ...(body !== undefined && { body }), ...(contentType && { contentType }) };
    return this.answer(["responses", name], `response-${name}`, conditions, priority, responseAction(answer));
  }

  /** Makes the rules that the arguments name, before any route is asked for. */
  protected answerAll(): void {
    for (const site of [this.site, ...this.others.map(([, other]) => other)]) this.redirectNames(site);
    const { redirects, responses } = this.args as unknown as Values<typeof answers>;
    for (const [name, args] of Object.entries(redirects)) this.redirect(name, args as RedirectArgs);
    for (const [name, args] of Object.entries(responses)) this.respond(name, args as ResponseArgs);
  }

  /** Further domains by name. */
  private get others(): [name: string, site: Site][] {
    return Object.entries((this.args as unknown as Values<typeof sites>).domains);
  }

  /** Serves further domains, each of which leads here once its certificate is at the listener. */
  protected serveOthers(target: Target, ready: pulumi.Resource[] = []): void {
    for (const [name, site] of this.others) {
      const { arn, certificate } = this.certify(name, site);
      if (certificate) this.certificates[name] = certificate;
      this.pointTo(target, site, [this.attach(name, arn), ...ready]);
    }
  }

  /** Puts a certificate beside the listener's first one, for who asks for one of its names (SNI). */
  protected attach(name: string, certificateArn: pulumi.Output<string>): aws.lb.ListenerCertificate {
    return this.make(
      aws.lb.ListenerCertificate,
      name,
      { listenerArn: this.listenerArn, certificateArn },
      (this.args as { transform?: AnswersTransform }).transform?.listenerCertificate,
    );
  }

  private redirectNames({ redirectFrom = [], ...site }: Site): void {
    const action = redirectAction({ to: `https://${servedNames(site)[0]}`, permanent: true });
    for (const host of [redirectFrom].flat())
      this.answer(["redirectFrom", host], `redirect-${host.replace("*", "_wildcard")}`, { host }, undefined, action);
  }

  private answer(
    [kind, name]: [kind: string, name: string],
    suffix: string,
    given: RouteConditions,
    explicit: number | undefined,
    action: aws.types.input.lb.ListenerRuleAction,
  ): aws.lb.ListenerRule {
    const refuse = refuser(under(this.origin, kind, name));
    const conditions = this.onHosts(given, refuse);
    this.priorities.reserve(conditions, explicit, refuse);
    return this.make(
      aws.lb.ListenerRule,
      suffix,
      {
        listenerArn: this.listenerArn,
        priority: explicit ?? this.priorities.assign(conditions, name, refuse),
        conditions: ruleConditions(conditions),
        actions: [action],
        tags: this.tags,
      },
      (this.args as { transform?: AnswersTransform }).transform?.listenerRule,
    );
  }

  private onHosts<C extends RouteConditions>(given: C, refuse: Refuse): C {
    if (given.host !== undefined || this.hosts.length === 0) return given;
    const all = { ...given, host: this.hosts };
    const complaint = conditionsComplaint(all);
    if (complaint) refuse("host", `the stack's ${this.hosts.length} domains are its hosts unless it names some: ${complaint}`);
    return all;
  }
}
