import { LIMITS, type Sheet } from "../../../facts/aws-limits";
import { tagComplaint } from "../../../facts/tags";
import { type ByType, entryOf } from "../../../facts/types";
import { stackRule } from "../../engine/define";
import { ofTask, type Remedies } from "../../engine/remedies";
import type { Graph } from "../../graph/graph";
import { regionOf } from "../../graph/region";
import { eachTogether } from "../../graph/together";
import type { AnyResource, TypeName } from "../../graph/types";
import { decide, undecidable } from "../../graph/undecided";
import { eachValue } from "../../graph/values";

const key = { argument: "kmsKeyArn", setting: "kmsKeyArn" };
const KEY: Remedies = { Network: key, Cluster: key, AppImage: key, MirroredImage: key, Service: key, Job: key };
/** What an argument decides, and no constructor can check. The rest keeps to the limits, unless a transform changes it. */
const SETTINGS: ByType<Record<string, Remedies>> = {
  "aws:cloudwatch/logGroup:LogGroup": { kmsKeyId: KEY },
  "aws:ecr/repository:Repository": { "encryptionConfigurations[].kmsKey": KEY },
  "aws:ec2/securityGroup:SecurityGroup": { ingress: { LoadBalancer: "allowedCidrBlocks" } },
  "aws:ecs/taskDefinition:TaskDefinition": { containerDefinitions: ofTask("environment") },
  "aws:iam/role:Role": { "": ofTask("permissions") },
  "aws:lb/listener:Listener": { certificateArn: { LoadBalancer: "certificateArn" } },
  "aws:scheduler/schedule:Schedule": { kmsKeyArn: KEY },
  "aws:sqs/queue:Queue": { kmsMasterKeyId: KEY },
};

export default stackRule({
  name: "plan-aws-limits",
  category: "deploy",
  severity: "high",
  description: "Values are such as AWS takes them: ranges, words, letters, lengths, sizes, and what goes together.",
  reason: "AWS refuses the resource in the middle of the update.",
  fix: `// a value that AWS takes`,
  settings: "transform",
  types: Object.keys(LIMITS) as TypeName[],
  check(resource, graph, report) {
    const { source, takes } = entryOf<Sheet>(LIMITS, resource.type)!;
    const refuse = (place: string, at: string, complaint: string, allowed?: string) =>
      report(`${at && `${at}: `}${complaint.replace(/\.$/, "")}`, `AWS refuses it (${source})`, {
        fix: allowed === undefined ? `correct ${at || "it"}` : `${at}: ${allowed}`,
        settings: entryOf(SETTINGS, resource.type)?.[place] ?? "transform",
      });
    for (const [place, limit] of Object.entries(takes)) {
      eachValue(resource, place, (value, at) => {
        const wrong = limit.complaint(value) ?? (limit.regional ? regionComplaint(String(value), resource, place, graph) : undefined);
        if (wrong) refuse(place, at, wrong, limit.allowed);
      });
    }
    eachTogether(resource, graph, (at, complaint) => refuse(at, at, complaint));
    decide(() => {
      for (const [name, value] of tagsOf(resource)) {
        const wrong = tagComplaint(name, value);
        if (wrong) refuse("tags", `tags.${name}`, wrong);
      }
    });
  },
});

/** What is wrong with the region of an ARN that a resource names; undefined if nothing is. */
function regionComplaint(arn: string, resource: AnyResource, place: string, graph: Graph): string | undefined {
  const [prefix, , service, own] = arn.split(":");
  if (prefix !== "arn" || own === "") return undefined;
  const region = regionOf(resource, graph);
  if (region === undefined) {
    // What the stack makes is where the stack is.
    const [property = ""] = place.split(/[.[$]/);
    return resource.propertyDependencies[property]?.length ? undefined : undecidable("nothing says in which region the stack is");
  }
  return own === region ? undefined : `what ${service} has in ${own} cannot be used in ${region}; give one of ${region}.`;
}

/** Most types have tags by name; an Auto Scaling group has a list. */
function tagsOf({ props }: AnyResource): [name: string, value: string][] {
  const { tags } = props as { tags?: Record<string, string> | { key?: string; value?: string }[] };
  return Array.isArray(tags) ? tags.map((tag) => [tag?.key ?? "", tag?.value ?? ""]) : Object.entries(tags ?? {});
}
