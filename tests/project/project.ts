import { readdirSync } from "node:fs";
import { REPOSITORY } from "../helpers/places";

/** The stacks of this project: every one that has a stack file. */
export const stacks = readdirSync(REPOSITORY)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
  .sort();
