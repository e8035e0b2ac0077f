// Whether the images that others build are there, for the architecture of the task, and may be pulled. What the stack builds itself is not there yet.
import { ecrRepository } from "../../facts/arns";
import { orMeant } from "../../facts/errors";
import type { JsonObject, Resource } from "../../facts/graph";
import { COMMAND, TASK_DEFINITION, TASK_DEFINITIONS } from "../../facts/types";
import { Aws } from "../stack/aws";
import { MEDIA_TYPES } from "../stack/ecr";
import { containersIn, isNameOf, type PlannedStack } from "./planned-stack";
import { mayDo } from "./rights";
import { type Answer, asked, type Finding, lookedUp, notPermitted, skip, unlessFound, type Verification } from "./verification";

const REPOSITORY = "aws:ecr/repository:Repository";

interface Image {
  task: Resource;
  /** The container that runs it. */
  at: string;
  uri: string;
  /** Absent for a daemon's: its definition has none, and runs on what the instances are. */
  architecture?: "amd64" | "arm64";
  /** Whether the update copies it from there. */
  isCopied: boolean;
  /** Undefined for another registry than ECR. */
  repository?: { accountId: string; region: string; name: string };
}

interface Found {
  image: Image;
  /** The architectures it is built for; undefined where there is no such image. */
  architectures: Answer<string[] | undefined>;
  mayPull: Answer<boolean | undefined>;
  /** Whether ECR fetches it at the first pull. */
  isFetched: boolean;
  /** Names like it, where it is missing. */
  others: string[];
}

function imagesIn(stack: PlannedStack): Image[] {
  const own = stack.ofType(REPOSITORY);
  return stack.ofType(...TASK_DEFINITIONS).flatMap((task) => {
    const { cpuArchitecture } = (task.inputs.runtimePlatform ?? {}) as { cpuArchitecture?: string };
    const architecture = cpuArchitecture === "ARM64" ? ("arm64" as const) : ("amd64" as const);
    return containersIn(task).flatMap(({ name, image }): Image[] => {
      const [uri, repository] = [String(image), ecrRepository(String(image))];
      const runsOn = task.type === TASK_DEFINITION && { architecture };
      if (!repository || !own.some((one) => isNameOf(one, repository.name)))
        return [{ task, at: name, uri, isCopied: false, ...runsOn, ...(repository && { repository }) }];
      const copied = copiedIn(stack, task, repository.name);
      return copied ? [{ task, at: name, uri: copied, isCopied: true, ...runsOn, repository: ecrRepository(copied)! }] : [];
    });
  });
}

/** The image that an update copies into this repository before it starts the task. */
function copiedIn(stack: PlannedStack, task: Resource, repository: string): string | undefined {
  const all = stack.sources(task, "containerDefinitions", COMMAND).map(({ inputs }) => (inputs.environment ?? {}) as JsonObject);
  const its = all.find(({ BERTH_REPOSITORY: url }) => typeof url === "string" && ecrRepository(url)?.name === repository);
  const image = its?.BERTH_IMAGE;
  return typeof image === "string" && ecrRepository(image) ? image : undefined;
}

/** What names an image in its repository. */
function idOf(uri: string): { imageDigest: string } | { imageTag: string } {
  const [name = "", imageDigest] = uri.split("@");
  return imageDigest === undefined ? { imageTag: /:([^:/]+)$/.exec(name)?.[1] ?? "latest" } : { imageDigest };
}

async function find(stack: PlannedStack, given: Aws, image: Image & Required<Pick<Image, "repository">>): Promise<Found> {
  const { accountId, region, name } = image.repository;
  const aws = region === stack.place.region ? given : new Aws({ ...given.settings, region });
  const arn = `arn:${stack.place.partition}:ecr:${region}:${accountId}:repository/${name}`;
  const may = (action: string) => mayDo(stack, aws, image.task, `ecr:${action}`, arn);
  const architectures = await lookedUp(
    architecturesOf(aws, image.repository, idOf(image.uri)),
    "RepositoryNotFoundException",
    "ImageNotFoundException",
  );
  const isMissing = "value" in architectures && architectures.value === undefined;
  const fetched = await may("BatchImportUpstreamImage");
  return {
    image,
    architectures,
    // What the update reads with these credentials has just been read.
    mayPull: image.isCopied ? { value: true } : await may("BatchGetImage"),
    isFetched: "value" in fetched && fetched.value === true,
    others: isMissing ? await namesLike(aws, image) : [],
  };
}

