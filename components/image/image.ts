import fs from "node:fs";
import { Command } from "@pulumi/command/local";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { ecrRepository, secretGrant } from "../../facts/arns";
import { credentialComplaint } from "../../facts/credentials";
import { type ImageFacts, readDockerfile } from "../../facts/dockerfile";
import { imageComplaint, windowsComplaint } from "../../facts/images";
import type { Architecture } from "../../facts/instances";
import { stackName, variableComplaint } from "../../facts/names";
import { type ComponentArgs, common } from "../base/arguments";
import * as aws from "../base/aws";
import { onChange } from "../base/berth-command";
import { type Transform, transformed } from "../base/component";
import { type ArgumentsOf, flag, group, input, list, map, oneOf, optional, other, pattern, type Rule, scalar, text } from "../base/schema";
import { stackReference } from "../base/stack-outputs";
import { type Build, buildHash, contextFiles, findDockerfile } from "./context";
import { leaks } from "./leaks";
import { imageOfStack } from "./promoted";
import { DROP_REPLACED_LAYERS, keepLast, pullPolicy, type RepositoryArgs, RepositoryOwner, repository } from "./repository";

/** The Dockerfile of an image, read. */
export interface ReadDockerfile {
  /** Where it is: `app/Dockerfile`. */
  path: string;
  facts: ImageFacts;
  /** What was said of it: of several tasks with this image, the first says it. */
  remarked: Set<string>;
}

/** An image that a task can run. */
export interface ContainerImage {
  /** The image by digest: `<repository>@sha256:...`. */
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  /** The repository it is in, where it is one of this stack. */
  readonly repository?: aws.ecr.Repository;
  /** Where it is from, where that is no repository of this stack. */
  readonly uri?: pulumi.Input<string>;
  /** Whether ECR fetches it from another registry when it is first pulled. */
  readonly pullThroughCache?: boolean;
  /** ARN of the secret that its registry is logged in to with. */
  readonly registryCredentials?: pulumi.Input<string>;
  /** What it is built from, where that is known. */
  readonly dockerfile?: ReadDockerfile;
}

/** Whether an image is one of Berth's, and not a URI. */
export const isImage = (image: ContainerImage | pulumi.Input<string>): image is ContainerImage =>
  typeof image === "object" && "ref" in image && "architecture" in image;

/** The Dockerfile that an image is built from, where it is known. */
export const readOf = (image: ContainerImage | pulumi.Input<string> | undefined): ReadDockerfile | undefined =>
  image && isImage(image) ? image.dockerfile : undefined;

/** What is wrong with the URL of a repository; undefined if nothing is. */
function repositoryComplaint(url: string): string | undefined {
  const found = ecrRepository(url);
  if (found && url.endsWith(`/${found.name}`)) return undefined;
  const near = found && url.slice(0, url.indexOf(found.name) + found.name.length);
  return `${JSON.stringify(url)} is not the URL of a repository in ECR; write one like "${near ?? "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web"}".`;
}

