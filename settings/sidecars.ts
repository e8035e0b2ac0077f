// What a stack file says of the containers beside an app: the arguments of a sidecar, and how its image comes to the task.
import { ORIGIN, type Origin } from "../components/base/origin";
import { type ArgumentsOf, flag, type Givens, group, map, optional, type Rule, text } from "../components/base/schema";
import { type ContainerImage, idleCredentials, notInCache, registryCredentials } from "../components/image/image";
import { containerNameComplaint, oneValue, type SidecarArgs, sidecar } from "../components/task/container-arguments";
import { imageComplaint } from "../facts/images";
import type { GivenImage } from "./image";
import { aliases } from "./places";

/** A sidecar in a stack file. */
export interface SidecarSettings extends Omit<SidecarArgs, "image"> {
  /** The image, with its digest or a tag that is never pushed twice. */
  image: string;
  /**
   * Whether the deploy copies the image into a repository of the stack's own, from which tasks pull it by its digest: for a public image in a network without
   * internet, or in a registry that limits pulls. Needs Docker where `pulumi up` runs. Defaults to false. Cost: 0.10 USD per GB and month.
   */
  mirror?: boolean;
  /** Whether the image is behind a pull-through cache rule of ECR, which fetches it when it is first pulled. Defaults to false. */
  pullThroughCache?: boolean;
  /** ARN of the secret in Secrets Manager that ECS logs in with to the image's private registry (`repositoryCredentials`). Defaults to none. */
  registryCredentials?: string;
}

const ofSource = {
  mirror: optional(flag(), false),
  pullThroughCache: optional(flag(), false),
  registryCredentials: optional(registryCredentials()),
};
const sidecarSettings = {
  ...sidecar,
  image: text(imageComplaint, "public.ecr.aws/nginx/nginx:1.29-alpine"),
  ...ofSource,
} satisfies ArgumentsOf<SidecarSettings>;
export type Sidecars = Record<string, Givens<typeof sidecarSettings>>;

const COPIED = "the deploy copies the image already (mirror: true); leave out one of them.";
const sourceRules: Rule<Pick<typeof sidecarSettings, "image" | keyof typeof ofSource>>[] = [
  {
    about: ["image", "mirror", "pullThroughCache"],
    at: "pullThroughCache",
    complain: ({ image, mirror, pullThroughCache }) => (pullThroughCache ? (mirror ? COPIED : notInCache(image)) : undefined),
  },
  {
    about: ["image", "mirror", "registryCredentials"],
    at: "registryCredentials",
    complain: ({ image, mirror, registryCredentials: login }) =>
      login === undefined ? undefined : mirror ? COPIED : idleCredentials(image),
  },
];

/** The containers beside an app. */
export const sidecars = optional(map(group(sidecarSettings, oneValue, ...sourceRules), { name: containerNameComplaint }), {});

/** What the stack makes of a sidecar's image is called by both names; no service is called so. */
const nameOf = (owner: string, key: string) => `${owner}.${key}`;

/** Who has sidecars: a service or a task, with the names that it had before. */
export interface Owner {
  name: string;
  formerNames: string[];
  place: Origin;
  sidecars?: Sidecars;
}

/** An image of which more is said than where it is; undefined for any other. */
function external({ image: imageUri, pullThroughCache, registryCredentials: login }: Sidecars[string]): GivenImage | undefined {
  if (!pullThroughCache && login === undefined) return undefined;
  return { imageUri, ...(pullThroughCache && { pullThroughCache }), ...(login !== undefined && { registryCredentials: login }) };
}

/** The images of sidecars that the stack makes something of: copies, and images of which more is said than where they are. */
export function imagesBeside(owners: Owner[]) {
  const all = owners.flatMap(({ name, formerNames, place, sidecars = {} }) =>
    Object.entries(sidecars).map(([key, its]) => ({
      its,
      called: {
        name: nameOf(name, key),
        renamed: aliases(formerNames.map((former) => nameOf(former, key))),
        [ORIGIN]: { ...place, at: () => place.at(["sidecars", key, "image"]) },
      },
    })),
  );
  return {
    mirrors: all.flatMap(({ its, called }) => (its.mirror ? [{ ...called, source: its.image }] : [])),
    external: all.flatMap(({ its, called }) => {
      const image = external(its);
      return image ? [{ ...called, ...image }] : [];
    }),
  };
}

/** An owner's sidecars as components take them, each with the image that the stack has made of it, or that it names. */
export const withImages = (owner: string, all: Sidecars = {}, made: ReadonlyMap<string, ContainerImage>): Record<string, SidecarArgs> =>
  Object.fromEntries(
    Object.entries(all).map(([key, { image, mirror: _, pullThroughCache: __, registryCredentials: ___, ...its }]) => [
      key,
      { ...its, image: made.get(nameOf(owner, key)) ?? image },
    ]),
  );
