import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { credentialComplaint } from "../../facts/credentials";
import { refuse, UserError } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import * as aws from "../base/aws";
import type { ComponentArgs, Transform } from "../base/component";
import { contextHash, findDockerfile } from "./context";
import { DROP_REPLACED_LAYERS, keepLast, type RepositoryArgs, RepositoryOwner } from "./repository";

/** An image that a task can run. */
export interface ContainerImage {
  /** The image by digest: `<repository>@sha256:...`. */
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  /** The repository it is in, where it is one of this stack. */
  readonly repository?: aws.ecr.Repository;
}

/** Whether an image is one of Berth's, and not a URI. */
export const isImage = (image: ContainerImage | pulumi.Input<string>): image is ContainerImage =>
  typeof image === "object" && "ref" in image && "architecture" in image;

/** Arguments of {@link AppImage}. */
export interface AppImageArgs extends ComponentArgs, RepositoryArgs {
  /** Folder to build (`context.location`). Needed unless `imageUri` is given. */
  context?: string;
  /** Path of the Dockerfile. Defaults to `Dockerfile` in the context. */
  dockerfile?: string;
  /** Stage to build (`target`). Defaults to the last. */
  target?: string;
  /** Build arguments (`ARG`). They stay in the image's history: secrets are refused, see `secrets`. */
  buildArgs?: Record<string, string>;
  /** BuildKit secrets by id, for `RUN --mount=type=secret,id=...`; they leave no trace in the image. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Architecture to build for. Defaults to `x86_64`. */
  architecture?: Architecture;
  /** Whether layers are cached in a repository beside the image's, so that a fresh machine builds as fast as a warm one. Defaults to true. */
  cache?: boolean;
  /** An image that is built already (by CI), with its tag or digest: nothing is built or stored here. */
  imageUri?: pulumi.Input<string>;
  /** Changes to what the component makes. */
  transform?: {
    repository?: Transform<aws.ecr.RepositoryArgs>;
    lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
    cacheRepository?: Transform<aws.ecr.RepositoryArgs>;
    cacheLifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
    image?: Transform<dockerBuild.ImageArgs>;
  };
}

const PLATFORM = { x86_64: "linux/amd64", arm64: "linux/arm64" } as const;

/** Docker's word for an architecture: `linux/amd64`. */
export const platform = (architecture: Architecture) => PLATFORM[architecture];

/** The app's image: an ECR repository, and the image built from a folder and pushed to it; or an image that exists. Deployed by digest. */
export class AppImage extends RepositoryOwner implements ContainerImage {
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  readonly repository?: aws.ecr.Repository;
  readonly cacheRepository?: aws.ecr.Repository;
  readonly image?: dockerBuild.Image;

  constructor(name: string, args: AppImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("AppImage", name, args, opts);
    this.architecture = args.architecture ?? "x86_64";
    if (args.imageUri !== undefined) {
      this.ref = pulumi.output(args.imageUri).apply((uri) => pinned(uri));
    } else {
      this.repository = this.makeRepository("", args, keepLast(args.keep ?? 30), args.transform);
      if (args.cache ?? true) this.cacheRepository = this.makeCache(args);
      this.image = this.build(args, this.repository);
      this.ref = pulumi.interpolate`${this.repository.repositoryUrl}@${this.image.digest}`;
    }
    this.registerOutputs({ ref: this.ref });
  }

  /** The cache is overwritten by each build, which immutable tags forbid: a repository of its own, in which cache tags alone may move. */
  private makeCache(args: AppImageArgs): aws.ecr.Repository {
    const { cacheRepository: repository, cacheLifecyclePolicy: lifecyclePolicy } = args.transform ?? {};
    return this.makeRepository(
      "cache",
      args,
      DROP_REPLACED_LAYERS,
      { repository, lifecyclePolicy },
      {
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: [{ filter: "cache-*", filterType: "WILDCARD" }],
      },
    );
  }

  private build(args: AppImageArgs, repository: aws.ecr.Repository): dockerBuild.Image {
    const context =
      args.context ?? refuse("image.context", "neither context nor imageUri is given; give the folder to build, or the image to run.");
    const dockerfile = findDockerfile(context, args.dockerfile);
    for (const [name, value] of Object.entries(args.buildArgs ?? {})) {
      const complaint = credentialComplaint(name, value);
      if (complaint)
        refuse(
          `image.buildArgs.${name}`,
          `build arguments stay in the image's history, and ${complaint}. Pass it by image.secrets and read it with RUN --mount=type=secret,id=${name}.`,
        );
    }
    // Builds of the same sources are the same to the byte: no time of the build goes into the image.
    const buildArgs = { SOURCE_DATE_EPOCH: "0", ...args.buildArgs };
    // A secret leaves no trace in the image, so its value is no part of the tag; that there is one is.
    const secrets = Object.keys(args.secrets ?? {}).sort();
    const settings = { architecture: this.architecture, target: args.target, buildArgs, secrets };
    const tag = contextHash(context, dockerfile, settings).slice(0, 20);
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    const cache = this.cacheRepository && pulumi.interpolate`${this.cacheRepository.repositoryUrl}:cache-${this.architecture}`;
    return this.make(
      dockerBuild.Image,
      "",
      {
        context: { location: context },
        dockerfile: { location: dockerfile },
        platforms: [platform(this.architecture)],
        ...(args.target !== undefined && { target: args.target }),
        buildArgs,
        ...(args.secrets && { secrets: args.secrets }),
        tags: [pulumi.interpolate`${repository.repositoryUrl}:${tag}`],
        push: true,
        buildOnPreview: false,
        ...(cache && {
          cacheFrom: [{ registry: { ref: cache } }],
          // ECR takes a cache only as an OCI image manifest. A cache that cannot be written is no reason to fail a deploy.
          cacheTo: [{ registry: { ref: cache, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } }],
        }),
        registries: [{ address: repository.repositoryUrl, username: token.userName, password: pulumi.secret(token.password) }],
      },
      args.transform?.image,
      // A replaced image stays in the repository: tasks may run it, and a rollback needs it. The lifecycle policy clears up. Where a destroy takes the
      // repository with everything in it, there is nothing to retain.
      { retainOnDelete: !args.forceDelete },
    );
  }
}

/** Refuses an image that can change under a running service; returns it otherwise. */
export function pinned(uri: string, key = "image.imageUri"): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  if (uri.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))) return uri;
  throw new UserError(
    `${key}: ${JSON.stringify(uri)} ${name.includes(":") ? "is a moving tag" : "has neither tag nor digest"}; give a digest (…@sha256:…) or a tag that is never pushed twice.`,
  );
}
