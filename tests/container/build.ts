// Builds an image as AppImage tells the docker-build provider to: the same context, arguments, target and platform.
import { type Build, dockerBuildArguments } from "../../ops/container/build";
import { TEMPLATE } from "../helpers/places";
import { docker } from "./docker";

export async function build(options: Build): Promise<string> {
  await docker(...dockerBuildArguments(options, TEMPLATE));
  return options.tag;
}
