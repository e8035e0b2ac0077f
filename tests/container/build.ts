// Builds an image as AppImage tells the docker-build provider to: the same context, arguments, target and platform.
import { join, resolve } from "node:path";
import { TEMPLATE } from "../helpers/places";
import { docker } from "./docker";
import type { PlannedImage } from "./planned";

export interface Build extends PlannedImage {
  tag: string;
  /** Wins over the planned build arguments. */
  overrides?: Record<string, string>;
  noCache?: boolean;
}

export async function build(options: Build): Promise<string> {
  await docker(...dockerBuildArguments(options));
  return options.tag;
}

// Where the image goes and what it is called, not what it is made of.
const DESTINATION = ["push", "tags", "registries", "cacheFrom", "cacheTo", "buildOnPreview"];

/** The arguments after `docker`. An input that has no translation is an error: an image built without it proves nothing. */
export function dockerBuildArguments({ tag, overrides, noCache, ...image }: Build): string[] {
  const { context, dockerfile, platforms, buildArgs, target, network, ...others } = image;
  const unknown = Object.keys(others).filter((input) => !DESTINATION.includes(input));
  if (unknown.length > 0) throw new Error(`docker build has no translation for the image's ${unknown.join(", ")}; add one to build.ts.`);
  const folder = resolve(TEMPLATE, context.location);
  return [
    ...["build", "--quiet", "--tag", tag, "--file", dockerfile ? resolve(TEMPLATE, dockerfile.location) : join(folder, "Dockerfile")],
    ...Object.entries({ ...buildArgs, ...overrides }).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...(platforms?.length ? ["--platform", platforms.join(",")] : []),
    ...(target ? ["--target", target] : []),
    ...(network ? ["--network", network] : []),
    ...(noCache ? ["--no-cache"] : []),
    folder,
  ];
}
