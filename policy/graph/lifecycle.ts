import { parseJson } from "./json";
import type { Resource } from "./types";

/** A rule of an ECR lifecycle policy; in another program's JSON anything may be missing. */
interface LifecycleRule {
  rulePriority?: number;
  selection?: {
    tagStatus?: string;
    tagPrefixList?: string[];
    tagPatternList?: string[];
    countType?: string;
    countNumber?: number;
  };
}

/** The rules of a lifecycle policy, given as JSON text or object. */
export function lifecycleRules(policy: Resource<"aws:ecr/lifecyclePolicy:LifecyclePolicy">): LifecycleRule[] {
  const document = parseJson(policy.props.policy) as { rules?: LifecycleRule[] } | null;
  return (Array.isArray(document?.rules) ? document.rules : []).filter((r) => r !== null && typeof r === "object");
}
