import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/load-balancer/load-balancer";
import type { MutualTlsArgs } from "../../../components/load-balancer/mutual-tls";
import { appFolder, removeAppFolders } from "../../helpers/app-folder";
import { AUTHORITY_PEM, CLIENT_PEM } from "../../helpers/certificates";
import { type Deployed, deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";

const CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/mine";
const STORE = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:truststore/partners/50dc6c495c0c9188";
const KEY = "arn:aws:kms:eu-west-3:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const make = (args: Partial<LoadBalancerArgs>) => () =>
  new LoadBalancer("public", { network: plainNetwork(), accessLogs: false, certificateArn: CERTIFICATE, ...args });
const fileOf = (text: string) => `${appFolder({ "ca.pem": text })}/ca.pem`;
const listenerOf = (made: Deployed) => made.one("Listener", "public-https");

describe("mutualTls of a load balancer", () => {
  after(removeAppFolders);

  it("is absent unless asked for", async () => {
    const made = await deploy(make({}));
    assert.equal("mutualAuthentication" in listenerOf(made).inputs, false);
    assert.deepEqual(made.all("TrustStore"), []);
  });

  it("checks clients against the project's file, which is in a private bucket", async () => {
    const made = await deploy(make({ mutualTls: { certificates: fileOf(AUTHORITY_PEM) }, kmsKeyArn: KEY }));
    const { mode, trustStoreArn, ignoreClientCertificateExpiry } = listenerOf(made).inputs.mutualAuthentication as Record<string, unknown>;
    assert.deepEqual([mode, ignoreClientCertificateExpiry], ["verify", false]);
    assert.match(String(trustStoreArn), /:truststore\//);
    assert.deepEqual(made.sourcesOf(listenerOf(made), "mutualAuthentication"), ["TrustStore public-trust"]);
    assert.equal("mutualAuthentication" in made.inputs("Listener", "public-http"), false);

    const store = made.one("aws:lb/trustStore:TrustStore");
    const object = made.one("BucketObjectv2");
    assert.equal(object.inputs.content, AUTHORITY_PEM);
    assert.equal(store.inputs.caCertificatesBundleS3Key, object.inputs.key);
    assert.deepEqual(made.sourcesOf(store, "caCertificatesBundleS3Bucket"), ["Bucket public-trust"]);
    assert.ok([...made.outlives(store)].includes(object));
    const [rule] = made.inputs("BucketServerSideEncryptionConfiguration").rules as { applyServerSideEncryptionByDefault: unknown }[];
    assert.deepEqual(rule?.applyServerSideEncryptionByDefault, { sseAlgorithm: "AES256" });
  });

  it("takes another file as another object, in the same trust store", async () => {
    const [before, after] = [
      await deploy(make({ mutualTls: { certificates: fileOf(AUTHORITY_PEM) } })),
      await deploy(make({ mutualTls: { certificates: fileOf(AUTHORITY_PEM + AUTHORITY_PEM) } })),
    ].map((made) => ({ store: made.one("aws:lb/trustStore:TrustStore"), object: made.one("BucketObjectv2") }));
    assert.equal(before!.store.urn, after!.store.urn);
    assert.notEqual(before!.store.inputs.caCertificatesBundleS3Key, after!.store.inputs.caCertificatesBundleS3Key);
    assert.equal(before!.object.options.retainOnDelete, true);
  });

  it("believes a trust store that is there, expired certificates too if asked", async () => {
    const made = await deploy(make({ mutualTls: { trustStoreArn: STORE, ignoreExpired: true } }));
    assert.deepEqual(listenerOf(made).inputs.mutualAuthentication, {
      mode: "verify",
      trustStoreArn: STORE,
      ignoreClientCertificateExpiry: true,
    });
    assert.deepEqual([made.all("TrustStore"), made.all("Bucket")], [[], []]);
  });

  it("is refused a trust store of another region, which another account may share", async () => {
    const network = plainNetwork();
    const of = (region: string) => ({
      ...network,
      location: { ...network.location, told: pulumi.output({ region, accountId: "444455556666" }) },
    });
    assert.equal(
      await refusal(
        make({
          network: of("us-east-1"),
          certificateArn: CERTIFICATE.replace("eu-west-3:123456789012", "us-east-1:444455556666"),
          mutualTls: { trustStoreArn: STORE },
        }),
      ),
      `LoadBalancer "public": mutualTls.trustStoreArn: ${STORE} is in eu-west-3; allowed: us-east-1, where the stack is.`,
    );
    await deploy(
      make({
        network: of("eu-west-3"),
        certificateArn: CERTIFICATE.replace("123456789012", "444455556666"),
        mutualTls: { trustStoreArn: STORE },
      }),
    );
  });

  it("passes certificates through, and is taken back, without a trust store", async () => {
    for (const mode of ["passthrough", "off"] as const)
      assert.deepEqual(listenerOf(await deploy(make({ mutualTls: { mode } }))).inputs.mutualAuthentication, { mode });
  });

  it("is refused over HTTP", async () => {
    const message = await refusal(() => new LoadBalancer("public", { network: plainNetwork(), mutualTls: { trustStoreArn: STORE } }));
    assert.ok(message.includes("mutualTls: clients show certificates by HTTPS only; give the load balancer a domain"), message);
  });

  const refused: [what: string, given: () => MutualTlsArgs, text: string][] = [
    ["no authority", () => ({}), "mutualTls.mode: verify wants the certificates of the authorities;"],
    ["two sources", () => ({ trustStoreArn: STORE, certificates: "./ca.pem" }), "mutualTls.mode: certificates makes a trust store,"],
    [
      "authorities that nobody asks",
      () => ({ mode: "passthrough", trustStoreArn: STORE }),
      "mutualTls.mode: with passthrough the load balancer checks",
    ],
    ["an expiry that nobody checks", () => ({ mode: "off", ignoreExpired: true }), "mutualTls.mode: with off the load balancer checks"],
    ["no file", () => ({ certificates: "./none.pem" }), 'mutualTls.certificates: there is no file "./none.pem";'],
    ["no certificate", () => ({ certificates: fileOf("hello") }), "has no certificate; AWS takes them as PEM"],
    [
      "a broken one",
      () => ({ certificates: fileOf(`${AUTHORITY_PEM}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`) }),
      "mutualTls.certificates: certificate 2 of ",
    ],
    ["a client's", () => ({ certificates: fileOf(CLIENT_PEM) }), "(CN=Example client) is not that of an authority; leave it out."],
    [
      "a private key",
      () => ({ certificates: fileOf(`${AUTHORITY_PEM}-----BEGIN EC PRIVATE KEY-----\nAAAA\n`) }),
      "has a private key, which stays with the authority;",
    ],
  ];
  for (const [what, given, text] of refused)
    it(`is refused with ${what}`, async () => {
      const message = await refusal(make({ mutualTls: given() }));
      assert.ok(message.includes(text), message);
    });
});
