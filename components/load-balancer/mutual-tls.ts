// Clients that show a certificate of their own: what the listener asks of it, and the authorities that it must come from.
import { X509Certificate } from "node:crypto";
import fs from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { arn, type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import type { Refuse } from "../base/origin";
import { type ArgumentsOf, flag, group, input, oneOf, optional, other, pattern, type Rule, text } from "../base/schema";
import { FileBucket, type FileBucketTransform } from "../files/file-bucket";

/** What is asked of clients' certificates (`mutualAuthentication`). */
export interface MutualTlsArgs {
  /**
   * `verify` ends connections of clients without a certificate of the authorities; `passthrough` asks for one and leaves it to the app to check it, in the
   * header `X-Amzn-Mtls-Clientcert`; `off` takes either back: a setting that is left out again is not, because AWS keeps the last. Defaults to `verify`.
   */
  mode?: "verify" | "passthrough" | "off";
  /**
   * Certificates of the authorities: a file of the project (PEM), which is uploaded to a bucket of its own. Another file takes effect in place. Required with
   * `verify` unless `trustStoreArn` is given; no default. Cost: about 4.09 USD a month for the trust store.
   */
  certificates?: string;
  /** ARN of a trust store that is there already (`trustStoreArn`). Required with `verify` unless `certificates` is given; no default. */
  trustStoreArn?: pulumi.Input<string>;
  /** Whether certificates that have expired are taken too (`ignoreClientCertificateExpiry`). Only with `verify`. Defaults to false. */
  ignoreExpired?: boolean;
}

export const mutualTls = {
  mode: optional(oneOf("verify", "passthrough", "off"), "verify"),
  certificates: optional(pattern(/^(?!arn:)[^\s*?]+$/, "the path of a file", "./authorities.pem")),
  trustStoreArn: optional(input(arn("elasticloadbalancing", "eu-west-1:111122223333:truststore/…"))),
  ignoreExpired: optional(flag(), false),
} satisfies ArgumentsOf<MutualTlsArgs>;

/** Whoever verifies knows whom to believe, from one place. */
const oneSource: Rule<typeof mutualTls> = {
  about: ["mode", "certificates", "trustStoreArn", "ignoreExpired"],
  at: "mode",
  complain: ({ mode, certificates, trustStoreArn, ignoreExpired }) => {
    const has = certificates !== undefined || trustStoreArn !== undefined;
    if (mode === "verify") {
      if (!has)
        return "verify wants the certificates of the authorities; name their file in certificates, or a trust store in trustStoreArn.";
      return certificates !== undefined && trustStoreArn !== undefined
        ? "certificates makes a trust store, and a listener has one; leave out certificates or trustStoreArn."
        : undefined;
    }
    return has || ignoreExpired
      ? `with ${mode} the load balancer checks no certificate; leave out certificates, trustStoreArn and ignoreExpired, or set mode: verify.`
      : undefined;
  },
};
export const MUTUAL_TLS = group(mutualTls, oneSource);

/** Changes to a trust store and the bucket that it is read from. */
export interface TrustStoreTransform extends FileBucketTransform {
  trustStore?: Transform<aws.lb.TrustStoreArgs>;
}

interface TrustStoreArgs extends ComponentArgs {
  content: string;
  transform?: TrustStoreTransform;
}

const trustStore = {
  ...common,
  content: text(),
  transform: optional(other<TrustStoreTransform>()),
} satisfies ArgumentsOf<TrustStoreArgs>;

/** The authorities that a listener believes. Other certificates are another object in the bucket, which the trust store takes in place. */
export class TrustStore extends Component<typeof trustStore> {
  readonly trustStore: aws.lb.TrustStore;

  constructor(name: string, args: TrustStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("TrustStore", name, group(trustStore), args, opts);
    const { content, transform } = this.args;
    // Certificates are no secret, and ELB reads them with the rights of whoever deploys: a key of one's own would be one right more.
    const { kmsKeyArn: _, ...ours } = this.common;
    const bucket = new FileBucket(name, { ...ours, ...(transform && { transform }) }, { parent: this });
    const object = bucket.upload(content, ".pem");
    this.trustStore = this.make(
      aws.lb.TrustStore,
      "",
      { caCertificatesBundleS3Bucket: bucket.bucket.bucket, caCertificatesBundleS3Key: object.key, tags: this.tags },
      transform?.trustStore,
      { dependsOn: [object, bucket.policy] },
    );
    this.registerOutputs({ trustStoreArn: this.trustStore.arn });
  }
}

/** The certificates in a file, as AWS takes them. */
export function authoritiesOf(file: string, refuse: Refuse): string {
  const wrong = (complaint: string): never => refuse(["mutualTls", "certificates"], complaint);
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
    wrong(`there is no file ${JSON.stringify(file)}; give its path from the project's folder.`);
  const content = fs.readFileSync(file, "utf8");
  if (content.includes("PRIVATE KEY-----"))
    wrong(`${file} has a private key, which stays with the authority; leave it out of the file, and replace it if others have seen it.`);
  const found = content.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) wrong(`${file} has no certificate; AWS takes them as PEM, each from -----BEGIN CERTIFICATE----- on.`);
  for (const [i, pem] of found.entries()) {
    const certificate = parse(pem) ?? wrong(`certificate ${i + 1} of ${file} cannot be read; give it as PEM.`);
    if (!certificate.ca)
      wrong(`certificate ${i + 1} of ${file} (${certificate.subject.replaceAll("\n", ", ")}) is not that of an authority; leave it out.`);
  }
  return content;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
