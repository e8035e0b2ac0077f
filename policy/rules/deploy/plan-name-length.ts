import { ADDED, NAMES } from "../../../facts/names";
import { shortType } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import type { TypeName } from "../../graph/types";

export default resourceRule({
  name: "plan-name-length",
  category: "deploy",
  severity: "high",
  description: "Names that Pulumi makes are no longer than AWS allows.",
  reason: "AWS refuses the resource in the middle of the update. Pulumi adds eight characters to the names that it makes.",
  fix: `name: "short"`,
  settings: "transform",
  types: Object.keys(NAMES) as TypeName[],
  check(resource, report) {
    const limit = NAMES[resource.type];
    // What a program writes itself is looked at with all its other values (plan-aws-limits).
    if (!limit || given(resource, limit.key) || given(resource, `${limit.key}Prefix`)) return;
    const [whole, most] = [resource.name.length + ADDED, limit.most - ADDED];
    if (whole > limit.most)
      report(
        `the name "${resource.name}" with the ${ADDED} characters that Pulumi adds has ${whole} characters, and AWS takes ${limit.most} for ${shortType(resource.type)}`,
        `use at most ${most}`,
        { fix: `a name of at most ${most} characters` },
      );
  },
});
