import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { type Build, buildHash } from "../../../components/image/context";
import { AppImage, type AppImageArgs } from "../../../components/image/image";
import { MirroredImage } from "../../../components/image/mirrored-image";
import { Network } from "../../../components/network/network";
import { OneOffTask } from "../../../components/task/one-off-task";
import type { JsonObject } from "../../../facts/graph";
import { computeState } from "../../../plan/record/mocks";
import { refuse } from "../../helpers/arguments";
import { ACCOUNT, type Deployed, deploy, REGION, refusal } from "../../helpers/deploy";
import { TEMPLATE } from "../../helpers/places";

const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const TAGS = { Project: "shop", Stack: "test" };
const without = (inputs: JsonObject, ...keys: string[]) =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !keys.includes(key)));
/** Where a repository is, once AWS has named it. */
function urlOf(made: Deployed, name: string): string {
  const { urn, type, inputs } = made.one("Repository", name);
  return String(computeState({ urn, type, name, inputs, place: made.recording.place }).state.repositoryUrl);
}

/** Where the program's relative paths begin. */
function inTemplate<T>(run: () => T): T {
  const cwd = process.cwd();
  process.chdir(TEMPLATE);
  try {
    return run();
  } finally {
    process.chdir(cwd);
  }
}

describe("AppImage", () => {
  let made: Deployed;
  let refs: Record<string, string>;

  before(async () => {
    refs = {};
    const variants: Record<string, AppImageArgs> = {
      web: { context: "./app" },
      arm: {
        context: "./app",
        architecture: "arm64",
        target: "build",
        buildArgs: { B: "2", A: "1" },
        secrets: { npm: "hunter2-npm" },
        keep: 10,
        forceDelete: true,
        cache: false,
        kmsKeyArn: "arn:aws:kms:eu-west-3:123456789012:key/k",
        tags: { team: "red" },
      },
      ready: { imageUri: "registry.example.com/team/web:1.4.2", architecture: "arm64" },
    };
    made = await deploy(() => {
      for (const [name, args] of Object.entries(variants)) {
        const image = new AppImage(name, args);
        image.ref.apply((ref) => {
          refs[name] = ref;
        });
      }
    });
  });

  it("keeps images in a repository that is scanned, immutable, encrypted and not lost by a destroy", () => {
    assert.deepEqual(made.inputs("Repository", "web"), {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
      tags: TAGS,
    });
    assert.deepEqual(made.inputs("Repository", "arm"), {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-west-3:123456789012:key/k" }],
      forceDelete: true,
      tags: { ...TAGS, team: "red" },
    });
  });

  it("is not begun to be destroyed where AWS would refuse at the end", () => {
    const kept = ["web", "web-cache", "arm"].map((name) => made.one("Repository", name).options.protect);
    assert.deepEqual(kept, [true, true, false]);
  });

  describe("has a tag", () => {
    const tagsOf = async (...variants: Partial<AppImageArgs>[]) => {
      const tags: string[] = [];
      for (const args of variants) {
        const alone = await deploy(() => new AppImage("web", { context: "./app", ...args }));
        tags.push(String(alone.inputs("docker-build:index:Image").tags));
      }
      return tags;
    };
    const same: [what: string, one: Partial<AppImageArgs>, other: Partial<AppImageArgs>][] = [
      ["the value of a secret", { secrets: { npm: "a" } }, { secrets: { npm: "b" } }],
      ["the order of build arguments", { buildArgs: { A: "1", B: "2" } }, { buildArgs: { B: "2", A: "1" } }],
      ["how many images are kept", { keep: 10 }, { keep: 20 }],
      ["when it is built", { transform: { image: { buildOnPreview: true } } }, {}],
    ];
    for (const [what, one, other] of same)
      it(`that does not depend on ${what}`, async () => assert.equal(new Set(await tagsOf(one, other)).size, 1));

    it("that depends on all that the provider builds again for", async () => {
      const variants: Partial<AppImageArgs>[] = [
        {},
        { secrets: { npm: "a" } },
        { secrets: { npm: "a", pip: "a" } },
        { cache: false },
        { architecture: "arm64" },
        { target: "build" },
        { buildArgs: { A: "1" } },
        { transform: { image: { labels: { a: "1" } } } },
        { transform: { image: { noCache: true } } },
        { transform: { image: (sent) => ({ ...sent, context: { location: "./app", named: { docs: { location: "./docs" } } } }) } },
        { transform: { image: (sent) => ({ ...sent, dockerfile: { inline: "FROM scratch" } }) } },
      ];
      assert.equal(new Set(await tagsOf(...variants)).size, variants.length);
    });

    it("that a transform may choose", async () => {
      assert.deepEqual(await tagsOf({ transform: { image: { tags: ["example.com/web:1"] } } }), ["example.com/web:1"]);
    });
  });

  it("is built for several architectures under one digest, whichever of them tasks run on", async () => {
    const images = async (architecture: "x86_64" | "arm64") => {
      const its = await deploy(() => new AppImage("web", { context: "./app", architecture, architectures: ["x86_64", "arm64"] }));
      return its.inputs("docker-build:index:Image");
    };
    const [one, other] = [await images("x86_64"), await images("arm64")];
    assert.deepEqual(one.platforms, ["linux/amd64", "linux/arm64"]);
    assert.deepEqual(without(other, "registries"), without(one, "registries"), "so that a task moves to the other without a build");
  });

  it("is not built again for another value of a secret", async () => {
    assert.deepEqual(made.inputs("docker-build:index:Image", "arm").ignoreSecretsInDiffCalculation, ["npm"]);
  });

  it("keeps the last 30 images, or as many as said, of any tag, beside their signatures", () => {
    for (const [name, count] of [
      ["web", 30],
      ["arm", 10],
    ] as const) {
      const policy = made.one("LifecyclePolicy", name);
      assert.deepEqual(made.sourcesOf(policy, "repository"), [`Repository ${name}`]);
      assert.equal(
        policy.inputs.policy,
        `{"rules":[{"rulePriority":1,"description":"Keep the last ${count} images","selection":{"tagStatus":"tagged","tagPatternList":["*"],"countType":"imageCountMoreThan","countNumber":${count}},"action":{"type":"expire"}}]}`,
      );
    }
  });

  it("caches in a repository of its own, where cache tags alone may move and replaced layers go after 14 days", () => {
    assert.deepEqual(made.names("Repository"), ["arm", "web", "web-cache"]);
    const { imageTagMutability, imageTagMutabilityExclusionFilters, imageScanningConfiguration } = made.inputs("Repository", "web-cache");
    assert.deepEqual(
      [imageTagMutability, imageTagMutabilityExclusionFilters, imageScanningConfiguration],
      ["IMMUTABLE_WITH_EXCLUSION", [{ filter: "cache-*", filterType: "WILDCARD" }], { scanOnPush: true }],
    );
    assert.equal(
      made.inputs("LifecyclePolicy", "web-cache").policy,
      '{"rules":[{"rulePriority":1,"description":"Drop replaced cache layers after 14 days","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}',
    );
  });

  it("builds for one platform, never on a preview, and pushes under a tag of the sources", () => {
    const { inputs } = made.one("docker-build:index:Image", "web");
    const [repository, cache] = ["web", "web-cache"].map((name) => urlOf(made, name));
    const { registries, network, tags, buildOnPreview, ...build } = inputs;
    const hash = inTemplate(() => buildHash({ ...build, secrets: [] } as Build, refuse));
    assert.deepEqual(without(inputs, "registries"), {
      context: { location: "./app" },
      dockerfile: { location: "app/Dockerfile" },
      platforms: ["linux/amd64"],
      buildArgs: { SOURCE_DATE_EPOCH: "0" },
      tags: [`${repository}:${hash.slice(0, 20)}`],
      push: true,
      buildOnPreview: false,
      network: "default", // the SDK's own default
      cacheFrom: [{ registry: { ref: `${cache}:cache-x86_64` } }],
      cacheTo: [{ registry: { ref: `${cache}:cache-x86_64`, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } }],
    });
    assert.deepEqual(inputs.registries, [{ address: repository, username: "AWS", password: "[secret]" }]);
  });

  it("builds what the arguments say", () => {
    const { inputs } = made.one("docker-build:index:Image", "arm");
    assert.deepEqual(
      [inputs.platforms, inputs.target, inputs.buildArgs, inputs.cacheFrom, inputs.cacheTo],
      [["linux/arm64"], "build", { SOURCE_DATE_EPOCH: "0", A: "1", B: "2" }, undefined, undefined],
    );
    assert.equal(inputs.secrets, "[secret]");
    assert.doesNotMatch(JSON.stringify(made.resources), /hunter2/);
  });

  it("leaves a replaced image where tasks may run it, unless a destroy takes the whole repository", () => {
    const retained = (name: string) => made.one("docker-build:index:Image", name).options.retainOnDelete;
    assert.deepEqual([retained("web"), retained("arm")], [true, false]);
  });

  it("is deployed by digest", () => {
    assert.match(refs.web!, new RegExp(`^${REGISTRY}/web-[0-9a-f]{7}@sha256:[0-9a-f]{64}$`));
    assert.equal(refs.ready, "registry.example.com/team/web:1.4.2");
  });

  it("makes nothing of an image that is there", () => {
    const component = made.one("AppImage", "ready");
    assert.deepEqual(
      made.resources.filter(({ parent }) => parent === component.urn),
      [],
    );
  });

  describe("into a repository that is there", () => {
    const URL = "210987654321.dkr.ecr.us-east-2.amazonaws.com/team/web";
    const pushed = (args: AppImageArgs, stack = "test") =>
      deploy(
        () => {
          const image = new AppImage("web", { context: "./app", ...args });
          return { shared: { ref: image.ref } };
        },
        { outputs: true, stack },
      );

    it("builds and pushes there, and makes and changes no repository", async () => {
      const there = await pushed({ repositoryUrl: URL, kmsKeyArn: "arn:aws:kms:eu-west-3:123456789012:key/k" });
      assert.deepEqual([there.names("Repository"), there.names("LifecyclePolicy")], [[], []]);
      const { tags, registries, cacheTo } = there.inputs("docker-build:index:Image");
      assert.match(String(tags), new RegExp(`^${URL}:shop-test-web-[0-9a-f]{20}$`));
      assert.deepEqual([(registries as { address: string }[])[0]!.address, cacheTo], [URL, undefined]);
      const login = there.recording.known.invokes.find(({ token }) => token.endsWith(":getAuthorizationToken"));
      assert.deepEqual(login?.args, { registryId: "210987654321", region: "us-east-2" });
      assert.match((there.recording.known.outputs.shared as { ref: string }).ref, new RegExp(`^${URL}@sha256:`));
    });

    it("pushes no tag that another stack pushes, and leaves its images there", async () => {
      const one = await pushed({ repositoryUrl: URL }, "one");
      const two = await pushed({ repositoryUrl: URL, forceDelete: false }, "two");
      const tagOf = (its: Deployed) => String(its.inputs("docker-build:index:Image").tags).split(":")[1]!;
      assert.notEqual(tagOf(one), tagOf(two));
      assert.equal(tagOf(one).slice(-20), tagOf(two).slice(-20));
      assert.deepEqual(
        [one, two].map((its) => its.one("docker-build:index:Image").options.retainOnDelete),
        [true, true],
      );
    });

    it("takes a URL that a stack exports, and refuses it there if it is none", async () => {
      const there = await pushed({ repositoryUrl: pulumi.output(URL) });
      assert.match(String(there.inputs("docker-build:index:Image").tags), /^210987654321/);
      assert.match(
        await refusal(() => new AppImage("web", { context: "./app", repositoryUrl: pulumi.output(`${URL}:1`) })),
        /^AppImage "web": repositoryUrl: "2109[^"]+:1" is not the URL of a repository in ECR; write one like "2109[^":]+\/team\/web"\.$/,
      );
    });
  });

  describe("from another stack", () => {
    const DEV = "organization/shop/dev";
    const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
    const THERE = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/web-9f8e7d6@${DIGEST}`;
    const promoted = (platform: JsonObject | undefined, args: AppImageArgs = {}) =>
      deploy(
        () => {
          const image = new AppImage("web", { from: DEV, ...args });
          return { shared: { ref: image.ref } };
        },
        { outputs: true, ...(platform && { platform }) },
      );

    it("is copied into a repository of its own, and runs with its digest", async () => {
      const there = await promoted({ imageUri: THERE }, { forceDelete: true, keep: 10 });
      assert.equal(there.inputs("Repository", "web").forceDelete, true);
      assert.deepEqual([there.names("Repository"), there.names("docker-build:index:Image")], [["web"], []]);
      const copy = there.inputs("Command", "web-copy");
      assert.match(String(copy.create), /^node ".*berth\.js" copy-image$/);
      assert.deepEqual(copy.environment, { BERTH_IMAGE: THERE, BERTH_REPOSITORY: urlOf(there, "web") });
      const { ref } = there.recording.known.outputs.shared as JsonObject;
      assert.equal(ref, `${urlOf(there, "web")}@${DIGEST}`);
    });

    it("is there before a task runs it", async () => {
      const there = await deploy(
        () => {
          const cluster = new Cluster("apps", { network: new Network("net") });
          new OneOffTask("job", { cluster, image: new AppImage("web", { from: DEV }) });
        },
        { platform: { imageUri: THERE } },
      );
      const { propertyDependencies } = there.one("TaskDefinition");
      assert.ok(propertyDependencies.containerDefinitions!.includes(there.one("Command", "web-copy").urn));
    });

    it("is that of the service of the same name, or the only one there is", async () => {
      const other = THERE.replace("web-9", "api-9");
      const of = async (platform: JsonObject) => {
        const { BERTH_IMAGE } = (await promoted(platform)).inputs("Command", "web-copy").environment as JsonObject;
        return BERTH_IMAGE;
      };
      assert.equal(await of({ imageUri: other, services: { api: { imageUri: other }, web: { imageUri: THERE } } }), THERE);
      assert.equal(await of({ services: { a: { imageUri: THERE }, b: { imageUri: THERE } } }), THERE);
      const several = { imageUri: other, services: { api: { imageUri: other }, job: { imageUri: THERE } } };
      assert.match(
        await refusal(() => new AppImage("web", { from: DEV }), { platform: several }),
        /^AppImage "web": from: organization\/shop\/dev has no service web, and its services run several images: api, job; name the service as it is called there\.$/,
      );
    });

    const useless: [outputs: JsonObject, message: RegExp][] = [
      [{ url: "x" }, /from: organization\/shop\/dev has no output imageUri; export it there, or give imageUri here\.$/],
      [
        { services: { web: { url: "x" } } },
        /from: organization\/shop\/dev has no output imageUri; export it there, or give imageUri here\.$/,
      ],
      [
        { imageUri: "ghcr.io/acme/web:1" },
        /from: organization\/shop\/dev runs ghcr\.io\/acme\/web:1, which is not in ECR; give it as imageUri here, too\.$/,
      ],
      [{ imageUri: `${THERE.split("@")[0]}:1` }, /:1, which is no digest but a tag; deploy it there by its digest\.$/],
    ];
    for (const [platform, message] of useless)
      it(`refuses ${JSON.stringify(platform)}`, async () =>
        assert.match(await refusal(() => new AppImage("web", { from: DEV }), { platform }), message));

    it("is planned without what that stack says", async () => {
      assert.deepEqual((await promoted(undefined)).names("Command"), ["web-copy"]);
    });
  });

  it("shares its repository with other accounts, in the partition where it is", async () => {
    const china = await deploy(() => new AppImage("web", { context: "./app", sharedWith: ["210987654321"] }), { region: "cn-north-1" });
    const { policy } = china.inputs("RepositoryPolicy", "web");
    assert.deepEqual(JSON.parse(String(policy)), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: ["arn:aws-cn:iam::210987654321:root"] },
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        },
      ],
    });
    assert.deepEqual(made.names("RepositoryPolicy"), []);
  });

  const refused: [args: AppImageArgs, message: RegExp][] = [
    [
      { from: "organization/shop/dev", context: "./app", buildArgs: { A: "1" } },
      /^AppImage "web": from: the image is the one that organization\/shop\/dev runs, so context, buildArgs cannot be chosen here; leave out one or the other\.$/,
    ],
    [
      { from: "dev", keep: 20 },
      /^AppImage "web": from: "dev" is not the full name of a stack; write one like "organization\/network\/prod"\.$/,
    ],
    [
      { context: "./app", sharedWith: ["1234"] },
      /sharedWith\[0\]: "1234" is not the number of an account; write one like "210987654321"\.$/,
    ],
    [{ context: "./app", sharedWith: ["210987654321", "210987654321"] }, /sharedWith: it names one twice; name each account once\.$/],
    [
      { imageUri: "registry.example.com/team/web:1.4.2", sharedWith: ["210987654321"] },
      /sharedWith: the repository of imageUri is not this stack's; leave it out, and allow the accounts where the repository is made\.$/,
    ],
    [
      { context: "./app", repositoryUrl: "team/web" },
      /^AppImage "web": repositoryUrl: "team\/web" is not the URL of a repository in ECR; write one like "111122223333\.dkr\.ecr\./,
    ],
    [
      { context: "./app", repositoryUrl: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web", keep: 20, forceDelete: true, cache: true },
      /^AppImage "web": repositoryUrl: the repository is there already, so keep, forceDelete, cache cannot be chosen here; leave out one or the other\.$/,
    ],
    [
      { imageUri: "web:1", repositoryUrl: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web" },
      /^AppImage "web": repositoryUrl: imageUri is given too; an image is either built and pushed to a repository, or taken as it is\.$/,
    ],
    [{}, /^AppImage "web": context: neither context nor imageUri is given; give the folder to build, or the image to run\.$/],
    [{ context: "./nowhere" }, /^AppImage "web": context: there is no folder "\.\/nowhere"; give the folder that holds the Dockerfile\.$/],
    [
      { context: "./app", dockerfile: "app/Dockerfil" },
      /^AppImage "web": dockerfile: there is no file app\/Dockerfil; did you mean app\/Dockerfile\?$/,
    ],
    [
      { context: "./app", buildArgs: { NPM_TOKEN: "hunter2" } },
      /^AppImage "web": buildArgs\.NPM_TOKEN: its name says it holds a token, and build arguments stay in the image's history\. Pass it by secrets /,
    ],
    [{ context: "./app", keep: 9 }, /^AppImage "web": keep: 9 is out of range; allowed: 10 to 1000 images; the nearest is 10\.$/],
    [
      { context: "./app", transform: { image: { pull: true } } },
      /^AppImage "web": transform\.image: with pull, every update would push another image under the tag of these sources, /,
    ],
    [{ imageUri: "web:latest" }, /^AppImage "web": imageUri: "web:latest" is a moving tag; give a digest /],
    [{ imageUri: "registry:5000/web" }, /^AppImage "web": imageUri: "registry:5000\/web" has neither tag nor digest; /],
  ];
  const several: [args: AppImageArgs, message: RegExp][] = [
    [{ context: "./app", architectures: ["arm64"] }, /architectures: the tasks run on x86_64, which is none of them \(arm64\); add it\.$/],
    [{ context: "./app", architectures: ["x86_64", "x86_64"] }, /architectures: it names one twice; name each architecture once\.$/],
    [
      { imageUri: "registry.example.com/team/web:1.4.2", architectures: ["x86_64"] },
      /architectures: it is about an image that is built here, and imageUri names one that exists; leave out one of them\.$/,
    ],
  ];
  for (const [args, message] of [...refused, ...several]) {
    it(`refuses ${JSON.stringify(args)}`, async () => assert.match(await refusal(() => new AppImage("web", args)), message));
  }

  it("refuses a moving tag in an Output too", async () => {
    const message = await refusal(() => new AppImage("web", { imageUri: pulumi.output("web:latest") }));
    assert.match(message, /^AppImage "web": imageUri: "web:latest" is a moving tag; /);
  });
});

describe("MirroredImage", () => {
  let made: Deployed;
  let ref: string;

  before(async () => {
    made = await deploy(() => {
      const image = new MirroredImage("proxy", { source: "public.ecr.aws/nginx/nginx:1.29-alpine", architecture: "arm64", keep: 12 });
      image.ref.apply((value) => {
        ref = value;
      });
    });
  });

  it("pulls one architecture, tags it for the repository and pushes it", () => {
    const repository = urlOf(made, "proxy");
    assert.deepEqual(made.inputs("RemoteImage"), {
      name: "public.ecr.aws/nginx/nginx:1.29-alpine",
      platform: "linux/arm64",
      keepLocally: true,
    });
    assert.deepEqual(made.sourcesOf(made.one("Tag"), "sourceImage"), ["RemoteImage proxy"]);
    const digest = String(made.inputs("RegistryImage").triggers && (made.inputs("RegistryImage").triggers as JsonObject).source).split(
      "sha256:",
    )[1]!;
    const tag = `1.29-alpine-${digest.slice(0, 12)}`;
    assert.equal(made.inputs("Tag").targetImage, `${repository}:${tag}`);
    assert.deepEqual(made.sourcesOf(made.one("Tag"), "targetImage").includes("RemoteImage proxy"), true);
    const pushed = made.one("RegistryImage");
    assert.deepEqual(made.sourcesOf(pushed, "name").includes("Tag proxy"), true);
    assert.deepEqual(
      [pushed.inputs.name, pushed.inputs.keepRemotely, (pushed.inputs.authConfig as JsonObject).password],
      [`${repository}:${tag}`, true, "[secret]"],
    );
    assert.deepEqual(made.sourcesOf(pushed, "triggers"), ["RemoteImage proxy"]);
  });

  it("is not pushed again because the registry's password is a new one", () => {
    assert.deepEqual(made.one("RegistryImage").options.ignoreChanges, ["authConfig"]);
  });

  it("is kept like the app's image and used by digest", () => {
    assert.equal(made.inputs("Repository").imageTagMutability, "IMMUTABLE");
    assert.match(String(made.inputs("LifecyclePolicy").policy), /"countNumber":12\}/);
    assert.match(ref, new RegExp(`^${REGISTRY}/proxy-[0-9a-f]{7}@sha256:[0-9a-f]{64}$`));
  });

  for (const source of ["nginx", "nginx:latest", "registry:5000/nginx"]) {
    it(`refuses ${source}`, async () =>
      assert.equal(
        await refusal(() => new MirroredImage("proxy", { source })),
        `MirroredImage "proxy": source: "${source}" has no lasting tag; give one that names a version, such as "public.ecr.aws/nginx/nginx:1.29-alpine".`,
      ));
  }

  it("keeps a tag of one character, and of as many as Docker takes, as far as the digest leaves room", async () => {
    for (const tag of ["1", "x".repeat(128)]) {
      const its = await deploy(() => new MirroredImage("proxy", { source: `nginx:${tag}` }));
      assert.match(String(its.inputs("Tag").targetImage), new RegExp(`:${tag.slice(0, 110)}-[0-9a-f]{12}$`));
    }
    assert.match(await refusal(() => new MirroredImage("proxy", { source: `nginx:${"x".repeat(129)}` })), /has no lasting tag/);
  });
});
