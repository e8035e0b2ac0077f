import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Failure, type Input, type Script } from "../scripted-aws";
import { Stage } from "./stage";

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const OCI = "application/vnd.oci.image";

/** What a registry has: manifests by digest, and layers. */
interface Registry {
  manifests: Map<string, string>;
  layers: Map<string, string>;
  tags: Map<string, string>;
}

const layer = (text: string) => ({ digest: digestOf(text), text });
const [BASE, APP, AMD, ARM] = ["base-layer", "app-layer-x", "config-amd64", "config-arm64"].map(layer) as [Layer, Layer, Layer, Layer];
type Layer = ReturnType<typeof layer>;
const manifest = (config: Layer, ...layers: Layer[]) =>
  JSON.stringify({ schemaVersion: 2, config: { digest: config.digest }, layers: layers.map(({ digest }) => ({ digest })) });
const amd = manifest(AMD, BASE, APP);
const arm = manifest(ARM, BASE, APP);
const index = JSON.stringify({ schemaVersion: 2, manifests: [amd, arm].map((one) => ({ digest: digestOf(one) })) });

describe("berth copy-image", () => {
  const stage = Stage.use();
  let there: Registry;
  let here: Registry;
  beforeEach(() => {
    there = {
      manifests: new Map([amd, arm, index].map((one) => [digestOf(one), one])),
      layers: new Map([BASE, APP, AMD, ARM].map(({ digest, text }) => [digest, text])),
      tags: new Map(),
    };
    here = { manifests: new Map(), layers: new Map(), tags: new Map() };
  });

  /** Two accounts' registries, as ECR's API has them. What is uploaded is put together from its parts, and has to be what its digest says. */
  const ecr = (): Script => {
    const uploads = new Map<string, string>();
    const registry = ({ registryId }: Input) => (registryId === "111122223333" ? there : here);
    return {
      BatchGetImage: (input) => {
        const [{ imageDigest }] = input.imageIds as [{ imageDigest: string }];
        const imageManifest = registry(input).manifests.get(imageDigest);
        return imageManifest === undefined
          ? { images: [], failures: [{ imageId: { imageDigest }, failureCode: "ImageNotFound" }] }
          : { images: [{ imageManifest, imageManifestMediaType: `${OCI}.${imageManifest === index ? "index" : "manifest"}.v1+json` }] };
      },
      BatchCheckLayerAvailability: (input) => ({
        layers: (input.layerDigests as string[]).map((layerDigest) => ({
          layerDigest,
          layerAvailability: registry(input).layers.has(layerDigest) ? "AVAILABLE" : "UNAVAILABLE",
        })),
      }),
      GetDownloadUrlForLayer: (input) => ({
        downloadUrl: `data:application/octet-stream,${registry(input).layers.get(String(input.layerDigest))}`,
      }),
      InitiateLayerUpload: () => {
        const uploadId = `upload-${uploads.size}`;
        uploads.set(uploadId, "");
        return { uploadId, partSize: 4 };
      },
      UploadLayerPart: ({ uploadId, partFirstByte, partLastByte, layerPartBlob }) => {
        const [id, part] = [String(uploadId), Buffer.from(String(layerPartBlob), "base64").toString()];
        const so = uploads.get(id)!;
        assert.deepEqual([partFirstByte, partLastByte], [so.length, so.length + part.length - 1]);
        assert.ok(part.length <= 4);
        uploads.set(id, so + part);
        return {};
      },
      CompleteLayerUpload: (input) => {
        const [digest] = input.layerDigests as [string];
        const text = uploads.get(String(input.uploadId))!;
        assert.equal(digestOf(text), digest);
        registry(input).layers.set(digest, text);
        return {};
      },
      PutImage: (input) => {
        const { imageManifest: text, imageManifestMediaType: type, imageDigest, imageTag } = input as Record<string, string>;
        assert.equal(digestOf(text!), imageDigest);
        assert.equal(type, `${OCI}.${text === index ? "index" : "manifest"}.v1+json`);
        const { layers = [], manifests = [] } = JSON.parse(text!) as Record<"layers" | "manifests", { digest: string }[]>;
        const its = registry(input);
        assert.ok(layers.every(({ digest }) => its.layers.has(digest)) && manifests.every(({ digest }) => its.manifests.has(digest)));
        its.manifests.set(imageDigest!, text!);
        if (imageTag !== undefined) its.tags.set(imageTag, imageDigest!);
        return {};
      },
    };
  };

  const FROM = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web-1a2b3c4";
  const TO = "210987654321.dkr.ecr.us-east-1.amazonaws.com/web-5d6e7f8";
  const copy = (image: string, more: Script = {}, env = {}) =>
    stage.run(["copy-image"], [], { ...ecr(), ...more }, { env: { BERTH_IMAGE: `${FROM}@${image}`, BERTH_REPOSITORY: TO, ...env } });

  it("copies an image of several platforms with all its layers, each once, and its digest", async () => {
    const digest = digestOf(index);
    const { status, out, err } = await copy(digest);
    assert.deepEqual([status, out, err], [0, `${digest}\n`, `${TO} has ${FROM}@${digest}: 4 layers copied.\n`]);
    assert.deepEqual(new Map([...here.layers].sort()), new Map([...there.layers].sort()));
    assert.deepEqual([...here.manifests.keys()].sort(), [...there.manifests.keys()].sort());
    // Only the tag is counted by the lifecycle policy.
    assert.deepEqual([...here.tags], [[digest.slice(7, 27), digest]]);
    const where = new Set(stage.aws.calls.map(({ operation, region }) => `${operation} ${region}`));
    assert.ok(where.has("BatchGetImage eu-west-1") && where.has("PutImage us-east-1"));
    assert.equal(where.size, 7);
  });

  it("sends nothing twice", async () => {
    here.layers.set(BASE.digest, BASE.text);
    const digest = digestOf(amd);
    assert.match((await copy(digest)).err, /: 2 layers copied\.$/m);
    assert.match((await copy(digest)).err, /: 0 layers copied\.$/m);
    const script = {
      PutImage: new Failure("ImageAlreadyExistsException", "there"),
      CompleteLayerUpload: new Failure("LayerAlreadyExistsException", "there"),
    };
    here.layers.clear();
    assert.equal((await copy(digest, script)).status, 0);
  });

  const failures: [what: string, more: Script, env: object, message: RegExp][] = [
    [
      "an image that its lifecycle policy took",
      { BatchGetImage: { images: [], failures: [{ failureCode: "ImageNotFound" }] } },
      {},
      /There is no image sha256:[0-9a-f]+ in web-1a2b3c4 any more \(ImageNotFound\)\.[\s\S]*image\.keep/,
    ],
    [
      "a repository that is not shared",
      { BatchGetImage: new Failure("AccessDeniedException", "not authorized to perform: ecr:BatchGetImage") },
      {},
      /AWS did not permit the copy of 1111[\s\S]*ecr:BatchGetImage[\s\S]*image\.sharedWith/,
    ],
    [
      "a layer that cannot be read",
      { GetDownloadUrlForLayer: { downloadUrl: "http://127.0.0.1:1/" } },
      {},
      /The layer sha256:[0-9a-f]+ cannot be read: .*[\s\S]*S3/,
    ],
    [
      "a tag that another image has",
      { PutImage: new Failure("ImageTagAlreadyExistsException", "taken") },
      {},
      /ImageTagAlreadyExistsException/,
    ],
    [
      "an image elsewhere",
      {},
      { BERTH_IMAGE: "ghcr.io/acme/web@sha256:0" },
      /ghcr\.io\/acme\/web@sha256:0 is not in ECR, and can be copied/,
    ],
  ];
  for (const [what, more, env, message] of failures) {
    it(`fails for ${what}`, async () => {
      const { status, err } = await copy(digestOf(amd), more, env);
      assert.notEqual(status, 0);
      assert.match(err, message);
    });
  }
});
