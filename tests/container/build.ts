// Builds an image as AppImage tells the docker-build provider to: the same context, arguments, target and platform.
import { join, resolve } from "node:path";
import { docker } from "./docker";
import { type PlannedImage, root } from "./planned";

export interface Build extends PlannedImage {
  tag: string;
  /** Wins over the planned build arguments. */
  overrides?: Record<string, string>;
  noCache?: boolean;
}

export async function build({ context, dockerfile, platforms, buildArgs, target, tag, overrides, noCache }: Build): Promise<string> {
  const folder = resolve(root, context.location);
  const named = Object.entries({ ...buildArgs, ...overrides }).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await docker(
    ...["build", "--quiet", "--tag", tag, "--file", dockerfile ? resolve(root, dockerfile.location) : join(folder, "Dockerfile")],
    ...named,
    ...(platforms?.length ? ["--platform", platforms.join(",")] : []),
    ...(target ? ["--target", target] : []),
    ...(noCache ? ["--no-cache"] : []),
    folder,
  );
  return tag;
}
