// Copies an image from one repository in ECR to another by ECR's API, layer by layer: no Docker, and the digest stays what it is.
import type { ECR } from "@aws-sdk/client-ecr";
import { ecrRepository } from "../../facts/arns";
import { UserError } from "../../facts/errors";
import { isAccessDenied } from "../../tool/errors";
import { plural } from "../../tool/text";
import type { Io } from "../io";
import { Aws } from "../stack/aws";
import { MEDIA_TYPES } from "../stack/ecr";
import { givenSettings, type LocationOptions } from "../stack/locate";

export interface CopyImageOptions extends LocationOptions {
  /** The image by digest. */
  image: string;
  /** URL of the repository that it goes to. */
  repository: string;
}

/** A repository, and the client for its region. */
interface Place {
  ecr: ECR;
  where: { registryId: string; repositoryName: string };
}

interface Manifest {
  /** Of an index: the images that it names, one for each platform. */
  manifests?: { digest: string }[];
  config?: { digest: string };
  layers?: { digest: string }[];
}

/** Layers that are copied at a time. */
const AT_ONCE = 4;
/** What ECR takes at a time where it says nothing else. */
const PART = 10 << 20;

/** `pulumi up` runs it for a stack that runs the image of another one. What is there already is not sent again. */
export async function copyImage({ image, repository, ...options }: CopyImageOptions, io: Io): Promise<number> {
  const [from, to] = [placeOf(image, options), placeOf(repository, options)];
  const [, digest = ""] = image.split("@");
  try {
    const sent = await copy(from, to, digest, digest.slice("sha256:".length, "sha256:".length + 20));
    io.err(`${repository} has ${image}: ${plural(sent, "layer")} copied.\n`);
    io.out(`${digest}\n`);
    return 0;
  } catch (error) {
    throw explained(error, image);
  }
}

/** The URL says the region; who reads and pushes, the update says, whichever stack it is of. */
function placeOf(image: string, options: LocationOptions): Place {
  const its = ecrRepository(image);
  if (!its) throw new UserError(`${image} is not in ECR, and can be copied neither from there nor to it.`);
  const ecr = new Aws({ ...givenSettings(options), region: its.region }).ecr();
  return { ecr, where: { registryId: its.accountId, repositoryName: its.name } };
}

/** Copies what a digest names, and all that it names in turn, before it; returns how many layers were sent. */
async function copy(from: Place, to: Place, digest: string, imageTag?: string): Promise<number> {
  const asked = { imageIds: [{ imageDigest: digest }], acceptedMediaTypes: MEDIA_TYPES };
  const { images = [], failures = [] } = await from.ecr.batchGetImage({ ...from.where, ...asked });
  const [found] = images;
  if (!found?.imageManifest)
    throw new UserError(
      `There is no image ${digest} in ${from.where.repositoryName} any more (${failures[0]?.failureCode ?? "none found"}).`,
      ["Deploy the stack that it is from again, or set image.keep there to more images."],
    );
  const { manifests = [], config, layers = [] } = JSON.parse(found.imageManifest) as Manifest;
  let sent = 0;
  for (const one of manifests) sent += await copy(from, to, one.digest);
  sent += await copyLayers(from, to, [...new Set([...(config ? [config] : []), ...layers].map((one) => one.digest))]);
  const manifest = { imageManifest: found.imageManifest, imageManifestMediaType: found.imageManifestMediaType, imageDigest: digest };
  await unless("ImageAlreadyExistsException", to.ecr.putImage({ ...to.where, ...manifest, ...(imageTag !== undefined && { imageTag }) }));
  return sent;
}

async function copyLayers(from: Place, to: Place, digests: string[]): Promise<number> {
  if (digests.length === 0) return 0;
  const { layers = [] } = await to.ecr.batchCheckLayerAvailability({ ...to.where, layerDigests: digests });
  const there = new Set(layers.flatMap(({ layerDigest, layerAvailability }) => (layerAvailability === "AVAILABLE" ? layerDigest : [])));
  const missing = digests.filter((digest) => !there.has(digest));
  for (let i = 0; i < missing.length; i += AT_ONCE) {
    await Promise.all(missing.slice(i, i + AT_ONCE).map((digest) => copyLayer(from, to, digest)));
  }
  return missing.length;
}

async function copyLayer(from: Place, to: Place, layerDigest: string): Promise<void> {
  const { downloadUrl = "" } = await from.ecr.getDownloadUrlForLayer({ ...from.where, layerDigest });
  const answer = await fetch(downloadUrl).catch((error: Error) => error);
  if (answer instanceof Error || !answer.ok || !answer.body)
    throw new UserError(`The layer ${layerDigest} cannot be read: ${answer instanceof Error ? answer.message : `HTTP ${answer.status}`}.`, [
      "ECR keeps layers in S3: this machine needs a way there. Then run the update again; what has been copied is not sent twice.",
    ]);
  const { uploadId, partSize = PART } = await to.ecr.initiateLayerUpload(to.where);
  let partFirstByte = 0;
  for await (const layerPartBlob of parts(answer.body, partSize)) {
    const partLastByte = partFirstByte + layerPartBlob.length - 1;
    await to.ecr.uploadLayerPart({ ...to.where, uploadId, partFirstByte, partLastByte, layerPartBlob });
    partFirstByte = partLastByte + 1;
  }
  await unless("LayerAlreadyExistsException", to.ecr.completeLayerUpload({ ...to.where, uploadId, layerDigests: [layerDigest] }));
}

/** A stream in parts of one size; the last may be smaller. */
async function* parts(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < size) continue;
    const all = Buffer.concat(waiting);
    let start = 0;
    for (; all.length - start >= size; start += size) yield all.subarray(start, start + size);
    waiting = [all.subarray(start)];
    length = all.length - start;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/** Waits for a call, which may find that it has nothing to do. */
const unless = (name: string, call: Promise<unknown>) =>
  call.catch((error: unknown) => {
    if (!(error instanceof Error && error.name === name)) throw error;
  });

function explained(error: unknown, image: string): unknown {
  if (!isAccessDenied(error)) return error;
  return new UserError(`AWS did not permit the copy of ${image}: ${error.message}`, [
    "The stack that it is from shares its repository with this account: image.sharedWith in its settings.",
    "This role reads there (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer) and pushes here: docs/ci.md.",
  ]);
}
