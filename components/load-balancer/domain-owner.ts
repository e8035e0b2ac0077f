// What a load balancer, new or existing, has for domains: their certificate, the records that prove to AWS that they are ours, and those that lead to it.
import * as pulumi from "@pulumi/pulumi";
import { placeComplaint } from "../../facts/arns";
import { zoneOf } from "../../facts/domain";
import { arn, domain } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type Arguments, type ArgumentsOf, input, oneOrMore, optional, type Values } from "../base/schema";
import type { NetworkLike } from "../network/network-like";

/** What is said of a load balancer's domains. */
export interface DomainArgs {
  /**
   * Host name to serve by HTTPS, or several with one certificate (`domainName`, `subjectAlternativeNames`); the URL has the first. The certificate (ACM), its
   * DNS validation and the alias records are created in `hostedZone` (Route 53). Defaults to none: HTTP only, unless there is a certificate already.
   */
  domain?: string | string[];
  /** Route 53 zone that all of `domain` is in. Defaults to the parent of each domain: `example.com` for `app.example.com`. */
  hostedZone?: string;
  /** ARN of an existing certificate (`certificateArn`). Defaults to a new one for `domain`. With both, the alias record is still created. */
  certificateArn?: pulumi.Input<string>;
}

/** Changes to certificates and records. */
export interface DomainTransform {
  certificate?: Transform<aws.acm.CertificateArgs>;
  validationRecord?: Transform<aws.route53.RecordArgs>;
  certificateValidation?: Transform<aws.acm.CertificateValidationArgs>;
  aliasRecord?: Transform<aws.route53.RecordArgs>;
}

/** AWS's limit for the names of one certificate. */
const MOST_NAMES = 10;
const domains = () =>
  oneOrMore(domain(), (names) => {
    if (names.length === 0) return "the list is empty; name at least one.";
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) return `${JSON.stringify(twice)} is named twice; name each domain once.`;
    return names.length > MOST_NAMES
      ? `${names.length} names for one certificate; AWS takes ${MOST_NAMES} (a quota that can be raised): give the others a load balancer of their own, or certificateArn.`
      : undefined;
  });

export const domainArguments = {
  domain: optional(domains()),
  hostedZone: optional(domain()),
  certificateArn: optional(input(arn("acm", "eu-west-1:111122223333:certificate/…"))),
} satisfies ArgumentsOf<DomainArgs>;

/** Where records lead to. */
interface Target {
  dnsName: pulumi.Output<string>;
  zoneId: pulumi.Output<string>;
}

/** A component with domains. */
export abstract class DomainOwner<E extends Arguments> extends Component<E> {
  abstract readonly network: NetworkLike;

  private get its() {
    return this.args as Values<typeof domainArguments> & { transform?: DomainTransform };
  }

  /** The domains, the first of which is the URL's. */
  protected get domains(): string[] {
    return [this.its.domain ?? []].flat();
  }

  /** The certificate for the domains, or the one that there is. Its ARN is known once AWS has issued it. */
  protected certify(): { arn: pulumi.Output<string>; certificate?: aws.acm.Certificate } {
    const { certificateArn } = this.its;
    if (certificateArn !== undefined) return { arn: this.here(certificateArn) };
    const certificate = this.makeCertificate(this.domains);
    return { arn: this.validated(certificate, this.domains), certificate };
  }

  /** A certificate that stands, once it is known to be of the load balancer's own region and account. */
  private here(certificateArn: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.all([certificateArn, this.network.location.told ?? {}]).apply(([arn, own]) => {
      const complaint = placeComplaint(arn, own);
      if (complaint) this.refuse("certificateArn", complaint);
      return arn;
    });
  }

  private makeCertificate([domainName, ...others]: string[]): aws.acm.Certificate {
    return this.make(
      aws.acm.Certificate,
      "",
      {
        domainName: domainName!,
        ...(others.length > 0 && { subjectAlternativeNames: others }),
        validationMethod: "DNS",
        tags: this.tags,
      },
      this.its.transform?.certificate,
    );
  }

  /** Proves by DNS records that the domains are ours. Returns the certificate's ARN once AWS has issued it. */
  private validated(certificate: aws.acm.Certificate, domains: string[]): pulumi.Output<string> {
    const { transform } = this.its;
    const records = domains.map((domain, i) => {
      // AWS gives the proofs of several names in any order.
      const proof = certificate.domainValidationOptions.apply((all) => all.find(({ domainName }) => domainName === domain) ?? all[i]!);
      return this.make(
        aws.route53.Record,
        `validation-${domain}`,
        {
          zoneId: this.zoneId(domain),
          name: proof.resourceRecordName,
          type: proof.resourceRecordType,
          records: [proof.resourceRecordValue],
          ttl: 60,
          // Another stack with the same domain needs the very same record.
          allowOverwrite: true,
        },
        transform?.validationRecord,
        this.formerly("validation", i === 0),
      );
    });
    return this.make(
      aws.acm.CertificateValidation,
      "",
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.fqdn) },
      transform?.certificateValidation,
    ).certificateArn;
  }

  /** Makes the domains lead to a load balancer. */
  protected pointTo(target: Target): void {
    for (const [i, domain] of this.domains.entries()) this.point(domain, i === 0, target);
  }

  /** The alias record that makes a domain lead here. Named by the domain: one more, one less, or another order leaves the others' records alone. */
  private point(domain: string, first: boolean, target: Target): void {
    this.make(
      aws.route53.Record,
      `alias-${domain}`,
      {
        zoneId: this.zoneId(domain),
        name: domain,
        type: "A",
        aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: true }],
      },
      this.its.transform?.aliasRecord,
      this.formerly("alias", first),
    );
  }

  /** The name that a record had while there was one domain. */
  private formerly(suffix: string, first: boolean): pulumi.CustomResourceOptions {
    return first ? { aliases: [{ name: `${this.label}-${suffix}` }] } : {};
  }

  private readonly zones = new Map<string, pulumi.Output<string>>();
  private zoneId(domain: string): pulumi.Output<string> {
    const name = this.its.hostedZone ?? zoneOf(domain);
    const known = this.zones.get(name) ?? aws.route53.getZoneOutput({ name }, { parent: this }).zoneId;
    this.zones.set(name, known);
    return known;
  }
}
