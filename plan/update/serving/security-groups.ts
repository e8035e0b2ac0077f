import type { JsonObject } from "../../../facts/graph";
import { EGRESS_RULE, INGRESS_RULE } from "../../../facts/types";
import { number, objects, text } from "../../graph/query";
import { namedIn } from "../order/physical";
import type { World } from "./world";

/** Whether a group lets a port in from, or out to, one of these groups; without groups: anywhere. An address range is taken to hold them all. */
export function lets(world: World, word: "ingress" | "egress", group: string, others: string[], port: number): boolean {
  const own = world.get(group);
  if (!own) return false;
  const rules = [
    ...world.naming(word === "ingress" ? INGRESS_RULE : EGRESS_RULE, "securityGroupId", group).map(({ inputs }) => inputs),
    ...objects(own.inputs[word]),
  ];
  return rules.some((rule) => covers(rule, port) && (anywhere(rule) || others.some((other) => namedIn(groupsOf(rule)).includes(other))));
}

function covers(rule: JsonObject, port: number): boolean {
  const protocol = text(rule.ipProtocol) ?? text(rule.protocol) ?? "-1";
  const [from, to] = [number(rule.fromPort), number(rule.toPort)];
  return protocol === "-1" || (protocol === "tcp" && from !== undefined && to !== undefined && from <= port && port <= to);
}

const anywhere = (rule: JsonObject) =>
  ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "prefixListId", "prefixListIds"].some((key) => rule[key] !== undefined);

const groupsOf = (rule: JsonObject) => [rule.referencedSecurityGroupId ?? null, rule.securityGroups ?? null];
