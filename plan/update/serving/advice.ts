// What can be done about a hazard: the next action, or the steps where it takes several updates.
import { COMPONENT_PREFIX } from "../../../facts/types";
import { parseUrn } from "../../../facts/urn";
import type { Hazard } from "./hazard";

const WHEN_REPLACED: Record<string, string> = {
  Vpc: "Nothing in a network moves to another. Make a second stack with the new range beside this one, let the domain point to it, then destroy this one.",
  Subnet: "Nothing in a subnet moves to another. Keep its range and its zone, or make a second stack beside this one.",
  Repository:
    "The images in it go, and with them what could be rolled back to; the image is built and pushed again in the same update. Keep a copy of what you need.",
  LoadBalancer:
    "It gets another DNS name. Who uses your domain is moved with its record; who uses the load balancer's own name must be told. Requests fail until the record has spread: deploy in a quiet hour.",
  Service:
    "The new service starts with its first number of tasks and has nothing to roll back to. Deploy in a quiet hour, or make a service of another name beside it and remove this one later.",
  TargetGroup: "Nothing is in the new group until the next rollout is over. Deploy in a quiet hour.",
  Listener: "The port does not answer in between. Deploy in a quiet hour.",
};

const WHEN_REMOVED: Record<string, string> = {
  Bucket: "Copy what you need from it first.",
  Eip: "Who allows this address must allow another one.",
  LogGroup: "Export what you need of its logs first.",
  Repository: "Keep a copy of the images that you need, also to roll back to.",
  Service:
    "Its tasks stop. If only its name is another one, say what it was: `formerName` in a stack file, `aliases` in a program; the service then goes on.",
};

const BY_KIND: Record<Exclude<Hazard["kind"], "replaced" | "removed" | "refused">, string> = {
  traffic:
    "Requests fail meanwhile. Deploy in a quiet hour, or in two updates: what is new first, what is old when the new revision serves.",
  needs:
    "A task that stops meanwhile is not replaced. Deploy in two updates: take away what the old revision needs when the new one serves.",
  idle: "The other tasks take over. Deploy when they can, or start more of them first.",
  start: "Let the service depend on it (`dependsOn`).",
  unfollowed: "Follow it with `berth wait`: the update ends before the deployment does.",
  kept: "Say that it is off (`enable: false`, or `enabled: false`) in place of leaving it out.",
  count: "Ignore the change of desiredCount (`ignoreChanges`), or deploy in a quiet hour.",
};

/** The next action, in a sentence or two. */
export function adviceFor({ kind, urn, text }: Hazard): string {
  const { type, qualifiedType } = parseUrn(urn);
  const name = type.split(":").pop() ?? "";
  if (kind === "replaced")
    return WHEN_REPLACED[name] ?? WHEN_REMOVED[name] ?? "Keep the property as it is, or make another resource beside it and move over.";
  if (kind === "removed") return WHEN_REMOVED[name] ?? "Keep a copy of what you need from it first.";
  if (text.startsWith("its callers know it as")) return "Calls fail meanwhile. Keep the name, or deploy in a quiet hour.";
  if (kind !== "refused") return BY_KIND[kind];
  if (text.startsWith("it is protected"))
    return qualifiedType.includes(COMPONENT_PREFIX) ? UNPROTECT : "Take `protect` off and deploy; then make this change.";
  if (text.startsWith("its name "))
    return "Make a service of another name beside it, let the callers call that one, and remove this one later.";
  return "Make the change in two updates: the new one beside the old one first, without what both want.";
}

const UNPROTECT =
  "In three updates: set `deletionProtection: false` and deploy; make this change and deploy; set `deletionProtection: true` again and deploy.";
