// The arguments of `docker build` for an image as the plan has it: what Pulumi's provider would send to the builder. Pure.
import { join, resolve } from "node:path";
import { UserError } from "../../facts/errors";
import type { PlannedImage } from "./planned";

export interface Build extends PlannedImage {
  tag: string;
  /** Wins over the planned build arguments. */
  overrides?: Record<string, string>;
  noCache?: boolean;
}

// Where the image goes, what it is called and when it is built, not what it is made of.
const DESTINATION = ["push", "tags", "registries", "cacheFrom", "cacheTo", "buildOnPreview", "ignoreSecretsInDiffCalculation"];

/** The arguments after `docker`, with paths from `root`. An input that has no translation is an error: an image built without it proves nothing. */
export function dockerBuildArguments({ tag, overrides, noCache, ...image }: Build, root: string): string[] {
  const { context, dockerfile, platforms, buildArgs, target, network, ...others } = image;
  const unknown = Object.keys(others).filter((input) => !DESTINATION.includes(input));
  if (unknown.length > 0) throw new UserError(`docker build has no translation for the image's ${unknown.join(", ")}.`);
  const folder = resolve(root, context.location);
  return [
    ...["build", "--quiet", "--tag", tag, "--file", dockerfile ? resolve(root, dockerfile.location) : join(folder, "Dockerfile")],
    ...Object.entries({ ...buildArgs, ...overrides }).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    // One of them is enough to try it, and Docker's own store holds no more.
    ...(platforms?.length ? ["--platform", platforms[0]!] : []),
    ...(target ? ["--target", target] : []),
    ...(network ? ["--network", network] : []),
    ...(noCache ? ["--no-cache"] : []),
    folder,
  ];
}