/** Arguments of {@link AppImage}. */
export interface AppImageArgs extends ComponentArgs, RepositoryArgs {
  /** Folder to build (`context.location`). Required unless `imageUri` is given; no default. */
  context?: string;
  /** Path of the Dockerfile. Defaults to `Dockerfile` in the context. */
  dockerfile?: string;
  /** Stage to build (`target`). Defaults to the last. */
  target?: string;
  /** Build arguments (`ARG`). They stay in the image's history: secrets are refused, see `secrets`. Defaults to none. */
  buildArgs?: Record<string, string>;
  /** BuildKit secrets by id, for `RUN --mount=type=secret,id=...`; they leave no trace in the image. Defaults to none. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Architecture to build for. Defaults to `x86_64`. */
  architecture?: Architecture;
  /**
   * Architectures to build for, under one digest (`platforms`), so that the image runs elsewhere, too, and a change of `architecture` builds nothing. What the
   * building machine is not of takes emulation. Defaults to `architecture` alone.
   */
  architectures?: Architecture[];
  /** Whether layers are cached in a repository beside the image's, so that a fresh machine builds as fast as a warm one. Defaults to true, with `repositoryUrl` or `from` to false. */
  cache?: boolean;
  /**
   * A repository in ECR to push to that is there already: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web`. Nothing of it is changed, and the images stay
   * in it; each has the stack's name in its tag, because others push there, too. Defaults to a new one.
   */
  repositoryUrl?: pulumi.Input<string>;
  /**
   * A stack whose image runs here, too (`organization/shop/dev`), with the digest that it has there: the update copies it from that stack's repository into
   * one of this stack, layer by layer and without Docker. Of several services, it is that of the same name. That stack shares it with this account
   * (`sharedWith`). Defaults to none: `context` is built.
   */
  from?: string;
  /**
   * Accounts whose stacks may copy or run the images of the repository (a repository policy): `["210987654321"]`. The role there needs the right, too. Defaults to
   * none but this stack's own.
   */
  sharedWith?: string[];
  /** An image that exists already (built by CI), with its tag or digest: nothing is built or stored here. Defaults to none: `context` is built. */
  imageUri?: pulumi.Input<string>;
  /**
   * Whether `imageUri` is behind a pull-through cache rule of ECR: the execution role may then have ECR fetch the image
   * (`ecr:BatchImportUpstreamImage`, `ecr:CreateRepository`). Defaults to false.
   */
  pullThroughCache?: boolean;
  /**
   * ARN of the secret in Secrets Manager that ECS logs in with to the private registry of `imageUri` (`repositoryCredentials`): `{"username": …, "password": …}`.
   * The execution role may then read it; a key of your own for it is one of `secretsKmsKeyArns`. Defaults to none.
   */
  registryCredentials?: pulumi.Input<string>;
  /** Changes to what the component makes. */
  transform?: {
    repository?: Transform<aws.ecr.RepositoryArgs>;
    repositoryPolicy?: Transform<aws.ecr.RepositoryPolicyArgs>;
    lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
    cacheRepository?: Transform<aws.ecr.RepositoryArgs>;
    cacheLifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
    image?: Transform<dockerBuild.ImageArgs>;
  };
}

const twice = (what: string) => (given: string[]) =>
  new Set(given).size < given.length ? `it names one twice; name each ${what} once.` : undefined;

const account = () => pattern(/^\d{12}$/, "the number of an account", "210987654321");

/** What is wrong with the secret of a private registry, of which ECS reads the whole; undefined if nothing is. */
const credentialsComplaint = (given: string): string | undefined =>
  secretGrant(given)?.service === "secretsmanager" && given.split(":").length === 7 ? undefined : NO_CREDENTIALS;
export const registryCredentials = () => text(credentialsComplaint, "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf");
const NO_CREDENTIALS =
  "this is not the ARN of a secret that holds a login; allowed: Secrets Manager (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<suffix>), without a key.";

