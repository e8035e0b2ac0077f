import type { ComponentArgs } from "../base/arguments";
import * as aws from "../base/aws";
import { Component, type Transform } from "../base/component";
import { type Arguments, type ArgumentsOf, flag, integer, optional } from "../base/schema";

/** The part of a repository that AppImage and MirroredImage share. */
export interface RepositoryArgs {
  /** How many images the repository keeps (`imageCountMoreThan`), 10 to 1000: the running one and those to roll back to. Defaults to 30. Cost: 0.10 USD per GB and month. */
  keep?: number;
  /** Whether `pulumi destroy` may delete the repository with its images (`forceDelete`). Defaults to false: AWS would refuse at the end, so Pulumi does at the start (`protect`). */
  forceDelete?: boolean;
}

export const repository = {
  keep: optional(integer(10, 1000, "images"), 30),
  forceDelete: optional(flag(), false),
} satisfies ArgumentsOf<RepositoryArgs>;

/** Changes to a repository and its lifecycle policy. */
interface RepositoryTransform {
  repository?: Transform<aws.ecr.RepositoryArgs>;
  lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
}

/** A lifecycle policy of one rule. */
const expire = (description: string, selection: object) =>
  JSON.stringify({ rules: [{ rulePriority: 1, description, selection, action: { type: "expire" } }] });

/**
 * The lifecycle policy that keeps the last `count` images. Never fewer than ten: the running image must not be among the expired. Only what has a tag
 * counts, which is each build: signatures and attestations lie in the repository as images without one, and would push the running image out.
 */
export function keepLast(count: number): string {
  const selection = { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: count };
  return expire(`Keep the last ${count} images`, selection);
}

/** The lifecycle policy of a build cache. */
export const DROP_REPLACED_LAYERS = expire("Drop replaced cache layers after 14 days", {
  tagStatus: "untagged",
  countType: "sinceImagePushed",
  countUnit: "days",
  countNumber: 14,
});

/** The repository policy by which other accounts may read images. What their own roles may do is theirs to say. */
export const pullPolicy = (partition: string, accounts: string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: accounts.map((id) => `arn:${partition}:iam::${id}:root`) },
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      },
    ],
  });

/** A component with private repositories in ECR. */
export abstract class RepositoryOwner<E extends Arguments> extends Component<E> {
  /** Makes a repository with immutable tags, a scan on every push, encryption, a lifecycle policy, and nothing deleted by accident. */
  protected makeRepository(
    suffix: string,
    { forceDelete, kmsKeyArn }: Required<Pick<RepositoryArgs, "forceDelete">> & ComponentArgs,
    policy: string,
    transform: RepositoryTransform = {},
    more: Partial<aws.ecr.RepositoryArgs> = {},
  ): aws.ecr.Repository {
    const repository = this.make(
      aws.ecr.Repository,
      suffix,
      {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [kmsKeyArn === undefined ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey: kmsKeyArn }],
        forceDelete,
        tags: this.tags,
        ...more,
      },
      transform.repository,
      // AWS deletes no repository with images in it, unless it is told to: Pulumi then does not begin with what it could not end.
      // How its images are encrypted is decided when it is made: another key later would be another repository, without the images to roll back to.
      { protect: !forceDelete, ignoreChanges: ["encryptionConfigurations"] },
    );
    this.make(aws.ecr.LifecyclePolicy, suffix, { repository: repository.name, policy }, transform.lifecyclePolicy);
    return repository;
  }
}
