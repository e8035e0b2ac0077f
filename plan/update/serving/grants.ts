import type { Json } from "../../../facts/graph";
import { POLICY_ATTACHMENT, ROLE_POLICY } from "../../../facts/types";
import { objects, text } from "../../graph/query";
import { namedIn } from "../order/physical";
import type { World } from "./world";

/** What a role may do: each action on each resource, and AWS's own policies by their ARN. A shell in a task serves nobody; whoever switches it off means it. */
export function grantsOf(world: World, role: string): Set<string> {
  const attached = world.naming(POLICY_ATTACHMENT, "role", role).flatMap(({ inputs }) => {
    const own = namedIn(inputs.policyArn).flatMap((id) => world.get(id) ?? []);
    return own.length > 0 ? own.map((policy) => policy.inputs.policy) : [`policy ${text(inputs.policyArn) ?? ""}`];
  });
  const inline = world.naming(ROLE_POLICY, "role", role).map(({ inputs }) => inputs.policy);
  return new Set([...inline, ...attached].flatMap((policy) => read(policy)));
}

/** The grants that are gone: no remaining one says the same or more. */
export function lostGrants(before: Set<string>, now: Set<string>): string[] {
  const patterns = [...now].map((grant) => grant.split(" ").map(pattern));
  return [...before].filter((grant) => {
    if (now.has(grant)) return false;
    const [action = "", resource = ""] = grant.split(" ");
    return !patterns.some(([a, r]) => a?.test(action) && r?.test(resource));
  });
}

const pattern = (text: string) =>
  new RegExp(
    `^${text
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );

function read(policy: Json | undefined): string[] {
  if (typeof policy !== "string") return [];
  if (policy.includes("ssmmessages:")) return [];
  if (!policy.startsWith("{")) return [policy];
  try {
    return objects((JSON.parse(policy) as { Statement?: Json }).Statement).flatMap((statement) =>
      statement.Effect === "Allow"
        ? listed(statement.Action).flatMap((action) => listed(statement.Resource ?? "*").map((resource) => `${action} ${resource}`))
        : [],
    );
  } catch {
    return [];
  }
}

const listed = (value: Json | undefined): string[] => [value ?? null].flat().flatMap((item) => (typeof item === "string" ? [item] : []));
