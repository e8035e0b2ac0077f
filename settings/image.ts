import * as v from "valibot";
import { credentialComplaint } from "../facts/credentials";
import { flag, group, integer, map, scalar, text, together } from "./checks";
import { firstOf, o, variable } from "./values";

export const image = v.pipe(
  group({
    context: o(text()),
    dockerfile: o(text()),
    target: o(text()),
    buildArgs: o(map(scalar(), variable)),
    secrets: o(map(text())),
    cache: o(flag()),
    keep: o(integer(10, 1000, " images")),
    forceDelete: o(flag()),
    imageUri: o(text()),
  }),
  together(["context", "imageUri"], "imageUri", ({ context, imageUri }) =>
    context !== undefined && imageUri !== undefined
      ? "context and imageUri are both given; an image is either built here or taken as it is."
      : undefined,
  ),
  together(["buildArgs"], "buildArgs", ({ buildArgs = {} }) =>
    firstOf(buildArgs, (name, value) => {
      const complaint = credentialComplaint(name, value);
      return (
        complaint &&
        `build arguments stay in the image's history, and ${name} must not: ${complaint}. Pass it by image.secrets and read it with RUN --mount=type=secret,id=${name}.`
      );
    }),
  ),
);
