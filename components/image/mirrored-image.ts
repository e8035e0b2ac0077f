import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../facts/instances";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import type { Transform } from "../base/component";
import { type ArgumentsOf, group, oneOf, optional, other, text } from "../base/schema";
import { type ContainerImage, platform } from "./image";
import { keepLast, type RepositoryArgs, RepositoryOwner, repository } from "./repository";

/** Arguments of {@link MirroredImage}. */
export interface MirroredImageArgs extends ComponentArgs, RepositoryArgs {
  /** The public image with its tag, such as `public.ecr.aws/nginx/nginx:1.29-alpine`. */
  source: string;
  /** Architecture to pull. Defaults to `x86_64`. */
  architecture?: Architecture;
  /** Changes to what the component makes. */
  transform?: {
    repository?: Transform<aws.ecr.RepositoryArgs>;
    lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
    remoteImage?: Transform<docker.RemoteImageArgs>;
    tag?: Transform<docker.TagArgs>;
    registryImage?: Transform<docker.RegistryImageArgs>;
  };
}

/** The tag of an image, which its mirror keeps: one that does not move. */
const tagOf = (source: string) => /:([\w][\w.-]{0,127})$/.exec(source)?.[1];

/** `1.29-alpine` with the first figures of the image's digest. */
const mirrorTag = (tag: string, repoDigest: string) => `${tag.slice(0, 110)}-${/sha256:([0-9a-f]{12})/.exec(repoDigest)![1]}`;

export const mirroredImage = {
  ...common,
  ...repository,
  source: text((given) => {
    const tag = tagOf(given);
    return tag === undefined || tag === "latest"
      ? `${JSON.stringify(given)} has no lasting tag; give one that names a version, such as "public.ecr.aws/nginx/nginx:1.29-alpine".`
      : undefined;
  }, "public.ecr.aws/nginx/nginx:1.29-alpine"),
  architecture: optional(oneOf("x86_64", "arm64"), "x86_64"),
  transform: optional(other<NonNullable<MirroredImageArgs["transform"]>>()),
} satisfies ArgumentsOf<MirroredImageArgs>;
const SCHEMA = group(mirroredImage);

/**
 * A public image (a sidecar) pulled, tagged and pushed into ECR: a network without internet can pull it, its digest is pinned, and it is scanned.
 * Needs a Docker daemon at deploy time.
 */
export class MirroredImage extends RepositoryOwner<typeof mirroredImage> implements ContainerImage {
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  readonly repository: aws.ecr.Repository;
  readonly registryImage: docker.RegistryImage;

  constructor(name: string, args: MirroredImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("MirroredImage", name, SCHEMA, args, opts);
    this.architecture = this.args.architecture;
    const tag = tagOf(this.args.source)!;
    this.repository = this.makeRepository("", this.args, keepLast(this.args.keep), this.args.transform);
    const remote = this.make(
      docker.RemoteImage,
      "",
      { name: this.args.source, platform: platform(this.architecture), keepLocally: true },
      this.args.transform?.remoteImage,
    );
    const tagged = this.make(
      docker.Tag,
      "",
      // The source's tag may move; this one never does.
      {
        sourceImage: remote.imageId,
        targetImage: pulumi
          .all([this.repository.repositoryUrl, remote.repoDigest])
          .apply(([url, digest]) => `${url}:${mirrorTag(tag, digest)}`),
      },
      this.args.transform?.tag,
    );
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId: this.repository.registryId }, { parent: this });
    this.registryImage = this.make(
      docker.RegistryImage,
      "",
      {
        name: tagged.targetImage,
        keepRemotely: true,
        triggers: { source: remote.repoDigest },
        authConfig: { address: token.proxyEndpoint, username: token.userName, password: pulumi.secret(token.password) },
      },
      this.args.transform?.registryImage,
      // The registry's password is a new one every hour; it decides nothing about the image.
      { ignoreChanges: ["authConfig"] },
    );
    this.ref = pulumi.interpolate`${this.repository.repositoryUrl}@${this.registryImage.sha256Digest}`;
    this.registerOutputs({ ref: this.ref });
  }
}