async function architecturesOf(aws: Aws, { accountId, name }: Required<Image>["repository"], id: object): Promise<string[] | undefined> {
  const where = { registryId: accountId, repositoryName: name };
  const { images = [] } = await aws.ecr().batchGetImage({ ...where, imageIds: [id], acceptedMediaTypes: MEDIA_TYPES });
  const text = images[0]?.imageManifest;
  if (text === undefined) return undefined;
  const { manifests, config } = JSON.parse(text) as { manifests?: { platform?: { architecture?: string } }[]; config?: { digest: string } };
  if (manifests) return manifests.flatMap(({ platform }) => platform?.architecture ?? []);
  // The manifest of a single platform does not say which: its configuration does.
  const { downloadUrl = "" } = await aws.ecr().getDownloadUrlForLayer({ ...where, layerDigest: config!.digest });
  const { architecture } = await jsonAt(downloadUrl);
  return architecture === undefined ? [] : [architecture];
}

/** The configuration of an image. A machine that reaches AWS's endpoints alone may not reach the store of its layers. */
const jsonAt = async (url: string): Promise<{ architecture?: string }> => {
  const answer = await fetch(url).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as { architecture?: string }) : {};
};

/** The tags of its repository, or the repositories. */
async function namesLike(aws: Aws, { repository, uri }: Pick<Required<Image>, "repository" | "uri">): Promise<string[]> {
  const { accountId: registryId, name: repositoryName } = repository;
  const tags = await lookedUp(aws.ecr().listImages({ registryId, repositoryName, filter: { tagStatus: "TAGGED" } }), "RepositoryNotFound");
  const host = uri.slice(0, uri.indexOf("/"));
  if ("denied" in tags) return [];
  if (tags.value) return (tags.value.imageIds ?? []).flatMap(({ imageTag }) => (imageTag ? `${host}/${repositoryName}:${imageTag}` : []));
  const all = await asked(aws.ecr().describeRepositories({ registryId }));
  const names = "value" in all ? (all.value.repositories ?? []).flatMap(({ repositoryName: one }) => one ?? []) : [];
  const rest = uri.slice(host.length + 1 + repositoryName.length);
  return names.map((one) => `${host}/${one}${rest}`);
}

function judge({ image, architectures, mayPull, isFetched, others }: Found): Finding[] {
  const { at, uri, architecture, isCopied } = image;
  if ("denied" in architectures)
    return [{ ...notPermitted(`${at}: the image ${uri}`, architectures.denied), ...(isCopied && { fix: SHARE }) }];
  if (!architectures.value) {
    if (isFetched) return [];
    const detail = `${at}: there is no image ${uri}${orMeant(uri, others)}`;
    return [{ result: "fail", cause: "image-not-found", detail, fix: isCopied ? AGAIN : "Push it, or correct image.imageUri." }];
  }
  const findings: Finding[] = [];
  if (architecture !== undefined && architectures.value.length > 0 && !architectures.value.includes(architecture))
    findings.push({
      result: "fail",
      cause: "architecture-mismatch",
      detail: `${at}: ${uri} is built for ${[...new Set(architectures.value)].join(", ")}, and the task runs on ${architecture}.`,
      fix: `Build it for linux/${architecture}, too, or set architecture to one that it has.`,
    });
  if ("denied" in mayPull) findings.push(notPermitted(`${at}: whether its role may pull ${uri}`, mayPull.denied));
  else if (mayPull.value === false)
    findings.push({
      result: "fail",
      cause: "image-not-readable",
      detail: `${at}: the execution role may not pull ${uri}.`,
      fix: "Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability on its repository in the execution role.",
    });
  return findings;
}

const SHARE = "The stack that it is from shares its repository with this account: image.sharedWith in its settings.";
const AGAIN = "Deploy the stack that it is from again, or have it keep more images: image.keep in its settings.";

interface Answers {
  found: Found[];
  /** Those of registries that only a pull can ask. */
  elsewhere: Image[];
}

export const images: Verification<Answers> = {
  name: "Images",
  read(stack, aws) {
    const all = [...new Map(imagesIn(stack).map((one) => [`${one.task.urn} ${one.at}`, one])).values()];
    if (all.length === 0) return undefined;
    const inEcr = all.filter((one): one is Required<Image> => one.repository !== undefined);
    const found = Promise.all(inEcr.map((one) => find(stack, aws, one)));
    return found.then((them) => ({ found: them, elsewhere: all.filter(({ repository }) => !repository) }));
  },
  judge(_, { found, elsewhere }) {
    const findings = found.flatMap(judge);
    const others = elsewhere.map(({ at, uri }) => skip(`${at}: ${uri} is in no ECR registry, and was not asked for`));
    const uris = new Set(found.map(({ image }) => image.uri));
    return [...(uris.size > 0 ? unlessFound(findings, `${[...uris].join(", ")}: there, for the tasks' architecture`) : []), ...others];
  },
};
