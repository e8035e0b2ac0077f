import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../facts/errors";
import type { Architecture } from "../../facts/instances";
import * as aws from "../base/aws";
import type { ComponentArgs, Transform } from "../base/component";
import { type ContainerImage, platform } from "./image";
import { keepLast, type RepositoryArgs, RepositoryOwner } from "./repository";

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

/**
 * A public image (a sidecar) pulled, tagged and pushed into ECR: a network without internet can pull it, its digest is pinned, and it is scanned.
 * Needs a Docker daemon at deploy time.
 */
export class MirroredImage extends RepositoryOwner implements ContainerImage {
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  readonly repository: aws.ecr.Repository;
  readonly registryImage: docker.RegistryImage;

  constructor(name: string, args: MirroredImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("MirroredImage", name, args, opts);
    this.architecture = args.architecture ?? "x86_64";
    const tag = tagOf(args.source);
    this.repository = this.makeRepository("", args, keepLast(args.keep ?? 30), args.transform);
    const remote = this.make(
      docker.RemoteImage,
      "",
      { name: args.source, platform: platform(this.architecture), keepLocally: true },
      args.transform?.remoteImage,
    );
    const tagged = this.make(
      docker.Tag,
      "",
      { sourceImage: remote.imageId, targetImage: pulumi.interpolate`${this.repository.repositoryUrl}:${tag}` },
      args.transform?.tag,
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
      args.transform?.registryImage,
      // The registry's password is a new one every hour; it decides nothing about the image.
      { ignoreChanges: ["authConfig"] },
    );
    this.ref = pulumi.interpolate`${this.repository.repositoryUrl}@${this.registryImage.sha256Digest}`;
    this.registerOutputs({ ref: this.ref });
  }
}

/** The tag of the source, which the mirror keeps. */
function tagOf(source: string): string {
  const tag = /:([\w][\w.-]{0,127})$/.exec(source)?.[1];
  if (tag === undefined || tag === "latest") {
    refuse(
      "source",
      `${JSON.stringify(source)} has no lasting tag; give one that names a version, such as "public.ecr.aws/nginx/nginx:1.29-alpine".`,
    );
  }
  return tag;
}
