// What a load balancer, new or existing, has for domains: their certificate, the records that prove to AWS that they are ours, and those that lead to it.
import * as pulumi from "@pulumi/pulumi";
import { bareName, isInZone, zoneOf } from "../../facts/domain";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import type { Arguments, Values } from "../base/schema";
import type { NetworkLike } from "../network/network-like";
import { allNames, type domainArguments, type Site, servedNames } from "./domains";
import { type DnsRecord, zoneArgs, zoneName } from "./hosted-zone";

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

type Proof = pulumi.Output<aws.types.output.acm.CertificateDomainValidationOption>;

/** Where a record is. */
interface Place {
  zoneId: pulumi.Output<string>;
  opts: { provider?: pulumi.ProviderResource };
}

/** Where records lead to. */
export interface Target {
  dnsName: pulumi.Output<string>;
  zoneId: pulumi.Output<string>;
  /** The routes of IPv6, where it answers on that too. */
  ipv6?: pulumi.Resource[];
}

/** A component with domains. */
export abstract class DomainOwner<E extends Arguments> extends Component<E> {
  abstract readonly network: NetworkLike;
  /** The records that prove a name, which a wildcard and the name that it is below have in common. */
  private readonly proofs = new Map<string, aws.route53.Record | undefined>();
  private readonly zones = new Map<string, pulumi.Output<string>>();
  private readonly makers = new Map<string, aws.Provider>();
  /** The records to make by hand, for domains whose `hostedZone` is `external`. */
  readonly dnsRecords: pulumi.Output<DnsRecord>[] = [];
  /** ARNs of the certificates that it serves with, made or given, by their names; the first has none. */
  readonly certificateArns: Record<string, pulumi.Output<string>> = {};

  private get transforms(): DomainTransform {
    return (this.args as { transform?: DomainTransform }).transform ?? {};
  }

  /** The domains of the first certificate. */
  protected get site(): Site & Pick<Values<typeof domainArguments>, "dnsProvider"> {
    return this.args as unknown as Site;
  }

  /** The domains that are served, the first of which is the URL's. */
  protected get domains(): string[] {
    return servedNames(this.site);
  }

  /** The certificate for domains, or the one that there is. Its ARN is known once AWS has issued it. Those beside the first have a name. */
  protected certify(name = "", site = this.site): { arn: pulumi.Output<string>; certificate?: aws.acm.Certificate } {
    const found = this.certificateFor(name, site);
    this.certificateArns[name] = found.arn;
    return found;
  }

  private certificateFor(name: string, site: Site): { arn: pulumi.Output<string>; certificate?: aws.acm.Certificate } {
    const { certificateArn } = site;
    if (certificateArn !== undefined) {
      const path = name === "" ? ["certificateArn"] : ["domains", name, "certificateArn"];
      return { arn: this.standing(certificateArn, path, this.network.location) };
    }
    const certificate = this.makeCertificate(name, allNames(site));
    return { arn: this.validated(name, certificate, site), certificate };
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
    const records = new Set<aws.route53.Record>();
    for (const [i, domain] of allNames(site).entries()) {
      const record = this.prove(certificate, domain, i, site, this.formerly("validation", name === "" && i === 0));
      if (record) records.add(record);
    }
    return this.make(
      aws.acm.CertificateValidation,
      name,
      { certificateArn: certificate.arn, ...(records.size > 0 && { validationRecordFqdns: [...records].map((record) => record.fqdn) }) },
      this.transforms.certificateValidation,
    ).certificateArn;
  }

  /** The record that proves a domain, made where no certificate has it yet; none where DNS is elsewhere. */
  private prove(certificate: aws.acm.Certificate, domain: string, i: number, site: Site, opts: pulumi.CustomResourceOptions) {
    const bare = bareName(domain);
    if (this.proofs.has(bare)) return this.proofs.get(bare);
    // AWS gives the proofs of several names in any order.
    const proof = certificate.domainValidationOptions.apply((all) => all.find(({ domainName }) => domainName === domain) ?? all[i]!);
    const place = this.placeOf(domain, site, true);
    if (!place) this.askFor(proof);
    const record = place && this.makeProof(bare, proof, place, opts);
    this.proofs.set(bare, record);
    return record;
  }

  private makeProof(bare: string, proof: Proof, place: Place, opts: pulumi.CustomResourceOptions): aws.route53.Record {
    return this.make(
      aws.route53.Record,
      `validation-${bare}`,
      {
        zoneId: place.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 60,
        // Another stack with the same domain needs the very same record.
        allowOverwrite: true,
      },
      this.transforms.validationRecord,
      { ...opts, ...place.opts },
    );
  }