export const appImage = {
  ...common,
  ...repository,
  context: optional(text()),
  dockerfile: optional(text()),
  target: optional(text()),
  buildArgs: optional(
    map(scalar(), {
      name: variableComplaint,
      entry: (name, value) => {
        const complaint = credentialComplaint(name, value);
        return (
          complaint &&
          `${complaint}, and build arguments stay in the image's history. Pass it by secrets and read it with RUN --mount=type=secret,id=${name}.`
        );
      },
    }),
    {},
  ),
  secrets: optional(map(input(text()))),
  architecture: optional(oneOf("x86_64", "arm64"), "x86_64"),
  architectures: optional(list(oneOf("x86_64", "arm64"), 1, twice("architecture"))),
  cache: optional(
    flag(),
    ({ repositoryUrl, from }: { repositoryUrl?: unknown; from?: unknown }) => repositoryUrl === undefined && from === undefined,
  ),
  repositoryUrl: optional(input(text(repositoryComplaint, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web"))),
  from: optional(stackReference()),
  sharedWith: optional(list(account(), 1, twice("account"))),
  imageUri: optional(input(text(imageComplaint, "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.0"))),
  pullThroughCache: optional(flag(), false),
  registryCredentials: optional(input(registryCredentials())),
  transform: optional(other<NonNullable<AppImageArgs["transform"]>>()),
} satisfies ArgumentsOf<AppImageArgs>;

const OF_A_BUILD = [
  "context",
  "dockerfile",
  "target",
  "buildArgs",
  "secrets",
  "imageUri",
  "repositoryUrl",
  "architectures",
  "cache",
] as const;
type OfABuild = (typeof OF_A_BUILD)[number];

/** An image is either built or taken as it is. */
export const oneSource: Rule<Pick<typeof appImage, "context" | "imageUri">> = {
  about: ["context", "imageUri"],
  at: "imageUri",
  complain: ({ context, imageUri }) =>
    context !== undefined && imageUri !== undefined
      ? "context and imageUri are both given; an image is either built here or taken as it is."
      : undefined,
};
/** An image that another stack runs is neither built here nor anywhere else. */
export const promoted: Rule<Pick<typeof appImage, "from" | OfABuild>> = {
  about: ["from", ...OF_A_BUILD],
  at: "from",
  complain: ({ from }, given) => {
    const others = from === undefined ? [] : OF_A_BUILD.filter((key) => given[key] !== undefined && given[key] !== false);
    return others.length > 0
      ? `the image is the one that ${from} runs, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  },
};
/** Who may read a repository is said where the repository is made. */
export const sharedElsewhere: Rule<Pick<typeof appImage, "sharedWith" | "imageUri" | "repositoryUrl">> = {
  about: ["sharedWith", "imageUri", "repositoryUrl"],
  at: "sharedWith",
  complain: ({ sharedWith }, given) => {
    const other = (["imageUri", "repositoryUrl"] as const).find((key) => given[key] !== undefined);
    return sharedWith && other
      ? `the repository of ${other} is not this stack's; leave it out, and allow the accounts where the repository is made.`
      : undefined;
  },
};
/** What is wrong with an image that is said to be behind a pull-through cache; undefined if nothing is. */
export const notInCache = (uri: string) =>
  ecrRepository(uri)
    ? undefined
    : `${JSON.stringify(uri)} is not in ECR; give the image's name there: <account>.dkr.ecr.<region>.amazonaws.com/<prefix of the rule>/<name>:<tag>.`;
const cacheOfAnother: Rule<Pick<typeof appImage, "pullThroughCache" | "imageUri">> = {
  about: ["pullThroughCache", "imageUri"],
  at: "pullThroughCache",
  complain: ({ pullThroughCache, imageUri }) => {
    if (!pullThroughCache) return undefined;
    if (imageUri === undefined) return "it is about an image from elsewhere, and this one is built here; give imageUri, or leave it out.";
    return typeof imageUri === "string" ? notInCache(imageUri) : undefined;
  },
};
/** What is wrong with a login for an image; undefined if nothing is. */
export const idleCredentials = (uri: string) =>
  ecrRepository(uri) ? "the image is in ECR, which ECS reads by the execution role; leave it out." : undefined;
const credentialsOfAnother: Rule<Pick<typeof appImage, "registryCredentials" | "imageUri">> = {
  about: ["registryCredentials", "imageUri"],
  at: "registryCredentials",
  complain: ({ registryCredentials: given, imageUri }) => {
    if (given === undefined) return undefined;
    if (imageUri === undefined) return "it is about an image from elsewhere, and this one is built here; give imageUri, or leave it out.";
    return typeof imageUri === "string" ? idleCredentials(imageUri) : undefined;
  },
};
/** A repository that is there already is nothing that this stack decides on. */
export const repositoryOfAnother: Rule<Pick<typeof appImage, "repositoryUrl" | "imageUri" | "keep" | "forceDelete" | "cache">> = {
  about: ["repositoryUrl", "imageUri", "keep", "forceDelete", "cache"],
  at: "repositoryUrl",
  complain: ({ repositoryUrl }, given) => {
    if (repositoryUrl === undefined) return undefined;
    if (given.imageUri !== undefined)
      return "imageUri is given too; an image is either built and pushed to a repository, or taken as it is.";
    const others = (["keep", "forceDelete", "cache"] as const).filter((key) => given[key] !== undefined && given[key] !== false);
    return others.length > 0
      ? `the repository is there already, so ${others.join(", ")} cannot be chosen here; leave out one or the other.`
      : undefined;
  },
};
/** The image runs on what the tasks run on. */
const runsThere: Rule<Pick<typeof appImage, "architecture" | "architectures">> = {
  about: ["architecture", "architectures"],
  at: "architectures",
  complain: ({ architecture, architectures }) =>
    architectures && !architectures.includes(architecture)
      ? `the tasks run on ${architecture}, which is none of them (${architectures.join(", ")}); add it.`
      : undefined,
};
/** An image that is built elsewhere is built for what it is built for. */
const architecturesOfAnother: Rule<Pick<typeof appImage, "architectures" | "imageUri">> = {
  about: ["architectures", "imageUri"],
  at: "architectures",
  complain: ({ architectures, imageUri }) =>
    architectures && imageUri !== undefined
      ? "it is about an image that is built here, and imageUri names one that exists; leave out one of them."
      : undefined,
};
export const imageRules = [
  oneSource,
  promoted,
  sharedElsewhere,
  cacheOfAnother,
  credentialsOfAnother,
  repositoryOfAnother,
  architecturesOfAnother,
];
const SCHEMA = group(appImage, ...imageRules, runsThere);

const PLATFORM = { x86_64: "linux/amd64", arm64: "linux/arm64" } as const;

/** The platform that FROM itself names, as a word or in the name of the image: `arm64v8/node`. */
function fixedPlatform({ base, platform: said }: ImageFacts): { line: number; value: string } | undefined {
  if (said)
    return said.value !== undefined && /^linux\/(amd64|arm64)(\/v8)?$/.test(said.value)
      ? { ...said, value: said.value.replace(/\/v8$/, "") }
      : undefined;
  const [, folder] = /(?:^|\/)(amd64|arm64v8)\/[^/]+$/.exec(base.value ?? "") ?? [];
  return folder ? { line: base.line, value: folder === "amd64" ? PLATFORM.x86_64 : PLATFORM.arm64 } : undefined;
}

/** Where an image is pushed to. */
interface Registry {
  url: pulumi.Output<string>;
  login: aws.ecr.GetAuthorizationTokenOutputArgs;
  /** What its tags begin with. */
  prefix: string;
}

const registryOf = ({ repositoryUrl: url, registryId }: aws.ecr.Repository): Registry => ({ url, login: { registryId }, prefix: "" });

/** Docker's word for an architecture: `linux/amd64`. */
export const platform = (architecture: Architecture) => PLATFORM[architecture];

/**
 * The app's image: an ECR repository, new or existing, and the image built from a folder and pushed to it, or copied to it from another stack's; or an image that
 * exists. Deployed by digest.
 */
export class AppImage extends RepositoryOwner<typeof appImage> implements ContainerImage {
  readonly ref: pulumi.Output<string>;
  readonly architecture: Architecture;
  readonly repository?: aws.ecr.Repository;
  readonly cacheRepository?: aws.ecr.Repository;
  readonly image?: dockerBuild.Image;
  readonly uri?: pulumi.Input<string>;
  readonly pullThroughCache: boolean;
  readonly registryCredentials?: pulumi.Input<string>;
  readonly dockerfile?: ReadDockerfile;

  constructor(name: string, args: AppImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("AppImage", name, SCHEMA, args, opts);
    this.architecture = this.args.architecture;
    this.pullThroughCache = this.args.pullThroughCache;
    const { registryCredentials: login } = this.args;
    if (login !== undefined)
      this.registryCredentials =
        typeof login === "string"
          ? login
          : pulumi.output(login).apply((arn) => {
              const complaint = credentialsComplaint(arn);
              return complaint === undefined ? arn : this.refuse("registryCredentials", complaint);
            });
    if (this.args.imageUri !== undefined) {
      this.uri = this.args.imageUri;
      this.ref = pulumi.output(this.args.imageUri).apply((uri) => this.pinned(uri));
    } else if (this.args.from !== undefined) {
      this.repository = this.makeOwn();
      this.ref = this.copied(imageOfStack(this.args.from, this.label, this, this.refuse), this.repository);
    } else {
      const { repositoryUrl } = this.args;
      if (repositoryUrl !== undefined) this.uri = repositoryUrl;
      if (repositoryUrl === undefined) this.repository = this.makeOwn();
      if (this.args.cache) this.cacheRepository = this.makeCache();
      const context =
        this.args.context ??
        this.refuse("context", "neither context nor imageUri is given; give the folder to build, or the image to run.");
      const dockerfile = findDockerfile(context, this.args.dockerfile, this.refuse);
      this.dockerfile = this.read(context, dockerfile);
      const registry = this.repository ? registryOf(this.repository) : this.existing(repositoryUrl!);
      this.image = this.build(registry, context, dockerfile);
      this.ref = pulumi.interpolate`${registry.url}@${this.image.digest}`;
    }
    this.registerOutputs({ ref: this.ref });
  }

  private makeOwn(): aws.ecr.Repository {
    const { args } = this;
    const repository = this.makeRepository("", args, keepLast(args.keep), args.transform);
    if (args.sharedWith) {
      const policy = aws.getPartitionOutput({}, { parent: this }).apply(({ partition }) => pullPolicy(partition, args.sharedWith!));
      this.make(aws.ecr.RepositoryPolicy, "", { repository: repository.name, policy }, args.transform?.repositoryPolicy);
    }
    return repository;
  }

  /** The same image in this stack's repository, once it is there: the command says its digest. */
  private copied(image: pulumi.Output<string>, { repositoryUrl: url }: aws.ecr.Repository): pulumi.Output<string> {
    const copy = this.make(Command, "copy", onChange("copy-image", this, { BERTH_IMAGE: image, BERTH_REPOSITORY: url }));
    return pulumi.interpolate`${url}@${copy.stdout.apply((digest) => digest.trim())}`;
  }

  /** The cache is overwritten by each build, which immutable tags forbid: a repository of its own, in which cache tags alone may move. */
  private makeCache(): aws.ecr.Repository {
    const { args } = this;
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

  /** A repository that something else made, as its URL tells it. */
  private existing(repositoryUrl: pulumi.Input<string>): Registry {
    const url = pulumi.output(repositoryUrl).apply((given) => {
      const complaint = repositoryComplaint(given);
      return complaint === undefined ? given : this.refuse("repositoryUrl", complaint);
    });
    const its = url.apply((given) => ecrRepository(given)!);
    // Whoever else builds the same sources has the same hash of them, and tags may be immutable.
    const prefix = `${stackName(pulumi.getProject(), pulumi.getStack(), this.label, 100)}-`;
    return { url, login: { registryId: its.accountId, region: its.region }, prefix };
  }

  /** What is built for. */
  private get architectures(): Architecture[] {
    return this.args.architectures ?? [this.architecture];
  }

  /** An image that does not change under a running service. */
  private pinned(uri: string): string {
    const complaint = imageComplaint(uri);
    return complaint === undefined ? uri : this.refuse("imageUri", complaint);
  }

  /** Reads the Dockerfile, unless a transform may have named another. What would make the build or each task fail is refused. */
  private read(context: string, file: string): ReadDockerfile | undefined {
    const { target, buildArgs, transform } = this.args;
    if (transform?.image) return undefined;
    const built = platform(this.architecture);
    const facts = readDockerfile(fs.readFileSync(file, "utf8"), { target, buildArgs, platform: built });
    if ("problem" in facts) {
      const text = facts.line === undefined ? `${facts.problem}.` : `${file}:${facts.line}: ${facts.problem}.`;
      if (facts.fails) this.refuse(facts.about, text.replace("?.", "?"));
      this.remark({ severity: "warning", at: facts.about, text: `${text} Nothing in it is compared with the arguments.` });
      return undefined;
    }
    const windows = windowsComplaint(facts.base.value ?? "its base image", facts.platform?.value);
    if (windows) this.refuse("dockerfile", `${file}:${facts.base.line}: ${windows}`);
    const fixed = fixedPlatform(facts);
    const other = fixed && this.architectures.map(platform).find((one) => one !== fixed.value);
    if (other) {
      this.refuse(
        this.args.architectures ? "architectures" : "architecture",
        `the image is built for ${other}, and ${file}:${fixed.line} is built upon ${fixed.value}, whose programs do not start there; leave the platform out of FROM, or set architecture: ${fixed.value === PLATFORM.arm64 ? "arm64" : "x86_64"}.`,
      );
    }
    for (const text of leaks(context, contextFiles(context, file), facts)) this.remark({ severity: "warning", at: "context", text });
    return { path: file, facts, remarked: new Set() };
  }

  private build({ url, login, prefix }: Registry, context: string, dockerfile: string): dockerBuild.Image {
    const { args } = this;
    // Builds of the same sources are the same to the byte: no time of the build goes into the image.
    const buildArgs = { SOURCE_DATE_EPOCH: "0", ...args.buildArgs };
    const token = aws.ecr.getAuthorizationTokenOutput(login, { parent: this });
    const cache = this.cacheRepository && pulumi.interpolate`${this.cacheRepository.repositoryUrl}:cache-${this.architectures.join("-")}`;
    return this.make(
      dockerBuild.Image,
      "",
      {
        context: { location: context },
        dockerfile: { location: dockerfile },
        platforms: this.architectures.map(platform),
        ...(args.target !== undefined && { target: args.target }),
        buildArgs,
        // A secret leaves no trace in the image, so another value of it is no reason to build again.
        ...(args.secrets && { secrets: args.secrets, ignoreSecretsInDiffCalculation: Object.keys(args.secrets).sort() }),
        push: true,
        buildOnPreview: false,
        ...(cache && {
          cacheFrom: [{ registry: { ref: cache } }],
          // ECR takes a cache only as an OCI image manifest. A cache that cannot be written is no reason to fail a deploy.
          cacheTo: [{ registry: { ref: cache, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } }],
        }),
        registries: [{ address: url, username: token.userName, password: pulumi.secret(token.password) }],
      },
      (given, opts, name) => {
        const sent = transformed(args.transform?.image, given, opts, name);
        if (sent.pull === true)
          this.refuse(
            "transform.image",
            "with pull, every update would push another image under the tag of these sources, which the repository refuses; leave pull out, and change the base image in the Dockerfile.",
          );
        return { tags: [pulumi.interpolate`${url}:${prefix}${this.tagOf(sent)}`], ...sent };
      },
      // A replaced image stays in the repository: tasks may run it, and a rollback needs it. The lifecycle policy clears up. Where a destroy takes the
      // repository with everything in it, there is nothing to retain.
      { retainOnDelete: !args.forceDelete },
    );
  }

  /**
   * A hash of all that the build depends on. That there is a secret is part of it, its value is not; where the image is pushed, and when, says nothing about it.
   */
  private tagOf({
    tags: _tags,
    registries: _registries,
    buildOnPreview: _when,
    secrets,
    ...build
  }: dockerBuild.ImageArgs): pulumi.Output<string> {
    const settings = pulumi.output(build);
    return settings.apply((known) =>
      buildHash({ ...known, secrets: Object.keys(secrets ?? {}).sort() } as Build, this.refuse).slice(0, 20),
    );
  }
}
