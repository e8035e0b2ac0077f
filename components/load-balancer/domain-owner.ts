// What a load balancer, new or existing, has for domains: their certificate, the records that prove to AWS that they are ours, and those that lead to it.
import * as pulumi from "@pulumi/pulumi";
import { placeComplaint } from "../../facts/arns";
import { bareName, isInZone, zoneOf } from "../../facts/domain";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import type { Arguments } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { allNames, type Site, servedNames } from "./domains";

/** Changes to certificates and records. */
export interface DomainTransform {
  certificate?: Transform<aws.acm.CertificateArgs>;
  validationRecord?: Transform<aws.route53.RecordArgs>;
  certificateValidation?: Transform<aws.acm.CertificateValidationArgs>;
  aliasRecord?: Transform<aws.route53.RecordArgs>;
}

/** The zone that a domain is in by its name: its parent, and for what is redirected that of the domain that it is sent to. */
function zoneIn(site: Site, domain: string): string {
  const served = servedNames(site);
  const its = zoneOf(served[0]!);
  return !served.includes(domain) && isInZone(domain, its) ? its : zoneOf(domain);
}

/** Where records lead to. */
export interface Target {
  dnsName: pulumi.Output<string>;
  zoneId: pulumi.Output<string>;
}

/** A component with domains. */
export abstract class DomainOwner<E extends Arguments> extends Component<E> {
  abstract readonly network: NetworkLike;
  /** The records that prove a name, which a wildcard and the name that it is below have in common. */
  private readonly proofs = new Map<string, aws.route53.Record>();
  private readonly zones = new Map<string, pulumi.Output<string>>();

  private get transforms(): DomainTransform {
    return (this.args as { transform?: DomainTransform }).transform ?? {};
  }

  /** The domains of the first certificate. */
  protected get site(): Site {
    return this.args as unknown as Site;
  }

  /** The domains that are served, the first of which is the URL's. */
  protected get domains(): string[] {
    return servedNames(this.site);
  }

  /** The certificate for domains, or the one that there is. Its ARN is known once AWS has issued it. Those beside the first have a name. */
  protected certify(name = "", site = this.site): { arn: pulumi.Output<string>; certificate?: aws.acm.Certificate } {
    const { certificateArn } = site;
    if (certificateArn !== undefined) {
      const path = name === "" ? ["certificateArn"] : ["domains", name, "certificateArn"];
      return { arn: this.here(certificateArn, path) };
    }
    const certificate = this.makeCertificate(name, allNames(site));
    return { arn: this.validated(name, certificate, site), certificate };
  }

  /** A certificate that stands, once it is known to be of the load balancer's own region and account. */
  private here(certificateArn: pulumi.Input<string>, path: readonly string[]): pulumi.Output<string> {
    return pulumi.all([certificateArn, this.network.location.told ?? {}]).apply(([arn, own]) => {
      const complaint = placeComplaint(arn, own);
      if (complaint) this.refuse(path, complaint);
      return arn;
    });
  }

  private makeCertificate(name: string, [domainName, ...others]: string[]): aws.acm.Certificate {
    return this.make(
      aws.acm.Certificate,
      name,
      {
        domainName: domainName!,
        ...(others.length > 0 && { subjectAlternativeNames: others }),
        validationMethod: "DNS",
        tags: this.tags,
      },
      this.transforms.certificate,
    );
  }

  /** Proves by DNS records that the domains are ours. Returns the certificate's ARN once AWS has issued it. */
  private validated(name: string, certificate: aws.acm.Certificate, site: Site): pulumi.Output<string> {
    const names = allNames(site);
    const records = names.map((domain, i) => {
      const bare = bareName(domain);
      const known = this.proofs.get(bare) ?? this.prove(certificate, domain, i, site, this.formerly("validation", name === "" && i === 0));
      this.proofs.set(bare, known);
      return known;
    });
    return this.make(
      aws.acm.CertificateValidation,
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: [...new Set(records)].map((record) => record.fqdn) },
      this.transforms.certificateValidation,
    ).certificateArn;
  }

  private prove(certificate: aws.acm.Certificate, domain: string, i: number, site: Site, opts: pulumi.CustomResourceOptions) {
    // AWS gives the proofs of several names in any order.
    const proof = certificate.domainValidationOptions.apply((all) => all.find(({ domainName }) => domainName === domain) ?? all[i]!);
    return this.make(
      aws.route53.Record,
      `validation-${bareName(domain)}`,
      {
        zoneId: this.zoneId(domain, site),
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 60,
        // Another stack with the same domain needs the very same record.
        allowOverwrite: true,
      },
      this.transforms.validationRecord,
      opts,
    );
  }

  /** Makes domains lead to a load balancer, once it has what it needs to serve them. */
  protected pointTo(target: Target, site = this.site, dependsOn: pulumi.Resource[] = []): void {
    for (const [i, domain] of allNames(site).entries()) {
      const opts = { ...this.formerly("alias", site === this.site && i === 0), ...(dependsOn.length > 0 && { dependsOn }) };
      this.point(domain, target, site, opts);
    }
  }

  /** The alias record that makes a domain lead here. Named by the domain: one more, one less, or another order leaves the others' records alone. */
  private point(domain: string, target: Target, site: Site, opts: pulumi.CustomResourceOptions): void {
    this.make(
      aws.route53.Record,
      `alias-${domain.replace("*", "_wildcard")}`,
      {
        zoneId: this.zoneId(domain, site),
        name: domain,
        type: "A",
        aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: true }],
      },
      this.transforms.aliasRecord,
      opts,
    );
  }

  /** The name that a record had while there was one domain. */
  private formerly(suffix: string, first: boolean): pulumi.CustomResourceOptions {
    return first ? { aliases: [{ name: `${this.label}-${suffix}` }] } : {};
  }

  /** The zone of a domain, looked up once. */
  private zoneId(domain: string, site: Site): pulumi.Output<string> {
    const name = site.hostedZone ?? zoneIn(site, domain);
    const known = this.zones.get(name) ?? aws.route53.getZoneOutput({ name }, { parent: this }).zoneId;
    this.zones.set(name, known);
    return known;
  }
}
