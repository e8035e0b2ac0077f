import type * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../facts/instances";
import type { ComponentArgs } from "../base/arguments";
import type { HasOrigin } from "../base/origin";
import { MirroredImage } from "./mirrored-image";

/**
 * Public images that run beside apps (a log router, a collector), each mirrored into ECR once for all tasks of its owner, a cluster: tasks without internet
 * pull them, their digests are pinned, and they are scanned. The first task that needs one makes it.
 */
export class Mirrors {
  private readonly made = new Map<string, MirroredImage>();

  constructor(
    private readonly owner: pulumi.ComponentResource,
    private readonly label: string,
    private readonly common: ComponentArgs & HasOrigin,
  ) {}

  /** The image of that name; a second architecture has a repository of its own. */
  get(name: string, source: string, architecture: Architecture): MirroredImage {
    const known = [...this.made].filter(([key]) => key.startsWith(`${name}/`));
    const found = this.made.get(`${name}/${architecture}`);
    if (found) return found;
    const own = [this.label, name, ...(known.length > 0 ? [architecture] : [])].join("-");
    // Nothing in it is the user's: the public registry has it too, and what no task needs any more goes with the update.
    const args = { source, architecture, forceDelete: true, ...this.common };
    const made = new MirroredImage(own, args, { parent: this.owner });
    this.made.set(`${name}/${architecture}`, made);
    return made;
  }
}
