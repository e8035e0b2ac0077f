// Physical names, where AWS's own rules leave no choice but to write one. No Pulumi here.
import { createHash } from "node:crypto";

/** The parts joined by "-"; shortened with a hash of the whole where that is longer than `max`, so that two long names stay two. */
export function physicalName(parts: string[], max: number): string {
  const whole = parts.join("-");
  if (whole.length <= max) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  return `${whole.slice(0, max - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

/** What AWS takes as a name, for the resources where a component's own name can be wrong: Pulumi makes small letters of it where AWS wants them. */
const NAMES: Record<string, { longest: number; letters: RegExp; words: string }> = {
  "aws:lb/loadBalancer:LoadBalancer": { longest: 32, letters: /^[A-Za-z0-9-]+$/, words: "letters, digits and hyphens" },
  "aws:lb/targetGroup:TargetGroup": { longest: 32, letters: /^[A-Za-z0-9-]+$/, words: "letters, digits and hyphens" },
  "aws:iam/role:Role": { longest: 64, letters: /^[\w+=,.@-]+$/, words: "letters, digits and _+=,.@-" },
  "aws:s3/bucket:Bucket": { longest: 63, letters: /^[A-Za-z0-9.-]+$/, words: "letters, digits, dots and hyphens" },
  "aws:scheduler/schedule:Schedule": { longest: 64, letters: /^[\w.-]+$/, words: "letters, digits and _.-" },
};

/** What is wrong with a name for a resource of that type, to which Pulumi adds eight characters (`-1a2b3c4`); undefined if nothing is. */
export function nameComplaint(type: string | undefined, name: string): string | undefined {
  const rule = NAMES[type ?? ""];
  if (!rule) return undefined;
  const kind = type!.split(":").pop()!;
  const room = rule.longest - 8;
  if (name.length > room) return `${JSON.stringify(name)} has ${name.length} characters; the name of a ${kind} has room for ${room}.`;
  return rule.letters.test(name) ? undefined : `${JSON.stringify(name)} is no name of a ${kind}; allowed are ${rule.words}.`;
}
