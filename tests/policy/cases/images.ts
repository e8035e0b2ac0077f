import { json, make } from "../graphs";
import type { World } from "../world";
import { add, type Cases, drop, set } from "./case";

const cache = (w: World) => (w.image.inputs.cacheTo as { registry: Record<string, unknown> }[])[0]!.registry;

/** The rules about repositories and image builds. */
export const imageCases: Cases = {
  "ecr-repository-scan": {
    breaks: { no: [(w) => set(w.repository, { imageScanningConfiguration: { scanOnPush: false } }), "its images are not scanned"] },
    keeps: {
      "the registry scans": (w) => {
        set(w.repository, { imageScanningConfiguration: undefined });
        const rules = [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "we*", filterType: "WILDCARD" }] }];
        add(w, make("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "all", { scanType: "BASIC", rules }));
      },
    },
  },
  "ecr-repository-immutable-tags": {
    breaks: {
      "not said": [(w) => set(w.repository, { imageTagMutability: undefined }), "imageTagMutability is not set (MUTABLE)"],
      "exceptions for all": [
        (w) =>
          set(w.repository, { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters: [{ filter: "latest" }] }),
        'imageTagMutability is "IMMUTABLE_WITH_EXCLUSION"',
      ],
    },
    keeps: {
      "an exception for the cache": (w) =>
        set(w.repository, { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters: [{ filter: "cache-*" }] }),
    },
  },
  "ecr-repository-lifecycle": {
    breaks: {
      none: [(w) => drop(w, "lifecycle"), "it has no lifecycle policy"],
      empty: [(w) => set(w.lifecycle, { policy: json({ rules: [] }) }), "its lifecycle policy web has no rules"],
    },
    keeps: { "an object": (w) => set(w.lifecycle, { policy: { rules: [w.lifecycleRule] } }) },
  },
  "ecr-lifecycle-keeps-running-images": {
    breaks: {
      "too few": [(w) => (w.lifecycleRule.selection.countNumber = 5), "rule 1 keeps 5 images; keep 10 or more"],
      "tagged, by age": [
        (w) => Object.assign(w.lifecycleRule.selection, { tagStatus: "any", countType: "sinceImagePushed", countNumber: 90 }),
        "rule 1 deletes tagged images by age",
      ],
      "untagged, soon": [
        (w) => Object.assign(w.lifecycleRule.selection, { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 1 }),
        "rule 1 keeps untagged images for 1 days",
      ],
    },
    keeps: {
      "untagged, later": (w) =>
        Object.assign(w.lifecycleRule.selection, { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 14 }),
      "few of the cache": (w) =>
        Object.assign(w.lifecycleRule.selection, { tagStatus: "tagged", tagPrefixList: ["cache-"], countNumber: 2 }),
    },
  },
  "ecr-repository-no-public-policy": {
    breaks: {
      everyone: [(w) => (w.repositoryStatement.Principal = "*"), "a statement allows ecr:BatchGetImage to everyone"],
      "everyone in AWS": [(w) => (w.repositoryStatement.Principal = { AWS: "*" }), "to everyone"],
    },
    keeps: {
      "everyone in the organization": (w) =>
        Object.assign(w.repositoryStatement, { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      "nobody, said to everyone": (w) => Object.assign(w.repositoryStatement, { Principal: "*", Effect: "Deny" }),
    },
  },
  "ecr-repository-no-force-delete": {
    breaks: {
      yes: [
        (w) => set(w.repository, { forceDelete: true }),
        "it is deleted with its images when the stack is destroyed; remove forceDelete",
      ],
    },
    keeps: { no: (w) => set(w.repository, { forceDelete: false }) },
  },
  "image-build-push": {
    breaks: {
      "stays here": [(w) => set(w.image, { push: false }), "the image is not pushed"],
      "no tag": [(w) => set(w.image, { tags: undefined }), "the image has no tag"],
      latest: [
        (w) => set(w.image, { tags: ["registry.example:5000/web:latest"] }),
        'the tag "registry.example:5000/web:latest" is the same for every build',
      ],
      "the older package, without a tag": [
        (w) => set(w.classicImage, { imageName: "registry.example:5000/web" }),
        'the tag "registry.example:5000/web" is the same',
      ],
      "the older package, not pushed": [(w) => set(w.classicImage, { skipPush: true }), "the image is not pushed"],
    },
    keeps: { "only for this machine": (w) => set(w.image, { push: false, load: true, tags: undefined }) },
  },
  "image-build-platform": {
    breaks: {
      "not said": [(w) => set(w.image, { platforms: undefined }), "platforms is not set"],
      "not said to the older package": [(w) => set(w.classicImage, { build: { context: "." } }), "build.platform is not set"],
    },
  },
  "image-build-no-secret-args": {
    breaks: {
      "a token": [(w) => set(w.image, { buildArgs: { NPM_TOKEN: "x", VERSION: "1" } }), "the build argument NPM_TOKEN looks like a secret"],
      "the older package": [
        (w) => set(w.classicImage, { build: { args: { api_key: "x" } } }),
        "the build argument api_key looks like a secret",
      ],
      "a password for all to see": [
        (w) => set(w.image, { registries: [{ address: "registry.example", username: "u", password: "p" }] }),
        "the password for registry.example is not a Pulumi secret",
      ],
    },
  },
  "image-build-cache": {
    breaks: {
      none: [(w) => set(w.image, { cacheFrom: undefined, cacheTo: undefined }), "cacheFrom is not set", "cacheTo names no shared cache"],
      inline: [(w) => set(w.image, { cacheTo: [{ inline: {} }] }), "cacheTo names no shared cache"],
      "not as ECR wants it": [(w) => delete cache(w).imageManifest, "ECR refuses a cache without imageManifest"],
      "the last stage only": [(w) => delete cache(w).mode, "the cache's mode is not set (min)"],
    },
    keeps: { "another registry": (w) => set(w.image, { cacheTo: [{ registry: { ref: "ghcr.io/acme/web:cache" } }] }) },
  },
};
