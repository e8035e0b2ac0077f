// The sample app's image, as the dev stack plans it.
import { join } from "node:path";
import { TEMPLATE } from "../helpers/places";
import { baseImage } from "./base";
import { build } from "./build";
import { type PlannedService, plannedService } from "./planned";

export const app = join(TEMPLATE, "app");

export interface Sample {
  image: string;
  base: { image: string; description: string };
  planned: PlannedService;
  /** Builds it once more, from a copy of its sources. */
  rebuild(tag: string, folder: string): Promise<string>;
}

let sample: Promise<Sample> | undefined;

/** Builds it once for all that ask. */
export function buildSample(): Promise<Sample> {
  sample ??= firstBuild();
  return sample;
}

async function firstBuild(): Promise<Sample> {
  const planned = await plannedService("dev");
  const base = await baseImage(join(app, "Dockerfile"), { programs: [process.execPath] });
  const from = (folder: string) => ({ ...planned.image, context: { location: folder }, overrides: { BASE_IMAGE: base.image } });
  return {
    image: await build({ ...from(app), tag: "berth-test/app" }),
    base,
    planned,
    rebuild: (tag, folder) => build({ ...from(folder), tag, noCache: true }),
  };
}
