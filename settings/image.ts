// What a stack file says of images: the stack's own, and those of single services, which are laid over it.
import { type ArgumentsOf, type Givens, group, pick, plain } from "../components/base/schema";
import {
  type AppImageArgs,
  appImage,
  imageRules,
  oneSource,
  promoted,
  repositoryOfAnother,
  sharedElsewhere,
} from "../components/image/image";
import { OF_THE_STACK } from "./service";

const ofImage = plain(appImage, OF_THE_STACK);

/** An image in a stack file. */
export interface ImageSettings extends Omit<Pick<AppImageArgs, keyof typeof ofImage>, "context"> {
  /** Folder to build (`context.location`). Defaults to `./app`, unless `imageUri` or `from` is given. */
  context?: string;
}

const imageSettings = { ...ofImage, context: ofImage.context } satisfies ArgumentsOf<ImageSettings>;
export const image = group(imageSettings, ...imageRules);
/** The image of one service: it may say of its source what goes with the stack's. */
export const ownImage = group(imageSettings, oneSource, promoted, sharedElsewhere, repositoryOfAnother);

export type GivenImage = Givens<typeof imageSettings>;

/** Where an image is from. What one source needs, another has no use for. */
const { context, dockerfile, target, from, imageUri, pullThroughCache, registryCredentials, ...others } = imageSettings;
const { repositoryUrl: _, architectures: __, sharedWith: ___, ...ofAny } = others;
const { keep, forceDelete, sharedWith } = imageSettings;
const ofACopy = { keep, forceDelete, sharedWith };
const ofSource = { context, dockerfile, target, from, imageUri, pullThroughCache, registryCredentials };

/** Whether an image comes from elsewhere than the stack's. */
export const hasOwnSource = ({ context, from, imageUri }: GivenImage) => (context ?? from ?? imageUri) !== undefined;

/** What the stack's image says of its source. */
export const sourceOf = (stack: GivenImage) => Object.keys(pick(stack, ofSource));

/** What a service's own image leaves of the stack's. */
const inherited = (own: GivenImage) => {
  if (own.imageUri !== undefined) return ofAny;
  if (own.from !== undefined) return ofACopy;
  return own.context !== undefined ? others : imageSettings;
};

/** The image of a service: what it says itself over what the stack's image says, of whose source nothing is left where it has another. */
export const laidOver = (own: GivenImage, stack: GivenImage): GivenImage => ({
  ...pick(stack, inherited(own)),
  ...own,
});