  /** Says which record proves a domain where DNS is elsewhere: outputs are there only after the update, which waits for the record. */
  private askFor(proof: Proof): void {
    const record = proof.apply((its) => ({
      name: its.resourceRecordName,
      type: its.resourceRecordType,
      value: its.resourceRecordValue,
    }));
    this.dnsRecords.push(record);
    if (!pulumi.runtime.isDryRun())
      record.apply(({ name, type, value }) => pulumi.log.info(`AWS issues the certificate once DNS has ${name} ${type} ${value}`, this));
  }

  /** Makes domains lead to a load balancer, once it has what it needs to serve them. */
  protected pointTo(target: Target, site = this.site, dependsOn: pulumi.Resource[] = []): void {
    const names = allNames(site);
    if (names.length > 0 && !zoneArgs(site.hostedZone)) {
      const proofs =
        site.certificateArn === undefined ? ", and those that prove them to AWS, for which the update waits up to 75 minutes" : "";
      const at = site === this.site ? "hostedZone" : "domains";
      this.remark({ severity: "info", at, text: `make the records of ${names.join(", ")} that the output dnsRecords lists${proofs}.` });
    }
    for (const [i, domain] of names.entries()) {
      const opts = { ...this.formerly("alias", site === this.site && i === 0), ...(dependsOn.length > 0 && { dependsOn }) };
      this.point(domain, target, site, opts, dependsOn);
    }
  }

  /** The alias record that makes a domain lead here. Named by the domain: one more, one less, or another order leaves the others' records alone. */
  private point(domain: string, target: Target, site: Site, opts: pulumi.CustomResourceOptions, dependsOn: pulumi.Resource[]): void {
    const place = this.placeOf(domain, site, false);
    if (!place) {
      const type = zoneOf(domain) === domain ? "ALIAS" : "CNAME";
      this.dnsRecords.push(target.dnsName.apply((value) => ({ name: domain, type, value })));
      return;
    }
    const lead = (suffix: string, type: "A" | "AAAA", its: pulumi.CustomResourceOptions) =>
      this.make(
        aws.route53.Record,
        `${suffix}-${domain.replace("*", "_wildcard")}`,
        {
          zoneId: place.zoneId,
          name: domain,
          type,
          aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: true }],
        },
        this.transforms.aliasRecord,
        its,
      );
    lead("alias", "A", { ...opts, ...place.opts });
    if (target.ipv6) lead("alias6", "AAAA", { dependsOn: [...dependsOn, ...target.ipv6], ...place.opts });
  }

  /** The name that a record had while there was one domain. */
  private formerly(suffix: string, first: boolean): pulumi.CustomResourceOptions {
    return first ? { aliases: [{ name: `${this.label}-${suffix}` }] } : {};
  }

  /** The zone that a record of a domain is in, and who makes it; nothing where DNS is elsewhere. What proves a private name is in the public zone. */
  private placeOf(domain: string, site: Site, isProof: boolean): Place | undefined {
    const its = zoneArgs(site.hostedZone);
    if (!its) return undefined;
    const provider = its.roleArn === undefined ? this.site.dnsProvider : this.makerOf(its.roleArn);
    const opts = provider ? { provider } : {};
    const { zone, privateZone = false } = its;
    const name = zoneName(its);
    const isPrivate = privateZone && !isProof;
    if (zone !== undefined && name === undefined && privateZone === isPrivate) return { zoneId: pulumi.output(zone), opts };
    return { zoneId: this.find(name ?? zoneIn(site, domain), isPrivate, opts, its.roleArn), opts };
  }

  /** The id of a zone, looked up once. */
  private find(name: string, privateZone: boolean, opts: pulumi.InvokeOptions, roleArn = ""): pulumi.Output<string> {
    const key = `${name} ${privateZone} ${roleArn}`;
    const args = { name, ...(privateZone && { privateZone }) };
    const known = this.zones.get(key) ?? aws.route53.getZoneOutput(args, { parent: this, ...opts }).zoneId;
    this.zones.set(key, known);
    return known;
  }

  /** The provider that works in another account, by a role there. Like any provider of a program's own it knows nothing of the stack's `aws:` settings. */
  private makerOf(roleArn: string): aws.Provider {
    const known = this.makers.get(roleArn);
    if (known) return known;
    const [account = "", role = ""] = roleArn.split("::")[1]!.split(":role/");
    const stack = new pulumi.Config("aws");
    const profile = stack.get("profile");
    const before = stack.getObject<aws.types.input.ProviderAssumeRole[]>("assumeRoles") ?? [];
    const maker = this.make(aws.Provider, `dns-${account}-${role.replaceAll("/", "-")}`, {
      region: this.network.location.region as aws.ProviderArgs["region"],
      assumeRoles: [...before, { roleArn }],
      ...(profile !== undefined && { profile }),
    });
    this.makers.set(roleArn, maker);
    return maker;
  }
}
